"""Calling teams and further people: team, escalate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.response import teams
from okb_incident.core.text.terminal_text import shorten
from okb_incident.errors import MissingWordError, UsageError
from okb_incident.workflow.grammar import KNOWN
from okb_incident.workflow.reference import is_open, resolved_today
from okb_incident.workflow.response.person import find_person, with_hints

if TYPE_CHECKING:
    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.session import Session

EVENTS = {"team activate": "notified", "team joined": "joined", "team left": "left"}
EXAMPLE = 'escalate --to gita --reason "only the owner can raise the pool limit"'


def move_teams(call: Call) -> ChangedIncident:
    """Record that teams were notified, joined or left, as the verb says.

    Raises:
        UsageError: No team is named, or a name cannot stand in the timeline.
    """
    if not call.words:
        known = tuple(call.session.vault.settings.policy.teams)
        raise MissingWordError("TEAM", "which team", f"{call.verb} {known[0] if known else 'payments'}", allowed=known)
    found = [find_team(call.session, word) for word in call.words]

    def decide(record: Record) -> Change:
        change = teams.move_teams(record, [name for name, _ in found], EVENTS[call.verb], call.moment)
        return with_hints(change, *(hint for _, hint in found))

    return call.change(decide, is_open, resolved_today(call.session))


def escalate(call: Call, to: str | None, channel: str | None) -> ChangedIncident:
    """Escalate to a person or a team.

    Args:
        call: The call.
        to: The person or the team; by default the first word, if the vault knows it.
        channel: How they were reached.

    Raises:
        UsageError: Nobody is named, or no reason.
    """
    first = call.given.get(KNOWN)
    if to and first:
        # The person is an option, so all words are the reason.
        call.words = (first, *call.words)
    to = to or first
    if not to or not to.strip():
        hint = f"@ marks a person whom the vault does not know: @{shorten(call.words[0])}" if call.words else None
        raise MissingWordError("--to", "to whom", EXAMPLE, option="to", hint=hint)
    if not call.why:
        raise MissingWordError("--reason", "why", EXAMPLE, option="reason")
    name, hint = _whom(call.session, to)
    way = " ".join(channel.split()).replace(",", " ") if channel else None

    def decide(record: Record) -> Change:
        change = teams.escalate(record, name, call.moment, reason=call.why, channel=way)
        return with_hints(change, hint)

    return call.change(decide)


def _whom(session: Session, word: str) -> tuple[str, str | None]:
    """Return a team, or a person as the timeline names them, and what to say of that name."""
    if word.strip().lower() in {name.lower() for name in session.vault.settings.policy.teams}:
        return find_team(session, word)
    found = find_person(session, word, "--to")
    return f"@{found.person.handle}", found.hint


def find_team(session: Session, word: str) -> tuple[str, str | None]:
    """Return a team's name as the settings write it, and what to say of it: how it is reached, or that nobody knows it.

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
