"""Support tickets: how many there are so far, and how the count grew.

The property ``tickets`` holds the count, and notes of the timeline its history: ``tickets: 40``, ``tickets: 40 → 55, all cards``.
A program that knows nothing of tickets reads them as notes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, LogLine, quote
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.timeline.hand_edits import HandEdit
from okb_incident.core.timeline.payload import NOBODY
from okb_incident.core.values.properties import HIGHEST_COUNT, count_of, texts_of
from okb_incident.core.values.screen_time import show_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from okb_incident.command import Text
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.record import Record

KEY = "tickets"
LINE = re.compile(
    rf"{KEY}:\s*(?:[^\s→>,][^→>,\n]*?\s(?:→|->)\s*)?(?P<count>[0-9]+|{NOBODY})(?:\s+tickets)?(?:\s+\(seen [^()]+\))?(?:,\s+(?P<text>.*))?",
    re.IGNORECASE | re.DOTALL,
)
"""A count; a dash takes it away."""

MOST_SHOWN = 4
"""Earlier counts that a line shows; the timeline has all of them."""


class TicketCount(NamedTuple):
    """How many tickets there were at a moment.

    Attributes:
        at: When they were counted.
        number: How many.
        text: What was typed with the count.
        entry: The timeline entry that holds it; None before it is written.
    """

    at: datetime
    number: int
    text: str = ""
    entry: TimelineEntry | None = None


def read_count(text: str) -> tuple[int, str] | None:
    """Return the count of a line and what was typed with it; None where it has no count, or an absurd one."""
    found = LINE.fullmatch(text)
    count = count_of(found["count"]) if found else None
    return (count, (found["text"] or "").strip()) if found and count is not None else None


def as_count(text: str) -> tuple[int, str]:
    """Return the count of what was typed for `log`, ``tickets: 40, all cards``, and the words with it.

    Raises:
        ValueError: It has no count, with a sentence.
    """
    found = read_count(text)
    if found is None:
        typed = text.partition(":")[2].strip()
        raise ValueError(
            f"tickets must be a whole number from 0 to {HIGHEST_COUNT}{f' (got {shorten(typed)!r})' if typed else ''}, such as tickets: 40"
        )
    return found


def history(record: Record) -> tuple[TicketCount, ...]:
    """Return every count that the timeline holds, oldest first; those before the count was taken away are gone."""
    if not re.search(rf"{KEY}:", "\n".join(record.section("Timeline")), re.IGNORECASE):
        return ()
    found: list[TicketCount] = []
    for entry in record.entries:
        line = LINE.fullmatch(entry.text) if entry.kind == "note" and entry.at else None
        if line and line["count"] == NOBODY:
            found = []
        elif line and entry.at and (read := read_count(entry.text)):
            found.append(TicketCount(entry.at, *read, entry))
    return tuple(found)


def now_of(record: Record) -> int | None:
    """Return the count that holds now: the property, else the last one that the timeline has."""
    count = count_of(record.incident.properties.get(KEY))
    if count is not None or texts_of(record.incident.properties.get(KEY)):
        return count
    return next((each.number for each in reversed(history(record))), None)


def earlier(record: Record) -> tuple[TicketCount, ...]:
    """Return how the count grew: the counts before the one that holds now, of several at one moment the last."""
    counts = tuple({each.at: each for each in history(record)}.values())
    return counts[:-1] if counts and counts[-1].number == now_of(record) else counts


def grown(counts: Sequence[tuple[int, str]], now: int) -> str:
    """Return a count with those before it: ``40 (12 at 02:10, 25 at 02:22)``.

    Args:
        counts: The earlier counts, oldest first, each with its time as it is shown.
        now: The count that holds now.
    """
    shown = counts if len(counts) <= MOST_SHOWN else (counts[0], *counts[1 - MOST_SHOWN :])
    parts = [f"{count} at {time}" for count, time in shown]
    if len(shown) < len(counts):
        parts.insert(1, "…")
    return f"{now} ({', '.join(parts)})" if parts else str(now)


def counted(record: Record, typed: str, at: datetime, now: datetime, *, external: bool = False) -> Change:
    """Log a count; the property keeps the one that is latest by its moment.

    Args:
        record: The incident.
        typed: The line, ``tickets: 40``.
        at: When the tickets were counted.
        now: The moment of the command.
        external: The line is fit for the public timeline.
    """
    count, words = as_count(typed)
    counts = history(record)
    before = next((each for each in reversed(counts) if each.at <= at), None)
    later = next((each for each in counts if each.at > at), None)
    known = count_of(record.incident.properties.get(KEY))
    was = known if later is None else before.number if before else None
    if before and before.number == count == was and not words:
        return Change(already=True, said=f"already {count} tickets, counted", done_at=before.at)
    line = f"{KEY}: {'' if was in {None, count} else f'{was} → '}{count}{f', {words}' if words else ''}"
    return Change(
        properties={KEY: count} if later is None and known != count else {},
        lines=(LogLine("note", line, at, external=external),),
        said=f"logged{quote(line)}",
        moments={"logged": at},
        warnings=tuple(_odd(record, count, now, before, later)),
    )


def _odd(
    record: Record, count: int, now: datetime, before: TicketCount | None, later: TicketCount | None
) -> list[Text]:
    """Return what is odd about a count: one of all tickets so far does not fall, and one of the past does not hold now."""
    found: list[Text] = []
    if before and count < before.number:
        found.append(
            f"fewer than the {before.number} at {show_time(before.at, now, record.zone)}; tickets counts all tickets so far"
        )
    if later and count > later.number:
        found.append(
            f"more than the {later.number} at {show_time(later.at, now, record.zone)}; tickets counts all tickets so far"
        )
    if later:
        found.append(f"tickets stays {now_of(record)}, which was counted later")
    return found


def amended(record: Record, entry: TimelineEntry, words: str) -> dict[str, int | None]:
    """Return the property after other words for a timeline entry, where the old or the new ones hold the last count."""
    counts = history(record)
    read = read_count(words) if entry.kind == "note" and entry.at else None
    after = [each for each in counts if each.entry is not entry]
    if read and entry.at:
        after = sorted([*after, TicketCount(entry.at, *read)], key=lambda each: each.at)
    old, new = counts[-1:], after[-1:]
    if [each.number for each in old] == [each.number for each in new]:
        return {}
    return {KEY: new[0].number if new else None}


def difference(record: Record) -> HandEdit | None:
    """Return the count that a person set in the properties and the timeline does not hold; None where they agree."""
    counts = history(record)
    value = record.incident.properties.get(KEY)
    known = count_of(value)
    if not counts or known == counts[-1].number or (known is None and texts_of(value)):
        return None
    return HandEdit(KEY, str(counts[-1].number), NOBODY if known is None else str(known))


def seen(edit: HandEdit, now: datetime, zone: tzinfo) -> LogLine:
    """Return the timeline entry that records a count that a person set in the properties; nobody knows whose it was, nor when."""
    return LogLine("note", f"{KEY}: {edit.line(now, now, zone).text}", now, actor="")


def remedy(record: Record, edit: HandEdit) -> Text:
    """Return what settles a difference: the timeline's count for the property, or the property's for the timeline."""
    take = Command("set", f"{KEY}={edit.before}", incident=record.incident.id)
    if edit.after == NOBODY:
        return take
    keep = Command("check", options=("--fix",), incident=record.incident.id)
    return Sentence(keep, f" keeps {edit.after}; ", take, f" takes {edit.before}")
