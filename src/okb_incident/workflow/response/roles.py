"""Taking, giving and handing over roles: take, handoff, role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.response import roles
from okb_incident.errors import UsageError
from okb_incident.workflow.act import act, split_reference
from okb_incident.workflow.reference import resolved_today
from okb_incident.workflow.response.person import find_person, me

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]

EXAMPLE = 'incident handoff dan "watch the error rate until 03:40"'


def take(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Take a role oneself: ``[REF] [ROLE]``; the commander's, unless another is named.

    Raises:
        UsageError: The role is none.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    role = _role(" ".join(rest)) if rest else "commander"
    moment = session.moment(at)
    person = me(session)
    return act(
        session,
        reference,
        lambda record: roles.give(record.incident, role, person, moment),
        verb="take",
        message=" ".join(rest),
        dry_run=dry_run,
        ask=ask,
    )


def hand_over(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Hand a role over with what the next one must know: ``[REF] [ROLE] WHO TEXT…``.

    Without a role it is the one that who acts holds, else the commander's.

    Raises:
        UsageError: Nobody is named, or there is no word for them.
        TransitionError: Nobody holds the role, or two do.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    named = roles.read_role(rest[0]) if len(rest) > 1 else None
    # A person may be called like a role; then the role has to be named as well.
    if named:
        rest = rest[1:]
    if not rest:
        raise UsageError(f"to whom? such as: {EXAMPLE}", field="WHO")
    found = find_person(session, rest[0])
    text = " ".join(rest[1:]).strip()
    if not text:
        raise UsageError(
            f"what must {found.person.handle} know? such as: {EXAMPLE}",
            field="TEXT",
            hint="what is going on, what was tried, what is next",
        )
    moment = session.moment(at)

    def decide(record: Record) -> Change:
        incident = record.incident
        role = named or roles.role_of(incident, session.actor.handle)
        change = roles.give(incident, role, found.person, moment, text=text, handing_over=True)
        return _with_hint(change, found.hint)

    return act(session, reference, decide, verb="handoff", message=" ".join(rest), dry_run=dry_run, ask=ask)


def set_role(
    session: Session,
    words: Sequence[str],
    *,
    remove: bool = False,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Say who holds a role: ``[REF] ROLE WHO``; with ``remove`` nobody, or of the responders one less.

    Raises:
        UsageError: The role is none, or nobody is named.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    if not rest:
        raise UsageError("which role? such as: incident role comms carol", field="ROLE", allowed=roles.SHORT)
    role, who = _role(rest[0]), " ".join(rest[1:])
    if not who and not remove:
        raise UsageError(
            f"who is {roles.said(role)}? such as: incident role {rest[0]} carol",
            field="WHO",
            hint=f"incident role {rest[0]} --remove lays it down",
        )
    found = find_person(session, who) if who else None
    moment = session.moment(at)

    def decide(record: Record) -> Change:
        if remove or found is None:
            return roles.lay_down(record.incident, role, moment, found.person.handle if found else None)
        return _with_hint(roles.give(record.incident, role, found.person, moment), found.hint)

    return act(
        session,
        reference,
        decide,
        verb="role",
        else_fits=resolved_today(session),
        message=" ".join(rest),
        dry_run=dry_run,
        ask=ask,
    )


def _with_hint(change: Change, hint: str | None) -> Change:
    return change._replace(warnings=(*change.warnings, hint)) if hint and not change.is_empty else change


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
