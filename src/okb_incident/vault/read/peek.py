"""A glance at a note: what its first bytes say, for commands that look for the one incident that can be meant."""

from __future__ import annotations

import errno
import os
import re
from contextlib import suppress

from okb_incident.vault.disk.files import UnreadableError
from okb_incident.vault.disk.refusal import reason, remedy

HEAD = 64 * 1024
"""Bytes."""

NONE_TO_READ = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO, errno.EACCES, errno.EPERM}
"""How the system says that a name is gone, is not a file, or is not this user's to read."""

#: A status that says at a glance that an incident is long over; only such a note is not looked into.
PLAINLY_OVER = rb"(?m)^status: *(?:closed|declined|merged) *\r?$"
ANY_STATUS = rb"(?m)^[\"']?status[\"']?\s*:"


def head(path: str) -> bytes | None:
    """Read the first bytes of a file in the place of an incident's note, None where there is none to be read.

    Raises:
        UnreadableError: The system fails; taking another incident for the only one would be worse than stopping.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            return os.read(descriptor, HEAD)
        finally:
            with suppress(OSError):
                os.close(descriptor)
    except OSError as error:
        if error.errno in NONE_TO_READ:
            return None
        raise UnreadableError(path, f"cannot be read: {reason(error)}", hint=remedy(error)) from error


def is_plainly_over(data: bytes) -> bool:
    """Return whether the head of a note leaves no doubt that its incident is over: one status, plainly written."""
    return re.search(PLAINLY_OVER, data) is not None and len(re.findall(ANY_STATUS, data)) == 1


def value_of(data: bytes, key: bytes) -> str | None:
    """Return a property as the head of a note plainly has it, a list of one as that one; None where it is not plain or not there.

    Good for telling notes apart that are then read; never for believing one.
    """
    if not data.removeprefix(b"\xef\xbb\xbf").startswith(b"---"):
        return None
    end = data.find(b"\n---", 3)
    # Each command asks for one or two: compiling a pattern would take longer.
    lines = (data if end < 0 else data[:end]).split(b"\n")
    for place, line in enumerate(lines):
        name, _, value = line.partition(b":")
        if name.strip(b"\"' \t") == key and not line[:1].isspace():
            below = lines[place + 1].strip() if place + 1 < len(lines) else b""
            text = below[2:] if not value.strip() and below.startswith(b"- ") else value
            return text.decode(errors="replace").partition(" #")[0].strip(" \t\r[]\"'") or None
    return None


def may_be_incident(data: bytes) -> bool:
    """Return whether the head of a note leaves open that its type is incident; one without a byte is being saved just now."""
    if not data:
        return True
    kind = value_of(data, b"type")
    return (kind is None and b"incident" in data.lower()) or (kind or "").lower() == "incident"
