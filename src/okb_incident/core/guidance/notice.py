"""The notice to an authority as something that is due: with its deadline, its command and who has to send it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.comms.disclosure import barrier
from okb_incident.core.comms.notice import AUDIENCE, AUTHORITY
from okb_incident.core.guidance.due import Due, holder
from okb_incident.core.response.duty import duty_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.response.duty import Duty
    from okb_incident.core.settings.policy import Policy
    from okb_incident.core.timeline.record import Record


def notice_due(record: Record, policy: Policy) -> Iterator[tuple[Duty, Due]]:
    """Yield the notice that is due to an authority; nothing where it was sent, or none is due.

    What settles it the other way is to take the deadline away with a reason: there is no duty.
    """
    duty = duty_of(record, policy.notify)
    if duty is None:
        return
    incident = record.incident
    disclose = ("--disclose",) if barrier(incident, AUTHORITY) else ()
    if duty.by is None:
        command = Command("set", "notify_by", incident=incident.id)
    elif AUDIENCE in policy.second_approver:
        command = Command("comms draft", AUDIENCE, options=("--notice",), incident=incident.id)
    else:
        command = Command("tell", AUDIENCE, options=("--notice", *disclose), incident=incident.id)
    instead = Command("set", "notify_by=", options=("--reason",), incident=incident.id)
    who = holder(incident, "communications_lead", "commander")
    yield duty, Due("notice", f"notify the authority{duty.about}", duty.by, command, instead, who=who)
