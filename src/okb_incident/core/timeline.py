"""The timeline: an incident's event log, one fact a line, read as people type it and written in one form.

    - MOMENT **kind** @actor: PAYLOAD[ #external][ (recorded MOMENT)]

``docs/timeline.md`` is the whole grammar in words. Reading takes every list line and never raises: what cannot be read is
a note with a fault. Lines are looked at, never changed; what is no list line is left where it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from okb_incident.core.kinds import KINDS
from okb_incident.core.moment import read_moment, shorten, write_moment
from okb_incident.core.payload import NOBODY, handle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo

RECORDED_AFTER = timedelta(minutes=5)
"""A line entered later than this after what it tells says when it was entered."""

BULLET = re.compile(r"( {0,3})[-*+][ \t]+(?!(?:[-*+][ \t]*)*$)(?:\[.\][ \t]+)?")
HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")

DAY = r"\d{4}-\d{2}-\d{2}"
# Capitals only: `ist`, `est` and `art` are words. A zone has too many meanings to guess, so none but UTC is read.
ZONES = (
    "Z|UTC|GMT|WET|WEST|BST|IST|CET|CEST|EET|EEST|MSK|TRT|SAST|GST|PKT|ICT|WIB|SGT|HKT|PHT|JST|KST|AWST|ACST|ACDT|AEST|AEDT|"
    "NZST|NZDT|AST|ADT|NST|NDT|EST|EDT|ET|CST|CDT|CT|MST|MDT|MT|PST|PDT|PT|AKST|AKDT|HST|BRT|ART|CLT|COT|PET"
)
REGIONS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Etc|Europe|Indian|Pacific"
UNSURE = rf"\s+(?i:[ap]\.?m\b)|\s+\(?(?:(?:{ZONES})\b|(?:{REGIONS})/)|\s+[-–—]\S|\s+\+\d\d(?::?\d\d)?\b"
MARK = r"(?:\*\*|__|`)?"
HEAD = re.compile(
    rf"{MARK}(?P<about>~ ?)?"
    rf"(?:(?P<moment>{DAY}(?:T\d{{1,2}}:?\d{{2}}(?::?\d{{2}}(?:[.,]\d+)?)?| \d{{1,2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?)"
    r"(?:[Zz]|[+-]\d{2}(?::?\d{2})?| (?:Z|UTC|utc)\b| [+-]\d{2}:\d{2}\b)?)"
    r"|(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?P<utc>[Zz]| ?(?:UTC|utc)\b| Z\b)?)"
    rf"(?!{MARK}(?:{UNSURE})):?{MARK}(?:[ \t]*[-–—:,.])?(?:\s+|$)",
)
WHO = re.compile(
    r"(?:\*\*(?P<bold>\w+)\*\*|(?P<plain>\w+)|(?=@))(?:\s*(?<!\S)@(?P<actor>[^\s:]+))?\s*:(?:\s+|$)"
    r"|\*\*(?P<closed>\w+):\*\*(?:\s+|$)",
)
DATED = re.compile(rf"{MARK}~? ?({DAY})(?!\d)")
TIMED = re.compile(rf"{MARK}~? ?(?:{DAY}[T ])?\d{{1,2}}:\d{{2}}")
TRAILER = re.compile(r"(?:^|\s)(\\*)(?:(#external)|\(recorded (\d[^()]*)\)|(\^[A-Za-z0-9-]+))$")
NOT_ON_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline, and what stands below it and belongs to it.

    Attributes:
        line: Its index within the lines that were given.
        raw: The line and those that belong to it, without their ends.
        at: When it happened, in UTC; None where the line does not say, or not surely.
        approximate: Only a time of day was typed, or a `~` before it; shown with `~`.
        kind: A name in ``KINDS``; ``note`` where none is named or the line does not fit it.
        actor: The handle of who did it, without its `@`.
        text: The payload without trailers; of a line that does not fit its kind, with the kind's word in front.
        external: Marked as fit for the public timeline.
        recorded: When the line was entered, where it says so.
        fields: The named parts of the payload; None where there is a fault.
        fault: One sentence on why the line counts for less than it was meant to.
    """

    line: int
    raw: tuple[str, ...]
    at: datetime | None
    approximate: bool
    kind: str
    actor: str | None
    text: str
    external: bool
    recorded: datetime | None
    fields: Mapping[str, str] | None
    fault: str | None

    @property
    def end(self) -> int:
        """The index of the first line that no longer belongs to it."""
        return self.line + len(self.raw)


