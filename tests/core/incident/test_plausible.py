"""Moments that do not fit their note."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.made import AS_OF, made, when

from okb_incident.command import Command
from okb_incident.core.incident.doubt import DEFAULT_LIMITS, Evidence, Limits
from okb_incident.core.incident.plausible import doubts, doubts_of_note, implausible, no_date, problems_of
from okb_incident.core.values.moment import Moment

NOTHING = Evidence({}, {}, ())
ZURICH = Limits(ZoneInfo("Europe/Zurich"), timedelta(days=30))


def named(incident, evidence=None, limits=DEFAULT_LIMITS):
    found = doubts(incident, AS_OF, limits) if evidence is None else doubts_of_note(incident, AS_OF, limits, evidence)
    return [(each.name, each.code) for each in found]


def told(**moments):
    """Return evidence that certain moments were entered."""
    return Evidence({name: tuple(map(when, texts)) for name, texts in moments.items()}, {}, ())


@pytest.mark.parametrize(
    ("moments", "found"),
    [
        ({"started": "2025-07-06 09:00"}, [("started", "far-moment")]),
        ({"started": "06-06 00:00"}, []),
        ({"started": "06-05 23:59"}, [("started", "far-moment")]),
        ({"detected": "2025-07-06 09:00", "declared": "07-06 09:00"}, [("detected", "far-moment")]),
        ({"declared": "07-07 00:00"}, [("declared", "moment-and-id-differ")]),
        ({"declared": "07-06 23:59"}, []),
        ({"declared": "2026-07-07"}, [("declared", "day-precision")]),
        ({"started": "2027-07-06 09:00"}, [("started", "future-moment")]),
        ({"resolved": "2025-07-06 09:00"}, []),
        ({"resolved": "2026-07-06"}, [("resolved", "day-precision")]),
    ],
)
def test_what_the_properties_alone_contradict(moments, found):
    assert named(made(1, **moments)) == found


def test_the_window_is_a_setting():
    incident = made(1, started="06-05 09:00")
    assert named(incident, limits=Limits(UTC, timedelta(days=31))) == []
    assert named(incident, limits=Limits(UTC, timedelta(days=29))) == [("started", "far-moment")]


def test_the_day_of_the_id_is_that_of_the_vaults_zone():
    incident = made(1, declared="07-06 22:30")
    assert named(incident) == []
    assert named(incident, limits=ZURICH) == [("declared", "moment-and-id-differ")]


def test_an_hour_that_came_twice_is_named_unless_the_offset_says_which():
    for text, found in (
        ("2025-10-26T02:30:00", [("resolved", "repeated-hour")]),
        ("2025-10-26T02:30:00+01:00", []),
        ("2025-10-26T03:30:00", []),
    ):
        incident = made(1, resolved="2025-10-26T00:30:00", properties={"resolved": text})
        assert named(incident, limits=ZURICH) == found
    (doubt,) = doubts(
        made(1, resolved="2025-10-26T00:30:00", properties={"resolved": "2025-10-26T02:30:00"}), AS_OF, ZURICH
    )
    assert doubt.message == (
        "resolved is 2025-10-26T02:30:00, which clocks showed twice: 2025-10-26T02:30:00+02:00 or "
        "2025-10-26T02:30:00+01:00; the first is used"
    )


def test_what_somebody_confirmed_is_meant():
    incident = made(1, started="2025-07-06 09:00")
    assert named(incident._replace(confirmed=(("started", when("2025-07-06 09:00")),))) == []
    assert named(incident._replace(confirmed=(("started", when("2024-07-06 09:00")),))) == [("started", "far-moment")]
    assert named(incident._replace(confirmed=(("detected", when("2025-07-06 09:00")),))) == [("started", "far-moment")]
    day = made(1, started="2026-07-06", confirmed=(("started", when("07-06 00:00")),))
    assert named(day, NOTHING) == []
    ahead = made(1, started="2027-07-06 09:00", confirmed=(("started", when("2027-07-06 09:00")),))
    assert named(ahead) == [("started", "future-moment")]


@pytest.mark.parametrize("nature", ["maintenance", "announcement"])
def test_what_is_planned_may_lie_ahead_and_far(nature):
    assert named(made(1, nature=nature, started="2027-07-06 09:00", detected="2025-07-06 09:00")) == []
    assert named(made(1, nature="drill", started="2027-07-06 09:00")) == [("started", "future-moment")]


def test_one_written_down_afterwards_lies_near_its_own_end():
    given: dict[str, Any] = {"properties": {"tags": ["incident", "backfilled"]}, "declared": "07-06 09:00"}
    assert named(made(1, started="03-06 09:00", resolved="03-07 10:00", **given), NOTHING) == []
    slip = made(1, started="2025-03-06 09:00", resolved="03-06 10:00", **given)
    assert ("started", "far-moment") in named(slip, NOTHING)


def test_an_imported_one_has_the_day_of_its_start_and_may_have_lasted_long():
    given: dict[str, Any] = {"properties": {"imported_from": "status.md"}}
    assert named(made(1, started="07-06 09:00", resolved="09-06 09:00", **given), NOTHING) == [
        ("resolved", "future-moment")
    ]
    assert named(made(1, started="07-06 09:00", resolved="04-01 09:00", **given), NOTHING) == [
        ("resolved", "impossible-order")
    ]
    assert named(made(1, started="07-07 09:00", **given), NOTHING) == [("started", "moment-and-id-differ")]
    assert named(made(1, declared="07-07 09:00", **given), NOTHING) == []


def test_a_moment_for_which_the_timeline_has_another():
    incident = made(1, declared="07-06 09:00", mitigated="07-06 09:40")
    assert named(incident, told(mitigated=["07-06 09:40"])) == []
    assert named(incident, told(mitigated=["07-06 09:41"])) == [("mitigated", "moment-and-timeline-differ")]
    assert named(incident, told(mitigated=["07-06 09:10", "07-06 09:40"])) == []
    assert (
        named(incident, Evidence({"mitigated": (when("07-06 09:10"),)}, {"mitigated": (when("07-06 09:40"),)}, ()))
        == []
    )
    (doubt,) = doubts_of_note(incident, AS_OF, DEFAULT_LIMITS, told(mitigated=["07-06 09:10"]))
    assert doubt.message == "mitigated is 2026-07-06T09:40:00, and the timeline says 2026-07-06T09:10:00"


def test_seconds_that_a_person_left_out_are_no_difference():
    incident = made(1, mitigated="2026-07-06T09:40:00")
    assert named(incident, told(mitigated=["2026-07-06T09:40:59"])) == []
    day = made(1, mitigated="2026-07-06", confirmed=(("mitigated", when("07-06 00:00")),))
    assert named(day, told(mitigated=["07-05 23:00"])) == []
    held = made(1, mitigated="2026-07-06")
    assert named(held, told(mitigated=["07-06 23:00"])) == [("mitigated", "day-precision")]


def test_it_was_declared_before_anybody_entered_a_line():
    incident = made(1, declared="07-06 09:00", acknowledged="07-06 09:00")
    assert named(incident, NOTHING._replace(noted_by=when("07-06 09:00"))) == []
    late = NOTHING._replace(noted_by=when("07-06 08:59"))
    assert named(incident, late) == [("declared", "moment-and-timeline-differ")]
    assert named(incident, late._replace(named={"declared": (when("07-06 09:00"),)})) == []


def test_containment_is_told_by_a_line_of_its_time():
    incident = made(1, declared="07-06 09:00", contained="07-06 09:10")
    assert named(incident, NOTHING._replace(lines=(when("07-06 09:10"),))) == []
    assert named(incident, NOTHING) == []
    differs = [("contained", "moment-and-timeline-differ")]
    assert named(incident, NOTHING._replace(lines=(when("07-06 09:12"),))) == differs


def test_an_end_far_from_all_that_the_note_tells():
    incident = made(1, declared="07-06 09:00", closed="2026-05-01 09:00")
    assert named(incident, NOTHING) == [("closed", "far-moment")]
    assert named(incident, NOTHING._replace(lines=(when("05-20 09:00"),))) == []
    (doubt,) = doubts_of_note(incident, AS_OF, DEFAULT_LIMITS, NOTHING)
    assert doubt.message == "closed is 2026-05-01T09:00:00, 65 days from everything else in the note"


def test_a_beginning_of_which_nothing_else_tells():
    incident = made(1, detected="07-06 00:00", declared="07-06 09:00")
    assert named(incident, NOTHING) == [("detected", "lone-moment")]
    assert named(incident, NOTHING._replace(lines=(when("07-06 00:00"),))) == []
    assert named(incident, NOTHING._replace(named={"detected": (when("07-06 00:00"),)})) == []
    assert named(made(1, detected="07-06 01:00", declared="07-06 09:00"), NOTHING) == []
    assert named(made(1, declared="07-06 09:00"), NOTHING) == []


@pytest.mark.parametrize("name", ["next_update", "expected_recovery"])
def test_a_promise_of_which_the_timeline_knows_another(name):
    incident = made(1, "monitoring", properties={name: "2026-07-06T12:00:00"})
    assert named(incident, NOTHING) == []
    assert named(incident, told(**{name: ["07-06 11:00", "07-06 12:00"]})) == []
    assert named(incident, told(**{name: ["07-06 11:00"]})) == [(name, "moment-and-timeline-differ")]
    day = made(1, "monitoring", properties={name: "2026-07-06"})
    assert named(day, told(**{name: ["07-06 12:00"]})) == []
    unreadable = made(1, "monitoring", properties={name: "soon"})
    assert named(unreadable, told(**{name: ["07-06 11:00"]})) == []


def test_one_slip_is_one_finding_whatever_it_contradicts():
    incident = made(
        1,
        started="07-06 12:00",
        detected="07-06 09:06",
        declared="07-06 09:08",
        mitigated="07-06 09:40",
        resolved="07-06 10:10",
        properties={"time_to_detect_minutes": 6, "time_to_resolve_minutes": 70},
    )
    (doubt,) = doubts_of_note(incident, AS_OF, DEFAULT_LIMITS, NOTHING)
    assert (doubt.name, doubt.code) == ("started", "impossible-order")
    assert doubt.message == (
        "detected is 2h54m before started; no duration between them is counted; started fits none of detected, mitigated, "
        "resolved"
    )


def test_of_two_that_disagree_the_later_one_is_named():
    incident = made(1, detected="07-06 09:06", acknowledged="07-06 09:00")
    assert named(incident, NOTHING) == [("acknowledged", "impossible-order")]
    known = made(1, started="2025-07-06 09:10", resolved="2025-07-06 09:00")
    assert ("started", "impossible-order") not in named(known, NOTHING)


def test_a_detection_long_after_the_declaration():
    assert named(made(1, declared="07-06 09:00", detected="07-06 10:00"), NOTHING) == []
    late = made(1, declared="07-06 09:00", detected="07-06 10:01")
    assert named(late, NOTHING) == [("detected", "impossible-order")]
    assert named(late._replace(confirmed=(("detected", when("07-06 10:01")),)), NOTHING) == []


@pytest.mark.parametrize(
    ("written", "found"),
    [(6, []), (7, []), (8, [("detected", "minutes-differ")]), (4, [("detected", "minutes-differ")]), ("six", [])],
)
def test_minutes_that_do_not_follow_from_the_moments(written, found):
    incident = made(1, started="07-06 09:00", detected="07-06 09:06", properties={"time_to_detect_minutes": written})
    assert named(incident, NOTHING) == found


def test_two_independent_slips_are_two_findings():
    incident = made(
        1,
        started="07-06 09:00",
        detected="07-06 08:00",
        declared="07-06 09:05",
        acknowledged="07-06 09:30",
        properties={"time_to_acknowledge_minutes": 2},
    )
    assert named(incident, NOTHING) == [("detected", "impossible-order"), ("acknowledged", "minutes-differ")]


def test_a_finding_holds_the_commands_that_clear_it():
    far = made(1, started="2025-07-06 09:00")
    (problem,) = problems_of(far, doubts(far, AS_OF, DEFAULT_LIMITS), UTC)
    assert (problem.path, problem.line, problem.code) == (far.path, 10, "far-moment")
    assert str(problem.hint) == (
        f"incident set -i {far.id} started=2025-07-06T09:00:00 --confirm if it is meant, "
        f"otherwise incident set -i {far.id} started --correct"
    )
    ahead = made(1, started="2027-07-06 09:00")
    (problem,) = problems_of(ahead, doubts(ahead, AS_OF, DEFAULT_LIMITS), UTC)
    assert problem.hint == Command("set", "started", options=("--correct",), incident=ahead.id)
    day = made(1, started="2026-07-06")
    (problem,) = problems_of(day, doubts(day, AS_OF, DEFAULT_LIMITS), UTC)
    assert "started=2026-07-06 --confirm" in str(problem.hint)
    promise = made(1, "monitoring", properties={"next_update": "2026-07-06T12:00"})
    found = doubts_of_note(promise, AS_OF, DEFAULT_LIMITS, told(next_update=["07-06 11:00"]))
    (problem,) = problems_of(promise, found, UTC)
    assert "next_update=2026-07-06T12:00 --confirm" in str(problem.hint)


def test_no_moment_at_all_is_a_finding_but_one_that_cannot_be_read_is_named_for_itself():
    nothing = made(1, resolved="07-06 09:00")
    problem = no_date(nothing)
    assert problem is not None
    assert (problem.code, problem.hint) == ("no-date", Command("set", "started", incident=nothing.id))
    assert no_date(made(1, declared="07-06 09:00")) is None
    assert no_date(made(1, properties={"started": "yesterday"})) is None


@pytest.mark.parametrize(
    ("name", "at", "found"),
    [
        ("started", "2025-07-06 09:00", ["far-moment"]),
        ("started", "06-10 09:00", []),
        ("declared", "07-07 09:00", ["moment-and-id-differ"]),
        ("resolved", "2025-07-06 09:00", ["far-moment"]),
        ("resolved", "06-10 09:00", []),
        ("--at", "05-20 09:00", ["far-moment"]),
        ("--at", "07-12 09:00", []),
    ],
)
def test_what_a_command_is_about_to_write(name, at, found):
    incident = made(1, declared="07-06 09:00")
    doubted = implausible(incident, {name: Moment(when(at))}, (), AS_OF, DEFAULT_LIMITS)
    assert [each.code for each in doubted] == found


def test_whoever_acts_late_may_date_it_near_now_or_near_a_line():
    incident = made(1, declared="07-06 09:00")
    given = {"closed": Moment(when("2026-11-01 09:00"))}
    late = when("2026-12-20 09:00")
    assert implausible(incident, given, (), when("2026-11-20 09:00"), DEFAULT_LIMITS) == ()
    assert implausible(incident, given, (), late, DEFAULT_LIMITS) != ()
    assert implausible(incident, given, (when("2026-10-10 09:00"),), late, DEFAULT_LIMITS) == ()
