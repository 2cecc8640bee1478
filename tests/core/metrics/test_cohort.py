from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.made import AS_OF, BERLIN, WEEK_28, fixture_8b, made, when

from okb_incident.command import Command, Sentence
from okb_incident.core.metrics.cohort import gather
from okb_incident.core.values.moment import seconds_between
from okb_incident.core.values.period import week_of

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.metrics.cohort import Cohort
    from okb_incident.core.values.period import Period

INC = "INC-20260706-{:02d}".format


def cohort_of(*incidents: Incident, period: Period = WEEK_28, as_of: datetime = AS_OF, **given: object) -> Cohort:
    return gather(incidents, period, as_of, **given)  # type: ignore[arg-type]


def ids(incidents: tuple[Incident, ...]) -> list[int]:
    return [incident.id.number for incident in incidents]


def codes(cohort: Cohort) -> list[str]:
    return [problem.code for problem in cohort.problems]


# -- who belongs to a period -----------------------------------------------------------------------------------------------


def test_the_notes_of_the_fixture_are_five_incidents_a_duplicate_and_a_false_alarm() -> None:
    cohort = cohort_of(*fixture_8b())
    assert ids(cohort.incidents) == [1, 2, 4, 7, 3]
    assert ids(cohort.open_now) == [3]
    assert [(entry.incident.id.number, entry.reason, entry.into) for entry in cohort.excluded] == [
        (5, "merged", INC(1)),
        (6, "declined", None),
    ]
    assert cohort.duplicates == {f"incidents/2026/{INC(1)}.md": (INC(5),)}


def test_a_period_is_half_open_and_dates_an_incident_by_its_start() -> None:
    inside = made(1, started="07-06 00:00")
    last = made(2, started="07-12 23:59")
    before = made(3, started="07-05 23:59", detected="07-06 08:00", resolved="07-07 08:00")
    after = made(4, started="07-13 00:00")
    assert ids(cohort_of(inside, last, before, after).incidents) == [1, 2]


def test_without_a_start_it_is_dated_by_its_detection_and_else_by_its_declaration() -> None:
    detected = made(1, detected="07-07 08:00", declared="07-20 08:00")
    declared = made(2, declared="07-08 08:00")
    assert ids(cohort_of(detected, declared).incidents) == [1, 2]


def test_what_resolves_in_the_period_and_started_before_does_not_belong_to_it() -> None:
    assert not cohort_of(made(1, started="07-01 08:00", resolved="07-08 08:00")).incidents


def test_weeks_follow_the_clock_changes_and_the_iso_year() -> None:
    spring, autumn = week_of(date(2026, 3, 29), BERLIN), week_of(date(2026, 10, 25), BERLIN)
    assert seconds_between(spring.start, spring.end) == 167 * 3600
    assert seconds_between(autumn.start, autumn.end) == 169 * 3600
    last_hour = made(1, started="2026-10-25T22:30:00Z")
    next_week = made(2, started="2026-10-25T23:30:00Z")
    assert ids(cohort_of(last_hour, next_week, period=autumn, as_of=when("2026-12-01 00:00")).incidents) == [1]
    # The third of January 2027 still belongs to week 53 of 2026; the twenty-ninth of December 2025 to week 1 of 2026.
    year_end, year_begin = week_of(date(2027, 1, 3), UTC), week_of(date(2025, 12, 29), UTC)
    assert (year_end.label, year_begin.label) == ("2026-W53", "2026-W01")
    new_year = made(1, started="2027-01-01 12:00")
    assert ids(cohort_of(new_year, period=year_end, as_of=when("2027-02-01 00:00")).incidents) == [1]


def test_everything_open_is_known_whatever_the_period() -> None:
    old = made(1, "triage", started="01-01 00:00")
    assert ids(cohort_of(old, made(2, "monitoring", started="07-07 00:00")).open_now) == [1, 2]
    assert not cohort_of(made(3, "triage", nature="drill", started="07-07 00:00")).open_now


# -- who does not count ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nature", ["drill", "maintenance", "announcement"])
def test_what_is_no_real_incident_is_listed_and_not_counted(nature: str) -> None:
    cohort = cohort_of(made(1, nature=nature, started="07-07 00:00"))
    assert not cohort.incidents
    assert [entry.reason for entry in cohort.excluded] == [nature]


