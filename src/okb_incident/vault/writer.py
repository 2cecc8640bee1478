"""The writer: the only module of the product that writes into a vault.

Exit 0 means durable, and after a crash or on a full disk a note is old or new, never torn. So bytes always go to a temp file
beside the note first, reach the disk, and only then take the note's name in one step; the folder reaches the disk last. An
existing note is looked at once more just before: if its bytes are no longer those that were read, somebody else has saved it
meanwhile, and the change is made again on what they saved.

The caller holds the vault's lock, once for the whole command (see `lock.hold`), and gives real paths: those of `files.inside`
for a note that exists, so that a link stays a link and its target is written, and of `files.place` for one to come. The
writer knows neither lock nor vault; a link in a note's place is refused.

Between that last look and the swap lies a fraction of a millisecond in which an editor's save would still be overtaken. All
of that lies in `_swap`, and nothing outside it knows how two files change places.
"""

from __future__ import annotations

import errno
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import ConflictError, NotFoundError, VaultError
from okb_incident.vault.files import LARGEST_NOTE, TooLargeError, UnreadableError, read_bytes, read_now
from okb_incident.vault.refusal import reason, remedy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from okb_incident.vault.files import FileState

TEMP_SUFFIX = ".tmp-incident"
"""How the names of our temp files end; they begin with a dot, so that neither Obsidian nor a scan sees them."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class StaleError(ConflictError):
    """The note on disk is no longer the one that was read; read it again, and make the change on that."""


class AlreadyThereError(ConflictError):
    """There is something of that name already; take the next."""


class NotDurableError(VaultError):
    """The bytes are in place, but the disk did not confirm that they survive a power cut."""

    code = "not-durable"


class Written(NamedTuple):
    """What an edit did.

    Attributes:
        data: The bytes that are in place now.
        old: The bytes that were read last, on which the change was made.
        notes: Sentences about the file itself that a person should know.
    """

    data: bytes
    old: bytes
    notes: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was written; equal bytes never are, so that the note's time of change stays."""
        return self.data != self.old


def edit(path: str, change: Callable[[bytes], bytes], *, attempts: int = 5) -> Written:
    """Read a note, change its bytes, and put them in place; again from the start if it was saved meanwhile.

    Args:
        path: An existing note, as `files.inside` gives it.
        change: A pure function; it may be called several times, each time with newer bytes.
        attempts: How often to try.

    Raises:
        NotFoundError: There is no such note.
        InvalidNoteError: It cannot be read.
        ConflictError: It was saved by someone else during every attempt.
        VaultError: It cannot be written.
    """
    for attempt in range(attempts):
        # Who saves by moving files about may need a moment; the pauses of five attempts take a tenth of a second.
        time.sleep(attempt * 0.01)
        old = read_bytes(path)
        with suppress(StaleError):
            return replace(path, old, change(old.data))
    raise ConflictError(
        f"{path} was changed by another program during each of {attempts} attempts to write it, and is left as it is",
        value=path,
        hint="Repeat the command when the other program has settled.",
    )


def replace(path: str, old: FileState, new: bytes) -> Written:
    """Put new bytes in the place of those that were read; mode and, where it is allowed, owner stay.

    Args:
        path: An existing note, as `files.inside` gives it.
        old: The note as it was read.
        new: Its bytes to come.

    Raises:
        StaleError: The note is no longer as it was read, or is gone.
        InvalidNoteError: The note would become too large to be read.
        VaultError: It cannot be written; as `NotDurableError` it is written all the same.
    """
    if new == old.data:
        return Written(new, old.data)
    with _explained(path), _opened(os.path.dirname(path)) as folder:
        with _draft(path, new, like=old) as temp:
            _swap(temp, path, old)
        _confirm(folder, path)
    return Written(new, old.data, _notes(path, old))


