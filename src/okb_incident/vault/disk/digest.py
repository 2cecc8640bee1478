"""SHA-256, by which images of notes are known, without what `hashlib` brings along.

`hashlib` loads OpenSSL, which takes longer than opening an incident writes. The interpreter's own implementation is the one
that the standard library's `random` uses for the same reason. Of a note of megabytes OpenSSL is five times and more as fast,
and then it is loaded.
"""

from __future__ import annotations

import sys
from importlib import import_module

LARGE = 1 << 18
"""Bytes; from there on OpenSSL has gained by its speed what loading it costs."""

_sha256 = import_module("_sha2" if sys.version_info >= (3, 12) else "_sha256").sha256


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    if len(data) >= LARGE:
        from hashlib import sha256  # noqa: PLC0415

        return sha256(data).hexdigest()
    return str(_sha256(data).hexdigest())
