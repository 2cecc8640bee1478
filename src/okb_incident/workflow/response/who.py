"""Who is on what, across the vault."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.response.effort import minutes_by_person
from okb_incident.core.response.roles import RESPONDER, held, holders, said
from okb_incident.core.values.properties import link_target
from okb_incident.workflow.look.guide import guide_all

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.workflow.session import Session


class Duty(NamedTuple):
    """What somebody does in one incident.

    Attributes:
        incident: Which.
        roles: What they are there: ``commander``, ``responder``.
        since: Since when; None where nothing tells.
    """

    incident: Incident
    roles: tuple[str, ...]
    since: datetime | None


class Load(NamedTuple):
    """What somebody is on.

    Attributes:
        person: The handle.
        duties: The open incidents, the worst first.
        minutes: The work that was logged on these.
    """

    person: str
    duties: tuple[Duty, ...]
    minutes: int


def who_is_on_what(session: Session, *, restricted: bool = False) -> list[Load]:
    """Give everybody who holds a role in an open incident, those with the most first."""
    duties: dict[str, list[Duty]] = {}
    spelled: dict[str, str] = {}
    minutes: dict[str, int] = {}
    for guided in guide_all(session, restricted=restricted):
        incident = guided.incident
        if not incident.is_open:
            continue
        here: dict[str, list[tuple[str, datetime | None]]] = {}
        for each in held(guided.record):
            if each.end is None:
                here.setdefault(each.person.lower(), []).append((said(each.role), each.start))
                spelled.setdefault(each.person.lower(), each.person)
        for person in holders(incident, RESPONDER):
            here.setdefault(person.lower(), [(RESPONDER, incident.at("acknowledged"))])
            spelled.setdefault(person.lower(), person)
        for key, roles in here.items():
            since = min((start for _, start in roles if start), default=None)
            duties.setdefault(key, []).append(Duty(incident, tuple(role for role, _ in roles), since))
        for person, spent in minutes_by_person(guided.record).items():
            key = link_target(person).lower()
            minutes[key] = minutes.get(key, 0) + spent
    loads = [Load(spelled[key], tuple(found), minutes.get(key, 0)) for key, found in duties.items()]
    return sorted(loads, key=lambda load: (-len(load.duties), load.person.lower()))
