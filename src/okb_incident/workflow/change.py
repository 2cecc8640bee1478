"""Changing one incident: find it, decide on what its note says now, write only what must change."""

from __future__ import annotations

import difflib
import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change
from okb_incident.core.incident.schema import note_type
from okb_incident.core.response.by_hand import changed_by_hand
from okb_incident.core.timeline.record import Record
from okb_incident.core.values.properties import NOTICE_KEYS
from okb_incident.errors import BusyError, InvalidNoteError, NotFoundError
from okb_incident.vault.disk import lock
from okb_incident.vault.disk.conflict_copy import copies_beside
from okb_incident.vault.note.completion import complete
from okb_incident.vault.note.incident_note import apply_change
from okb_incident.vault.note.note import decode, encode
from okb_incident.vault.note.sections import section_lines
from okb_incident.vault.write.commit import Edit, commit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.vault.write.commit import Committed
    from okb_incident.vault.write.steps import Step
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

MOST_COPIES = 3
"""Conflict copies that are named one by one."""


class CompanionNote(NamedTuple):
    """A note that a command made beside an incident's.

    Attributes:
        kind: What it is, in a word: ``assessment``, ``message``.
        path: The note, relative to the vault.
    """

    kind: str
    path: str


class ChangedIncident(NamedTuple):
    """What a command did to an incident.

    Attributes:
        before: The incident as it was.
        incident: The incident as it is now.
        change: What was decided.
        notes: What the person should know.
        diff: The change as a unified diff, for ``--dry-run``; empty otherwise.
        undelivered: To how many of the user's hooks a message could not be handed.
        made: A note that goes with it.
        record: What the note says now, for what is due next; None where it was not read.
        committed: What was written, of several incidents for all of them; None where nothing was.
    """

    before: Incident
    incident: Incident
    change: Change
    notes: tuple[Text, ...]
    diff: str = ""
    undelivered: int = 0
    made: CompanionNote | None = None
    record: Record | None = None
    committed: Committed | None = None


class Terms(NamedTuple):
    """On which terms something is changed.

    Attributes:
        verb: The command, which the journal keeps, and which whoever waits for the lock is told.
        dry_run: Nothing is written, and the diff is returned.
    """

    verb: str
    dry_run: bool = False

    @property
    def command(self) -> str:
        """Return the command, as the journal keeps it."""
        return f"incident {self.verb}"


def change_incidents(
    session: Session,
    decisions: Sequence[tuple[Target, Callable[[Record], Change]]],
    terms: Terms,
    beside: Sequence[Step] = (),
) -> list[ChangedIncident]:
    """Apply a decision to each of several incidents, all of them or none.

    A decision is a pure function of what the note says at the moment of writing: if somebody else saves the note
    meanwhile, it is taken again on the new text.

    Args:
        session: The session.
        decisions: Which incidents, and for each from what its note says to what changes; may refuse by raising.
        terms: On which terms.
        beside: What is done to other notes in the same go; all of it is done, or nothing.

    Raises:
        OkbError: A decision refuses, or a note cannot be written.
    """
    changes = [Changing(session, target, decide) for target, decide in decisions]
    notes: tuple[str, ...] = ()
    done: Committed | None = None
    if terms.dry_run:
        data = {each.target.path: each.tried() for each in changes}
    else:
        with lock.hold(session.vault.root, terms.command):
            edits = [Edit(each.target.path, each.apply, private=each.is_secret) for each in changes]
            done = commit(
                session.vault.root,
                [*edits, *beside],
                command=terms.command,
                by=session.actor.handle,
                patience=session.vault.patience,
            )
            merged = [each for each in changes if done.data[each.target.path] != each.planned]
            data = {**done.data, **_derived_anew(session, merged, terms)}
        notes = (*session.recovered, *done.notes)
    if session.actor.warning:
        notes = (*notes, session.actor.warning)
    found = [each.changed(data[each.target.path], notes if each is changes[0] else ()) for each in changes]
    found = [each._replace(committed=done) for each in found]
    if not terms.dry_run:
        session.vault.saw(*(each.incident for each in found))
    if session.user.hooks and not terms.dry_run:
        found = [each if each.change.is_empty else _told(session, each, terms.verb) for each in found]
    return found


def _derived_anew(session: Session, merged: Sequence[Changing], terms: Terms) -> dict[str, bytes]:
    """Compute the minutes of incidents anew into whose notes somebody's save was merged: it may have brought another moment.

    Where somebody goes on saving them, the next change does so.
    """
    steps = [Edit(each.target.path, each.derive, private=each.is_secret) for each in merged]
    if not steps:
        return {}
    try:
        return commit(session.vault.root, steps, command=terms.command, by=session.actor.handle).data
    except BusyError:
        return {}


def _told(session: Session, changed: ChangedIncident, verb: str) -> ChangedIncident:
    from okb_incident.workflow.hooks import tell_hooks  # noqa: PLC0415 - few people have any

    heard = tell_hooks(session, changed.incident, changed.change, verb)
    return changed._replace(notes=(*changed.notes, *heard.notes), undelivered=heard.undelivered)


