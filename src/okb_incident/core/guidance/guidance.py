"""Guidance: the response process as a function from an incident's record and the house's policy to what is due, and by when.

Every item names the command that does it; it asks for what only a person can say. Nothing here looks at a clock:
an item is overdue when its deadline lies before the moment that the caller knows.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.comms.updates import owed
from okb_incident.core.guidance.due import Due, after, promised, to_end, to_stop, to_take
from okb_incident.core.guidance.gates import unmet
from okb_incident.core.incident.incident import NATURES
from okb_incident.core.response.requests import requests
from okb_incident.core.response.roles import SHORT_OF, said
from okb_incident.core.response.verification import has_recovered
from okb_incident.core.values.properties import text_of, texts_of
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.policy import Expectation, Policy
    from okb_incident.core.timeline.record import Record


DAYS_TO_CLOSE = 7
"""Within how many days after its end an incident is closed, where no review is due."""


def due(record: Record, policy: Policy, now: datetime) -> list[Due]:
    """Return what is due, the most urgent first: what has a deadline by that, then the rest in the order of the process.

    Args:
        record: The incident.
        policy: What the house expects.
        now: The moment of the command; an incident counts as silent from its point of view.
    """
    incident = record.incident
    expected = policy.of(incident.severity)
    if incident.needs_someone:
        parts: Iterable[Iterator[Due]] = (
            to_take(incident, expected),
            _severity(incident, expected),
            _roles(incident, expected),
            _facts(incident, policy),
            _checklist(record),
            _updates(record, expected),
            _promise(incident, record.zone),
            to_stop(incident, expected),
            _recovery(record, expected),
            _actions(record),
            _requests(record),
            _silence(record, policy, expected, now),
        )
    elif incident.status is Status.RESOLVED and incident.nature in {None, *NATURES[:1]}:
        parts = (_updates(record, expected), _close(record, policy, expected))
    else:
        return []
    # The sort is stable, so what has no deadline stays in the order of the process.
    return sorted(chain.from_iterable(parts), key=lambda each: (each.by is None, each.by and each.by.timestamp()))


# -- while it is open -------------------------------------------------------------------------------------------------


def _severity(incident: Incident, expected: Expectation) -> Iterator[Due]:
    if incident.severity is None or incident.severity.rank == 0:
        by = after(incident, expected.acknowledge)
        yield Due("severity", "say how bad it is", by, Command("severity", incident=incident.id))


def _roles(incident: Incident, expected: Expectation) -> Iterator[Due]:
    """Ask for the roles once somebody has it; they have as long again as taking it may last."""
    if incident.status is Status.TRIAGE:
        return
    by = after(incident, expected.acknowledge and 2 * expected.acknowledge)
    for role in expected.roles:
        if not texts_of(incident.properties.get(role)):
            command = Command("take", SHORT_OF[role], incident=incident.id)
            yield Due(f"role {role}", f"name a {said(role)}", by, command)


def _facts(incident: Incident, policy: Policy) -> Iterator[Due]:
    category = policy.category(incident.category)
    for key in category.requires:
        if not texts_of(incident.properties.get(key)):
            what = f"say its {key.replace('_', ' ')}, which every {incident.category} incident needs"
            yield Due(f"property {key}", what, None, Command("set", key, incident=incident.id))
    if category.tlp and not text_of(incident.properties.get("tlp")):
        command = Command("set", "tlp", incident=incident.id)
        yield Due("property tlp", "say who may know of it", None, command)


def _checklist(record: Record) -> Iterator[Due]:
    left = [task for task in record.checklist if task.is_open and task.name]
    if left:
        more = f" ({len(left) - 1} more on the checklist)" if len(left) > 1 else ""
        first = left[0]
        command = Command("action done", first.name, incident=record.incident.id)
        yield Due(f"checklist {first.name}", f"{_as_order(first.text)}{more}", None, command)


def _updates(record: Record, expected: Expectation) -> Iterator[Due]:
    for each in owed(record, expected):
        which = record.incident.id
        yield Due(f"update {each.audience}", each.what, each.by, each.command(which), each.instead(which))


def _promise(incident: Incident, zone: tzinfo) -> Iterator[Due]:
    expected = promised(incident, "expected_recovery", zone)
    if expected and incident.at("mitigated") is None:
        yield Due(
            "expected recovery",
            "have it over as expected, or say when else",
            expected,
            Command("expect", incident=incident.id),
        )


def _recovery(record: Record, expected: Expectation) -> Iterator[Due]:
    incident = record.incident
    if incident.status is Status.MONITORING and expected.verification and not has_recovered(record):
        command = Command("verify", "recovery", incident=incident.id)
        yield Due("verify", "prove that it works again", after(incident, expected.resolve), command)
    yield from to_end(incident, expected)


def _actions(record: Record) -> Iterator[Due]:
    """Ask for the actions that have a day of their own, by its end."""
    for task in record.actions:
        if task.is_open and task.due and task.name:
            try:
                day = datetime.combine(datetime.fromisoformat(task.due), time(23, 59, 59), record.zone)
            except ValueError:
                continue
            command = Command("action done", task.name, incident=record.incident.id)
            whose = f" ({task.owner})" if task.owner else ""
            yield Due(f"action {task.name}", f"{_as_order(task.text)}{whose}", day, command)


def _requests(record: Record) -> Iterator[Due]:
    for each in requests(record).values():
        if each.is_open:
            command = Command("resource grant", each.name, incident=record.incident.id)
            yield Due(f"request {each.name}", f"grant or refuse {each.name}: {each.text}", None, command)


def _silence(record: Record, policy: Policy, expected: Expectation, now: datetime) -> Iterator[Due]:
    """Notice an incident of which nobody has said anything for long; where updates are owed, they say it sooner."""
    last = max((entry.at for entry in record.entries if entry.at), default=record.incident.anchor)
    if last and not expected.updates and now - last > policy.silent_after:
        command = Command("log", incident=record.incident.id)
        yield Due(
            "silence", "say how it stands; nobody has said anything for long", last + policy.silent_after, command
        )


# -- when it is over --------------------------------------------------------------------------------------------------


def _close(record: Record, policy: Policy, expected: Expectation) -> Iterator[Due]:
    """Ask for what closing asks for, by the day of the review, and then to close it."""
    incident = record.incident
    resolved = incident.at("resolved")
    by = resolved + timedelta(days=expected.review or DAYS_TO_CLOSE) if resolved else None
    gates = unmet(record, policy)
    for gate in gates:
        yield Due(gate.name, f"for closing: {gate.missing}", by, gate.command)
    if not gates:
        yield Due("close", "put it to rest", by, Command("close", incident=incident.id))


def _as_order(text: str) -> str:
    """Return a sentence as the end of "it is time to …"."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first.istitle() else text
