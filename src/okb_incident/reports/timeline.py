"""The timeline as a document: a table of Markdown, a Mermaid chart that Obsidian draws, and what of it the public may read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.guidance.wording import Clock, in_public_words
from okb_incident.core.response.service_impact import RECORDED, service_impacts
from okb_incident.core.text.terminal_text import one_line, shorten
from okb_incident.core.timeline.status_durations import status_durations
from okb_incident.core.values.moment import write_moment
from okb_incident.reports.markdown_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, tzinfo

    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.record import Record

LONGEST_LABEL = 60
"""Characters beside a mark in a chart; more would cover the next one."""
LONGEST_TITLE = 120

#: What Mermaid would read as its own in a label, and what a reader sees in its place.
SIGNS = str.maketrans({":": "∶", ";": ",", "#": "♯", "{": "(", "}": ")", "<": "‹", ">": "›", '"': "'", "`": "'"})


def as_table(entries: Sequence[TimelineEntry], zone: tzinfo, zone_name: str, *, public: bool) -> str:
    """Return lines of the timeline as a table of Markdown; for the public without authors, and without its table's name."""
    heads = ("What happened",) if public else ("Kind", "Who", "What")
    lines = [f"| When ({zone_name}) | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    clock = Clock(zone, zone_name)
    for entry in entries:
        when = write_moment(entry.at, zone).replace("T", " ") if entry.at else "unknown"
        who = f"@{plain(entry.actor)}" if entry.actor else ""
        cells = (plain(in_public_words(entry, clock)),) if public else (entry.kind, who, plain(entry.text))
        lines.append(f"| {'~' if entry.approximate else ''}{when} | {' | '.join(cells)} |")
    return "\n".join(lines)


def as_public(entries: Sequence[TimelineEntry], zone: tzinfo, zone_name: str) -> str:
    """Return what is marked as fit for the public: moments with their zone, and the words, without who said them."""
    clock = Clock(zone, zone_name)
    lines = [
        f"{clock.show(entry.at)}  {one_line(in_public_words(entry, clock))}"
        for entry in entries
        if entry.external and entry.at
    ]
    return "\n".join(lines)


def as_mermaid(record: Record, now: datetime, *, public: bool) -> str:
    """Return the timeline as a chart: how long it had each status, which level each service had for how long, and the lines as marks.

    For the public there are only the marks of the lines that are fit for it.
    """
    incident = record.incident
    lines = [
        "```mermaid",
        "gantt",
        f"    title {_label(f'{incident.id} {incident.headline}', LONGEST_TITLE)}",
        "    dateFormat YYYY-MM-DDTHH:mm:ss",
        "    axisFormat %H:%M",
    ]
    for name, drawn in (
        ("Status", () if public else _statuses(record, now)),
        ("Impact", () if public else _impacts(record, now)),
        ("Timeline", _marks(record, public=public)),
    ):
        if found := list(drawn):
            lines += [f"    section {name}", *found]
    return "\n".join([*lines, "```"])


def _statuses(record: Record, now: datetime) -> Iterator[str]:
    """Draw the stays in which somebody worked on it and whose beginning and end are known; the last one lasts till now."""
    found = status_durations(record)
    for stay in found:
        end = stay.end or (now if stay is found[-1] else None)
        if stay.status.is_open and stay.start and end and end > stay.start:
            active = "active, " if stay.end is None else ""
            yield f"    {stay.status} :{active}{_at(stay.start, record.zone)}, {_at(end, record.zone)}"


def _impacts(record: Record, now: datetime) -> Iterator[str]:
    for impact in service_impacts(record):
        for each in impact.periods:
            end = each.end if each.end and each.ended == RECORDED else min(each.end or now, now)
            if end > each.start and each.seconds(now) is not None:
                label = _label(f"{impact.service} {each.level}")
                yield f"    {label} :crit, {_at(each.start, record.zone)}, {_at(end, record.zone)}"


def _marks(record: Record, *, public: bool) -> Iterator[str]:
    clock = Clock(record.zone, str(record.zone))
    for entry in record.entries:
        shown = entry.external if public else entry.kind not in {"status", "impact"}
        if entry.at and shown:
            label = _label(in_public_words(entry, clock) if public else f"{entry.kind} {entry.text}")
            yield f"    {label} :milestone, {_at(entry.at, record.zone)}, 0m"


def _at(at: datetime, zone: tzinfo) -> str:
    return write_moment(at, zone)[:19]


def _label(text: str, longest: int = LONGEST_LABEL) -> str:
    """Make a text a label that Mermaid reads as nothing else."""
    words = re.sub(r"%(?=%)", "% ", one_line(text)).translate(SIGNS)
    return shorten(" ".join(words.split()), longest) or "–"
