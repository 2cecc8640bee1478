"""Calling teams and further people: team, escalate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.response import teams
from okb_incident.core.text.terminal_text import shorten
from okb_incident.errors import UsageError
from okb_incident.workflow.act import act, split_reference
from okb_incident.workflow.reference import resolved_today
from okb_incident.workflow.response.person import find_person

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]

VERBS = {"activate": "notified", "joined": "joined", "left": "left"}


def move_teams(
    session: Session,
    verb: str,
    words: Sequence[str],
    *,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Say that teams were notified, joined or left: ``[REF] TEAM…``.

    Raises:
        UsageError: No team is named, or a name cannot stand in the timeline.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    if not rest:
        raise UsageError(f"which team? such as: incident team {verb} payments", field="TEAM", allowed=_known(session))
    found = [find_team(session, word) for word in rest]
    moment = session.moment(at)

    def decide(record: Record) -> Change:
        change = teams.move_teams(record, [name for name, _ in found], VERBS[verb], moment)
        told = tuple(hint for _, hint in found if hint)
        return change._replace(warnings=told) if not change.is_empty else change

    return act(
        session,
        reference,
        decide,
        verb=f"team {verb}",
        else_fits=resolved_today(session),
        message=" ".join(rest),
        dry_run=dry_run,
        ask=ask,
    )


def escalate(
    session: Session,
    words: Sequence[str],
    *,
    to: str | None,
    reason: str | None = None,
    channel: str | None = None,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Call somebody further for help: ``[REF] [REASON…]``.

    Raises:
        UsageError: Nobody is named, or no reason.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    text = " ".join((reason or " ".join(rest)).split())
    example = 'incident escalate --to gita --reason "the pool limit needs the owner\'s word"'
    if not to or not to.strip():
        raise UsageError(f"to whom? such as: {example}", field="--to")
    if not text:
        raise UsageError(f"why? such as: {example}", field="--reason")
    name, hint = find_team(session, to) if _is_team(session, to) else _person(session, to)
    moment = session.moment(at)
    way = " ".join(channel.split()).replace(",", " ") if channel else None

    def decide(record: Record) -> Change:
        change = teams.escalate(record, name, moment, reason=text, channel=way)
        return change._replace(warnings=(hint,) if hint else ())

    return act(
        session,
        reference,
        decide,
        verb="escalate",
        message=f'--to {to} --reason "{text}"',
        dry_run=dry_run,
        ask=ask,
    )


def _known(session: Session) -> tuple[str, ...]:
    return tuple(session.vault.settings.policy.teams)


def _is_team(session: Session, word: str) -> bool:
    return word.strip().lower() in {name.lower() for name in _known(session)}


def find_team(session: Session, word: str) -> tuple[str, str | None]:
    """Give a team's name as the settings write it, and what to say of it: how it is reached, or that nobody knows it.

    Raises:
        UsageError: It is no name of a team.
    """
    name = " ".join(word.split()).lstrip("@")
    if not name or teams.UNFIT & set(name):
        raise UsageError(f"{shorten(word)!r} is no name of a team such as payments", field="TEAM", value=word)
    known = session.vault.settings.policy.teams
    for each, team in known.items():
        if each.lower() == name.lower():
            return each, f"{each} is reached by {team.contact}" if team.contact else None
    if not known:
        return name, None
    from difflib import get_close_matches  # noqa: PLC0415

    close = get_close_matches(name.lower(), [each.lower() for each in known], n=1, cutoff=0.6)
    meant = f"; did you mean {close[0]}?" if close else f"; they know {', '.join(known)}"
    return name, f"the settings know no team {shorten(name)}{meant}"


def _person(session: Session, word: str) -> tuple[str, str | None]:
    found = find_person(session, word, "--to")
    return f"@{found.person.handle}", found.hint
