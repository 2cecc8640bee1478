"""Wording: what a record says, in words for a message: no links, no moments as notes hold them, none of the timeline's grammar."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.links import unlinked
from okb_incident.core.timeline.payload import NOBODY
from okb_incident.core.values.moment import read_moment, show_seconds, write_moment
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, tzinfo

    from okb_incident.core.timeline.entry import TimelineEntry

MOMENT = re.compile(r"\b\d{4}-\d{2}-\d{2}T\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z\b|[+-]\d{2}(?::?\d{2})?)?")

STAGES = {
    Status.TRIAGE: "being assessed",
    Status.INVESTIGATING: "under investigation",
    Status.IDENTIFIED: "identified",
    Status.MONITORING: "mitigated and being monitored",
    Status.RESOLVED: "over",
    Status.CLOSED: "over",
}
"""How far it is, in words that mean something to everybody, and say no more than the status does."""

STARTED, STOPPED, ENDED = "The problem started.", "The impact stopped.", "The problem is resolved."

STATES = {
    Status.TRIAGE: "Investigating",
    Status.INVESTIGATING: "Investigating",
    Status.IDENTIFIED: "Identified",
    Status.MONITORING: "Monitoring",
    Status.RESOLVED: "Resolved",
    Status.CLOSED: "Resolved",
}
"""The state with which a headline begins, as status pages name it."""

UNNAMED = "Problem with our service"
"""The headline of an incident without a public title, none of whose services has a public name."""

PUBLIC_STATUS = {
    "triage": "We are assessing the problem.",
    "investigating": "We are investigating the problem.",
    "identified": "The problem is identified.",
    "monitoring": "The problem is mitigated and being monitored.",
    "resolved": ENDED,
    "closed": ENDED,
}
"""What a change of the status means to everybody, where no reason was given."""

WAYS = {"attempt": "Attempted", "fix": "Fix", "rollback": "Rollback"}


class Clock(NamedTuple):
    """How moments are written for people.

    Attributes:
        zone: The zone in which they are written.
        name: Its name, which is behind each of them.
    """

    zone: tzinfo
    name: str

    def show(self, at: datetime | None) -> str:
        """Return a moment with its zone; nothing where there is none."""
        if at is None:
            return ""
        # In the hour that a clock change repeats, the offset follows the seconds.
        text = write_moment(at, self.zone)
        offset = f" ({text[19:]})" if len(text) > 19 else ""
        return f"{text[:16].replace('T', ' ')} {self.name}{offset}"

    def read(self, text: str) -> str:
        """Return a written moment for people; one that does not exist stays as it was typed."""
        try:
            return self.show(read_moment(text, self.zone).at)
        except ValueError:
            return text


def plain_words(text: str, clock: Clock) -> str:
    """Return a text with what its links show in their place, and its moments as people read them."""
    return MOMENT.sub(lambda found: clock.read(found[0]), unlinked(text))


def all_plain(value: object, clock: Clock) -> object:
    """Return plain data with every text in it as `plain_words` returns it."""
    if isinstance(value, str):
        return plain_words(value, clock)
    if isinstance(value, list):
        return [all_plain(each, clock) for each in value]
    if isinstance(value, dict):
        return {key: all_plain(each, clock) for key, each in value.items()}
    return value


def in_words(entry: TimelineEntry, clock: Clock) -> str:
    """Return a line of the timeline in words for the responders and the management."""
    say = SAY.get(entry.kind)
    fields = entry.fields
    said = say(fields, clock) if say and fields else entry.text
    return plain_words(entry.outgoing(said), clock)


def in_public_words(entry: TimelineEntry, clock: Clock) -> str:
    """Return a line that is fit for everybody in words for them: our names of statuses and levels mean nothing there."""
    fields = entry.fields or {}
    if entry.kind in {"status", "severity"} and "reason" in fields:
        return plain_words(entry.outgoing(fields["reason"]), clock)
    if entry.kind == "status" and fields.get("after") in PUBLIC_STATUS:
        return PUBLIC_STATUS[fields["after"]]
    if entry.kind == "change" and fields:
        return plain_words(entry.outgoing(f"{WAYS[fields['way']]}: {fields['text']}"), clock)
    return in_words(entry, clock)


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence: ``a, b and c``."""
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last


def public_headline(status: Status | None, title: str, services: Sequence[str]) -> str:
    """Return the headline of a message, the state first.

    Args:
        status: The status of the incident.
        title: Its public title; empty where none is set. The internal title is never used.
        services: Its services, by the names that customers know.
    """
    problem = f"Problem with {listed(services)}" if services else UNNAMED
    state = STATES.get(status) if status else None
    return _after(f"{state}: " if state else "", title or problem)


