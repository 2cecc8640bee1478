"""The review of an incident: found, read, held against the questions, opened in an editor."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.review import review
from okb_incident.core.review.review import DRAFT, STATES, ReviewFinding, ReviewSection
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import text_of
from okb_incident.errors import NotFoundError
from okb_incident.vault.note.sections import find, level_two, section_lines
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.document import companions
from okb_incident.workflow.response.person import find_person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.vault import Note
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session


class ReviewDetails(NamedTuple):
    """Whose a review is and by when, as typed.

    Attributes:
        owner: Who writes it.
        reviewer: Who reads it.
        due: By which day.
    """

    owner: str | None = None
    reviewer: str | None = None
    due: str | None = None


class Review(NamedTuple):
    """A review as it stands.

    Attributes:
        record: The incident.
        path: Its note.
        state: draft, in-review, reviewed or closed.
        properties: Those of its note.
        findings: What it lacks.
    """

    record: Record
    path: str
    state: str
    properties: Mapping[str, object]
    findings: tuple[ReviewFinding, ...]

    def of(self, question: str) -> list[ReviewFinding]:
        """Return the findings that leave a question open."""
        return [each for each in self.findings if each.question == question]


def review_target(call: Call) -> Target:
    """Find the incident whose review is meant: one that is over."""
    return call.target(_is_over)


def _is_over(incident: Incident) -> bool:
    return incident.status is not None and not incident.is_open and not incident.status.is_aside


def path_of(session: Session, target: Target) -> str:
    """Return the path of an incident's review, wherever it lies; beside the incident's note where there is none yet."""
    name = f"{target.id} review.md"
    here = os.path.join(os.path.dirname(target.path), name)
    if os.path.lexists(os.path.join(session.vault.root, here)):
        return here
    # Another clone may have made it, of which nothing here tells.
    found = [*companions(session, target, "review"), *session.vault.companions_anywhere(target.id)]
    return next((path for path in found if os.path.basename(path) == name), here)


def read_details(session: Session, details: ReviewDetails) -> dict[str, Value]:
    """Read owner, reviewer and day; None for what was not typed."""
    owner = find_person(session, details.owner, "--owner").person.link if details.owner else None
    reviewer = find_person(session, details.reviewer, "--reviewer").person.link if details.reviewer else None
    return {
        "owner": owner,
        "reviewer": reviewer,
        "due": Plain(session.day(details.due)) if details.due else None,
    }


def day_of_policy(session: Session, incident: Incident) -> str | None:
    """Return the day by which the policy wants a review, None where it wants none."""
    days = session.vault.settings.policy.of(incident.severity).review
    resolved = incident.at("resolved")
    return write_moment(resolved + timedelta(days=days), session.zone)[:10] if days and resolved else None


def check(call: Call) -> Review:
    """Hold a review against the questions.

    Raises:
        NotFoundError: There is no review.
    """
    return _review_at(call, review_target(call))


def edit(call: Call) -> Review:
    """Open a review in $VISUAL or $EDITOR and wait; then hold it against the questions.

    Raises:
        NotFoundError: There is no review.
        UsageError: No editor is named.
        OkbError: The editor cannot be started, or says that it failed.
    """
    from okb_incident.workflow.care.edit_note import edit_file  # noqa: PLC0415 - hardly any command opens an editor

    target = review_target(call)
    note = review_note(call.session, target)
    edit_file(call.session, note.path, again=Command("review edit", incident=target.id))
    return _review_at(call, target)


def _review_at(call: Call, target: Target) -> Review:
    return review_of(call.record(target), review_note(call.session, target))


def review_of(record: Record, note: Note) -> Review:
    """Return a review as it stands."""
    return Review(record, note.path, state_in(note), note.frontmatter.values, tuple(findings_of(record, note)))


def findings_of(record: Record, note: Note) -> list[ReviewFinding]:
    """Hold a review's note against the questions."""
    found = review.findings(record, sections_of(note), note.frontmatter.values)
    broken = [
        ReviewFinding("words", f"its properties cannot be read: {each.message}", each.line)
        for each in note.frontmatter.problems
    ]
    return [*broken, *found]


def sections_of(note: Note) -> list[ReviewSection]:
    """Return the sections of a review's note."""
    lines = note.text.splitlines()
    return [
        ReviewSection(each.title, "\n".join(lines[each.line : each.end_line - 1]), each.line)
        for each in level_two(note.text)
    ]


def feedback_of(note: Note) -> list[int]:
    """Return the scores of a review's feedback."""
    if find(note.text, "Feedback") is None:
        return []
    lines = (line.strip() for line in section_lines(note.text, "Feedback"))
    return [
        int(line[2])
        for line in lines
        if line[:2] == "- " and line[2:3] in {"1", "2", "3", "4", "5"} and line[3:4] in {"", " "}
    ]


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
    """Return the state of a review; a word that is none of ours counts as a draft."""
    state = (text_of(note.frontmatter.values.get("state")) or DRAFT).lower()
    return state if state in STATES else DRAFT
