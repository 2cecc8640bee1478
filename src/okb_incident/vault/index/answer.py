"""Answers from the index: brought up to date, asked, and saved in one transaction."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, TypeVar

from okb_incident.vault.index import rows, text
from okb_incident.vault.index.refresh import refresh
from okb_incident.vault.index.store import Store, is_passing, prepare
from okb_incident.vault.loaded import joined

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.problem import Problem
    from okb_incident.vault.index.selection import Selection
    from okb_incident.vault.index.text import Hit
    from okb_incident.vault.loaded import Loaded
    from okb_incident.vault.vault import Vault

Answer = TypeVar("Answer")

#: What reading a file raises that holds something else than we wrote.
FAILURES = (sqlite3.Error, ValueError, LookupError, TypeError)


def load(vault: Vault, selection: Selection | None, *, everything: bool, include_restricted: bool) -> Loaded:
    """Give at least the incidents that are selected, and what is wrong with the notes of the vault."""
    settings = vault.settings

    def asked(db: sqlite3.Connection, of_scan: Sequence[Problem]) -> Loaded:
        found = list(rows.incidents(db, rows.COMMON, selection, settings))
        hidden = 0
        if include_restricted:
            found += rows.incidents(db, rows.RESTRICTED, None, settings)
        else:
            (hidden,) = db.execute("SELECT count(*) FROM restricted").fetchone()
        told = rows.problems(db, everything=everything, include_restricted=include_restricted)
        return joined(found, of_scan, told, hidden, None if include_restricted else settings.folders.restricted)

    return _asked(vault, asked)


def search(vault: Vault, words: Sequence[str]) -> list[Hit]:
    """Find the notes that hold all words, the best first.

    Raises:
        OkbError: This SQLite cannot search for words.
    """
    return _found(vault, text.expression(words))


def related(vault: Vault, words: Sequence[str]) -> list[Hit]:
    """Find the notes that share words, those with the most telling ones first.

    Raises:
        OkbError: This SQLite cannot search for words.
    """
    return _found(vault, text.expression(words, any_of_them=True))


def _found(vault: Vault, expressed: str) -> list[Hit]:
    if not expressed:
        return []
    return _asked(vault, lambda db, _: text.find(db, vault, expressed))


def _asked(vault: Vault, question: Callable[[sqlite3.Connection, Sequence[Problem]], Answer]) -> Answer:
    """Bring the index up to date and ask it; a file that cannot be used now, or not at all, costs time and no answer."""
    store = Store(vault.root)
    failure: Exception | None = None
    for db in store.connections():
        with closing(db):
            try:
                db.execute("BEGIN")
                prepare(db, vault.settings)
                answer = question(db, refresh(db, vault))
            except FAILURES as error:
                failure = error
                if not is_passing(error):
                    store.discard()
                continue
            with suppress(sqlite3.Error):
                db.execute("COMMIT")
            return answer
    assert failure is not None
    raise failure
