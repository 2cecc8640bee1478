"""Which command of the journal is meant: the last of one's own, one that is named, the last that was undone; and what it was about."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Candidate, Command, Sentence
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.moment import seconds_between
from okb_incident.core.values.screen_time import show_time
from okb_incident.errors import AmbiguousReferenceError, NotFoundError, OkbError, TransitionError
from okb_incident.vault.disk.files import inside
from okb_incident.vault.disk.stillness import read_bytes
from okb_incident.vault.write.late_saves import COMMAND as LATE_SAVE

if TYPE_CHECKING:
    from okb_incident.core.values.identity import IncidentId
    from okb_incident.vault.journal.entry import JournalEntry
    from okb_incident.vault.journal.store import Journal
    from okb_incident.workflow.session import Session

SHORTEST_NAME = 4
"""Characters of an entry's id that are enough to name it, if no other id has them at its start or end."""


class Subject(NamedTuple):
    """What a command was about.

    Attributes:
        incident: The id of the incident; None where it was about no incident.
        title: Its title; None where it is not known, or not for the eyes of whoever asks.
        path: The first note that the command changed.
    """

    incident: str | None
    title: str | None
    path: str

    def __str__(self) -> str:
        """Return it as the end of an answer."""
        if self.incident is None:
            return f" · {self.path}"
        return f" · {self.incident} {self.title}" if self.title else f" · {self.incident}"


def last_entry(journal: Journal, session: Session) -> JournalEntry:
    """Find the last command in force that was not somebody else's."""
    taken_back = set()
    others: JournalEntry | None = None
    for entry in journal.backward():
        if entry.id in taken_back:
            continue
        if entry.undoes:
            taken_back.add(entry.undoes)
        elif entry.command == LATE_SAVE:
            continue
        elif entry.by in {None, session.actor.handle}:
            return entry
        else:
            others = others or entry
    raise NotFoundError(
        "there is no command of yours to undo"
        if others is None
        else f"no command in force is yours; the last one, {others.command} {_clock(session, others)}, is by @{others.by}",
        field="ENTRY",
        hint=Sentence(Command("undo", short(others)), " undoes that one") if others else None,
    )


def _clock(session: Session, entry: JournalEntry) -> str:
    """Return when a command was carried out, as a terminal shows it."""
    return show_time(datetime.fromisoformat(entry.at), real_now(), session.zone)


def entry_named(journal: Journal, name: str) -> JournalEntry:
    """Find a command by a part of its id."""
    wanted = name.upper()
    taken_back: dict[str, JournalEntry] = {}
    found = []
    for entry in journal.backward():
        if entry.undoes and entry.id not in taken_back:
            taken_back[entry.undoes] = entry
        if len(wanted) >= SHORTEST_NAME and (entry.id.startswith(wanted) or entry.id.endswith(wanted)):
            found.append(entry)
    if not found:
        raise NotFoundError(
            f"the journal of this machine has no entry {shorten(name)!r}",
            field="ENTRY",
            value=name,
            hint=Sentence(Command("history"), " lists what was done to an incident, with the entries"),
        )
    if len(found) > 1:
        raise AmbiguousReferenceError(
            f"{len(found)} entries have {name!r} at an end of their ids",
            field="ENTRY",
            value=name,
            candidates=tuple(Candidate(Command("undo", each.id), f"{each.command} {each.at}") for each in found[:9]),
        )
    if by := taken_back.get(found[0].id):
        raise TransitionError(
            f"{found[0].command} of {found[0].at} was undone already",
            field="ENTRY",
            value=name,
            hint=Sentence(Command("undo" if found[0].undoes else "redo", short(by)), " does it again"),
        )
    return found[0]


def short(entry: JournalEntry) -> str:
    """Name an entry as people type it."""
    return entry.id[-8:]


def last_undo(journal: Journal, session: Session) -> JournalEntry:
    """Find the last undo in force that was not somebody else's; the undo of an undo is none.

    Raises:
        NotFoundError: There is none.
    """
    entries = list(journal.backward())
    by_id = {entry.id: entry for entry in entries}
    taken_back = set()
    for entry in entries:
        if not entry.undoes or entry.id in taken_back:
            continue
        taken_back.add(entry.undoes)
        undone = by_id.get(entry.undoes)
        if entry.by in {None, session.actor.handle} and not (undone and undone.undoes):
            return entry
    raise NotFoundError(
        "there is no undo of yours to redo",
        field="ENTRY",
        hint=Sentence(Command("history"), " lists what was done to an incident, with the entries"),
    )


def entry_of(journal: Journal, wanted: str) -> JournalEntry | None:
    """Return the entry of an id, None where the journal has it no more."""
    return next((entry for entry in journal.backward() if entry.id == wanted), None)


def subject_of(session: Session, journal: Journal, entry: JournalEntry) -> Subject:
    """Return what a command was about; of a restricted incident another person's command tells no title."""
    path = entry.changes[0].path if entry.changes else ""
    for number, change in enumerate(entry.changes):
        lead = session.vault.settings.ids.lead(os.path.basename(change.path).removesuffix(".md"))
        if lead is None:
            continue
        found = None if lead[1] else (journal.after(entry, number) or journal.before(entry, number))
        title = _title(session, lead[0], change.path, found)
        hidden = entry.by not in {None, session.actor.handle} and session.vault.hides(lead[0])
        return Subject(lead[0].text, None if hidden else title, path)
    return Subject(None, None, path)


def _title(session: Session, incident_id: IncidentId, path: str, kept: bytes | None) -> str | None:
    """Read the title that an incident has now, else the one that it had; nothing is searched for it."""
    data = kept
    with suppress(OkbError):
        data = read_bytes(inside(session.vault.root, path)).data
    if data is None:
        return None
    note = session.vault.named(session.vault.parse(path, data), incident_id)
    incident, _ = session.vault.incident_of(note)
    return incident.headline if incident else None


def age_of(entry: JournalEntry) -> int:
    """Return how many seconds ago a command was carried out, by the real clock, as the journal has it."""
    return max(seconds_between(datetime.fromisoformat(entry.at), real_now()), 0)


def real_now() -> datetime:
    """Return the moment; whatever moment is pinned for notes, the journal has the real one."""
    return datetime.now(UTC)  # noqa: TID251
