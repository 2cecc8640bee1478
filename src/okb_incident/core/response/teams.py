"""Teams and escalation: who was called, who came, and who was called for further help."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.change import Change, LogLine, quote
from okb_incident.core.values.properties import link_target, texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.policy import Policy, Team
    from okb_incident.core.timeline.record import Record

UNFIT = frozenset(",:→\n")
"""What the name of a team cannot hold, because it divides a line of the timeline."""

MANAGEMENT = "management"
"""The audience, and the kind of team, that decides on what a response needs."""


def move_teams(record: Record, teams: Sequence[str], event: str, at: datetime) -> Change:
    """Record that teams were notified, joined or left; a team that was notified or joined is among the incident's teams.

    Args:
        record: The incident.
        teams: Their names.
        event: notified, joined or left.
        at: When.
    """
    last: dict[str, str] = {}
    for entry in record.of_kind("team"):
        fields = entry.fields or {}
        last[fields["team"].lower()] = fields["event"]
    new = [team for team in teams if last.get(team.lower()) != event]
    if not new:
        return Change(already=True, said=f"{', '.join(teams)} already {event}")
    present = texts_of(record.incident.properties.get("teams"))
    known = {link_target(each).lower() for each in present}
    missing = tuple(team for team in new if team.lower() not in known) if event != "left" else ()
    return Change(
        properties={"teams": (*present, *missing)} if missing else {},
        lines=tuple(LogLine("team", f"{team} {event}", at) for team in new),
        said=f"{', '.join(new)} {event}",
    )


def escalate(record: Record, to: str, at: datetime, *, reason: str, channel: str | None = None) -> Change:
    """Call somebody further for help."""
    count = sum(entry.kind == "escalation" for entry in record.entries) + 1
    via = f" via {channel}" if channel else ""
    return Change(
        lines=(LogLine("escalation", f"to {to}{via}{', ' + reason if reason else ''}", at),),
        said=f"escalated to {to}{via}{quote(reason)} (escalation {count})",
        moments={"escalated": at},
    )


class Recipients(NamedTuple):
    """To whom the messages for the management go.

    Attributes:
        people: The handles of the people, each once.
        ways: The teams with their people and how they are reached, as words: ``gita, erin (reached by #board)``.
    """

    people: tuple[str, ...]
    ways: tuple[str, ...]


def called_of_kind(incident: Incident, policy: Policy, kind: str) -> dict[str, Team]:
    """Return the teams of a kind that were called to an incident, by name."""
    called = {link_target(each).lower() for each in texts_of(incident.properties.get("teams"))}
    return {name: team for name, team in policy.teams.items() if team.kind == kind and name.lower() in called}


def recipients(incident: Incident, policy: Policy, audience: str) -> Recipients:
    """Return to whom messages for an audience go: for the management the teams of that kind that were called, else all of them."""
    if audience != MANAGEMENT:
        return Recipients((), ())
    teams = called_of_kind(incident, policy, MANAGEMENT) or {
        name: team for name, team in policy.teams.items() if team.kind == MANAGEMENT
    }
    people = dict.fromkeys(who for team in teams.values() for who in team.members)
    return Recipients(tuple(people), tuple(_way(name, team) for name, team in teams.items()))


def _way(name: str, team: Team) -> str:
    reached = f" (reached by {team.contact})" if team.contact else ""
    return f"{', '.join(team.members) or name}{reached}"
