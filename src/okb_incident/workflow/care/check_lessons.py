"""What is wrong with the lessons that are notes: one without a title, one of an unknown incident, two that are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.review.lesson import DAY, fold, incidents_named
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.properties import texts_of
from okb_incident.vault.note.properties import State
from okb_incident.workflow.look.lesson_notes import lesson_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.review.lesson import LessonNote
    from okb_incident.core.values.identity import IdPattern
    from okb_incident.vault.read.loaded import Loaded
    from okb_incident.vault.vault import Note
    from okb_incident.workflow.call import Call


def of_lessons(call: Call, loaded: Loaded) -> Iterator[Problem]:
    """Find what is wrong with lessons; those that are restricted, and what names something restricted, only where asked for."""
    ids = call.session.vault.settings.ids
    former = (text for each in loaded.incidents for text in texts_of(each.properties.get("former_ids")))
    known = {*(each.id.text for each in loaded.incidents), *former, *loaded.hidden}
    secret = {each.id.text for each in loaded.incidents if each.restricted}
    first: dict[tuple[bool, str], LessonNote] = {}
    for note, lesson in lesson_files(call.session, include_restricted=call.shared.restricted):
        yield from _of_properties(note, lesson)
        for which in _named(note, ids):
            if which not in known:
                hint = "correct the link, or take it out of incidents"
                yield _problem(
                    note,
                    "incidents",
                    "lesson-incident",
                    f"incidents names {which}, which is not an incident here",
                    hint,
                )
            elif which in secret and not lesson.restricted:
                said = f"incidents names {which}, which is restricted, and everyone may read this note"
                hint = "take the link out of incidents and of the text"
                yield _problem(note, "incidents", "lesson-restricted", said, hint)
        same = first.setdefault((lesson.restricted, fold(lesson.title)), lesson)
        if same is not lesson:
            said = f"the same lesson is in {same.path}; both are counted as one"
            yield _problem(note, "title", "lesson-twice", said, "bring both together in one note, and delete the other")


def _named(note: Note, ids: IdPattern) -> Iterator[str]:
    """Yield the incidents that a lesson names, and what is in their place and names none."""
    for item in texts_of(note.frontmatter.values.get("incidents")):
        yield from incidents_named({"incidents": item}, ids) or (shorten(item),)


def _of_properties(note: Note, lesson: LessonNote) -> Iterator[Problem]:
    values = note.frontmatter.values
    if not lesson.is_titled and note.frontmatter.state is State.OK:
        said = f"the lesson has no title; it is shown as {shorten(lesson.title)!r}"
        yield _problem(note, "title", "lesson-title", said, "add a property title: the lesson in a line")
    if values.get("incidents") and not texts_of(values["incidents"]):
        hint = 'write a list of links, such as - "[[INC-20261123-01]]"'
        yield _problem(note, "incidents", "lesson-incident", "incidents is not a readable list of links", hint)
    for text in texts_of(values.get("learned")):
        if not DAY.match(text):
            said = f"learned has {shorten(text)!r}, which is not a day; it is not counted"
            yield _problem(note, "learned", "lesson-day", said, "write days such as 2026-11-23")


def _problem(note: Note, key: str, code: str, message: str, hint: str) -> Problem:
    return Problem(note.path, note.frontmatter.lines.get(key, 1), code, message, hint)
