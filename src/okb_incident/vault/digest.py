"""SHA-256, by which images of notes are known, without what `hashlib` brings along.

`hashlib` loads OpenSSL, which takes longer than opening an incident writes. The interpreter's own implementation is the one
that the standard library's `random` uses for the same reason.
"""

from __future__ import annotations

import sys
from importlib import import_module

_sha256 = import_module("_sha2" if sys.version_info >= (3, 12) else "_sha256").sha256


def digest(data: bytes) -> str:
    """Give the SHA-256 of bytes, in hexadecimal."""
    return str(_sha256(data).hexdigest())
