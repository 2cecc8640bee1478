"""The vault's lock: one writing command at a time.

A `flock` on ``.incident/lock``. The kernel gives it back when the process ends, however it ends, so that no command ever has
to be repaired by hand; and the file is never deleted, because then two processes could each lock a file of that name. Reading
commands take no lock. Where a network file system lets two machines lock the same file, exclusive creation and the
comparison before each swap still are (see `writer`).

The file says who holds the lock, for the one who has to wait. That is a courtesy: nothing is decided by it.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import BusyError, NotFoundError, VaultError
from okb_incident.vault.disk.closed import close_folder
from okb_incident.vault.disk.files import UnreadableError, read_now
from okb_incident.vault.disk.machine import FOLDER
from okb_incident.vault.disk.refusal import reason, remedy
from okb_incident.vault.disk.writer import create, explained, make_folders, sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WAIT = 5.0
"""Seconds for which a command waits for each other one to finish: counted anew when the lock changes hands."""

WAIT_FOR_ALL = 60.0
"""Seconds for which it waits for all of them together."""


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


class Waiting:
    """How long a command has waited, and for whom."""

    def __init__(
        self, wait: float, *, clock: Callable[[], float] | None = None, sleep: Callable[[float], None] | None = None
    ) -> None:
        """Begin to wait for whoever holds the lock.

        Args:
            wait: Seconds for each holder.
            clock: Seconds that never go back.
            sleep: Pauses for some seconds.
        """
        self._wait = wait
        self._clock = clock or time.monotonic
        self._sleep = sleep or time.sleep
        self._begun = self._clock()
        self._until = self._begun + wait
        self._holder = b""
        self._pause = 0.001

    @property
    def seconds(self) -> float:
        """Return how long it has been."""
        return self._clock() - self._begun

    def goes_on(self, holder: bytes) -> bool:
        """Wait a moment for who holds the lock now, and return whether to try again.

        Args:
            holder: What the lock file says; nothing while the lock is changing hands.
        """
        now = self._clock()
        if holder and holder != self._holder:
            # The first one that is seen has been waited for since the beginning.
            if self._holder:
                self._until = now + self._wait
            self._holder = holder
        left = min(self._until, self._begun + max(WAIT_FOR_ALL, self._wait)) - now
        if left <= 0:
            return False
        self._sleep(min(self._pause, left))
        # Never long, so that one waiting command is not overtaken for seconds by others that come at the right moment.
        self._pause = min(self._pause * 1.5, 0.01)
        return True


@contextmanager
def hold(root: str, command: str = "incident", *, wait: float = WAIT) -> Iterator[None]:
    """Hold the vault's lock for the length of a command.

    It cannot be taken twice by one process: the second would wait for the first.

    Args:
        root: The vault.
        command: The words that name the command, such as ``incident resolve``. Never what was typed after them: the title of
            a restricted incident has no place in a file that everyone reads.
        wait: Seconds to wait for each other command that holds it, `WAIT_FOR_ALL` together.

    Raises:
        BusyError: Another command held it all that time.
        VaultError: The vault cannot be written.
    """
    waiting = Waiting(wait)
    if os.path.islink(f"{root}/{FOLDER}"):
        message = f"{root} cannot be locked for writing: {FOLDER} is a link, and could lead out of the vault"
        raise VaultError(message, value=root, hint=f"Remove {root}/{FOLDER}; a folder of that name is made again.")
    try:
        is_new = make_folders(f"{root}/{FOLDER}")
        close_folder(f"{root}/{FOLDER}", root, is_new=is_new)
        descriptor = _take(_file(root), waiting)
    except OSError as error:
        message = f"{root} cannot be locked for writing, at {FOLDER}/lock: {reason(error)}"
        raise VaultError(message, value=root, hint=remedy(error)) from error
    if descriptor is None:
        raise _busy(root, waiting.seconds)
    try:
        _sign(descriptor, command)
        with explained(f"{root}/{FOLDER}"):
            _keep_from_git(f"{root}/{FOLDER}")
        yield
    finally:
        # An error of the disk about the lock file must not hide the answer of the command.
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
        # Nothing was written, so closing it cannot lose anything.
        with suppress(OSError):
            os.close(descriptor)
    return True


def _keep_from_git(folder: str) -> None:
    """Let git ignore the folder, and remove what a crash left of saying so."""
    sweep(folder)
    if not os.path.lexists(f"{folder}/.gitignore"):
        create(f"{folder}/.gitignore", b"*\n")


def _file(root: str) -> str:
    return f"{root}/{FOLDER}/lock"


def _take(path: str, waiting: Waiting) -> int | None:
    """Lock the file and return its descriptor, None if it was waited for in vain."""
    while (descriptor := _try(path)) is None:
        if not waiting.goes_on(_signature(path)):
            return None
    return descriptor


def _signature(path: str) -> bytes:
    """Return what the lock file says of its holder: another process, or another moment, is another holder."""
    try:
        return read_now(path).data[:400]
    except (NotFoundError, UnreadableError):
        return b""


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
    """Write into the lock file who holds it; on a full disk, write nothing."""
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {since} {' '.join(command.split())}\n".encode(), 0)


def _busy(root: str, waited: float) -> BusyError:
    by = holder(root)
    still = f"and still was after {waited:.2g} s"
    if by is None:
        return BusyError(
            f"the vault {root} is being written by another process, {still}", value=root, hint="Repeat the command."
        )
    return BusyError(
        f"the vault {root} is being written by process {by.process} ({by.command}) since {by.since}, {still}; if it hangs, end "
        f"it with: kill {by.process}",
        value=root,
        hint="Repeat the command.",
    )
