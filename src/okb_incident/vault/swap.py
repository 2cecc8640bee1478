"""Swap: how one change of an entry takes place in the vault, and what is done when somebody saved at the same moment.

A change has two names beside its note that nobody looks at, made of the entry's id so that a crash hides none of them: the
draft, on which bytes may still be on their way, and the temp, which is whole. After the swap the temp holds what the note's
name held the moment before. If those are not the bytes that the change was made on, an editor saved in between; its text is
merged in, or becomes a conflict copy beside the note. Either way the very file goes to the journal, where whatever a slow
editor still writes to it is found again.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import NotFoundError
from okb_incident.vault import exchange, writer
from okb_incident.vault.digest import digest
from okb_incident.vault.files import UnreadableError, read_bytes, read_now

if TYPE_CHECKING:
    from okb_incident.vault.files import FileState
    from okb_incident.vault.journal.entry import Entry, FileChange
    from okb_incident.vault.journal.store import Journal

ROUNDS = 5
"""How often in a row somebody's save is merged in before it becomes a conflict copy."""


class Settled(NamedTuple):
    """How a swap ended.

    Attributes:
        change: The change as it was done in the end.
        data: What the note holds now; None where it is gone.
        copy: The conflict copy that had to be made, None mostly.
        places: What both sides had changed.
    """

    change: FileChange
    data: bytes | None
    copy: str | None = None
    places: tuple[str, ...] = ()


