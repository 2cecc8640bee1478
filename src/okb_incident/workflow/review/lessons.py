"""Lessons over all incidents: what their reviews and follow-ups say together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.incident.query import matches, read_filter
from okb_incident.core.metrics.documentation import MONTHS, DeclaredIncident, month_of
from okb_incident.core.review.lessons import ReviewLessons, gather
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.period import months_to
from okb_incident.vault.index.answer import load
from okb_incident.workflow.change import record_of
from okb_incident.workflow.look.report import documentation_of
from okb_incident.workflow.look.review_note import findings_of, section_of
from okb_incident.workflow.review.follow_ups import MARK, is_not_aside
from okb_incident.workflow.review.records import companions_named, records
from okb_incident.workflow.review.review import feedback_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.review.lessons import Lessons
    from okb_incident.vault.vault import Note
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session


def lessons(call: Call, where: Sequence[str] = ()) -> Lessons:
    """Gather what incidents teach, of all or of those that fit.

    Raises:
        UsageError: A condition cannot be read.
    """
    session, settings = call.session, call.session.vault.settings
    conditions = [read_filter(text) for text in where]
    loaded = load(session.vault, everything=True, include_restricted=call.shared.restricted)
    incidents = {
        each.id.text: each
        for each in loaded.incidents
        if is_not_aside(each) and all(matches(each, condition, settings) for condition in conditions)
    }
    reviews = [
        _of_review(session, incidents[which], note)
        for note in companions_named(call, "review")
        if (which := note.path.rpartition("/")[2].partition(" ")[0]) in incidents
    ]
    with_tasks = [each for each in records(call, MARK) if each.incident.id.text in incidents]
    newest_first = sorted(reviews, key=lambda each: each.incident, reverse=True)
    found = gather(newest_first, with_tasks, list(incidents.values()), write_moment(session.now, session.zone)[:10])
    if where:
        return found
    months = months_to(session.now.astimezone(session.zone).date(), session.zone, MONTHS)
    return found._replace(documentation=documentation_of(session, loaded, months))


def _of_review(session: Session, incident: Incident, note: Note) -> ReviewLessons:
    record = record_of(session, incident, session.vault.read(incident.path).text)
    return ReviewLessons(
        incident.id.text,
        lambda title: section_of(note, title),
        tuple(feedback_of(note)),
        len(findings_of(record, note)),
        month_of(DeclaredIncident.of(incident), session.zone),
    )
