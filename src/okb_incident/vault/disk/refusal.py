"""Refusals: what the operating system does not do, said to a person."""

from __future__ import annotations

import errno

REMEDIES = {
    errno.EACCES: "Look who may read and write there (ls -l), or run the command as that user.",
    errno.EPERM: "Look who may read and write there (ls -l); the file system may also lack hard links.",
    errno.EROFS: "The file system is mounted read-only; commands that only read still work.",
    errno.ENOSPC: "Free some space on that disk, then repeat the command.",
    errno.EDQUOT: "Your disk quota is used up; free some space, then repeat the command.",
    errno.EFBIG: "A limit on the size of files is in force (ulimit -f); raise it, then repeat the command.",
    errno.EMFILE: "Too many files are open in this process (ulimit -n); repeat the command.",
    errno.ENFILE: "Too many files are open on this machine; close some programs, then repeat the command.",
    errno.EIO: "The disk reports errors; look at the system's log, and copy the vault before writing to it.",
    errno.ENAMETOOLONG: "Choose a shorter name; most file systems allow 255 bytes.",
    errno.ENOENT: "A folder above it was just moved or deleted; repeat the command.",
    errno.ENOTDIR: "A part of that path is a file where a folder should be; move it away.",
    errno.ELOOP: "A link there leads back to itself; remove it.",
}
"""What to do about a failure of the operating system, by its number."""


def reason(error: OSError | ValueError) -> str:
    """Return what the operating system refused, as the end of a sentence."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return "the path holds a character that no file name may have"


def remedy(error: OSError | ValueError) -> str | None:
    """Return what to do about it, where there is something to do."""
    return REMEDIES.get(error.errno or 0) if isinstance(error, OSError) else None
