"""From the properties of a note to an Incident; what cannot be read becomes a Problem, never a wrong value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.incident.incident import NATURES, Incident
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.moment import read_moment
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.properties import (
    COUNT_KEYS,
    HIGHEST_COUNT,
    MOMENT_KEYS,
    MOMENTS,
    REQUIRED,
    count_of,
    link_target,
    text_of,
    texts_of,
)
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.command import Text
    from okb_incident.core.settings.settings import Settings
    from okb_incident.core.values.moment import Moment
    from okb_incident.core.values.severity import Severity

NOTE_TYPES = (
    "incident",
    "incident-assessment",
    "incident-communication",
    "incident-review",
    "incident-report",
    "lesson",
    "service",
    "person",
)


def note_type(values: Mapping[str, object]) -> str | None:
    """Return the type of a note; nothing but its `type` decides, never a folder or a tag."""
    word = text_of(values.get("type"))
    return word.lower() if word else None


def is_restricted(values: Mapping[str, object], path: str, settings: Settings) -> bool:
    """Return whether a note may be shown only where it is asked for: it is in that folder, or its property says so."""
    return f"{path}/".startswith(f"{settings.folders.restricted}/") or any(
        text.lower() == "restricted" for text in texts_of(values.get("visibility"))
    )


def read_incident(
    values: Mapping[str, object],
    lines: Mapping[str, int],
    path: str,
    settings: Settings,
) -> tuple[Incident | None, tuple[Problem, ...]]:
    """Read the properties of a note whose type is `incident`.

    Args:
        values: The properties, as the vault room read them.
        lines: The line of each.
        path: The note, relative to the vault.
        settings: The vault's vocabulary, scale and zone.

    Returns:
        The incident, None where the note has no readable id; and what is wrong with the note.
    """
    reading = _Reading(values, lines, path)
    incident_id = settings.ids.read(text_of(values.get("id")) or "")
    if incident_id is None:
        reading.fault(
            "id",
            "missing-id",
            f"an incident needs an id such as {settings.ids.text}; it is not counted",
            "write its id into the properties, and rename the note to that id",
        )
        return None, tuple(reading.problems)
    for key in REQUIRED:
        if reading.line(key) is None:
            remedy = Command("set", key, incident=incident_id)
            reading.fault(key, "missing-key", f"{key} is not set", remedy)
    moments = reading.moments(settings, incident_id)
    reading.counts(incident_id)
    incident = Incident(
        id=incident_id,
        path=path,
        title=reading.line("title") or str(incident_id),
        status=reading.status(incident_id),
        severity=reading.severity(settings, incident_id),
        nature=reading.word("nature", NATURES, incident_id),
        category=reading.word("category", settings.vocabulary.category, incident_id),
        detected_by=reading.word("detected_by", settings.vocabulary.detected_by, incident_id),
        services=tuple(link_target(text) for text in texts_of(values.get("services"))),
        moments={name: moments[name] for name in MOMENTS if name in moments},
        duplicate_of=reading.incident("duplicate_of", settings),
        cause=reading.word("cause", settings.vocabulary.cause, incident_id),
        restricted=is_restricted(values, path, settings),
        uid=reading.line("uid"),
        properties=values,
        lines=lines,
    )
    return incident, tuple(reading.problems)


class _Reading:
    """One note being read: its properties, and the problems found on the way."""

    def __init__(self, values: Mapping[str, object], lines: Mapping[str, int], path: str) -> None:
        self.values = values
        self.lines = lines
        self.path = path
        self.problems: list[Problem] = []

    def fault(self, key: str, code: str, message: str, hint: Text | None = None) -> None:
        self.problems.append(Problem(self.path, self.lines.get(key, 1), code, message, hint))

    def line(self, key: str) -> str | None:
        """Return a property that holds one text; a list of one is read as that one."""
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            # As nearly all are; and each note is asked for thirty.
            return " ".join(value.split()) or None if value else None
        texts = texts_of(value)
        return " ".join(texts[0].split()) if texts else None

    def link(self, key: str) -> str | None:
        text = self.line(key)
        return link_target(text) if text else None

    def incident(self, key: str, settings: Settings) -> str | None:
        """Return a link to an incident by its id, whatever a person added to the name of its note."""
        target = self.link(key)
        known = settings.ids.lead(target) if target else None
        return known[0].text if known else target

    def word(self, key: str, allowed: tuple[str, ...], incident_id: object) -> str | None:
        """Return a property that holds a word of a vocabulary; another word is kept and named."""
        text = self.line(key)
        if text is None:
            return None
        if text in allowed:
            return text
        for word in allowed:
            if word.lower() == text.lower():
                return word
        message = f"{key} is {shorten(text)!r}; allowed are {', '.join(allowed)}"
        self.fault(key, "unknown-word", message, Command("set", key, incident=incident_id))
        return text.lower()

    def status(self, incident_id: object) -> Status | None:
        text = self.line("status")
        if text is None:
            return None
        status = Status.read(text)
        if status is None:
            words = ", ".join(Status)
            self.fault(
                "status",
                "unknown-status",
                f"unknown status {shorten(text)!r}; choose from {words}",
                Command("set", "status", incident=incident_id),
            )
        return status

    def severity(self, settings: Settings, incident_id: object) -> Severity | None:
        text = self.line("severity")
        if text is None:
            return None
        severity = settings.severities.read(text)
        if severity is None:
            words = ", ".join(settings.severities.labels)
            self.fault(
                "severity",
                "unknown-severity",
                f"unknown severity {shorten(text)!r}; choose from {words}",
                Command("severity", incident=incident_id),
            )
        return severity

    def moments(self, settings: Settings, incident_id: object) -> dict[str, Moment]:
        """Return the moments that can be read; of several under one name none is taken."""
        found: dict[str, Moment] = {}
        zone = settings.zone
        for key in MOMENT_KEYS:
            text = self.line(key)
            if text is None:
                continue
            remedy = Command("set", key, options=("--correct",), incident=incident_id)
            listed = len(texts_of(self.values.get(key)))
            if listed > 1:
                self.fault(
                    key, "bad-moment", f"{key} is unreadable: it lists {listed} moments, and has only one", remedy
                )
                continue
            try:
                found[key] = read_moment(text, zone)
            except ValueError as fault:
                self.fault(key, "bad-moment", f"{key} is unreadable: {fault}", remedy)
        return found

    def counts(self, incident_id: object) -> None:
        """Name the counts that cannot be read; the text stays."""
        for key in COUNT_KEYS:
            text = text_of(self.values.get(key)) or ", ".join(texts_of(self.values.get(key)))
            if text and count_of(self.values.get(key)) is None:
                remedy = Command("set", key, incident=incident_id)
                message = f"{key} is {shorten(text)!r}; it must be a whole number from 0 to {HIGHEST_COUNT}"
                self.fault(key, "bad-count", message, remedy)
