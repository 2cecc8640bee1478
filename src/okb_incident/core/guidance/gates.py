"""The requirements of closing: what the policy asks for before an incident is closed, each with the command that meets it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.guidance.due import holder, owner_of
from okb_incident.core.guidance.notice import notice_due
from okb_incident.core.response.roles import holders
from okb_incident.core.response.verification import every_check, has_recovered, is_confirmed, unverified_actions
from okb_incident.core.review.follow_ups import missing
from okb_incident.core.review.review import CLOSED, IN_REVIEW, REVIEWED, state_of
from okb_incident.core.values.properties import text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from okb_incident.core.review.standing import ReviewStanding
    from okb_incident.core.settings.policy import Expectation, Policy
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task import Task

DONE = (REVIEWED, CLOSED)
"""The states of a review in which it is done."""


class Gate(NamedTuple):
    """Something that closing asks for.

    Attributes:
        name: Which, in a word: ``verification``.
        missing: What is missing, as a clause.
        command: What meets it; it asks for what only a person can say.
        who: The handle of the person who has to act; None where anybody may.
        other_than: The handle of the one person who must not; None where there is none.
        asks: The command asks for words that are missing, and does nothing without an answer.
        by: By when it is due, where it has a deadline of its own.
        instead: What settles it the other way, where there is a decision to make.
    """

    name: str
    missing: str
    command: Command
    who: str | None = None
    other_than: str | None = None
    asks: bool = False
    by: datetime | None = None
    instead: Command | None = None


def unmet(record: Record, policy: Policy, review: ReviewStanding | None = None) -> tuple[Gate, ...]:
    """Return the gates that are not met and can be met now, in the order in which they are best met.

    Every incident has an end, what its category cannot do without, and nothing left to do. Where the policy wants a
    verification, recovery is proven and the commander has confirmed it; where it wants a review, the incident has a summary and a
    cause, and was reviewed. Maintenance and announcements have no gates.

    Args:
        record: The incident.
        policy: What the organization expects.
        review: How far the note of its review is; None where there is no such note.
    """
    incident = record.incident
    if incident.nature in {"maintenance", "announcement"}:
        return ()
    expected = policy.of(incident.severity)
    return tuple(
        chain(
            _end(record),
            _verified(record, expected),
            _facts(record, policy),
            _work(record),
            _notified(record, policy),
            _told(record, expected, review),
        )
    )


def _end(record: Record) -> Iterator[Gate]:
    incident = record.incident
    if incident.at("resolved") is None:
        command = Command("resolve", options=("--at",), incident=incident.id)
        yield Gate("end", "it is not said when it was over", command, who=holder(incident, "commander"), asks=True)


def _verified(record: Record, expected: Expectation) -> Iterator[Gate]:
    if not expected.verification:
        return
    which = record.incident.id
    if not has_recovered(record):
        command = Command("verify", "recovery", incident=which)
        lead = holder(record.incident, "commander")
        yield Gate("verification", "no check proves that it works again", command, who=lead, asks=True)
    elif not is_confirmed(record):
        checks = (each for each in every_check(record) if each.subject == "recovery" and each.passed)
        named = next(((each.name, "ok") for each in checks if each.name), ("recovery",))
        lead = holders(record.incident, "commander")[0]
        command = Command("verify", *named, incident=which)
        yield Gate("confirmation", "the commander has not confirmed that it works again", command, who=lead)


def _facts(record: Record, policy: Policy) -> Iterator[Gate]:
    incident = record.incident
    for key in policy.category(incident.category).requires:
        if not texts_of(incident.properties.get(key)):
            lacks = f"its {key.replace('_', ' ')} is not set, which a {incident.category} incident needs"
            yield Gate(key, lacks, Command("set", key, incident=incident.id), asks=True)


def _work(record: Record) -> Iterator[Gate]:
    which = record.incident.id
    yield from _steps(record)
    for task in record.actions:
        if task.is_open:
            yield _task(record, task)
    for name in sorted(unverified_actions(record)):
        command = Command("verify", "action", name, incident=which)
        yield Gate(f"check of {name}", f"{name} is done and not verified", command, asks=True)


def _steps(record: Record) -> Iterator[Gate]:
    """Ask for the steps of the checklist that are open, all in one: they are settled with one answer."""
    left = [task for task in record.checklist if task.is_open]
    names = [task.name for task in left if task.name]
    if len(names) < 2 or len(set(names)) < len(left):
        yield from (_task(record, task) for task in left)
        return
    told = "; ".join(f"{task.name} {task.text}" for task in left)
    command = Command("action done", *names, incident=record.incident.id)
    yield Gate("checklist", f"{len(left)} steps of the checklist are not done: {told}", command)


def _task(record: Record, task: Task) -> Gate:
    does = ("action done", task.name) if task.name else ("edit",)
    command = Command(*does, incident=record.incident.id)
    left = f"{task.name or 'a task'} is not done: {task.text}"
    return Gate(f"action {task.name or task.text}", left, command, who=owner_of(task))


def _notified(record: Record, policy: Policy) -> Iterator[Gate]:
    for duty, each in notice_due(record, policy):
        lacks = f"the authority was not notified{duty.about}"
        yield Gate(each.item, lacks, each.command, each.who, asks=True, by=each.by, instead=each.instead)


def _told(record: Record, expected: Expectation, review: ReviewStanding | None) -> Iterator[Gate]:
    incident = record.incident
    if not expected.review:
        return
    lead = holder(incident, "commander")
    if not record.says("Summary"):
        command = Command("resolve", options=("--summary",), incident=incident.id)
        yield Gate("summary", "it has no summary", command, who=lead, asks=True)
    if not text_of(incident.properties.get("cause")):
        command = Command("set", "cause", incident=incident.id)
        yield Gate("cause", "its cause is not set", command, who=lead, asks=True)
    yield from _reviewed(record, review)


def _reviewed(record: Record, review: ReviewStanding | None) -> Iterator[Gate]:
    """Ask for the next step of the review that can be taken now, and for what keeps it from being approved."""
    which, told = record.incident.id, state_of(record)
    if told in DONE:
        return
    if told is None or review is None:
        # A review of before it was reopened is drafted anew.
        command = Command("review new", incident=which)
        yield Gate("review", "it was not reviewed", command, who=holder(record.incident, "commander"))
        return
    if review.state in DONE:
        return
    if review.unwritten:
        count = len(review.unwritten)
        things = f"{count} things are" if count > 1 else "one thing is"
        left = f"its review is not written: {things} open; then it is submitted, and approved by someone else"
        yield Gate("review text", left, Command("review edit", incident=which), who=review.owner)
    plan = list(_plan(record))
    yield from plan
    if review.unwritten or plan:
        return
    if review.state == IN_REVIEW:
        yield _approval(which, review)
    elif review.owner is None:
        command = Command("review set", options=("--owner",), incident=which)
        yield Gate("review owner", "its review has no owner", command, asks=True)
    else:
        yield Gate("review draft", "its review is a draft", Command("review submit", incident=which), who=review.owner)


def _plan(record: Record) -> Iterator[Gate]:
    """Ask for what the follow-ups lack; a review is not approved before."""
    for task in record.follow_ups:
        if task.is_open and (lacks := missing(task)):
            option = f"--{lacks[0].removesuffix(' day')}"
            named = (task.name,) if task.name else ()
            command = Command("follow-up set", *named, options=(option,), incident=record.incident.id)
            name = f"follow-up {task.name or task.text} {lacks[0]}"
            yield Gate(name, f"{task.name or task.text} has no {lacks[0]}: {task.text}", command, asks=True)


def _approval(which: object, review: ReviewStanding) -> Gate:
    """Ask somebody other than the author to approve the review; the reviewer, where one is named."""
    author, reviewer = review.author, review.reviewer
    if reviewer is None or (author is not None and reviewer.lower() == author.lower()):
        reviewer = None
    return Gate(
        "review in review",
        "its review waits for approval" if reviewer is None else "its review waits for its reviewer",
        Command("review approve", incident=which),
        who=reviewer,
        other_than=author,
    )


def is_reviewed(record: Record) -> bool:
    """Return whether its timeline tells that it was reviewed, since it was reopened last."""
    return state_of(record) in DONE
