"""The vault's lock: one writing command at a time.

A `flock` on ``.incident/lock``. The kernel gives it back when the process ends, however it ends, so that no command ever has
to be repaired by hand; and the file is never deleted, because then two processes could each lock a file of that name. Reading
commands take no lock. Where a network file system lets two machines lock the same file, exclusive creation and the
comparison before each swap still stand (see `writer`).

The file says who holds the lock, for the one who has to wait. That is a courtesy: nothing is decided by it.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import ConflictError, NotFoundError, VaultError
from okb_incident.vault.disk.closed import close_folder
from okb_incident.vault.disk.files import UnreadableError, read_now
from okb_incident.vault.disk.machine import FOLDER
from okb_incident.vault.disk.refusal import reason, remedy
from okb_incident.vault.disk.writer import create, explained, make_folders, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

WAIT = 5.0
"""Seconds for which a command waits for another one to finish."""


class Holder(NamedTuple):
    """Who holds a lock, as the lock file says.

    Attributes:
        process: Its number.
        since: When it took the lock, in UTC, by the real clock.
        command: The words that name its command.
    """

    process: int
    since: str
    command: str


@contextmanager
def hold(root: str, command: str = "incident", *, wait: float = WAIT) -> Iterator[None]:
    """Hold the vault's lock for the length of a command.

    It cannot be taken twice by one process: the second would wait for the first.

    Args:
        root: The vault.
        command: The words that name the command, such as ``incident resolve``. Never what was typed after them: the title of
            a restricted incident has no place in a file that everyone reads.
        wait: Seconds to wait for another command.

    Raises:
        ConflictError: Another command held it all that time.
        VaultError: The vault cannot be written.
    """
    deadline = time.monotonic() + wait
    if os.path.islink(f"{root}/{FOLDER}"):
        message = f"{root} cannot be locked for writing: {FOLDER} is a link, and could lead out of the vault"
        raise VaultError(message, value=root, hint=f"Remove {root}/{FOLDER}; a folder of that name is made again.")
    try:
        make_folders(f"{root}/{FOLDER}")
        close_folder(f"{root}/{FOLDER}", root)
        descriptor = _take(_file(root), deadline)
    except OSError as error:
        message = f"{root} cannot be locked for writing, at {FOLDER}/lock: {reason(error)}"
        raise VaultError(message, value=root, hint=remedy(error)) from error
    if descriptor is None:
        raise _busy(root, wait)
    try:
        _sign(descriptor, command)
        with explained(f"{root}/{FOLDER}"):
            _keep_from_git(f"{root}/{FOLDER}")
        yield
    finally:
        # What the disk says about the lock file must not stand in the place of what the command has to say.
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
        with suppress(OSError):
            os.close(descriptor)


def holder(root: str) -> Holder | None:
    """Read who holds the lock; None where nobody does, or the file does not say who."""
    if _is_free(root):
        # Whoever was killed while holding it is named there still.
        return None
    try:
        text = read_now(_file(root)).data[:400].decode()
        process, since, command = text.split(maxsplit=2)
        return Holder(int(process), since, command.strip()) if text.strip().isprintable() else None
    except (NotFoundError, UnreadableError, ValueError):
        return None


def _is_free(root: str) -> bool:
    try:
        descriptor = os.open(_file(root), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _keep_from_git(folder: str) -> None:
    """Let git ignore the folder, and remove what a crash left of saying so."""
    sweep(folder)
    if not os.path.lexists(f"{folder}/.gitignore"):
        create(f"{folder}/.gitignore", b"*\n")


def _file(root: str) -> str:
    return f"{root}/{FOLDER}/lock"


def _take(path: str, deadline: float) -> int | None:
    """Lock the file, and give its descriptor; None if somebody else held the lock until the deadline."""
    pause = 0.001
    while (descriptor := _try(path)) is None:
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        time.sleep(min(pause, left))
        # Never long, so that one waiting command is not overtaken for seconds by others that come at the right moment.
        pause = min(pause * 1.5, 0.01)
    return descriptor


def _try(path: str) -> int | None:
    """Lock the file if nobody else does."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Somebody may just have deleted .incident: a lock on a file without a name keeps nobody out.
        if os.path.samestat(os.fstat(descriptor), os.stat(path)):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def _sign(descriptor: int, command: str) -> None:
    """Say in the lock file who holds it; on a full disk nobody says so."""
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {since} {' '.join(command.split())}\n".encode(), 0)


def _busy(root: str, wait: float) -> ConflictError:
    by = holder(root)
    if by is None:
        return ConflictError(
            f"the vault {root} is being written by another process, and still was after {wait:g} s",
            value=root,
            hint="Repeat the command.",
        )
    return ConflictError(
        f"the vault {root} is being written by process {by.process} ({by.command}) since {by.since}, and still was after "
        f"{wait:g} s",
        value=root,
        hint=f"Repeat the command; if that one hangs, end it with: kill {by.process}",
    )
