"""What support teams need to know of an incident: how many tickets there are, and what they may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.comms.support_line import last_to_users, may_say
from okb_incident.core.response.teams import called_of_kind
from okb_incident.core.timeline.tickets import earlier, grown, now_of
from okb_incident.core.values.properties import texts_of
from okb_incident.core.values.screen_time import show_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from okb_incident.core.settings.policy import Policy
    from okb_incident.core.timeline.record import Record


def for_support(record: Record, policy: Policy, headline: str, now: datetime) -> Iterator[str]:
    """Return the lines for support teams; none where no support team is involved and users were sent nothing.

    Args:
        record: The incident.
        policy: What the organization expects, which knows the teams.
        headline: That of the last message to users; empty where its note cannot be read.
        now: The moment of the command.
    """
    tickets = now_of(record)
    if tickets is not None:
        counts = [(each.number, show_time(each.at, now, record.zone)) for each in earlier(record)]
        yield f"tickets {grown(counts, tickets)}"
    incident = record.incident
    liaison = texts_of(incident.properties.get("support_liaison"))
    involved = tickets is not None or liaison or called_of_kind(incident, policy, "support")
    if last_to_users(record) or (involved and incident.is_open):
        yield f"may say: {may_say(record, headline, now)}"
