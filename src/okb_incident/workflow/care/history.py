"""What happened to an incident's notes: by commands, from the journal; by others, from what is between; and by git."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import NotFoundError
from okb_incident.integrations.git import commits_of
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import UnreadableError, inside
from okb_incident.vault.disk.stillness import read_bytes
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.merge.redactions import with_redactions
from okb_incident.vault.note.compare import compare
from okb_incident.vault.read.peek import may_be_incident, value_of
from okb_incident.workflow.reference import is_open, resolved_today

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.core.values.identity import IdPattern, IncidentId
    from okb_incident.vault.journal.entry import JournalEntry
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.reference import Target


class HistoryItem(NamedTuple):
    """One thing that happened to a note.

    Attributes:
        at: When, in ISO 8601; None for an edit of which only its place among the others is known.
        by: Who, where it is known.
        what: The command, the subject of the commit, or that somebody edited the note.
        source: ``journal``, ``git`` or ``edit``.
        name: The entry or commit, None for an edit.
        path: The note.
        changes: What was different afterwards; empty where the bytes are not kept any more.
        taken_back: A later undo has taken it back.
    """

    at: str | None
    by: str | None
    what: str
    source: str
    name: str | None
    path: str
    changes: tuple[str, ...]
    taken_back: bool = False


def history(call: Call) -> tuple[Target, list[HistoryItem]]:
    """Return the incident, and what happened to its note and its companions, oldest first."""
    target = call.target(is_open, resolved_today(call.session))
    root, ids = call.session.vault.root, call.session.vault.settings.ids
    found = [each for journal in Journal.all_of(root) for each in _from_journal(journal, target.id, ids)]
    # Ids of entries are times, and within one machine never alike.
    found.sort(key=lambda each: (each.entry.id, each.number))
    told = _with_edits(root, found)
    known = {each.path for each in told} | {target.path}
    for path in sorted(known):
        told += [
            HistoryItem(_in_utc(each.at), each.by, each.subject, "git", each.id[:12], path, ())
            for each in commits_of(root, path)
        ]
    return target, _in_order(told)


class _Done(NamedTuple):
    """One change of one entry."""

    journal: Journal
    entry: JournalEntry
    number: int
    taken_back: bool


def _from_journal(journal: Journal, incident: IncidentId, ids: IdPattern) -> Iterator[_Done]:
    """Yield the changes of all notes of an incident, newest first."""
    taken_back = set()
    for entry in journal.backward():
        if entry.undoes and entry.id not in taken_back:
            taken_back.add(entry.undoes)
        for number in range(len(entry.changes)):
            if _is_about(journal, entry, number, incident, ids):
                yield _Done(journal, entry, number, entry.id in taken_back)


def _is_about(journal: Journal, entry: JournalEntry, number: int, incident: IncidentId, ids: IdPattern) -> bool:
    """Return whether a change was made in a note of an incident: by its name, or by its id while a person called it otherwise."""
    path = entry.changes[number].path
    lead = ids.lead(os.path.basename(path).removesuffix(".md"))
    if lead is not None or not path.endswith(".md"):
        return lead is not None and lead[0] == incident
    data = journal.after(entry, number) or journal.before(entry, number)
    return data is not None and may_be_incident(data) and ids.read(value_of(data, b"id") or "") == incident


def _with_edits(root: str, done: Sequence[_Done]) -> list[HistoryItem]:
    """Return the commands, and between them the edits that others made in the note."""
    told: list[HistoryItem] = []
    last: dict[str, tuple[str | None, bytes | None]] = {}
    notes = {path: _held(root, path) for path in {each.entry.changes[each.number].path for each in done}}
    for each in done:
        change = each.entry.changes[each.number]
        # Of what was redacted in another clone this one's journal has every word.
        before, after = (
            data if data is None else with_redactions(data, notes[change.path] or b"")
            for data in (each.journal.before(each.entry, each.number), each.journal.after(each.entry, each.number))
        )
        if change.path in last and last[change.path][0] != change.before:
            told.append(_edit(change.path, last[change.path][1], before))
        told.append(
            HistoryItem(
                each.entry.at,
                each.entry.by,
                each.entry.command,
                "journal",
                each.entry.id,
                change.path,
                compare(before, after) if _is_kept(change.before, before) and _is_kept(change.after, after) else (),
                each.taken_back,
            )
        )
        last[change.path] = change.after, after
    for path, (held, after) in last.items():
        now = notes[path]
        if held is not None and now is not None and digest(now) != held:
            told.append(_edit(path, after, now))
    return told


def _held(root: str, path: str) -> bytes | None:
    """Read what a note holds; what is gone or no note any more has no words to tell."""
    with suppress(NotFoundError, UnreadableError):
        return read_bytes(inside(root, path)).data
    return None


def _is_kept(wanted: str | None, data: bytes | None) -> bool:
    return (wanted is None) == (data is None)


def _edit(path: str, before: bytes | None, after: bytes | None) -> HistoryItem:
    changes = compare(before, after) if before is not None and after is not None else ()
    return HistoryItem(None, None, "edited by hand, or by another program", "edit", None, path, changes)


def _in_utc(at: str) -> str:
    from datetime import UTC, datetime  # noqa: PLC0415

    return datetime.fromisoformat(at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _in_order(told: Sequence[HistoryItem]) -> list[HistoryItem]:
    """Sort by time; an edit without one stays behind what it followed."""
    keys = []
    latest = ""
    for each in told:
        latest = each.at or latest
        keys.append(latest)
    return [each for _, each in sorted(zip(keys, told, strict=True), key=lambda pair: pair[0])]
