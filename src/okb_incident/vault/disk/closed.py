"""Folders that are closed to others, the journal's and that of restricted incidents.

They have no permission bits for others, and for the group those of the vault's own folder.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress

OTHERS = 0o007
GROUP = 0o070


def close_folder(folder: str, vault: str, *, is_new: bool = False) -> None:
    """Close a folder to others, as far as this user may; one that is closed already, or not there, stays as it is.

    Args:
        folder: The folder.
        vault: The vault's own folder.
        is_new: It was made just now: the group can do in it what it can do in the vault, whatever the umask of this user is.
    """
    with suppress(OSError):
        mode = os.lstat(folder).st_mode
        if stat.S_ISDIR(mode) and (is_new or mode & OTHERS):
            os.chmod(folder, stat.S_IMODE(mode) & ~(OTHERS | GROUP) | os.stat(vault).st_mode & GROUP)


def is_open_to_others(path: str) -> bool:
    """Return whether others may look into a folder, or read a file; a link has no bits of its own."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return False
    return not stat.S_ISLNK(mode) and bool(mode & OTHERS)
