"""The words of incidents and their companions, in a table of FTS5 that holds no text.

A note's words are read when somebody first searches, so that no list or report pays for them. A table without text cannot
forget one note; what a changed note had is passed over, and when that is much, or was restricted since, all is read again.
"""

from __future__ import annotations

import os
import re
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.errors import OkbError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Connection

    from okb_incident.vault.read.contribution import Contribution
    from okb_incident.vault.vault import Vault

TABLE = (
    "CREATE VIRTUAL TABLE words USING fts5"
    " (title, body, content = '', detail = 'full', tokenize = 'unicode61 remove_diacritics 2')"
)
WORD = re.compile(r"\w+(?:[.\-/:@]\w+)*")
#: How much more a word counts in a title than in the text below it.
TITLE_WEIGHT = 8.0


class Hit(NamedTuple):
    """A note whose words fit.

    Attributes:
        incident: The id of the incident that it is, that it accompanies, or that taught it.
        path: The note, relative to the vault.
        score: How well it fits by BM25; more is better, and only the order means anything.
    """

    incident: str
    path: str
    score: float


def expression(words: Iterable[str], *, any_of_them: bool = False) -> str:
    """Write words as an expression of FTS5 in which nothing typed means anything but itself.

    Returns:
        Nothing where no word holds a letter or a digit.
    """
    found = [f'"{word}"' for text in words for word in WORD.findall(text) if any(map(str.isalnum, word))]
    return (" OR " if any_of_them else " AND ").join(dict.fromkeys(found))


def find(db: Connection, vault: Vault, expressed: str) -> list[Hit]:
    """Return the notes that fit, the best first; what is restricted is not among them.

    Raises:
        OkbError: This SQLite cannot search for words.
    """
    _read_words(db, vault)
    query = f"""
        SELECT coalesce(lesson.incident, document.incident) AS which, document.path, -bm25(words, {TITLE_WEIGHT}) AS score
        FROM words JOIN document ON number = words.rowid LEFT JOIN lesson ON lesson.path = document.path
        WHERE words MATCH ? AND which NOT IN (SELECT id FROM restricted) ORDER BY score DESC, which DESC, document.path
    """
    return [Hit(*row) for row in db.execute(query, (expressed,))]


def having_words(db: Connection, paths: Iterable[str]) -> set[str]:
    """Return those notes whose words are in the table."""
    if not _exists(db):
        return set()
    query = "SELECT 1 FROM document WHERE path = ? AND is_read"
    return {path for path in paths if db.execute(query, (path,)).fetchone()}


def forget_restricted(db: Connection, restricted: Iterable[Contribution], had_words: set[str]) -> None:
    """Throw all words away if the table holds some that are restricted now.

    Args:
        db: The index.
        restricted: What notes add that may be shown only where they are asked for.
        had_words: The notes whose words were in the table before they changed.
    """
    query = "SELECT 1 FROM document WHERE incident = ? AND is_read"
    for each in restricted:
        named = each.incident.id.text if each.incident else None
        if each.path in had_words or db.execute(query, (named,)).fetchone():
            _start_again(db)
            return


def _read_words(db: Connection, vault: Vault) -> None:
    """Bring the table of words up to date with the documents."""
    if not _exists(db):
        _start_again(db)
    (kept,) = db.execute("SELECT count(*) FROM document WHERE is_read").fetchone()
    (all_there,) = db.execute("SELECT count(*) FROM words_docsize").fetchone()
    if all_there > 2 * kept + 100:
        _start_again(db)
    from okb_incident.vault.disk.files import FileState  # noqa: PLC0415 - as in `refresh`
    from okb_incident.vault.note.note import decode, split  # noqa: PLC0415
    from okb_incident.vault.read.many import read_many  # noqa: PLC0415

    query = "SELECT path, number, title FROM document WHERE NOT is_read AND incident NOT IN (SELECT id FROM restricted)"
    waiting = {path: (number, title) for path, number, title in db.execute(query)}
    for path, state in read_many(os.path.realpath(vault.root), list(waiting)):
        number, title = waiting[path]
        if isinstance(state, FileState):
            body = split(decode(state.data)).body.encode(errors="replace").decode()
            db.execute("INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)", (number, title, body))
            db.execute("UPDATE document SET is_read = 1 WHERE number = ?", (number,))


def _exists(db: Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'words'").fetchone() is not None


def _start_again(db: Connection) -> None:
    db.execute("DROP TABLE IF EXISTS words")
    try:
        db.execute(TABLE)
    except sqlite3.OperationalError as error:
        if "fts5" not in str(error):
            raise
        raise OkbError(
            f"this Python's SQLite {sqlite3.sqlite_version} was built without FTS5, so words cannot be searched for",
            hint=Sentence(Command("list", options=("--all",)), " shows every title"),
        ) from None
    db.execute("UPDATE document SET is_read = 0 WHERE is_read")
