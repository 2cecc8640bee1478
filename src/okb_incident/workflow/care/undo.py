"""Undoing what a command did, and doing it again: exactly where nobody has changed the note since, by a merge where somebody has."""

from __future__ import annotations

import os
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.values.moment import show_seconds
from okb_incident.errors import ConflictError, NotFoundError, OkbError, TransitionError, UsageError
from okb_incident.vault.disk import lock
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.merge.notes import merge
from okb_incident.vault.merge.numbers import new_names
from okb_incident.vault.merge.redactions import with_redactions
from okb_incident.vault.note.note import decode
from okb_incident.vault.write.commit import Create, Edit, Move, Remove, commit
from okb_incident.workflow.care.named_entry import (
    age_of,
    entry_named,
    entry_of,
    last_entry,
    last_undo,
    short,
    subject_of,
)
from okb_incident.workflow.change import as_diff
from okb_incident.workflow.document import beside
from okb_incident.workflow.whereabouts import note_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from okb_incident.vault.journal.entry import JournalEntry
    from okb_incident.vault.write.commit import Committed
    from okb_incident.vault.write.steps import Step
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.care.named_entry import Subject
    from okb_incident.workflow.session import Session

OPEN = "incident open"

ASKED_AFTER = 60
"""Seconds after which a command is undone only where somebody agrees: it may not be the one that they mean."""


class UndoResult(NamedTuple):
    """What was undone.

    Attributes:
        entry: The command that was undone, or done again.
        subject: What it was about.
        age: How many seconds ago it was carried out.
        by: The entry that did it, None for a dry run.
        notes: What the person should know.
        diff: What would change, for ``--dry-run``.
        committed: What was written; None for a dry run.
    """

    entry: JournalEntry
    subject: Subject
    age: int
    by: JournalEntry | None
    notes: tuple[str, ...] = ()
    diff: str = ""
    committed: Committed | None = None


def undo(call: Call, name: str | None, *, yes: bool = False) -> UndoResult:
    """Undo one command: the last of one's own that is still in force, or a named one.

    Whoever sits at a terminal is asked where the command opened an incident, was somebody else's, or is older than a minute.

    Args:
        call: The call.
        name: The start or the end of an entry's id.
        yes: Do not ask for confirmation.

    Raises:
        NotFoundError: There is no such command, or none to undo.
        TransitionError: It was undone already, or nobody agrees.
        UsageError: Somebody has to agree, and nobody can be asked.
        ConflictError: A note was changed since in the same place; with the diff of what cannot be undone.
        OkbError: What the note held before is not kept any more, or the vault cannot be written.
    """
    return _undone(call, name, last_entry, yes=yes)


def redo(call: Call, name: str | None, *, yes: bool = False) -> UndoResult:
    """Do again what the last undo of one's own, or a named one, has undone; otherwise as `undo`."""
    return _undone(call, name, last_undo, yes=yes)


def _undone(
    call: Call, name: str | None, choose: Callable[[Journal, Session], JournalEntry], *, yes: bool
) -> UndoResult:
    session = call.session
    call.about_to_write()
    root = session.vault.root
    journal = Journal.here(root)
    # Where there is nothing to undo, not even the lock is made.
    entry = entry_named(journal, name) if name else choose(journal, session)
    if call.verb == "redo" and not entry.undoes:
        raise TransitionError(
            f"{entry.command} of {entry.at} is not an undo; only an undo can be redone",
            field="ENTRY",
            value=name,
            hint=Sentence(Command("undo", short(entry)), " undoes it"),
        )
    # What a redo does again is told, and not that it undoes an undo.
    told = (entry_of(journal, entry.undoes or "") if call.verb == "redo" else None) or entry
    result = UndoResult(told, subject_of(session, journal, told), age_of(told), None)
    if not (yes or call.dry_run):
        _agreed(call, entry, result)
    with nullcontext() if call.dry_run else lock.hold(root, f"incident {call.verb}"):
        # It is the very command that was agreed to, whatever was done while somebody thought about it.
        entry = entry_named(journal, entry.id)
        back = _Back(session, journal, entry, {})
        steps = back.steps()
        if call.dry_run:
            return result._replace(diff="".join(back.diff(step, root) for step in steps))
        done = commit(root, steps, command=f"incident {call.verb}", by=session.actor.handle, undoes=entry.id)
    session.vault.saw_notes(done.data)
    became = [f"{old} became {new}, because {old} is now another one" for old, new in back.renumbered.items()]
    notes = (*session.recovered, *done.notes, *became)
    return result._replace(by=done.entry, notes=notes, committed=done)


def _agreed(call: Call, entry: JournalEntry, result: UndoResult) -> None:
    """Ask whether a command is meant that is easily undone by mistake.

    Raises:
        UsageError: Nobody can be asked.
        TransitionError: Somebody said no.
    """
    anothers = entry.by not in {None, call.session.actor.handle}
    if not (anothers or entry.command == OPEN or age_of(entry) > ASKED_AFTER):
        return
    who = f" by @{entry.by}" if anothers else ""
    what = f"{call.verb} {result.entry.command.removeprefix('incident ')}{who} ({show_seconds(result.age)} ago)"
    if call.question is None:
        raise UsageError(
            f"to {what}, add --yes{result.subject}",
            field="--yes",
            hint=Command(call.verb, short(entry), options=("--yes",)),
        )
    if not call.question.agree(f"{what}{result.subject}?"):
        raise TransitionError("nothing was changed", field="--yes")


