"""The duty to notify an authority: by when the law or a contract wants the notice, and whether it was sent.

The deadline is the property `notify_by`. A rule of the settings writes it (`personal = "72h"`), counted from the detection, else
from the declaration, and says so in a line of the timeline. That line is how a value of the rule is told from one by hand: the
rule moves a value only if the last line about it is the rule's own and names the value that the note has.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, LogLine, quote
from okb_incident.core.settings.read_limits import hours
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.moment import Moment, read_moment, seconds_between, show_seconds, write_moment
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.properties import NOTICE_KEYS, link_target, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import timedelta, tzinfo

    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record

    Rules = Mapping[str, timedelta | None]
    """Within which time after the detection a notice is due, by class of data; None where no rule says so."""

CLASSES, BY, SENT = NOTICE_KEYS
COUNTED_FROM = ("detected", "declared")
"""The moments from which a deadline counts: the first that is set."""

BY_RULE = ", by rule: "
"""What follows the value in a line that the rule wrote."""

LINE = re.compile(rf"{BY}: (?:.*? → )?(?P<value>[^\s,]+)(?P<rule>{BY_RULE})?", re.DOTALL)
NOTHING = "–"
NO_RULE = "no class of data asks for a notice"
LONGEST_CLAUSE = 120


class Deadline(NamedTuple):
    """The deadline that a rule sets.

    Attributes:
        at: The deadline.
        data_class: The class of data whose rule is the shortest.
        span: The time that the rule allows.
        start: The property from which it counts: detected or declared.
    """

    at: datetime
    data_class: str
    span: timedelta
    start: str

    def __str__(self) -> str:
        return f"{self.data_class} {hours(self.span)} after {self.start}"


class Duty(NamedTuple):
    """A notice that has not been sent.

    Attributes:
        by: The deadline; None where `notify_by` cannot be read.
        classes: The classes of data that are concerned.
        unreadable: What `notify_by` holds where it cannot be read; empty otherwise.
    """

    by: datetime | None
    classes: tuple[str, ...]
    unreadable: str = ""

    @property
    def about(self) -> str:
        """Return the classes of data and what cannot be read, as the end of a clause; empty where there is neither."""
        data = f" (data: {', '.join(self.classes)})" if self.classes else ""
        unknown = f"; notify_by cannot be read: {self.unreadable}" if self.unreadable else ""
        return shorten(f"{data}{unknown}", LONGEST_CLAUSE)


def classes_of(incident: Incident) -> tuple[str, ...]:
    """Return the classes of data that are concerned, as written and without link marks."""
    return tuple(link_target(text) for text in texts_of(incident.properties.get(CLASSES)))


def deadline_by_rule(classes: Iterable[str], starts: Mapping[str, datetime], rules: Rules) -> Deadline | None:
    """Return the deadline that the shortest rule for classes of data sets; None where no rule applies or no time is known.

    Args:
        classes: The classes of data.
        starts: The detection and the declaration, as far as they are known.
        rules: The rules of the settings.
    """
    known = {name.lower(): span for name, span in rules.items() if span}
    found = [(known[name.lower()], name) for name in classes if name.lower() in known]
    start = next((name for name in COUNTED_FROM if name in starts), None)
    if not found or start is None:
        return None
    (span, name), at = min(found, key=lambda each: each[0]), starts[start]
    try:
        # A moment is in UTC, so that a clock change within the span makes no hour of difference.
        return Deadline(at + span, name, span, start)
    except OverflowError:
        return None


def _by_rule(incident: Incident, rules: Rules) -> Deadline | None:
    starts = {name: moment.at for name, moment in incident.moments.items()}
    return deadline_by_rule(classes_of(incident), starts, rules)


def rule_line(held: str, deadline: Deadline | None, zone: tzinfo) -> str:
    """Return the line of the timeline that records what the rule made of the deadline.

    Args:
        held: What the note has; a dash for nothing.
        deadline: What the rule sets; None where it takes the deadline away.
        zone: The zone of the vault.
    """
    new = write_moment(deadline.at, zone) if deadline else NOTHING
    return f"{BY}: {held} → {new}{BY_RULE}{deadline or NO_RULE}"


def moment_of(incident: Incident, key: str, zone: tzinfo) -> datetime | None:
    """Return the instant of `notify_by` or `notified`, a mere day to its end; None where it is missing or cannot be read."""
    found = _instant(text_of(incident.properties.get(key)) or NOTHING, zone)
    return found if isinstance(found, datetime) else None


def _instant(text: str, zone: tzinfo) -> datetime | str:
    """Return the instant that a text means, a mere day to its end; the text itself where it means none."""
    try:
        return read_moment(text, zone).latest
    except ValueError:
        return text


def is_by_rule(record: Record) -> bool:
    """Return whether the rule may set `notify_by`: nobody has set it or taken it away by hand."""
    held = text_of(record.incident.properties.get(BY)) or NOTHING
    lines = [found for entry in record.of_kind("note") if (found := LINE.match(entry.text))]
    if not lines:
        return BY not in record.incident.properties
    return lines[-1]["rule"] is not None and _instant(lines[-1]["value"], record.zone) == _instant(held, record.zone)


def duty_of(record: Record, rules: Rules) -> Duty | None:
    """Return the notice that is due; None where it was sent, or none is due.

    A class of data that a person added in the editor counts at once, before a command has written the deadline.
    """
    incident = record.incident
    aside = incident.status is not None and incident.status.is_aside
    if aside or moment_of(incident, SENT, record.zone):
        return None
    by = moment_of(incident, BY, record.zone)
    held = ", ".join(texts_of(incident.properties.get(BY)))
    if by is None and not held and is_by_rule(record):
        deadline = _by_rule(incident, rules)
        by = deadline.at if deadline else None
    return Duty(by, classes_of(incident), "" if by else held) if by or held else None


def follow(record: Record, change: Change, rules: Rules, now: datetime) -> Change:
    """Let the deadline follow the rule in a change: set it, move it, or take it away, unless a person decided on it.

    Args:
        record: The incident before the change.
        change: What a command changes.
        rules: The rules of the settings.
        now: The moment of the command.
    """
    after = changed_incident(record.incident, change, record.zone)
    aside = after.status is not None and after.status.is_aside
    if not aside and BY not in change.properties and CLASSES in {*after.properties, *record.incident.properties}:
        change = _moved(record, change, _by_rule(after, rules), now)
        after = changed_incident(record.incident, change, record.zone)
    touched = {*NOTICE_KEYS, *COUNTED_FROM} & change.properties.keys()
    odd = tuple(message for _, message in _contradictions(after, record.zone)) if touched else ()
    return change._replace(warnings=(*change.warnings, *odd))


def _moved(record: Record, change: Change, deadline: Deadline | None, now: datetime) -> Change:
    zone, held = record.zone, text_of(record.incident.properties.get(BY)) or NOTHING
    new = write_moment(deadline.at, zone) if deadline else NOTHING
    if new == held or not is_by_rule(record):
        return change
    return change._replace(
        properties={**change.properties, BY: deadline.at if deadline else None},
        lines=(*change.lines, LogLine("note", rule_line(held, deadline, zone), now)),
        said="; ".join(filter(None, (change.said, f"{BY}, {deadline}" if deadline else f"{BY} removed, {NO_RULE}"))),
        moments={**change.moments, **({BY: deadline.at} if deadline else {})},
    )


def changed_incident(incident: Incident, change: Change, zone: tzinfo) -> Incident:
    """Return an incident as its properties and times will be after a change."""
    properties: dict[str, object] = {**incident.properties}
    moments = dict(incident.moments)
    for key, value in change.properties.items():
        if value is None:
            properties.pop(key, None)
            moments.pop(key, None)
            continue
        properties[key] = (
            write_moment(value, zone)
            if isinstance(value, datetime)
            else list(value)
            if isinstance(value, tuple)
            else value
        )
        if key in COUNTED_FROM:
            moments[key] = Moment(value) if isinstance(value, datetime) else read_moment(str(value), zone)
    return incident._replace(properties=properties, moments=moments)


def notified(record: Record, at: datetime) -> Mapping[str, datetime]:
    """Return the property that a notice sets: the time of the first; a later notice is a follow-up and changes nothing."""
    return {} if moment_of(record.incident, SENT, record.zone) else {SENT: at}


def waive(record: Record, rules: Rules, reason: str, at: datetime) -> Change:
    """Record that no notice is due, where a rule applies whose deadline no command has written yet."""
    if BY in record.incident.properties or duty_of(record, rules) is None:
        return Change(already=True)
    line = f"{BY}: {NOTHING} → {NOTHING}{f', {reason}' if reason else ''}"
    return Change(properties={BY: None}, lines=(LogLine("note", line, at),), said=f"{BY} removed{quote(reason)}")


def problems(incident: Incident, zone: tzinfo) -> Iterator[Problem]:
    """Yield the findings of `check`: a deadline or a notice that comes before what it is counted from."""
    for key, message in _contradictions(incident, zone):
        remedy: Text = Sentence("set the right one: ", Command("set", key, incident=incident.id))
        yield Problem(incident.path, incident.lines.get(key), "notice-order", message, remedy)


def _contradictions(incident: Incident, zone: tzinfo) -> Iterator[tuple[str, str]]:
    detected = incident.at("detected")
    for key in (BY, SENT):
        at = moment_of(incident, key, zone)
        if at and detected and at < detected:
            yield key, f"{key} is {show_seconds(seconds_between(at, detected))} before detected"
