"""The writer: how bytes reach the disk so that after a crash, or on a full disk, a file is old or new and never torn.

Bytes always go to a draft first, reach the disk, and only then take their name in one step; the folder reaches the disk last.
These are the steps; `commit` is the one path that puts them together for notes. `create` alone serves the few files that are
no notes: the settings, the lock's folder, the journal's own.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from okb_incident.errors import ConflictError, VaultError
from okb_incident.vault.disk.closed import GROUP, OTHERS
from okb_incident.vault.disk.files import LARGEST_NOTE, TooLargeError, is_there
from okb_incident.vault.disk.refusal import reason, remedy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.vault.disk.files import FileState

TEMP_SUFFIX = ".tmp-incident"
"""How the names of our temp files end; they begin with a dot, so that neither Obsidian nor a scan sees them."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY


class AlreadyThereError(ConflictError):
    """There is something of that name already; take the next."""


class NotDurableError(VaultError):
    """The bytes are in place, but the disk did not confirm that they survive a power cut."""

    code = "not-durable"


def create(path: str, data: bytes, *, mode: int = 0o644) -> None:
    """Make a new file, complete or not at all, and never in the place of another.

    Args:
        path: Its real name; missing folders above it are made.
        data: Its bytes.
        mode: Its permission bits; the user's umask takes away from them.

    Raises:
        AlreadyThereError: Something has that name; take the next.
        InvalidNoteError: It would be too large to be read.
        VaultError: It cannot be written; as `NotDurableError` it is written all the same.
    """
    refuse_too_large(path, data)
    parent = os.path.dirname(path)
    with explained(path):
        make_folders(parent)
        with opened(parent) as folder:
            temp = beside(path, os.urandom(6).hex())
            try:
                draft(temp, data, mode=mode)
                give_name(temp, path)
            finally:
                with suppress(OSError):
                    os.unlink(temp)
            confirm(folder, path)


def sweep(folder: str, of: str = "") -> None:
    """Remove what a crash left of making files that are not notes; the caller holds the vault's lock.

    Args:
        folder: Where they are made.
        of: The name of the one file that is meant; all in the folder by default.

    Raises:
        OSError: It was refused.
    """
    for name in os.listdir(folder):
        if name.startswith(f".{of}") and name.endswith(TEMP_SUFFIX):
            os.unlink(f"{folder}/{name}")


def draft(temp: str, data: bytes, *, mode: int = 0o600, like: FileState | None = None) -> None:
    """Put bytes on the disk under a name that nobody looks at.

    In the place of an older file nobody else may read it until it has that file's mode.

    Raises:
        OSError: It was refused; what is there of it is for the caller to remove.
    """
    with opened(temp, _NEW, mode) as descriptor:
        write_all(descriptor, data)
        if like:
            _liken(descriptor, like)
        os.fsync(descriptor)


def refuse_too_large(path: str, data: bytes) -> None:
    """Refuse to write what would not be read any more.

    Raises:
        TooLargeError: There are too many bytes.
    """
    if len(data) > LARGEST_NOTE:
        raise TooLargeError(path, f"would become larger than {LARGEST_NOTE // 1024**2} MiB and is left as it is")


def write_all(descriptor: int, data: bytes) -> None:
    """Write all bytes, however few of them the system takes at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def give_name(temp: str, path: str) -> None:
    """Link a draft to its name; unlike a rename, a link refuses one that is taken.

    Raises:
        AlreadyThereError: It is taken.
    """
    try:
        os.link(temp, path)
    except FileExistsError:
        raise AlreadyThereError(f"{path} exists already and is left as it is", value=path) from None


def beside(path: str, mark: str) -> str:
    """Name a temp file after its target, cut to what file systems allow, and in the same folder."""
    folder, name = os.path.split(path)
    short = os.fsencode(name)[:200].decode(errors="ignore")
    return f"{folder}/.{short}.{mark}{TEMP_SUFFIX}"


def make_folders(folder: str) -> bool:
    """Make the folders that are missing, each durable in the one above it; in one that is closed to others, as closed as that.

    Returns:
        Whether the folder was missing.

    Raises:
        OSError: It was refused.
    """
    missing = []
    while not is_there(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    for each in reversed(missing):
        with opened(os.path.dirname(each)) as above:
            bits = stat.S_IMODE(os.fstat(above).st_mode)
            with suppress(FileExistsError):
                os.mkdir(each, mode=0o777 if bits & OTHERS else 0o700 | bits & GROUP)
            sync(above)
    return bool(missing)


@contextmanager
def opened(path: str, flags: int = _FOLDER, mode: int = 0o666) -> Iterator[int]:
    """Hold a file or, by default, a folder open.

    A folder is opened before the swap that it is synced after: what could fail about it shall fail while the note is old.
    """
    descriptor = os.open(path, flags | os.O_CLOEXEC, mode)
    try:
        yield descriptor
    except BaseException:
        with suppress(OSError):
            os.close(descriptor)
        raise
    if flags & os.O_DIRECTORY:
        # Nothing was written through it, so that a refusal to close it must not call a written note unwritten.
        with suppress(OSError):
            os.close(descriptor)
    else:
        os.close(descriptor)


def sync(folder: int) -> None:
    """Make the names in a folder durable, as far as its file system can.

    Raises:
        OSError: The disk does not say so.
    """
    try:
        os.fsync(folder)
    except OSError as error:
        # Some network file systems have no such thing; there is no more that could be done.
        if error.errno != errno.EINVAL:
            raise


def confirm(folder: int, path: str) -> None:
    """Make a new name in a folder durable.

    Raises:
        NotDurableError: The disk does not say so.
    """
    try:
        sync(folder)
    except OSError as error:
        raise NotDurableError(
            f"{path} is written, but the disk did not confirm that it would survive a power cut: {reason(error)}",
            value=path,
            hint="Look at the system's log; repeating the command does no harm.",
        ) from error


@contextmanager
def explained(path: str) -> Iterator[None]:
    """Return what the operating system refused as one sentence, with what to do about it."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise VaultError(f"{path} could not be written: {reason(error)}", value=path, hint=remedy(error)) from error


def _liken(descriptor: int, old: FileState) -> None:
    """Set the owner, group and mode of a file to those of another, as far as this user may."""
    user, group = old.owner
    # Apart, because a member of the group may keep the group of a colleague's note, though not its owner.
    with suppress(OSError):
        os.fchown(descriptor, -1, group)
    with suppress(OSError):
        os.fchown(descriptor, user, -1)
    os.fchmod(descriptor, old.mode)
