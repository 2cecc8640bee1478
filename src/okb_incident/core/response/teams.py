"""Teams and escalation: who was called, who came, and who was called for further help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident.change import Change, LogLine, quote
from okb_incident.core.values.properties import link_target, texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from okb_incident.core.timeline.record import Record

UNFIT = frozenset(",:→\n")
"""What the name of a team cannot hold, because it divides a line of the timeline."""


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
