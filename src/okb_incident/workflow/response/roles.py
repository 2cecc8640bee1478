"""Taking, giving and handing over roles: take, handoff, role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.response import roles
from okb_incident.errors import MissingWordError, UsageError
from okb_incident.workflow.reference import is_open, resolved_today
from okb_incident.workflow.response.person import find_person, me, with_hints

if TYPE_CHECKING:
    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident

EXAMPLE = 'handoff dan "watch the error rate until 03:40"'


def take(call: Call) -> ChangedIncident:
    """Take a role oneself; the commander's, unless another is named.

    Raises:
        UsageError: The role is none.
    """
    # Some roles have names of two words.
    typed = " ".join([call.given.get("ROLE", ""), *call.words]).strip()
    role = _role(typed) if typed else "commander"
    person = me(call.session)
    return call.change(lambda record: roles.give(record.incident, role, person, call.moment))


def hand_over(call: Call) -> ChangedIncident:
    """Hand a role over with what the next one must know.

    Without a role it is the one that who acts holds, else the commander's.

    Raises:
        UsageError: Nobody is named, or there is no word for them.
        TransitionError: Nobody holds the role, or two do.
    """
    named = roles.read_role(call.given.get("ROLE", ""))
    if "WHO" not in call.given:
        raise MissingWordError("WHO", "to whom", EXAMPLE)
    found = find_person(call.session, call.given["WHO"])
    if not call.text:
        hint = "what is going on, what was tried, what is next"
        raise MissingWordError("TEXT", f"what must {found.person.handle} know", EXAMPLE, hint=hint)

    def decide(record: Record) -> Change:
        role = named or roles.role_of(record.incident, call.session.actor.handle)
        change = roles.give(record.incident, role, found.person, call.moment, text=call.text, handing_over=True)
        return with_hints(change, found.hint)

    return call.change(decide)


def set_role(call: Call, *, remove: bool) -> ChangedIncident:
    """Set who holds a role.

    Args:
        call: The call.
        remove: Nobody holds it any more; of the responders the one that is named goes.

    Raises:
        UsageError: The role is none, or nobody is named.
    """
    typed = call.given.get("ROLE")
    if typed is None:
        raise MissingWordError("ROLE", "which role", "role comms carol", allowed=roles.SHORT)
    role = _role(typed)
    who = " ".join([call.given.get("WHO", ""), *call.words]).strip()
    if not who and not remove:
        raise MissingWordError(
            "WHO",
            f"who is {roles.said(role)}",
            f"role {typed} carol",
            hint=Sentence(Command("role", typed, options=("--remove",), incident=call.reference), " lays it down"),
        )
    found = find_person(call.session, who) if who else None

    def decide(record: Record) -> Change:
        if remove or found is None:
            return roles.lay_down(record.incident, role, call.moment, found.person.handle if found else None)
        return with_hints(roles.give(record.incident, role, found.person, call.moment), found.hint)

    return call.change(decide, is_open, resolved_today(call.session))


def _role(word: str) -> str:
    role = roles.read_role(word)
    if role is None:
        from difflib import get_close_matches  # noqa: PLC0415

        raise UsageError(
            f"{word!r} is no role; they are {', '.join(roles.SHORT)}",
            field="ROLE",
            value=word,
            allowed=roles.SHORT,
            candidates=tuple(get_close_matches(word.lower(), roles.SHORT, n=1)),
        )
    return role
