"""The report as a note: properties, and a body whose generated part is between two marks.

What people write outside the marks stays when the report is saved again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.values.moment import write_moment
from okb_incident.reports.layout import opening, sections, title
from okb_incident.reports.markdown_text import link, plain
from okb_incident.reports.page import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.reports.page import ReportFinding, ReportSection, Table
    from okb_incident.reports.report import Report

START = "%% incident-report:start %%"
END = "%% incident-report:end %%"
#: The last start before an end, so that a start whose end somebody deleted takes nothing with it.
REGION = re.compile(f"{re.escape(START)}(?:(?!{re.escape(START)}).)*?{re.escape(END)}", re.DOTALL)


def frontmatter(report: Report) -> dict[str, str | int]:
    """Return the properties of the note: flat, so that boards can use them.

    There is no duration among them: a median without its n next to it says nothing.
    """
    counts = report.counts
    return {
        "type": "incident-report",
        "period": report.period.label,
        "from": write_moment(report.period.start, report.zone),
        "to": write_moment(report.period.end, report.zone),
        "as_of": write_moment(report.as_of, report.zone),
        "zone": report.zone_name,
        "incidents": counts.total,
        "open": counts.open,
        "open_now": len(report.cohort.open_now),
        "duplicates": counts.duplicates,
        "declined": counts.declined,
        "excluded": counts.excluded,
        "generator": f"okb-incident {report.version}",
    }


def region(report: Report) -> str:
    """Return the generated part with its marks."""
    parts = [START, f"# {plain(title(report))}", "\n".join(f"{plain(line)}  " for line in opening(report)).rstrip()]
    for section in sections(report, whole=True):
        parts += [f"## {plain(section.heading)}", *_section(section)]
    return "\n\n".join([*parts, END])


def renewed(text: str, new: str) -> str:
    """Put a generated part in the place of the old one, or at the end where there is none; all else stays.

    Args:
        text: The note as it is, or its body.
        new: As `region` gives it.
    """
    if "\r\n" in text:
        new = new.replace("\n", "\r\n")
    if REGION.search(text):
        return REGION.sub(lambda _: new, text, count=1)
    line_end = "\r\n" if "\r\n" in text else "\n"
    return (text.rstrip("\r\n") + 2 * line_end if text.strip() else "") + new + line_end


def _section(section: ReportSection) -> Iterator[str]:
    if section.table and section.table.rows:
        yield _table(section.table)
    if section.findings:
        yield "\n".join(_finding(finding) for finding in section.findings)
    if section.is_empty:
        yield "none"
    for note in section.notes:
        yield plain(note)


def _table(table: Table) -> str:
    rows = [
        [column.name for column in table.columns],
        ["--:" if column.right else ":--" for column in table.columns],
        *([_cell(cell) for cell in row] for row in table.rows),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(cell: str | Link) -> str:
    if isinstance(cell, Link):
        return plain(cell.before) + (" " if cell.before else "") + link(cell.id, cell.text, in_table=True)
    return plain(cell)


def _finding(finding: ReportFinding) -> str:
    place = f"{plain(finding.place)}: " if finding.place else ""
    ids = f": {', '.join(f'[[{each}]]' for each in finding.ids)}" if finding.ids else ""
    more = f" and {finding.more} more" if finding.more else ""
    remedy = f"  \n  {plain(str(finding.remedy))}" if finding.remedy else ""
    return f"- {place}{plain(finding.text)}{ids}{more}{remedy}"
