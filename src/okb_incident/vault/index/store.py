"""Where the index is: one SQLite file for each vault in the user's cache folder, or memory where none can be written.

Several commands use one file at a time. In WAL mode a reader sees the moment at which it began and waits for nobody; a writer
that finds another one at work goes on with a copy in memory (see `answer`).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from okb_incident import __version__
from okb_incident.vault.disk.cache import cache_folder, name_of, numbers
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.index.rows import TABLES, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.settings.settings import Settings

WAIT = 0.25
"""Seconds for which a command waits for another one before it works with a copy."""

#: What SQLite says when the file is sound, but cannot be used as we want now. Anything else means that it is not sound.
PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_PROTOCOL,
    }
)


class Store:
    """The file of one vault's index."""

    def __init__(self, root: str) -> None:
        self.name = name_of(root)

    def connections(self) -> Iterator[sqlite3.Connection]:
        """Return ways to work: the file, a new one if that was discarded, else a copy of it in memory, an empty one in memory.

        Whoever fails with one asks for the next.
        """
        first = self._path()
        if first is not None:
            with suppress(sqlite3.Error):
                yield _opened(first)
            again = self._path()
            with suppress(sqlite3.Error):
                if again not in {first, None}:
                    yield _opened(again)
                else:
                    yield _copied(first)
        yield _in_memory()

    def discard(self) -> None:
        """Discard a file that is not sound; the next one gets another name.

        SQLite removes the side files of a database by name when the last process closes it, and whoever still uses this one
        must not remove those of the next.
        """
        path = self._path()
        if path is None:
            return
        with suppress(OSError):
            os.close(os.open(self._next(path), os.O_CREAT | os.O_CLOEXEC, 0o600))
            for side in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    os.unlink(path + side)

    def _path(self) -> str | None:
        """Return the file, made if it is missing, for its user's eyes only; None where that cannot be done."""
        folder = cache_folder()
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            status = os.stat(folder)
            if status.st_uid != os.geteuid():
                return None
            if status.st_mode & 0o077:
                os.chmod(folder, 0o700)
            path = os.path.join(folder, f"{self.name}.{max(numbers(folder, self.name), default=0)}.sqlite")
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
        except OSError:
            return None
        return path

    def _next(self, path: str) -> str:
        number = int(path.rsplit(".", 2)[1])
        return os.path.join(os.path.dirname(path), f"{self.name}.{number + 1}.sqlite")


def is_passing(error: Exception) -> bool:
    """Return whether an error is about the moment and not about what the file holds."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in PASSING


def stamp_of(settings: Settings) -> int:
    """Return the number by which tables are known that this version made with these settings."""
    made_by = digest(repr((VERSION, __version__, settings)).encode())
    return int(made_by[:8], 16) >> 1 or 1


def begin(db: sqlite3.Connection, settings: Settings) -> None:
    """Begin a transaction, and make the tables if they are missing or were made by another version or other settings."""
    db.execute("PRAGMA journal_mode = WAL")
    # After a power cut the last changes may be missing, and are read again; the file is never torn.
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("BEGIN")
    stamp = stamp_of(settings)
    (found,) = db.execute("PRAGMA user_version").fetchone()
    if found == stamp:
        return
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT NULL").fetchall()
    # A table of words has tables of its own, which go with it.
    for (name,) in sorted(tables, key=lambda row: row[0] != "words"):
        if name != "sqlite_sequence":
            db.execute(f'DROP TABLE IF EXISTS "{name}"')
    for table in TABLES:
        db.execute(table)
    db.execute(f"PRAGMA user_version = {stamp}")


def _opened(path: str) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=WAIT, isolation_level=None)


def _copied(path: str) -> sqlite3.Connection:
    memory = _in_memory()
    try:
        with closing(_opened(path)) as source:
            source.backup(memory)
    except sqlite3.Error:
        memory.close()
        raise
    return memory


def _in_memory() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)
