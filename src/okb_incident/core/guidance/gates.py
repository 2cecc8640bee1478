"""The gates of closing: what the policy asks for before an incident is put to rest, each with the command that meets it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.response.roles import holders
from okb_incident.core.response.verification import every_check, has_recovered, is_confirmed, unverified_actions
from okb_incident.core.review.review import CLOSED, DRAFT, IN_REVIEW, REVIEWED, state_of
from okb_incident.core.values.properties import text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.settings.policy import Expectation, Policy
    from okb_incident.core.timeline.record import Record

DONE = (REVIEWED, CLOSED)
"""The states of a review in which it is done."""


class ReviewStep(NamedTuple):
    """What is missing in a state of the review, and what brings it on.

    Attributes:
        gate: The name of the gate.
        missing: What is missing, as a clause.
        verb: The command.
    """

    gate: str
    missing: str
    verb: str


REVIEW_STEPS = {
    None: ReviewStep("review", "it was not reviewed", "review new"),
    DRAFT: ReviewStep("review draft", "its review is a draft", "review submit"),
    IN_REVIEW: ReviewStep("review in review", "its review waits for somebody to read it", "review approve"),
}
"""What is missing until it is done, by the state of the review."""


class Gate(NamedTuple):
    """Something that closing asks for.

    Attributes:
        name: Which, in a word: ``verification``.
        missing: What is missing, as a clause.
        command: What meets it; it asks for what only a person can say.
    """

    name: str
    missing: str
    command: Command


def unmet(record: Record, policy: Policy) -> tuple[Gate, ...]:
    """Return the gates that are not met, in the order in which they are best met.

    Every incident has an end, what its category cannot do without, and nothing left to do. Where the policy wants a
    verification, recovery is proven and the commander has confirmed it; where it wants a review, the incident has a summary and a
    cause, and was reviewed. Maintenance and announcements have no gates.
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
            _told(record, expected),
        )
    )


def _end(record: Record) -> Iterator[Gate]:
    incident = record.incident
    if incident.at("resolved") is None:
        yield Gate(
            "end", "it is not said when it was over", Command("resolve", options=("--at",), incident=incident.id)
        )


def _verified(record: Record, expected: Expectation) -> Iterator[Gate]:
    if not expected.verification:
        return
    which = record.incident.id
    if not has_recovered(record):
        command = Command("verify", "recovery", incident=which)
        yield Gate("verification", "no check proves that it works again", command)
    elif not is_confirmed(record):
        checks = (each for each in every_check(record) if each.subject == "recovery" and each.passed)
        named = next(((each.name, "ok") for each in checks if each.name), ("recovery",))
        lead = holders(record.incident, "commander")[0]
        command = Command("verify", *named, incident=which, by=lead)
        yield Gate("confirmation", f"the commander, {lead}, has not confirmed that it works again", command)


def _facts(record: Record, policy: Policy) -> Iterator[Gate]:
    incident = record.incident
    for key in policy.category(incident.category).requires:
        if not texts_of(incident.properties.get(key)):
            missing = f"its {key.replace('_', ' ')} is not set, which a {incident.category} incident needs"
            yield Gate(key, missing, Command("set", key, incident=incident.id))


def _work(record: Record) -> Iterator[Gate]:
    which = record.incident.id
    for task in (*record.actions, *record.checklist):
        if task.is_open:
            does = ("action done", task.name) if task.name else ("edit",)
            command = Command(*does, incident=which)
            yield Gate(f"action {task.name or task.text}", f"{task.name or 'a task'} is not done: {task.text}", command)
    for name in sorted(unverified_actions(record)):
        command = Command("verify", "action", name, incident=which)
        yield Gate(f"check of {name}", f"{name} is done and not verified", command)


def _told(record: Record, expected: Expectation) -> Iterator[Gate]:
    incident = record.incident
    if not expected.review:
        return
    if not record.says("Summary"):
        yield Gate("summary", "it has no summary", Command("resolve", options=("--summary",), incident=incident.id))
    if not text_of(incident.properties.get("cause")):
        yield Gate("cause", "its cause is not set", Command("set", "cause", incident=incident.id))
    if not is_reviewed(record):
        step = REVIEW_STEPS[state_of(record)]
        yield Gate(step.gate, step.missing, Command(step.verb, incident=incident.id))


def is_reviewed(record: Record) -> bool:
    """Return whether its timeline tells that it was reviewed, since it was reopened last."""
    return state_of(record) in DONE
