"""The lessons of an incident that is being restricted or no longer is: what only it taught goes with it, others stop naming it."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.review.lesson import DAY, LEARNED_IN, PROPERTIES, incidents_named, items_naming
from okb_incident.core.values.properties import texts_of
from okb_incident.errors import InvalidNoteError
from okb_incident.vault.journal.entry import PRIVATE
from okb_incident.vault.note.frontmatter import remove_item, set_property
from okb_incident.vault.note.note import decode, encode
from okb_incident.vault.note.sections import replace_line, section_lines
from okb_incident.vault.write.steps import Edit, Move
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.document import READABLE
from okb_incident.workflow.look.lesson_notes import lesson_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.review.lesson import LessonNote
    from okb_incident.core.values.identity import IdPattern
    from okb_incident.vault.write.steps import Step
    from okb_incident.workflow.session import Session


class LessonSteps(NamedTuple):
    """What is done to the lessons of an incident.

    Attributes:
        steps: The steps.
        moved: The lessons that only restricted incidents taught, which go along.
        parted: The lessons of others too, which stay where they are: readable and without the incident, or restricted.
    """

    steps: tuple[Step, ...]
    moved: tuple[str, ...]
    parted: tuple[str, ...]


def steps_to_restrict(session: Session, incident: Incident) -> LessonSteps:
    """Return what is done to the lessons that name an incident, so that nothing that everyone reads tells of it."""
    moved: list[LessonNote] = []
    parted: list[LessonNote] = []
    for note in _naming(session, incident):
        if note.restricted:
            continue
        (parted if _taught_by_others(session, note, incident) else moved).append(note)
    steps: list[Step] = [_moved(session, note, private=True) for note in moved]
    steps += [Edit(note.path, lambda data: _without(session, data, incident)) for note in parted]
    return LessonSteps(tuple(steps), _paths(moved), _paths(parted))


def steps_to_release(session: Session, incident: Incident) -> LessonSteps:
    """Return what is done to the restricted lessons of an incident that everyone may read again."""
    moved: list[LessonNote] = []
    parted: list[LessonNote] = []
    for note in _naming(session, incident):
        if note.restricted:
            others = set(note.incidents) - {incident.id.text}
            (parted if others & _hidden(session, others) else moved).append(note)
    return LessonSteps(tuple(_moved(session, note, private=False) for note in moved), _paths(moved), _paths(parted))


def _paths(notes: Sequence[LessonNote]) -> tuple[str, ...]:
    return tuple(note.path for note in notes)


def _naming(session: Session, incident: Incident) -> list[LessonNote]:
    return [note for note in lesson_notes(session, include_restricted=True) if incident.id.text in note.incidents]


def _taught_by_others(session: Session, note: LessonNote, incident: Incident) -> bool:
    others = set(note.incidents) - {incident.id.text}
    return bool(others - _hidden(session, others))


def _hidden(session: Session, incidents: set[str]) -> set[str]:
    ids = session.vault.settings.ids
    known = ((which, ids.read(which)) for which in incidents)
    return {which for which, read in known if read and session.vault.hides(read)}


def _moved(session: Session, note: LessonNote, *, private: bool) -> Step:
    """Return the step that takes a lesson to the other folder; where its name is taken there, it only changes who may read it."""
    folders = session.vault.settings.folders
    to = f"{folders.restricted_lessons if private else folders.lessons}/{os.path.basename(note.path)}"

    def change(data: bytes) -> bytes:
        try:
            visibility = "restricted" if private else None
            return encode(set_property(decode(data), "visibility", visibility, PROPERTIES, path=note.path))
        except InvalidNoteError:
            # The folder alone restricts it, too.
            return data

    if os.path.lexists(os.path.join(session.vault.root, to)):
        return Edit(note.path, change, private=lambda _: private)
    return Move(note.path, to, change, PRIVATE if private else READABLE)


def _without(session: Session, data: bytes, incident: Incident) -> bytes:
    """Return a lesson that no longer names an incident: neither in its properties nor where it says who learned it.

    Properties that cannot be read keep it; whoever asks for it is told that the note still tells of the incident.
    """
    text, which = decode(data), incident.id.text
    lines = section_lines(text, LEARNED_IN)
    gone = items_naming(lines, which)
    for at in reversed(gone):
        text = _without_line(text, at)
    left = " ".join(line for at, line in enumerate(lines) if at not in gone)
    days = {found[0] for at in gone if (found := DAY.search(lines[at])) and found[0] not in left}
    with suppress(InvalidNoteError):
        text = _unlisted(session, text, which)
        for day in days:
            text = remove_item(text, "learned", Plain(day), path="the lesson")
    return encode(text)


def _unlisted(session: Session, text: str, incident: str) -> str:
    """Return a lesson without an incident in its properties; whatever else is in their place stays."""
    value = session.vault.parse("the lesson", encode(text)).frontmatter.values.get("incidents")
    items = [_without_words(item, incident, session.vault.settings.ids) for item in texts_of(value)]
    left = [item for item in items if item]
    new = left if isinstance(value, list) else next(iter(left), None)
    return set_property(text, "incidents", new or None, PROPERTIES, path="the lesson")


def _without_words(item: str, incident: str, ids: IdPattern) -> str:
    """Return a text that names incidents without one of them."""
    unlinked = re.sub(rf"\[\[[^\[\]\n]*{re.escape(incident)}[^\[\]\n]*\]\]", "", item, flags=re.IGNORECASE)
    words = (word.strip() for word in unlinked.split(","))
    return ", ".join(word for word in words if word and incident not in incidents_named({"incidents": word}, ids))


def _without_line(text: str, at: int) -> str:
    """Return a note without a line of the section that says where a lesson was learned."""
    lines = section_lines(text, LEARNED_IN)
    gone = replace_line(text, LEARNED_IN, at, lines[at], "\0")
    start = gone.index("\0")
    return gone[:start] + gone[start + 1 :].removeprefix("\r").removeprefix("\n")
