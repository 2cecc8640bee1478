"""Bringing the index up to date: one look at every note, and a reading of those that changed.

A note is taken as unchanged if its mtime, ctime, size and inode are. Clocks of files are coarse, so two writes of one size
can leave the same stamps; a note that was written less than two seconds before a scan is therefore remembered with stamps
that no file has, and read again the next time. Git does the same with its index.
"""

from __future__ import annotations

import sys
import time
from array import array
from itertools import chain, islice
from typing import TYPE_CHECKING

from okb_incident.vault.index import rows, text
from okb_incident.vault.scan import Search

if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Connection

    from okb_incident.core.problem import Problem
    from okb_incident.vault.scan import Folder, Key
    from okb_incident.vault.vault import Vault

TRUSTED_AFTER = 2_000_000_000
"""Nanoseconds; FAT and some network file systems tell times in steps of two seconds."""

BATCH = 500
"""Notes that are held in memory together."""

WIDTH = 32
"""Bytes in which a key is remembered: four numbers of eight."""

NO_KEY = bytes(WIDTH)
"""The stamps of no file."""

_ALL_BITS = (1 << 64) - 1


def refresh(db: Connection, vault: Vault) -> list[Problem]:
    """Bring the tables up to date with the notes.

    Returns:
        What the scan has found wrong.
    """
    trusted = time.time_ns() - TRUSTED_AFTER
    search = Search(vault.root, vault.templates)
    changed: list[str] = []
    outdated: list[str] = []
    signatures: list[tuple[str, bytes]] = []
    seen = set()
    for folder in search.folders():
        seen.add(folder.path)
        names, keys = _names(folder), _packed(folder.keys)
        known = db.execute("SELECT signature FROM folder WHERE path = ?", (folder.path,)).fetchone()
        if known and known[0] == names + keys:
            continue
        before = _by_name(known[0]) if known else {}
        for place, (name, path) in enumerate(zip(folder.names, folder.paths(), strict=True)):
            known_key = before.pop(name, None)
            if known_key != keys[place * WIDTH : place * WIDTH + WIDTH]:
                changed.append(path)
                if known_key is not None:
                    outdated.append(path)
        prefix = folder.path + "/" if folder.path else ""
        outdated += [prefix + name for name in before]
        if known or folder.names:
            signatures.append((folder.path, names + _doubted(keys, folder.keys, trusted)))
    lost = _others(db, seen)
    for path, known in lost:
        prefix = path + "/" if path else ""
        outdated += [prefix + name for name in _by_name(known)]
    if changed or outdated or signatures or lost:
        # Most runs read no note, and need nothing that does.
        from okb_incident.vault.contribution import contribution_of  # noqa: PLC0415
        from okb_incident.vault.many import read_many  # noqa: PLC0415

        had_words = text.having_words(db, outdated)
        rows.forget(db, outdated)
        states = read_many(search.base, changed)
        while batch := list(islice(states, BATCH)):
            found = [each for path, state in batch if (each := contribution_of(path, state, vault.settings))]
            rows.put(db, found, vault.settings)
            text.forget_restricted(db, (each for each in found if each.restricted), had_words)
        db.executemany("DELETE FROM folder WHERE path = ?", [(path,) for path, _ in lost])
        db.executemany("INSERT OR REPLACE INTO folder VALUES (?, ?)", signatures)
    return search.problems


def _others(db: Connection, seen: set[str]) -> list[tuple[str, bytes]]:
    """Give the folders that are remembered and were not seen."""
    lost = [path for (path,) in db.execute("SELECT path FROM folder") if path not in seen]
    query = "SELECT path, signature FROM folder WHERE path = ?"
    return [row for path in lost for row in db.execute(query, (path,))]


def _names(folder: Folder) -> bytes:
    """Write the names of a folder's notes, none of which holds a slash or a zero."""
    return "/".join(folder.names).encode() + b"\0"


def _packed(keys: Sequence[Key]) -> bytes:
    numbers = list(chain.from_iterable(keys))
    try:
        return array("q", numbers).tobytes()
    except OverflowError:
        return b"".join((number & _ALL_BITS).to_bytes(8, sys.byteorder) for number in numbers)


def _doubted(packed: bytes, keys: Sequence[Key], trusted: int) -> bytes:
    """Take away the keys of notes that were written too short a time ago to be told from their next writing."""
    fresh = [place for place, (mtime, ctime, *_) in enumerate(keys) if mtime >= trusted or ctime >= trusted]
    if not fresh:
        return packed
    doubted = bytearray(packed)
    for place in fresh:
        doubted[place * WIDTH : place * WIDTH + WIDTH] = NO_KEY
    return bytes(doubted)


def _by_name(signature: bytes) -> dict[str, bytes]:
    """Read a signature: the key of each note by its name."""
    names, _, keys = signature.partition(b"\0")
    found = names.decode().split("/") if names else []
    if len(keys) != len(found) * WIDTH:
        raise ValueError("a signature of a folder is cut off")
    return {name: keys[place * WIDTH : place * WIDTH + WIDTH] for place, name in enumerate(found)}
