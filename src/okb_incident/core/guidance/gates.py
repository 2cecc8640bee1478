"""The gates of closing: what the policy asks for before an incident is put to rest, each with the command that meets it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

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

REVIEW_STEPS = {
    None: ("review", "it was not reviewed", "incident review new {}"),
    DRAFT: ("review draft", "its review is a draft", "incident review submit {}"),
    IN_REVIEW: (
        "review in review",
        "its review waits for somebody to read it",
        "incident --as REVIEWER review approve {}",
    ),
}
"""What is missing until it is done, by the state of the review: the name of the gate, a clause, and the command that brings it on."""


class Gate(NamedTuple):
    """Something that closing asks for.

    Attributes:
        name: Which, in a word: ``verification``.
        missing: What is missing, as a clause.
        command: What meets it; a word in capitals is for a person to fill in.
    """

    name: str
    missing: str
    command: str


def unmet(record: Record, policy: Policy) -> tuple[Gate, ...]:
    """Give the gates that are not met, in the order in which they are best met.

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
        yield Gate("end", "it is not said when it was over", f"incident resolve {incident.id} --at T")


def _verified(record: Record, expected: Expectation) -> Iterator[Gate]:
    if not expected.verification:
        return
    which = record.incident.id
    if not has_recovered(record):
        command = f'incident verify {which} recovery "WHAT" ok --evidence TEXT'
        yield Gate("verification", "no check proves that it works again", command)
    elif not is_confirmed(record):
        checks = (each for each in every_check(record) if each.subject == "recovery" and each.passed)
        name = next((each.name for each in checks if each.name), "recovery WHAT")
        lead = holders(record.incident, "commander")[0]
        command = f"incident --as {lead} verify {which} {name} ok"
        yield Gate("confirmation", f"the commander, {lead}, has not confirmed that it works again", command)


def _facts(record: Record, policy: Policy) -> Iterator[Gate]:
    incident = record.incident
    for key in policy.category(incident.category).requires:
        if not texts_of(incident.properties.get(key)):
            missing = f"its {key.replace('_', ' ')} is not set, which a {incident.category} incident needs"
            yield Gate(key, missing, f"incident set {incident.id} {key}=VALUE")


def _work(record: Record) -> Iterator[Gate]:
    which = record.incident.id
    for task in (*record.actions, *record.checklist):
        if task.is_open:
            command = f"incident action done {which} {task.name}" if task.name else f"incident edit {which}"
            yield Gate(f"action {task.name or task.text}", f"{task.name or 'a task'} is not done: {task.text}", command)
    for name in sorted(unverified_actions(record)):
        yield Gate(
            f"check of {name}", f"{name} is done and not verified", f'incident verify {which} action "{name} WHAT" ok'
        )


def _told(record: Record, expected: Expectation) -> Iterator[Gate]:
    incident = record.incident
    if not expected.review:
        return
    if not record.says("Summary"):
        yield Gate("summary", "it has no summary", f"incident resolve {incident.id} --summary TEXT")
    if not text_of(incident.properties.get("cause")):
        yield Gate("cause", "its cause is not set", f"incident resolve {incident.id} --cause WORD")
    if not is_reviewed(record):
        name, missing, command = REVIEW_STEPS[state_of(record)]
        yield Gate(name, missing, command.format(incident.id))


def is_reviewed(record: Record) -> bool:
    """Say whether its timeline tells that it was reviewed, since it was reopened last."""
    return state_of(record) in DONE
