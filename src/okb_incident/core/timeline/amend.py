"""Amending a line of the timeline: the new words in its place, the old ones struck below it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.command import Candidate, Command, Sentence
from okb_incident.core.incident.change import Change, Replacement, quote
from okb_incident.core.text.quoting import write_literal
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.timeline.entry import read_entry, write_entry
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.timeline.shapes import frame, is_row
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import AmbiguousReferenceError, NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.record import Record

CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
NUMBER = re.compile(r"e(?P<number>\d+)", re.IGNORECASE)


def find_entry(record: Record, name: str, mine: str, again: Callable[[str], Command]) -> TimelineEntry:
    """Find the line that is meant.

    Args:
        record: The incident.
        name: ``e7`` for the seventh in the order in which it happened, a time of day, a moment, or ``mine`` for the last of who acts.
        mine: The handle of who acts.
        again: From another name to the command line that is repeated with it.

    Raises:
        NotFoundError: There is none.
        AmbiguousReferenceError: Several happened then; each is listed with its number.
    """
    entries = record.entries
    if name.lower() == "mine":
        found = [entry for entry in entries if (entry.actor or "").lower() == mine.lower()][-1:]
    elif number := NUMBER.fullmatch(name):
        place = int(number["number"])
        found = [entries[place - 1]] if 1 <= place <= len(entries) else []
    elif CLOCK.fullmatch(name):
        found = [entry for entry in entries if entry.at and _clock(record, entry.at).startswith(name.zfill(5))]
    else:
        found = [
            entry
            for entry in entries
            if entry.at and write_moment(entry.at, record.zone).startswith(name.replace(" ", "T"))
        ]
    if not found:
        raise NotFoundError(
            f"{record.incident.id} has no line {shorten(name)!r} in its timeline",
            field="ENTRY",
            value=name,
            hint=Sentence(
                Command("timeline", options=("--numbers",), incident=record.incident.id), " names each: e1, e2 …"
            ),
        )
    if len(found) > 1:
        raise AmbiguousReferenceError(
            f"{len(found)} lines happened at {name}; repeat the command with one of them",
            field="ENTRY",
            value=name,
            candidates=tuple(
                Candidate(
                    again(f"e{entries.index(entry) + 1}"),
                    f"{entry.kind}: {shorten(entry.text)}",
                )
                for entry in found
            ),
        )
    return found[0]


def _clock(record: Record, at: datetime) -> str:
    return write_moment(at, record.zone)[11:19]


def amend(
    record: Record, entry: TimelineEntry, text: str, now: datetime, by: str, *, kind: str | None = None
) -> Change:
    """Put other words into a line; its moment and who wrote it stay, and so do the old words, struck below.

    Args:
        record: The incident.
        entry: The line.
        text: What it says then.
        now: The moment of the command.
        by: The handle of who amends it.
        kind: Of what kind it is then; None where that stays.

    Raises:
        UsageError: The words do not fit the line's kind, or would say that a property has another value.
    """
    if is_row(entry.raw[0]):
        raise UsageError(
            "this entry is a row of a table; amend it in the note",
            field="ENTRY",
            hint=Command("edit", incident=record.incident.id),
        )
    words = " ".join(text.split())
    meant = entry._replace(kind=kind or entry.kind)
    if (words, meant.kind) == (entry.text, entry.kind):
        return Change(already=True)
    _refuse(record, meant, words)
    line = _rewritten(record, meant, words)
    struck = f"~~{entry.text}~~ (amended @{by} {write_moment(now, record.zone)})"
    return Change(
        replacements=(
            Replacement(
                "Timeline", entry.line, entry.raw[0], f"{line}\n{frame(entry.raw[0])}  {write_literal(struck)}"
            ),
        ),
        said=f"amended{'' if entry.at else ' an entry without a time'}{quote(words)}",
        moments={"amended": entry.at} if entry.at else {},
    )


def _refuse(record: Record, entry: TimelineEntry, words: str) -> None:
    try:
        fields = KINDS[entry.kind].read(words, record.zone)
    except ValueError as fault:
        raise UsageError(str(fault), field="TEXT", value=words) from None
    before = entry.fields or {}
    fixed: Sequence[str] = ("before", "after", "resolved") if entry.kind in {"status", "severity", "reopen"} else ()
    if any(fields.get(key) != before.get(key) for key in fixed):
        raise UsageError(
            f"this line goes with a property, so only its reason can be amended: {entry.text}",
            field="TEXT",
            value=words,
            hint=Sentence(Command("set", entry.kind, incident=record.incident.id), " changes both"),
        )


def _rewritten(record: Record, entry: TimelineEntry, words: str) -> str:
    """Return the line with other words: only these change where that can be told apart, else it is written in its usual form."""
    raw = entry.raw[0]
    old = write_literal(entry.text)
    head, found, tail = raw.rpartition(old if old in raw else entry.text)
    line = f"{head}{write_literal(words)}{tail}"
    if found:
        again = read_entry(entry.line, (line,), record.zone, entry.at)
        if (
            again[2:6] + again[7:9] == entry[2:6] + entry[7:9]
            and again.text == words
            and (again.fault is None) == (entry.fault is None)
        ):
            return line
    if entry.at is None:
        raise UsageError(
            "nothing tells when this line happened, so it cannot be rewritten; amend it in the note",
            field="ENTRY",
            hint=Command("edit", incident=record.incident.id),
        )
    return frame(raw) + write_entry(
        entry.kind,
        words,
        at=entry.at,
        zone=record.zone,
        actor=entry.actor,
        external=entry.external,
        recorded=entry.recorded,
    )
