"""A glance at a note: what its first bytes say, for commands that look for the one incident that can be meant."""

from __future__ import annotations

import os
import re

HEAD = 64 * 1024
"""Bytes."""

#: A status that says at a glance that an incident is long over; only such a note is not looked into.
PLAINLY_OVER = rb"(?m)^status: *(?:closed|declined|merged) *\r?$"
ANY_STATUS = rb"(?m)^[\"']?status[\"']?\s*:"


def head(path: str) -> bytes | None:
    """Read the first bytes of a file that lies where an incident lies, None where that cannot be done."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return os.read(descriptor, HEAD)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def is_plainly_over(data: bytes) -> bool:
    """Say whether the head of a note leaves no doubt that its incident is over: one status, plainly written."""
    return re.search(PLAINLY_OVER, data) is not None and len(re.findall(ANY_STATUS, data)) == 1
