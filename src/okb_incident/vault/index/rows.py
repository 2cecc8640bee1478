"""The tables of the index, and how a note's contribution becomes rows and an incident again.

Incidents that may be shown only where they are asked for are in a table of their own.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.incident import ANCHORS, Incident, Pause
from okb_incident.core.values.moment import Moment
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.properties import MOMENTS
from okb_incident.core.values.severity import NOT_YET
from okb_incident.core.values.status import ASIDE, Status
from okb_incident.vault.index.selection import DAY
from okb_incident.vault.read.places import NEWEST, KnownPlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from sqlite3 import Connection

    from okb_incident.command import Text
    from okb_incident.core.metrics.documentation import DeclaredIncident
    from okb_incident.core.settings.settings import Settings
    from okb_incident.vault.index.selection import Selection
    from okb_incident.vault.read.contribution import Contribution

VERSION = 7
"""Of the tables; another one means that they are built again."""

OVER = (Status.CLOSED, *sorted(ASIDE))
COMMON, RESTRICTED = "incident", "restricted"
NOTES = (COMMON, RESTRICTED, "problem", "document", "lesson")

_INCIDENT = f"""
    path TEXT PRIMARY KEY, id TEXT NOT NULL, status TEXT, severity TEXT,
    {", ".join(f"{name} INTEGER" for name in MOMENTS)}, paged INTEGER, days INTEGER NOT NULL,
    day INTEGER NOT NULL, earliest INTEGER, latest INTEGER, part_of TEXT, has_former_ids INTEGER NOT NULL,
    words TEXT NOT NULL, properties TEXT NOT NULL
