"""Which sections a report has, and how much of each a terminal and a page show."""

from __future__ import annotations

from tests.made import fixture_8b, made, report_on

from okb_incident.core.values.problem import Problem
from okb_incident.reports.findings import IDS, SHOWN, findings
from okb_incident.reports.layout import sections
from okb_incident.reports.page import Column, ReportSection, Table

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
