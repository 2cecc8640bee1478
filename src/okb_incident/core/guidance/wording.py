"""Wording: what a record says, in words for a message: no links, no moments as notes hold them, none of the timeline's grammar."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.guidance.phrases import UNNAMED, spelled_out
from okb_incident.core.text.links import unlinked
from okb_incident.core.timeline.impact_lines import TIME_ALONE, service_key, service_name
from okb_incident.core.timeline.payload import NOBODY
from okb_incident.core.timeline.tickets import read_count
from okb_incident.core.values.moment import read_moment, write_moment
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime, tzinfo

    from okb_incident.core.timeline.entry import TimelineEntry

NO_NAMES: Mapping[str, str] = MappingProxyType({})
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

STARTED, STOPPED, ENDED = "The problem started.", "The disruption ended.", "The problem is resolved."

PUBLIC_STATUS = {
    "triage": "We are assessing the problem.",
    "investigating": "We are investigating the problem.",
    "identified": "The problem is identified.",
    "monitoring": "The problem is mitigated and being monitored.",
    "resolved": ENDED,
    "closed": ENDED,
}
"""What a change of the status means to everybody, where no reason was given."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

PEOPLE = {"role": ("before", "after"), "handoff": ("before", "after"), "effort": ("person",), "escalation": ("to",)}
"""The fields of a line that name a person, by its kind."""
MENTION = re.compile(r"(?<![\w.@])@([\w-]+(?:\.[\w-]+)*)")

WAYS = {"attempt": "Attempted", "fix": "Fix", "rollback": "Rollback"}


class Clock(NamedTuple):
    """How moments are written for people.

    Attributes:
        zone: The zone in which they are written.
        name: Its name, which follows each of them.
        now: The moment of the message that they are in, whose day needs no date; None for a full date with each of them.
    """

    zone: tzinfo
    name: str
    now: datetime | None = None

    def show(self, at: datetime | None) -> str:
        """Return a moment with its zone: ``14:47 UTC``, ``14:47 UTC on 18 November``; nothing where there is none."""
        if at is None:
            return ""
        # In the hour that a clock change repeats, the offset follows the seconds.
        text = write_moment(at, self.zone)
        offset = f" ({text[19:]})" if len(text) > 19 else ""
        if self.now is None:
            return f"{text[:16].replace('T', ' ')} {self.name}{offset}"
        day = self.day(at.astimezone(self.zone).date())
        return f"{text[11:16]} {self.name}{offset}{_after(' on ', day)}"

    def day(self, day: date) -> str:
        """Return a day: ``18 November``, with the year if it is another; nothing for the day of the message."""
        if self.now is None:
            return day.isoformat()
        today = self.now.astimezone(self.zone).date()
        year = "" if day.year == today.year else f" {day.year}"
        return "" if day == today else f"{day.day} {MONTHS[day.month - 1]}{year}"

    def span(self, start: datetime | None, end: datetime | None) -> str:
        """Return a span of time: ``from 14:47 to 15:30 UTC``, ``since 14:47 UTC``; nothing where its start is not known."""
        if start is None or end is None:
            return _after("since ", self.show(start))
        first, last = self.show(start), self.show(end)
        if self.now and start.astimezone(self.zone).date() == end.astimezone(self.zone).date() and "(" not in first:
            first = first[:5]
        return f"from {first} to {last}"

    def read(self, text: str) -> str:
        """Return a written moment for people; one that does not exist stays as it was typed."""
        try:
            return self.show(read_moment(text, self.zone).at)
        except ValueError:
            return text


def name_of(handle: str, names: Mapping[str, str]) -> str:
    """Return the name of a person; the handle where no note has one.

    Args:
        handle: As typed, with or without the ``@``.
        names: The names of people by what they are called in small letters.
    """
    return names.get(handle.removeprefix("@").lower(), handle)


def plain_words(text: str, clock: Clock, names: Mapping[str, str] = NO_NAMES) -> str:
    """Return a text with what its links show in their place, its moments as people read them, and people by their names."""
    told = MOMENT.sub(lambda found: clock.read(found[0]), unlinked(text))
    return MENTION.sub(lambda found: name_of(found[0], names), told) if names else told


def all_plain(value: object, clock: Clock, names: Mapping[str, str] = NO_NAMES) -> object:
    """Return plain data with every text in it as `plain_words` returns it."""
    if isinstance(value, str):
        return plain_words(value, clock, names)
    if isinstance(value, list):
        return [all_plain(each, clock, names) for each in value]
    if isinstance(value, dict):
        return {key: all_plain(each, clock, names) for key, each in value.items()}
    return value


