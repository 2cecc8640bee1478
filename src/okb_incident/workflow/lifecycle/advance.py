"""The verbs that move an incident while it lasts, or aside and back: ack, identify, mitigate, confirm, decline, reopen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident import lifecycle
from okb_incident.core.response.restoration import with_unrestored
from okb_incident.core.values.status import Status
from okb_incident.errors import MissingWordError
from okb_incident.workflow.reference import is_open, resolved_today

if TYPE_CHECKING:
    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.reference import Fits


def in_status(*statuses: Status) -> Fits:
    """Return the question whether an incident has one of some statuses."""
    return lambda incident: incident.status in statuses


def ack(call: Call) -> ChangedIncident:
    """Begin to investigate; whoever acts becomes a responder, and the commander if there is none."""

    def decide(record: Record) -> Change:
        change = _enter(call, record.incident, Status.INVESTIGATING)
        return change if change.is_empty else lifecycle.make_commander(change, record.incident, call.session.actor.link)

    return call.change(decide, in_status(Status.TRIAGE), is_open)


def identify(call: Call) -> ChangedIncident:
    """Record that the cause is known, which is often found when all is over."""
    applicable = in_status(Status.TRIAGE, Status.INVESTIGATING, Status.MONITORING)
    return call.change(
        lambda record: _enter(call, record.incident, Status.IDENTIFIED),
        applicable,
        is_open,
        resolved_today(call.session),
    )


def mitigate(call: Call) -> ChangedIncident:
    """Record that the impact has stopped."""
    applicable = in_status(Status.TRIAGE, Status.INVESTIGATING, Status.IDENTIFIED)

    def decide(record: Record) -> Change:
        return with_unrestored(_enter(call, record.incident, Status.MONITORING), record, call.moment)

    return call.change(decide, applicable, is_open)


def confirm(call: Call) -> ChangedIncident:
    """Record that an incident is real; whoever confirms it need not lead it."""

    def decide(record: Record) -> Change:
        said = f"confirmed, {call.text}" if call.text else "confirmed"
        return lifecycle.advance(record.incident, Status.INVESTIGATING, call.moment, call.session.zone, text=said)

    return call.change(decide, in_status(Status.TRIAGE), is_open)


def decline(call: Call) -> ChangedIncident:
    """Set a false alarm aside.

    Raises:
        MissingWordError: There is no reason.
    """
    if not call.why:
        raise _no_reason(call, "probe was wrong, the site was up")

    return call.change(lambda record: lifecycle.decline(record.incident, call.moment, call.why), is_open)


def reopen(call: Call) -> ChangedIncident:
    """Reopen an incident that was over.

    Raises:
        MissingWordError: There is no reason.
    """
    if not call.text:
        raise _no_reason(call, "the errors are back")
    return call.change(
        lambda record: lifecycle.reopen(record.incident, call.moment, call.session.zone, call.text),
        in_status(Status.RESOLVED),
    )


def _no_reason(call: Call, example: str) -> MissingWordError:
    return MissingWordError("REASON", "why", f"{call.verb} {example}")


def _enter(call: Call, incident: Incident, status: Status) -> Change:
    """Decide on entering a status; of an incident that is over already, the minutes follow from the moments at once."""
    change = lifecycle.advance(
        incident, status, call.moment, call.session.zone, text=call.text, correct=call.shared.correct
    )
    over = incident.at("resolved") is not None and not change.is_empty
    return lifecycle.derive(change, incident) if over else change
