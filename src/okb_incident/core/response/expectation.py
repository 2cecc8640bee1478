"""Expected recovery: what was promised, when that was said, and how it came out.

The property holds the promise that counts now, the timeline each one that was made, with the moment at which it was made.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.change import Change, LogLine, quote
from okb_incident.core.values.moment import read_moment, show_seconds, write_moment
from okb_incident.core.values.properties import text_of

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.timeline.record import Record

KEY = "expected_recovery"
#: As `set` and `expect` write it into the timeline.
LINE = re.compile(rf"{KEY}: \S+ → (?P<to>[^,]+)(?:, .*)?", re.DOTALL)


class Estimate(NamedTuple):
    """When it was expected to be over.

    Attributes:
        made: When that was said.
        expected: When it was to be over.
    """

    made: datetime
    expected: datetime


def expect(record: Record, until: datetime, at: datetime, text: str) -> Change:
    """Record when it will be over; what was said before stays in the timeline.

    Args:
        record: The incident.
        until: When it will be over.
        at: When that is said.
        text: Why, in the person's words.
    """
    before = text_of(record.incident.properties.get(KEY)) or "–"
    after = write_moment(until, record.zone)
    if before == after:
        return Change(already=True, said="already expected", done_at=until)
    line = f"{KEY}: {before} → {after}{', ' + text if text else ''}"
    return Change(
        properties={KEY: until},
        lines=(LogLine("note", line, at),),
        said=f"expected recovery{quote(text)}",
        moments={"expected recovery": until},
    )


def estimates(record: Record) -> list[Estimate]:
    """Return each promise, in the order in which they were made."""
    found = []
    for entry in record.entries:
        match = LINE.fullmatch(entry.text) if entry.kind == "note" and entry.at else None
        if match and entry.at:
            try:
                found.append(Estimate(entry.at, read_moment(match["to"], record.zone).at))
            except ValueError:
                continue
    return found


def outcome(record: Record) -> str | None:
    """Return how the promises came out, once the impact has stopped; None where none was made, or it lasts."""
    made = estimates(record)
    stopped = record.incident.at("mitigated") or record.incident.at("resolved")
    if not made or stopped is None:
        return None
    told = f"stopped {_apart(stopped, made[-1].expected)} the {'last promise' if len(made) > 1 else 'promise'}"
    return told + (f", {_apart(stopped, made[0].expected)} the first of {len(made)}" if len(made) > 1 else "")


def _apart(stopped: datetime, expected: datetime) -> str:
    seconds = (stopped - expected).total_seconds()
    return f"{show_seconds(abs(seconds))} {'after' if seconds >= 0 else 'before'}"