class Changing:
    """An incident that is being changed: the decision, and what came of it when it was taken last."""

    def __init__(self, session: Session, target: Target, decide: Callable[[Record], Change]) -> None:
        self.session = session
        self.target = target
        self.decide = decide
        self.before: Incident | None = None
        self.change = Change()
        self.notes: tuple[str, ...] = ()
        self.diff = ""
        self.planned = b""

    def apply(self, data: bytes) -> bytes:
        """Take the decision on these bytes, and give those that follow from it."""
        note = self.session.vault.parse(self.target.path, data)
        self.before = incident = incident_in(self.session, self.target, data)
        record = record_of(self.session, incident, note.text)
        self.change = change = self.decide(record)
        self.notes = ()
        self.planned = data
        if change.is_empty:
            return data
        self.change = change = self._with_deadline(record, change)
        by_hand = changed_by_hand(record, change, self.session.vault.settings.severities, self.session.now)
        whole = complete(note.text, note.frontmatter, self.target.path, self.target.id, self.session.vault.settings.ids)
        written = apply_change(
            whole.text,
            incident,
            change._replace(lines=(*by_hand.lines, *change.lines)),
            settings=self.session.vault.settings,
            actor=self.session.actor.handle,
            now=self.session.now,
        )
        self.notes = (*whole.notes, *by_hand.notes, *written.notes)
        self.planned = encode(written.text)
        return self.planned

    def _with_deadline(self, record: Record, change: Change) -> Change:
        """Return a change with the deadline of a notice to an authority that follows from it."""
        if not any(key in record.incident.properties or key in change.properties for key in NOTICE_KEYS):
            return change
        from okb_incident.core.response.duty import follow  # noqa: PLC0415 - few incidents are about data

        return follow(record, change, self.session.vault.settings.policy.notify, self.session.now)

    def derive(self, data: bytes) -> bytes:
        """Return a merged note with its minutes computed from the moments that it has now."""
        from okb_incident.core.incident.lifecycle import derive  # noqa: PLC0415 - hardly ever needed
        from okb_incident.core.values.properties import DERIVED  # noqa: PLC0415
        from okb_incident.vault.note.frontmatter import set_property  # noqa: PLC0415
        from okb_incident.vault.note.properties import State  # noqa: PLC0415

        note = self.session.vault.parse(self.target.path, data)
        incident = incident_in(self.session, self.target, data)
        text = note.text
        if note.frontmatter.state is State.OK and any(key in incident.properties for key in DERIVED):
            for key, value in derive(Change(), incident).properties.items():
                text = set_property(text, key, value, path=note.path)  # type: ignore[arg-type]
        return encode(text)

    def tried(self) -> bytes:
        """Return the bytes that would be, and keep the difference; nothing is written."""
        old = self.session.vault.read(self.target.path).text
        data = self.apply(encode(old))
        self.diff = as_diff(old, decode(data), self.target.path)
        return data

    def is_secret(self, _: bytes) -> bool:
        """Return whether the note is for few eyes: it is restricted, or is being restricted."""
        restricted = self.before is not None and self.before.restricted
        return restricted or self.change.properties.get("visibility") == "restricted"

    def changed(self, data: bytes, notes: tuple[str, ...]) -> ChangedIncident:
        """Return what was done, as the answer needs it."""
        after = incident_in(self.session, self.target, data)
        assert self.before is not None, "a decision has been taken"
        merged = () if data == self.planned else _renumbered(self.planned, data)
        copies = unmerged(self.session, self.target.path)
        told = (*self.notes, *merged, *copies, *notes)
        record = record_of(self.session, after, decode(data))
        return ChangedIncident(self.before, after, self.change, told, self.diff, record=record)


def unmerged(session: Session, path: str) -> tuple[str, ...]:
    """Return a sentence on the conflict copies beside a note: whoever wrote what is in them may not have heard of it."""
    copies = copies_beside(os.path.join(session.vault.root, path))
    if not copies:
        return ()
    more = f" and {len(copies) - MOST_COPIES} more" if len(copies) > MOST_COPIES else ""
    names = f"{', '.join(copies[:MOST_COPIES])}{more}"
    return (f"next to the note: {names}; merge what the note lacks, then delete the copy",)


def _renumbered(planned: bytes, data: bytes) -> tuple[str, ...]:
    """Return a sentence for each short name that is another one now, because somebody gave it away in the same moment."""
    from okb_incident.vault.merge.numbers import moved  # noqa: PLC0415 - hardly ever needed

    names = moved(decode(planned), decode(data))
    return tuple(f"{old} became {new}: another {old} was saved in the same moment" for old, new in names.items())


def incident_in(session: Session, target: Target, data: bytes) -> Incident:
    """Read a note's bytes as the incident that its file name says it is, however half-typed its properties are.

    Raises:
        InvalidNoteError: It is plainly of another type.
        NotFoundError: It is plainly another incident.
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
    if incident.id != target.id:
        # Another note has taken the place of this one.
        raise NotFoundError(
            f"{target.path} is not {target.id}: its id is {incident.id}",
            field="id",
            value=target.id.text,
            hint=Sentence("name the incident by its id: ", Command("show", incident=incident.id)),
        )
    return incident


def record_of(session: Session, incident: Incident, text: str) -> Record:
    """Return the record of an incident out of the text of its note."""
    return Record(incident, session.zone, partial(section_lines, text))


def as_diff(old: str, new: str, path: str) -> str:
    """Return the change of a note as a unified diff."""
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
