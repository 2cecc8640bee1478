"""Answers from the index: brought up to date, asked, and saved in one transaction."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from okb_incident.core.incident.incident import Match
from okb_incident.vault.index import rows, text
from okb_incident.vault.index.refresh import refresh
from okb_incident.vault.index.selection import Selection
from okb_incident.vault.index.store import Store, begin, is_passing
from okb_incident.vault.read import places
from okb_incident.vault.read.abridged import forget_abridged
from okb_incident.vault.read.loaded import Hidden, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.values.problem import Problem
    from okb_incident.vault.index.text import Hit
    from okb_incident.vault.read.loaded import Loaded
    from okb_incident.vault.vault import Vault

Answer = TypeVar("Answer")

AT_ONCE = 100
"""Incidents that are made together while the best are looked for."""

#: What reading a file raises that holds something else than we wrote.
FAILURES = (sqlite3.Error, ValueError, LookupError, TypeError)


def forget(root: str) -> None:
    """Throw away all that is remembered of a vault; the next command builds it again."""
    Store(root).discard()
    forget_abridged(root)


def load(
    vault: Vault,
    selection: Selection | None = None,
    *,
    everything: bool = False,
    include_restricted: bool = False,
    declared_since: datetime | None = None,
) -> Loaded:
    """Return all incidents of a vault, as `Vault.read_all` does; only notes that changed are read for it.

    Args:
        vault: The vault.
        selection: Return at least these incidents, and perhaps others too.
        everything: As for `read_all`.
        include_restricted: As for `read_all`.
        declared_since: Name the incidents declared since then, too, whether or not they are selected.
    """
    settings = vault.settings

    def asked(db: sqlite3.Connection, of_scan: Sequence[Problem]) -> Loaded:
        found = list(rows.incidents(db, rows.COMMON, selection, settings))
        hidden = None
        if include_restricted:
            found += rows.incidents(db, rows.RESTRICTED, None, settings)
        else:
            hidden = Hidden([each for (each,) in db.execute("SELECT id FROM restricted")], settings.folders.restricted)
        told = rows.problems(db, everything=everything, include_restricted=include_restricted)
        loaded = joined(found, of_scan, told, hidden, settings.folders)
        if everything:
            loaded = loaded._replace(foreign=frozenset(rows.foreign(db, include_restricted=include_restricted)))
        if declared_since is None:
            return loaded
        since = rows.declared(db, declared_since, settings, include_restricted=include_restricted)
        return loaded._replace(declared=tuple(each for each in since if each.id.text not in loaded.hidden))

    return _asked(vault, asked)


def lesson_paths(vault: Vault, *, include_restricted: bool = False) -> list[str]:
    """Return the paths of the lessons that are notes, wherever they are; restricted ones where they are asked for."""
    return _asked(vault, lambda db, _: rows.lessons(db, include_restricted=include_restricted))


def search(
    vault: Vault,
    words: Sequence[str],
    *,
    wanted: Callable[[Incident], bool] = lambda _: True,
    most: int | None = None,
    any_of_them: bool = False,
) -> list[Match]:
    """Find incidents by their words, those that fit best first; what is restricted is not among them.

    Args:
        vault: The vault.
        words: What one note has to hold; nothing in them means anything but itself.
        wanted: Which incidents are asked for.
        most: How many to give at most.
        any_of_them: One of the words is enough; those that few notes hold count for more.

    Raises:
        OkbError: This SQLite cannot search for words.
    """
    expressed = text.expression(words, any_of_them=any_of_them)

    def asked(db: sqlite3.Connection, _: Sequence[Problem]) -> list[Match]:
        best: dict[str, Hit] = {}
        for hit in text.find(db, vault, expressed):
            best.setdefault(hit.incident, hit)
        ids = iter(best)
        matches: list[Match] = []
        while (most is None or len(matches) < most) and (some := list(islice(ids, AT_ONCE))):
            known = {each.id.text: each for each in _unique(db, Selection.of(some), vault)}
            found = (Match(known[each], best[each].path, best[each].score) for each in some if each in known)
            matches += [match for match in found if wanted(match.incident)]
        return matches[:most]

    return _asked(vault, asked) if expressed else []


def _unique(db: sqlite3.Connection, selection: Selection, vault: Vault) -> tuple[Incident, ...]:
    found = rows.incidents(db, rows.COMMON, selection, vault.settings)
    return joined(found, (), (), None, vault.settings.folders).incidents


def _asked(vault: Vault, question: Callable[[sqlite3.Connection, Sequence[Problem]], Answer]) -> Answer:
    """Bring the index up to date and ask it; a file that cannot be used now, or not at all, costs time and no answer."""
    store = Store(vault.root)
    failure: Exception | None = None
    for db in store.connections():
        with closing(db):
            try:
                begin(db, vault.settings)
                answer = question(db, refresh(db, vault))
            except FAILURES as error:
                failure = error
                if not is_passing(error):
                    store.discard()
                continue
            places.replace(vault.root, rows.known_places(db))
            with suppress(sqlite3.Error):
                db.execute("COMMIT")
            return answer
    assert failure is not None
    raise failure
