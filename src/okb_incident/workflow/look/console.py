"""What a console knows of its incident: what the note says now, what others wrote, and which commands were its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.errors import NotFoundError, OkbError
from okb_incident.vault.disk.files import inside
from okb_incident.vault.journal.store import BEGUN, Journal
from okb_incident.vault.write.late_saves import COMMAND as LATE_SAVE
from okb_incident.workflow.look.read_incident import view_incident
from okb_incident.workflow.look.what_next import what_next
from okb_incident.workflow.session import read_clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from okb_incident.core.guidance.due import Due
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.vault.journal.entry import JournalEntry
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.look.read_incident import View
    from okb_incident.workflow.session import Session

SETTINGS = "incident.toml"

TURNING = frozenset({"resolve", "reopen", "undo", "ack", "identify", "mitigate"})
"""Commands that may change what `Stage` holds."""


class Stage(NamedTuple):
    """What decides whether a typed line still fits the incident.

    Attributes:
        phase: ``open``, or the status of an incident that is not.
        restricted: Not everybody may know of it.
    """

    phase: str
    restricted: bool


class ConsoleIncident:
    """The incident of a console, read again whenever its note changes.

    Attributes:
        id: Its id.
        view: What its note said when it was read last.
        lost: Why the note cannot be read any more; None while it can.
    """

    def __init__(self, call: Call) -> None:
        """Read the incident that a call names.

        Raises:
            OkbError: No or several incidents are meant.
        """
        view = view_incident(call)
        self.id = view.incident.id
        self.view = view
        self.lost: OkbError | None = None
        self._call = call.again((), self.id.text)
        self._stamps = self._stamps_now()
        self._known = self._first = _stage(view.incident)
        self._shown = _lines(view)
        self._begun = 0
        self._own: list[str] = []
        self._due: tuple[datetime, Sequence[Due]] | None = None

    @property
    def names(self) -> frozenset[str]:
        """Return what names this incident in the console, in lower case."""
        day_and_number = self.id.text.partition("-")[2]
        return frozenset({self.id.text.lower(), day_and_number[4:], f"{self.id.number:02d}"})

    @property
    def is_hidden(self) -> bool:
        """Whether the incident was restricted after the console had been opened, which may not show its text any more."""
        return _stage(self.view.incident).restricted and not self._first.restricted

    @property
    def session(self) -> Session:
        """The session in which the note was read last."""
        return self._call.session

    @property
    def me(self) -> str:
        """The handle of whoever types."""
        return self.session.actor.handle

    def look(self) -> list[TimelineEntry]:
        """Read the note again if it changed; return the entries that are new, none of an incident that is hidden.

        Raises:
            OkbError: The note cannot be read.
        """
        stamps = self._stamps_now()
        if stamps is not None and stamps == self._stamps and self.lost is None:
            return []
        try:
            self._call = self._call.again((), self.id.text)
            view = view_incident(self._call)
        except OkbError as error:
            self.lost, self._stamps = error, stamps
            raise
        # The note may have moved.
        self.view, self.lost, self._due = view, None, None
        self._stamps = stamps or self._stamps_now()
        new = [entry for entry in view.entries if entry.raw not in self._shown]
        self._shown = _lines(view)
        return [] if self.is_hidden else new

    def watch(self) -> list[TimelineEntry]:
        """Look as `look` does, but search the vault only once for a note that is gone.

        Raises:
            OkbError: The note cannot be read.
        """
        if self.lost is not None and self._stamps_now() == self._stamps:
            return []
        return self.look()

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
        """Remember where the entries of the journal begin that the next command makes."""
        self._begun = len(BEGUN)

    def done(self, verb: str) -> list[TimelineEntry]:
        """Take in what a command of this console did; return the entries that others wrote meanwhile.

        Raises:
            OkbError: The note or the journal cannot be read.
        """
        self._keep_own()
        new = self.look()
        if verb in TURNING:
            self._known = _stage(self.view.incident)
        return [entry for entry in new if entry.actor != self.me]

    def _keep_own(self) -> None:
        """Remember the entries of the journal that the last command made."""
        begun = BEGUN[self._begun :]
        if not begun:
            return
        for entry in self._journal_since(begun[0]):
            if entry.id in begun and not entry.undoes and entry.command != LATE_SAVE:
                self._own.append(entry.id)
        self._own.sort()

    def last_own(self) -> str:
        """Return the journal's id of the last command of this console that is in force.

        Raises:
            NotFoundError: There is none.
        """
        undone: set[str] = set()
        for entry in self._journal_since(self._own[0]) if self._own else ():
            if entry.undoes and entry.id not in undone:
                undone.add(entry.undoes)
            elif entry.id in self._own and entry.id not in undone:
                return entry.id
        raise NotFoundError("this console has no command to undo", field="ENTRY")

    def act_as(self, who: str) -> None:
        """Take another person for the one at the console."""
        self.session.given_actor = who
        self._call = self._call.again((), self.id.text)

    def due(self) -> Sequence[Due]:
        """Return what is due, the most urgent first; looked up at most once a second."""
        now = read_clock()[0]
        if self._due is None or self._due[0] != now:
            self.session.now = now
            self._due = now, what_next(self.session, self.view.record)
        return self._due[1]

    def _journal_since(self, first: str) -> Iterator[JournalEntry]:
        """Return the entries of the journal from one on, the newest first."""
        for entry in Journal.here(self.session.vault.root).backward():
            if entry.id < first:
                return
            yield entry

    def _stamps_now(self) -> tuple[tuple[int, ...], ...] | None:
        """Return what tells whether note or settings changed; None where the note is not in its place."""
        root = self.session.vault.root
        try:
            return _stamp(inside(root, self.view.incident.path)), _stamp(f"{root}/{SETTINGS}")
        except (OSError, NotFoundError):
            return None


def _stamp(path: str) -> tuple[int, ...]:
    found = os.stat(path)
    return found.st_ino, found.st_mtime_ns, found.st_size


def _stage(incident: Incident) -> Stage:
    status = incident.status
    phase = "open" if status is None or status.is_open else str(status)
    return Stage(phase, bool(incident.restricted))


def _lines(view: View) -> set[tuple[str, ...]]:
    return {entry.raw for entry in view.entries}
