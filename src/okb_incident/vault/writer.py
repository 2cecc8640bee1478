"""The writer: the only module of the product that writes into a vault.

Exit 0 means durable, and after a crash or on a full disk a note is old or new, never torn. So bytes always go to a temp file
beside the note first, reach the disk, and only then take the note's name in one step; the folder reaches the disk last. An
existing note is looked at once more just before: if its bytes are no longer those that were read, somebody else has saved it
meanwhile, and the change is made again on what they saved.

Between that last look and the swap lies a fraction of a millisecond in which an editor's save would still be overtaken. All
of that lies in `_swap`, and nothing outside it knows how two files change places.
"""

from __future__ import annotations

import errno
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.problem import Problem
from okb_incident.errors import ConflictError, NotFoundError, VaultError
from okb_incident.vault.files import (
    LARGEST_NOTE,
    TooLargeError,
    UnreadableError,
    inside,
    is_below,
    outside,
    read_bytes,
    read_now,
    reason,
    remedy,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from okb_incident.vault.files import FileState

TEMP_SUFFIX = ".tmp-incident"
"""How the names of our temp files end; they begin with a dot, so that neither Obsidian nor a scan sees them."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Stale(ConflictError):  # noqa: N818 - a signal to read again, and an end only where nobody does
    """The note on disk is no longer the one that was read."""


class AlreadyThere(ConflictError):  # noqa: N818 - a signal to take the next name
    """There is something of that name already."""


class NotDurableError(VaultError):
    """The bytes are in place, but the disk did not confirm that they survive a power cut."""

    code = "not-durable"


class Written(NamedTuple):
    """What an edit did.

    Attributes:
        path: Of the vault, as it was asked for.
        old: The bytes that were read last, on which the change was made.
        new: The bytes that are in place now.
        problems: What a person should know about the file itself.
    """

    path: str
    old: bytes
    new: bytes
    problems: tuple[Problem, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was written; equal bytes never are, so that the note's time of change stays."""
        return self.old != self.new


class Writer:
    """Writes the files of one vault.

    The caller holds the vault's lock, once for the whole command (see `lock.hold`): a writer knows nothing of it, so that a
    command that writes three notes does not take it three times. Paths are of the vault; a link to a note of the vault stays
    a link, and its target is written.
    """

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root)

    def edit(self, path: str, change: Callable[[bytes], bytes], *, attempts: int = 5) -> Written:
        """Read a note, change its bytes, and put them in place; again from the start if it was saved meanwhile.

        Args:
            path: An existing note.
            change: A pure function; it may be called several times, each time with newer bytes.
            attempts: How often to try.

        Raises:
            NotFoundError: There is no such note.
            InvalidNoteError: It cannot be read.
            ConflictError: It was saved by someone else during every attempt.
            VaultError: It cannot be written.
        """
        for attempt in range(attempts):
            if attempt:
                # Who saves by moving files about may need a moment; five attempts take a tenth of a second.
                time.sleep(attempt * 0.01)
            old = read_bytes(inside(self._root, path))
            with suppress(Stale):
                return self.replace(path, old, change(old.data))
        raise ConflictError(
            f"{path} was changed by another program during each of {attempts} attempts to write it, and is left as it is",
            value=path,
            hint="Repeat the command when the other program has settled.",
        )

    def replace(self, path: str, old: FileState, new: bytes) -> Written:
        """Put new bytes in the place of those that were read; mode and, where it is allowed, owner stay.

        Raises:
            Stale: The note is no longer as it was read, or is gone.
            InvalidNoteError: The note would become too large to be read.
            VaultError: It cannot be written; as `NotDurableError` it is written all the same.
        """
        if new == old.data:
            return Written(path, old.data, new)
        with _explained(path):
            try:
                target = inside(self._root, path)
            except NotFoundError:
                raise _stale(path) from None
            with _opened(os.path.dirname(target)) as folder:
                with _draft(target, new, like=old) as temp:
                    _swap(temp, target, old)
                _confirm(folder, path)
        return Written(path, old.data, new, _warnings(path, old))

    def create(self, path: str, data: bytes, *, mode: int = 0o644) -> None:
        """Put a new file in the vault, complete or not at all, and never in the place of another.

        Args:
            path: Its name; missing folders above it are made.
            data: Its bytes.
            mode: Its permission bits; the user's umask takes away from them.

        Raises:
            AlreadyThere: Something has that name; take the next.
            OutsideError: The path leads out of the vault.
            InvalidNoteError: It would be too large to be read.
            VaultError: It cannot be written; as `NotDurableError` it is written all the same.
        """
        with _explained(path):
            target = self._place(path)
            self._make_folders(os.path.dirname(target))
            with _opened(os.path.dirname(target)) as folder:
                with _draft(target, data, mode=mode) as temp:
                    try:
                        # Unlike a rename, a link refuses a name that is taken.
                        os.link(temp, target)
                    except FileExistsError:
                        raise AlreadyThere(f"{path} exists already and is left as it is", value=path) from None
                _confirm(folder, path)

    def _place(self, path: str) -> str:
        """Give the real path of a file to come; links in the folders above it are followed."""
        folder, name = os.path.split(os.path.join(self._root, path))
        real = os.path.realpath(folder)
        if not is_below(real, self._root) or name in {"", ".", ".."}:
            raise outside(path, os.path.join(real, name))
        return os.path.join(real, name)

    def _make_folders(self, folder: str) -> None:
        """Make the folders that are missing, from the top, each one durable in the one above it."""
        missing = []
        while not os.path.lexists(folder):
            missing.append(folder)
            folder = os.path.dirname(folder)
        for each in reversed(missing):
            with suppress(FileExistsError):
                os.mkdir(each)
            with _opened(os.path.dirname(each)) as above:
                os.fsync(above)


def _swap(temp: str, target: str, old: FileState) -> None:
    """Let a temp file take a note's place, if the note is still as it was read."""
    try:
        now = read_now(target)
    except (NotFoundError, UnreadableError):
        raise _stale(target) from None
    if (now.data, now.mode, now.owner) != (old.data, old.mode, old.owner):
        raise _stale(target)
    os.replace(temp, target)


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
    with suppress(PermissionError):
        os.fchown(descriptor, -1, group)
    with suppress(PermissionError):
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


def _stale(path: str) -> Stale:
    return Stale(f"{path} was changed or removed by another program meanwhile", value=path, hint="Repeat the command.")


def _warnings(path: str, old: FileState) -> tuple[Problem, ...]:
    """Say what about the file itself is no longer as it was."""
    if old.links == 1:
        return ()
    message = f"had {old.links} names (hard links); the others keep the old text"
    return (Problem(path, None, "hard-link", message, "Link them again, or make them links by path (ln -s)."),)
