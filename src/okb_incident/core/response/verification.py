"""Verification: checks that something was done, that it solves the problem, that it works again, that it is written down.

A check has a short name, ``v1``, and may be repeated; each time is a line of the timeline, and the list under Verification shows
the last. Recovery is proven by the first check of that kind that passes, and confirmed when the commander makes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Candidate, Command, Sentence
from okb_incident.core.incident.change import Addition, Change, LogLine, Replacement, quote
from okb_incident.core.response.roles import holders
from okb_incident.core.text.quoting import defuse_body
from okb_incident.core.timeline.doubles import refuse_double
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.timeline.task import next_name
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.status import Status
from okb_incident.errors import NotFoundError, TransitionError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record

SUBJECTS = ("action", "solution", "recovery", "documentation")


class Check(NamedTuple):
    """A check, as it came out when it was made last.

    Attributes:
        name: Its short name, ``v1``; None where it was written down without one.
        subject: action, solution, recovery or documentation.
        text: What was checked.
        passed: Whether it held.
        evidence: What shows it.
        by: The handle of who made it.
        at: When.
    """

    name: str | None
    subject: str
    text: str
    passed: bool
    evidence: str | None
    by: str | None
    at: datetime | None


def every_check(record: Record) -> list[Check]:
    """Return each making of each check since the incident was reopened last, in order."""
    found: list[Check] = []
    for entry in record.of_kind("verify", "reopen"):
        if entry.kind == "reopen":
            found.clear()
            continue
        fields = entry.fields or {}
        found.append(
            Check(
                fields.get("name"),
                fields["subject"],
                fields["text"],
                fields["result"] == "pass",
                fields.get("evidence"),
                entry.actor,
                entry.at,
            )
        )
    return found


def has_recovered(record: Record) -> bool:
    """Return whether a check of recovery has passed since it was reopened last."""
    return any(each.passed for each in every_check(record) if each.subject == "recovery")


def is_confirmed(record: Record) -> bool:
    """Return whether the commander has made a check of recovery that passed; where there is no commander, anybody."""
    leads = {name.lower() for name in holders(record.incident, "commander")}
    return any(
        each.passed and (not leads or (each.by or "").lower() in leads)
        for each in every_check(record)
        if each.subject == "recovery"
    )


def verify(
    record: Record,
    subject: str,
    text: str,
    at: datetime,
    *,
    passed: bool,
    by: str,
    evidence: str | None = None,
) -> Change:
    """Write down how a check came out.

    Args:
        record: The incident.
        subject: One of the subjects, or the name of a check that is made again.
        text: What was checked; of a check that is made again it may be empty.
        at: When.
        passed: Whether it held.
        by: The handle of who made it.
        evidence: What shows it.

    Raises:
        NotFoundError: There is no check, or no action, of that name.
        UsageError: Nothing is said of what was checked.
        TransitionError: Nothing can have recovered yet.
    """
    incident = record.incident
    name, subject, text = _named(record, subject, text)
    _refuse(record, subject, text)
    fields = {"name": name, "subject": subject, "result": "pass" if passed else "fail", "text": text}
    if evidence:
        fields["evidence"] = evidence
    payload = KINDS["verify"].write(fields, record.zone)
    stamps = subject == "recovery" and passed and incident.at("verified") is None
    shown = f"{text}{', evidence ' + evidence if evidence else ''}"
    line = (
        f"- [{'x' if passed else ' '}] {name} {subject}: {defuse_body(shown)} (@{by} {write_moment(at, record.zone)})"
    )
    place = _place(record, name)
    return Change(
        properties={"verified": at} if stamps else {},
        lines=(LogLine("verify", payload, at),),
        additions=() if place else (Addition("Verification", line),),
        replacements=(Replacement("Verification", *place, line),) if place else (),
        said=f"{'verified' if stamps else 'recorded'} {name} {subject} {'passed' if passed else 'FAILED'}{quote(text)}",
        moments={"verified": at} if stamps else {},
        warnings=_who_confirms(incident, name, by) if subject == "recovery" and passed else (),
    )


def _named(record: Record, subject: str, text: str) -> tuple[str, str, str]:
    """Return name, subject and text; of a check that is made again, those that it had."""
    word, text = subject.lower(), " ".join(text.split())
    if word in SUBJECTS:
        if not text:
            raise UsageError(
                'what was checked? such as: incident verify recovery "errors below 0.1 % for 30 min" ok', field="WHAT"
            )
        return next_name("v", record.names("v")), word, text
    refuse_double(record, word)
    known = {each.name: each for each in every_check(record) if each.name}
    check = known.get(word)
    if check is None:
        raise NotFoundError(
            f"{record.incident.id} has no check {subject}" + (f"; it has {', '.join(known)}" if known else ""),
            field="check",
            value=subject,
            candidates=tuple(
                Candidate(Command("verify", name, "ok", incident=record.incident.id), each.text)
                for name, each in known.items()
            ),
        )
    return word, check.subject, text or check.text


def _refuse(record: Record, subject: str, text: str) -> None:
    incident = record.incident
    if subject == "recovery" and (incident.status is None or incident.status.step < Status.MONITORING.step):
        raise TransitionError(
            f"{incident.id} is {incident.status}; recovery is verified from monitoring on",
            field="status",
            value=str(incident.status),
            hint=Command("mitigate", incident=incident.id),
        )
    word = text.split(" ", 1)[0].rstrip(":,").lower()
    tasks = {task.name for task in (*record.actions, *record.checklist) if task.name}
    if subject == "action" and word[:1] == "a" and word[1:].isdecimal() and word not in tasks:
        raise NotFoundError(
            f"{incident.id} has no action {word}",
            field="action",
            value=word,
            hint=Command("action list", incident=incident.id),
        )


def _place(record: Record, name: str) -> tuple[int, str] | None:
    """Find the line of a check in the list, None where it has none."""
    for place, line in enumerate(record.section("Verification")):
        words = line.split("]", 1)[-1].split()
        if line.lstrip().startswith(("- [", "* [")) and words and words[0].lower() == name:
            return place, line
    return None


def _who_confirms(incident: Incident, name: str, by: str) -> tuple[Text, ...]:
    leads = holders(incident, "commander")
    if not leads or by.lower() in map(str.lower, leads):
        return ()
    command = Command("verify", name, "ok", incident=incident.id)
    return (Sentence(f"the commander, {leads[0]}, has to confirm it: ", command),)


def unverified_actions(record: Record) -> set[str]:
    """Return the names of the actions that are done, ask to be verified, and are not."""
    proven = {
        each.text.split(" ", 1)[0].rstrip(":,").lower()
        for each in every_check(record)
        if each.subject == "action" and each.passed
    }
    return {
        task.name
        for task in (*record.actions, *record.checklist)
        if task.name and task.box == "x" and "verify" in task.fields and task.name not in proven
    }
