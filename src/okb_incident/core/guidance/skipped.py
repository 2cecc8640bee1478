"""What was skipped where a person set the status by hand: the command for it would have asked for that, or stamped it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.guidance.gates import Gate, unmet
from okb_incident.core.incident.lifecycle import VERB_OF
from okb_incident.core.text.secret import PAYLOAD
from okb_incident.core.values.status import MOMENT_OF, Status

if TYPE_CHECKING:
    from okb_incident.core.settings.policy import Policy
    from okb_incident.core.timeline.record import Record

#: Marks a line about a change that a command only noticed.
SEEN = re.compile(r"\(seen \d{4}-")

#: What is left of a status line out of which a secret was taken.
REDACTED = f"status: {PAYLOAD}"


def is_by_hand(record: Record) -> bool:
    """Return whether no command brought the incident into its status: the last line that a command wrote names another.

    Where a secret was taken out of a status line nothing tells.
    """
    if any(entry.text == REDACTED for entry in record.entries):
        return False
    told = [entry for entry in record.of_kind("status") if not SEEN.search(entry.text)]
    last = Status.read((told[-1].fields or {})["after"]) if told else Status.TRIAGE
    return record.incident.status is not None and last is not record.incident.status


def skipped(record: Record, policy: Policy) -> tuple[Gate, ...]:
    """Return what a status that was set by hand lacks: its moment, and to be closed also what the policy asks for.

    Each comes with the command that supplies it. Nothing is missing where a command entered the status: it asked for all of it,
    or the reason for going on without stands in the timeline.
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
