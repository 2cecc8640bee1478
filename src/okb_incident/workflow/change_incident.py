"""Changing one incident: find it, decide on what its note says now, write only what must change."""

from __future__ import annotations

import difflib
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.core.actions import noticed
from okb_incident.core.record import Record
from okb_incident.core.schema import note_type
from okb_incident.errors import InvalidNoteError
from okb_incident.vault import lock
from okb_incident.vault.commit import Edit, commit
from okb_incident.vault.incident_note import apply_change
from okb_incident.vault.note import decode, encode
from okb_incident.vault.sections import section_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.change import Change
    from okb_incident.core.incident import Incident
    from okb_incident.vault.steps import Step
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session


class Changed(NamedTuple):
    """What a command did to an incident.

    Attributes:
        before: The incident as it was.
        incident: The incident as it is now.
        change: What was decided.
        notes: What the person should know.
        diff: The change as a unified diff, for ``--dry-run``; empty otherwise.
    """

    before: Incident
    incident: Incident
    change: Change
    notes: tuple[str, ...]
    diff: str = ""


def change_incident(
    session: Session,
    target: Target,
    decide: Callable[[Record], Change],
    *,
    verb: str,
    beside: Sequence[Step] = (),
    dry_run: bool = False,
) -> Changed:
    """Apply a decision to an incident's note.

    The decision is a pure function of what the note says at the moment of writing: if somebody else saves the note
    meanwhile, it is taken again on the new text.

    Args:
        session: The session.
        target: Which incident.
        decide: From what the note says to what changes; may refuse by raising.
        verb: The command, which whoever waits for the lock is told.
        beside: What is done to other notes in the same go; all of it is done, or nothing.
        dry_run: Write nothing, and give the diff.

    Raises:
        OkbError: The decision refuses, or the note cannot be written.
    """
    actor = session.actor.handle
    seen: dict[str, Any] = {}

    def apply(data: bytes) -> bytes:
        note = session.vault.parse(target.path, data)
        incident = incident_in(session, target, data)
        record = record_of(session, incident, note.text)
        change = decide(record)
        seen.update(before=incident, change=change, notes=())
        if change.is_empty:
            return data
        ended = {line.text.split()[0] for line in change.lines if line.kind == "action"}
        ticked = [line for line in noticed(record, session.now) if line.text.split()[0] not in ended]
        change = change._replace(lines=(*ticked, *change.lines))
        written = apply_change(
            note.text,
            incident,
            change,
            settings=session.vault.settings,
            actor=actor,
            now=session.now,
        )
        seen["notes"] = written.notes
        return encode(written.text)

    if dry_run:
        old = session.vault.read(target.path).text
        new = decode(apply(encode(old)))
        data = encode(new)
        seen["diff"] = as_diff(old, new, target.path)
    else:
        with lock.hold(session.vault.root, f"incident {verb}"):
            edit = Edit(target.path, apply, private=lambda _: _is_secret(seen["before"], seen["change"]))
            done = commit(session.vault.root, [edit, *beside], command=f"incident {verb}", by=actor)
        data = done.data[target.path]
        seen["notes"] = (*session.recovered, *seen["notes"], *done.notes)
    if session.actor.warning:
        seen["notes"] = (*seen["notes"], session.actor.warning)
    after = incident_in(session, target, data)
    return Changed(seen["before"], after, seen["change"], seen["notes"], seen.get("diff", ""))


def _is_secret(before: Incident, change: Change) -> bool:
    """Say whether a note is for few eyes: it is restricted, or is being restricted."""
    return before.restricted or change.properties.get("visibility") == "restricted"


def incident_in(session: Session, target: Target, data: bytes) -> Incident:
    """Read a note's bytes as the incident that its file name says it is, however half-typed its properties are.

    Raises:
        InvalidNoteError: It is plainly of another type.
    """
    note = session.vault.parse(target.path, data)
    values = note.frontmatter.values
    kind = note_type(values)
    if note.frontmatter.state == "ok" and kind not in {None, "incident"}:
        raise InvalidNoteError(
            f"{target.path} is of type {kind}, not incident",
            field="type",
            value=kind,
            hint="set its type back to incident if that is what it is",
        )
    incident, _ = session.vault.incident_of(session.vault.named(note, target.id))
    assert incident is not None, "the id has just been made readable"
    return incident


def record_of(session: Session, incident: Incident, text: str) -> Record:
    """Give the record of an incident out of the text of its note."""
    return Record(incident, session.zone, partial(section_lines, text))


def as_diff(old: str, new: str, path: str) -> str:
    """Give the change of a note as a unified diff."""
    lines: Sequence[str] = list(
        difflib.unified_diff(
            old.splitlines(keepends=True),
            new.splitlines(keepends=True),
            f"a/{path}",
            f"b/{path}",
            n=1,
        ),
    )
    return "".join(line if line.endswith("\n") else line + "\n" for line in lines)
