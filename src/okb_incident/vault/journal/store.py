"""Where the journal of one machine lies, in ``.incident/<machine>/``, and how its files come and go.

    journal/2026-11/<entry>    what was done, by month of the real clock
    intent/<entry>             what is being done; empty but for the moments of a command, and after a crash
    displaced/<entry>.<k>-<h>  the very file that the k-th change of an entry took from its name, and the hash of its bytes then
    images/<sha256>            the bytes of a file after a command; ``….z`` when pruned, ``….redacted`` where they were taken out
    ids                        the names of all notes ever created, a line each, so that none is given out twice

Each machine has its own, so that two machines that share a folder never write one file. Whoever writes holds the vault's lock.
"""

from __future__ import annotations

import errno
import os
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.identity import CROCKFORD, ulid
from okb_incident.errors import NotFoundError, VaultError
from okb_incident.vault.digest import digest
from okb_incident.vault.files import LARGEST_NOTE, UnreadableError, read_now
from okb_incident.vault.journal.entry import PRIVATE, Entry, EntryFault, Previous, read_entry
from okb_incident.vault.lock import FOLDER
from okb_incident.vault.writer import beside, confirm, create, draft, explained, make_folders, opened, write_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.vault.files import FileState
    from okb_incident.vault.journal.entry import FileChange


