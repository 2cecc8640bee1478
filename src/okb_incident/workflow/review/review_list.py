"""Which reviews are due, which are in progress, and how much each lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.guidance.gates import is_reviewed
from okb_incident.core.review.review import CLOSED, REVIEWED
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import link_target, text_of, texts_of
from okb_incident.vault.index.answer import load
from okb_incident.workflow.change import record_of
from okb_incident.workflow.review.records import companions_named
from okb_incident.workflow.review.review import day_of_policy, review_of

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.vault import Note
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session


class ReviewRow(NamedTuple):
    """A review of an incident, or the fact that one is due and there is none.

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


def list_reviews(call: Call, *, everything: bool = False, overdue: bool = False) -> list[ReviewRow]:
    """Return the reviews that the policy asks for or that were begun, those that are due first at the top.

    Args:
        call: The call.
        everything: Those that are closed too.
        overdue: Only those whose day has passed.
    """
    session = call.session
    loaded = load(session.vault, everything=True, include_restricted=call.shared.restricted)
    incidents = {each.id.text: each for each in loaded.incidents}
    notes = {note.path.rpartition("/")[2].partition(" ")[0]: note for note in companions_named(call, "review")}
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
        found.append(_row(session, record, note))
    wanted = [each for each in found if (everything or each.state != CLOSED) and (each.is_overdue or not overdue)]
    return sorted(wanted, key=lambda each: (each.due or "9999", each.incident.id))


def _is_owed(session: Session, incident: Incident) -> bool:
    expected = session.vault.settings.policy.of(incident.severity)
    over = incident.status is not None and not incident.is_open and not incident.status.is_aside
    return over and expected.review is not None and incident.nature in {None, "drill"}


def _row(session: Session, record: Record, note: Note | None) -> ReviewRow:
    incident = record.incident
    today = write_moment(session.now, session.zone)[:10]
    if note is None:
        due = day_of_policy(session, incident)
        return ReviewRow(incident, "owed", None, None, None, due, due is not None and due < today, None)
    review = review_of(record, note)
    due = text_of(review.properties.get("due"))
    late = due is not None and due < today and review.state not in {REVIEWED, CLOSED}
    owner, reviewer = (
        next(map(link_target, texts_of(review.properties.get(key))), None) for key in ("owner", "reviewer")
    )
    return ReviewRow(incident, review.state, note.path, owner, reviewer, due, late, len(review.findings))
