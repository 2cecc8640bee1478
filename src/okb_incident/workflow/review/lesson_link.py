"""Links to lessons in the text of a review: in the place of the same words, of an empty item, or at the end of its lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.review.headings import HEADINGS
from okb_incident.core.review.lesson import fold, lessons_linked, link_in, link_to
from okb_incident.core.review.lessons import ITEM, LEARNED
from okb_incident.core.text.links import unlinked
from okb_incident.vault.note.sections import ensure, find, insert_line, replace_line, section_lines

if TYPE_CHECKING:
    from okb_incident.core.timeline.record import Record

EMPTY = ("-", "*", "+")
"""Items of a list in which nothing is written yet."""


def with_link(text: str, name: str, title: str, more: str = "") -> str:
    """Return the text of a review with a link to a lesson; the very same text where it has one.

    Args:
        text: The review.
        name: The name of the lesson's note.
        title: The lesson.
        more: In which other words it was learned.
    """
    section = next((each for each in LEARNED if find(text, each)), LEARNED[-1])
    text, _ = ensure(text, section, HEADINGS)
    lines = section_lines(text, section)
    if any(link and link.name.casefold() == name.casefold() for link in map(link_in, lines)):
        return text
    item = f"- {link_to(name, title)}{f', {more}' if more else ''}"
    for at, line in enumerate(lines):
        words = ITEM.fullmatch(line.rstrip())
        if line.strip() in EMPTY:
            return replace_line(text, section, at, line, item)
        if words and fold(words["text"]) == fold(title):
            return replace_line(text, section, at, line, f"- {link_to(name, unlinked(words['text']))}")
    return insert_line(text, section, len(lines), item)


def with_lessons(text: str, record: Record) -> str:
    """Return the text of a new review with links to the lessons to which its incident links already."""
    for link in lessons_linked(record.section("Related")):
        text = with_link(text, link.name, link.title)
    return text