def read_timeline(lines: Sequence[str], zone: tzinfo, declared: datetime | None) -> tuple[Entry, ...]:
    """Read the lines of a Timeline section.

    A bare time has the day that brings it nearest to the line above it whose day is known, else to ``declared``.
    """
    entries = []
    above = declared
    for line, raw in _blocks(lines):
        entry, above = _read_entry(line, raw, zone, above)
        entries.append(entry)
    return tuple(entries)


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Find the list lines, each with what belongs to it: indented lines, and text that follows without a blank line.

    In Markdown such text is part of the list line, so a new line must not come between them.
    """
    texts = [line.rstrip("\r\n") for line in lines]
    start = end = indent = 0
    inside = gap = False
    fence = ""
    for place, text in enumerate(texts):
        if fence:
            stripped = text.strip()
            if len(stripped) >= len(fence) and not stripped.strip(fence[0]):
                fence = ""
            end = place + 1 if inside else end
            continue
        if not text or text.isspace():
            gap = True
            continue
        bullet = BULLET.match(text)
        if bullet and bullet.end(1) < (indent + 2 if inside else 4):
            if inside:
                yield start, tuple(texts[start:end])
            start, end, indent = place, place + 1, bullet.end(1)
            inside, gap = True, False
        elif inside and (text[0] in " \t" or not (gap or HEADING.match(text))):
            end, gap = place + 1, False
            fence = _fence(text) if text[0] not in " \t" else ""
        else:
            if inside:
                yield start, tuple(texts[start:end])
            inside = False
            fence = _fence(text)
    if inside:
        yield start, tuple(texts[start:end])


def _fence(text: str) -> str:
    """Give the fence that a line opens."""
    found = FENCE.match(text)
    return found[1] if found else ""


def _read_entry(line: int, raw: tuple[str, ...], zone: tzinfo, above: datetime | None) -> tuple[Entry, datetime | None]:
    """Read one list line; give with it the moment to which a bare time below it is near."""
    bullet = BULLET.match(raw[0])
    assert bullet
    text, external, recorded = _cut_trailers(raw[0][bullet.end() :].strip(), zone)
    head = HEAD.match(text)
    try:
        at = _instant(head, text, zone, above)
    except ValueError as error:
        fault = f"{error}; the line counts as a note of unknown moment"
        entry = Entry(line, raw, None, False, "note", None, text, external, recorded, None, fault)
        return entry, _noon(text, zone) or above
    assert head
    text, approximate = text[head.end() :], head["clock"] is not None or head["about"] is not None
    who = WHO.match(text)
    word = (who["bold"] or who["plain"] or who["closed"] or "note").lower() if who else "note"
    actor = who["actor"] if who else None
    kind = KINDS.get(word)
    fields: dict[str, str] | None = None
    fault = None
    if who and (kind or (who["bold"] and actor)):
        text = text[who.end() :]
    else:
        kind, actor = KINDS["note"], None
    try:
        if kind is None:
            raise ValueError(f"{shorten(word)!r} is no kind of line; docs/timeline.md lists them")
        fields = kind.read(text, zone)
    except ValueError as error:
        fault = f"{error}; the line counts as a note"
        text, word = f"{word}: {text}", "note"
    name = kind.name if kind and fields is not None else "note"
    return Entry(line, raw, at, approximate, name, actor, text, external, recorded, fields, fault), at
