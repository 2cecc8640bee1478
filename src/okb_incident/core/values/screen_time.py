"""Moments and deadlines as a screen shows them; notes and programs get the forms of `moment`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.values.moment import seconds_between, show_seconds

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo


def show_time(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return a moment to the minute, as short as it is clear.

    ``15:39`` today, ``27 Nov 15:39`` on an earlier day of this year, ``Mon 30 Nov 09:00`` on a later one, and with the year
    in any other: ``27 Nov 2025 15:39``.

    Args:
        at: The moment.
        now: The present moment.
        zone: The zone of the reader, which the screen names elsewhere.
    """
    local, today = at.astimezone(zone), now.astimezone(zone)
    clock = f"{local:%H:%M}"
    if local.date() == today.date():
        return clock
    return f"{_day(local.date(), today.date())} {clock}"


def show_day(day: date, today: date) -> str:
    """Return a day as `show_time` does: ``today``, ``27 Nov``, ``Mon 30 Nov`` ahead, ``27 Nov 2025``."""
    return "today" if day == today else _day(day, today)


def _day(day: date, today: date) -> str:
    weekday = f"{day:%a} " if day > today else ""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{weekday}{day.day} {day:%b}{year}"


def show_distance(at: datetime, now: datetime) -> str:
    """Return how far away a moment is: ``6m ago``, ``in 2h05m``; ``now`` within the same second."""
    seconds = seconds_between(at, now)
    if not seconds:
        return "now"
    return f"{show_seconds(seconds)} ago" if seconds > 0 else f"in {show_seconds(-seconds)}"


def show_deadline(by: datetime, now: datetime) -> str:
    """Return how long a deadline is away, or by how much it was missed: ``in 12m``, ``12m late``."""
    seconds = seconds_between(by, now)
    return f"{show_seconds(seconds)} late" if seconds > 0 else f"in {show_seconds(-seconds)}"
