"""The timeline: an incident's event log, its lines in the order in which they are and what is asked of them.

Lines are looked at, never changed or moved; what is not a list line is left where it is.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from okb_incident.core.incident.incident import Pause
from okb_incident.core.timeline.entry import BULLET, TimelineEntry, midday, read_entry, write_entry
from okb_incident.core.timeline.payload import NOBODY
from okb_incident.core.timeline.shapes import MARKS, as_list_line, frame, is_boxed, unread
from okb_incident.core.values.moment import read_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

__all__ = [
    "RECORDED_AFTER",
    "TimelineEntry",
    "chronological",
    "engaged",
    "paged",
    "pauses",
    "place",
    "read_timeline",
    "recorded_if_late",
    "unread_lines",
    "write_entry",
]

# Long enough to type a line in the heat of it, short enough that nobody takes it for a line of the moment.
RECORDED_AFTER = timedelta(minutes=5)

HEADING = re.compile(r"#{1,6}(?:\s|$)")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


def read_timeline(lines: Sequence[str], zone: tzinfo, declared: datetime | None) -> tuple[TimelineEntry, ...]:
    """Read the lines of a Timeline section, with or without their ends.

    A bare time has the day that brings it nearest to the line above it whose day is known, else to ``declared``. A line
    whose day was found so is known to the next one: a log that runs over midnight, or for days, stays in order, and a line
    put in by ``place`` changes no reading below it. A heading that begins with a day makes it known, too.
    """
    entries = []
    above = declared
    written = [line.rstrip("\r\n") for line in lines]
    for line, raw in _blocks(written, _listed(written)):
        if not BULLET.match(as_list_line(raw[0])):
            above = midday(raw[0], zone) or above
            continue
        entry = read_entry(line, raw, zone, above)
        entries.append(entry)
        above = entry.at or midday(entry.text, zone) or above
    return tuple(entries)


def unread_lines(lines: Sequence[str], entries: Sequence[TimelineEntry]) -> list[int]:
    """Return which lines of a Timeline section seem to be meant as entries and are none, such as a row without a time of day."""
    rest = [line.rstrip("\r\n") for line in lines]
    for entry in entries:
        for place in range(entry.line, entry.end):
            text = rest[place][len(frame(rest[place])) :]
            # What is indented belongs to the entry; a line that follows it without a blank may be meant as the next one.
            if place == entry.line or text[:1] in {" ", "\t"}:
                rest[place] = ""
    fence = ""
    for index, line in enumerate(rest):
        opening = FENCE.match(line)
        if fence or opening:
            rest[index] = ""
        if fence:
            fence = "" if _closes(fence, line) else fence
        elif opening:
            fence = opening[1]
    return unread(rest)


def _listed(lines: list[str]) -> list[str]:
    """Return the lines with those of callouts and tables as the list lines that they stand for."""
    return [as_list_line(line) if line.lstrip(" ")[:1] in MARKS else line for line in lines]


def _blocks(written: list[str], lines: list[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Find the list lines, each with what belongs to it: what is indented, and what follows without a blank line.

    The latter is part of the list line in Markdown, so nothing may come between. Other lines are given one by one, but for
    what is in a fence.

    Args:
        written: The lines.
        lines: The same as `_listed` gives them.
    """
    start: int | None = None
    end = indent = opened = 0
    gap = False
    fence = ""
    for index, line in enumerate(lines):
        if fence:
            fence = "" if _closes(fence, line) else fence
            end = index + 1
            continue
        if not line or line.isspace():
            gap = True
            continue
        bullet = BULLET.match(line)
        indented = line[0] in " \t"
        if bullet and bullet.end(1) < (4 if start is None else indent + 2):
            if start is not None:
                yield start, tuple(written[start:end])
            start, end, indent, gap = index, index + 1, bullet.end(1), False
            continue
        leaves = start is not None and written[index].startswith(MARKS) != is_boxed(written[start])
        if start is not None and (indented or not (gap or leaves or HEADING.match(line))):
            end, gap = index + 1, False
        else:
            if start is not None:
                yield start, tuple(written[start:end])
            yield index, (written[index],)
            start = None
        opening = FENCE.match(line)
        if opening and not (indented and start is not None):
            fence, opened = opening[1], index
    if start is not None:
        # A fence that nobody closed would take in every line put below it.
        yield start, tuple(written[start : opened if fence else end])


def _closes(fence: str, line: str) -> bool:
    """Return whether a line closes the fence."""
    ticks = line.strip()
    return len(ticks) >= len(fence) and not ticks.strip(fence[0])


def place(entries: Sequence[TimelineEntry], at: datetime) -> int:
    """Return the index, in the lines that were read, before which a new line of this moment goes.

    That is after the last line that is not later, with all that belongs to it and the lines of unknown moment below it;
    else before the first. It is 0 where there are no entries. Between the lines of a callout or a table nothing is put.
    """
    index = entries[0].line if entries and not entries[0].is_boxed else 0
    earlier = in_box = False
    for entry in entries:
        if entry.at is not None:
            earlier = entry.at <= at
        if earlier or (in_box and entry.is_boxed):
            index, in_box = entry.end, entry.is_boxed
        else:
            in_box = False
    return index


def chronological(entries: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """Sort for a view; a line of unknown moment stays below the one it is below."""
    latest = BEFORE_ALL
    keyed = []
    for entry in entries:
        latest = entry.at or latest
        keyed.append((latest, entry))
    return [entry for _, entry in sorted(keyed, key=lambda pair: pair[0])]


def recorded_if_late(at: datetime, now: datetime) -> datetime | None:
    """Return ``now`` where a line tells of a moment so long past that it must say when it was entered."""
    return now if now - at > RECORDED_AFTER else None


def paged(entries: Iterable[TimelineEntry]) -> datetime | None:
    """Return when people were first called: the first escalation, or team notified."""
    return _first(
        entry
        for entry in entries
        if entry.kind == "escalation" or (entry.kind == "team" and _says(entry, "event", "notified"))
    )


def pauses(entries: Iterable[TimelineEntry], zone: tzinfo) -> tuple[Pause, ...]:
    """Return the spans in which the incident counted as resolved and was reopened, in order."""
    found = (
        Pause(read_moment((entry.fields or {})["resolved"], zone).at, entry.at)
        for entry in entries
        if entry.kind == "reopen" and entry.fields is not None and entry.at is not None
    )
    return tuple(sorted(found, key=lambda pause: pause.end))


def engaged(entries: Iterable[TimelineEntry]) -> datetime | None:
    """Return when someone first worked on it: took a role, joined with a team, or finished an action.

    The acknowledgement is a line of kind status and so does not count; a role that was only left does not count either.
    """
    return _first(
        entry
        for entry in entries
        if entry.kind == "action"
        or (entry.kind in {"role", "handoff"} and not _says(entry, "after", NOBODY))
        or (entry.kind == "team" and _says(entry, "event", "joined"))
    )


def _says(entry: TimelineEntry, field: str, value: str) -> bool:
    return entry.fields is not None and entry.fields.get(field) == value


def _first(entries: Iterable[TimelineEntry]) -> datetime | None:
    return min((entry.at for entry in entries if entry.at is not None), default=None)