class _Back(NamedTuple):
    """The way back from what an entry did.

    Attributes:
        journal: Of this machine.
        entry: What is undone.
        renumbered: Which short names became which, because others have them by now; filled when a step is done.
    """

    session: Session
    journal: Journal
    entry: JournalEntry
    renumbered: dict[str, str]

    def steps(self) -> list[Step]:
        """Return the steps, last things first.

        Raises:
            OkbError: Nothing of what it did is kept.
        """
        if not self.entry.changes:
            raise OkbError(
                f"{self.entry.command} of {self.entry.at} cannot be undone: what it threw away is gone for good",
                hint="incident history shows what was done, and the entries: undo another by naming it",
            )
        steps: list[Step] = []
        numbers = list(range(len(self.entry.changes)))
        while numbers:
            number = numbers.pop()
            change = self.entry.changes[number]
            goes_on = self.entry.changes[number - 1] if number else None
            if change.kind == "edit":
                steps.append(Edit(self._now(change.path), partial(self._without, number, number)))
            elif change.kind == "create":
                # What git was told to ignore stays ignored: other restricted incidents may rely on it by now.
                if os.path.basename(change.path) != ".gitignore":
                    steps.append(self._removal(number))
            elif goes_on and goes_on.kind == "create":
                # A note that had moved goes back, with what was written into it since.
                numbers.pop()
                steps.append(
                    Move(
                        self._now(goes_on.path),
                        change.path,
                        partial(self._without, number, number - 1),
                        change.mode,
                    )
                )
            else:
                steps.append(
                    Create(change.path, self._kept(self.journal.before(self.entry, number), number), change.mode)
                )
        return steps

    def _now(self, path: str) -> str:
        """Return where a note is now: a person may have moved it, and its name since the command."""
        vault, name = self.session.vault, os.path.basename(path)
        lead = vault.settings.ids.lead(name.removesuffix(".md"))
        if lead is None or os.path.lexists(os.path.join(vault.root, path)):
            return path
        found = note_of(self.session, lead[0])
        if not lead[1]:
            return found[1] if found else path
        others = beside(self.session, *found) if found else vault.companions_anywhere(lead[0])
        return next((each for each in others if os.path.basename(each) == name), path)

    def _without(self, old: int, new: int, now: bytes) -> bytes:
        """Return a note without what the entry did to it.

        Args:
            old: Which change of the entry displaced the bytes before.
            new: Which one wrote the bytes after.
            now: What the note holds.
        """
        before = self._kept(self.journal.before(self.entry, old), old)
        if digest(now) == self.entry.changes[new].after:
            return before
        # What was redacted in another clone this one still has, and must not bring back.
        before = with_redactions(before, now)
        after = with_redactions(self._kept(self.journal.after(self.entry, new), new), now)
        merged = merge(after, before, now)
        if merged.conflicts:
            path = self.entry.changes[new].path
            raise ConflictError(
                f"{path} was changed since in the same place ({'; '.join(merged.conflicts)}), so {self.entry.command} of "
                f"{self.entry.at} cannot be undone by itself; it had done this",
                value=path,
                candidates=tuple(as_diff(decode(before), decode(after), path).splitlines()),
                hint="Undo it by hand: incident edit",
            )
        self.renumbered.update(new_names(after, before, now))
        return merged.data

    def _removal(self, number: int) -> Remove:
        """Take away a note that the entry made, if it is still that note."""
        change = self.entry.changes[number]
        path = self._now(change.path)
        now = _bytes(self.journal.root, path)
        if now is not None and digest(now) != change.after:
            after = self.journal.after(self.entry, number)
            raise ConflictError(
                f"{path} was changed since {self.entry.command} made it, and taking it away would lose that",
                value=path,
                candidates=tuple(as_diff(decode(after), decode(now), path).splitlines()) if after else (),
                hint="Undo what came after it first: incident history shows it; or: incident decline",
            )
        return Remove(path)

    def _kept(self, data: bytes | None, number: int) -> bytes:
        """Insist on an image.

        Raises:
            OkbError: It is not there any more.
        """
        if data is not None:
            return data
        change = self.entry.changes[number]
        raise OkbError(
            f"{self.entry.command} of {self.entry.at} cannot be undone: what {change.path} held then was pruned, or taken "
            "out because of a secret in it",
            value=change.path,
            hint="incident history shows what was done, and the entries: undo another by naming it, or this by hand",
        )

    def diff(self, step: Step, root: str) -> str:
        """Show what a step would change."""
        old = _bytes(root, step.path) or b""
        if isinstance(step, Create):
            return as_diff("", decode(step.data), step.path)
        new = b"" if isinstance(step, Remove) else step.change(old)
        return as_diff(decode(old), decode(new), step.to if isinstance(step, Move) else step.path)


def _bytes(root: str, path: str) -> bytes | None:
    from okb_incident.vault.disk.files import inside  # noqa: PLC0415
    from okb_incident.vault.disk.stillness import read_bytes  # noqa: PLC0415

    try:
        return read_bytes(inside(root, path)).data
    except NotFoundError:
        return None