class Swap(NamedTuple):
    """One change of an entry on its way.

    Attributes:
        journal: Where it is written down.
        entry: The command.
        number: Which of the entry's changes.
        real: The note's real path.
    """

    journal: Journal
    entry: Entry
    number: int
    real: str

    @property
    def change(self) -> FileChange:
        """What is to be done."""
        return self.entry.changes[self.number]

    @property
    def draft(self) -> str:
        """Where bytes are on their way to the disk."""
        return writer.beside(self.real, f"{self.entry.id}.{self.number}.draft")

    @property
    def temp(self) -> str:
        """Where whole bytes wait for their name, and afterwards what had the name before."""
        return writer.beside(self.real, f"{self.entry.id}.{self.number}")

    def prepare(self, data: bytes, like: FileState | None) -> None:
        """Bring bytes to the disk beside the note.

        Raises:
            OSError: The system refuses.
        """
        if like is None:
            writer.draft(self.draft, data, mode=self.change.mode)
        else:
            writer.draft(self.draft, data, like=like)
        os.rename(self.draft, self.temp)

    def apply(self) -> None:
        """Do it, in one step.

        Raises:
            AlreadyThereError: The name of a new file is taken.
            OSError: The system refuses; nothing is done then.
        """
        if self.change.kind == "create":
            writer.give_name(self.temp, self.real)
            with suppress(OSError):
                os.unlink(self.temp)
        elif self.change.kind == "edit":
            exchange.exchange(self.temp, self.real)
        else:
            os.rename(self.real, self.temp)

    def take_back(self) -> bool:
        """Undo what `apply` did, because another change of the same command was refused.

        Returns:
            Whether it is as it was before, and could be applied again.
        """
        try:
            now = read_now(self.real).data if self.change.after else None
            if now is not None and digest(now) != self.change.after:
                return False
            if self.change.kind == "create":
                os.rename(self.real, self.temp)
            elif self.change.kind == "edit":
                exchange.exchange(self.temp, self.real)
            else:
                writer.give_name(self.temp, self.real)
                os.unlink(self.temp)
        except (OSError, NotFoundError, UnreadableError, writer.AlreadyThereError):
            return False
        return True

    def sweep(self) -> None:
        """Remove draft and temp of a change that did not take place; bytes that nobody knows become a conflict copy."""
        with suppress(OSError):
            os.unlink(self.draft)
        with suppress(NotFoundError, UnreadableError):
            if digest(read_now(self.temp).data) not in {self.change.before, self.change.after, self.change.held}:
                os.rename(self.temp, _free_name(self.real))
        with suppress(OSError):
            os.unlink(self.temp)

    def settle(self, base: bytes | None, held: bytes | None, beside: str) -> Settled:
        """Look at what had the name, and merge in what somebody saved there in between.

        Args:
            base: The bytes that the change was made on; None where they are not known any more.
            held: What the note holds now.
            beside: Beside which path a conflict copy goes.

        Raises:
            OSError: The system refuses; the note is changed already.
        """
        if self.change.kind == "create" or not os.path.lexists(self.temp):
            return Settled(self.change, held)
        swap = self
        for _ in range(ROUNDS):
            theirs = read_bytes(swap.temp)
            if digest(theirs.data) == (swap.change.held or swap.change.before):
                return Settled(swap.change, held)
            if base is not None and not theirs.data.strip():
                # An editor had just emptied it, to save; what it writes now is found in the displaced file later.
                swap.journal.keep_displaced(swap.temp, swap.entry, swap.number, digest(theirs.data))
                swap.journal.keep_image(base, swap.change.mode)
                return Settled(swap.change, held)
            merged = _merge(base, held, theirs.data)
            if merged is None or merged[1]:
                return swap.give_way(held, beside, merged[1] if merged else ())
            if merged[0] == held:
                return Settled(swap.change, held)
            assert held is not None, "only a note that is there can be merged with"
            swap.journal.keep_displaced(swap.temp, swap.entry, swap.number, digest(theirs.data))
            change = swap.change._replace(before=digest(theirs.data), after=digest(merged[0]), held=digest(held))
            swap = swap.restated(change)
            swap.prepare(merged[0], read_bytes(swap.real))
            swap.apply()
            held = merged[0]
        if digest(read_bytes(swap.temp).data) == swap.change.held:
            return Settled(swap.change, held)
        return swap.give_way(held, beside, ("it was saved again and again",))

    def restated(self, change: FileChange) -> Swap:
        """Write down anew what is to be done, and give it so."""
        entry = self.entry.with_change(self.number, change)
        self.journal.amend(entry)
        return self._replace(entry=entry)

    def give_way(self, held: bytes | None, beside: str, places: tuple[str, ...]) -> Settled:
        """Keep beside the note what somebody saved and what cannot be merged.

        The file itself stays a displaced one, in case it is still being written.
        """
        theirs = read_bytes(self.temp)
        copy = lay_beside(beside, theirs._replace(mode=theirs.mode & self.entry.mode))
        return Settled(self.change._replace(before=digest(theirs.data)), held, copy, places)

    def keep(self, settled: Settled) -> None:
        """Let the journal have the displaced file and the new bytes.

        Raises:
            OSError: The system refuses; the note is changed all the same.
        """
        done = settled.change
        holds = done.held or done.before
        if done.kind == "create":
            with suppress(FileNotFoundError):
                os.unlink(self.temp)
        if holds and os.path.lexists(self.temp):
            self.journal.keep_displaced(self.temp, self.entry, self.number, holds)
        if settled.data is not None:
            self.journal.keep_image(settled.data, self.change.mode & self.entry.mode)


def lay_beside(path: str, state: FileState) -> str:
    """Make a conflict copy beside a note, and give its path.

    Raises:
        VaultError: It cannot be written.
    """
    copy = _free_name(path)
    writer.create(copy, state.data, mode=state.mode)
    return copy


def _merge(base: bytes | None, ours: bytes | None, theirs: bytes) -> tuple[bytes, tuple[str, ...]] | None:
    """Merge a save into what the note holds now; None where there is nothing to merge by or with."""
    if base is None or ours is None:
        return None
    from okb_incident.vault.merge import merge  # noqa: PLC0415 - hardly ever needed

    merged = merge(base, ours, theirs)
    return merged.data, merged.conflicts


def _free_name(path: str) -> str:
    """Name a conflict copy so that scans, and people, know it for one."""
    stem = path.removesuffix(".md")
    clock = time.strftime("%Y-%m-%d %H%M%S")
    name = f"{stem} (conflicted copy {clock}).md"
    number = 2
    while os.path.lexists(name):
        name = f"{stem} (conflicted copy {clock} {number}).md"
        number += 1
    return name
