"""The lessons of a vault that are notes, found by their type wherever a person put them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from okb_incident.core.incident.schema import note_type
from okb_incident.core.review.lesson import TYPE, fold, read_lesson
from okb_incident.errors import NotFoundError
from okb_incident.vault.disk.files import FileState
from okb_incident.vault.index.answer import lesson_paths
from okb_incident.vault.note.sections import title_heading
from okb_incident.vault.read.many import read_many

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.core.review.lesson import LessonNote
    from okb_incident.vault.vault import Note
    from okb_incident.workflow.session import Session

MOST_NAMED = 5
"""Lessons that are named to somebody who named none of them."""


def lesson_notes(session: Session, *, include_restricted: bool = False) -> list[LessonNote]:
    """Return the lessons that are notes, by their paths; restricted ones where they are asked for."""
    return [lesson for _, lesson in lesson_files(session, include_restricted=include_restricted)]


def lesson_files(session: Session, *, include_restricted: bool = False) -> Iterator[tuple[Note, LessonNote]]:
    """Yield the notes of these lessons, each with the lesson that it is."""
    vault = session.vault
    paths = lesson_paths(vault, include_restricted=include_restricted)
    for path, state in read_many(os.path.realpath(vault.root), paths):
        if not isinstance(state, FileState):
            continue
        note = vault.parse(path, state.data)
        lesson = _as_lesson(session, note)
        if note_type(note.frontmatter.values) == TYPE and (include_restricted or not lesson.restricted):
            yield note, lesson


def _as_lesson(session: Session, note: Note) -> LessonNote:
    """Read a note as a lesson."""
    return read_lesson(
        note.frontmatter.values,
        note.path,
        session.vault.settings.ids,
        heading=title_heading(note.text),
        restricted=session.vault.is_restricted(note),
    )


def lesson_named(notes: Sequence[LessonNote], typed: str) -> LessonNote:
    """Return the lesson that is meant: by the name of its note, its words, or a part that only one has.

    Raises:
        NotFoundError: None of them is, or several are.
    """
    wanted = fold(typed)
    same = [note for note in notes if wanted in {fold(note.name), fold(note.title)} or note.path == typed]
    meant = same or [note for note in notes if wanted and wanted in fold(f"{note.name} {note.title}")]
    if len(meant) == 1:
        return meant[0]
    said = "several lessons fit" if meant else "unknown lesson"
    offered = tuple(note.name for note in (meant or notes)[:MOST_NAMED])
    raise NotFoundError(
        f"{said}: --same {typed!r}"
        + (f"; choose from {', '.join(offered)}" if offered else "; there is no lesson yet"),
        field="--same",
        value=typed,
        allowed=offered,
    )
