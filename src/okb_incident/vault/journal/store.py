"""Where the journal of one machine is, in ``.incident/<machine>/``, and how its entries come and go.

    journal/2026-11/<entry>    what was done, by month of the real clock
    intent/<entry>             what is being done; empty but for the moments of a command, and after a crash
    displaced/<entry>.<k>-<h>  the very file that the k-th change of an entry took from its name, and the hash of its bytes then
    images/<sha256>            the bytes of a file after a command; ``….z`` when pruned, ``….redacted`` where they were taken out
    machine                    what tells that the folder was made here (see `machine`)
    ids                        the names of all notes ever created or removed, a line each, so that none is given out twice

Each machine has its own, so that two machines that share a folder never write one file. Whoever writes holds the vault's lock.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from okb_incident.core.values.identity import CROCKFORD, ulid
from okb_incident.errors import NotFoundError, VaultError
from okb_incident.vault.disk import machine
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import NotAFileError, TooLargeError, UnreadableError, read_now
from okb_incident.vault.disk.machine import FOLDER
from okb_incident.vault.disk.writer import (
    TEMP_SUFFIX,
    NotDurableError,
    beside,
    confirm,
    create,
    draft,
    explained,
    make_folders,
    opened,
    sync,
    write_all,
)
from okb_incident.vault.journal.entry import PRIVATE, EntryFault, JournalEntry, Previous, read_entry
from okb_incident.vault.journal.kept import Kept, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.vault.journal.entry import FileChange

# Whatever else somebody puts into the folders is not an entry, and keeps no command from its work.
_ENTRY = rf"[{CROCKFORD}]{{26}}"
_MONTH = r"\d{4}-\d{2}"

BEGUN: list[str] = []
"""The entries that this process began, in order; a console undoes only what is among them."""


class Journal(Kept):
    """The journal of one machine in one vault."""

    @classmethod
    def here(cls, root: str) -> Journal:
        """Return this machine's journal of a vault, under the name that its folder has now."""
        return cls(root, machine.own_folder(root))

    @classmethod
    def all_of(cls, root: str) -> list[Journal]:
        """Return the journals of all machines whose files are in a vault, this one's first if it has any."""
        own = machine.own_folder(root)
        return [cls(root, name) for name in sorted(machine.folders(root), key=lambda name: (name != own, name))]

    @property
    def has_another_name(self) -> bool:
        """Return whether the folder still has the name of before the host was renamed, or that of an older version."""
        return self.machine != machine.this_machine()

    def renamed(self) -> Journal:
        """Let this machine's folder have the name of this machine; the caller holds the vault's lock.

        Raises:
            OSError: The system refuses.
        """
        journal = Journal(self.root, machine.this_machine())
        if machine.own_folder(self.root) == self.machine != journal.machine:
            with opened(f"{self.root}/{FOLDER}") as folder:
                os.rename(self.place(), journal.place())
                sync(folder)
            journal.sign()
        return journal

    def sign(self) -> None:
        """Note in the folder that it was made here; without that it is missed only after the host has been renamed."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        with suppress(OSError):
            make_folders(self.place())
            with opened(self.place(machine.SIGN), flags, PRIVATE) as descriptor:
                write_all(descriptor, machine.sign_of(self.place()))

    def refuse_links(self) -> None:
        """Refuse to write where a link in the place of a folder of the journal leads.

        Raises:
            VaultError: There is one; a vault that came from elsewhere could lead us anywhere with it.
        """
        for parts in ((), ("journal",), ("intent",), ("displaced",), ("images",)):
            path = self.place(*parts)
            if os.path.islink(path):
                raise VaultError(f"{path} is a link; the journal is only written inside the vault", value=path)

    # -- what is being done ------------------------------------------------------------------------------------------

    def begin(
        self,
        command: str,
        by: str | None,
        changes: Sequence[FileChange],
        undoes: str | None = None,
        purges: Sequence[str] | None = None,
    ) -> JournalEntry:
        """Write down, durably, what is about to be done.

        Raises:
            VaultError: It cannot be written.
        """
        newest = self.newest()
        if newest is None:
            self.sign()
        now = time.time()
        # One that cannot be read, or not be finished yet, has a name too.
        last = next((name for _, name in self._places()), "")
        begun = names_in(self.place("intent"), _ENTRY)
        name = ulid(int(now * 1000), os.urandom(10), after=max([last, *begun]) or None)
        entry = JournalEntry(
            name,
            time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
            by,
            command,
            tuple(changes),
            (newest,) if newest else (),
            undoes,
            None if purges is None else tuple(purges),
        )
        try:
            create(self.place("intent", name), entry.write(), mode=entry.mode)
        except NotDurableError as error:
            self.drop(entry)
            # The notes are as they were, which its own words would not say.
            raise VaultError(
                f"{self.root} could not be written: the disk did not confirm that the journal would survive a power cut",
                value=self.root,
                hint=error.hint,
            ) from error
        BEGUN.append(name)
        return entry

    def amend(self, entry: JournalEntry) -> None:
        """Write down anew what is being done.

        Raises:
            VaultError: It cannot be written.
        """
        path = self.place("intent", entry.id)
        with explained(path), opened(self.place("intent")) as folder:
            temp = beside(path, "new")
            with suppress(FileNotFoundError):
                os.unlink(temp)
            draft(temp, entry.write(), mode=entry.mode)
            os.replace(temp, path)
            confirm(folder, path)

    def drop(self, entry: JournalEntry) -> None:
        """Forget an entry of which nothing was done."""
        with suppress(FileNotFoundError):
            os.unlink(self.place("intent", entry.id))

    def finish(self, entry: JournalEntry) -> None:
        """Take an entry over as done.

        Not durable by itself: after a power cut it is an intent again, of which everything is found to be done.
        """
        month = max([entry.at[:7], *self._months()[-1:]])
        make_folders(self.place("journal", month))
        os.rename(self.place("intent", entry.id), self.place("journal", month, entry.id))

    def intents(self) -> list[str]:
        """Name what is there that is being done, or was cut off."""
        return names_in(self.place("intent"), rf"{_ENTRY}|.*{re.escape(TEMP_SUFFIX)}")

    def unfinished(self) -> list[JournalEntry]:
        """Return what a crash left half done, oldest first; an intent that was cut off itself had not been begun."""
        found = []
        for name in self.intents():
            path = self.place("intent", name)
            # One that cannot be read now may have been begun, and is left for later.
            with suppress(NotFoundError, UnreadableError, OSError):
                if name.endswith(TEMP_SUFFIX):
                    os.unlink(path)
                    continue
                try:
                    found.append(read_entry(read_now(path).data))
                except EntryFault:
                    os.unlink(path)
        return found

    # -- what was done -----------------------------------------------------------------------------------------------

    def newest(self) -> Previous | None:
        """Return the last entry, None where there is none.

        Raises:
            UnreadableError: It cannot be read now. Going on would break the chain.
        """
        for name, data in self.files_backward():
            return Previous(name, digest(data))
        return None

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Return id and bytes of every entry, oldest first; a missing one shows in its successor."""
        yield from list(self.files_backward())[::-1]

    def files_backward(self) -> Iterator[tuple[str, bytes]]:
        """Return id and bytes of every entry, newest first; what is not a file in its place is passed over.

        Raises:
            UnreadableError: One cannot be read now.
        """
        for path, name in self._places():
            with suppress(NotFoundError, NotAFileError, TooLargeError):
                yield name, read_now(path).data

    def entries(self) -> Iterator[JournalEntry]:
        """Return every entry that is one, oldest first."""
        yield from list(self.backward())[::-1]

    def backward(self) -> Iterator[JournalEntry]:
        """Return every entry that is one, newest first."""
        for _, data in self.files_backward():
            with suppress(EntryFault):
                yield read_entry(data)

    def _places(self) -> Iterator[tuple[str, str]]:
        """Return path and id of every entry, newest first."""
        for month in reversed(self._months()):
            for name in reversed(names_in(self.place("journal", month), _ENTRY)):
                yield self.place("journal", month, name), name

    def _months(self) -> list[str]:
        return names_in(self.place("journal"), _MONTH)

    # -- names -------------------------------------------------------------------------------------------------------

    def note_names(self, entry: JournalEntry) -> None:
        """Note which names an entry gave, or took away, so that none is given again."""
        paths = [change.path for change in entry.changes if change.kind != "edit"]
        if not paths:
            return
        # The line break comes first: a line that a crash or a full disk cut off spoils no other.
        lines = "".join("\n" + os.path.basename(path).removesuffix(".md") for path in paths)
        with opened(self.place("ids"), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW) as descriptor:
            write_all(descriptor, lines.encode(errors="surrogateescape"))


def names_once_given(root: str, prefix: str) -> list[str]:
    """List the names of notes with a prefix that were ever created in a vault, of all machines, whether they still exist."""
    pattern = re.compile(b"^" + re.escape(prefix.encode()) + b".*$", re.MULTILINE)
    found = []
    for journal in Journal.all_of(root):
        with suppress(NotFoundError, UnreadableError):
            register = read_now(journal.place("ids")).data
            found += [name.decode(errors="surrogateescape") for name in pattern.findall(register)]
    return found
