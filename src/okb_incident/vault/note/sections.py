"""The sections of a note's body: found by their heading, and written to line by line.

A section is what is below a level-two heading, up to the next heading of that or of the first level. Headings inside code
fences are text, and so is all frontmatter. Nothing but the inserted lines ever changes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import InvalidNoteError, NotFoundError
from okb_incident.vault.note.note import line_end, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
# The lines that could be a heading or a fence; a long note has few, and no other need be looked at.
_SIGN = re.compile(r"\n[ \t]*(?:#|`{3}|~{3})[^\n]*")
_HEADING = re.compile(r" {0,3}(#{1,2})(?:[ \t]+(.*))?\Z")
_IN_BRACKETS = re.compile(r"(?<=\S)[ \t]*\([^()]*\)\W*\Z")
_CLOSING_SIGNS = re.compile(r"(?:\A|[ \t])#+\Z")
_FENCE = re.compile(r" {0,3}(?:(`{3,})[^`]*|(~{3,}).*)\Z")
# What may be right below a list without being drawn into its last item. All other text would be.
STANDS_ALONE = re.compile(r"[ \t]*(?:\Z|[-*+](?:[ \t]|\Z)|[0-9]{1,9}[.)](?:[ \t]|\Z)|`{3}|~{3}|>)|[ \t]+")


class NoteSection(NamedTuple):
    """A section and its place in the note; offsets in characters, lines counted from 1.

    Attributes:
        title: As it is written, with its emoji.
        start: Where the line of its heading starts.
        content: Where the line after its heading starts.
        end: Where the next section or the note's end is.
        line: The line of its heading.
        end_line: The line on which the next section starts, or would.
    """

    title: str
    start: int
    content: int
    end: int
    line: int
    end_line: int

    @property
    def content_line(self) -> int:
        """Return the line after the heading."""
        return self.line + 1


def find(text: str, title: str) -> NoteSection | None:
    """Find the first section of a title, without regard to case and to emoji around it."""
    return next(iter(find_each(text, title)), None)


def find_each(text: str, title: str) -> list[NoteSection]:
    """Return all sections of a title; only the first is read."""
    wanted = _spoken(title)
    return [section for section in level_two(text) if _spoken(section.title) == wanted]


def section_lines(text: str, title: str) -> list[str]:
    """Return the lines of a section without their line ends, blank ones too; none where there is no such section."""
    section = find(text, title)
    return [] if section is None else _lines(text[section.content : section.end])


def ensure(text: str, title: str, order: Sequence[str]) -> tuple[str, bool]:
    """Return the note with a section of a title, and whether it had to be put in.

    A missing one is put below the nearest that comes before it in ``order``, else above the nearest that comes after it,
    else at the end, with a blank line around it.

    Raises:
        InvalidNoteError: It would be inside a code fence that is not closed.
    """
    if find(text, title) is not None:
        return text, False
    place = _place(text, title, order)
    eol = line_end(text)
    before, after = text[:place], text[place:]
    gap = "" if not before or before.endswith("\n") else eol
    if not _ends_blank(before + gap) and place > split(text).body_start:
        gap += eol
    new = f"{before}{gap}## {title}{eol}{eol if after else ''}{after}"
    if find(new, title) is None:
        raise InvalidNoteError(
            f"the section {title!r} cannot be put in, because a code fence above its place is not closed",
            field=title,
            hint="close the fence with a line ``` in Obsidian, then repeat the command",
        )
    return new, True


def insert_line(text: str, title: str, index: int, line: str) -> str:
    """Put a line into a section, above the one that ``index`` counts in ``section_lines``, or below the last.

    Blank lines at the section's end stay at its end. A blank line is added where the new one would otherwise swallow a
    paragraph or touch the next heading.

    Args:
        text: The note.
        title: A section that it has.
        index: From 0 to the number of lines.
        line: Without a line end; further lines, indented, may follow after line feeds.

    Raises:
        NotFoundError: There is no such section.
    """
    section = find(text, title)
    if section is None:
        raise NotFoundError(f"there is no section {title!r}", field=title)
    eol = line_end(text)
    lines = _lines(text[section.content : section.end])
    last = next((at + 1 for at in range(len(lines) - 1, -1, -1) if lines[at].strip()), 0)
    index = min(max(index, 0), last)
    place = _line_start(text, section.content, index)
    below = lines[index] if index < len(lines) else text[section.end : section.end + 1]
    gap = "" if STANDS_ALONE.match(below) else eol
    missing = "" if text[:place].endswith("\n") else eol
    return f"{text[:place]}{missing}{line.replace(chr(10), eol)}{eol}{gap}{text[place:]}"


def replace_line(text: str, title: str, index: int, old: str, new: str) -> str:
    """Put another line in the place of one, whose end stays.

    Args:
        text: The note.
        title: A section that it has.
        index: The line's index in ``section_lines``.
        old: The line as it was read there.
        new: What is there then; further lines may follow after line feeds.

    Raises:
        NotFoundError: There is no such line any more.
    """
    section = find(text, title)
    place = _line_start(text, section.content, index) if section else len(text)
    if section is None or place >= section.end or not text.startswith(old, place):
        raise NotFoundError(f"the section {title!r} no longer holds the line {old!r}", field=title)
    return text[:place] + new.replace("\n", line_end(text)) + text[place + len(old) :]


@lru_cache(maxsize=2)
def level_two(text: str) -> tuple[NoteSection, ...]:
    """Return the level-two sections in their order. A command asks a dozen times of the same text."""
    headings = list(_headings(text))
    end, end_line = len(text), text.count("\n") + 1
    found = []
    for level, title, start, content, line in reversed(headings):
        if level == 2:
            found.append(NoteSection(title, start, content, end, line, end_line))
        end, end_line = start, line
    return tuple(reversed(found))


def title_heading(text: str) -> str | None:
    """Return the words of the level-one heading with which a note begins; None where it begins with none."""
    first = next(_headings(text), None)
    return first[1] if first and first[0] == 1 else None


def retitle(text: str, words: str) -> str:
    """Return a note whose level-one heading has other words; what is around the words stays."""
    first = next(_headings(text), None)
    if first is None or first[0] != 1 or not first[1]:
        return text
    _, old, start, end, _ = first
    head, _, tail = text[start:end].rpartition(old)
    return f"{text[:start]}{head}{words}{tail}{text[end:]}"


def _headings(text: str) -> Iterator[tuple[int, str, int, int, int]]:
    """Return level, title, start, end and line of each heading of the first two levels outside code fences."""
    parts = split(text)
    body = "\n" + parts.body
    fence = ""
    number, at = parts.body_line - 1, 0
    for found in _SIGN.finditer(body):
        number += body.count("\n", at, found.start() + 1)
        at = found.start() + 1
        line = found[0][1:].rstrip("\r")
        if fence:
            if _closes(line, fence):
                fence = ""
        elif opening := _FENCE.match(line):
            fence = opening[1] or opening[2]
        elif heading := _HEADING.match(line):
            title = _CLOSING_SIGNS.sub("", (heading[2] or "").strip()).strip()
            start, end = parts.body_start + found.start(), parts.body_start + found.end()
            yield len(heading[1]), title, start, min(end, len(text)), number


def _closes(line: str, fence: str) -> bool:
    """Return whether a line closes a fence: indented by at most three, of the same sign, at least as long, and alone."""
    mark = line.strip(" \t")
    return len(mark) >= len(fence) and not mark.strip(fence[0]) and len(line) - len(line.lstrip(" ")) <= 3


def _spoken(title: str) -> str:
    """Return the spoken part of a title: from its first letter or digit to its last, without emoji, stars and colons.

    What follows in brackets is left out: ``Timeline (UTC)`` is the timeline.
    """
    title = _IN_BRACKETS.sub("", title) or title
    said = [at for at, char in enumerate(title) if char.isalnum()]
    return " ".join(title[said[0] : said[-1] + 1].casefold().split()) if said else ""


def _place(text: str, title: str, order: Sequence[str]) -> int:
    """Return the place of a missing section."""
    names = [_spoken(each) for each in order]
    present: dict[str, NoteSection] = {}
    for section in level_two(text):
        present.setdefault(_spoken(section.title), section)
    own = names.index(_spoken(title)) if _spoken(title) in names else len(names)
    before = next((present[name] for name in reversed(names[:own]) if name in present), None)
    after = next((present[name] for name in names[own + 1 :] if name in present), None)
    if before:
        return before.end
    return after.start if after else len(text)


def _lines(text: str) -> list[str]:
    return [found[0].rstrip("\r\n") for found in _LINE.finditer(text)]


def _line_start(text: str, place: int, index: int) -> int:
    """Return the start of the line that comes ``index`` lines below a place at the start of one."""
    for _ in range(index):
        place = text.find("\n", place) + 1 or len(text)
    return place


def _ends_blank(text: str) -> bool:
    return text.endswith(("\n\n", "\n\r\n"))
