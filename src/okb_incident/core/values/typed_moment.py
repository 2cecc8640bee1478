"""Moments as people type them on the command line: ``-10m``, ``"10 min ago"``, ``14:05`` or a full one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.moment import ISO, SkippedHourError, read_moment, write_moment
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from datetime import tzinfo

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
WORDS = r"(?P<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)"
BEFORE = re.compile(r"-\s*(?P<n>\d{1,6})\s*" + WORDS, re.IGNORECASE)
AGO = re.compile(r"(?P<n>\d{1,6})\s*" + WORDS + r"\s+ago", re.IGNORECASE)
AHEAD = re.compile(r"\+?\s*(?P<n>\d{1,6})\s*" + WORDS, re.IGNORECASE)
CLOCK = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?")
BARE_REACH = timedelta(hours=12)
FORMS = ("-10m", "-2d", '"10 min ago"', "14:05", "2026-11-23T14:05:00", "now")


class TypedMoment(NamedTuple):
    """A moment that was typed, as it was read; the answer echoes it.

    Attributes:
        field: What it was typed for: an option, a property or a word before it.
        at: The instant.
        is_bare: Only a time of day was typed, so that its day and its zone are inferred.
    """

    field: str
    at: datetime
    is_bare: bool


def is_bare(text: str) -> bool:
    """Return whether a text is a time of day alone, so that its day and its zone are inferred."""
    return CLOCK.fullmatch(text.strip()) is not None


def read_typed(text: str, field: str, *, now: datetime, zone: tzinfo, promise: bool = False) -> datetime:
    """Read a moment typed by a person.

    A bare time of day means its latest occurrence within the last twelve hours; for a promise, its next one. It is read in
    ``zone``, which is the user's own or else the vault's, never silently the machine's. What is further back is typed as ``-2d`` or
    in full.

    Args:
        text: What was typed.
        field: The option it was typed for, for the message.
        now: The moment of the command.
        zone: The zone that bare times and moments without an offset are in.
        promise: The moment is ahead, as that of `next_update`: ``30m`` then means in half an hour.

    Raises:
        UsageError: It cannot be read, it is a bare time that could mean either of two days, which are both named, or clocks skip it.
    """
    word = text.strip()
    if word.lower() == "now":
        return now
    found = BEFORE.fullmatch(word) or AGO.fullmatch(word)
    if found:
        return _moved(now, -int(found["n"]), found["unit"], text, field)
    if promise and (found := AHEAD.fullmatch(word)):
        return _moved(now, int(found["n"]), found["unit"], text, field)
    if found := CLOCK.fullmatch(word):
        return _bare(found, text, field, now=now, zone=zone, promise=promise)
    try:
        return read_moment(word, zone).at
    except SkippedHourError as skipped:
        raise _skipped(text, field, skipped, now=now, zone=zone, promise=promise) from None
    except ValueError as fault:
        raise UsageError(
            f"{field}: {fault}; write one of {', '.join(FORMS)}",
            field=field,
            value=text,
            allowed=FORMS,
        ) from None


def _moved(now: datetime, count: int, unit: str, text: str, field: str) -> datetime:
    try:
        return now + timedelta(seconds=count * UNITS[unit[0].lower()])
    except OverflowError:
        raise UsageError(f"{field}: {shorten(text)!r} is too far away", field=field, value=text) from None


def _bare(found: re.Match[str], text: str, field: str, *, now: datetime, zone: tzinfo, promise: bool) -> datetime:
    """Return the one day on which a bare time of day makes sense; refuse it where there are two."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise UsageError(
            f"{field}: {shorten(text)!r} is not a time of day such as 14:05",
            field=field,
            value=text,
            allowed=FORMS,
        )
    today = now.astimezone(zone)
    at_clock = datetime(today.year, today.month, today.day, hour, minute, second)  # noqa: DTZ001
    readings = [each for days in range(-2, 3) for each in _occurrences(at_clock + timedelta(days=days), zone)]
    before = max(each for each in readings if each.at <= now)
    after = min(each for each in readings if each.at > now)
    meant = after if promise else before
    if meant.skipped is not None:
        raise _skipped(text, field, meant.skipped, now=now, zone=zone, promise=promise)
    if promise or now - before.at <= BARE_REACH:
        return meant.at
    past = write_moment(before.at, zone)
    raise UsageError(
        f"{field}: {text.strip()} could be {past} or {write_moment(after.at, zone)}, which is in the future; "
        "give the first in full if it is meant",
        field=field,
        value=text,
        candidates=(past,),
    )


