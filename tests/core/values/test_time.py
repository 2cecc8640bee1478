"""Moments as typed, and periods, across clock changes and year ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from okb_incident.core.values.moment import (
    read_moment,
    rfc3339,
    seconds_between,
    show_exact_seconds,
    show_seconds,
    write_moment,
)
from okb_incident.core.values.period import choose_period, week_of
from okb_incident.core.values.typed_moment import is_bare, is_day, read_span, read_typed, refuse_vague
from okb_incident.errors import UsageError

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("-10m", -10),
        ("10 min ago", -10),
        ("-2h", -120),
        ("1 day ago", -1440),
        ("- 3 mins", -3),
        ("now", 0),
        ("11:45", -15),
    ],
)
def test_a_typed_moment(typed, minutes):
    assert read_typed(typed, "--at", now=NOW, zone=UTC) == NOW + timedelta(minutes=minutes)


def test_a_bare_time_is_in_the_zone_of_the_person():
    assert read_typed("12:45", "--at", now=NOW, zone=BERLIN) == NOW - timedelta(minutes=15)


def test_a_bare_time_that_could_be_two_days_names_both():
    with pytest.raises(UsageError) as caught:
        read_typed("23:59", "--at", now=NOW, zone=UTC)
    assert "could be 2026-11-22T23:59:00 or 2026-11-23T23:59:00, which is in the future" in caught.value.message
    # What lies in the future would be refused in its turn.
    assert caught.value.candidates == ("2026-11-22T23:59:00",)


@pytest.mark.parametrize("now", ["2026-03-29T04:00:00Z", "2026-03-29T20:00:00Z", "2026-03-29T01:30:00Z"])
@pytest.mark.parametrize("typed", ["02:30", "2026-03-29T02:30"])
def test_a_time_that_clocks_skip_does_not_exist(now, typed):
    now = read_moment(now, UTC).at
    with pytest.raises(UsageError, match="T02:30.* does not exist in Europe/Berlin: clocks skip that hour") as caught:
        read_typed(typed, "--at", now=now, zone=BERLIN)
    assert caught.value.candidates == ("2026-03-29T03:30:00",)
    assert read_typed(*caught.value.candidates, "--at", now=now, zone=BERLIN) <= now


def test_the_time_after_a_skipped_one_is_offered_only_where_it_is_taken():
    now = read_moment("2026-03-29T00:45:00Z", UTC).at
    with pytest.raises(UsageError, match="clocks skip that hour$") as caught:
        read_typed("2026-03-29T02:30", "--at", now=now, zone=BERLIN)
    assert caught.value.candidates == ()
    for typed in ("02:30", "2026-03-29T02:30"):
        with pytest.raises(UsageError, match="the next time is 2026-03-29T03:30:00") as caught:
            read_typed(typed, "--next", now=now, zone=BERLIN, promise=True)
        assert caught.value.candidates == ("2026-03-29T03:30:00",)
    # On other days, and for the day before, the time is an ordinary one.
    assert read_typed("02:30", "--at", now=now - timedelta(hours=14), zone=BERLIN) == now - timedelta(hours=23.25)


def test_only_a_time_of_day_alone_is_bare():
    assert is_bare(" 14:05 ")
    assert not any(map(is_bare, ("-10m", "now", "2026-11-23T14:05")))


def test_a_promise_lies_ahead():
    assert read_typed("30m", "--next", now=NOW, zone=UTC, promise=True) == NOW + timedelta(minutes=30)
    assert read_typed("02:00", "--next", now=NOW, zone=UTC, promise=True) == NOW + timedelta(hours=14)


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "-10x", "2026-13-01", "-999999w"])
def test_what_is_no_moment_is_said_with_what_is(typed):
    with pytest.raises(UsageError, match="--at"):
        read_typed(typed, "--at", now=NOW, zone=UTC)


@pytest.mark.parametrize(("text", "span"), [("7d", timedelta(7)), ("36h", timedelta(hours=36)), ("4w", timedelta(28))])
def test_a_span(text, span):
    assert read_span(text, "--last") == span


@pytest.mark.parametrize("text", ["0d", "x", "-7d"])
def test_what_is_no_span(text):
    with pytest.raises(UsageError, match="7d, 36h or 4w"):
        read_span(text, "--last")


@pytest.mark.parametrize(
    ("first", "second", "hours"),
    [("2026-03-29T01:30", "2026-03-29T03:30", 1), ("2026-10-25T01:30", "2026-10-25T03:30", 3)],
)
def test_a_duration_across_a_clock_change_is_the_true_one(first, second, hours):
    start, end = read_moment(first, BERLIN).at, read_moment(second, BERLIN).at
    assert seconds_between(start, end) == hours * 3600


def test_the_hour_that_clocks_skip_and_the_one_they_repeat():
    with pytest.raises(ValueError, match="clocks skip that hour"):
        read_moment("2026-03-29T02:30:00", BERLIN)
    first = read_moment("2026-10-25T02:30:00", BERLIN).at
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for at in (first, first + timedelta(hours=1)):
        assert read_moment(write_moment(at, BERLIN), BERLIN).at == at
    assert write_moment(first, BERLIN) == "2026-10-25T02:30:00+02:00"


@pytest.mark.parametrize(
    "text",
    [
        "2022-10-20 2:15:00",
        "2022-10-20T02:15:00Z",
        "20221020T0215",
        "2022-10-20T04:15:00+02:00",
        "2022-10-20T02:15:00.5 UTC",
    ],
)
def test_every_usual_form_of_a_moment(text):
    assert rfc3339(read_moment(text, UTC).at) == "2022-10-20T02:15:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "2023-07-94T13:00:00",
        "0001-01-01T00:00:00",
        "2026-02-30",
        "2026-01-01T24:61",
        "x",
        "2026-01-01T10:00+99:00",
        "0001-01-01T00:00+14:00",
        "2026-11-23T02:15:00x",
        "2026-11-23x02:15:00",
    ],
)
def test_what_is_no_moment(text):
    with pytest.raises(ValueError):
        read_moment(text, UTC)


def test_a_day_alone_says_that_it_is_one():
    assert read_moment("2026-11-23", UTC).day_only


def test_durations_as_people_write_them():
    assert [show_seconds(n) for n in (40, 47 * 60, 11280, 187200, -90)] == ["40s", "47m", "3h08m", "2d04h", "-2m"]


def test_durations_that_are_compared_have_their_seconds():
    seconds = (0, 25.92, 59.6, 60, 57 * 60, 2592, 11285, 25920, 2 * 86400 - 1, 2 * 86400 + 5, 30 * 86400)
    shown = ["0s", "26s", "1m", "1m", "57m", "43m12s", "3h08m05s", "7h12m", "47h59m59s", "2d00h", "30d00h"]
    assert [show_exact_seconds(each) for each in seconds] == shown


def test_iso_weeks_at_the_ends_of_years():
    assert week_of(date(2025, 12, 29), UTC).label == "2026-W01"
    assert week_of(date(2027, 1, 3), UTC).label == "2026-W53"


def test_a_week_with_a_clock_change_has_its_true_length():
    lengths = [
        (week.end - week.start) / timedelta(hours=1)
        for week in (week_of(date(2026, 3, 25), BERLIN), week_of(date(2026, 10, 22), BERLIN))
    ]
    assert lengths == [167, 169]


@pytest.mark.parametrize(
    ("options", "label"),
    [
        ({}, "2026-W48"),
        ({"week": "last"}, "2026-W47"),
        ({"week": "this"}, "2026-W48"),
        ({"week": "2026-W01"}, "2026-W01"),
        ({"last": "7d"}, "last 7d"),
        ({"first_day": "2026-11-01", "end_day": "2026-11-15"}, "2026-11-01 to 2026-11-15"),
        ({"first_day": "2026-11-01"}, "2026-11-01 to 2026-11-24"),
    ],
)
def test_a_period_as_asked_for(options, label):
    assert choose_period(now=NOW, zone=UTC, **options).label == label


@pytest.mark.parametrize(
    "options",
    [
        {"week": "2026-W60"},
        {"week": "next"},
        {"week": "last", "last": "7d"},
        {"last": "999999w"},
        {"last": "739900d"},
        {"end_day": "2026-11-01"},
        {"first_day": "2026-11-15", "end_day": "2026-11-01"},
        {"first_day": "yesterday"},
    ],
)
def test_a_period_that_is_none(options):
    with pytest.raises(UsageError, match="--"):
        choose_period(now=NOW, zone=UTC, **options)


def test_a_period_is_half_open():
    week = week_of(date(2026, 11, 23), UTC)
    assert week.start in week
    assert week.end not in week


@pytest.mark.parametrize(
    "text", ["2026-10-25T02:30:00+02:00", "2026-10-25T03:30:00", "2026-10-25 02:30Z", "-10m", "02:30"]
)
def test_what_is_typed_surely_is_not_refused(text):
    refuse_vague(text, "--at", ZoneInfo("Europe/Zurich"))
    assert not is_day(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-10-25", "--at: '2026-10-25' names a day and no time; write 2026-10-25T14:05, or add --confirm"),
        (
            "2026-10-25T02:30:00",
            (
                "--at: clocks in Europe/Zurich show 2026-10-25T02:30:00 twice; write 2026-10-25T02:30:00+02:00 or "
                "2026-10-25T02:30:00+01:00"
            ),
        ),
    ],
)
def test_a_moment_that_would_have_to_be_guessed_is_refused_with_those_that_can_be_meant(text, said):
    with pytest.raises(UsageError) as refused:
        refuse_vague(text, "--at", ZoneInfo("Europe/Zurich"))
    assert refused.value.message == said
    assert is_day(text) == (text == "2026-10-25")
