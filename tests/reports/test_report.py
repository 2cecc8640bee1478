from __future__ import annotations

from typing import TYPE_CHECKING

from tests.made import AS_OF, WEEK_28, fixture_8b, made, report_on, when

from okb_incident.core.values.problem import Problem
from okb_incident.reports.report import commander_of

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident

AT = "07-07 10:00"


def test_the_counts_of_the_fixture() -> None:
    counts = report_on(fixture_8b()).counts
    assert (counts.total, counts.open, counts.duplicates, counts.declined, counts.excluded) == (5, 1, 1, 1, 0)
    assert counts.by_status == {"investigating": 1, "resolved": 4}


def test_severities_go_from_the_worst_to_the_unknown() -> None:
    incidents = [
        made(number, started=AT, severity=severity)
        for number, severity in enumerate(["SEV3", "undetermined", "SEV1", "SEV3", "nonsense"], start=1)
    ]
    found = report_on(incidents).counts.by_severity
    assert list(found.items()) == [("SEV1", 1), ("SEV3", 2), ("undetermined", 1), ("unknown", 1)]


def test_statuses_go_along_the_process_and_end_with_the_unreadable_ones() -> None:
    incidents = [
        made(n, status, started=AT) for n, status in enumerate([None, "closed", "triage", "resolved"], start=1)
    ]
    assert list(report_on(incidents).counts.by_status) == ["triage", "resolved", "closed", "unknown"]


def test_services_are_counted_without_regard_to_case_under_their_commonest_spelling() -> None:
    incidents = [
        made(1, started=AT, services=("Compute nodes", "compute nodes")),
        made(2, started=AT, services=("Compute Nodes", "network")),
        made(3, started=AT, services=("Compute nodes",)),
        made(4, started=AT),
    ]
    found = report_on(incidents).counts.by_service
    assert list(found.items()) == [("Compute nodes", 3), ("network", 1), ("none", 1)]


def test_of_two_spellings_as_common_the_first_in_the_alphabet_is_shown() -> None:
    incidents = [made(1, started=AT, services=("dns",)), made(2, started=AT, services=("DNS",))]
    assert report_on(incidents).counts.by_service == {"DNS": 2}
    assert report_on(incidents[::-1]).counts.by_service == {"DNS": 2}


def test_an_incident_without_a_category_is_counted_as_such() -> None:
    incidents = [made(1, started=AT, category="system"), made(2, started=AT), made(3, started=AT, category="system")]
    assert list(report_on(incidents).counts.by_category.items()) == [("system", 2), ("none", 1)]


def test_problems_of_the_vault_stand_beside_those_of_counting_once_each() -> None:
    problem = Problem("a.md", 3, "bad-yaml", "it is broken")
    dated = made(1, started="2026-07-07")
    found = report_on([dated], problems=[problem, problem]).problems
    assert [fault.code for fault in found] == ["bad-yaml", "day-precision"]
    again = report_on([dated], problems=found).problems
    assert again == found


def test_problems_of_a_restricted_note_are_shown_only_with_it() -> None:
    secret = made(1, started=AT, restricted=True)
    problem = Problem(secret.path, 3, "bad-moment", "started: …")
    assert not report_on([secret], problems=[problem]).problems
    assert report_on([secret], problems=[problem], include_restricted=True).problems == (problem,)


def test_a_period_is_to_date_until_it_is_over() -> None:
    assert report_on([], as_of=when("07-12 23:59")).is_to_date
    assert not report_on([], as_of=WEEK_28.end).is_to_date
    assert not report_on([], as_of=AS_OF).is_to_date


def test_the_commander_is_named_without_link_marks() -> None:
    def named(commander: object) -> str | None:
        incident: Incident = made(1, properties={"commander": commander})
        return commander_of(incident)

    assert named("[[people/alice|Alice]]") == "alice"
    assert named(["[[bob]]", "carol"]) == "bob"
    assert named(None) is None
