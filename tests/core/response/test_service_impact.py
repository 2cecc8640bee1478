"""The level of each service and its periods, as the impact lines tell them, against a reckoning minute by minute."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.records import incident_of, minutes, record_of

from okb_incident.core.response.service_impact import ServiceImpact, every_service, service_impacts
from okb_incident.core.timeline.impact_lines import impact_lines, read_line

if TYPE_CHECKING:
    from datetime import datetime

HORIZON = 90
NOW = minutes(HORIZON)


def stamp(minute: float) -> str:
    """Write a moment as notes hold it."""
    return minutes(minute).strftime("%Y-%m-%dT%H:%M:%S")


class Said(NamedTuple):
    """A line as a test makes it: what is said at which minute, of which span."""

    at: int
    service: str
    level: str
    start: int
    end: int | None = None
    planned: bool = False

    @property
    def text(self) -> str:
        if not self.level:
            return f"- {stamp(self.at)} **impact** @a: {self.service} restored at {stamp(self.start)}"
        end = f" to {stamp(self.end)}" if self.end is not None else ""
        planned = ", planned" if self.planned else ""
        return f"- {stamp(self.at)} **impact** @a: {self.service} {self.level} from {stamp(self.start)}{end}{planned}"


def impacts_of(said: list[Said], status="investigating", reopened=(), **moments) -> list[ServiceImpact]:
    lines = [each.text for each in said]
    lines += [f"- {stamp(back)} **reopen** @a: was resolved {stamp(gap)}: again" for gap, back in reopened]
    return service_impacts(record_of(incident_of(status, **moments), "\n".join(lines)))


def level_at(
    minute: int, said: list[Said], gaps: list[tuple[int, int]], over: int = HORIZON
) -> tuple[str, bool] | None:
    """Reckon the level of the one service of these lines in a minute, by asking every line; `over` is when the incident was resolved."""
    counted: list[Said] = []
    for line in sorted(said, key=lambda each: each.at):
        if line.end is None or line.end >= line.start:
            counted = [each for each in counted if each.start != line.start] + [line]
    answers = []
    for line in counted:
        later = [each for each in counted if line.start < each.start <= minute]
        ended = minute >= line.end if line.end is not None else bool(later)
        last = all(each.start <= line.start for each in counted)
        endless = over < HORIZON and line.end is None and line.start >= over and last
        restored = any(not each.level for each in later)
        asleep = line.end is None and any(
            gap > line.start and gap <= minute < back for gap, back in [*gaps, (over, HORIZON)]
        )
        if line.level and line.start <= minute and not (ended or restored or asleep):
            answers.append((line.start, None if endless else (line.level, line.planned)))
    return max(answers)[1] if answers else None


def found_at(minute: int, impact: ServiceImpact) -> tuple[str, bool] | None:
    period = impact.current(minutes(minute))
    return (period.level, period.planned) if period else None


LEVELS = st.sampled_from(["down", "degraded", "at-risk", ""])
LINES = st.lists(
    st.builds(
        Said,
        st.integers(0, HORIZON),
        st.just("checkout"),
        LEVELS,
        st.integers(0, 40),
        st.none() | st.integers(0, 80),
        st.booleans(),
    ),
    max_size=8,
    # Which of two lines of the same minute was entered last is not a question of minutes.
    unique_by=lambda line: line.at,
).map(lambda lines: [line if line.level else line._replace(end=None, planned=False) for line in lines])
GAPS = st.lists(st.integers(1, 80), max_size=4, unique=True).map(lambda found: list(pairwise(sorted(found)))[::2])


@given(LINES, GAPS, st.randoms())
def test_each_minute_has_the_level_that_the_lines_tell(said, gaps, random):
    expected = [level_at(minute, said, gaps) for minute in range(HORIZON)]
    shuffled = random.sample(said, len(said))
    for lines in (said, shuffled, [*said, *said]):
        (impact,) = impacts_of(lines, reopened=gaps) or (ServiceImpact("checkout", (), ()),)
        assert [found_at(minute, impact) for minute in range(HORIZON)] == expected
        assert all(one.end is not None and one.end <= other.start for one, other in pairwise(impact.periods))
        for planned in (False, True):
            spent = {
                level: 60.0 * expected.count((level, planned))
                for level in ("down", "degraded", "at-risk")
                if (level, planned) in expected
            }
            assert impact.seconds(NOW, planned=planned) == spent
        current = expected[-1]
        if current:
            since = len(expected)
            while since and (expected[since - 1] or ("", False))[0] == current[0]:
                since -= 1
            assert impact.since(minutes(HORIZON - 1)) == minutes(since)


@given(LINES, st.integers(30, 80))
def test_after_the_end_only_periods_with_an_end_of_their_own_go_on(said, resolved):
    expected = [level_at(minute, said, [], resolved) for minute in range(HORIZON)]
    (impact,) = impacts_of(said, "resolved", resolved=resolved) or (ServiceImpact("checkout", (), ()),)
    assert [found_at(minute, impact) for minute in range(HORIZON)] == expected


def periods(*lines: str, status: str = "monitoring", services: tuple[str, ...] = (), **moments):
    """Return the periods of each service: level, from and to in minutes, and how each ended."""
    record = record_of(incident_of(status, services=services, **moments), "\n".join(f"- {line}" for line in lines))
    return {
        impact.service: [
            (each.level, _minute(each.start), each.end and _minute(each.end), each.ended) for each in impact.periods
        ]
        for impact in service_impacts(record)
    }


def _minute(at: datetime) -> int:
    return int((at - minutes(0)).total_seconds() / 60)


def test_a_service_goes_from_down_over_degraded_and_at_risk_to_restored():
    assert periods(
        "02:10 impact: checkout down from 02:05",
        "02:30 impact: checkout is degraded, share 40%",
        "02:50 impact: checkout at risk",
        "03:00 impact: checkout restored",
    ) == {
        "checkout": [
            ("down", 5, 30, "recorded"),
            ("degraded", 30, 50, "recorded"),
            ("at-risk", 50, 60, "recorded"),
        ]
    }


def test_a_period_with_an_end_goes_on_behind_one_that_interrupted_it():
    assert periods(
        "02:00 impact: checkout at-risk from 02:00 to 04:00, planned",
        "02:40 impact: checkout down from 02:30 to 02:40",
    ) == {"checkout": [("at-risk", 0, 30, "recorded"), ("down", 30, 40, "recorded"), ("at-risk", 40, 120, "recorded")]}


def test_a_line_of_the_same_beginning_says_anew_what_was_said_before():
    late = "02:00 **impact** @a: checkout degraded from 2026-11-23T02:00:00 (recorded 2026-11-23T02:50:00)"
    first = "02:10 impact: checkout down from 02:00 to 02:05"
    assert periods(late, first) == periods(first, late) == {"checkout": [("degraded", 0, None, "")]}


def test_one_service_has_many_spellings():
    found = periods(
        "02:00 impact: [[services/checkout|the shop]] down",
        "02:10 impact: CHECKOUT degraded",
        "02:20 impact: card  payments down",
        "02:30 impact: Card payments restored",
        services=("Checkout",),
    )
    assert found == {
        "Checkout": [("down", 0, 10, "recorded"), ("degraded", 10, None, "")],
        "card payments": [("down", 20, 30, "recorded")],
    }


def test_the_same_level_again_with_the_same_share_is_one_period():
    assert periods(
        "02:00 impact: a degraded, share 40%",
        "02:10 impact: a degraded, share 40%",
        "02:20 impact: a degraded, share 80%",
        "02:25 impact: b down from 02:25 to 02:25",
    ) == {"a": [("degraded", 0, 20, "recorded"), ("degraded", 20, None, "")], "b": []}


def test_what_nobody_ended_ends_with_the_incident():
    down = "02:00 impact: a down"
    assert periods(down, status="closed", resolved=60) == {"a": [("down", 0, 60, "resolved")]}
    assert periods(down, status="closed") == {"a": [("down", 0, None, "unknown")]}
    assert periods(down, "02:30 **merge** @a: into [[INC-20261123-02]]", status="merged") == {
        "a": [("down", 0, 30, "merged")]
    }
    assert periods(down, status="merged") == {"a": [("down", 0, None, "unknown")]}
    assert periods(down, status="declined") == {"a": [("down", 0, None, "unknown")]}


def test_after_a_reopening_the_impact_is_back():
    again = "03:00 **reopen** @a: was resolved 2026-11-23T02:40:00: it is back"
    assert periods("02:00 impact: a down", again) == {"a": [("down", 0, 40, "resolved"), ("down", 60, None, "")]}
    assert periods("02:00 impact: a down from 02:00 to 02:30", again) == {"a": [("down", 0, 30, "recorded")]}
    assert periods("02:40 impact: a down", again) == {"a": [("down", 40, None, "")]}
    assert periods("02:50 impact: a down", again) == {"a": [("down", 50, None, "")]}
    ended = periods("02:00 impact: a down", again, "02:50 impact: a restored")
    assert ended == {"a": [("down", 0, 40, "resolved")]}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("checkout down from 02:30 to 02:10", "this period ends before it begins"),
        ("checkout down from 2026-11-23T02:30:00 to 2026-11-23T02:10:00", "this period ends before it begins"),
    ],
)
def test_a_period_that_ends_before_it_begins_counts_for_nothing(words, why):
    record = record_of(incident_of("monitoring"), f"- 02:40 impact: {words}")
    assert impact_lines(record) == []
    assert read_line(record.entries[0], record.zone) == why
    assert service_impacts(record) == []


def test_since_when_and_for_how_long():
    record = record_of(
        incident_of("monitoring"),
        "- 02:00 impact: a degraded, share 10%\n- 02:10 impact: a degraded, share 40%\n- 02:30 impact: a down, planned\n"
        "- 02:40 impact: a restored",
    )
    (impact,) = service_impacts(record)
    assert impact.since(minutes(20)) == impact.impaired_since(minutes(20)) == minutes(0)
    assert (impact.since(minutes(35)), impact.impaired_since(minutes(45))) == (minutes(30), minutes(0))
    assert impact.since(minutes(50)) is impact.impaired_since(minutes(-5)) is None
    assert (impact.restored(minutes(35)), impact.restored(minutes(50))) == (None, minutes(40))
    assert impact.seconds(minutes(35)) == {"degraded": 1800}
    assert impact.seconds(minutes(35), planned=True) == {"down": 300}
    (gone,) = service_impacts(record_of(incident_of("declined"), "- 02:00 impact: a down"))
    assert gone.restored(minutes(5)) is None
    assert gone.periods[0].seconds(minutes(5)) is None
    (gap,) = service_impacts(
        record_of(incident_of("monitoring"), "- 02:00 impact: a down from 02:00 to 02:05\n- 02:10 impact: a down")
    )
    assert gap.impaired_since(minutes(20)) == minutes(10)


def test_a_time_that_no_clock_shows_counts_for_nothing():
    record = record_of(
        incident_of("monitoring", started=-20),
        "- 02:00 impact: a at risk from 9999-01-01T02:00:00\n- 02:10 impact: b down",
    )
    why = read_line(record.entries[0], record.zone)
    assert isinstance(why, str)
    assert "9999" in why
    assert [line.service for line in impact_lines(record)] == ["b"]


def test_a_service_of_which_no_line_tells_has_no_level():
    record = record_of(incident_of("monitoring", services=("mail", "[[A]]")), "- 02:00 impact: a down")
    found = every_service(record)
    assert [(each.service, bool(each.periods)) for each in found] == [("[[A]]", True), ("mail", False)]
    assert found[1].current(NOW) is None
    assert found[1].since(NOW) is found[1].restored(NOW) is None
