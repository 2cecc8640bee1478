"""What a timeline says about the moments of its incident: which were entered, set by hand, or confirmed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from okb_incident.core.incident.doubt import Evidence
from okb_incident.core.timeline.timeline import RECORDED_AFTER
from okb_incident.core.values.moment import read_moment
from okb_incident.core.values.properties import MOMENT_KEYS
from okb_incident.core.values.status import MOMENT_OF, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, tzinfo

    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.values.moment import Moment

CONFIRMED = ", confirmed"
"""What ends the value of a moment in the line of a person who has confirmed it."""

#: As `set`, `--correct` and `--confirm` write a moment into the timeline.
SET = re.compile(
    rf"(?:corrected )?(?P<name>{'|'.join(MOMENT_KEYS)}): (?:.*? → )?(?P<value>[^\s,]+(?: [\d:]+)?)"
    rf"(?P<confirmed>{CONFIRMED})?(?:, .*)?",
    re.DOTALL,
)
#: A moment that was filled in later, at the time of its line.
FILLED_IN = re.compile(rf"(?P<name>{'|'.join(MOMENT_KEYS)})(?:, .*)?", re.DOTALL)


def evidence_of(entries: Iterable[TimelineEntry], zone: tzinfo) -> Evidence:
    """Return what the lines of a timeline say about the moments of its incident."""
    entered: dict[str, tuple[datetime, ...]] = {}
    named: dict[str, tuple[datetime, ...]] = {}
    lines = []
    noted: list[datetime] = []
    for entry in entries:
        for name, at in _entered(entry, zone):
            entered[name] = (*entered.get(name, ()), at)
        for name, at in _named(entry, zone):
            named[name] = (*named.get(name, ()), at)
        if entry.at is not None:
            lines.append(entry.at)
            if entry.kind == "status" and entry.actor and not entry.approximate:
                noted.append(entry.recorded or entry.at + RECORDED_AFTER)
    return Evidence(entered, named, tuple(lines), min(noted, default=None))


def confirmed_moments(entries: Iterable[TimelineEntry], zone: tzinfo) -> tuple[tuple[str, datetime], ...]:
    """Return the moments that a person has confirmed, by property."""
    return tuple(
        (found["name"], moment.at)
        for entry in entries
        if (found := _set(entry)) and found["confirmed"] and (moment := _read(found["value"], zone))
    )


def _entered(entry: TimelineEntry, zone: tzinfo) -> Iterator[tuple[str, datetime]]:
    fields = entry.fields
    if not fields or entry.at is None or "seen" in fields:
        # A change that a person made by hand, seen later, has no moment of its own.
        return
    if entry.kind == "status":
        status = Status.read(fields["after"])
        if status in MOMENT_OF:
            yield from _shifted(MOMENT_OF[status], entry)
    elif entry.kind == "verify" and (fields["subject"], fields["result"]) == ("recovery", "pass"):
        yield from _shifted("verified", entry)
    elif entry.kind == "comms" and "next" in fields:
        yield "next_update", read_moment(fields["next"], zone).at
    elif entry.kind == "reopen":
        yield "first_resolved", read_moment(fields["resolved"], zone).at


def _shifted(name: str, entry: TimelineEntry) -> Iterator[tuple[str, datetime]]:
    """Yield the moment of a line; a bare time may as well have been the day before or after."""
    assert entry.at is not None, "asked before"
    days = (-1, 1, 0) if entry.approximate else (0,)
    yield from ((name, entry.at + timedelta(days)) for days in days)


def _named(entry: TimelineEntry, zone: tzinfo) -> Iterator[tuple[str, datetime]]:
    found = _set(entry)
    if found and (moment := _read(found["value"], zone)):
        yield found["name"], moment.at
    elif entry.kind == "note" and entry.at and (filled := FILLED_IN.fullmatch(entry.text)):
        yield filled["name"], entry.at


def _set(entry: TimelineEntry) -> re.Match[str] | None:
    return SET.fullmatch(entry.text) if entry.kind == "note" and entry.fault is None else None


def _read(text: str, zone: tzinfo) -> Moment | None:
    try:
        return read_moment(text, zone)
    except ValueError:
        return None
