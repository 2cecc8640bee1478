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
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.vault.disk.cache import TRUSTED_AFTER
from okb_incident.vault.index import rows, text
from okb_incident.vault.read.scan import Search

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from sqlite3 import Connection

    from okb_incident.core.values.problem import Problem
    from okb_incident.vault.read.scan import Folder, Key
    from okb_incident.vault.vault import Vault

BATCH = 500
"""Notes that are held in memory together."""

WIDTH = 32
"""Bytes in which a key is remembered: four numbers of eight."""

NO_KEY = bytes(WIDTH)
"""The stamps of no file."""

_ALL_BITS = (1 << 64) - 1


class Changes(NamedTuple):
    """How the vault differs from what is remembered.

    Attributes:
        changed: Notes to read, new ones among them.
        outdated: Notes of which something is remembered that holds no more.
        signatures: The names and keys of each folder that differs, by its path.
        lost: Folders that are no more.
    """

    changed: list[str]
    outdated: list[str]
    signatures: dict[str, tuple[list[str], bytearray]]
    lost: list[str]


def refresh(db: Connection, vault: Vault) -> list[Problem]:
    """Bring the tables up to date with the notes.

    Returns:
        What the scan has found wrong.
    """
    trusted = time.time_ns() - TRUSTED_AFTER
    search = Search(vault.root, vault.templates)
    changes = _changes(db, search, trusted)
    if any(changes):
        _take_in(db, vault, search.base, changes)
    return search.problems


def _changes(db: Connection, search: Search, trusted: int) -> Changes:
    """Look at every note's stamps, folder by folder."""
    changed: list[str] = []
    outdated: list[str] = []
    signatures: dict[str, tuple[list[str], bytearray]] = {}
    seen = set()
    for folder in search.folders():
        seen.add(folder.path)
        packed = _packed(folder.keys)
        known = db.execute("SELECT signature FROM folder WHERE path = ?", (folder.path,)).fetchone()
        if known and known[0] == _signature(folder.names, packed):
            continue
        before = _by_name(known[0]) if known else {}
        for place, (name, path) in enumerate(zip(folder.names, folder.paths(), strict=True)):
            known_key = before.pop(name, None)
            if known_key != packed[place * WIDTH : place * WIDTH + WIDTH]:
                changed.append(path)
                if known_key is not None:
                    outdated.append(path)
        outdated += _paths(folder.path, before)
        if known or folder.names:
            signatures[folder.path] = folder.names, _doubted(packed, folder.keys, trusted)
    lost = [path for (path,) in db.execute("SELECT path FROM folder") if path not in seen]
    for path in lost:
        (signature,) = db.execute("SELECT signature FROM folder WHERE path = ?", (path,)).fetchone()
        outdated += _paths(path, _by_name(signature))
    return Changes(changed, outdated, signatures, lost)


def differing(folder: Folder, signature: bytes | None) -> list[str]:
    """Return the notes of a folder that are not as its signature remembers them; all, where nothing is remembered.

    Raises:
        ValueError: The signature is cut off.
    """
    known = _by_name(signature) if signature else {}
    packed = _packed(folder.keys)
    return [
        path
        for place, (name, path) in enumerate(zip(folder.names, folder.paths(), strict=True))
        if known.get(name) != packed[place * WIDTH : place * WIDTH + WIDTH]
    ]


def _take_in(db: Connection, vault: Vault, base: str, changes: Changes) -> None:
    """Read what changed and remember it instead of what was there."""
    # Most runs read no note, and need nothing that does.
    from okb_incident.vault.disk.files import FileState  # noqa: PLC0415
    from okb_incident.vault.read.contribution import contribution_of  # noqa: PLC0415
    from okb_incident.vault.read.many import read_many  # noqa: PLC0415

    had_words = text.having_words(db, changes.outdated)
    rows.forget(db, changes.outdated)
    states = read_many(base, changes.changed)
    while batch := list(islice(states, BATCH)):
        found = [each for path, state in batch if (each := contribution_of(path, state, vault.settings))]
        rows.put(db, found, vault.settings)
        text.forget_restricted(db, (each for each in found if each.restricted), had_words)
        for path in (path for path, state in batch if not isinstance(state, FileState)):
            # What kept it from being read may be over the next time, and nothing of the note tells.
            folder, _, name = path.rpartition("/")
            names, keys = changes.signatures[folder]
            _doubt(keys, names.index(name))
    db.executemany("DELETE FROM folder WHERE path = ?", [(path,) for path in changes.lost])
    new = ((path, _signature(names, keys)) for path, (names, keys) in changes.signatures.items())
    db.executemany("INSERT OR REPLACE INTO folder VALUES (?, ?)", new)


def _paths(folder: str, names: Iterable[str]) -> list[str]:
    prefix = folder + "/" if folder else ""
    return [prefix + name for name in names]


def _signature(names: Sequence[str], keys: bytes | bytearray) -> bytes:
    """Write what is remembered of a folder: the names of its notes, none of which holds a slash or a zero, and their keys."""
    return "/".join(names).encode() + b"\0" + keys


def _packed(keys: Sequence[Key]) -> bytes:
    numbers = list(chain.from_iterable(keys))
    try:
        return array("q", numbers).tobytes()
    except OverflowError:
        return b"".join((number & _ALL_BITS).to_bytes(8, sys.byteorder) for number in numbers)


def _doubted(packed: bytes, keys: Sequence[Key], trusted: int) -> bytearray:
    """Take away the keys of notes that were written too short a time ago to be told from their next writing."""
    doubted = bytearray(packed)
    for place, (mtime, ctime, *_) in enumerate(keys):
        if mtime >= trusted or ctime >= trusted:
            _doubt(doubted, place)
    return doubted


def _doubt(packed: bytearray, place: int) -> None:
    """Take away the key of one note, so that it is read again the next time."""
    packed[place * WIDTH : place * WIDTH + WIDTH] = NO_KEY


def _by_name(signature: bytes) -> dict[str, bytes]:
    """Read a signature: the key of each note by its name."""
    names, _, keys = signature.partition(b"\0")
    found = names.decode().split("/") if names else []
    if len(keys) != len(found) * WIDTH:
        raise ValueError("a signature of a folder is cut off")
    return {name: keys[place * WIDTH : place * WIDTH + WIDTH] for place, name in enumerate(found)}
