"""Lessons over all incidents: what their reviews and follow-ups say together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.query import matches, read_filter
from okb_incident.core.metrics.documentation import MONTHS, DeclaredIncident, month_of
from okb_incident.core.review.lessons import ReviewLessons, gather
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.period import months_to
from okb_incident.core.values.status import Status
from okb_incident.vault.index.answer import load
from okb_incident.workflow.change import record_of
from okb_incident.workflow.look.lesson_notes import lesson_notes
from okb_incident.workflow.look.report import documentation_of
from okb_incident.workflow.look.review_note import findings_of, section_of
from okb_incident.workflow.review.follow_ups import MARK, is_not_aside
from okb_incident.workflow.review.records import companions_named, records
from okb_incident.workflow.review.review import feedback_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.review.lesson import LessonNote
    from okb_incident.core.review.lessons import Lessons
    from okb_incident.core.values.problem import Problem
    from okb_incident.vault.read.loaded import Loaded
    from okb_incident.vault.vault import Note
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session


class GatheredLessons(NamedTuple):
    """What incidents teach.

    Attributes:
        lessons: The lessons.
        problems: What is wrong with notes where lessons are kept, which may be lessons that are missing here.
    """

    lessons: Lessons
    problems: tuple[Problem, ...]


def lessons(call: Call, where: Sequence[str] = ()) -> GatheredLessons:
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
    notes = _notes(session, incidents, loaded, include_restricted=call.shared.restricted, some=bool(conditions))
    reviews = [
        _of_review(session, incidents[which], note)
        for note in companions_named(call, "review")
        if (which := note.path.rpartition("/")[2].partition(" ")[0]) in incidents
    ]
    with_tasks = [each for each in records(call, MARK) if each.incident.id.text in incidents]
    newest_first = sorted(reviews, key=lambda each: each.incident, reverse=True)
    today = write_moment(session.now, session.zone)[:10]
    found = gather(newest_first, with_tasks, list(incidents.values()), today, notes)
    if not where:
        months = months_to(session.now.astimezone(session.zone).date(), session.zone, MONTHS)
        found = found._replace(documentation=documentation_of(session, loaded, months))
    homes = (f"{settings.folders.lessons}/", f"{settings.folders.restricted_lessons}/")
    return GatheredLessons(found, tuple(each for each in loaded.problems if each.path.startswith(homes)))


def _notes(
    session: Session, incidents: Mapping[str, Incident], loaded: Loaded, *, include_restricted: bool, some: bool
) -> list[LessonNote]:
    """Return the lessons that are notes, each with those of its incidents that are meant.

    A lesson that only hidden incidents taught is left out; where some incidents are asked for, so is one that none of these taught.
    """
    into = {each.id.text: each.duplicate_of for each in loaded.incidents if each.status is Status.MERGED}
    found = []
    for note in lesson_notes(session, include_restricted=include_restricted):
        counted = dict.fromkeys(_followed(which, into) for which in note.incidents)
        meant = tuple(which for which in counted if which in incidents)
        hidden = bool(note.incidents) and loaded.hidden.issuperset(note.incidents)
        if meant or not (some or hidden):
            found.append(note._replace(incidents=meant))
    return found


def _followed(which: str, into: Mapping[str, str | None]) -> str:
    """Return the incident into which one was merged, over all steps."""
    passed = {which}
    while (further := into.get(which)) and further not in passed:
        passed.add(further)
        which = further
    return which


def _of_review(session: Session, incident: Incident, note: Note) -> ReviewLessons:
    record = record_of(session, incident, session.vault.read(incident.path).text)
    return ReviewLessons(
        incident.id.text,
        lambda title: section_of(note, title),
        tuple(feedback_of(note)),
        len(findings_of(record, note)),
        month_of(DeclaredIncident.of(incident), session.zone),
    )
