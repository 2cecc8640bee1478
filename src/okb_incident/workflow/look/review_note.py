"""The note of a review: found, read, and checked against the questions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.review import review
from okb_incident.core.review.completeness import ReviewFinding, ReviewSection, findings
from okb_incident.core.review.folded import part_lines, record_parts, without_record
from okb_incident.core.review.standing import read_state, standing
from okb_incident.errors import NotFoundError
from okb_incident.vault.note.sections import level_two, section_lines
from okb_incident.workflow.document import companions
from okb_incident.workflow.named_incident import Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.review.standing import ReviewStanding
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.vault import Note
    from okb_incident.workflow.session import Session


def path_of(session: Session, target: Target) -> str:
    """Return the path of an incident's review, wherever it is; beside the incident's note where there is none yet."""
    name = f"{target.id} review.md"
    here = os.path.join(os.path.dirname(target.path), name)
    if os.path.lexists(os.path.join(session.vault.root, here)):
        return here
    # Another clone may have made it, of which nothing here tells.
    found = [*companions(session, target, "review"), *session.vault.companions_anywhere(target.id)]
    return next((path for path in found if os.path.basename(path) == name), here)


def review_note(session: Session, target: Target) -> Note:
    """Read the review of an incident.

    Raises:
        NotFoundError: There is none; with the command that makes it.
    """
    try:
        return session.vault.read(path_of(session, target))
    except NotFoundError:
        raise NotFoundError(
            f"{target.id} has no review yet",
            field="review",
            value=target.id.text,
            hint=Command("review new", incident=target.id),
        ) from None


def state_in(note: Note) -> str:
    """Return the state of a review."""
    return read_state(note.frontmatter.values.get("state"))


def sections_of(note: Note) -> list[ReviewSection]:
    """Return the sections of a review's note, and the parts of its record."""
    lines = [line.removesuffix("\r") for line in note.text.split("\n")]
    told = without_record(lines)
    sections = [
        ReviewSection(each.title, "\n".join(told[each.line : each.end_line - 1]), each.line)
        for each in level_two(note.text)
    ]
    return sections + [
        ReviewSection(each.title, "\n".join(each.lines), each.heading + 1) for each in record_parts(lines)
    ]


def section_of(note: Note, title: str) -> Sequence[str]:
    """Return the lines of a section of a review's note, else of a part of its record; none where it has neither."""
    return section_lines(note.text, title) or part_lines(note.text, title) or ()


def findings_of(record: Record, note: Note) -> list[ReviewFinding]:
    """Check a review against the questions."""
    found = findings(record, sections_of(note), note.frontmatter.values)
    broken = [
        ReviewFinding("words", f"its properties cannot be read: {each.message}", each.line)
        for each in note.frontmatter.problems
    ]
    return [*broken, *found]


def standing_of(session: Session, record: Record) -> ReviewStanding | None:
    """Return how far the review of an incident is; None where it was not drafted since the incident was reopened last."""
    if review.state_of(record) is None:
        return None
    try:
        note = review_note(session, Target(record.incident.id, record.incident.path))
    except NotFoundError:
        return None
    return standing(note.frontmatter.values, findings_of(record, note))
