"""What is due for an incident whose record is in hand; a note next to it is read only when the incident is over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.guidance.guidance import due
from okb_incident.core.timeline.record import Record
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.guidance.due import Due
    from okb_incident.core.guidance.gates import Gate
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.review.standing import ReviewStanding
    from okb_incident.workflow.session import Session


def what_next(session: Session, record: Record) -> list[Due]:
    """Return what is due for an incident, in the order in which it is best done.

    Every command that tells what is due tells this: `next`, `status`, `board`, `brief`, and the first of it is the ``next:`` line.
    """
    return due(record, session.vault.settings.policy, session.now, standing_of(session, record))


def requirements(session: Session, record: Record) -> tuple[Gate, ...]:
    """Return what closing still requires, and can be met now."""
    from okb_incident.core.guidance.gates import unmet  # noqa: PLC0415 - an incident that is open is not closed

    return unmet(record, session.vault.settings.policy, standing_of(session, record))


def standing_of(session: Session, record: Record) -> ReviewStanding | None:
    """Return how far the review of an incident is that is over; None where there is none, or nobody asks for one."""
    incident = record.incident
    if incident.status is not Status.RESOLVED or not session.vault.settings.policy.of(incident.severity).review:
        return None
    # An incident that is open has no review, and its answers load nothing that reads one.
    from okb_incident.workflow.look import review_note  # noqa: PLC0415

    return review_note.standing_of(session, record)


def new_record(session: Session, incident: Incident, text: str) -> Record:
    """Return the record of a note that was just composed; one without a list, as most are, is not taken apart."""

    def section(title: str) -> Sequence[str]:
        if not re.search(r"^\s*(?:[-*+]|\d+[.)]) ", text.partition("\n---\n")[2], re.MULTILINE):
            return ()
        from okb_incident.vault.note.sections import section_lines  # noqa: PLC0415

        return section_lines(text, title)

    return Record(incident, session.zone, section)
