"""Files: how the bytes of a note are read, safely, from a folder that other programs write at the same time.

A vault is not ours alone. A FIFO or a device may be called ``x.md``, a link may lead out of the vault, and Obsidian saves in
place, so that a reader can meet a note that is empty or half there. So: only regular files are read, never through a link and
never without end; `stillness` has how long a note that somebody may be saving is waited for.

Paths are plain strings. A path "of the vault" is relative to its root, with ``/``; ``inside`` turns it into a real one.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.values.problem import Problem
from okb_incident.errors import InvalidNoteError, NotFoundError
from okb_incident.vault.disk.refusal import reason, remedy

if TYPE_CHECKING:
    from okb_incident.command import Text

LARGEST_NOTE = 16 * 1024 * 1024
"""Bytes. The largest real note seen has 309 kB; what is larger is an accident or an attack, and is neither read nor written."""

# O_NONBLOCK: opening a FIFO returns at once. O_NOFOLLOW: a link has been resolved by `inside`, or it is not read.
_SAFELY = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC

# As Obsidian reads fences (see `note`), save that a first fence cut between CR and LF is one too.
_OPENING_FENCE = rb"(?:\xef\xbb\xbf)?---[ \t]*(?:\r?\n|\r?\Z)"
_CLOSING_FENCE = rb"(?m)^---[ \t]*(?:\r?\n|\Z)"

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class UnreadableError(InvalidNoteError):
    """There is something of that name, but it cannot be read, or written, as a note."""

    code = "unreadable"

    def __init__(self, path: str, verdict: str, *, hint: Text | None = None) -> None:
        super().__init__(f"{path} {verdict}", value=path, hint=hint)
        self._verdict = verdict

    def as_problem(self, path: str) -> Problem:
        """Return the same fault as a value, for those who read many notes; the path is the vault's."""
        return Problem(path, None, self.code, self._verdict, self.hint)


class NotAFileError(UnreadableError):
    """It is a folder, a FIFO, a socket, a device or a link."""

    code = "not-a-file"


class TooLargeError(UnreadableError):
    """It has more than `LARGEST_NOTE` bytes."""

    code = "too-large"


class OutsideError(UnreadableError):
    """It is outside the vault, by its own path or behind a link."""

    code = "link-outside"


