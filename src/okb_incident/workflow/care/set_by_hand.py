"""Naming what was skipped where a person set the status of an incident by hand: that is accepted, and a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.guidance.skipped import skipped
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.status import Status
from okb_incident.workflow.change import record_of

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident
    from okb_incident.workflow.session import Session

SET_BY_HAND = "set-by-hand"


def in_note(session: Session, incident: Incident, text: str) -> list[Problem]:
    """Find what the status of a note lacks, with the command that supplies or records it."""
    missing = skipped(record_of(session, incident, text), session.vault.settings.policy)
    if not missing:
        return []
    is_override = incident.status is Status.CLOSED and len(missing) > 1
    command = Command("close", options=("--force",), incident=incident.id) if is_override else missing[-1].command
    told = "; ".join(each.missing for each in missing)
    return [
        Problem(
            incident.path,
            incident.lines.get("status"),
            SET_BY_HAND,
            f"{incident.status} was set by hand and is accepted; skipped: {told}",
            command,
        )
    ]
