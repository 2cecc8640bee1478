"""Which sections a report has, and how much of each a terminal and a page show."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from tests.made import AS_OF, WEEK_28, fixture_8b, made, report_on, when

from okb_incident.core.incident.incident import Pause
from okb_incident.core.values.problem import Problem
from okb_incident.reports.findings import IDS, SHOWN, findings
from okb_incident.reports.layout import opening, sections
from okb_incident.reports.page import Column, ReportSection, Table
from okb_incident.reports.report import ReportTerms, build

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident
    from okb_incident.reports.report import Report

AT = "07-07 10:00"


def headings(*incidents: object) -> list[str]:
    return [section.heading for section in sections(report_on(list(incidents)), whole=False)]  # type: ignore[arg-type]


def test_a_section_is_empty_only_without_findings_notes_and_rows() -> None:
    columns = (Column("id"),)
    assert ReportSection("x").is_empty
    assert ReportSection("x", Table(columns, ())).is_empty
    assert not ReportSection("x", Table(columns, (("INC-1",),))).is_empty
    assert not ReportSection("x", Table(columns, ()), notes=("none",)).is_empty
    problem = Problem("a.md", 1, "bad-moment", "x")
    (finding,) = findings(report_on([], problems=(problem,)), whole=False).shown
    assert not ReportSection("x", findings=(finding,)).is_empty


def test_what_is_not_counted_has_a_section_only_where_there_is_something() -> None:
    counted = made(1, started=AT)
    drill = made(2, started=AT, nature="drill")
    assert len(headings(counted, drill)) == len(headings(counted)) + 1
    assert headings(counted)[-2:] == headings(drill)[-2:] == ["Data quality", "How it was counted"]


def test_a_page_names_every_finding_and_a_terminal_the_first_ones() -> None:
    problems = tuple(Problem(f"a{number}.md", 1, "bad-moment", "x") for number in range(SHOWN + 3))
    report = report_on([], problems=problems)
    in_terminal, on_page = findings(report, whole=False), findings(report, whole=True)
    assert (len(in_terminal.shown), in_terminal.notes) == (SHOWN, ("and 3 more; incident check names every fault.",))
    assert (len(on_page.shown), on_page.notes) == (SHOWN + 3, ())


def test_a_page_names_more_incidents_that_lack_a_moment_than_a_terminal() -> None:
    report = report_on([made(number, "resolved", declared=AT) for number in range(1, IDS + 3)])

    def named(*, whole: bool) -> int:
        return max(len(finding.ids) for finding in findings(report, whole=whole).shown)

    assert (named(whole=False), named(whole=True)) == (IDS, IDS + 2)


def test_each_column_of_a_table_has_its_head() -> None:
    for section in sections(report_on(fixture_8b()), whole=True):
        if section.table:
            assert all(len(row) == len(section.table.columns) for row in section.table.rows)


def column(report: Report, heading: str, name: str, *, whole: bool = True) -> list[str]:
    """Return the cells of one column, from the section whose heading begins so."""
    (table,) = (each.table for each in sections(report, whole=whole) if each.heading.startswith(heading))
    assert table is not None
    place = [each.name for each in table.columns].index(name)
    return [str(row[place]) for row in table.rows]


def notes(report: Report, heading: str) -> str:
    return " ".join(
        note for each in sections(report, whole=True) if each.heading.startswith(heading) for note in each.notes
    )


def test_what_is_open_stands_by_urgency_with_its_age_its_period_and_its_commander() -> None:
    report = report_on(
        [
            made(1, "monitoring", severity="SEV2", started="06-01 09:00"),
            made(2, None, severity="SEV1", started=AT, properties={"commander": "[[people/alice]]"}),
            made(3, "triage", severity=None, started="2026-07-13T08:00:00"),
            made(4, "triage", severity="SEV3"),
            made(5, "triage", severity="SEV3", started="2026-07-13T09:30:00"),
            made(6, "triage", severity="SEV3", started="07-06 00:00"),
        ],
        as_of=when("2026-07-13 09:00"),
    )
    assert column(report, "Open now", "id") == [f"INC-20260706-0{number}" for number in (3, 2, 1, 6, 4, 5)]
    assert column(report, "Open now", "severity") == ["unknown", "SEV1", "SEV2", "SEV3", "SEV3", "SEV3"]
    assert column(report, "Open now", "status")[:3] == ["triage", "unknown", "monitoring"]
    assert column(report, "Open now", "period") == ["later", "this", "earlier", "this", "–", "–"]
    assert column(report, "Open now", "commander")[:2] == ["nobody", "alice"]
    assert column(report, "Open now", "age")[0] == "1h00m"
    assert column(report, "Open now", "age")[4] == "–"


def test_the_opening_sentence_counts_what_is_open_elsewhere() -> None:
    inside, outside = made(1, "triage", started=AT), made(2, "triage", started="06-01 09:00")
    unknown = made(3, None, started="06-01 10:00")

    def whole_vault(*incidents: Incident) -> bool:
        return "in the whole vault" in opening(report_on(list(incidents)))[-1]

    assert not whole_vault(inside)
    assert whole_vault(inside, outside)
    assert whole_vault(inside, unknown)
    assert not whole_vault(inside, made(4, None, started=AT))
    sentence = opening(report_on([inside, outside, unknown]))[-1]
    assert "1 of them open; 2 open and 1 in an unknown state in the whole vault" in sentence


def test_a_page_says_more_of_an_incident_than_a_terminal() -> None:
    times = {"started": AT, "detected": "07-07 10:05", "mitigated": "07-07 10:30", "resolved": "07-07 11:00"}
    report = report_on([made(1, **times, services=("a", "b"), detected_by="alarm"), made(2, "triage", started=AT)])
    assert column(report, "Incidents in", "services") == ["a, b", "–"]
    assert column(report, "Incidents in", "detected by") == ["alarm", "–"]
    assert column(report, "Incidents in", "detected after") == ["5m", "–"]
    assert column(report, "Incidents in", "mitigated after")[0] == "30m"
    assert column(report, "Incidents in", "lasted")[0] == "1h00m"
    (terminal,) = (each.table for each in sections(report, whole=False) if each.heading.startswith("Incidents in"))
    assert terminal is not None
    assert not {"services", "detected by"} & {each.name for each in terminal.columns}


def test_a_reopened_incident_says_how_much_of_its_time_it_was_worked_on_and_what_that_means() -> None:
    pause = Pause(when("07-07 11:00"), when("07-07 12:00"))
    reopened = made(1, started=AT, first_resolved="07-07 11:00", resolved="07-07 12:30", pauses=(pause,))
    plain = made(2, started=AT, resolved="07-07 12:30")
    assert column(report_on([reopened, plain]), "Incidents in", "lasted") == ["2h30m (active 1h30m)", "2h30m"]
    assert "active" in notes(report_on([reopened]), "Incidents in")
    assert "active" not in notes(report_on([plain]), "Incidents in")


def test_a_start_that_is_not_known_is_marked_and_the_mark_is_explained() -> None:
    known, noticed = made(1, started=AT), made(2, detected=AT)
    assert column(report_on([known, noticed]), "Incidents in", "started") == ["2026-07-07 10:00", "≤ 2026-07-07 10:00"]
    assert "≤" in notes(report_on([noticed]), "Incidents in")
    assert "≤" not in notes(report_on([known]), "Incidents in")


def test_more_than_a_fifth_is_a_share_of_all_and_not_a_number() -> None:
    known = [made(number, started=AT, detected="07-07 10:05", resolved="07-07 11:00") for number in range(1, 8)]
    unknown = [made(number, started=AT, resolved="07-07 11:00") for number in (10, 11)]
    assert "started → detected covers 7 of 9" in notes(report_on([*known, *unknown]), "Times")
    more = [made(number, started=AT, detected="07-07 10:05", resolved="07-07 11:00") for number in range(20, 22)]
    assert "started → detected covers" not in notes(report_on([*known, *more, *unknown]), "Times")


def test_a_median_is_explained_only_where_there_is_one() -> None:
    some = [made(number, started=AT, resolved="07-07 11:00") for number in range(1, 6)]
    assert "KM" in notes(report_on(some), "Times")
    assert "KM" not in notes(report_on(some[:4]), "Times")


def test_what_is_not_counted_says_why() -> None:
    report = report_on(
        [made(1, started=AT), made(2, started=AT, duplicate_of="INC-20260706-01"), made(3, started=AT, nature="drill")]
    )
    assert column(report, "Not counted", "why") == ["merged into INC-20260706-01", "drill"]


def test_a_report_is_on_all_incidents_unless_some_are_asked_for() -> None:
    terms = ReportTerms(WEEK_28, AS_OF, UTC, "UTC", "0.1.0")
    assert build([made(1, started=AT), made(2, started=AT, restricted=True)], (), terms).counts.total == 1