class FileState(NamedTuple):
    """The bytes of a file, and what the file was when they were read.

    Attributes:
        data: Its bytes.
        mtime_ns: When its content changed last, as the file says, in nanoseconds.
        ctime_ns: When anything of it changed last, in nanoseconds; no program can set it back.
        size: Its length in bytes.
        inode: The number of the file behind the name.
        mode: Its permission bits.
        owner: User and group, as numbers.
        links: How many names it has.
        still: Whether it kept still while it was read.
    """

    data: bytes
    mtime_ns: int
    ctime_ns: int
    size: int
    inode: int
    mode: int
    owner: tuple[int, int]
    links: int
    still: bool

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the bytes, in hexadecimal."""
        import hashlib  # noqa: PLC0415 - costs more than reading a note, and few ask

        return hashlib.sha256(self.data).hexdigest()

    @property
    def looks_torn(self) -> bool:
        """Return whether this could be a note that is just being saved.

        It changed while it was read, is empty, or its frontmatter begins and does not end.
        """
        return not self.data or not self.still or is_unterminated(self.data)


def is_unterminated(data: bytes) -> bool:
    """Return whether the frontmatter of a note begins and does not end."""
    opening = re.match(_OPENING_FENCE, data)
    return bool(opening and not re.search(_CLOSING_FENCE, data[opening.end() :]))


def inside(root: str, path: str) -> str:
    """Return the real path of an existing path of the vault, with every link in it followed.

    Raises:
        NotFoundError: There is nothing there, or a link to nothing.
        OutsideError: It is outside the vault.
        UnreadableError: A link leads back to itself, or a folder on the way cannot be entered.
    """
    try:
        real = os.path.realpath(os.path.join(root, path), strict=True)
    except FileNotFoundError:
        raise _missing(path) from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not _is_below(real, os.path.realpath(root)):
        raise _outside(path, real)
    return real


def place(root: str, path: str) -> str:
    """Return the real path for a file to come; links in the folders above it are followed, as far as the folders exist.

    Raises:
        OutsideError: It would be outside the vault.
        UnreadableError: The path holds a character that no file name may have.
    """
    folder, name = os.path.split(os.path.join(root, path))
    try:
        real = os.path.join(os.path.realpath(folder), name)
    except ValueError as error:
        raise _unreadable(path, error) from error
    if name in {"", ".", ".."} or not _is_below(real, os.path.realpath(root)):
        raise _outside(path, real)
    return real


def open_ahead(path: str) -> int | None:
    """Open a file that will be read soon and let the system fetch it meanwhile.

    Returns:
        Its descriptor, for `read_now`; None where it cannot be opened, which `read_now` will explain.
    """
    try:
        descriptor = os.open(path, _SAFELY)
    except (OSError, ValueError):
        return None
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):  # a FIFO cannot be fetched
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_WILLNEED)
    return descriptor


def read_now(path: str, descriptor: int | None = None) -> FileState:
    """Read a file once and believe what is there.

    Args:
        path: A real path, as `inside` gives it; a link in its place is refused.
        descriptor: Of the file behind it, as `open_ahead` gives it; it is closed here.

    Raises:
        NotFoundError: There is nothing there.
        UnreadableError: It cannot be read, is not a regular file (`NotAFileError`) or too large (`TooLargeError`).
    """
    try:
        if descriptor is None:
            descriptor = os.open(path, _SAFELY)
        try:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise NotAFileError(path, f"is {kind(before.st_mode)}, not a file")
            # One byte more than there should be tells that it grew. A network file system may also give less than was asked
            # for; then reading goes on until nothing is left.
            data = os.read(descriptor, min(before.st_size, LARGEST_NOTE) + 1)
            while len(data) != before.st_size and len(data) <= LARGEST_NOTE and (more := os.read(descriptor, 65536)):
                data += more
            after = os.fstat(descriptor)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise _missing(path) from None
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in {errno.ENXIO, errno.ELOOP}:
            raise NotAFileError(path, "is a socket, a device or a link, not a file") from error
        raise _unreadable(path, error) from error
    if len(data) > LARGEST_NOTE:
        hint = "Move data out of it, or use another extension than .md."
        raise TooLargeError(path, f"is larger than {LARGEST_NOTE // 1024**2} MiB", hint=hint)
    still = before.st_mtime_ns == after.st_mtime_ns and len(data) == before.st_size == after.st_size
    return FileState(
        data,
        after.st_mtime_ns,
        after.st_ctime_ns,
        after.st_size,
        after.st_ino,
        stat.S_IMODE(after.st_mode),
        (after.st_uid, after.st_gid),
        after.st_nlink,
        still,
    )


def is_there(path: str) -> bool:
    """Return whether a name is taken, by whatever; unlike `os.path.lexists` never "no" for want of an answer.

    Raises:
        OSError: The system gives none.
    """
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    return True


def kind(mode: int) -> str:
    """Name what a path is that is not a regular file."""
    return _KINDS.get(stat.S_IFMT(mode), "something unknown")


def _is_below(path: str, folder: str) -> bool:
    """Return whether a real path is a real folder or is in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _outside(path: str, real: str) -> OutsideError:
    return OutsideError(
        path,
        f"leads out of the vault, to {real}; only files inside are read or written",
        hint="Move the note into the vault, or remove the link.",
    )


def _unreadable(path: str, error: OSError | ValueError) -> UnreadableError:
    return UnreadableError(path, f"cannot be read: {reason(error)}", hint=remedy(error))


def _missing(path: str) -> NotFoundError:
    return NotFoundError(
        f"{path} does not exist",
        value=path,
        hint=Sentence(
            "It may have been renamed or deleted; list what there is with: ",
            Command("list", options=("--all",)),
        ),
    )
