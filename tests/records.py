"""Records for tests: an incident of a given state, and the lines of its note."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from okb_incident.core.incident.incident import Incident
from okb_incident.core.timeline.record import Record
from okb_incident.core.values.identity import IncidentId
from okb_incident.core.values.moment import Moment
from okb_incident.core.values.properties import MOMENTS
from okb_incident.core.values.severity import DEFAULT_SCALE
from okb_incident.core.values.status import Status

T0 = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ID = "INC-20261123-01"


def minutes(number: float) -> datetime:
    """Give the moment so many minutes after the incident was declared."""
    return T0 + timedelta(minutes=number)


def incident_of(status: str, severity: str = "SEV1", *, properties=None, **facts) -> Incident:
    """Make an incident; moments are given in minutes after its declaration, the rest as fields."""
    moments = {name: Moment(minutes(facts.pop(name))) for name in MOMENTS if name in facts}
    return Incident(
        IncidentId(date(2026, 11, 23), 1, ID),
        f"incidents/2026/{ID}.md",
        "Card payments fail",
        Status(status),
        DEFAULT_SCALE.read(severity),
        moments={"declared": Moment(T0), **moments},
        properties=properties or {},
        **facts,
    )


def record_of(incident: Incident, timeline: str = "", **sections: str) -> Record:
    """Make a record; sections are given by title, with ``_`` for what a name cannot hold."""
    lines = {title.replace("_", "-"): text.strip().splitlines() for title, text in sections.items()}
    lines["Timeline"] = timeline.strip().splitlines()
    return Record(incident, UTC, lambda title: lines.get(title, []))