def create(path: str, data: bytes, *, mode: int = 0o644) -> None:
    """Put a new file in the vault, complete or not at all, and never in the place of another.

    Args:
        path: Its name, as `files.place` gives it; missing folders above it are made.
        data: Its bytes.
        mode: Its permission bits; the user's umask takes away from them.

    Raises:
        AlreadyThereError: Something has that name; take the next.
        InvalidNoteError: It would be too large to be read.
        VaultError: It cannot be written; as `NotDurableError` it is written all the same.
    """
    parent = os.path.dirname(path)
    with _explained(path):
        make_folders(parent)
        with _opened(parent) as folder:
            with _draft(path, data, mode=mode) as temp:
                try:
                    # Unlike a rename, a link refuses a name that is taken.
                    os.link(temp, path)
                except FileExistsError:
                    raise AlreadyThereError(f"{path} exists already and is left as it is", value=path) from None
            _confirm(folder, path)


def make_folders(folder: str) -> None:
    """Make the folders that are missing, from the top, each one durable in the one above it.

    Raises:
        OSError: The system refuses; those above the one that it refuses are made.
    """
    missing = []
    while not os.path.lexists(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    for each in reversed(missing):
        with suppress(FileExistsError):
            os.mkdir(each)
        with _opened(os.path.dirname(each)) as above:
            os.fsync(above)


def _swap(temp: str, path: str, old: FileState) -> None:
    """Let a temp file take a note's place, if the note is still as it was read."""
    try:
        now = read_now(path)
    except (NotFoundError, UnreadableError):
        raise _stale(path) from None
    if (now.data, now.mode, now.owner) != (old.data, old.mode, old.owner):
        raise _stale(path)
    os.replace(temp, path)


@contextmanager
def _draft(target: str, data: bytes, *, mode: int = 0o600, like: FileState | None = None) -> Iterator[str]:
    """Put bytes on the disk beside their target, and give the path of that temp file; nothing is left of it afterwards.

    In the place of an older file it is nobody else's to read until it has that file's mode.
    """
    if len(data) > LARGEST_NOTE:
        raise TooLargeError(target, f"would become larger than {LARGEST_NOTE // 1024**2} MiB and is left as it is")
    temp = _temp_beside(target)
    try:
        descriptor = os.open(temp, _NEW, mode)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if like:
                _liken(descriptor, like)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        yield temp
    finally:
        with suppress(OSError):
            os.unlink(temp)


def _liken(descriptor: int, old: FileState) -> None:
    """Give a file the owner, group and mode of another, as far as this user may."""
    user, group = old.owner
    # Apart, because a member of the group may keep the group of a colleague's note, though not its owner.
    with suppress(OSError):
        os.fchown(descriptor, -1, group)
    with suppress(OSError):
        os.fchown(descriptor, user, -1)
    os.fchmod(descriptor, old.mode)


def _temp_beside(target: str) -> str:
    """Name a temp file after its target, cut to what file systems allow."""
    folder, name = os.path.split(target)
    short = os.fsencode(name)[:200].decode(errors="ignore")
    return f"{folder}/.{short}.{os.urandom(6).hex()}{TEMP_SUFFIX}"


@contextmanager
def _opened(folder: str) -> Iterator[int]:
    """Hold a folder open, from before the swap: what could fail about it shall fail while the note is still the old one."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        # Nothing was written through it, so that a refusal to close it must not call a written note unwritten.
        with suppress(OSError):
            os.close(descriptor)


def _confirm(folder: int, path: str) -> None:
    """Make a new name in a folder durable."""
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno == errno.EINVAL:
            return  # a file system that has no such thing, as some network ones; there is no more that could be done
        raise NotDurableError(
            f"{path} is written, but the disk did not confirm that it would survive a power cut: {reason(error)}",
            value=path,
            hint="Look at the system's log; repeating the command does no harm.",
        ) from error


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Say what the operating system refused as one sentence, with what to do about it."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise VaultError(f"{path} could not be written: {reason(error)}", value=path, hint=remedy(error)) from error


def _stale(path: str) -> StaleError:
    return StaleError(
        f"{path} was changed or removed by another program meanwhile", value=path, hint="Repeat the command."
    )


def _notes(path: str, old: FileState) -> tuple[str, ...]:
    """Say what about the file itself is no longer as it was."""
    if old.links == 1:
        return ()
    return (f"{path} had {old.links} names (hard links); only this one has the new text, the others keep the old",)
