"""Work, as people type it and as the timeline tells it."""

from __future__ import annotations

import pytest
from tests.records import incident_of, record_of

from okb_incident.core.response.effort import minutes_by_person, read_minutes
from okb_incident.errors import UsageError


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("45m", 45), ("2h", 120), ("1h30m", 90), ("1.5 h", 90), ("1,5h", 90), ("90 min", 90), ("24h", 1440)],
)
def test_times_of_work(text, minutes):
    assert read_minutes(text) == minutes


@pytest.mark.parametrize(
    ("text", "said"),
    [("-5m", "not a time of work"), ("99d", "not a time of work"), ("", "not a time"), ("90", "not a time"), ("soon", "not a time"),
     ("0m", "between 1m and 24h"), ("25h", "between 1m and 24h")],
)  # fmt: skip
def test_what_is_no_time_of_work(text, said):
    with pytest.raises(UsageError, match=said):
        read_minutes(text)


def test_work_adds_up_by_person():
    timeline = """
- 2026-11-23T03:00:00 **effort** @bob: @bob 45m as technical lead
- 2026-11-23T03:00:00 **effort** @dan: @alice 2h
- 2026-11-23T04:00:00 **effort** @bob: @bob 30m
- 2026-11-23T04:00:00 **effort** @bob: much
"""
    assert minutes_by_person(record_of(incident_of("resolved"), timeline)) == {"alice": 120, "bob": 75}
