"""Files that are evidence: their digest, so that later it can be shown that they are the same."""

from __future__ import annotations

import hashlib
import os
import stat

from okb_incident.errors import UsageError


def sha256_of(path: str) -> str:
    """Return the SHA-256 of a file, in hexadecimal, read piece by piece whatever its size.

    Raises:
        UsageError: There is no such file, it is not a regular one, or it cannot be read.
    """
    try:
        descriptor = os.open(os.path.expanduser(path), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise UsageError(f"--file {path!r} cannot be read: {error.strerror}", field="--file", value=path) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UsageError(f"--file {path!r} is not a regular file", field="--file", value=path)
    with open(descriptor, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
