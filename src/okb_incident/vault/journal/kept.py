"""What the journal of one machine keeps of notes: the files that commands displaced, and the bytes that they wrote."""

from __future__ import annotations

import errno
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.identity import CROCKFORD
from okb_incident.errors import NotFoundError, VaultError
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import LARGEST_NOTE, NotAFileError, TooLargeError, UnreadableError, read_now
from okb_incident.vault.disk.machine import FOLDER
from okb_incident.vault.disk.refusal import reason, remedy
from okb_incident.vault.disk.writer import AlreadyThereError, create, make_folders, opened, write_all
from okb_incident.vault.journal.entry import PRIVATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.vault.disk.files import FileState
    from okb_incident.vault.journal.entry import JournalEntry

TAKEN_OUT = ".redacted"
"""What the name of an image ends in whose bytes were taken out because of a secret in them."""

_DISPLACED = rf"(?P<entry>[{CROCKFORD}]{{26}})\.(?P<number>\d{{1,6}})(\.\d)?-(?P<held>[0-9a-f]{{64}})"
NEW = ".new"
"""What the name of an image ends in that is being written."""


class Displaced(NamedTuple):
    """A file that a command took from its name.

    Attributes:
        path: Where it is kept.
        entry: The command's entry.
        number: Which of its changes.
        held: The SHA-256 of its bytes at that moment.
        state: What it holds now.
    """

    path: str
    entry: str
    number: int
    held: str
    state: FileState

    @property
    def is_late(self) -> bool:
        """Return whether somebody saved into it after the command: an editor had held it open, and may have emptied it first."""
        return bool(self.state.data.strip()) and digest(self.state.data) != self.held

    @property
    def name(self) -> str:
        """Return its name among the displaced files: one of the entry's marks, and the hash."""
        return os.path.basename(self.path)


class Kept:
    """The files of one machine's journal.

    Attributes:
        root: The vault.
        machine: The machine's name.
    """

    def __init__(self, root: str, machine: str) -> None:
        self.root = root
        self.machine = machine

    def place(self, *parts: str) -> str:
        """Return the path of something in this journal."""
        return "/".join((self.root, FOLDER, self.machine, *parts))

    def keep_displaced(self, path: str, mark: str, *, holds: str, private: bool) -> None:
        """Take over the very file that a change took from its name: an editor may hold it open and still write to it.

        Args:
            path: Where it is.
            mark: Which it is, one of the entry's marks.
            holds: The SHA-256 of what was found in it; later it tells whether somebody did write to it.
            private: Whether nobody else may read it.

        Raises:
            OSError: The system refuses.
        """
        make_folders(self.place("displaced"))
        target = self.place("displaced", f"{mark}-{holds}")
        if private:
            # A colleague's own is as private as it was.
            with suppress(PermissionError):
                os.chmod(path, PRIVATE)
        try:
            os.rename(path, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # .incident is on another file system; its bytes at least can be kept.
            state = read_now(path)
            with suppress(AlreadyThereError):
                create(target, state.data, mode=state.mode)
            os.unlink(path)

    def empty_displaced(self, path: str, mark: str) -> None:
        """Take over the file that a change took from its name, without its bytes: there is a secret in them.

        What an editor that holds it open still writes to it is found again.

        Raises:
            OSError: The system refuses.
        """
        with suppress(PermissionError), opened(path, os.O_WRONLY | os.O_NOFOLLOW) as descriptor:
            # Its bytes stay where it has another name: in a backup, for instance.
            if os.fstat(descriptor).st_nlink == 1:
                os.ftruncate(descriptor, 0)
                os.fsync(descriptor)
        if os.lstat(path).st_size == 0:
            self.keep_displaced(path, mark, holds=digest(b""), private=True)
            return
        make_folders(self.place("displaced"))
        with suppress(AlreadyThereError):
            create(self.place("displaced", f"{mark}-{digest(b'')}"), b"", mode=PRIVATE)
        os.unlink(path)

    def displaced(self, names: Sequence[str] | None = None) -> Iterator[Displaced]:
        """Return the displaced files that are still kept as they are, all of them or those of some names."""
        for name in names_in(self.place("displaced")) if names is None else names:
            if found := re.fullmatch(_DISPLACED, name):
                path = self.place("displaced", name)
                with suppress(NotFoundError, UnreadableError):
                    yield Displaced(path, found["entry"], int(found["number"]), found["held"], read_now(path))

    def has_displaced(self, mark: str) -> bool:
        """Return whether a file is kept that a change has displaced."""
        return any(name.startswith(f"{mark}-") for name in names_in(self.place("displaced")))

    def keep_image(self, data: bytes, mode: int) -> None:
        """Keep bytes by their hash; after a power cut an image may be missing, but what is there is whole.

        Raises:
            OSError: The system refuses.
        """
        path, new = (self.place("images", digest(data) + suffix) for suffix in ("", NEW))
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
            os.fsync(descriptor)
        os.rename(new, path)

    def images(self) -> list[str]:
        """Name the files that hold images."""
        return [name for name in names_in(self.place("images"), r"[^.].*") if not name.endswith(NEW)]

    def image(self, wanted: str | None, *displaced: str) -> bytes | None:
        """Return the bytes that have a hash, None where they are gone, were pruned or taken out, or cannot be read now.

        Args:
            wanted: The SHA-256.
            displaced: The marks of changes that may have displaced a file that holds them.
        """
        with suppress(UnreadableError):
            return self.known_image(wanted, *displaced)
        return None

    def known_image(self, wanted: str | None, *displaced: str) -> bytes | None:
        """Return what `image` does, None only where the bytes are known not to be kept.

        Raises:
            UnreadableError: What may hold them cannot be read now.
        """
        unread = None
        names = (*(f"displaced/{mark}-{wanted}" for mark in displaced), f"images/{wanted}", f"images/{wanted}.z")
        for name in names:
            try:
                data = read_now(self.place(name)).data
            except (NotFoundError, NotAFileError, TooLargeError):
                continue
            except UnreadableError as error:
                unread = error
                continue
            data = unpacked(data) if name.endswith(".z") else data
            if digest(data) == wanted:
                return data
        if unread:
            raise unread
        return None

    def before(self, entry: JournalEntry, number: int) -> bytes | None:
        """Return the bytes of a file before a change of an entry."""
        return self.image(entry.changes[number].before, *entry.marks(number))

    def after(self, entry: JournalEntry, number: int) -> bytes | None:
        """Return the bytes of a file after a change of an entry."""
        return self.image(entry.changes[number].after, *entry.marks(number))


def unpacked(data: bytes) -> bytes:
    """Return what `prune` has packed, up to the size of the largest note; nothing for what is not a pack."""
    import zlib  # noqa: PLC0415 - only of what is older than an hour

    try:
        return zlib.decompressobj().decompress(data, LARGEST_NOTE)
    except zlib.error:
        return b""


def names_in(folder: str, form: str = "") -> list[str]:
    """Return the names of a form in a folder of the journal, sorted; none where it is missing.

    Raises:
        VaultError: It cannot be listed.
    """
    try:
        return sorted(name for name in os.listdir(folder) if not form or re.fullmatch(form, name))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise VaultError(f"{folder} cannot be listed: {reason(error)}", value=folder, hint=remedy(error)) from error
