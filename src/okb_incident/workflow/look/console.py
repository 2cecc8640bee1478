"""What a console knows of its incident: what the note says now, what others wrote, and which commands were its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import NotFoundError
from okb_incident.vault.disk.files import inside
from okb_incident.vault.journal.store import Journal
from okb_incident.workflow.look.read_incident import view_incident
from okb_incident.workflow.look.what_next import what_next

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.core.guidance.due import Due
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.vault.journal.entry import JournalEntry
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.look.read_incident import View


class Stage(NamedTuple):
    """What decides whether a typed line still fits the incident.

    Attributes:
        phase: ``open``, or the status of an incident that is not.
        restricted: Not everybody may know of it.
    """

    phase: str
    restricted: bool


class ConsoleIncident:
    """The incident of a console, read again whenever its note changes."""

    def __init__(self, call: Call) -> None:
        """Read the incident that a call names.

        Raises:
            OkbError: No or several incidents are meant.
        """
        view = view_incident(call)
        self.id = view.incident.id
        self._call = call.again((), self.id.text)
        self._stamp: tuple[int, ...] | None = None
        self._known = _stage(view.incident)
        self._shown = _lines(view)
        self._own: list[str] = []
        self._newest = ""
        self.view = view

    @property
    def names(self) -> frozenset[str]:
        """Return what names this incident in the console, in lower case."""
        day_and_number = self.id.text.partition("-")[2]
        return frozenset({self.id.text.lower(), day_and_number[4:], f"{self.id.number:02d}"})

    def look(self) -> list[TimelineEntry]:
        """Read the note again if it changed; return the entries that are new. A restricted incident shows none that it had not before.

        Raises:
            OkbError: The note cannot be read.
        """
        stamp = self._stamp_now()
        if stamp is not None and stamp == self._stamp:
            return []
        self._call = self._call.again((), self.id.text)
        view = view_incident(self._call)
        self._stamp, self.view = stamp, view
        new = [entry for entry in view.entries if entry.raw not in self._shown]
        self._shown = _lines(view)
        became_restricted = view.incident.restricted and not self._known.restricted
        return [] if became_restricted else new

    def turned(self) -> str | None:
        """Return in a sentence what others made of the incident since the last command; None where a typed line still fits.

        The sentence is returned once.
        """
        before, now = self._known, _stage(self.view.incident)
        self._known = now
        if before == now:
            return None
        if now.restricted != before.restricted:
            return f"{self.id} is {'now' if now.restricted else 'no longer'} restricted"
        return f"{self.id} is {'open again' if now.phase == 'open' else f'now {now.phase}'}"

    def begin(self) -> None:
        """Remember which command of the journal is the newest, before one of this console runs."""
        newest = next(self._journal(), None)
        self._newest = newest.id if newest else ""

    def done(self) -> None:
        """Take what the command has changed for known, and its entries in the journal for this console's own."""
        new = []
        for entry in self._journal():
            if entry.id == self._newest:
                break
            if entry.by == self._call.session.actor.handle or entry.by is None:
                new.append(entry)
        for entry in reversed(new):
            if entry.undoes:
                self._own = [each for each in self._own if each != entry.undoes]
            else:
                self._own.append(entry.id)

    def settle(self) -> None:
        """Take the incident as it is after a command of this console for known."""
        self._known = _stage(self.view.incident)

    def last_own(self) -> str:
        """Return the journal's id of the last command of this console that is in force.

        Raises:
            NotFoundError: There is none.
        """
        if not self._own:
            raise NotFoundError("this console has no command to undo", field="ENTRY")
        return self._own[-1]

    def act_as(self, who: str) -> None:
        """Take another person for the one at the console."""
        self._call.session.given_actor = who
        self._call = self._call.again((), self.id.text)

    def due(self) -> Sequence[Due]:
        """Return what is due, the most urgent first."""
        session = self._call.session.again()
        return what_next(session, self.view.record)

    def _journal(self) -> Iterator[JournalEntry]:
        return Journal.here(self._call.session.vault.root).backward()

    def _stamp_now(self) -> tuple[int, ...] | None:
        try:
            found = os.stat(inside(self._call.session.vault.root, self.view.incident.path))
        except (OSError, NotFoundError):
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size


def _stage(incident: Incident) -> Stage:
    status = incident.status
    phase = "open" if status is None or status.is_open else str(status)
    return Stage(phase, bool(incident.restricted))


def _lines(view: View) -> set[tuple[str, ...]]:
    return {entry.raw for entry in view.entries}
