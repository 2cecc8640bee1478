"""The lines of some kinds out of a long timeline, without reading all of it: most answers need only a few of its lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.timeline.timeline import read_timeline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from okb_incident.core.timeline.entry import TimelineEntry

LONG = 500
"""From how many lines on it is worth it."""

#: How a line begins that a command wrote; nothing above it changes how it is read.
WRITTEN = re.compile(r"- \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d \*\*([a-z]+)\*\*")
#: What ends the lines that belong to the one above.
NEXT = re.compile(r"[-*+#]")
_NOTE = r"- \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d \*\*note\*\* "
#: Notes that a command wrote, each followed by another one, so that nothing is read differently without them.
NOTES = re.compile(rf"(?m)^(?:{_NOTE}.*\n)+(?={_NOTE})")


def excerpt(
    lines: Sequence[str], zone: tzinfo, declared: datetime | None, kinds: Sequence[str]
) -> list[TimelineEntry] | None:
    """Return the lines of some kinds as reading all lines would, in their order there.

    None where only reading all of them can tell: the timeline is short, a word for one of the kinds is in a line that a person
    typed, or something is fenced.
    """
    if len(lines) < LONG or "note" in kinds:
        return None
    found = []
    for index, line in enumerate(lines):
        if "```" in line or "~~~" in line:
            return None
        lowered = line.lower()
        if not any(kind in lowered for kind in kinds):
            continue
        written = WRITTEN.match(line)
        if written is None:
            return None
        if written[1] in kinds:
            found.append(index)
    return [_read(lines, index, zone, declared) for index in found]


def latest(lines: Sequence[str], zone: tzinfo, declared: datetime | None) -> datetime | None:
    """Return when the latest line happened, as reading all lines would tell.

    None where only that can tell: the timeline is short, or somebody typed a line, or fenced one.
    """
    if len(lines) < LONG:
        return None
    found, newest = -1, ""
    for index, line in enumerate(lines):
        if WRITTEN.match(line):
            # Moments of one zone are in order as text; in the hour that comes twice they end in an offset, which is no such line.
            if line[2:21] > newest:
                found, newest = index, line[2:21]
        elif (line.strip() and not line.startswith("  ")) or "```" in line or "~~~" in line:
            return None
    return _read(lines, found, zone, declared).at if newest else None


def without_notes(text: str) -> str:
    """Return the text of a note without most of the notes that commands wrote into its timeline.

    A run of such notes is cut down to its latest and its last one. Entries of other kinds, lists, and the time of the latest entry read
    as they do in the whole text.
    """

    def latest_of(found: re.Match[str]) -> str:
        return max(found[0].split("\n"), key=lambda line: line[2:21]) + "\n"

    return NOTES.sub(latest_of, text)


def _read(lines: Sequence[str], index: int, zone: tzinfo, declared: datetime | None) -> TimelineEntry:
    end = index + 1
    while end < len(lines) and not NEXT.match(lines[end]):
        end += 1
    entry = read_timeline(lines[index:end], zone, declared)[0]
    return entry._replace(line=entry.line + index)
