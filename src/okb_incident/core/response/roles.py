"""Roles: who leads, who works on the technical side, who communicates, who writes, who speaks with the support and the management.

Each role but responder is held by one person at a time. The property says who holds it now, the timeline how it came to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, LogLine, quote
from okb_incident.core.settings.policy import ROLES
from okb_incident.core.timeline.payload import NOBODY
from okb_incident.core.values.name import handle
from okb_incident.core.values.properties import link_target, texts_of
from okb_incident.errors import TransitionError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record

RESPONDER = "responder"

#: What people type for a role.
WORDS = {
    "commander": "commander",
    "ic": "commander",
    "lead": "commander",
    "tech": "technical_lead",
    "technical": "technical_lead",
    "technical_lead": "technical_lead",
    "comms": "communications_lead",
    "communications": "communications_lead",
    "communications_lead": "communications_lead",
    "scribe": "scribe",
    "support": "support_liaison",
    "support_liaison": "support_liaison",
    "customer_liaison": "support_liaison",
    "management": "management_liaison",
    "management_liaison": "management_liaison",
    "internal_liaison": "management_liaison",
    "responder": RESPONDER,
    "responders": RESPONDER,
}
SHORT = ("commander", "tech", "comms", "scribe", "support", "management", "responder")
"""Those that help and messages name."""
SHORT_OF = dict(zip((*ROLES, RESPONDER), SHORT, strict=True))


class Person(NamedTuple):
    """A person who takes a role.

    Attributes:
        handle: As the timeline names them, without the ``@``.
        link: As properties name them: a link where there is a note.
    """

    handle: str
    link: str


class RoleHolding(NamedTuple):
    """A role that somebody held.

    Attributes:
        role: The property: ``technical_lead``.
        person: The handle.
        start: Since when; None where nothing tells.
        end: Until when; None while it lasts.
    """

    role: str
    person: str
    start: datetime | None
    end: datetime | None


def read_role(word: str) -> str | None:
    """Return the role that a word means, None where it means none."""
    return WORDS.get(word.lower().replace("-", "_").replace(" ", "_"))


def said(role: str) -> str:
    """Return a role as lines and answers name it: ``technical lead``."""
    return role.replace("_", " ")


def holders(incident: Incident, role: str) -> tuple[str, ...]:
    """Return who holds a role, by handle; more than one where somebody typed so."""
    key = "responders" if role == RESPONDER else role
    return tuple(handle(link_target(text)) for text in texts_of(incident.properties.get(key)))


def role_of(incident: Incident, me: str) -> str:
    """Return the one role that somebody holds, else the first, which is what a hand-over is usually about."""
    mine = [role for role in ROLES if me.lower() in map(str.lower, holders(incident, role))]
    return mine[0] if len(mine) == 1 else ROLES[0]


def give(
    incident: Incident, role: str, to: Person, at: datetime, *, text: str = "", handing_over: bool = False
) -> Change:
    """Assign a role to a person; whoever held it holds it no longer.

    Args:
        incident: As its note states it.
        role: One that one person holds, or responder, which many can be.
        to: Who holds it then.
        at: When.
        text: What the next one must know.
        handing_over: It goes from hand to hand, so somebody must hold it.

    Raises:
        TransitionError: A hand-over of what nobody holds, or of what two hold.
    """
    if role == RESPONDER:
        return _join(incident, to, at, text)
    now = holders(incident, role)
    if handing_over:
        _refuse_unclear(incident, role, now, to)
    if len(now) == 1 and now[0].lower() == to.handle.lower():
        return Change(already=True, said=f"@{to.handle} is already {said(role)}")
    before = now[0] if len(now) == 1 else NOBODY
    kind = "handoff" if handing_over else "role"
    lost = [each for each in now if each.lower() != to.handle.lower()]
    return Change(
        properties={role: to.link},
        lines=(LogLine(kind, _move(role, before, to.handle, text), at),),
        said=f"@{to.handle} is now {said(role)}{_instead(lost)}{quote(text)}",
        warnings=() if handing_over or not lost else (f"@{', @'.join(lost)} no longer holds it; tell them",),
    )


def lay_down(incident: Incident, role: str, at: datetime, who: str | None = None) -> Change:
    """Remove a role from whoever holds it; of responders, from the one that is named.

    Raises:
        UsageError: Nobody is named of several responders.
    """
    now = holders(incident, role)
    if role == RESPONDER:
        if who is None:
            raise UsageError("which responder goes? such as: incident role responder --remove erin", field="WHO")
        return _leave(incident, who, at)
    if not now:
        return Change(already=True, said=f"already without {said(role)}")
    return Change(
        properties={role: None},
        lines=tuple(LogLine("role", _move(role, each, NOBODY), at) for each in now),
        said=f"@{' and @'.join(now)} {'is' if len(now) == 1 else 'are'} no longer {said(role)}",
    )


def _refuse_unclear(incident: Incident, role: str, now: tuple[str, ...], to: Person) -> None:
    give_it = Command("role", role, to.handle, incident=incident.id)
    if len(now) > 1:
        raise TransitionError(
            f"{incident.id} has {len(now)} of the role {said(role)}, {' and '.join(now)}; one holds it at a time",
            field=role,
            value=", ".join(now),
            hint=Sentence(give_it, f"   makes {to.handle} the only one"),
        )
    if not now:
        raise TransitionError(
            f"{incident.id} has no {said(role)}, so there is nothing to hand over",
            field=role,
            hint=give_it,
        )


def _join(incident: Incident, to: Person, at: datetime, text: str) -> Change:
    if to.handle.lower() in map(str.lower, holders(incident, RESPONDER)):
        return Change(already=True, said=f"@{to.handle} is already a responder")
    return Change(
        properties={"responders": (*texts_of(incident.properties.get("responders")), to.link)},
        lines=(LogLine("role", _move(RESPONDER, NOBODY, to.handle, text), at),),
        said=f"@{to.handle} is now a responder{quote(text)}",
    )


def _leave(incident: Incident, who: str, at: datetime) -> Change:
    texts = texts_of(incident.properties.get("responders"))
    left = tuple(text for text in texts if handle(link_target(text)).lower() != who.lower())
    if len(left) == len(texts):
        return Change(already=True, said=f"@{who} is already not a responder")
    return Change(
        properties={"responders": left or None},
        lines=(LogLine("role", _move(RESPONDER, who, NOBODY), at),),
        said=f"@{who} is no longer a responder",
    )


def _instead(before: list[str]) -> str:
    """Return who held a role until now, in parentheses."""
    return f" (was {' and '.join(f'@{each}' for each in before)})" if before else ""


def _move(role: str, before: str, after: str, text: str = "") -> str:
    def name(person: str) -> str:
        return person if person == NOBODY else f"@{person}"

    return f"{said(role)}: {name(before)} → {name(after)}{', ' + text if text else ''}"


def held(record: Record) -> list[RoleHolding]:
    """Return who held each role but responder from when to when, by the timeline and the properties.

    Who acknowledges becomes the commander without a line of its own, so what was held before the first line began then.
    """
    return [each for role in ROLES for each in _held(record, role)]


def _held(record: Record, role: str) -> Iterator[RoleHolding]:
    incident = record.incident
    begun = incident.at("acknowledged") or incident.at("declared")
    person: str | None = None
    start: datetime | None = begun
    for entry in record.of_kind("role", "handoff"):
        fields = entry.fields or {}
        if read_role(fields["role"]) != role:
            continue
        if person is None and fields["before"] != NOBODY:
            person = handle(fields["before"])
        if person is not None:
            yield RoleHolding(role, person, start, entry.at)
        after = fields["after"]
        person, start = (None if after == NOBODY else handle(after)), entry.at
    now = holders(incident, role)
    if person is not None and person.lower() in map(str.lower, now):
        yield RoleHolding(role, person, start, None)
        now = tuple(each for each in now if each.lower() != person.lower())
        start = None
    elif person is not None:
        # It was changed by hand since, and nothing tells when.
        start = None
    for each in now:
        yield RoleHolding(role, each, start, None)
