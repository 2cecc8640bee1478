"""Periods: half-open spans of time that a report is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.typed_moment import read_span
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from datetime import tzinfo

WEEK = re.compile(r"(?P<year>\d{4})-?W(?P<week>\d{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """The span from ``start`` up to, not including, ``end``.

    Attributes:
        start: Its first instant, in UTC.
        end: The instant after its last, in UTC.
        label: How a reader calls it and how the report's file is named: ``2026-W48``, ``2026-11-01 to 2026-11-15``.
    """

    start: datetime
    end: datetime
    label: str

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end


def midnight(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which a day begins in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def week_of(day: date, zone: tzinfo) -> Period:
    """Return the ISO week that holds a day: Monday 00:00 to Monday 00:00 in the zone; its length follows the clock changes."""
    monday = day - timedelta(days=day.weekday())
    year, week, _ = day.isocalendar()
    return Period(midnight(monday, zone), midnight(monday + timedelta(days=7), zone), f"{year}-W{week:02d}")


def months_to(day: date, zone: tzinfo, count: int) -> Period:
    """Return the month that holds a day and the months before it, ``count`` in all."""
    last = month_number(day)
    first, end = month_start(last - count + 1), month_start(last + 1)
    return Period(midnight(first, zone), midnight(end, zone), f"{month_name(last - count + 1)} to {month_name(last)}")


def month_number(day: date) -> int:
    """Return the number of a day's month, so that the month after it has the next one."""
    return day.year * 12 + day.month - 1


def month_start(number: int) -> date:
    """Return the first day of a month by its number."""
    return date(number // 12, number % 12 + 1, 1)


def month_name(number: int) -> str:
    """Return a month as people write it: 2026-11."""
    return month_start(number).isoformat()[:7]


def choose_period(
    *,
    now: datetime,
    zone: tzinfo,
    week: str | None = None,
    last: str | None = None,
    first_day: str | None = None,
    end_day: str | None = None,
) -> Period:
    """Return the period that the options of a command name; without any, the current ISO week.

    Args:
        now: The moment of the command.
        zone: The zone in which days begin.
        week: ``2026-W48``, ``last`` or ``this``.
        last: A length such as ``7d``, ending now.
        first_day: The first day, ``2026-11-01``.
        end_day: The day after the last one; today's end where only the first day is given.

    Raises:
        UsageError: An option cannot be read, two of them exclude each other, or the period would be empty.
    """
    today = now.astimezone(zone).date()
    given = [
        name for name, value in (("--week", week), ("--last", last), ("--from/--to", first_day or end_day)) if value
    ]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} exclude each other; give one of them", field=given[0])
    if week:
        return _week(week, today, zone)
    if last:
        return _last(last, now)
    if first_day or end_day:
        return _between(first_day, end_day, today, zone)
    return week_of(today, zone)


def _last(text: str, now: datetime) -> Period:
    try:
        start = now - read_span(text, "--last")
    except OverflowError:
        start = None
    # The first day of the calendar is outside it in half of the zones.
    if start is None or start.year < 2:
        raise UsageError(f"--last: {shorten(text)!r} is too long", field="--last", value=text)
    return Period(start, now, f"last {text.strip()}")


def _week(text: str, today: date, zone: tzinfo) -> Period:
    word = text.strip().lower()
    if word == "this":
        return week_of(today, zone)
    if word == "last":
        return week_of(today - timedelta(days=7), zone)
    found = WEEK.fullmatch(word)
    if found:
        try:
            return week_of(date.fromisocalendar(int(found["year"]), int(found["week"]), 1), zone)
        except (ValueError, OverflowError):
            # No such week, or the last one of the calendar, which has no end.
            pass
    raise UsageError(
        f"--week: {shorten(text)!r} is not an ISO week such as 2026-W48, nor last or this",
        field="--week",
        value=text,
        allowed=("2026-W48", "last", "this"),
    )


def _between(first: str | None, end: str | None, today: date, zone: tzinfo) -> Period:
    if first is None:
        raise UsageError("--to needs --from: a period has a beginning", field="--to", value=end)
    start_day = _day(first, "--from")
    end_day = _day(end, "--to") if end else today + timedelta(days=1)
    if end_day <= start_day:
        raise UsageError(
            f"--to {end_day} is not after --from {start_day}; --to is the day after the last one",
            field="--to",
            value=end,
        )
    return Period(midnight(start_day, zone), midnight(end_day, zone), f"{start_day} to {end_day}")


def _day(text: str, field: str) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = None
    # Midnight of the first and the last day of the calendar is outside it in half of the zones.
    if day is None or not 1 < day.year < 9999:
        raise UsageError(
            f"{field}: {shorten(text)!r} is not a day such as 2026-11-01",
            field=field,
            value=text,
            allowed=("2026-11-01",),
        )
    return day
