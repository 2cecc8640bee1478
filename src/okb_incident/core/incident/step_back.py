"""A step back: a status that was entered by mistake is corrected, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.incident.change import Change, LogLine, quote
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import DERIVED
from okb_incident.core.values.status import MOMENT_OF, Status
from okb_incident.errors import TransitionError

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from okb_incident.core.incident.incident import Incident

#: The statuses whose moment cannot be true while the incident is in an earlier one. Who acknowledged it and when the cause
#: was found stay facts.
CONTRADICTED = (Status.MONITORING, Status.RESOLVED, Status.CLOSED)


def is_back(incident: Incident, target: Status) -> bool:
    """Return whether a status is behind the one that the incident has; from or to aside counts as back."""
    status = incident.status
    return status is not None and (status.is_aside or target.is_aside or target.step < status.step)


def step_back(incident: Incident, target: Status, at: datetime, zone: tzinfo, reason: str) -> Change:
    """Correct a status to an earlier one; moments that contradict it become empty, and their values are in the timeline.

    Raises:
        TransitionError: There is no reason, or another incident's note would have to change as well.
    """
    if incident.status is Status.MERGED:
        raise TransitionError(
            f"{incident.id} is merged into {incident.duplicate_of or 'another incident'}; undo the merge first",
            field="status",
            value=str(target),
            hint=Command("merge", incident.id, options=("--undo",)),
        )
    if not reason:
        raise TransitionError(
            f"{incident.status} → {target} is a step back and needs a reason",
            field="status",
            value=str(target),
            hint=Command("set", f"status={target}", options=("--reason",), incident=incident.id),
        )
    said = f"{incident.status} → {target}"
    properties: dict[str, str | None] = {"status": str(target)}
    later = [MOMENT_OF[status] for status in CONTRADICTED if target.step < status.step]
    past = {name: moment for name in later if (moment := incident.at(name))}
    emptied = {*later, *(DERIVED if "resolved" in later else ())}
    properties |= dict.fromkeys(key for key in incident.properties if key in emptied)
    lines = [LogLine("status", f"{said}, {reason}", at)]
    if past:
        told = ", ".join(f"{name} {write_moment(moment, zone)}" for name, moment in past.items())
        lines.append(LogLine("note", f"was {told}", at))
    return Change(properties=properties, lines=tuple(lines), said=f"status {said}{quote(reason)}")
