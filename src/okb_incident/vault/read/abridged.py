"""Long notes, abridged: what an answer about many incidents asks of them, remembered beside the index.

A flood of alerts can leave a timeline of a hundred thousand notes, and `status`, `next` and `who` ask for its other lines only. Those
are kept for as long as the note has the same stamps, in a file for its user alone. Of a restricted incident nothing is kept.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from okb_incident.vault.disk.cache import cache_folder, name_of
from okb_incident.vault.disk.digest import digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.vault.disk.files import FileState

LONG = 1 << 18
"""Bytes from which on a note is worth it."""

TRUSTED_AFTER = 2_000_000_000
"""Nanoseconds; what changed within them may change again without new stamps on FAT and some network file systems."""


def remembered(root: str, path: str) -> bytes | None:
    """Return a long note without most of its timeline's notes; None where it is not long, or not remembered as it is now."""
    try:
        now = os.stat(f"{root}/{path}", follow_symlinks=False)
        if now.st_size < LONG or not stat.S_ISREG(now.st_mode):
            return None
        descriptor = os.open(_file(root, path), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            key, _, data = file.read().partition(b"\n")
    except OSError:
        return None
    return data if key == _key(now.st_mtime_ns, now.st_ctime_ns, now.st_size, now.st_ino) else None


def abridge(root: str, path: str, state: FileState, *, restricted: bool) -> bytes:
    """Return a note without most of its timeline's notes, as it is read for an answer about many; remember that of a long one."""
    if state.size < LONG:
        return state.data
    from okb_incident.core.timeline.excerpt import without_notes  # noqa: PLC0415 - hardly any note is long
    from okb_incident.vault.note.note import decode, encode  # noqa: PLC0415

    data = encode(without_notes(decode(state.data)))
    newest = max(state.mtime_ns, state.ctime_ns)
    with suppress(OSError):
        if restricted or not state.still or newest > time.time_ns() - TRUSTED_AFTER:
            os.unlink(_file(root, path))
        else:
            _write(_file(root, path), _key(state.mtime_ns, state.ctime_ns, state.size, state.inode) + b"\n" + data)
    return data


def forget_abridged(root: str) -> None:
    """Remember no note of a vault."""
    for path in list(_files(root)):
        with suppress(OSError):
            os.unlink(path)


def _write(path: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    draft = f"{path}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb") as file:
        file.write(data)
    os.replace(draft, path)


def _key(*stamps: int) -> bytes:
    return " ".join(map(str, stamps)).encode()


def _files(root: str) -> Iterator[str]:
    folder, name = cache_folder(), name_of(root)
    with suppress(OSError):
        for entry in os.listdir(folder):
            if entry.startswith(f"{name}.") and ".long" in entry:
                yield os.path.join(folder, entry)


def _file(root: str, path: str) -> str:
    return os.path.join(cache_folder(), f"{name_of(root)}.{digest(path.encode(errors='surrogateescape'))[:32]}.long")
