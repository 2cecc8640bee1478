"""What is wrong with the lessons that are notes: one without a title, one of an unknown incident, two that are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.review.lesson import fold, incidents_named
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.properties import texts_of
from okb_incident.workflow.look.lesson_notes import lesson_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.review.lesson import LessonNote
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
        if not lesson.is_titled and note.frontmatter.state == "ok":
            hint = "add a property title: the lesson in a line"
            yield _problem(
                note,
                "title",
                "lesson-title",
                f"the lesson has no title; it is shown as {shorten(lesson.title)!r}",
                hint,
            )
        for item in texts_of(note.frontmatter.values.get("incidents")):
            named = incidents_named({"incidents": item}, ids)
            for each in named or (shorten(item),):
                if each not in known:
                    hint = "correct the link, or take it out of incidents"
                    yield _problem(
                        note,
                        "incidents",
                        "lesson-incident",
                        f"incidents names {each}, which is not an incident here",
                        hint,
                    )
                elif each in secret and not lesson.restricted:
                    said = f"incidents names {each}, which is restricted, and everybody may read this note"
                    yield _problem(
                        note, "incidents", "lesson-restricted", said, "take the link out of incidents and of the text"
                    )
        same = first.setdefault((lesson.restricted, fold(lesson.title)), lesson)
        if same is not lesson:
            said = f"the same lesson is in {same.path}; both are counted as one"
            yield _problem(note, "title", "lesson-twice", said, "bring both together in one note, and delete the other")


def _problem(note: Note, key: str, code: str, message: str, hint: str) -> Problem:
    return Problem(note.path, note.frontmatter.lines.get(key, 1), code, message, hint)
