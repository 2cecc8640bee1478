"""What was skipped where a person set the status by hand: the command for it would have asked for that, or stamped it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.guidance.gates import Gate, unmet
from okb_incident.core.incident.lifecycle import VERB_OF
from okb_incident.core.text.secret import PAYLOAD
from okb_incident.core.timeline.timeline import BEFORE_ALL
from okb_incident.core.values.status import MOMENT_OF, Status

if TYPE_CHECKING:
    from okb_incident.core.settings.policy import Policy
    from okb_incident.core.timeline.record import Record

#: What is left of a status line out of which a secret was taken.
REDACTED = f"status: {PAYLOAD}"


def is_by_hand(record: Record) -> bool:
    """Return whether no command brought the incident into its status: none entered it since one left it last.

    Commands are taken in the order in which they were typed, because what they tell may be back-dated. Where a secret was taken
    out of a status line nothing tells.
    """
    status = record.incident.status
    if status is None or any(entry.text == REDACTED for entry in record.entries):
        return False
    # A line with `seen` is of a change by hand that a command only noticed.
    told = [entry for entry in record.of_kind("status") if "seen" not in (entry.fields or {})]
    by_hand = status is not Status.TRIAGE
    for entry in sorted(told, key=lambda entry: entry.recorded or entry.at or BEFORE_ALL):
        fields = entry.fields or {}
        if Status.read(fields["after"]) is status:
            by_hand = False
        elif Status.read(fields.get("before", "")) is status:
            by_hand = True
    return by_hand


def skipped(record: Record, policy: Policy) -> tuple[Gate, ...]:
    """Return what a status that was set by hand lacks: its moment, and to be closed also what the policy asks for.

    Each comes with the command that supplies it. Nothing is missing where a command entered the status: it asked for all of it,
    or the reason for going on without is in the timeline.
    """
    incident = record.incident
    status = incident.status
    if status not in MOMENT_OF or not is_by_hand(record):
        return ()
    gates = unmet(record, policy) if status is Status.CLOSED else ()
    name, verb = MOMENT_OF[status], VERB_OF[status]
    if incident.at(name) is not None:
        return gates
    options = () if status is Status.CLOSED else ("--at",)
    return (*gates, Gate(name, f"{name} is not set", Command(verb, options=options, incident=incident.id)))