def is_day(text: str) -> bool:
    """Return whether a text is a day without a time."""
    found = ISO.fullmatch(text.strip())
    return found is not None and found["hour"] is None


def refuse_vague(text: str, field: str, zone: tzinfo) -> None:
    """Refuse a moment that would have to be guessed: a day without a time, and a time that clocks show twice.

    Raises:
        UsageError: It is one of these, with the moments that can be meant.
    """
    found = ISO.fullmatch(text.strip())
    if found is None or found["zone"] is not None:
        return
    if found["hour"] is None:
        raise UsageError(
            f"{field}: {text.strip()!r} names a day and no time; write {found['day']}T14:05, or add --confirm",
            field=field,
            value=text,
            allowed=FORMS,
        )
    if both := repeated_hour(text, zone):
        shown = tuple(write_moment(at, zone) for at in both)
        raise UsageError(
            f"{field}: clocks in {zone} show {text.strip()} twice; write {' or '.join(shown)}",
            field=field,
            value=text,
            candidates=shown,
        )


def repeated_hour(text: str, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """Return both instants that a text can mean because clocks show it twice; None where it means one."""
    found = ISO.fullmatch(text.strip())
    if found is None or found["hour"] is None or found["zone"] is not None:
        return None
    first = read_moment(text, zone).at
    second = first.astimezone(zone).replace(fold=1).astimezone(UTC)
    return (first, second) if second != first else None


class _Occurrence(NamedTuple):
    """An instant at which clocks show a time of day; or would, had they not skipped it."""

    at: datetime
    skipped: SkippedHourError | None = None


def _occurrences(clock: datetime, zone: tzinfo) -> list[_Occurrence]:
    """Return when clocks show a time: twice in an hour that is repeated, and in one that is skipped when they would."""
    instants = {clock.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    shown = sorted(at for at in instants if at.astimezone(zone).replace(tzinfo=None) == clock)
    if shown:
        return [_Occurrence(at) for at in shown]
    shifted = clock.replace(tzinfo=zone).astimezone(UTC)
    return [_Occurrence(shifted, SkippedHourError(clock.isoformat(), zone, shifted))]


def _skipped(
    text: str, field: str, skipped: SkippedHourError, *, now: datetime, zone: tzinfo, promise: bool
) -> UsageError:
    """Return the refusal of a time that clocks skip; the next one is offered where it would be taken."""
    is_taken = promise or skipped.next_one <= now
    offered = write_moment(skipped.next_one, zone)
    return UsageError(
        f"{field}: {skipped.missing}" + (f"; the next time is {offered}" if is_taken else ""),
        field=field,
        value=text,
        candidates=(offered,) if is_taken else (),
    )


def read_span(text: str, field: str) -> timedelta:
    """Read a length of time such as ``7d`` or ``36h``.

    Raises:
        UsageError: It is not one.
    """
    found = AHEAD.fullmatch(text.strip())
    if not found or int(found["n"]) == 0:
        raise UsageError(
            f"{field}: {shorten(text)!r} is not a length of time such as 7d, 36h or 4w",
            field=field,
            value=text,
            allowed=("7d", "36h", "4w"),
        )
    return timedelta(seconds=int(found["n"]) * UNITS[found["unit"][0].lower()])


def write_span(span: timedelta) -> str:
    """Write a length of time as `read_span` reads it, in the largest unit that says it whole: ``90m``, ``4h``, ``7d``."""
    seconds = int(span.total_seconds())
    unit = next(unit for unit in ("d", "h", "m", "s") if seconds % UNITS[unit] == 0)
    return f"{seconds // UNITS[unit]}{unit}"
