from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.made import AS_OF, BERLIN, WEEK_28, fixture_8b, made, when

from okb_incident.command import Command
from okb_incident.core.incident.incident import Pause
from okb_incident.core.metrics.cohort import gather
from okb_incident.core.metrics.measurement import measure
from okb_incident.core.metrics.metrics import (
    IN_ALL,
    METRICS,
    Anomaly,
    Complete,
    Missing,
    Running,
    active_seconds,
    observe,
)
from okb_incident.core.values.moment import read_moment
from okb_incident.core.values.statistics import Beyond, Interval

if TYPE_CHECKING:
    from okb_incident.core.metrics.measurement import Measurement
    from okb_incident.core.metrics.metrics import Metric

BY_ID = {metric.id: metric for metric in METRICS}
MINUTE, HOUR, DAY = 60, 3600, 86400


def one(metric: str, status: str | None = "resolved", **given: Any) -> Complete | Running | Missing | Anomaly:
    return observe(made(1, status, **given), BY_ID[metric], AS_OF)


def seconds(metric: str, status: str | None = "resolved", **given: Any) -> int:
    found = one(metric, status, **given)
    assert isinstance(found, Complete)
    return found.seconds


def reason(metric: str, status: str | None = "resolved", **given: Any) -> str:
    found = one(metric, status, **given)
    assert isinstance(found, Missing)
    return found.reason


def over_fixture(metric: str) -> Measurement:
    return measure(gather(fixture_8b(), WEEK_28, AS_OF).incidents, BY_ID[metric], AS_OF)


def minutes(values: tuple[int, ...]) -> list[float]:
    return [value / 60 for value in values]


# -- the fixture that was computed by hand ---------------------------------------------------------------------------------


def test_detection_in_the_fixture() -> None:
    found = over_fixture("ttd.started_detected")
    # The first takes the detection of its duplicate: 09:04, not 09:06.
    assert minutes(found.complete) == [0, 4, 10]
    assert (found.n, len(found.running)) == (3, 0)
    assert [(gap.incident.id.number, gap.reason) for gap in found.missing] == [(7, "no-start")]
    (anomaly,) = found.anomalous
    assert (anomaly.incident.id.number, anomaly.fields, anomaly.seconds) == (4, ("started", "detected"), -30 * MINUTE)
    assert (anomaly.incident.path, anomaly.line) == ("incidents/2026/INC-20260706-04.md", 11)
    assert anomaly.remedy == Command("set", "detected", options=("--correct",), incident="INC-20260706-04")
    assert found.is_listed
    assert (found.median, found.interval, found.p90) == (None, None, None)


def test_acknowledgement_in_the_fixture() -> None:
    found = over_fixture("ttk.detected_ack")
    assert minutes(found.complete) == [2, 5, 5, 10, 30]
    assert found.median == 5 * MINUTE
    assert found.interval == Interval(2 * MINUTE, 30 * MINUTE, 0.9375)
    assert found.longest == 30 * MINUTE
    assert found.longest_incident is not None
    assert found.longest_incident.id.number == 7
    assert found.method == "type-2 quantile, order-statistic interval"


def test_mitigation_in_the_fixture() -> None:
    from_start, from_detection = over_fixture("ttm.started_mitigated"), over_fixture("ttm.detected_mitigated")
    assert minutes(from_start.running) == [600]
    assert minutes(from_detection.running) == [590]
    assert minutes(from_start.complete) == [40]
    assert minutes(from_detection.complete) == [36]
    assert sorted(gap.incident.id.number for gap in from_start.missing) == [2, 4, 7]
    assert sorted(gap.incident.id.number for gap in from_detection.missing) == [2, 4, 7]


def test_resolution_from_the_start_in_the_fixture() -> None:
    found = over_fixture("ttr.started_resolved")
    assert minutes(found.complete) == [70, 120, 210]
    assert minutes(found.running) == [600]
    assert (found.n, len(found.missing), len(found.anomalous), found.size) == (3, 1, 0, 5)
    assert found.is_listed
    assert found.listed == (70 * MINUTE, 120 * MINUTE, 210 * MINUTE, Beyond(600 * MINUTE))
    assert (found.total, found.mean, found.longest) == (400 * MINUTE, 8000, 210 * MINUTE)


