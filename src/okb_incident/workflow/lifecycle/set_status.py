"""A status that is set by its name goes the way of the verb for it: the same requirements, the same moment, the same line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.incident import lifecycle
from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.incident.step_back import is_back, step_back
from okb_incident.core.values.status import MOMENT_OF, Status
from okb_incident.errors import TransitionError
from okb_incident.workflow.lifecycle.resolve import enter_closed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call


def set_status(call: Call, record: Record, target: Status, given: Mapping[str, object]) -> Change:
    """Decide on ``set status=…``.

    Args:
        call: The call.
        record: The incident.
        target: The status.
        given: The properties that the same call sets; the moment of the status may be among them.

    Raises:
        TransitionError: The verb for that status would refuse, or it is a step back without a reason.
    """
    incident, zone = record.incident, call.session.zone
    if target is Status.MERGED and incident.status is not Status.MERGED:
        raise _merged_alone(incident)
    stamped = given.get(MOMENT_OF.get(target, ""))
    at = stamped if isinstance(stamped, datetime) else call.moment
    if target is Status.CLOSED and not (incident.status and incident.status.is_aside):
        return enter_closed(call, record, at, call.reason, [key for key, value in given.items() if value])
    if incident.status is target and target not in MOMENT_OF:
        return Change(already=True, said=f"already status {target}")
    if target is Status.DECLINED and call.reason:
        return lifecycle.decline(incident, call.moment, call.reason)
    if incident.status is not target and is_back(incident, target):
        return step_back(incident, target, call.moment, zone, call.reason)
    if incident.status is None and target.is_open:
        return _mended(target, call)
    return lifecycle.advance(incident, target, at, zone, text=call.reason, correct=call.shared.correct)


def _mended(target: Status, call: Call) -> Change:
    """Set a readable status for an incident without one; nothing tells when it was entered."""
    line = LogLine("status", f"{target}, {call.reason}" if call.reason else str(target), call.moment)
    return Change(properties={"status": str(target)}, lines=(line,), said=f"status {target}")


def _merged_alone(incident: Incident) -> TransitionError:
    return TransitionError(
        "merged says that it is part of another incident; say which",
        field="status",
        value=str(Status.MERGED),
        hint=Sentence(Command("merge", incident.id), " asks into which, and tells it in both notes"),
    )
