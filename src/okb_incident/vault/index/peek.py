"""A glimpse of the index as it is: what it remembers, for hints that may be a little old.

Nothing is decided by it, and it never fails: where there is no index, or it is being built, nothing is remembered. Old it may be, but
not indiscreet: of what it is about to give, the head of each note is looked at, so that a restriction counts from its first moment.
"""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.core.incident.incident import NATURES, marked
from okb_incident.core.values.properties import PEOPLE_KEYS, link_target
from okb_incident.core.values.status import OPEN
from okb_incident.vault.disk.cache import cache_folder, name_of, numbers
from okb_incident.vault.disk.files import UnreadableError
from okb_incident.vault.read.peek import head
from okb_incident.vault.read.restricted import says_so

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator


class KnownIncident(NamedTuple):
    """An incident as the index remembers it; restricted ones are not remembered here.

    Attributes:
        id: Its id.
        path: Its note.
        status: Its status, a word.
        severity: Its label, None where it has none.
        title: Its title.
        services: Their names.
        began: When it was noticed, or declared.
        resolved: When it was over.
        nature: drill, maintenance or announcement; None for a real incident.
    """

    id: str
    path: str
    status: str
    severity: str | None
    title: str
    services: tuple[str, ...]
    began: datetime | None
    resolved: datetime | None
    nature: str | None = None

    @property
    def headline(self) -> str:
        """Return its title as people read it, as `Incident.headline`."""
        return marked(self.title) if self.nature == NATURES[0] else self.title

    @property
    def is_open(self) -> bool:
        """Return whether somebody was still working on it."""
        return self.status in OPEN


def lately(
    root: str, since: datetime, telling: Collection[str] | None, wanted: Callable[[KnownIncident], bool]
) -> list[KnownIncident]:
    """Return those that are open, or were over after a moment, and that are wanted; the newest first.

    Args:
        root: The vault.
        since: That moment.
        telling: Plain words in lower case, of which one is in the title or the services of any that is wanted; None where
            nothing is known of that.
        wanted: Which ones.
    """
    marks = ", ".join("?" * len(OPEN))
    condition = f"(status IN ({marks}) OR latest >= ?)"
    values: tuple[object, ...] = (*map(str, OPEN), int(since.timestamp()) - 30 * 86400)
    if telling is not None:
        # Most are told apart here: each that is not costs twenty times as much.
        condition += f" AND ({' OR '.join(['instr(lower(words), ?)'] * len(telling)) or '0'})"
        values += tuple(telling)
    found = _rows(root, condition, values)
    recent = (known for known in found if known.is_open or (known.resolved and known.resolved >= since))
    return [known for known in _newest_first(recent) if wanted(known) and _may_be_shown(root, known)]


def in_statuses(root: str, statuses: Collection[str]) -> Iterator[KnownIncident]:
    """Yield those that have one of some statuses, the newest first; one by one, so that who has enough can stop."""
    found = _rows(root, f"status IN ({', '.join('?' * len(statuses))})", tuple(map(str, statuses)))
    return (known for known in _newest_first(found) if _may_be_shown(root, known))


def services(root: str) -> Iterator[str]:
    """Yield the names of the services that incidents have hit; a name is not shown where only restricted ones hold it."""
    query = (
        "SELECT value, path FROM incident, json_each(words, '$[4]')"
        " WHERE id NOT IN (SELECT id FROM restricted) ORDER BY status IN ('closed', 'declined', 'merged'), id DESC"
    )
    shown: set[str] = set()
    for name, path in asked(root, query, ()):
        if name and name not in shown and _is_open_to_all(root, path):
            shown.add(name)
            yield str(name)


def _newest_first(found: Iterable[KnownIncident]) -> list[KnownIncident]:
    return sorted(found, key=lambda known: known.id, reverse=True)


def _may_be_shown(root: str, known: KnownIncident) -> bool:
    """Return whether an incident is still no secret: the index may be older than its restriction, which moved the note or is in it."""
    return _is_open_to_all(root, known.path)


def _is_open_to_all(root: str, path: str) -> bool:
    try:
        data = head(os.path.join(root, path))
    except UnreadableError:
        return False
    return data is not None and not says_so(data)


def people(root: str) -> list[str]:
    """Return everybody who has held a role in an incident, by name."""
    roles = " UNION ".join(f"SELECT value FROM incident, json_each(properties, '$[0].{role}')" for role in PEOPLE_KEYS)
    return sorted({link_target(str(name)) for (name,) in asked(root, roles, ()) if name}, key=str.lower)


def _rows(root: str, condition: str, values: tuple[object, ...]) -> Iterator[KnownIncident]:
    # SQLite takes the words apart itself: loading `json` would take as long as all the rest.
    query = (
        "SELECT id, path, status, severity, json_extract(words, '$[0]'),"
        " (SELECT group_concat(value, char(10)) FROM json_each(words, '$[4]')), coalesce(detected, declared), resolved,"
        " json_extract(words, '$[1]') FROM incident"
        f" WHERE rowid IN (SELECT rowid FROM incident WHERE {condition}) AND id NOT IN (SELECT id FROM restricted)"
    )
    for which, path, status, severity, title, services, began, resolved, nature in asked(root, query, values):
        names = tuple((services or "").split("\n"))
        moments = (_moment(began), _moment(resolved))
        yield KnownIncident(which, path, status or "", severity, str(title), names, *moments, nature)


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def asked(root: str, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    """Return the rows that the file holds now; none where there is no file, or it cannot be read now."""
    folder, name = cache_folder(), name_of(root)
    try:
        known = numbers(folder, name)
    except OSError:
        return []
    if not known:
        return []
    # A vault whose index nobody has asked for yet has none, and `open` need not load what reads one.
    import sqlite3  # noqa: PLC0415

    try:
        with closing(sqlite3.connect(os.path.join(folder, f"{name}.{max(known)}.sqlite"), timeout=0)) as db:
            return db.execute(query, values).fetchall()
    except sqlite3.Error:
        return []
