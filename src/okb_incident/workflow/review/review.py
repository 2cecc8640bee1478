"""The review of an incident: found, read, checked against the questions, opened in an editor."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.values.moment import write_moment
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.look.review_note import findings_of, review_note, section_of, state_in
from okb_incident.workflow.response.person import find_person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.review.completeness import ReviewFinding
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
    """Check a review against the questions.

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


def feedback_of(note: Note) -> list[int]:
    """Return the scores of a review's feedback."""
    lines = (line.strip() for line in section_of(note, "Feedback"))
    return [
        int(line[2])
        for line in lines
        if line[:2] == "- " and line[2:3] in {"1", "2", "3", "4", "5"} and line[3:4] in {"", " "}
    ]
