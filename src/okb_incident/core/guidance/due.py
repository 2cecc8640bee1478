"""What is due for an incident by its properties alone: the targets of its severity and the promise of an update.

This is the part of the guidance that the answer of every command can afford; `guidance` adds what the body of the note says.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.values.moment import read_moment
from okb_incident.core.values.properties import text_of
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta, tzinfo

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.policy import Expectation, Policy


class Due(NamedTuple):
    """Something that the process asks for.

    Attributes:
        item: Which, in a word or two that never change: ``acknowledge``, ``update users``, ``role scribe``.
        what: What is to be done, as the end of "it is time to …".
        by: The deadline; None where there is none.
        command: What does it.
        instead: What settles it the other way, where there is a decision to make.
    """

    item: str
    what: str
    by: datetime | None
    command: Command
    instead: Command | None = None

    def is_overdue(self, now: datetime) -> bool:
        """Whether the deadline has passed."""
        return self.by is not None and self.by < now


def first_due(incident: Incident, policy: Policy, zone: tzinfo) -> Due | None:
    """Say what comes next, from the properties alone; for the answer of a command, which cannot afford to read more."""
    if not incident.needs_someone:
        return None
    expected = policy.of(incident.severity)
    found = list(chain(to_take(incident, expected), to_stop(incident, expected), to_end(incident, expected)))
    update = promised(incident, "next_update", zone)
    if update:
        found.append(Due("update", "keep the promise of an update", update, Command("next", incident=incident.id)))
    return min(found, key=lambda each: (each.by is None, each.by and each.by.timestamp()), default=None)


def to_take(incident: Incident, expected: Expectation) -> Iterator[Due]:
    """Ask that somebody takes it."""
    if incident.status is Status.TRIAGE:
        yield Due("acknowledge", "take it", after(incident, expected.acknowledge), Command("ack", incident=incident.id))


def to_stop(incident: Incident, expected: Expectation) -> Iterator[Due]:
    """Ask that the impact stops."""
    if incident.status is not None and incident.status.step < Status.MONITORING.step and not incident.at("mitigated"):
        by = after(incident, expected.mitigate)
        yield Due("mitigate", "stop the impact", by, Command("mitigate", incident=incident.id))


def to_end(incident: Incident, expected: Expectation) -> Iterator[Due]:
    """Ask, while it is watched, that somebody sees that it holds and ends it."""
    if incident.status is Status.MONITORING:
        by = after(incident, expected.resolve)
        yield Due("resolve", "see that it holds, and say that it is over", by, Command("resolve", incident=incident.id))


def after(incident: Incident, target: timedelta | None) -> datetime | None:
    """Give the deadline of a target that counts from the declaration."""
    start = incident.at("declared") or incident.anchor
    return start + target if start and target else None


def promised(incident: Incident, key: str, zone: tzinfo) -> datetime | None:
    """Give a promise that a property holds, None where it cannot be read."""
    text = text_of(incident.properties.get(key))
    try:
        return read_moment(text, zone).at if text else None
    except ValueError:
        return None
