"""What is due for an incident: an item with its deadline, its command and the person who has to run it.

Items that follow from the properties alone are made here; `guidance` adds what the body of the note says, and puts all in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.values.moment import read_moment
from okb_incident.core.values.name import handle
from okb_incident.core.values.properties import link_target, text_of, texts_of
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, timedelta, tzinfo

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.policy import Expectation
    from okb_incident.core.timeline.task import Task


class Due(NamedTuple):
    """Something that the process asks for.

    Attributes:
        item: Which, in a word or two that never change: ``acknowledge``, ``update users``, ``role scribe``.
        what: What has to be done, as the end of "it is time to …".
        by: The deadline; None where there is none.
        command: What does it.
        instead: What settles it the other way, where there is a decision to make.
        who: The handle of the person who has to act; None where anybody may.
        other_than: The handle of the one person who must not; None where there is none.
        to: The handles of the people to whom it goes, where that is known of a message.
        required: The incident cannot go on without it, so it comes before what the policy wants by a time.
    """

    item: str
    what: str
    by: datetime | None
    command: Command
    instead: Command | None = None
    who: str | None = None
    other_than: str | None = None
    required: bool = False
    to: tuple[str, ...] = ()

    def is_overdue(self, now: datetime) -> bool:
        """Return whether the deadline has passed."""
        return self.by is not None and self.by < now


def in_order(items: Iterable[Due], now: datetime) -> list[Due]:
    """Return items as they are best done: what is late first, then what is required, then what the policy wants by a time.

    What has no deadline comes last. The sort is stable, so items with nothing to tell them apart stay in the order of the process.
    """

    def key(each: Due) -> tuple[bool, bool, bool, float]:
        late = each.is_overdue(now)
        at = each.by.timestamp() if each.by and (late or not each.required) else 0.0
        return not late, not each.required, each.by is None, at

    return sorted(items, key=key)


def to_take(incident: Incident, expected: Expectation) -> Iterator[Due]:
    """Ask that somebody takes it."""
    if incident.status is Status.TRIAGE:
        by = after(incident, expected.acknowledge)
        yield Due("acknowledge", "acknowledge it", by, Command("ack", incident=incident.id), required=True)


def to_stop(incident: Incident, expected: Expectation) -> Iterator[Due]:
    """Ask that the impact stops."""
    if incident.status is not None and incident.status.step < Status.MONITORING.step and not incident.at("mitigated"):
        by = after(incident, expected.mitigate)
        who = holder(incident, "technical_lead", "commander")
        yield Due("mitigate", "stop the impact", by, Command("mitigate", incident=incident.id), who=who)


def to_end(incident: Incident, expected: Expectation) -> Iterator[Due]:
    """Ask of an incident that is watched that somebody sees that it holds and ends it."""
    by = after(incident, expected.resolve)
    command = Command("resolve", incident=incident.id)
    yield Due("resolve", "see that it holds, and resolve it", by, command, who=holder(incident, "commander"))


def holder(incident: Incident, *roles: str) -> str | None:
    """Return the handle of who holds the first of some roles that somebody holds; None where nobody holds one."""
    found = (handle(link_target(text)) for role in roles for text in texts_of(incident.properties.get(role)))
    return next(found, None)


def after(incident: Incident, target: timedelta | None) -> datetime | None:
    """Return the deadline of a target that counts from the declaration."""
    start = incident.at("declared") or incident.anchor
    return start + target if start and target else None


def promised(incident: Incident, key: str, zone: tzinfo) -> datetime | None:
    """Return by when a promise that a property holds is kept, a mere day to its end; None where it cannot be read."""
    text = text_of(incident.properties.get(key))
    try:
        return read_moment(text, zone).latest if text else None
    except ValueError:
        return None


def for_whom(who: str | None, other_than: str | None, me: str) -> str:
    """Return who has to act, as words, where that is not this person; otherwise nothing."""
    if who is not None and who.lower() != me.lower():
        return who
    return f"anyone but {me}" if other_than is not None and other_than.lower() == me.lower() else ""


def owner_of(task: Task) -> str | None:
    """Return the handle of who does a task; None where nobody is named."""
    return handle(link_target(task.owner)) or None if task.owner else None
