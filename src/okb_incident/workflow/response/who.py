"""Who is on what, across the vault."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.response.effort import minutes_by_person
from okb_incident.core.response.roles import RESPONDER, held, holders, said
from okb_incident.core.values.properties import link_target
from okb_incident.workflow.look.guide import guide_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call


class Duty(NamedTuple):
    """What a person does in one incident.

    Attributes:
        incident: The incident.
        roles: What they are there: ``commander``, ``responder``.
        since: Since when; None where nothing tells.
    """

    incident: Incident
    roles: tuple[str, ...]
    since: datetime | None


class Load(NamedTuple):
    """What a person works on.

    Attributes:
        person: The handle.
        duties: The open incidents, the worst first.
        minutes: The work that was logged on these.
    """

    person: str
    duties: tuple[Duty, ...]
    minutes: int


def who_is_on_what(call: Call) -> list[Load]:
    """Return everybody who holds a role in an open incident, those with the most first."""
    records = [guided.record for guided in guide_all(call) if guided.incident.is_open]
    spelled: dict[str, str] = {}
    duties: dict[str, list[Duty]] = {}
    minutes: dict[str, int] = {}
    for record in records:
        for person, duty in _duties(record):
            key = person.lower()
            spelled.setdefault(key, person)
            duties.setdefault(key, []).append(duty)
        for person, spent in minutes_by_person(record).items():
            key = link_target(person).lower()
            minutes[key] = minutes.get(key, 0) + spent
    loads = [Load(spelled[key], tuple(found), minutes.get(key, 0)) for key, found in duties.items()]
    return sorted(loads, key=lambda load: (-len(load.duties), load.person.lower()))


def _duties(record: Record) -> Iterator[tuple[str, Duty]]:
    """Return everybody who is on an incident, with what they do there; a responder who holds another role has that."""
    incident = record.incident
    found: dict[str, tuple[str, list[tuple[str, datetime | None]]]] = {}
    for each in held(record):
        if each.end is None:
            found.setdefault(each.person.lower(), (each.person, []))[1].append((said(each.role), each.start))
    for person in holders(incident, RESPONDER):
        found.setdefault(person.lower(), (person, [(RESPONDER, incident.at("acknowledged"))]))
    for person, roles in found.values():
        since = min((start for _, start in roles if start), default=None)
        yield person, Duty(incident, tuple(role for role, _ in roles), since)
