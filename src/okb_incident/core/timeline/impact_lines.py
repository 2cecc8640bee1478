"""Impact lines: what each says of a service, and since when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.timeline.entry import nearest
from okb_incident.core.values.moment import read_moment
from okb_incident.core.values.properties import link_target

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.record import Record

VERB = re.compile(r" (?:is|are|was|were)$", re.IGNORECASE)
LONGEST_SERVICE = 100
"""Characters in the name of a service that a command takes."""

TIME_ALONE = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")


class ImpactLine(NamedTuple):
    """What one line of the timeline says of a service.

    Attributes:
        service: Its name.
        level: One of `LEVELS`; empty for a service that works again.
        start: When the period began, or when the service worked again.
        end: When the period ended; None where the line does not say.
        fields: The fields of the line.
        entered: When the line was entered.
    """

    service: str
    level: str
    start: datetime
    end: datetime | None
    fields: Mapping[str, str]
    entered: datetime


def service_key(name: str) -> str:
    """Return what two spellings of the name of one service have in common."""
    return " ".join(service_name(name).split()).lower()


def service_name(text: str) -> str:
    """Return the name of a service out of a link, or of words such as ``checkout is``."""
    return link_target(VERB.sub("", text.strip()))


def impact_lines(record: Record) -> list[ImpactLine]:
    """Return what the impact lines say, in the order in which they were entered; those that cannot be used are left out."""
    read = (read_line(entry, record.zone) for entry in record.of_kind("impact"))
    return sorted((line for line in read if isinstance(line, ImpactLine)), key=lambda line: line.entered)


def read_line(entry: TimelineEntry, zone: tzinfo) -> ImpactLine | str:
    """Return what an impact line says; a sentence on why it cannot be used, where it cannot."""
    fields = entry.fields or {}
    assert entry.at is not None, "a line without a moment is a note"
    try:
        start = _moment(fields.get("from") or fields.get("at"), zone, entry.at)
        end = _moment(fields["to"], zone, max(start, entry.at)) if "to" in fields else None
    except ValueError as fault:
        return str(fault)
    if end is not None and end < start:
        return "this period ends before it begins"
    level = fields.get("level", "").replace(" ", "-")
    linked, closed, _ = entry.text.partition("]]")
    service = link_target(linked + closed) if closed and linked.startswith("[[") else service_name(fields["service"])
    return ImpactLine(service, level, start, end, fields, entry.recorded or entry.at)


def _moment(text: str | None, zone: tzinfo, about: datetime) -> datetime:
    """Read a moment of a line; a time without a day is the nearest to the line."""
    if text is None:
        return about
    return nearest(text, zone, about) if TIME_ALONE.fullmatch(text) else read_moment(text, zone).at
