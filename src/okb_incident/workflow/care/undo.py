"""Taking back what a command did: exactly where nobody has changed the note since, by a merge where somebody has."""

from __future__ import annotations

import os
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Candidate, Command, Sentence
from okb_incident.core.text.terminal_text import shorten
from okb_incident.errors import AmbiguousReferenceError, ConflictError, NotFoundError, OkbError, TransitionError
from okb_incident.vault.disk import lock
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.merge.notes import merge
from okb_incident.vault.merge.numbers import new_names
from okb_incident.vault.merge.redactions import with_redactions
from okb_incident.vault.note.note import decode
from okb_incident.vault.write.commit import Create, Edit, Move, Remove, commit
from okb_incident.vault.write.late_saves import COMMAND as LATE_SAVE
from okb_incident.workflow.change import as_diff
from okb_incident.workflow.document import beside
from okb_incident.workflow.whereabouts import note_of

if TYPE_CHECKING:
    from okb_incident.vault.journal.entry import JournalEntry
    from okb_incident.vault.write.steps import Step
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session

SHORTEST_NAME = 4
"""Characters of an entry's id that are enough to name it, if no other id has them at its start or end."""


class UndoResult(NamedTuple):
    """What was taken back.

    Attributes:
        entry: The command that was taken back.
        by: The entry that did it, None for a dry run.
        notes: What the person should know.
        diff: What would change, for ``--dry-run``.
    """

    entry: JournalEntry
    by: JournalEntry | None
    notes: tuple[str, ...] = ()
    diff: str = ""


def undo(call: Call, name: str | None) -> UndoResult:
    """Take back one command: the last of one's own that is still in force, or a named one.

    An undo is a command as well, so taking one back does again what it had undone.

    Args:
        call: The call.
        name: The start or the end of an entry's id.

    Raises:
        NotFoundError: There is no such command, or none to take back.
        TransitionError: It was taken back already.
        ConflictError: A note was changed since in the same place; with the diff of what cannot be taken back.
        OkbError: What the note held before is not kept any more, or the vault cannot be written.
    """
    session = call.session
    call.about_to_write()
    root = session.vault.root
    journal = Journal.here(root)

    def find() -> JournalEntry:
        return _named(journal, name) if name else _last(journal, session)

    # Where there is nothing to take back, not even the lock is made.
    find()
    with nullcontext() if call.dry_run else lock.hold(root, "incident undo"):
        entry = find()
        back = _Back(session, journal, entry, {})
        steps = back.steps()
        if call.dry_run:
            return UndoResult(entry, None, (), "".join(back.diff(step, root) for step in steps))
        done = commit(root, steps, command="incident undo", by=session.actor.handle, undoes=entry.id)
    session.vault.saw_notes(done.data)
    became = [f"{old} became {new}, because {old} is another one by now" for old, new in back.renumbered.items()]
    return UndoResult(entry, done.entry, (*session.recovered, *done.notes, *became))


def _last(journal: Journal, session: Session) -> JournalEntry:
    """Find the last command in force that was not somebody else's."""
    taken_back = set()
    others: JournalEntry | None = None
    for entry in journal.backward():
        if entry.id in taken_back:
            continue
        if entry.undoes:
            taken_back.add(entry.undoes)
        elif entry.command == LATE_SAVE:
            continue
        elif entry.by in {None, session.actor.handle}:
            return entry
        else:
            others = others or entry
    raise NotFoundError(
        "there is no command of yours to take back"
        if others is None
        else f"no command in force is yours; the last one, {others.command} of {others.at}, is by {others.by}",
        field="ENTRY",
        hint=Sentence(Command("undo", short(others)), " takes that one back") if others else None,
    )


def _named(journal: Journal, name: str) -> JournalEntry:
    """Find a command by a part of its id."""
    wanted = name.upper()
    taken_back: dict[str, JournalEntry] = {}
    found = []
    for entry in journal.backward():
        if entry.undoes and entry.id not in taken_back:
            taken_back[entry.undoes] = entry
        if len(wanted) >= SHORTEST_NAME and (entry.id.startswith(wanted) or entry.id.endswith(wanted)):
            found.append(entry)
    if not found:
        raise NotFoundError(
            f"the journal of this machine has no entry {shorten(name)!r}",
            field="ENTRY",
            value=name,
            hint=Sentence(Command("history"), " lists what was done to an incident, with the entries"),
        )
    if len(found) > 1:
        raise AmbiguousReferenceError(
            f"{len(found)} entries have {name!r} at an end of their ids",
            field="ENTRY",
            value=name,
            candidates=tuple(Candidate(Command("undo", each.id), f"{each.command} {each.at}") for each in found[:9]),
        )
    if by := taken_back.get(found[0].id):
        raise TransitionError(
            f"{found[0].command} of {found[0].at} was taken back already",
            field="ENTRY",
            value=name,
            hint=Sentence(Command("undo", short(by)), " does it again"),
        )
    return found[0]


def short(entry: JournalEntry) -> str:
    """Name an entry as people type it."""
    return entry.id[-8:]


class _Back(NamedTuple):
    """The way back from what an entry did.

    Attributes:
        journal: Of this machine.
        entry: What is taken back.
        renumbered: Which short names became which, because others have them by now; filled when a step is done.
    """

    session: Session
    journal: Journal
    entry: JournalEntry
    renumbered: dict[str, str]

    def steps(self) -> list[Step]:
        """Give what has to be done, last things first.

        Raises:
            OkbError: Nothing of what it did is kept.
        """
        if not self.entry.changes:
            raise OkbError(
                f"{self.entry.command} of {self.entry.at} cannot be taken back: what it threw away is gone for good",
                hint="incident history shows what was done, and the entries: take back another by naming it",
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
        """Return where a note lies now: a person may have moved it, and its name since the command."""
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
        """Give a note without what the entry did to it.

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
                f"{self.entry.at} cannot be taken back by itself; it had done this",
                value=path,
                candidates=tuple(as_diff(decode(before), decode(after), path).splitlines()),
                hint="Take it back by hand: incident edit",
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
                hint="Take back what came after it first: incident history shows it; or: incident decline",
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
            f"{self.entry.command} of {self.entry.at} cannot be taken back: what {change.path} held then was pruned, or taken "
            "out because of a secret in it",
            value=change.path,
            hint="incident history shows what was done, and the entries: take back another by naming it, or this by hand",
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
