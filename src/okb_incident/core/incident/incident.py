"""An incident as its note states it, read once into typed values."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.status import MOMENT_OF, Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from okb_incident.core.values.identity import IncidentId
    from okb_incident.core.values.moment import Moment
    from okb_incident.core.values.severity import Severity

#: Those that say when it was, the first that is set.
ANCHORS = ("started", "detected", "declared")

NATURES = ("drill", "maintenance", "announcement")

DRILL = "DRILL"
"""The word that an exercise carries wherever people read of it, so that nobody takes it for a real incident."""

TLP = ("TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR")
"""The traffic light protocol 2.0 of FIRST."""


class Pause(NamedTuple):
    """A span in which an incident counted as resolved, until it was reopened.

    Attributes:
        start: When it had been resolved.
        end: When it was reopened.
    """

    start: datetime
    end: datetime

    def follows(self, at: datetime) -> bool:
        """Return whether a moment belongs to what came before it: the end that did not last, or earlier."""
        return at < self.start or at == self.start < self.end


class Incident(NamedTuple):
    """One incident.

    What could not be read is None and is kept as a Problem next to it; the number of an incident is never a guess.

    Attributes:
        id: The id that people say.
        path: Its note, relative to the vault, with ``/``.
        title: One line.
        status: None where the note holds a word that is not a status.
        severity: ``undetermined`` where the note says so; None where it says nothing readable.
        nature: None for a real incident; otherwise drill, maintenance or announcement: listed, never measured.
        category: What sort it is, lower case, or None.
        detected_by: Who or what noticed it, lower case, or None.
        services: Their names, without link marks, as written.
        moments: What happened when, by the names in `properties.MOMENTS`; a moment that nobody set is absent.
        paged: When somebody was first called, from the timeline; None where that is not known.
        pauses: The spans in which it counted as resolved and was reopened, from the timeline, in order.
        confirmed: The moments that somebody has confirmed as they are, from the timeline, by name.
        duplicate_of: The id of the incident this one is part of.
        cause: A word of the vocabulary, or None.
        restricted: It may be shown only where it is asked for.
        uid: The id that never changes.
        properties: All properties as read, unknown ones included, for filters and for show.
        lines: The line of each property in the note.
    """

    id: IncidentId
    path: str
    title: str
    status: Status | None
    severity: Severity | None
    nature: str | None = None
    category: str | None = None
    detected_by: str | None = None
    services: tuple[str, ...] = ()
    moments: Mapping[str, Moment] = MappingProxyType({})
    paged: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    confirmed: tuple[tuple[str, datetime], ...] = ()
    duplicate_of: str | None = None
    cause: str | None = None
    restricted: bool = False
    uid: str | None = None
    properties: Mapping[str, object] = MappingProxyType({})
    lines: Mapping[str, int] = MappingProxyType({})

    def at(self, name: str) -> datetime | None:
        """Return the instant of a moment, None where it is missing."""
        moment = self.moments.get(name)
        return moment.at if moment else None

    def confirms(self, name: str) -> bool:
        """Return whether somebody has confirmed a moment as it is."""
        return (name, self.at(name)) in self.confirmed

    @property
    def is_drill(self) -> bool:
        """Return whether it is an exercise."""
        return self.nature == NATURES[0]

    @property
    def headline(self) -> str:
        """Return the title as people read it: that of a drill says so."""
        return marked(self.title) if self.is_drill else self.title

    @property
    def label(self) -> str:
        """Return the id where it is without the title: that of a drill says so."""
        return f"{self.id} {DRILL}" if self.is_drill else self.id.text

    @property
    def is_open(self) -> bool:
        """Return whether someone is still working on it."""
        return self.status is not None and self.status.is_open

    @property
    def may_be_open(self) -> bool:
        """Return whether it is open, or in a state that cannot be read: what nobody can tell to be over counts among the open ones."""
        return self.status is None or self.status.is_open

    @property
    def needs_someone(self) -> bool:
        """Return whether it belongs among the open ones that a person looks at: an announcement or maintenance does not."""
        return self.may_be_open and self.nature not in {"announcement", "maintenance"}

    @property
    def status_since(self) -> datetime | None:
        """Return when it entered its status, by the moments; None where a person changed it by hand, or it is aside."""
        if self.status is Status.TRIAGE:
            return self.at("declared")
        entered = self.at(MOMENT_OF[self.status]) if self.status in MOMENT_OF else None
        if entered is None or self.status is not Status.INVESTIGATING or not self.pauses:
            return entered
        return max(entered, self.pauses[-1].end)

    @property
    def can_be_meant(self) -> bool:
        """Return whether a command that names no incident may mean it; an open announcement or maintenance has to be named."""
        return self.needs_someone or not self.is_open

    @property
    def anchor(self) -> datetime | None:
        """Return the instant that says to which period it belongs: its start, else its detection, else its declaration."""
        return self.at("started") or self.at("detected") or self.at("declared")


def marked(text: str) -> str:
    """Return a text about a drill with the word in front, where it does not begin with it already."""
    if says_drill(text):
        return text
    # Whoever rehearses often calls it one: "Drill: the database fails over".
    first, rest = text[: len(DRILL)], text[len(DRILL) :]
    return f"{DRILL}{rest}" if first.upper() == DRILL and not rest[:1].isalnum() else f"{DRILL}: {text}"


def says_drill(text: str) -> bool:
    """Return whether a text begins with the word that marks a drill."""
    rest = text.lstrip().removeprefix(DRILL)
    return len(rest) < len(text.lstrip()) and not rest[:1].isalnum()


class Match(NamedTuple):
    """An incident that a search found.

    Attributes:
        incident: The incident.
        found_in: The note whose words fit best, its own or a companion's, relative to the vault.
        score: How well they fit, by BM25; more is better, and only the order means anything.
    """

    incident: Incident
    found_in: str
    score: float
