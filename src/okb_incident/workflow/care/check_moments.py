"""What `check` finds about moments: those that do not fit the rest of their note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident.doubt import Limits
from okb_incident.core.incident.plausible import doubts_of_note, no_date, problems_of
from okb_incident.core.timeline.evidence import evidence_of
from okb_incident.core.timeline.timeline import read_timeline
from okb_incident.vault.disk.stillness import read_bytes
from okb_incident.vault.note.note import decode
from okb_incident.vault.note.sections import section_lines

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.values.problem import Problem
    from okb_incident.workflow.session import Session


def of_moments(session: Session, incident: Incident) -> list[Problem]:
    """Name the moments of an incident that do not fit its id, its timeline, or one another; each once."""
    settings = session.vault.settings
    text = decode(read_bytes(session.vault.real(incident.path)).data)
    entries = read_timeline(section_lines(text, "Timeline"), settings.zone, incident.at("declared"))
    limits = Limits(settings.zone, settings.window)
    found = doubts_of_note(incident, session.now, limits, evidence_of(entries, settings.zone))
    undated = no_date(incident)
    return [*problems_of(incident, found, settings.zone), *([undated] if undated else [])]
