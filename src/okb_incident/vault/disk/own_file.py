"""A file of the user's own, outside any vault: changed as a whole, by one command at a time."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import BusyError, NotFoundError
from okb_incident.vault.disk import writer
from okb_incident.vault.disk.files import read_now
from okb_incident.vault.disk.lock import WAIT, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from okb_incident.vault.disk.files import FileState

ATTEMPTS = 5
"""How often the change is made anew because an editor saved the file meanwhile."""


class OwnChange(NamedTuple):
    """What became of a file.

    Attributes:
        old: Its bytes before; none where there was no file.
        new: Its bytes now.
    """

    old: bytes
    new: bytes


def change_own(path: str, change: Callable[[bytes], bytes], *, wait: float = WAIT) -> OwnChange:
    """Change a file; whatever links lead to it stay.

    The folder is locked meanwhile, which leaves no lock file among the user's settings.

    Args:
        path: The file, which may be missing.
        change: From its bytes to its bytes; a pure function, which may be called several times.
        wait: Seconds to wait for another command that changes it.

    Raises:
        BusyError: Another command, or an editor, changed it all that time.
        VaultError: It cannot be written.
    """
    real = os.path.realpath(path)
    folder = os.path.dirname(real)
    with writer.explained(real):
        writer.make_folders(folder)
        with writer.opened(folder) as descriptor:
            waiting = Waiting(wait)
            while not _locked(descriptor):
                if not waiting.goes_on(b""):
                    raise BusyError(
                        f"{real} is being written by another process", value=real, hint="Repeat the command."
                    )
            writer.sweep(folder, os.path.basename(real))
            for _ in range(ATTEMPTS):
                old = _state(real)
                before = old.data if old else b""
                new = change(before)
                if new == before or _replaced(real, old, new):
                    writer.confirm(descriptor, real)
                    return OwnChange(before, new)
    raise BusyError(f"{real} was changed by another program at the same moment, and is left as it is", value=real)


def read_own(path: str) -> bytes:
    """Return the bytes of a file; none where there is none."""
    state = _state(os.path.realpath(path))
    return state.data if state else b""


def _replaced(real: str, old: FileState | None, new: bytes) -> bool:
    """Replace the file, and return whether that was done: not where it was saved since it was read."""
    temp = writer.beside(real, "new")
    writer.draft(temp, new, like=old)
    now = _state(real)
    if (now and now.data) != (old and old.data):
        os.unlink(temp)
        return False
    os.replace(temp, real)
    return True


def _state(real: str) -> FileState | None:
    try:
        return read_now(real)
    except NotFoundError:
        return None


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
