"""The review of an incident: found, read, and held against the questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.review import review
from okb_incident.core.review.review import DRAFT, STATES, Finding, Section
from okb_incident.core.values.properties import text_of
from okb_incident.errors import NotFoundError
from okb_incident.vault.note.sections import find, level_two, section_lines
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.document import record_at
from okb_incident.workflow.reference import find_target
from okb_incident.workflow.response.person import find_person

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.vault import Note
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]


class People(NamedTuple):
    """Whose a review is, as typed.

    Attributes:
        owner: Who writes it.
        reviewer: Who reads it.
        due: By which day.
    """

    owner: str | None = None
    reviewer: str | None = None
    due: str | None = None


class Reviewed(NamedTuple):
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
    findings: tuple[Finding, ...]


def review_target(
    session: Session, reference: str | None, *, verb: str, restricted: bool = False, ask: Ask | None = None
) -> Target:
    """Find the incident whose review is meant: one that is over."""
    return find_target(
        session,
        reference,
        verb=f"review {verb}",
        fits=lambda incident: incident.status is not None and not incident.is_open and not incident.status.is_aside,
        by_title=True,
        restricted=restricted,
        ask=ask,
    )


def path_of(target: Target) -> str:
    """Give the path of an incident's review."""
    return f"{target.path.removesuffix('.md').rpartition('/')[0]}/{target.id} review.md"


def read_people(session: Session, people: People) -> dict[str, Value]:
    """Read owner, reviewer and day; None for what was not typed."""
    owner = find_person(session, people.owner, "--owner").person.link if people.owner else None
    reviewer = find_person(session, people.reviewer, "--reviewer").person.link if people.reviewer else None
    return {
        "owner": owner,
        "reviewer": reviewer,
        "due": Plain(session.day(people.due)) if people.due else None,
    }


def check(session: Session, reference: str | None, *, restricted: bool = False, ask: Ask | None = None) -> Reviewed:
    """Hold a review against the questions.

    Raises:
        NotFoundError: There is no review.
        OkbError: No or several incidents fit.
    """
    target = review_target(session, reference, verb="check", restricted=restricted, ask=ask)
    return reviewed(record_at(session, target), review_note(session, target))


def reviewed(record: Record, note: Note) -> Reviewed:
    """Give a review as it stands."""
    return Reviewed(record, note.path, state_in(note), note.frontmatter.values, tuple(findings_of(record, note)))


def findings_of(record: Record, note: Note) -> list[Finding]:
    """Hold a review's note against the questions."""
    lines = note.text.splitlines()
    sections = [
        Section(each.title, "\n".join(lines[each.line : each.end_line - 1]), each.line) for each in level_two(note.text)
    ]
    found = review.findings(record, sections, note.frontmatter.values)
    broken = [
        Finding("words", f"its properties cannot be read: {each.message}", each.line)
        for each in note.frontmatter.problems
    ]
    return [*broken, *found]


def feedback_of(note: Note) -> list[int]:
    """Give the scores of a review's feedback."""
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
        return session.vault.read(path_of(target))
    except NotFoundError:
        raise NotFoundError(
            f"{target.id} has no review yet",
            field="review",
            value=target.id.text,
            hint=f"incident review new {target.id}",
        ) from None


def state_in(note: Note) -> str:
    """Give the state of a review; a word that is none of ours counts as a draft."""
    state = (text_of(note.frontmatter.values.get("state")) or DRAFT).lower()
    return state if state in STATES else DRAFT