ULID = re.compile(f"[{CROCKFORD}]{{26}}")
DISPLACED = re.compile(f"(?P<entry>[{CROCKFORD}]{{26}})\\.(?P<number>\\d{{1,6}})-(?P<held>[0-9a-f]{{64}})")
TAKEN_OUT = ".redacted"
"""What the name of an image ends in whose bytes were taken out because of a secret in them."""


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
        """Whether somebody saved into it after the command: an editor had held it open."""
        return digest(self.state.data) != self.held


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

    def refuse_links(self) -> None:
        """Refuse to write where a link in the place of a folder of the journal leads.

        Raises:
            VaultError: There is one; a vault that came from elsewhere could lead us anywhere with it.
        """
        for parts in ((), ("journal",), ("intent",), ("displaced",), ("images",)):
            path = self.place(*parts)
            if os.path.islink(path):
                raise VaultError(f"{path} is a link; the journal is only written inside the vault", value=path)

    # -- entries -----------------------------------------------------------------------------------------------------

    def begin(self, command: str, by: str | None, changes: Sequence[FileChange], undoes: str | None = None) -> Entry:
        """Write down, durably, what is about to be done.

        Raises:
            VaultError: It cannot be written.
        """
        newest = self.newest()
        now = time.time()
        name = ulid(int(now * 1000), os.urandom(10), after=newest.id if newest else None)
        entry = Entry(
            name,
            time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
            by,
            command,
            tuple(changes),
            (newest,) if newest else (),
            undoes,
        )
        create(self.place("intent", name), entry.write(), mode=entry.mode)
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
        created = [os.path.basename(change.path) for change in entry.changes if change.kind == "create"]
        if created:
            self._note_names(name.removesuffix(".md") for name in created)
        os.rename(self.place("intent", entry.id), self.place("journal", month, entry.id))

    def intents(self) -> list[str]:
        """Name what lies there that is being done, or was cut off."""
        return _names(self.place("intent"), hidden=True)

    def unfinished(self) -> list[Entry]:
        """Give what a crash left half done, oldest first; an intent that was cut off itself had not been begun."""
        found = []
        for name in self.intents():
            try:
                found.append(read_entry(read_now(self.place("intent", name)).data))
            except (EntryFault, NotFoundError, UnreadableError):
                with suppress(OSError):
                    os.unlink(self.place("intent", name))
        return found

    def newest(self) -> Previous | None:
        """Give the last entry, None where there is none."""
        for name, data in self.files_backward():
            return Previous(name, digest(data))
        return None

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Give id and bytes of every entry, oldest first."""
        yield from list(self.files_backward())[::-1]

    def files_backward(self) -> Iterator[tuple[str, bytes]]:
        """Give id and bytes of every entry, newest first."""
        for month in reversed(self._months()):
            for name in reversed(_names(self.place("journal", month))):
                # Whatever else somebody puts there is no entry, and must keep no command from its work.
                if ULID.fullmatch(name):
                    with suppress(NotFoundError, UnreadableError):
                        yield name, read_now(self.place("journal", month, name)).data

    def entries(self) -> Iterator[Entry]:
        """Give every entry that can be read, oldest first."""
        yield from list(self.backward())[::-1]

    def backward(self) -> Iterator[Entry]:
        """Give every entry that can be read, newest first."""
        for _, data in self.files_backward():
            with suppress(EntryFault):
                yield read_entry(data)

    def _months(self) -> list[str]:
        return _names(self.place("journal"))

    # -- images ------------------------------------------------------------------------------------------------------

    def keep_displaced(self, path: str, entry: Entry, number: int, holds: str) -> None:
        """Take over the very file that a change took from its name: an editor may hold it open and still write to it.

        Args:
            path: The file.
            entry: The command.
            number: Which of its changes.
            holds: The SHA-256 of what is in it; later it tells whether somebody did write to it.

        Raises:
            OSError: The system refuses.
        """
        make_folders(self.place("displaced"))
        target = self.place("displaced", f"{entry.id}.{number}-{holds}")
        if entry.mode == PRIVATE:
            # A colleague's file cannot be changed so; it lies in a folder of the journal all the same.
            with suppress(PermissionError):
                os.chmod(path, PRIVATE)
        try:
            os.rename(path, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # .incident lies on another file system; its bytes at least can be kept.
            state = read_now(path)
            create(target, state.data, mode=state.mode)
            os.unlink(path)

    def displaced(self) -> Iterator[Displaced]:
        """Give the displaced files that are still kept as they are."""
        for name in _names(self.place("displaced")):
            if found := DISPLACED.fullmatch(name):
                path = self.place("displaced", name)
                with suppress(NotFoundError, UnreadableError):
                    yield Displaced(path, found["entry"], int(found["number"]), found["held"], read_now(path))

    def has_displaced(self, entry: Entry, number: int) -> bool:
        """Say whether a change has displaced a file already."""
        return any(name.startswith(f"{entry.id}.{number}-") for name in _names(self.place("displaced")))

    def images(self) -> list[str]:
        """Name the files that hold images."""
        return [name for name in _names(self.place("images")) if not name.endswith(".new")]

    def keep_image(self, data: bytes, mode: int) -> None:
        """Keep bytes by their hash, without waiting for the disk: after a power cut an image may be missing."""
        path = self.place("images", digest(data))
        if os.path.lexists(path):
            return
        make_folders(self.place("images"))
        with opened(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode) as descriptor:
            write_all(descriptor, data)
        os.rename(path + ".new", path)

    def image(self, wanted: str | None, displaced: str = "") -> bytes | None:
        """Give the bytes that have a hash, None where they are gone, were pruned, or taken out.

        Args:
            wanted: The SHA-256.
            displaced: The entry and number of a change that may have displaced them.
        """
        for name in (f"displaced/{displaced}-{wanted}", f"images/{wanted}"):
            with suppress(NotFoundError, UnreadableError):
                data = read_now(self.place(name)).data
                if digest(data) == wanted:
                    return data
        with suppress(NotFoundError, UnreadableError):
            packed = read_now(self.place("images", f"{wanted}.z")).data
            data = unpacked(packed)
            return data if digest(data) == wanted else None
        return None

    def before(self, entry: Entry, number: int) -> bytes | None:
        """Give the bytes of a file before a change of an entry."""
        return self.image(entry.changes[number].before, f"{entry.id}.{number}")

    def after(self, entry: Entry, number: int) -> bytes | None:
        """Give the bytes of a file after a change of an entry."""
        return self.image(entry.changes[number].after)

    # -- names -------------------------------------------------------------------------------------------------------

    def _note_names(self, stems: Iterator[str]) -> None:
        with opened(self.place("ids"), os.O_WRONLY | os.O_CREAT | os.O_APPEND) as descriptor:
            os.write(descriptor, "".join(f"{stem}\n" for stem in stems).encode(errors="surrogateescape"))


def names_once_given(root: str, prefix: str) -> list[str]:
    """List the names of notes with a prefix that were ever created in a vault, of all machines, whether they still exist."""
    pattern = re.compile(b"^" + re.escape(prefix.encode()) + b".*$", re.MULTILINE)
    found = []
    for journal in Journal.all_of(root):
        with suppress(NotFoundError, UnreadableError):
            register = read_now(journal.place("ids")).data
            found += [name.decode(errors="surrogateescape") for name in pattern.findall(register)]
    return found


def unpacked(data: bytes) -> bytes:
    """Give what `prune` has packed, up to the size of the largest note; nothing for what is no pack."""
    import zlib  # noqa: PLC0415 - only of what is older than an hour

    try:
        return zlib.decompressobj().decompress(data, LARGEST_NOTE)
    except zlib.error:
        return b""


def _names(folder: str, *, hidden: bool = False) -> list[str]:
    """Give the names in a folder of the journal, sorted; none where it is missing."""
    try:
        return sorted(name for name in os.listdir(folder) if hidden or not name.startswith("."))
    except FileNotFoundError:
        return []
