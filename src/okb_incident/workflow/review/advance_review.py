"""The steps of a review: submit, approve, close; its owner, reviewer and due date; and the ratings of responders."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change
from okb_incident.core.review import review
from okb_incident.core.review.completeness import needs_plan, unanswered, without_summary
from okb_incident.core.review.folded import with_line
from okb_incident.core.review.review import CLOSED, DRAFT, IN_REVIEW, PROPERTIES, REVIEWED, STATES
from okb_incident.core.review.standing import unwritten
from okb_incident.core.text.quoting import defuse_body
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import link_target, text_of, texts_of
from okb_incident.errors import MissingWordError, TransitionError, UsageError
from okb_incident.vault.disk import lock
from okb_incident.vault.note.sections import ensure, find, insert_line, section_lines
from okb_incident.vault.write.commit import commit
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.document import edited, readable, with_properties
from okb_incident.workflow.look.review_note import findings_of, path_of, review_note, sections_of, state_in
from okb_incident.workflow.review.review import read_details, review_target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.vault import Note
    from okb_incident.vault.write.commit import Committed
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.review.review import ReviewDetails
    from okb_incident.workflow.session import Session

NEXT = {DRAFT: IN_REVIEW, IN_REVIEW: REVIEWED, REVIEWED: CLOSED}
VERB = {IN_REVIEW: "submit", REVIEWED: "approve", CLOSED: "close"}
"""The command that enters each state."""


class RewrittenReview(NamedTuple):
    """A review whose note was changed.

    Attributes:
        incident: Its incident.
        path: The note, relative to the vault.
        committed: What was written.
    """

    incident: Incident
    path: str
    committed: Committed


SCORES = ("1", "2", "3", "4", "5")


def advance(call: Call, to: str) -> ChangedIncident:
    """Move a review to its next state.

    Approving it needs a reviewer who is not its author, every section that it cannot do without, and for each follow-up a kind, an
    owner and a day.

    Args:
        call: The call.
        to: The state.

    Raises:
        NotFoundError: There is no review.
        TransitionError: It is in no state for that, or something is missing; each thing is named.
        UsageError: It is forced without a reason.
    """
    if call.shared.force and not call.why:
        example = f'{call.verb} --force --reason "the team is dissolved"'
        raise MissingWordError("--reason", "why the missing parts are overridden", example, option="reason")
    session, target = call.session, review_target(call)
    path, record = path_of(session, target), call.record(target)
    spoken: str | None = None

    def enter(note: Note) -> str:
        nonlocal spoken
        state = state_in(readable(note))
        if state == to:
            spoken = None
            return note.text
        _refuse_jump(target, state, to)
        lacks = _missing(session, record, note, to)
        if lacks and not call.shared.force:
            raise _refusal(target, state, to, lacks)
        spoken = f"override of {_counted(len(lacks))}: {call.why}" if lacks else call.why
        return with_properties(note.text, path, _entering(session, note, to), PROPERTIES)

    # The line in the timeline tells what the note holds, so that is looked at first.
    enter(review_note(session, target))

    def decide(current: Record) -> Change:
        if spoken is None:
            return Change(already=True, said=f"review already {to}")
        return review.moved(current, to, path.rpartition("/")[2].removesuffix(".md"), session.now, spoken)

    return call.change_at(target, decide, beside=[edited(session, record.incident, path, enter)])


def _counted(findings: int) -> str:
    return "1 finding" if findings == 1 else f"{findings} findings"


def _entering(session: Session, note: Note, to: str) -> dict[str, Value]:
    """Return the properties that follow from entering a state."""
    found: dict[str, Value] = {"state": to}
    if to == REVIEWED and not text_of(note.frontmatter.values.get("reviewer")):
        found["reviewer"] = session.actor.link
    if to == CLOSED:
        found["completed"] = Plain(write_moment(session.now, session.zone))
    return found


def _refuse_jump(target: Target, state: str, to: str) -> None:
    if NEXT.get(state) == to:
        return
    behind = STATES.index(state) > STATES.index(to)
    step = VERB.get(NEXT.get(state, ""), "check")
    raise TransitionError(
        f"the review of {target.id} is {'already ' if behind else ''}{state}; it cannot become {to}",
        field="state",
        value=state,
        allowed=(NEXT[state],) if state in NEXT else (),
        hint=Command(f"review {step}", incident=target.id),
    )


def _refusal(target: Target, state: str, to: str, lacks: Sequence[str]) -> TransitionError:
    shown = "; ".join(lacks[:6])
    return TransitionError(
        f"cannot {VERB[to]} the review of {target.id}: {shown}",
        field="state",
        value=state,
        hint=Sentence(
            Command("review check", incident=target.id),
            " lists everything; to override: --force, with a reason",
        ),
    )


def _missing(session: Session, record: Record, note: Note, to: str) -> list[str]:
    """Return what keeps a review from a state."""
    if to == IN_REVIEW:
        lacks = [] if texts_of(note.frontmatter.values.get("owner")) else ["the review has no owner"]
        sections = sections_of(note)
        return lacks + without_summary(sections) + unanswered(sections)
    if to == CLOSED:
        return needs_plan(record)
    author = (text_of(note.frontmatter.values.get("author")) or "").lower()
    me = {session.actor.handle.lower(), (session.actor.note or "").lower()}
    lacks = [f"{session.actor.handle} is the author, and another person has to approve it"] if author in me else []
    lacks += needs_plan(record)
    return lacks + unwritten(findings_of(record, note))


def set_details(call: Call, details: ReviewDetails) -> tuple[RewrittenReview, dict[str, str]]:
    """Set another owner, reviewer or due date of a review.

    Returns:
        The review, and what was set.

    Raises:
        NotFoundError: There is no review.
        UsageError: Nothing is given.
    """
    if not any(details):
        example = "review set --reviewer dan --due 7d"
        raise MissingWordError("--owner, --reviewer or --due", "who reviews it", example, option="reviewer")
    given = {key: value for key, value in read_details(call.session, details).items() if value is not None}
    review = _rewrite(call, lambda note: with_properties(readable(note).text, note.path, given, PROPERTIES))
    return review, {key: link_target(str(value)) for key, value in given.items()}


def feedback(call: Call) -> tuple[RewrittenReview, str]:
    """Add a responder's rating of the response.

    Returns:
        The review, and the line as it was written.

    Raises:
        NotFoundError: There is no review.
        UsageError: The score is not a number from 1 to 5.
    """
    score = call.given.get("SCORE")
    if score is None and not call.words:
        example = 'review feedback 4 "the roles were clear"'
        raise MissingWordError("SCORE", "how was it, from 1 (bad) to 5 (good)", example, allowed=SCORES)
    if score not in SCORES:
        raise UsageError(
            "feedback is a number from 1 (bad) to 5 (good), and perhaps a sentence",
            field="SCORE",
            value=score,
            allowed=SCORES,
            hint='incident review feedback 4 "the roles were clear"',
        )
    text = defuse_body(call.text)
    line = f"- {score} @{call.session.actor.handle}{': ' + text if text else ''}"

    def add(note: Note) -> str:
        if find(note.text, "Feedback") is None and (folded := with_line(note.text, "Feedback", line)):
            return folded
        whole, _ = ensure(note.text, "Feedback", ("Feedback",))
        return insert_line(whole, "Feedback", len(section_lines(whole, "Feedback")), line)

    return _rewrite(call, add), line


def _rewrite(call: Call, change: Callable[[Note], str]) -> RewrittenReview:
    """Change the note of a review, and nothing of its incident."""
    session, target = call.session, review_target(call)
    path, incident = path_of(session, target), call.record(target).incident
    review_note(session, target)
    command = f"incident {call.verb}"
    with lock.hold(session.vault.root, command):
        done = commit(
            session.vault.root,
            [edited(session, incident, path, change)],
            command=command,
            by=session.actor.handle,
        )
    return RewrittenReview(incident, path, done)
