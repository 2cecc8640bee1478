"""What a command made and changed, as a program needs it for the next one; found in what was written, and only when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.comms.communication import message_name
from okb_incident.core.incident.describe import property_changes
from okb_incident.core.incident.schema import note_type
from okb_incident.core.timeline.doubles import NOUNS
from okb_incident.vault.merge.numbers import moved
from okb_incident.vault.note.note import decode
from okb_incident.workflow.change import record_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.core.incident.describe import PropertyChange
    from okb_incident.core.values.identity import IncidentId
    from okb_incident.vault.vault import Note
    from okb_incident.vault.write.commit import Committed
    from okb_incident.vault.write.steps import Plan
    from okb_incident.workflow.session import Session

INCIDENT, MESSAGE, TEMPLATE, OTHER = "incident", "message", "template", "note"
NOTES = {
    "incident": INCIDENT,
    "incident-assessment": "assessment",
    "incident-communication": MESSAGE,
    "incident-review": "review",
    "incident-report": "report",
    "lesson": "lesson",
}
"""What a new note is called, by its type."""

KINDS = (*NOTES.values(), *NOUNS.values(), TEMPLATE, OTHER)
"""The kinds of things that a command makes."""


class NewItem(NamedTuple):
    """A thing that a command made.

    Attributes:
        kind: One of `KINDS`.
        name: The name by which other commands take it: an id, ``h1``, ``u2``; of any other note what its name has behind the id.
        path: The note that holds it.
    """

    kind: str
    name: str
    path: str


class NoteChange(NamedTuple):
    """A property of a note that a command changed.

    Attributes:
        path: The note.
        change: The property and its values.
    """

    path: str
    change: PropertyChange


class Outcome(NamedTuple):
    """What a command wrote.

    Attributes:
        made: The new notes, and the new items in notes.
        changes: The properties that changed, those of new notes left out.
        entry: The entry of the journal, with which it is undone; None where nothing was written.
    """

    made: tuple[NewItem, ...] = ()
    changes: tuple[NoteChange, ...] = ()
    entry: str | None = None


class _Versions(NamedTuple):
    """One note before and after a command: None where there was none."""

    path: str
    before: Note | None
    after: Note


def outcome_of(session: Session, committed: Committed | None, of: IncidentId | None = None) -> Outcome:
    """Return what a command wrote.

    Args:
        session: The session.
        committed: What it committed; None where it committed nothing.
        of: Only what belongs to this incident, where a command changed several.
    """
    if committed is None or committed.entry is None:
        return Outcome()
    made: list[NewItem] = []
    changes: list[NoteChange] = []
    for each in _versions(session, committed.plans):
        lead = session.vault.settings.ids.lead(_stem(each.path))
        if of is not None and (lead is None or lead[0] != of):
            continue
        if each.before is None:
            made.append(_new_note(session, each, lead))
        else:
            changes += _changes(session, each)
        if lead and not lead[1]:
            made += _new_items(session, each, lead[0], committed.data.get(each.path, b""))
    return Outcome(tuple(made), tuple(changes), committed.entry.id)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _versions(session: Session, plans: Sequence[Plan]) -> Iterator[_Versions]:
    """Return each note with what it was made from; one that moved was made from what lay at its old place."""
    moved_from = {plan.beside: plan for plan in plans if plan.new is None and plan.beside != plan.real}
    for plan in plans:
        path = plan.change.path
        if plan.new is None or not path.endswith(".md"):
            continue
        old = plan.old or (moved_from[plan.real].old if plan.real in moved_from else None)
        before = session.vault.parse(path, old.data) if old else None
        yield _Versions(path, before, session.vault.parse(path, plan.new))


def _new_note(session: Session, new: _Versions, lead: tuple[IncidentId, str] | None) -> NewItem:
    stem = _stem(new.path)
    if new.path.startswith(f"{session.vault.settings.folders.templates}/"):
        return NewItem(TEMPLATE, stem, new.path)
    kind = NOTES.get(note_type(new.after.frontmatter.values) or "", OTHER)
    if lead is None or not lead[1]:
        return NewItem(kind, stem, new.path)
    return NewItem(kind, message_name(stem) if kind == MESSAGE else lead[1].strip(), new.path)


def _new_items(session: Session, note: _Versions, which: IncidentId, now: bytes) -> Iterator[NewItem]:
    """Return the items with a short name that an incident's note did not have before.

    Where somebody else gave the same name away in the same moment, ours has another one by now.
    """
    known = _names(session, note.before, which) if note.before else {}
    found = decode(now)
    became = moved(note.after.text, found) if found != note.after.text else {}
    for letter, names in _names(session, note.after, which).items():
        for name in sorted(names - known.get(letter, set()), key=lambda name: int(name[1:])):
            yield NewItem(NOUNS[letter], became.get(name, name), note.path)


def _names(session: Session, note: Note, which: IncidentId) -> dict[str, set[str]]:
    """Return the short names that a note gives, by their letter."""
    incident, _ = session.vault.incident_of(session.vault.named(note, which))
    if incident is None:
        return {}
    record = record_of(session, incident, note.text)
    return {letter: record.names(letter) for letter in NOUNS}


def _changes(session: Session, note: _Versions) -> Iterator[NoteChange]:
    assert note.before is not None, "a new note is made, and not changed"
    values = (note.before.frontmatter.values, note.after.frontmatter.values)
    for change in property_changes(*values, session.zone):
        yield NoteChange(note.path, change)
