"""Moments and deadlines as a screen shows them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from okb_incident.core.values.screen_time import show_day, show_deadline, show_distance, show_time

NOW = datetime(2026, 11, 28, 16, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("2026-11-28T15:39:59", "15:39"),
        ("2026-11-28T23:59:00", "23:59"),
        ("2026-11-27T15:39:00", "27 Nov 15:39"),
        ("2026-11-05T05:09:00", "5 Nov 05:09"),
        ("2026-11-30T09:00:00", "Mon 30 Nov 09:00"),
        ("2025-11-27T15:39:00", "27 Nov 2025 15:39"),
        ("2027-01-04T09:00:00", "Mon 4 Jan 2027 09:00"),
    ],
)
def test_a_time_is_as_short_as_it_is_clear(at: str, shown: str) -> None:
    assert show_time(datetime.fromisoformat(at).replace(tzinfo=UTC), NOW, UTC) == shown


def test_today_is_the_day_of_the_reader() -> None:
    at = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
    assert show_time(at, NOW, ZoneInfo("America/New_York")) == "27 Nov 22:00"


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2026-11-28", "today"),
        ("2026-11-27", "27 Nov"),
        ("2026-12-05", "Sat 5 Dec"),
        ("2025-11-27", "27 Nov 2025"),
    ],
)
def test_a_day_is_as_short_as_it_is_clear(day: str, shown: str) -> None:
    assert show_day(date.fromisoformat(day), NOW.date()) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-12 * 60, "12m ago"), (0, "now"), (-1, "1s ago"), (1, "in 1s"), (2 * 3600 + 300, "in 2h05m")],
)
def test_a_distance_has_the_form_of_a_duration(seconds: int, shown: str) -> None:
    assert show_distance(NOW + timedelta(seconds=seconds), NOW) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(720, "in 12m"), (-720, "12m late"), (0, "in 0s"), (-1, "1s late")])
def test_a_deadline_says_how_late_it_is(seconds: int, shown: str) -> None:
    assert show_deadline(NOW + timedelta(seconds=seconds), NOW) == shown
