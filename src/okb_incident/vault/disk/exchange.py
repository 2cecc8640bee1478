"""Exchange: two names of one folder swap their files in one step, so that neither file is ever without a name.

What a note's name pointed to the moment before is then still there under the other name: the bytes that were read, or what
an editor saved a moment later, which a plain rename would have thrown away unseen.

Linux has ``renameat2(RENAME_EXCHANGE)``, macOS ``renamex_np(RENAME_SWAP)`` (written from its manual, unproven). Where the file
system has neither, as some network ones, the old file is linked to a third name first; between that link and the rename some
twenty microseconds remain in which a save by renaming would be overtaken.
"""

from __future__ import annotations

import errno
import os
import sys

from okb_incident.vault.disk.files import is_there

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2
_LACKING = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})

KEPT = ".kept"
"""What the third name of an exchange in steps ends in."""

_without: set[int] = set()
"""Devices whose file system is known to have no exchange; asked once each."""


def exchange(new: str, path: str) -> None:
    """Let two existing files of one folder change names; afterwards ``new`` names what ``path`` named.

    Raises:
        OSError: It was refused. Where there is no exchange, `mend` may find it done but for the last step.
    """
    device = os.stat(os.path.dirname(path)).st_dev
    if device not in _without:
        try:
            _swap(new, path)
        except OSError as error:
            if error.errno not in _LACKING:
                raise
            _without.add(device)
        else:
            return
    _replace_keeping(new, path)


def mend(new: str) -> None:
    """Finish, or forget, an exchange in steps that was cut off; both files have a name before and after.

    Raises:
        OSError: Not possible now.
    """
    kept = new + KEPT
    if not is_there(kept):
        return
    if is_there(new):
        os.unlink(kept)
    else:
        os.replace(kept, new)


def _swap(new: str, path: str) -> None:
    """Ask the kernel for the exchange."""
    # Loaded by commands that change a note, not by `open`, which makes one.
    import ctypes  # noqa: PLC0415

    library = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(new), os.fsencode(path)
    try:
        if sys.platform == "darwin":
            refused = library.renamex_np(first, second, _RENAME_SWAP)
        else:
            refused = library.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE)
    except AttributeError:
        raise OSError(errno.ENOSYS, "this C library has no exchange") from None
    if refused:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), path)


def _replace_keeping(new: str, path: str) -> None:
    """Do the same in three steps, of which each leaves both files with a name."""
    kept = new + KEPT
    os.link(path, kept)
    os.replace(new, path)
    os.replace(kept, new)