def test_resolution_from_detection_in_the_fixture() -> None:
    found = over_fixture("ttr.detected_resolved")
    # The note whose detection lies before its start still counts here: only the pair out of order is left out.
    assert minutes(found.complete) == [60, 66, 150, 210]
    assert minutes(found.running) == [590]
    assert found.median == 150 * MINUTE
    assert found.interval == Interval(60 * MINUTE, None, 0.95)
    assert found.method == "Kaplan-Meier quantile, log-log interval"


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.id)
def test_every_incident_of_the_fixture_adds_in_exactly_one_way(metric: Metric) -> None:
    assert over_fixture(metric.id).size == 5


# -- arithmetic ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-29", 1), ("2026-10-25", 3)],
    ids=["clocks go forward", "clocks go back"],
)
def test_a_night_in_which_the_clocks_change_is_counted_in_real_hours(day: str, hours: int) -> None:
    moments = {
        "started": read_moment(f"{day}T01:30", BERLIN),
        "resolved": read_moment(f"{day}T03:30", BERLIN),
    }
    incident = made(1, moments=moments)
    found = observe(incident, BY_ID["ttr.started_resolved"], when("2026-12-01 00:00"))
    assert found == Complete(hours * HOUR, "started")


@pytest.mark.parametrize("detected", ["2026-07-07T10:01:00", "2026-07-07T10:00:59", "2026-07-07T10:00:00"])
def test_clocks_of_two_machines_may_differ_by_a_minute(detected: str) -> None:
    assert seconds("ttd.started_detected", started="2026-07-07T10:01:00", detected=detected) == 0


def test_an_end_before_its_start_is_listed_and_neither_turned_round_nor_set_to_nought() -> None:
    found = one("ttd.started_detected", started="2026-07-07T10:01:01", detected="2026-07-07T10:00:00")
    assert isinstance(found, Anomaly)
    assert found.seconds == -61


def test_the_last_resolve_counts_for_a_reopened_incident() -> None:
    times = {"started": "07-07 10:00", "first_resolved": "07-07 11:00"}
    assert seconds("ttr.started_resolved", **times, resolved="07-07 13:30") == 210 * MINUTE
    assert one("ttr.started_resolved", "investigating", **times) == Running((5 * 24 + 23) * HOUR, "started")


def paused(*pauses: tuple[str, str], **given: Any) -> int | None:
    incident = made(2, pauses=tuple(Pause(when(start), when(end)) for start, end in pauses), **given)
    found = observe(incident, IN_ALL, AS_OF)
    assert isinstance(found, Complete | Running)
    return active_seconds(incident, found, AS_OF)


def test_the_pause_before_it_was_reopened_is_no_active_time() -> None:
    times = {"started": "07-07 10:00", "resolved": "07-07 13:30"}
    assert paused(**times) is None
    assert paused(("07-07 11:00", "07-07 13:00"), **times) == 90 * MINUTE
    assert paused(("07-07 13:00", "07-07 13:10"), ("07-07 11:00", "07-07 11:20"), **times) == 180 * MINUTE
    # Two lines tell of one end, or an end lies outside: no minute is taken away twice, and none that was not counted.
    assert paused(("07-07 11:00", "07-07 12:00"), ("07-07 11:00", "07-07 12:30"), **times) == 120 * MINUTE
    assert paused(("07-07 09:00", "07-07 10:30"), **times) == 180 * MINUTE
    assert paused(("07-07 13:00", "07-07 15:00"), **times) == 180 * MINUTE
    assert paused(("07-07 12:00", "07-07 11:00"), **times) == 210 * MINUTE


def test_what_is_open_again_has_active_time_up_to_now() -> None:
    pause = ("07-13 07:00", "07-13 08:30")
    assert paused(pause, status="investigating", started="07-13 06:00") == 90 * MINUTE


def test_a_start_that_nobody_set_is_missing_and_not_the_detection() -> None:
    assert reason("ttd.started_detected", detected="07-07 10:00", declared="07-07 10:00") == "no-start"
    assert reason("ttr.started_resolved", detected="07-07 10:00", resolved="07-07 11:00") == "no-start"


# -- open, or missing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["triage", "investigating", "identified", "monitoring"])
def test_resolution_is_open_while_the_incident_is(status: str) -> None:
    assert one("ttr.started_resolved", status, started="07-13 08:00") == Running(HOUR, "started")


@pytest.mark.parametrize("status", ["resolved", "closed"])
def test_an_incident_that_is_over_without_an_end_is_missing_and_never_open(status: str) -> None:
    assert reason("ttr.started_resolved", status, started="07-07 08:00") == "no-resolved"
    assert reason("ttm.started_mitigated", status, started="07-07 08:00") == "no-mitigated"
    assert reason("ttk.detected_ack", status, detected="07-07 08:00") == "no-ack"


