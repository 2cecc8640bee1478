"""The record of a review, folded away in a callout below its text: parts below level-three headings, found and added to.

::

    > [!info]- Record
    > ### People
    > - alice: commander

Obsidian shows the callout as one closed line. The record has no heading of its own, so a reader of the review is not led into it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

BEGINNING = re.compile(r" {0,3}> ?\[![\w-]+\][-+]?[ \t]*record[ \t]*", re.IGNORECASE)
"""The first line of the record; how the callout looks and whether it is folded is for its writers to change."""
QUOTED = re.compile(r" {0,3}> ?(?P<text>.*)")
HEADING = re.compile(r"###[ \t]+(?P<title>.*?)[ \t#]*")


class RecordPart(NamedTuple):
    """A part of the record.

    Attributes:
        title: The words of its heading.
        heading: The index of its heading among the lines.
        lines: The lines below the heading, without the signs of the callout.
    """

    title: str
    heading: int
    lines: tuple[str, ...]


def record_parts(lines: Sequence[str]) -> list[RecordPart]:
    """Return the parts of the record among the lines of a note or of a section; none where there is no record."""
    quoted = _quoted(lines)
    headings = [at for at, text in quoted.items() if HEADING.fullmatch(text)]
    found = []
    for at, end in pairwise([*headings, max(quoted, default=0) + 1]):
        heading = HEADING.fullmatch(quoted[at])
        assert heading is not None, "only headings are among them"
        found.append(RecordPart(heading["title"], at, tuple(quoted[each] for each in range(at + 1, end))))
    return found


def without_record(lines: Sequence[str]) -> list[str]:
    """Return the lines with empty ones in the place of the record, so that none changes its number."""
    quoted = _quoted(lines)
    return ["" if at in quoted else line for at, line in enumerate(lines)]


def part_lines(text: str, title: str) -> tuple[str, ...] | None:
    """Return the lines of a part of the record of a note; None where the record has no such part."""
    return next((each.lines for each in record_parts(_lines(text)) if _is(each, title)), None)


def with_line(text: str, title: str, line: str) -> str | None:
    """Return a note with one more line in a part of its record, which is put at the end where it is missing.

    None where the note has no record.
    """
    lines, bare = text.split("\n"), _lines(text)
    quoted = _quoted(bare)
    if not quoted:
        return None
    part = next((each for each in record_parts(bare) if _is(each, title)), None)
    if part:
        said = [at for at, each in enumerate(part.lines, part.heading + 1) if each.strip()]
        place, new = max(said, default=part.heading) + 1, [f"> {line}"]
    else:
        place, new = max(quoted) + 1, [">", f"> ### {title}", f"> {line}"]
    returned = "\r" if lines[place - 1].endswith("\r") else ""
    return "\n".join([*lines[:place], *(each + returned for each in new), *lines[place:]])


def _quoted(lines: Sequence[str]) -> dict[int, str]:
    """Return the lines of the record below its first, by their index, without the signs of the callout; the first is empty."""
    begin = next((at for at, line in enumerate(lines) if BEGINNING.fullmatch(line)), None)
    if begin is None:
        return {}
    found = {begin: ""}
    for at in range(begin + 1, len(lines)):
        quoted = QUOTED.fullmatch(lines[at])
        if quoted is None:
            break
        found[at] = quoted["text"]
    return found


def _lines(text: str) -> list[str]:
    return [each.removesuffix("\r") for each in text.split("\n")]


def _is(part: RecordPart, title: str) -> bool:
    return part.title.casefold() == title.casefold()