def spelled_out(seconds: float) -> str:
    """Return a duration as a message spells it: ``43 minutes``, ``1 hour and 8 minutes``, ``2 days and 4 hours``."""
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    if minutes < 60:
        return _counted(minutes, "minute")
    if minutes < 48 * 60:
        return listed([_counted(minutes // 60, "hour"), *([_counted(minutes % 60, "minute")] if minutes % 60 else [])])
    hours = round(seconds / 3600)
    return listed([_counted(hours // 24, "day"), *([_counted(hours % 24, "hour")] if hours % 24 else [])])


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _after(colon: str, text: str | None) -> str:
    return f"{colon}{text}" if text else ""


def _role(fields: Mapping[str, str], _: Clock) -> str:
    role, before, after = fields["role"].replace("_", " "), fields["before"], fields["after"]
    if after == NOBODY:
        said = f"{before} is no longer {role}"
    else:
        said = f"{after} is now {role}{_after(', after ', before if before != NOBODY else None)}"
    return said + _after(": ", fields.get("text"))


def _impact(fields: Mapping[str, str], clock: Clock) -> str:
    users = f"{fields['users']} users" if "users" in fields else None
    how = ", ".join(each for each in (fields.get("share"), users, fields.get("planned")) if each)
    until = _after(" to ", clock.read(fields["to"]) if "to" in fields else None)
    level = fields["level"].replace("-", " ")
    return f"{fields['service']} {level}{_after(' (', how and how + ')')} from {clock.read(fields['from'])}{until}"


def _cost(fields: Mapping[str, str], _: Clock) -> str:
    span = f" (between {fields['low']} and {fields['high']})" if "low" in fields else ""
    return f"Cost: {fields['category']} {fields['amount']} {fields['currency']}{span}{_after(', ', fields.get('text'))}"


def _comms(fields: Mapping[str, str], clock: Clock) -> str:
    by = _after(", next update by ", clock.read(fields["next"]) if "next" in fields else None)
    return f"Sent to {fields['audience']}: {fields['kind'].replace('-', ' ')}{by}"


def _hypothesis(fields: Mapping[str, str], _: Clock) -> str:
    result = fields.get("result")
    return f"Hypothesis {fields['name']}{_after(' ', result)}{_after(': ', fields.get('text'))}"


def _change(fields: Mapping[str, str], _: Clock) -> str:
    reference = f" ({fields['ref']})" if "ref" in fields else ""
    return f"{WAYS[fields['way']]}: {fields['text']}{reference}"


def _merge(fields: Mapping[str, str], _: Clock) -> str:
    other = fields["incident"].split("|")[0]
    return f"Merged into {other}" if fields["way"] == "into" else f"{other} was merged into this incident"


def _verify(fields: Mapping[str, str], _: Clock) -> str:
    result = "passed" if fields["result"] == "pass" else "failed"
    evidence = f" (evidence: {fields['evidence']})" if "evidence" in fields else ""
    return (
        f"{fields['subject'].capitalize()} check{_after(' ', fields.get('name'))} {result}: {fields['text']}{evidence}"
    )


def _escalation(fields: Mapping[str, str], _: Clock) -> str:
    if "to" not in fields:
        return f"Escalation: {fields['text']}"
    return f"Escalated to {fields['to']}{_after(' via ', fields.get('channel'))}{_after(': ', fields.get('reason'))}"


def _free(first: str, name: str, joined: str, then: str) -> Callable[[Mapping[str, str], Clock], str]:
    """Return what words a kind that takes any text too: its fields where it has them, else the text."""

    def said(fields: Mapping[str, str], _: Clock) -> str:
        known = f"{fields[name]}{_after(joined, fields.get(then))}" if name in fields else None
        text = fields.get("text")
        return f"{first}{known}{_after(': ', text)}" if known else f"{first}{text}"

    return said


SAY: dict[str, Callable[[Mapping[str, str], Clock], str]] = {
    "status": lambda fields, _: f"Status changed to {fields['after']}{_after(': ', fields.get('reason'))}",
    "severity": lambda fields, _: f"Severity changed to {fields['after']}{_after(': ', fields.get('reason'))}",
    "role": _role,
    "handoff": _role,
    "team": lambda fields, _: f"Team {fields['team']} {fields['event']}",
    "impact": _impact,
    "effort": lambda fields, _: (
        f"{fields['person']} worked {show_seconds(60 * int(fields['minutes']))}{_after(' as ', fields.get('role'))}"
    ),
    "cost": _cost,
    "comms": _comms,
    "hypothesis": _hypothesis,
    "change": _change,
    "action": lambda fields, _: f"Action {fields['name']} {fields['result']}{_after(': ', fields.get('text'))}",
    "resource": lambda fields, _: f"Request {fields['name']} {fields['state']}: {fields['text']}",
    "verify": _verify,
    "reopen": lambda fields, _: f"Reopened: {fields['reason']}",
    "merge": _merge,
    "escalation": _escalation,
    "alert": _free("Alert: ", "alert", " ", "state"),
    "run": _free("Command: ", "command", ", exit code ", "exit"),
    "evidence": _free("Evidence: ", "what", ", ", "where"),
    "decision": lambda fields, _: f"Decision: {fields['text']}{_after(', because ', fields.get('reason'))}",
    "review": _free("Review: ", "state", "", ""),
}
"""The words for each kind of line but notes, whose text is words already."""