def test_a_plan_that_lies_ahead_is_listed_without_a_fault() -> None:
    cohort = cohort_of(made(1, nature="maintenance", started="07-12 00:00"), as_of=when("07-08 00:00"))
    assert len(cohort.excluded) == 1
    assert not cohort.problems


def test_a_nature_that_nobody_knows_counts_as_an_incident() -> None:
    assert ids(cohort_of(made(1, nature="real", started="07-07 00:00")).incidents) == [1]


def test_an_unreadable_status_still_counts() -> None:
    assert ids(cohort_of(made(1, None, started="07-07 00:00")).incidents) == [1]


# -- duplicates ------------------------------------------------------------------------------------------------------------


def test_an_incident_takes_the_first_moments_and_all_services_of_its_duplicates() -> None:
    root = made(
        1,
        started="07-07 10:00",
        detected="07-07 10:20",
        declared="07-07 10:30",
        acknowledged="07-07 10:40",
        resolved="07-07 12:00",
        services=("checkout", "Auth"),
        paged=when("07-07 10:35"),
    )
    child = made(
        2,
        "merged",
        started="07-07 10:10",
        detected="07-07 10:15",
        declared="07-07 10:16",
        acknowledged="07-07 10:18",
        resolved="07-07 14:00",
        services=("auth", "ledger"),
        duplicate_of=INC(1),
        paged=when("07-07 10:17"),
    )
    (whole,) = cohort_of(root, child).incidents
    assert {name: f"{moment.at:%H:%M}" for name, moment in whole.moments.items()} == {
        "started": "10:00",
        "detected": "10:15",
        "declared": "10:16",
        "acknowledged": "10:18",
        "resolved": "12:00",
    }
    assert whole.services == ("checkout", "Auth", "ledger")
    assert whole.paged == when("07-07 10:17")


def test_an_incident_moves_to_the_period_in_which_its_first_duplicate_started() -> None:
    root = made(1, started="07-06 00:10")
    child = made(2, "merged", started="07-05 23:50", duplicate_of=INC(1))
    assert not cohort_of(root, child).incidents
    assert ids(cohort_of(root, child, period=week_of(date(2026, 7, 5), UTC)).incidents) == [1]


def test_a_mere_date_does_not_blur_a_moment_of_that_day() -> None:
    root = made(1, started="07-07 10:00")
    same_day = made(2, "merged", started="2026-07-07", duplicate_of=INC(1))
    (whole,) = cohort_of(root, same_day).incidents
    assert whole.at("started") == when("07-07 10:00")
    day_before = made(3, "merged", started="2026-07-06", duplicate_of=INC(1))
    (whole,) = cohort_of(root, same_day, day_before).incidents
    assert whole.at("started") == when("07-06 00:00")


def test_a_chain_of_duplicates_is_followed_to_its_end() -> None:
    chain = [
        made(1, started="07-07 10:00"),
        made(2, "merged", started="07-07 09:00", duplicate_of=INC(1)),
        made(3, "merged", started="07-07 08:00", duplicate_of=INC(2).lower()),
    ]
    cohort = cohort_of(*chain)
    assert [incident.at("started") for incident in cohort.incidents] == [when("07-07 08:00")]
    assert [entry.into for entry in cohort.excluded] == [INC(1), INC(1)]
    assert not cohort.problems


def test_a_duplicate_finds_an_incident_by_the_id_it_had_before_a_renumbering() -> None:
    root = made(1, started="07-07 10:00", properties={"former_ids": ["INC-20260706-90"]})
    child = made(2, "merged", started="07-07 11:00", duplicate_of="INC-20260706-90")
    assert cohort_of(root, child).excluded[0].into == INC(1)


def test_a_circle_is_not_believed_and_each_note_counts_unless_it_says_that_it_is_merged() -> None:
    cohort = cohort_of(
        made(1, started="07-07 10:00", duplicate_of=INC(2)),
        made(2, started="07-07 11:00", duplicate_of=INC(1)),
        made(3, "merged", started="07-07 12:00", duplicate_of=INC(1)),
    )
    assert ids(cohort.incidents) == [1, 2]
    assert [entry.into for entry in cohort.excluded] == [None]
    assert codes(cohort) == ["dangling-duplicate"] * 3
    assert "in a circle; the note is counted as an incident of its own" in cohort.problems[0].message
    assert "in a circle; the note is not counted" in cohort.problems[2].message


