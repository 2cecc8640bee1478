"""Swap: how one change of an entry takes place in the vault, and what is done when somebody saved at the same moment.

A change has names next to its note that nobody looks at, made of the entry's id so that a crash hides none of them: the draft,
on which bytes may still be on their way, and the temp, which is whole. After the swap the temp holds what the note's name held
the moment before; what becomes of that is the matter of `settlement`.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import NotFoundError
from okb_incident.vault.disk import exchange, writer
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import NotAFileError, TooLargeError, UnreadableError, is_there, read_now

if TYPE_CHECKING:
    from okb_incident.vault.disk.files import FileState
    from okb_incident.vault.journal.entry import FileChange, JournalEntry
    from okb_incident.vault.journal.store import Journal


class Swap(NamedTuple):
    """One change of an entry on its way.

    Attributes:
        journal: Where it is written down.
        entry: The command.
        number: Which of the entry's changes.
        real: The note's real path.
    """

    journal: Journal
    entry: JournalEntry
    number: int
    real: str

    @property
    def change(self) -> FileChange:
        """Return what has to be done."""
        return self.entry.changes[self.number]

    @property
    def draft(self) -> str:
        """Return where bytes are on their way to the disk."""
        return writer.beside(self.real, f"{self.entry.id}.{self.number}.draft")

    @property
    def temp(self) -> str:
        """Return where whole bytes wait for their name, and afterwards what had the name before."""
        return self.temps[0]

    @property
    def temps(self) -> list[str]:
        """Return the temp, and those of the further swaps that merge in what somebody saved."""
        return [writer.beside(self.real, mark) for mark in self.entry.marks(self.number)]

    # -- doing it ----------------------------------------------------------------------------------------------------

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
            OSError: The system refuses; `is_done` says whether it is done all the same.
        """
        if self.change.kind == "create":
            # The temp goes when the note's own name has reached the disk; until then it is the only one that surely has.
            writer.give_name(self.temp, self.real)
        elif self.change.kind == "edit":
            exchange.exchange(self.temp, self.real)
        else:
            os.rename(self.real, self.temp)

    def is_done(self) -> bool:
        """Return whether it took place, by what its names hold.

        Raises:
            OSError, UnreadableError: One of them cannot be looked at now; nothing may be decided then.
        """
        for each in self.temps:
            exchange.mend(each)
        temp = bytes_at(self.temp)
        if self.change.kind == "create":
            note = bytes_at(self.real)
            if temp is not None and note is not None and _is_one_file(self.temp, self.real):
                return True
            return note is not None and digest(note) == self.change.after
        if self.change.kind == "remove" and temp is not None and _is_one_file(self.temp, self.real):
            # Cut off, or refused, between giving the one name back and taking the other.
            os.unlink(self.temp)
            return False
        if temp is None:
            return self.journal.has_displaced(self.entry.marks(self.number)[0])
        return digest(temp) != self.change.after

    def is_prepared(self) -> bool:
        """Return whether all bytes that it needs are on the disk under its temp, and nothing but the swap is missing.

        Raises:
            UnreadableError: Nobody can say now.
        """
        temp = bytes_at(self.temp)
        return self.change.kind == "remove" or (temp is not None and digest(temp) == self.change.after)

    # -- not doing it ------------------------------------------------------------------------------------------------

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
                os.unlink(self.real)
            elif self.change.kind == "edit":
                exchange.exchange(self.temp, self.real)
            else:
                writer.give_name(self.temp, self.real)
                os.unlink(self.temp)
        except (OSError, NotFoundError, UnreadableError, writer.AlreadyThereError):
            return False
        return True

    def withdraw(self) -> None:
        """Remove draft and temp of a change that was never applied, so that both are ours."""
        for path in (self.draft, self.temp):
            with suppress(FileNotFoundError):
                os.unlink(path)

    def sweep(self) -> list[str]:
        """Remove draft and temp of a change that did not take place, or not for good.

        Returns:
            The conflict copies that bytes which nobody knows became.

        Raises:
            OSError, UnreadableError: Not possible now.
        """
        with suppress(FileNotFoundError):
            os.unlink(self.draft)
        copies = []
        for temp in self.temps:
            data = bytes_at(temp)
            if data is None:
                continue
            if digest(data) in {self.change.before, self.change.after, self.change.held}:
                os.unlink(temp)
            else:
                copies.append(self._set_aside(temp))
        return copies

    def catch_up(self) -> str | None:
        """Do what a crash kept from being done, if it still can be.

        Returns:
            The copy that the note to be became, because its name is taken meanwhile, or the note is gone.

        Raises:
            OSError: The system refuses.
        """
        try:
            self.apply()
        except (FileNotFoundError, writer.AlreadyThereError):
            if self.change.after and is_there(self.temp):
                return self._set_aside(self.temp)
        return None

    def _set_aside(self, temp: str) -> str:
        copy = free_name(self.real)
        os.rename(temp, copy)
        return copy

    def forget_merge(self, held: bytes | None) -> None:
        """Remove a merge that a crash kept from being swapped in; what it is made of is still there."""
        with suppress(FileNotFoundError):
            os.unlink(self.draft)
        if self.change.held is None and held is not None and digest(held) == self.change.after:
            for temp in self.temps[1:]:
                with suppress(FileNotFoundError):
                    os.unlink(temp)


def bytes_at(path: str) -> bytes | None:
    """Read a file, None where there is none.

    Raises:
        UnreadableError: There may be one, but it cannot be read now.
    """
    try:
        return read_now(path).data
    except (NotFoundError, NotAFileError, TooLargeError):
        return None


def lay_beside(path: str, state: FileState, mode: int) -> str:
    """Make a conflict copy beside a note, and give its path.

    Raises:
        VaultError: It cannot be written.
    """
    copy = free_name(path)
    writer.create(copy, state.data, mode=mode)
    return copy


def free_name(path: str) -> str:
    """Name a conflict copy so that scans, and people, know it for one; cut to what file systems allow."""
    folder, name = os.path.split(path)
    stem = os.fsdecode(os.fsencode(name.removesuffix(".md"))[:200])
    clock = time.strftime("%Y-%m-%d %H%M%S")
    copy = f"{folder}/{stem} (conflicted copy {clock}).md"
    number = 2
    while os.path.lexists(copy):
        copy = f"{folder}/{stem} (conflicted copy {clock} {number}).md"
        number += 1
    return copy


def _is_one_file(path: str, other: str) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.lstat(path), os.lstat(other))
    return False
