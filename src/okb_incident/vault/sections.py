"""Sections: level-two headings of a note's body, found by their text; a line put in so that every other byte stays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from okb_incident.vault.note import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})[ \t]+(?P<title>.*?)(?:[ \t]+#+)?[ \t]*")
FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})(?P<rest>.*)")
LIST_LINE = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)|\s*(?:`{3}|~{3}|#|>)")
NO_WORD = re.compile(r"[^\w\s-]+")


@dataclass(frozen=True, slots=True)
class Section:
    """A level-two heading and what stands below it, up to the next heading of level one or two.

    Attributes:
        start: Where the heading's line starts, in characters of the note.
        content: Where the content starts.
        end: Where it ends.
        content_line: The line of the note on which the content starts, counted from 1.
    """

    start: int
    content: int
    end: int
    content_line: int


def find(text: str, title: str) -> Section | None:
    """Find a section by its heading, without regard to case, emoji and blanks; the first of two, and none inside a fence."""
    wanted = _plain(title)
    parts = split(text)
    found: tuple[int, int, int] | None = None
    for start, end, line, level, heading in _headings(parts.body):
        if found is not None:
            if level <= 2:
                return Section(
                    parts.body_start + found[0], parts.body_start + found[1], parts.body_start + start, found[2]
                )
        elif level == 2 and _plain(heading) == wanted:
            found = (start, end, parts.body_line + line + 1)
    if found is None:
        return None
    return Section(parts.body_start + found[0], parts.body_start + found[1], len(text), found[2])


def section_lines(text: str, title: str) -> list[str]:
    """Give the lines of a section's content with their ends; none where there is no such section."""
    section = find(text, title)
    return _lines(text[section.content : section.end]) if section else []


def ensure(text: str, title: str, order: Sequence[str]) -> tuple[str, bool]:
    """Put in a section that is missing, before the first one that comes after it in the order, else at the end.

    Returns:
        The note, and whether the section was put in.
    """
    if find(text, title):
        return text, False
    eol = split(text).eol
    for later in order[list(order).index(title) + 1 :]:
        section = find(text, later)
        if section:
            return f"{text[: section.start]}## {title}{eol}{eol}{text[section.start :]}", True
    gap = "" if not text else eol if text.endswith("\n") else eol * 2
    return f"{text}{gap}## {title}{eol}", True


def insert_line(text: str, title: str, index: int, line: str) -> str:
    """Insert a line before the content line of that index, so that every other byte stays.

    At the end of a section it goes before the blank lines that part it from the next heading. A paragraph that follows is
    kept apart by a blank line, else it would be read as the continuation of the new line.

    Args:
        text: The note.
        title: A section that is there.
        index: Which content line, from 0; the number of lines means behind the last one.
        line: Without its end.
    """
    section = find(text, title)
    assert section is not None, f"the section {title} was ensured before"
    eol = split(text).eol
    lines = _lines(text[section.content : section.end])
    while index and index <= len(lines) and not lines[index - 1].strip():
        index -= 1
    place = section.content + sum(map(len, lines[:index]))
    before = text[:place]
    if not before.endswith("\n"):
        before += eol
    after = text[place : section.end].split("\n", 1)[0].rstrip("\r")
    gap = eol if after.strip() and not LIST_LINE.match(after) else ""
    return f"{before}{line}{eol}{gap}{text[place:]}"


def _headings(body: str) -> Iterator[tuple[int, int, int, int, str]]:
    """Give start, end, line index, level and title of every heading outside code fences."""
    fence = ""
    place = 0
    for number, line in enumerate(_lines(body)):
        content = line.rstrip("\r\n")
        opened = FENCE.fullmatch(content)
        if fence:
            if opened and opened["fence"].startswith(fence) and not opened["rest"].strip():
                fence = ""
        elif opened and not (opened["fence"][0] == "`" and "`" in opened["rest"]):
            fence = opened["fence"]
        else:
            heading = HEADING.fullmatch(content)
            if heading:
                yield place, place + len(line), number, len(heading["marks"]), heading["title"]
        place += len(line)


def _lines(text: str) -> list[str]:
    """Cut a text into lines at line feeds only; a form feed or U+2028 in a writer's text ends no line."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _plain(title: str) -> str:
    return " ".join(NO_WORD.sub(" ", title).split()).casefold()
