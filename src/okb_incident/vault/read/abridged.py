"""Long notes, abridged: what an answer about many incidents asks of them, remembered beside the index.

A flood of alerts can leave a timeline of a hundred thousand notes, of which `status`, `next` and `who` need almost none. The rest of such
a note is kept for as long as the note keeps its stamps, in a file for its user alone. Whatever looks at the open incidents of a vault
deletes the file of a note that it does not show: a restricted one, one that was moved, one of an incident that is over.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from okb_incident.vault.disk.cache import TRUSTED_AFTER, cache_folder, name_of, write_private
from okb_incident.vault.disk.digest import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from okb_incident.core.incident.incident import Incident
    from okb_incident.vault.disk.files import FileState

LONG = 1 << 18
"""Bytes from which on a note is worth it."""


def read_abridged(root: str, incident: Incident, read: Callable[[str], FileState]) -> str:
    """Return the text of an incident's note, of a long one without most of the notes in its timeline.

    Args:
        root: The vault.
        incident: The incident.
        read: Reads the note where nothing of it is kept; what it raises comes through.
    """
    from okb_incident.vault.note.note import decode  # noqa: PLC0415 - most that look at incidents read no text

    data = remembered(root, incident.path)
    if data is None:
        data = abridge(root, incident.path, read(incident.path), restricted=incident.restricted)
    return decode(data)


def remembered(root: str, path: str) -> bytes | None:
    """Return what is kept of a note; None where it is not long, or not remembered as it is now."""
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
    """Return a note, a long one without most of the notes in its timeline; keep that unless it is restricted or was just written."""
    if state.size < LONG:
        return state.data
    from okb_incident.core.timeline.excerpt import without_notes  # noqa: PLC0415 - hardly any note is long
    from okb_incident.vault.note.note import decode, encode  # noqa: PLC0415

    data = encode(without_notes(decode(state.data)))
    if not restricted and state.still and max(state.mtime_ns, state.ctime_ns) <= time.time_ns() - TRUSTED_AFTER:
        key = _key(state.mtime_ns, state.ctime_ns, state.size, state.inode)
        with suppress(OSError):
            write_private(_file(root, path), key + b"\n" + data)
    return data


def forget_abridged(root: str, *, but: Iterable[str] = ()) -> None:
    """Delete what is kept of the notes of a vault.

    Args:
        root: The vault.
        but: The notes of which it stays.
    """
    folder, begin = cache_folder(), _prefix(root)
    with suppress(OSError):
        found = [entry for entry in os.listdir(folder) if entry.startswith(begin)]
        kept = {os.path.basename(_file(root, path)) for path in but} if found else ()
        for entry in found:
            if entry not in kept:
                os.unlink(os.path.join(folder, entry))


def _key(*stamps: int) -> bytes:
    return " ".join(map(str, stamps)).encode()


def _prefix(root: str) -> str:
    return f"{name_of(root)}.long."


def _file(root: str, path: str) -> str:
    return os.path.join(cache_folder(), _prefix(root) + digest(path.encode(errors="surrogateescape"))[:32])
