"""Communications: the messages about an incident, by audience and kind, and the notes that keep them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okb_incident.core.incident import Incident
    from okb_incident.core.updates import Told

OUTSIDE = frozenset({"users", "stakeholders"})
"""Audiences outside the house."""


class Usual(NamedTuple):
    """The kinds of message that an audience usually gets.

    Attributes:
        first: The first one.
        later: Those that follow.
        over: The one that says that it is over.
    """

    first: str
    later: str
    over: str


USUAL = {
    "team": Usual("status-update", "status-update", "resolution-update"),
    "management": Usual("briefing", "briefing", "resolution-status"),
    "users": Usual("service-notice", "status-update", "follow-up"),
    "stakeholders": Usual("impact-assessment", "response-actions", "recovery-timeline"),
}


def kind_for(incident: Incident, audience: str, last: Told | None) -> str:
    """Choose the kind of a message by where the incident stands and whether the audience has heard of it."""
    usual = USUAL[audience]
    if incident.status in {Status.RESOLVED, Status.CLOSED}:
        return usual.over
    return usual.later if last else usual.first


def note_name(incident: Incident, number: int, audience: str, kind: str) -> str:
    """Give the name of a message's note, without its ending."""
    return f"{incident.id} update {number} {audience} {kind}"


def next_number(names: Iterable[str], incident: Incident) -> int:
    """Give the number after the last one that the notes of an incident's messages have."""
    pattern = re.compile(rf"{re.escape(incident.id.text)} update (\d+) ", re.IGNORECASE)
    return max((int(found[1]) for name in names if (found := pattern.match(name))), default=0) + 1