def test_a_link_to_nowhere_is_named_and_the_note_counts() -> None:
    lines = {"duplicate_of": 7}
    cohort = cohort_of(
        made(1, started="07-07 10:00", duplicate_of="INC-19990101-01", lines=lines),
        made(2, "merged", started="07-07 11:00", duplicate_of=INC(1)),
        made(3, "merged", started="07-07 12:00"),
    )
    assert ids(cohort.incidents) == [1]
    assert [(problem.line, problem.message.split(";")[0]) for problem in cohort.problems] == [
        (7, "duplicate_of leads to INC-19990101-01, which is not an incident here"),
        (None, f"duplicate_of leads to {INC(1)}, and from there to no incident"),
        (None, "status is merged, but duplicate_of does not say into which incident"),
    ]
    assert cohort.problems[0].hint == Command("set", "duplicate_of", incident=INC(1))


def test_the_duplicate_of_a_restricted_incident_is_set_aside_whoever_reads() -> None:
    root = made(1, started="07-07 10:00", restricted=True)
    children = [
        made(2, started="07-07 11:00", duplicate_of=INC(1).lower()),
        made(3, "merged", started="07-07 12:00", duplicate_of=INC(2)),
    ]
    for cohort in (
        cohort_of(*children, hidden=[INC(1)]),
        cohort_of(root, *children),
    ):
        assert not cohort.incidents
        assert not cohort.open_now
        assert [(entry.reason, entry.into) for entry in cohort.excluded] == [("merged", None)] * 2
        assert not cohort.problems
    assert ids(cohort_of(root, *children, include_restricted=True).incidents) == [1]


def test_the_duplicate_of_a_false_alarm_is_not_counted_either() -> None:
    cohort = cohort_of(
        made(1, "declined", started="07-07 10:00"),
        made(2, "merged", started="07-07 09:00", duplicate_of=INC(1)),
    )
    assert not cohort.incidents
    assert [entry.reason for entry in cohort.excluded] == ["declined", "merged"]


def test_a_drill_or_a_false_alarm_moves_nobody_elses_start() -> None:
    cohort = cohort_of(
        made(1, started="07-07 10:00"),
        made(2, started="07-07 08:00", nature="drill", duplicate_of=INC(1)),
        made(3, "declined", started="07-07 08:00", duplicate_of=INC(1)),
    )
    assert cohort.incidents[0].at("started") == when("07-07 10:00")
    assert [entry.reason for entry in cohort.excluded] == ["drill", "declined"]


def test_a_duplicate_without_a_date_is_listed_where_its_incident_is() -> None:
    cohort = cohort_of(made(1, started="07-07 10:00"), made(2, "merged", duplicate_of=INC(1)))
    assert [entry.into for entry in cohort.excluded] == [INC(1)]
    assert not cohort.undated


# -- restricted ------------------------------------------------------------------------------------------------------------


def test_a_restricted_incident_leaves_no_trace_unless_it_is_asked_for() -> None:
    secret = made(1, "triage", started="07-07 08:00", duplicate_of="INC-19990101-01", restricted=True)
    part = made(2, "merged", started="07-07 09:00", duplicate_of=INC(3))
    root = made(3, started="07-07 10:00", restricted=True)
    plain = made(4, started="07-07 10:00")
    part_of_plain = made(5, "merged", started="07-07 09:00", duplicate_of=INC(4), restricted=True)
    incidents = (secret, part, root, plain, part_of_plain)
    cohort = cohort_of(*incidents)
    assert [incident.at("started") for incident in cohort.incidents] == [when("07-07 10:00")]
    assert not cohort.open_now
    assert [(entry.incident.id.number, entry.into) for entry in cohort.excluded] == [(2, None)]
    assert not cohort.problems
    assert not cohort.duplicates
    assert not any(INC(number) in repr(cohort) for number in (1, 5))
    shown = cohort_of(*incidents, include_restricted=True)
    assert ids(shown.incidents) == [1, 3, 4]
    assert [entry.into for entry in shown.excluded] == [INC(3), INC(4)]


# -- what is asked for -----------------------------------------------------------------------------------------------------


