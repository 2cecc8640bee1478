"""Naming what was skipped where a person set the status of an incident by hand: that is accepted, and a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.guidance.skipped import skipped
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.session import Session

SET_BY_HAND = "set-by-hand"


def of_record(session: Session, record: Record) -> list[Problem]:
    """Find what the status of an incident lacks, with the command that supplies or records it."""
    incident = record.incident
    missing = skipped(record, session.vault.settings.policy)
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
