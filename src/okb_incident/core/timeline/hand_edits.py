"""Status and severity as a person changed them in the property editor, which the timeline does not tell of yet.

The property counts, and the timeline is its history. When the change was made nobody knows, so the line that records it says when it
was seen, and no duration is computed from it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from okb_incident.core.incident.change import LogLine
from okb_incident.core.text.secret import PAYLOAD
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import texts_of
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, tzinfo

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.values.severity import Severity, SeverityScale

Value = TypeVar("Value")


class HandEdit(NamedTuple):
    """A property whose value is not the one that the note's history leads to.

    Attributes:
        key: ``status`` or ``severity``.
        before: What the history leads to.
        after: What the property says.
    """

    key: str
    before: str
    after: str

    def line(self, at: datetime, seen: datetime, zone: tzinfo) -> LogLine:
        """Return the timeline entry that records the change; it has no author, for nobody knows whose it was.

        Args:
            at: Where in the timeline it goes: before what the command records itself.
            seen: When the change was noticed.
            zone: The vault's zone.
        """
        return LogLine(
            self.key, f"{self.before} → {self.after} (seen {write_moment(seen, zone)})", min(at, seen), actor=""
        )


def hand_edits(record: Record, scale: SeverityScale) -> tuple[HandEdit, ...]:
    """Return what a person changed in the properties and the timeline does not tell of."""
    incident = record.incident
    found = []
    status = _status_told(record)
    if status and incident.status and status is not incident.status:
        found.append(HandEdit("status", str(status), str(incident.status)))
    severity = _severity_told(record, scale)
    if severity and incident.severity and severity.label != incident.severity.label:
        found.append(HandEdit("severity", severity.label, incident.severity.label))
    return tuple(found)


def _status_told(record: Record) -> Status | None:
    """Return the status to which the timeline leads; None where it does not tell."""
    if _is_redacted(record, "status"):
        return None
    return _led_to(record.of_kind("status"), Status.read) or (
        Status.TRIAGE if _was_opened(record.incident) and not record.of_kind("status") else None
    )


def _was_opened(incident: Incident) -> bool:
    """Return whether `open` made the note, so that the incident began in triage."""
    return incident.uid is not None and "imported_from" not in incident.properties


def _severity_told(record: Record, scale: SeverityScale) -> Severity | None:
    """Return the severity to which the timeline leads; where none is told, the one that the tag still has."""
    if _is_redacted(record, "severity"):
        return None
    told = _led_to(record.of_kind("severity"), scale.read)
    if told or record.of_kind("severity"):
        return told
    tags = {tag.lower() for tag in texts_of(record.incident.properties.get("tags"))}
    tagged = [level for level in scale.levels if level.tag in tags]
    return tagged[0] if len(tagged) == 1 else None


def _is_redacted(record: Record, kind: str) -> bool:
    """Return whether a secret was taken out of the entry that may hold the last value."""
    gone = f"{kind}: {PAYLOAD}"
    told = [entry for entry in record.entries if entry.kind == kind or entry.text == gone]
    return bool(told) and told[-1].text == gone


def _led_to(entries: Iterable[TimelineEntry], read: Callable[[str], Value | None]) -> Value | None:
    """Return the value to which a chain of changes leads: the one that was entered more often than left.

    Entries may be dated back, so the last one in time need not be the last link. Where the chain has a gap, it is the last in time.
    """
    links = [(read((entry.fields or {}).get("before", "")), read((entry.fields or {})["after"])) for entry in entries]
    balance = Counter(after for _, after in links)
    balance.subtract(before for before, _ in links)
    ends = [value for value, count in balance.items() if count > 0]
    if len(ends) == 1:
        return ends[0]
    return links[-1][1] if links else None
