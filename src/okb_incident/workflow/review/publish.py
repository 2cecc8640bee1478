"""The public report of an incident, from its review."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.comms.disclosure import objection
from okb_incident.core.comms.drill import outgoing_text
from okb_incident.core.guidance.public_report import public_report
from okb_incident.core.review import review
from okb_incident.core.review.review import CLOSED, REVIEWED
from okb_incident.workflow.document import public_services
from okb_incident.workflow.look.review_note import review_note, sections_of, state_in
from okb_incident.workflow.review.review import review_target

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident
    from okb_incident.workflow.call import Call


class PublishedReview(NamedTuple):
    """The public report of an incident.

    Attributes:
        incident: The incident.
        path: The note of its review.
        state: The state of the review.
        text: The paragraph.
        missing: What it lacks, each as a clause.
        objections: Why it should not be published yet, each as a clause.
    """

    incident: Incident
    path: str
    state: str
    text: str
    missing: tuple[str, ...]
    objections: tuple[str, ...]


def publish(call: Call) -> PublishedReview:
    """Derive the public report of an incident from its review.

    Raises:
        NotFoundError: There is no review.
        TransitionError: The incident is not over.
    """
    session, target = call.session, review_target(call)
    record = call.record(target)
    review.refuse_open(record)
    note = review_note(session, target)
    incident, state = record.incident, state_in(note)
    report = public_report(record, sections_of(note), public_services(session, incident), session.zone_name)
    barred = objection(record, "users", restricted=session.vault.is_restricted(note))
    objections = [f"the review is {state}, not approved"] if state not in {REVIEWED, CLOSED} else []
    objections += [f"{barred}, so publishing it needs a decision"] if barred else []
    text = outgoing_text(incident, report.text)
    return PublishedReview(incident, note.path, state, text, report.missing, tuple(objections))
