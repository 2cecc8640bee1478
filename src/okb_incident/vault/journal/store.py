"""Where the journal of one machine lies, in ``.incident/<machine>/``, and how its files come and go.

    journal/2026-11/<entry>    what was done, by month of the real clock
    intent/<entry>             what is being done; empty but for the moments of a command, and after a crash
    displaced/<entry>.<k>      the very file that the k-th change of an entry took from its name
    images/<sha256>            the bytes of a file after a command; ``….z`` when pruned, ``….redacted`` where they were taken out
    ids                        the names of all notes ever created or removed, a line each, so that none is given out twice

Each machine has its own, so that two machines that share a folder never write one file. Whoever writes holds the vault's lock.
"""

from __future__ import annotations

import errno
import os
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.identity import ulid
from okb_incident.errors import NotFoundError, VaultError
from okb_incident.vault.digest import digest
from okb_incident.vault.files import UnreadableError, read_now
from okb_incident.vault.journal.entry import PRIVATE, Entry, EntryFault, Previous, read_entry
from okb_incident.vault.lock import FOLDER
from okb_incident.vault.writer import (
    TEMP_SUFFIX,
    AlreadyThereError,
    NotDurableError,
    beside,
    confirm,
    create,
    draft,
    explained,
    make_folders,
    opened,
    write_all,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.vault.journal.entry import FileChange


_ENTRY = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_MONTH = re.compile(r"\d{4}-\d{2}")


class Journal(NamedTuple):
    """The journal of one machine in one vault.

    Attributes:
        root: The vault.
        machine: The machine's name.
    """

    root: str
    machine: str

    @classmethod
    def here(cls, root: str) -> Journal:
        """Give this machine's journal of a vault."""
        return cls(root, re.sub(r"[^\w-]+", "-", os.uname().nodename).strip("-") or "machine")

    @classmethod
    def all_of(cls, root: str) -> list[Journal]:
        """Give the journals of all machines whose files are in a vault, this one's first if it has any."""
        try:
            with os.scandir(f"{root}/{FOLDER}") as entries:
                names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
        except OSError:
            return []
        own = cls.here(root).machine
        return [cls(root, name) for name in sorted(names, key=lambda name: (name != own, name))]

    def place(self, *parts: str) -> str:
        """Give the path of something in this journal."""
        return "/".join((self.root, FOLDER, self.machine, *parts))

    # -- entries -----------------------------------------------------------------------------------------------------

    def begin(self, command: str, by: str | None, changes: Sequence[FileChange], undoes: str | None = None) -> Entry:
        """Write down, durably, what is about to be done.

        Raises:
            VaultError: It cannot be written.
        """
        newest = self.newest()
        now = time.time()
        # One that cannot be finished yet has a name too.
        last = max([*self._last(), *_names(self.place("intent"), _ENTRY)[-1:]], default=None)
        name = ulid(int(now * 1000), os.urandom(10), after=last)
        entry = Entry(
            name,
            time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
            by,
            command,
            tuple(changes),
            (newest,) if newest else (),
            undoes,
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
        return entry

    def amend(self, entry: Entry) -> None:
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

    def drop(self, entry: Entry) -> None:
        """Forget an entry of which nothing was done."""
        with suppress(FileNotFoundError):
            os.unlink(self.place("intent", entry.id))

    def finish(self, entry: Entry) -> None:
        """Take an entry over as done.

        Not durable by itself: after a power cut it is an intent again, of which everything is found to be done.
        """
        month = max([entry.at[:7], *self._months()[-1:]])
        make_folders(self.place("journal", month))
        self.note_names(entry)
        os.rename(self.place("intent", entry.id), self.place("journal", month, entry.id))

    def unfinished(self) -> list[Entry]:
        """Give what a crash left half done, oldest first; an intent that was cut off itself had not been begun."""
        found = []
        for name in _names(self.place("intent")):
            path = self.place("intent", name)
            # One that cannot be read now may have been begun, and is left for later.
            with suppress(NotFoundError, UnreadableError, OSError):
                if _ENTRY.fullmatch(name):
                    try:
                        found.append(read_entry(read_now(path).data))
                    except EntryFault:
                        os.unlink(path)
                elif name.endswith(TEMP_SUFFIX):
                    os.unlink(path)
        return found

    def newest(self) -> Previous | None:
        """Give the last entry that can be read, None where there is none."""
        for month in reversed(self._months()):
            for name in reversed(_names(self.place("journal", month), _ENTRY)):
                with suppress(NotFoundError, UnreadableError):
                    return Previous(name, digest(read_now(self.place("journal", month, name)).data))
        return None

    def _last(self) -> list[str]:
        """Give the id of the last entry, readable or not; none where there is none."""
        for month in reversed(self._months()):
            if names := _names(self.place("journal", month), _ENTRY):
                return names[-1:]
        return []

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Give id and bytes of every entry that can be read, oldest first; a missing one shows in its successor."""
        for month in self._months():
            for name in _names(self.place("journal", month), _ENTRY):
                with suppress(NotFoundError, UnreadableError):
                    yield name, read_now(self.place("journal", month, name)).data

    def entries(self) -> Iterator[Entry]:
        """Give every entry that can be read, oldest first."""
        for _, data in self.files():
            with suppress(EntryFault):
                yield read_entry(data)

    def _months(self) -> list[str]:
        return _names(self.place("journal"), _MONTH)

    # -- images ------------------------------------------------------------------------------------------------------

    def keep_displaced(self, path: str, mark: str, *, private: bool) -> None:
        """Take over the very file that a change took from its name: an editor may hold it open and still write to it.

        Args:
            path: Where it is.
            mark: Its name here, one of the entry's.
            private: Whether nobody else may read it.
        """
        make_folders(self.place("displaced"))
        target = self.place("displaced", mark)
        if private:
            # A colleague's own is as private as it was.
            with suppress(PermissionError):
                os.chmod(path, PRIVATE)
        try:
            os.rename(path, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # .incident lies on another file system; its bytes at least can be kept.
            state = read_now(path)
            with suppress(AlreadyThereError):
                create(target, state.data, mode=state.mode)
            os.unlink(path)

    def keep_image(self, data: bytes, mode: int) -> None:
        """Keep bytes by their hash, without waiting for the disk: after a power cut an image may be missing."""
        path, new = (self.place("images", digest(data) + suffix) for suffix in ("", ".new"))
        with suppress(FileNotFoundError):
            there = os.stat(path)
            if there.st_size == len(data):
                if mode == PRIVATE and there.st_mode & 0o077:
                    os.chmod(path, PRIVATE)
                return
        make_folders(self.place("images"))
        with suppress(FileNotFoundError):
            os.unlink(new)
        with opened(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode) as descriptor:
            write_all(descriptor, data)
        os.rename(new, path)

    def image(self, wanted: str | None, *displaced: str) -> bytes | None:
        """Give the bytes that have a hash, None where they are gone, were pruned, or taken out.

        Args:
            wanted: The SHA-256.
            displaced: Files of this journal that may hold them too.
        """
        for name in (*displaced, f"images/{wanted}"):
            with suppress(NotFoundError, UnreadableError):
                data = read_now(self.place(name)).data
                if digest(data) == wanted:
                    return data
        with suppress(NotFoundError, UnreadableError):
            packed = read_now(self.place("images", f"{wanted}.z")).data
            import zlib  # noqa: PLC0415

            with suppress(zlib.error):
                data = zlib.decompress(packed)
                return data if digest(data) == wanted else None
        return None

    def before(self, entry: Entry, number: int) -> bytes | None:
        """Give the bytes of a file before a change of an entry."""
        return self.image(entry.changes[number].before, *_displaced(entry, number))

    def after(self, entry: Entry, number: int) -> bytes | None:
        """Give the bytes of a file after a change of an entry."""
        return self.image(entry.changes[number].after, *_displaced(entry, number))

    # -- names -------------------------------------------------------------------------------------------------------

    def note_names(self, entry: Entry) -> None:
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


def _displaced(entry: Entry, number: int) -> list[str]:
    return [f"displaced/{mark}" for mark in entry.marks(number)]


def _names(folder: str, form: re.Pattern[str] | None = None) -> list[str]:
    """Give the names of a form in a folder of the journal, sorted; none where it is missing."""
    try:
        return sorted(name for name in os.listdir(folder) if not form or form.fullmatch(name))
    except FileNotFoundError:
        return []
