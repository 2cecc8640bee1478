"""How often each lesson was learned: notes of lessons, and lines of reviews in the same words or with a link to the note."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.review.lesson import fold, link_in
from okb_incident.core.text.links import unlinked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from okb_incident.core.review.lesson import LessonNote
    from okb_incident.core.values.identity import IncidentId


class LearnedLesson(NamedTuple):
    """A lesson, and where it was learned.

    Attributes:
        text: The lesson.
        incidents: The incidents that taught it, the newest first.
        note: Its note; None of one that is only a line of reviews.
        last: The day on which it was learned last, as its note says; None where nothing says so.
        is_acted_on: A follow-up of one of the incidents is done.
    """

    text: str
    incidents: tuple[str, ...]
    note: LessonNote | None = None
    last: str | None = None
    is_acted_on: bool = False


class _Lesson:
    """A lesson while it is counted."""

    def __init__(self, text: str, note: LessonNote | None = None) -> None:
        self.text = text
        self.note = note
        self.days: list[str] = []
        self.incidents: list[str] = []

    def counted(self, ids: Mapping[str, IncidentId], done: Collection[str]) -> LearnedLesson:
        newest_first = sorted({*self.incidents}, key=lambda each: (each in ids, ids.get(each, each)), reverse=True)
        acted_on = any(each in done for each in newest_first)
        return LearnedLesson(self.text, tuple(newest_first), self.note, max(self.days, default=None), acted_on)


def learned(
    notes: Iterable[LessonNote],
    lines: Sequence[tuple[str, str]],
    ids: Mapping[str, IncidentId],
    done: Collection[str],
) -> tuple[LearnedLesson, ...]:
    """Return the lessons: those that are notes, learned most often and last first, then those that are lines, most often first.

    Args:
        notes: The lessons that are notes; two in the same words are counted as one.
        lines: What reviews say, each with its incident, the newest first.
        ids: The ids of the incidents, by their texts.
        done: The incidents of which a follow-up is done.
    """
    found: dict[str, _Lesson] = {}
    words_of: dict[str, str] = {}
    for note in notes:
        words = words_of[note.name.casefold()] = fold(note.title)
        lesson = found.setdefault(words, _Lesson(note.title, note))
        lesson.incidents += note.incidents
        lesson.days += note.learned
    for incident, line in lines:
        link = link_in(f"- {line}")
        text = unlinked(line)
        words = words_of.get(link.name.casefold(), "") if link else ""
        found.setdefault(words or fold(text), _Lesson(text)).incidents.append(incident)
    counted = [each.counted(ids, done) for each in found.values()]
    of_notes = sorted((each for each in counted if each.note), key=lambda each: each.last or "", reverse=True)
    of_lines = [each for each in counted if not each.note]
    return tuple(sorted((*of_notes, *of_lines), key=lambda each: (each.note is None, -len(each.incidents))))
