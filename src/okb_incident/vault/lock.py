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

from okb_incident.errors import ConflictError, VaultError
from okb_incident.vault.files import reason, remedy
from okb_incident.vault.writer import AlreadyThere, Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ".incident"
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
def hold(root: str, command: str, *, wait: float = WAIT) -> Iterator[None]:
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
    path = f"{root}/{FOLDER}/lock"
    deadline = time.monotonic() + wait
    if not os.path.lexists(f"{root}/{FOLDER}/.gitignore"):
        with suppress(AlreadyThere):
            Writer(root).create(f"{FOLDER}/.gitignore", b"*\n")
    try:
        descriptor = _locked(path, deadline)
    except OSError as error:
        raise VaultError(
            f"{root} cannot be locked for writing, at {FOLDER}/lock: {reason(error)}", value=root, hint=remedy(error)
        ) from error
    if descriptor is None:
        raise _busy(root, path, wait)
    try:
        _sign(descriptor, command)
        yield
    finally:
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
        os.close(descriptor)


def holder(root: str) -> Holder | None:
    """Read who holds the lock, or None where nobody says so."""
    try:
        with open(f"{root}/{FOLDER}/lock", encoding="utf-8", errors="replace") as file:
            process, since, command = file.read(400).split(None, 2)
            return Holder(int(process), since, command.strip())
    except (OSError, ValueError):
        return None


def _locked(path: str, deadline: float) -> int | None:
    """Open and lock the file; None if somebody else held the lock until the deadline."""
    pause = 0.001
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Somebody may have deleted .incident while we waited; a lock on a file without a name locks nobody out.
            if os.path.samestat(os.fstat(descriptor), os.stat(path)):
                return descriptor
            ...
        except BlockingIOError: ...