def test_acknowledgement_is_open_while_nobody_took_the_incident_up() -> None:
    assert one("ttk.detected_ack", "triage", detected="07-13 08:00") == Running(HOUR, "detected")
    assert one("ttk.declared_ack", "triage", declared="07-13 08:30") == Running(HOUR // 2, "declared")
    assert seconds("ttk.detected_ack", "triage", detected="07-13 08:00", acknowledged="07-13 08:01") == MINUTE


@pytest.mark.parametrize("status", ["triage", "investigating", "identified"])
def test_mitigation_is_open_until_monitoring(status: str) -> None:
    assert one("ttm.started_mitigated", status, started="07-13 08:00") == Running(HOUR, "started")


def test_a_status_set_by_hand_leaves_its_moment_missing_and_not_open() -> None:
    # Somebody moved it to monitoring in Obsidian: it is mitigated, and nobody knows since when.
    assert reason("ttm.started_mitigated", "monitoring", started="07-13 08:00") == "no-mitigated"
    assert reason("ttk.detected_ack", "investigating", detected="07-13 08:00") == "no-ack"


def test_detection_is_never_open() -> None:
    assert reason("ttd.started_detected", "triage", started="07-13 08:00") == "no-detected"


def test_an_end_beside_an_open_status_is_not_used() -> None:
    # People write planned ends ahead.
    assert one("ttr.started_resolved", "monitoring", started="07-13 08:00", resolved="07-13 08:30") == Running(
        HOUR,
        "started",
    )
    assert one("ttr.started_resolved", "monitoring", started="07-13 08:00", resolved="07-20 08:00") == Running(
        HOUR,
        "started",
    )


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.id)
def test_an_unreadable_status_makes_every_duration_missing(metric: Metric) -> None:
    moments = {
        "started": "07-07 08:00",
        "detected": "07-07 08:00",
        "declared": "07-07 08:00",
        "resolved": "07-07 09:00",
    }
    found = one(metric.id, None, **moments, acknowledged="07-07 08:10", mitigated="07-07 08:30")
    assert isinstance(found, Missing)
    assert (found.reason, found.field) == ("unknown-status", "status")
    assert found.remedy == Command("set", "status", incident="INC-20260706-01")


# -- moments ahead, and mere dates -----------------------------------------------------------------------------------------


def test_a_moment_that_lies_ahead_is_missing_at_either_end() -> None:
    assert reason("ttr.started_resolved", started="07-13 09:06", resolved="07-13 09:10") == "future"
    found = one("ttr.started_resolved", started="07-13 08:00", resolved="07-13 09:06")
    assert isinstance(found, Missing)
    assert (found.reason, found.field) == ("future", "resolved")
    assert found.remedy[-2:] == ("resolved", "--correct")
    assert reason("ttm.started_mitigated", "triage", started="07-13 08:00", mitigated="07-14 08:00") == "future"


def test_a_moment_a_little_ahead_of_the_clock_is_used() -> None:
    assert seconds("ttr.started_resolved", started="07-13 08:00", resolved="07-13 09:05") == 65 * MINUTE


def test_an_open_incident_whose_start_lies_ahead_of_the_clock_by_minutes_is_named() -> None:
    assert one("ttr.started_resolved", "triage", started="2026-07-13T09:00:30") == Running(0, "started")
    found = one("ttr.started_resolved", "triage", started="07-13 09:03")
    assert isinstance(found, Anomaly)
    assert found.fields == ("started", "as_of")
    assert found.line == 10
    assert found.remedy == Command("set", "started", options=("--correct",), incident="INC-20260706-01")


def test_a_mere_date_gives_no_duration_under_two_days() -> None:
    assert reason("ttr.started_resolved", started="2026-07-07", resolved="07-08 23:59") == "day-precision"
    assert reason("ttr.started_resolved", started="07-07 09:00", resolved="2026-07-07") == "day-precision"
    assert reason("ttr.started_resolved", "triage", started="2026-07-12") == "day-precision"
    assert seconds("ttr.started_resolved", started="2026-07-07", resolved="2026-07-09") == 2 * DAY
    found = one("ttr.started_resolved", started="07-07 09:00", resolved="2026-07-08")
    assert isinstance(found, Missing)
    assert found.field == "resolved"


def test_a_mere_date_days_before_the_start_is_still_out_of_order() -> None:
    assert isinstance(one("ttr.started_resolved", started="2026-07-09", resolved="2026-07-06"), Anomaly)


# -- pages -----------------------------------------------------------------------------------------------------------------


