"""The record of an incident: its properties, and what the body of its note says, read when it is asked for."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, tzinfo

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.task import Task


class Record:
    """An incident with its timeline and its lists.

    Attributes:
        incident: Its properties.
        zone: The zone in which its timeline is written.
    """

    def __init__(self, incident: Incident, zone: tzinfo, section: Callable[[str], Sequence[str]]) -> None:
        """Keep what is needed to read it.

        Args:
            incident: Its properties.
            zone: The vault's zone.
            section: Gives the lines of a section of its note by title, none where there is no such section.
        """
        self.incident = incident
        self.zone = zone
        # Each answer asks for the timeline several times, and parting a long one into lines takes a while.
        self._section = cache(section)

    def section(self, title: str) -> Sequence[str]:
        """Return the lines of a section, none where there is no such section."""
        return self._section(title)

    def says(self, title: str) -> bool:
        """Return whether a section holds anything."""
        return any(line.strip() for line in self._section(title))

    @cached_property
    def written(self) -> tuple[TimelineEntry, ...]:
        """Return the timeline in the order in which it is in the note; the `line` of each counts within the section."""
        from okb_incident.core.timeline.timeline import read_timeline  # noqa: PLC0415 - most commands never ask

        return read_timeline(self._section("Timeline"), self.zone, self.incident.at("declared"))

    @cached_property
    def entries(self) -> tuple[TimelineEntry, ...]:
        """Return the timeline in the order in which it happened."""
        from okb_incident.core.timeline.timeline import chronological  # noqa: PLC0415

        return tuple(chronological(self.written))

    @cached_property
    def latest(self) -> datetime | None:
        """Return when the latest line of the timeline happened; None where none has a moment."""
        from okb_incident.core.timeline.excerpt import latest  # noqa: PLC0415

        known = "entries" in vars(self)
        found = None if known else latest(self._section("Timeline"), self.zone, self.incident.at("declared"))
        return found or max((entry.at for entry in self.entries if entry.at), default=None)

    def mentions(self, *kinds: str) -> bool:
        """Return whether a word for one of some kinds is anywhere in the timeline.

        A note may be there without its word. Most answers ask for kinds of which there is no line yet, and reading a timeline costs more than looking for a word in it.
        """
        text = self._timeline_text
        return "note" in kinds or any(kind in text for kind in kinds)

    @cached_property
    def _timeline_text(self) -> str:
        return "\n".join(self._section("Timeline")).lower()

    def of_kind(self, *kinds: str) -> list[TimelineEntry]:
        """Return the lines of some kinds that fit their kind, in the order in which it happened."""
        if not self.mentions(*kinds):
            return []
        from okb_incident.core.timeline.excerpt import excerpt  # noqa: PLC0415 - most records tell of none
        from okb_incident.core.timeline.timeline import chronological  # noqa: PLC0415

        known = "entries" in vars(self)
        found = None if known else excerpt(self._section("Timeline"), self.zone, self.incident.at("declared"), kinds)
        entries = self.entries if found is None else chronological(found)
        return [entry for entry in entries if entry.kind in kinds and entry.fields is not None]

    @cached_property
    def actions(self) -> tuple[Task, ...]:
        """Return the actions during the incident; the response's checklist is not among them."""
        return self._tasks("Actions")

    @cached_property
    def checklist(self) -> tuple[Task, ...]:
        """Return the actions that its category asks for first."""
        return self._tasks("Checklist")

    @cached_property
    def follow_ups(self) -> tuple[Task, ...]:
        """Return the follow-ups."""
        return self._tasks("Follow-ups")

    def _tasks(self, title: str) -> tuple[Task, ...]:
        from okb_incident.core.timeline.task import read_tasks  # noqa: PLC0415

        return read_tasks(self._section(title), self.incident.id.text)

    def names(self, letter: str) -> set[str]:
        """Return the short names of one sort that its note uses anywhere: ``a1`` and ``a2`` for ``a``."""
        found = {
            task.name
            for task in (*self.actions, *self.checklist, *self.follow_ups)
            if task.name and task.name[0] == letter
        }
        for entry in self.written:
            name = (entry.fields or {}).get("name", "")
            if name[:1] == letter and name[1:].isdecimal():
                found.add(name)
        return found
