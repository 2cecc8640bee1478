"""Reading one incident, for show and timeline, and the vault's state, for list and status."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.query import read_filter, select
from okb_incident.vault.index.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.review.lesson import LessonLink
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.values.problem import Problem
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session


class View(NamedTuple):
    """An incident as a reader sees it.

    Attributes:
        incident: Its properties.
        record: What its note holds besides its properties.
        text: The whole note.
        problems: What is wrong with it.
        documents: The notes next to it: assessments, messages, the review.
    """

    incident: Incident
    record: Record
    text: str
    problems: tuple[Problem, ...]
    documents: tuple[str, ...] = ()

    @property
    def lessons(self) -> Sequence[LessonLink]:
        """Return the lessons that are notes, as it links to them."""
        from okb_incident.core.review.lesson import lessons_linked  # noqa: PLC0415 - a list shows none

        return lessons_linked(self.record.section("Related"))

    @property
    def entries(self) -> tuple[TimelineEntry, ...]:
        """Return its timeline, in order."""
        return self.record.entries


def view_incident(call: Call) -> View:
    """Read one incident; a restricted one by its whole id, or where ``--restricted`` asks for it.

    Raises:
        NotFoundError: There is none of that reference.
        InvalidNoteError: Its note is not an incident any more.
    """
    from okb_incident.workflow.reference import is_open, resolved_today  # noqa: PLC0415 - a list is about none

    return view_at(call.session, call.target(is_open, resolved_today(call.session)))


def view_at(session: Session, target: Target) -> View:
    """Read an incident that was found.

    Raises:
        InvalidNoteError: Its note is not an incident any more.
    """
    # A list looks into no note.
    from okb_incident.workflow.change import record_of  # noqa: PLC0415
    from okb_incident.workflow.document import beside  # noqa: PLC0415

    note = session.vault.read(target.path)
    incident, problems = session.vault.incident_of(session.vault.named(note, target.id))
    assert incident is not None, "the id has just been made readable"
    documents = tuple(beside(session, target.id, target.path))
    return View(incident, record_of(session, incident, note.text), note.text, problems, documents)


def list_incidents(
    call: Call, *, everything: bool = False, where: Sequence[str] = (), sort: str | None = None
) -> tuple[list[Incident], tuple[Problem, ...]]:
    """Return the open incidents, or all that fit, the newest first; and what could not be read.

    Restricted ones are among them only where they are asked for.

    Args:
        call: The call.
        everything: All of them, not only those that need someone.
        where: Conditions, as typed.
        sort: The property to sort by; with a dash in front the other way.

    Raises:
        UsageError: A condition cannot be read.
    """
    session = call.session
    conditions = [read_filter(text) for text in where]
    # A condition on the status says itself which ones are meant.
    some = everything or any(condition.key == "status" for condition in conditions)
    selection = None if some else Selection.open_ones()
    from okb_incident.vault.index.answer import load  # noqa: PLC0415

    loaded = load(session.vault, include_restricted=call.shared.restricted, selection=selection)
    incidents = [incident for incident in loaded.incidents if some or incident.needs_someone]
    return select(incidents, conditions, session.vault.settings, sort), loaded.problems