def test_acknowledgement_counts_from_the_first_page() -> None:
    times = {"detected": "07-07 10:00", "declared": "07-07 10:01", "acknowledged": "07-07 10:20"}
    assert one("ttk.detected_ack", **times, paged=when("07-07 10:15")) == Complete(5 * MINUTE, "paged")
    assert one("ttk.declared_ack", **times, paged=when("07-07 10:15")) == Complete(19 * MINUTE, "declared")
    assert one("ttk.detected_ack", "triage", detected="07-13 08:00", paged=when("07-13 08:50")) == Running(
        10 * MINUTE,
        "paged",
    )


def test_a_page_after_the_acknowledgement_called_somebody_else() -> None:
    times = {"detected": "07-07 10:00", "acknowledged": "07-07 10:20"}
    assert one("ttk.detected_ack", **times, paged=when("07-07 10:21")) == Complete(20 * MINUTE, "detected")
    assert one("ttk.detected_ack", **times, paged=when("07-07 10:20")) == Complete(0, "paged")


def test_pages_are_counted() -> None:
    incidents = [
        made(1, detected="07-07 10:00", acknowledged="07-07 10:20", paged=when("07-07 10:15")),
        made(2, detected="07-07 10:00", acknowledged="07-07 10:20"),
    ]
    assert measure(incidents, BY_ID["ttk.detected_ack"], AS_OF).from_page == 1


# -- how much a number of durations says -----------------------------------------------------------------------------------


def lasting(*lengths: int, running: int = 0) -> Measurement:
    """Measure incidents that lasted so many minutes, and some that began two days ago."""
    start = when("07-07 00:00")
    incidents = [
        made(
            number,
            started="07-07 00:00",
            resolved=(start + timedelta(minutes=length)).strftime("%Y-%m-%dT%H:%M"),
        )
        for number, length in enumerate(lengths, start=1)
    ]
    incidents += [made(number, "triage", started="07-11 09:00") for number in range(50, 50 + running)]
    return measure(incidents, BY_ID["ttr.started_resolved"], AS_OF)


def test_nothing_measured_is_no_nought() -> None:
    found = lasting()
    assert found.n == 0
    assert found.listed == ()
    assert (found.median, found.interval, found.p90, found.longest, found.mean, found.total) == (None,) * 6
    assert found.longest_incident is None


def test_four_durations_are_listed_and_five_have_a_median() -> None:
    assert lasting(1, 2, 3, 4).listed == (60, 120, 180, 240)
    five = lasting(1, 2, 3, 4, 5)
    assert (five.median, five.interval, five.p90) == (180, Interval(60, 300, 0.9375), None)
    assert lasting(1, 2, 3, running=1).is_listed
    assert lasting(1, 2, 3, 4, running=1).median == 180


def test_a_ninetieth_percentile_needs_ten_complete_durations() -> None:
    assert lasting(*range(1, 10)).p90 is None
    assert lasting(*range(1, 11)).p90 == 570
    assert lasting(*range(1, 10), running=3).p90 is None
    assert lasting(*range(1, 11), running=3).p90 == Beyond(2 * DAY)


def test_a_median_that_was_not_reached_says_what_it_exceeds() -> None:
    found = lasting(15, 30, running=3)
    assert found.median == Beyond(2 * DAY)
    assert found.interval == Interval(15 * MINUTE, None, 0.95)
    only_open = lasting(running=5)
    assert only_open.median == Beyond(2 * DAY)
    assert (only_open.mean, only_open.total, only_open.longest) == (None, None, None)


def test_total_mean_and_longest_are_those_of_the_complete_ones() -> None:
    found = lasting(1, 2, 5, running=2)
    assert (found.total, found.longest) == (480, 300)
    assert found.mean == 160
    assert lasting(1, 1, 3, 2).mean == 105
    assert isinstance(lasting(1, 1, 3, 2).mean, int)
    assert lasting(1, 2).mean == 90


def test_of_two_longest_the_first_is_named() -> None:
    found = lasting(5, 7, 7)
    assert found.longest_incident is not None
    assert found.longest_incident.id.number == 2


def test_every_label_names_both_ends() -> None:
    words = {"started": "impact start", "detected": "detection", "declared": "declaration"}
    for metric in METRICS:
        assert words[metric.start] in metric.label
        assert metric.id.split(".")[1].split("_")[0] == metric.start
        assert metric.end in {"detected", "acknowledged", "mitigated", "resolved"}
        assert "mttr" not in metric.id + metric.label.lower()


def test_a_metric_says_between_which_moments_it_measures():
    assert BY_ID["ttr.detected_resolved"].ends == "detected → resolved"
