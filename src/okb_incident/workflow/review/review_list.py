"""Which reviews are owed, which are on their way, and how much each lacks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.guidance.gates import is_reviewed
from okb_incident.core.review.review import CLOSED, REVIEWED
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import link_target, text_of, texts_of
from okb_incident.vault.index.answer import load
from okb_incident.workflow.change import record_of
from okb_incident.workflow.review.records import companions_named
from okb_incident.workflow.review.review import reviewed

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.vault import Note
    from okb_incident.workflow.session import Session


class Listed(NamedTuple):
    """A review of some incident, or that there is none although one is owed.

    Attributes:
        incident: Which.
        state: draft, in-review, reviewed, closed; or ``owed``.
        path: Its note; None where there is none.
        owner: Who writes it.
        reviewer: Who reads it.
        due: The day.
        is_overdue: The day has passed, and it is not reviewed.
        findings: How many things it lacks; None where there is none to look at.
    """

    incident: Incident
    state: str
    path: str | None
    owner: str | None
    reviewer: str | None
    due: str | None
    is_overdue: bool
    findings: int | None


def list_reviews(
    session: Session, *, everything: bool = False, overdue: bool = False, restricted: bool = False
) -> list[Listed]:
    """Give the reviews that are owed by the policy or were begun, those that are due first at the top."""
    loaded = load(session.vault, everything=True, include_restricted=restricted)
    incidents = {each.id.text: each for each in loaded.incidents}
    notes = {
        note.path.rpartition("/")[2].partition(" ")[0]: note
        for note in companions_named(session, "review", restricted=restricted)
    }
    found = []
    for which, incident in incidents.items():
        owed = _is_owed(session, incident)
        if which not in notes and not owed:
            continue
        record = record_of(session, incident, session.vault.read(incident.path).text)
        note = notes.get(which)
        if note is None and is_reviewed(record):
            # It was reviewed elsewhere, as a line of the timeline says.
            continue
        found.append(_listed(session, record, note))
    wanted = [each for each in found if (everything or each.state != CLOSED) and (each.is_overdue or not overdue)]
    return sorted(wanted, key=lambda each: (each.due or "9999", each.incident.id))


def _is_owed(session: Session, incident: Incident) -> bool:
    expected = session.vault.settings.policy.of(incident.severity)
    over = incident.status is not None and not incident.is_open and not incident.status.is_aside
    return over and expected.review is not None and incident.nature in {None, "drill"}


def _listed(session: Session, record: Record, note: Note | None) -> Listed:
    incident = record.incident
    today = write_moment(session.now, session.zone)[:10]
    if note is None:
        days = session.vault.settings.policy.of(incident.severity).review
        resolved = incident.at("resolved")
        due = write_moment(resolved + timedelta(days=days), session.zone)[:10] if days and resolved else None
        return Listed(incident, "owed", None, None, None, due, due is not None and due < today, None)
    held = reviewed(record, note)
    due = text_of(held.properties.get("due"))
    late = due is not None and due < today and held.state not in {REVIEWED, CLOSED}
    owner, reviewer = (
        next(map(link_target, texts_of(held.properties.get(key))), None) for key in ("owner", "reviewer")
    )
    return Listed(incident, held.state, note.path, owner, reviewer, due, late, len(held.findings))
