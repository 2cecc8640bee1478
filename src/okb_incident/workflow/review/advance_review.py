"""Bringing a review on: submit, approve, close; whose it is, and what responders say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.review import review
from okb_incident.core.review.review import CLOSED, DRAFT, IN_REVIEW, PROPERTIES, REVIEWED, STATES
from okb_incident.core.text.quoting import defuse
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import link_target, text_of, texts_of
from okb_incident.errors import TransitionError, UsageError
from okb_incident.vault.note.sections import ensure, insert_line, section_lines
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.act import split_reference
from okb_incident.workflow.change import change_incident
from okb_incident.workflow.document import edited, readable, record_at, with_properties
from okb_incident.workflow.review.review import (
    findings_of,
    path_of,
    read_people,
    review_note,
    review_target,
    state_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.vault import Note
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.review.review import (
        People,
    )
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]

NEXT = {DRAFT: IN_REVIEW, IN_REVIEW: REVIEWED, REVIEWED: CLOSED}
VERB = {IN_REVIEW: "submit", REVIEWED: "approve", CLOSED: "close"}
"""The command that enters each state."""


def move(
    session: Session,
    words: Sequence[str],
    to: str,
    *,
    reference: str | None = None,
    force: bool = False,
    reason: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Bring a review on: submit, approve or close: ``[REF] [TEXT…]``.

    Approving it asks that its reviewer is not its author, that it lacks nothing it cannot do without, and that each follow-up has a
    kind, an owner and a day; forcing it needs a reason, which is recorded.

    Raises:
        NotFoundError: There is no review.
        TransitionError: It is in no state for that, or something is missing; each thing is named.
        UsageError: It is forced without a reason.
        OkbError: No or several incidents fit, or the notes cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    text, why = " ".join(rest), " ".join((reason or "").split())
    if force and not (why or text):
        raise UsageError(
            'forcing it needs a reason, such as: --force --reason "the team is dissolved"', field="--reason"
        )
    if not dry_run:
        session.about_to_write()
    target = review_target(session, reference, verb=VERB[to], ask=ask)
    path = path_of(target)
    record = record_at(session, target)
    review_note(session, target)
    spoken: list[str] = []

    def change(note: Note) -> str:
        state = state_in(readable(note))
        spoken[:] = []
        if state == to:
            return note.text
        _refuse_jump(target, state, to)
        lacks = _missing(session, record, note, to)
        if lacks and not force:
            raise TransitionError(
                f"the review of {target.id} cannot be {'reviewed' if to == REVIEWED else to} yet: {'; '.join(lacks[:6])}",
                field="state",
                value=state,
                hint=f"incident review check {target.id} names all; --force --reason TEXT goes on all the same, and says so",
            )
        spoken[:] = [f"in spite of {len(lacks)} findings: {why or text}" if lacks else text]
        return with_properties(note.text, path, _entering(session, note, to), PROPERTIES)

    # The line in the timeline tells what the note holds, so that is looked at first.
    change(session.vault.read(path))

    def decide(current: Record) -> Change:
        from okb_incident.core.incident.change import Change  # noqa: PLC0415

        if not spoken:
            return Change(already=True)
        return review.moved(current, to, path.rpartition("/")[2].removesuffix(".md"), session.now, spoken[0])

    step = edited(session, record.incident, path, change)
    return change_incident(session, target, decide, verb=f"review {VERB[to]}", beside=[step], dry_run=dry_run)


def _entering(session: Session, note: Note, to: str) -> dict[str, Value]:
    """Give the properties that follow from entering a state."""
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
        f"the review of {target.id} is {state}{' already' if behind else ''}, so it cannot become {to}",
        field="state",
        value=state,
        allowed=(NEXT[state],) if state in NEXT else (),
        hint=f"incident review {step} {target.id}",
    )


def _missing(session: Session, record: Record, note: Note, to: str) -> list[str]:
    """Say what keeps a review from a state."""
    if to == IN_REVIEW:
        lacks = [] if texts_of(note.frontmatter.values.get("owner")) else ["it has no owner"]
        return lacks + [each.message for each in findings_of(record, note) if each.message.startswith("Summary is")]
    if to == CLOSED:
        return review.needs_plan(record)
    author = (text_of(note.frontmatter.values.get("author")) or "").lower()
    me = {session.actor.handle.lower(), (session.actor.note or "").lower()}
    lacks = [f"{session.actor.handle} wrote it, and somebody else has to read it"] if author in me else []
    lacks += review.needs_plan(record)
    written = ("data", "impact", "depth", "words")
    return lacks + [each.message for each in findings_of(record, note) if each.line and each.question in written]


def edit_people(
    session: Session, reference: str | None, people: People, *, ask: Ask | None = None
) -> tuple[str, dict[str, str]]:
    """Give a review another owner, reviewer or day.

    Returns:
        The review's note, and what it says now.

    Raises:
        UsageError: Nothing is given.
        OkbError: There is no review, or the note cannot be written.
    """
    from okb_incident.vault.disk import lock  # noqa: PLC0415
    from okb_incident.vault.write.commit import commit  # noqa: PLC0415

    if not any(people):
        raise UsageError("what of it? such as: incident review set --reviewer dan --due 7d", field="--reviewer")
    given = {key: value for key, value in read_people(session, people).items() if value is not None}
    session.about_to_write()
    target = review_target(session, reference, verb="set", ask=ask)
    record = record_at(session, target)
    review_note(session, target)
    step = edited(
        session,
        record.incident,
        path_of(target),
        lambda note: with_properties(readable(note).text, note.path, given, PROPERTIES),
    )
    with lock.hold(session.vault.root, "incident review set"):
        commit(session.vault.root, [step], command="incident review set", by=session.actor.handle)
    return path_of(target), {key: link_target(str(value)) for key, value in given.items()}


def feedback(
    session: Session, words: Sequence[str], *, reference: str | None = None, ask: Ask | None = None
) -> tuple[str, str]:
    """Add a responder's short feedback: ``[REF] SCORE [TEXT…]``.

    Returns:
        The review's note, and the line as it stands there.

    Raises:
        UsageError: The score is no number from 1 to 5.
        OkbError: There is no review, or the note cannot be written.
    """
    from okb_incident.vault.disk import lock  # noqa: PLC0415
    from okb_incident.vault.write.commit import commit  # noqa: PLC0415

    reference, rest = split_reference(session, words, reference) if len(words) > 1 else (reference, list(words))
    if not rest or rest[0] not in {"1", "2", "3", "4", "5"}:
        raise UsageError(
            "feedback is a number from 1 (bad) to 5 (good), and perhaps a sentence",
            field="SCORE",
            value=rest[0] if rest else None,
            allowed=("1", "2", "3", "4", "5"),
            hint='incident review feedback 4 "the roles were clear"',
        )
    session.about_to_write()
    target = review_target(session, reference, verb="feedback", ask=ask)
    record = record_at(session, target)
    review_note(session, target)
    text = defuse(" ".join(" ".join(rest[1:]).split()))
    line = f"- {rest[0]} @{session.actor.handle}{': ' + text if text else ''}"

    def change(note: Note) -> str:
        whole, _ = ensure(note.text, "Feedback", ("Feedback",))
        return insert_line(whole, "Feedback", len(section_lines(whole, "Feedback")), line)

    with lock.hold(session.vault.root, "incident review feedback"):
        step = edited(session, record.incident, path_of(target), change)
        commit(session.vault.root, [step], command="incident review feedback", by=session.actor.handle)
    return path_of(target), line
