"""Roles: taking, assigning, handing over and removing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.response import roles
from okb_incident.errors import MissingWordError, UsageError
from okb_incident.workflow.reference import is_open, resolved_today
from okb_incident.workflow.response.person import find_person, me, with_hints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.session import Session

EXAMPLE = 'role comms dan "watch the error rate until 03:40" --handoff'


class Assignment(NamedTuple):
    """The words of a command on a role, parted; each is empty if it was not typed.

    Attributes:
        role: The property: ``technical_lead``.
        typed: The role as it was typed.
        who: The person.
        note: What the next one in the role must know.
    """

    role: str
    typed: str
    who: str
    note: tuple[str, ...]


def take(call: Call) -> ChangedIncident:
    """Take a role oneself; the commander's by default.

    Raises:
        UsageError: There is no such role.
    """
    words = _words(call)
    role = _role(" ".join(words)) if words else "commander"
    call.words = ()
    return call.change(lambda record: roles.give(record.incident, role, me(call.session), call.moment))


def hand_over(call: Call) -> ChangedIncident:
    """Hand a role over with what the next one must know.

    Without a role it is the one that who acts holds, else the commander's.

    Raises:
        UsageError: The person or the note is missing.
        TransitionError: Nobody holds the role, or two do.
    """
    asked = parted(call.session, _words(call), handing_over=True)
    if not asked.who:
        raise MissingWordError("WHO", "who gets the role", EXAMPLE)
    found = find_person(call.session, asked.who)
    call.words = asked.note
    if not call.text:
        hint = "what is going on, what was tried, what is next"
        raise MissingWordError("TEXT", f"what must {found.person.handle} know", EXAMPLE, hint=hint)

    def decide(record: Record) -> Change:
        role = asked.role or roles.role_of(record.incident, call.session.actor.handle)
        change = roles.give(record.incident, role, found.person, call.moment, text=call.text, handing_over=True)
        return with_hints(change, found.hint)

    return call.change(decide)


def set_role(call: Call, *, remove: bool) -> ChangedIncident:
    """Set who holds a role; with a note it is handed over.

    Args:
        call: The call.
        remove: Nobody holds it any more; of the responders the one that is named goes.

    Raises:
        UsageError: There is no such role, or the person is missing.
    """
    words = _words(call)
    asked = parted(call.session, words)
    role = asked.role or _missing_role(call, words)
    if not asked.who and not remove:
        raise MissingWordError(
            "WHO",
            f"who is {roles.said(role)}",
            f"role {asked.typed} carol",
            hint=Sentence(
                Command("role", asked.typed, options=("--remove",), incident=call.reference), " lays it down"
            ),
        )
    found = find_person(call.session, asked.who) if asked.who else None
    call.words = asked.note

    def decide(record: Record) -> Change:
        if remove or found is None:
            return roles.lay_down(record.incident, role, call.moment, found.person.handle if found else None)
        hands_over = bool(call.text) and bool(roles.holders(record.incident, role))
        change = roles.give(record.incident, role, found.person, call.moment, text=call.text, handing_over=hands_over)
        return with_hints(change, found.hint)

    return call.change(decide, is_open, resolved_today(call.session))


def parted(session: Session, words: Sequence[str], *, handing_over: bool = False) -> Assignment:
    """Split words into the role, the person and the note; the role comes before the person or after.

    Args:
        session: The session, which knows the people of the vault.
        words: What was typed, without the incident.
        handing_over: A note has to follow the person.
    """
    role, length = _role_in(words)
    if role:
        rest = words[length:]
        end = _person_ends(session, rest, handing_over=handing_over)
        return Assignment(role, words[0], " ".join(rest[:end]), tuple(rest[end:]))
    end = _known_person(session, words) or min(1, len(words))
    role, length = _role_in(words[end:])
    note = words[end + length :]
    if role and (not note or " " in note[0]):
        return Assignment(role, words[end], " ".join(words[:end]), tuple(note))
    end = _person_ends(session, words, handing_over=handing_over)
    return Assignment("", "", " ".join(words[:end]), tuple(words[end:]))


def _words(call: Call) -> tuple[str, ...]:
    """Return all words but the incident, in the order in which they were typed."""
    return (*(call.given[name] for name in ("ROLE", "WHO") if name in call.given), *call.words)


def _role_in(words: Sequence[str]) -> tuple[str, int]:
    """Return the role that words begin with, and how many words it has; some roles have two."""
    for length in (2, 1):
        role = roles.read_role(" ".join(words[:length])) if len(words) >= length else None
        if role:
            return role, length
    return "", 0


def _known_person(session: Session, words: Sequence[str]) -> int:
    """Return how many of the first words are the name of a person with a note; 0 if none are."""
    if len(words) < 2:
        return 0
    return next((n for n in (3, 2, 1) if n <= len(words) and session.vault.person_named(" ".join(words[:n]))), 0)


def _person_ends(session: Session, words: Sequence[str], *, handing_over: bool) -> int:
    """Return where the name of a person ends and the note begins: a name has at most three words, none with a blank."""
    if known := _known_person(session, words):
        return known
    is_name = (
        not handing_over and len(words) <= len(("Mary", "Ann", "Lee")) and not any(" " in each for each in words[1:])
    )
    return len(words) if is_name else min(1, len(words))


def _missing_role(call: Call, words: Sequence[str]) -> str:
    """Ask for the role that is missing; two words without a role have a wrong one.

    Raises:
        UsageError: Always.
    """
    from difflib import get_close_matches  # noqa: PLC0415

    if words == ("me",):
        return "commander"
    known = _known_person(call.session, words)
    if words[known:] and (len(words) > 1 or get_close_matches(words[0].lower(), roles.SHORT, n=1)):
        return _role(words[known])
    named = len(call.typed.words) - len(call.after)
    raise MissingWordError(
        "ROLE",
        "which role",
        "role comms carol",
        allowed=roles.SHORT,
        fill=lambda typed, answer: (*typed[:named], answer, *typed[named:]),
    )


def _role(word: str) -> str:
    role = roles.read_role(word)
    if role is None:
        from difflib import get_close_matches  # noqa: PLC0415

        raise UsageError(
            f"unknown role {word!r}; choose from {', '.join(roles.SHORT)}",
            field="ROLE",
            value=word,
            allowed=roles.SHORT,
            candidates=tuple(get_close_matches(word.lower(), roles.SHORT, n=1)),
        )
    return role