def test_a_condition_is_decided_on_the_whole_incident() -> None:
    root = made(1, started="07-07 10:00")
    child = made(2, "merged", started="07-07 09:00", duplicate_of=INC(1), services=("ledger",))
    other = made(3, "triage", started="07-07 11:00")
    cohort = cohort_of(root, child, other, wanted=lambda incident: "ledger" in incident.services)
    assert ids(cohort.incidents) == [1]
    assert not cohort.open_now
    assert not cohort.problems


# -- moments that cannot be used ---------------------------------------------------------------------------------------------


def test_a_start_that_lies_ahead_does_not_date_an_incident() -> None:
    cohort = cohort_of(made(1, started="2027-07-07 10:00", declared="07-06 10:00", resolved="07-08 11:00"))
    assert ids(cohort.incidents) == [1]
    (problem,) = cohort.problems
    assert (problem.code, problem.line) == ("future-moment", 10)
    assert problem.message == "started is 2027-07-07T10:00:00Z, which is after the report's time; it is not used"
    assert problem.hint == Command("set", "started", options=("--correct",), incident=INC(1))


def test_clocks_may_differ_by_five_minutes() -> None:
    just_now = WEEK_28.end - timedelta(minutes=5)
    assert not cohort_of(made(1, started="07-12 23:59"), as_of=just_now).problems
    assert codes(cohort_of(made(1, started="07-12 23:59"), as_of=just_now - timedelta(minutes=2))) == ["future-moment"]


def test_what_has_no_usable_date_belongs_to_no_period_and_is_named() -> None:
    cohort = cohort_of(made(1, "triage"), made(2, started="2030-01-01 00:00"), made(3, "declined"))
    assert not cohort.incidents
    assert ids(cohort.undated) == [1, 2, 3]
    assert ids(cohort.open_now) == [1]
    assert codes(cohort) == ["no-date", "future-moment", "no-date"]


def test_an_end_beside_an_open_status_and_a_mere_date_are_named() -> None:
    cohort = cohort_of(
        made(1, "monitoring", started="07-07 10:00", resolved="07-20 10:00"),
        made(2, started="2026-07-07", verified="2026-07-09"),
    )
    assert codes(cohort) == ["open-with-resolved", "day-precision"]
    assert cohort.problems[0].hint == Sentence(
        Command("resolve", incident=INC(1)),
        ", or ",
        Command("set", "resolved=", options=("--correct",), incident=INC(1)),
    )
    assert cohort.problems[1].message == "started is only a date; no duration under 2d00h is computed from it"


def test_faults_of_other_periods_stay_there() -> None:
    later = week_of(date(2026, 7, 20), UTC)
    assert not cohort_of(made(1, started="2026-06-01", duplicate_of="INC-19990101-01"), period=later).problems


def test_a_start_in_another_year_is_named_in_the_week_of_the_declaration() -> None:
    lost = made(1, started="2025-07-06 09:00", declared="07-06 09:30", resolved="07-06 10:00")
    cohort = cohort_of(lost)
    assert not cohort.incidents
    (problem,) = cohort.problems
    assert (problem.code, problem.line) == ("far-moment", 10)
    assert problem.message == (
        "started is 2025-07-06T09:00:00, 364 days from the day of the id; the incident is not counted in this period"
    )
    assert str(problem.hint).startswith(f"incident set -i {INC(1)} started=2025-07-06T09:00:00 --confirm")
    assert not cohort_of(lost._replace(confirmed=(("started", when("2025-07-06 09:00")),))).problems
    assert not cohort_of(lost, period=week_of(date(2026, 7, 20), UTC)).problems


def test_where_the_id_has_another_day_the_week_of_either_names_it() -> None:
    lost = made(1, declared="07-20 09:30", resolved="07-20 10:00")
    for day in (date(2026, 7, 6), date(2026, 7, 20)):
        assert codes(cohort_of(lost, period=week_of(day, UTC), as_of=when("07-28 09:00"))) == ["moment-and-id-differ"]


def test_what_is_in_an_unknown_state_stands_among_the_open_ones_whatever_the_period() -> None:
    unknown = made(1, None, started="06-15 09:00")
    cohort = cohort_of(unknown)
    assert ids(cohort.open_now) == [1]
    assert not cohort.incidents


def test_the_order_in_which_notes_are_read_changes_nothing() -> None:
    notes = fixture_8b()
    assert cohort_of(*notes) == cohort_of(*reversed(notes))