"""
TABLES = (
    # One row for each folder: the names of its notes and what tells that one has changed.
    "CREATE TABLE folder (path TEXT PRIMARY KEY, signature BLOB NOT NULL)",
    # Moments are seconds since 1970, `day` is that of the id in days since then; `days` has a bit for each that is only a day.
    *(f"CREATE TABLE {table} ({_INCIDENT})" for table in (COMMON, RESTRICTED)),
    *(
        f"CREATE INDEX {table}_by_id ON {table} (id, status, day, latest, earliest, part_of, has_former_ids)"
        for table in (COMMON, RESTRICTED)
    ),
    # What is open, or was lately, is a handful among tens of thousands, and `open` asks for it each time.
    f"CREATE INDEX {COMMON}_by_status ON {COMMON} (status)",
    f"CREATE INDEX {COMMON}_by_latest ON {COMMON} (latest)",
    """CREATE TABLE problem (
        path TEXT PRIMARY KEY, is_ours INTEGER NOT NULL, is_restricted INTEGER NOT NULL, told TEXT NOT NULL
    )""",
    # The notes whose words can be searched for; `is_read` once they are in the table of words, under the same number.
    """CREATE TABLE document (
        number INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT UNIQUE NOT NULL, incident TEXT NOT NULL, title TEXT,
        is_read INTEGER NOT NULL
    )""",
    # A lesson, once for each incident that taught it; one without any has none there.
    "CREATE TABLE lesson (path TEXT NOT NULL, incident TEXT NOT NULL, is_restricted INTEGER NOT NULL)",
    "CREATE INDEX lesson_by_path ON lesson (path)",
)

_PLACES = ", ".join("?" * (len(MOMENTS) + 13))
_write = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def put(db: Connection, contributions: Iterable[Contribution], settings: Settings) -> None:
    """Put into the tables what notes add; nothing of these notes may be there."""
    rows: dict[str, list[tuple[object, ...]]] = {COMMON: [], RESTRICTED: []}
    problems: list[tuple[object, ...]] = []
    documents: list[tuple[object, ...]] = []
    lessons: list[tuple[object, ...]] = []
    for each in contributions:
        if each.incident:
            rows[RESTRICTED if each.restricted else COMMON].append(_row(each.incident))
        if each.problems:
            told = _write([(*problem[1:-1], _written(problem.hint)) for problem in each.problems])
            problems.append((each.path, each.is_ours, each.restricted, told))
        if each.lesson:
            lessons += [(each.path, which, each.restricted) for which in each.lesson.incidents or ("",)]
        if each.restricted:
            continue
        if each.incident:
            documents.append((each.path, each.incident.id.text, each.incident.title))
        elif each.companion_of and (known := settings.ids.lead(each.companion_of)):
            documents.append((each.path, known[0].text, None))
        elif each.lesson and each.lesson.incidents:
            documents.append((each.path, "", each.lesson.title))
    for table, found in rows.items():
        db.executemany(f"INSERT INTO {table} VALUES ({_PLACES})", found)
    db.executemany("INSERT INTO problem VALUES (?, ?, ?, ?)", problems)
    db.executemany("INSERT INTO lesson VALUES (?, ?, ?)", lessons)
    db.executemany("INSERT INTO document (path, incident, title, is_read) VALUES (?, ?, ?, 0)", documents)


def forget(db: Connection, paths: Iterable[str]) -> None:
    """Take out what notes had added."""
    each = [(path,) for path in paths]
    for table in NOTES:
        db.executemany(f"DELETE FROM {table} WHERE path = ?", each)


def incidents(db: Connection, table: str, selection: Selection | None, settings: Settings) -> Iterator[Incident]:
    """Return the incidents of a table that are selected, and all notes of an id that is in several."""
    columns = f"id, path, status, severity, paged, days, words, properties, {', '.join(MOMENTS)}"
    query = f"SELECT {columns} FROM {table}"
    values: tuple[object, ...] = ()
    if selection:
        # The rows are wide; which of them are wanted is decided on the narrow index.
        query += (
            f" WHERE rowid IN (SELECT rowid FROM {table} WHERE {selection.condition})"
            f" OR id IN (SELECT id FROM {table} GROUP BY id HAVING count(*) > 1)"
        )
        values = selection.values
    severities = {level.label: level for level in (*settings.severities.levels, NOT_YET)}
    for row in db.execute(query, values):
        known = settings.ids.read(row[0])
        if known is None:
            raise ValueError(f"{row[0]!r} is not an id")
        title, nature, category, detected_by, services, duplicate_of, cause, uid, pauses, confirmed = json.loads(row[6])
        properties, lines = json.loads(row[7])
        yield Incident(
            id=known,
            path=row[1],
            title=title,
            status=Status(row[2]) if row[2] else None,
            severity=severities[row[3]] if row[3] else None,
            nature=nature,
            category=category,
            detected_by=detected_by,
            services=tuple(services),
            moments={
                name: Moment(_EPOCH + timedelta(seconds=seconds), bool(row[5] >> place & 1))
                for place, (name, seconds) in enumerate(zip(MOMENTS, row[8:], strict=True))
                if seconds is not None
            },
            paged=None if row[4] is None else _EPOCH + timedelta(seconds=row[4]),
            pauses=tuple(Pause(*(_EPOCH + timedelta(seconds=seconds) for seconds in pause)) for pause in pauses),
            confirmed=tuple((name, _EPOCH + timedelta(seconds=seconds)) for name, seconds in confirmed),
            duplicate_of=duplicate_of,
            cause=cause,
            restricted=table == RESTRICTED,
            uid=uid,
            properties=properties,
            lines=lines,
        )


def known_places(db: Connection) -> Iterator[KnownPlace]:
    """Yield where the notes are that are found without a scan: those not over, the restricted, and the newest."""
    over = f"status IN ({', '.join(repr(str(status)) for status in OVER)})"
    newest = f"SELECT path FROM {COMMON} ORDER BY id DESC LIMIT {NEWEST}"
    wanted = f"status IS NULL OR NOT {over} OR path IN ({newest})"
    for table, condition in ((COMMON, wanted), (RESTRICTED, "1")):
        for path, which, is_over in db.execute(f"SELECT path, id, coalesce({over}, 0) FROM {table} WHERE {condition}"):
            yield KnownPlace(path, which, bool(is_over), table == RESTRICTED)


def lessons(db: Connection, *, include_restricted: bool) -> list[str]:
    """Return the paths of the lessons that are notes, in order."""
    query = "SELECT DISTINCT path FROM lesson WHERE NOT is_restricted OR ? ORDER BY path"
    return [path for (path,) in db.execute(query, (include_restricted,))]


def problems(db: Connection, *, everything: bool, include_restricted: bool) -> Iterator[Problem]:
    """Return what is wrong with notes, in order within each."""
    query = "SELECT path, told FROM problem WHERE (is_ours OR ?) AND (NOT is_restricted OR ?)"
    for path, told in db.execute(query, (everything, include_restricted)):
        for line, code, message, hint in json.loads(told):
            yield Problem(path, line, code, message, _read(hint))


def foreign(db: Connection, *, include_restricted: bool) -> Iterator[str]:
    """Return the notes among the problems that cannot be ours."""
    query = "SELECT path FROM problem WHERE NOT is_ours AND (NOT is_restricted OR ?)"
    for (path,) in db.execute(query, (include_restricted,)):
        yield path


def declared(
    db: Connection, since: datetime, settings: Settings, *, include_restricted: bool
) -> Iterator[DeclaredIncident]:
    """Return the incidents that were declared since a moment, or whose id is of that day or a later one; nothing else of them is read."""
    from okb_incident.core.metrics.documentation import DeclaredIncident  # noqa: PLC0415 - few commands ask for it

    values = _seconds(since), _seconds(since) // DAY - 1
    for table in (COMMON, RESTRICTED) if include_restricted else (COMMON,):
        narrow = f"SELECT rowid FROM {table} WHERE latest >= ? OR day >= ?"
        query = f"SELECT id, path, declared, status FROM {table} WHERE rowid IN ({narrow})"
        for text, path, seconds, status in db.execute(query, values):
            known = settings.ids.read(text)
            if known is None:
                raise ValueError(f"{text!r} is not an id")
            at = None if seconds is None else _EPOCH + timedelta(seconds=seconds)
            yield DeclaredIncident(known, path, at, status is not None and Status(status).is_open)


def _written(text: Text | None) -> Text | list[Command] | None:
    """Return words as JSON can hold them: those with commands in them as a list, in which a list is a command."""
    return [text] if isinstance(text, Command) else text


def _read(written: str | list[str | list[str]] | None) -> Text | None:
    """Return the words that `_written` wrote."""
    if not isinstance(written, list):
        return written
    parts = [part if isinstance(part, str) else Command.of(part) for part in written]
    return parts[0] if len(parts) == 1 else Sentence(*parts)


def _row(incident: Incident) -> tuple[object, ...]:
    moments = [incident.moments.get(name) for name in MOMENTS]
    anchors = [_seconds(at) for name in ANCHORS if (at := incident.at(name))]
    words: list[Any] = [incident.title, incident.nature, incident.category, incident.detected_by]
    words += [incident.services, incident.duplicate_of, incident.cause, incident.uid]
    words.append([[_seconds(at) for at in pause] for pause in incident.pauses])
    words.append([(name, _seconds(at)) for name, at in incident.confirmed])
    return (
        incident.path,
        incident.id.text,
        incident.status and str(incident.status),
        incident.severity and incident.severity.label,
        *(_seconds(moment.at) if moment else None for moment in moments),
        _seconds(incident.paged) if incident.paged else None,
        sum(1 << place for place, moment in enumerate(moments) if moment and moment.day_only),
        (incident.id.day - _EPOCH.date()).days,
        min(anchors, default=None),
        max(anchors, default=None),
        incident.duplicate_of and incident.duplicate_of.upper(),
        bool(incident.properties.get("former_ids")),
        _write(words),
        _write([incident.properties, incident.lines]),
    )


def _seconds(at: datetime) -> int:
    span = at - _EPOCH
    return span.days * 86400 + span.seconds