def in_words(entry: TimelineEntry, clock: Clock, names: Mapping[str, str] = NO_NAMES) -> str:
    """Return a line of the timeline in words for the responders and the management."""
    say = SAY.get(entry.kind)
    fields = entry.fields
    if fields and names:
        people = PEOPLE.get(entry.kind, ())
        fields = {key: name_of(value, names) if key in people else value for key, value in fields.items()}
    said = say(fields, clock) if say and fields else _counted(entry) or entry.text
    return plain_words(entry.outgoing(said), clock, names)


def _counted(entry: TimelineEntry) -> str:
    """Return a count of support tickets in words; empty where the entry is another one."""
    if entry.kind != "note" or not (found := read_count(entry.text)):
        return ""
    count, words = found
    return f"{count} support {'ticket' if count == 1 else 'tickets'} so far{_after(', ', words)}"


def in_public_words(entry: TimelineEntry, clock: Clock, services: Mapping[str, str] = NO_NAMES) -> str:
    """Return a line that is fit for everybody in words for them: our names of statuses, levels and services mean nothing there.

    Args:
        entry: The line.
        clock: How moments are written.
        services: What everybody calls a service, by its own name in small letters.
    """
    fields = entry.fields or {}
    if entry.kind in {"status", "severity"} and "reason" in fields:
        return plain_words(entry.outgoing(fields["reason"]), clock)
    if entry.kind == "status" and fields.get("after") in PUBLIC_STATUS:
        return PUBLIC_STATUS[fields["after"]]
    if entry.kind == "impact" and fields:
        name = services.get(service_key(fields["service"])) or UNNAMED
        return plain_words(entry.outgoing(_impact({**fields, "service": name}, clock)), clock)
    if entry.kind == "change" and fields:
        return plain_words(entry.outgoing(f"{WAYS[fields['way']]}: {fields['text']}"), clock)
    return in_words(entry, clock)


def _after(colon: str, text: str | None) -> str:
    return f"{colon}{text}" if text else ""


def _role(fields: Mapping[str, str], _: Clock) -> str:
    role, before, after = fields["role"].replace("_", " "), fields["before"], fields["after"]
    if after == NOBODY:
        said = f"{before} is no longer {role}"
    else:
        said = f"{after} is now {role}{_after(', after ', before if before != NOBODY else None)}"
    return said + _after(": ", fields.get("text"))


def _time(text: str | None, clock: Clock) -> str | None:
    """Return a time of a line for people; a time without a day was typed by hand."""
    return f"{text} {clock.name}" if text and TIME_ALONE.fullmatch(text) else text and clock.read(text)


def _impact(fields: Mapping[str, str], clock: Clock) -> str:
    service = service_name(fields["service"])
    if "level" not in fields:
        return f"{service} works again{_after(' since ', _time(fields.get('at'), clock))}"
    users = f"{fields['users']} users" if "users" in fields else None
    how = ", ".join(each for each in (fields.get("share"), users, fields.get("planned")) if each)
    until = _after(" to ", _time(fields.get("to"), clock))
    level = fields["level"].replace("-", " ")
    start = _after(" from ", _time(fields.get("from"), clock))
    return f"{service} {level}{_after(' (', how and how + ')')}{start}{until}"


def _cost(fields: Mapping[str, str], _: Clock) -> str:
    span = f" (between {fields['low']} and {fields['high']})" if "low" in fields else ""
    said = _after(", ", fields.get("text")) + _after(", source: ", fields.get("source"))
    return f"Cost: {fields['category']} {fields['amount']} {fields['currency']}{span}{said}"


def _comms(fields: Mapping[str, str], clock: Clock) -> str:
    by = _after(", next update by ", clock.read(fields["next"]) if "next" in fields else None)
    return f"Sent to {fields['audience']}: {fields['kind'].replace('-', ' ')}{by}"


def _hypothesis(fields: Mapping[str, str], _: Clock) -> str:
    result = fields.get("result")
    return f"Hypothesis {fields['name']}{_after(' ', result)}{_after(': ', fields.get('text'))}"


def _change(fields: Mapping[str, str], _: Clock) -> str:
    reference = f" ({fields['ref']})" if "ref" in fields and fields["ref"] not in fields["text"] else ""
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
        f"{fields['person']} worked {spelled_out(60 * int(fields['minutes']))}{_after(' as ', fields.get('role'))}"
    ),
    "cost": _cost,
    "comms": _comms,
    "hypothesis": _hypothesis,
    "change": _change,
    "action": lambda fields, _: f"Action {fields['name']} {fields['result']}{_after(': ', fields.get('text'))}",
    "resource": lambda fields, _: f"{fields['state'].capitalize()} {fields['name']}: {fields['text']}",
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
