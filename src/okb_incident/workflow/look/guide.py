"""Guidance for people: what is due, on one incident or on all, and an incident on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.guidance import brief as briefs
from okb_incident.core.guidance.due import to_take
from okb_incident.core.incident.query import matches, read_filter
from okb_incident.core.timeline.status_durations import status_durations
from okb_incident.core.values.properties import link_target, texts_of
from okb_incident.vault.read.abridged import read_abridged
from okb_incident.workflow.change import record_of
from okb_incident.workflow.look.business import service_terms
from okb_incident.workflow.look.read_incident import view_incident
from okb_incident.workflow.look.what_next import what_next
from okb_incident.workflow.reference import holds_a_role
from okb_incident.workflow.whereabouts import look

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from okb_incident.core.guidance.brief import Brief
    from okb_incident.core.guidance.due import Due
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.incident.query import Filter
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session


class GuidedIncident(NamedTuple):
    """An incident and what the process asks for.

    Attributes:
        record: The incident.
        due: What is due, the most urgent first.
        status_for: Seconds for which it has had its status; None where nothing tells.
        last_word: When the last line of its timeline happened; None where there is none.
    """

    record: Record
    due: list[Due]
    status_for: int | None
    last_word: datetime | None

    @property
    def incident(self) -> Incident:
        """Return the incident's properties."""
        return self.record.incident

    def overdue(self, now: datetime) -> list[Due]:
        """Return what is overdue."""
        return [each for each in self.due if each.is_overdue(now)]

    def is_late(self, now: datetime) -> bool:
        """Return whether a check has to report it: something is overdue, and it is not a drill."""
        return not self.incident.is_drill and bool(self.overdue(now))


def guide(session: Session, record: Record) -> GuidedIncident:
    """Return what is due for an incident."""
    return GuidedIncident(
        record,
        what_next(session, record),
        status_durations(record)[-1].seconds(session.now),
        record.latest,
    )


def guide_one(call: Call) -> GuidedIncident:
    """Return what is due for one incident.

    Raises:
        NotFoundError: There is none of that reference.
        InvalidNoteError: Its note is not an incident any more.
    """
    return guide(call.session, view_incident(call).record)


def guide_all(call: Call, where: Sequence[str] = ()) -> list[GuidedIncident]:
    """Return what is due for every incident that is not closed, the open ones first and the worst of them at the top.

    Raises:
        UsageError: A condition cannot be read.
    """
    conditions = [read_filter(text) for text in where]
    seen = look(call.session, include_restricted=call.shared.restricted)
    return _guided(call.session, seen.incidents, conditions)


def check_all(call: Call, where: Sequence[str] = ()) -> tuple[list[GuidedIncident], int]:
    """Return what is due as `guide_all` does, and return as well how many restricted incidents wait for whoever acts.

    Those are the ones that nobody has acknowledged in time and in which whoever acts holds a role, or is in a team that was called.
    Nothing else is told of them. Where restricted incidents are asked for they are among the others.
    """
    if call.shared.restricted:
        return guide_all(call, where), 0
    session = call.session
    seen = look(session)
    waiting = {incident.id for incident in seen.restricted if _waits_for_me(incident, session)}
    return _guided(session, seen.incidents, [read_filter(text) for text in where]), len(waiting)


def _waits_for_me(incident: Incident, session: Session) -> bool:
    policy = session.vault.settings.policy
    late = any(each.is_overdue(session.now) for each in to_take(incident, policy.of(incident.severity)))
    if not late or incident.is_drill:
        return False
    called = {link_target(team).lower() for team in texts_of(incident.properties.get("teams"))}
    members = (who for name, team in policy.teams.items() if name.lower() in called for who in team.members)
    return holds_a_role(incident, session) or session.actor.handle.lower() in (who.lower() for who in members)


def _guided(session: Session, incidents: Sequence[Incident], conditions: Sequence[Filter] = ()) -> list[GuidedIncident]:
    settings = session.vault.settings
    found = []
    # Of copies of one note, none of them at home, the first counts, as in a list.
    first = {(each.id, each.uid): each for each in sorted(incidents, key=lambda each: each.path, reverse=True)}
    for incident in first.values():
        if all(matches(incident, each, settings) for each in conditions):
            text = read_abridged(session.vault.root, incident, session.vault.settled)
            found.append(guide(session, record_of(session, incident, text)))
    return sorted(
        found, key=lambda each: (each.incident.severity.rank if each.incident.severity else 0, each.incident.id)
    )


def brief_of(session: Session, guided: GuidedIncident) -> Brief:
    """Put an incident on one screen."""
    from okb_incident.workflow.look.support import support_lines  # noqa: PLC0415 - lists show no summary

    terms = service_terms(session, guided.record)
    return briefs.brief(guided.record, guided.due, session.now, terms, support_lines(session, guided.record))
