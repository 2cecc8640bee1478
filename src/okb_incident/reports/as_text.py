"""The report as plain text for pipes, mails and terminals without colour; a line has at most 100 cells."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from okb_incident.command import Sentence
from okb_incident.core.text.terminal_text import one_line
from okb_incident.reports.layout import opening, sections, title
from okb_incident.reports.width import cut, pad, width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.reports.page import Column, ReportFinding, ReportSection, Table
    from okb_incident.reports.report import Report

WIDTH = 100
GAP = 2
#: An elastic column is not cut below this: a page too narrow for it is better folded by the terminal.
NARROWEST = 12


def render(report: Report, vault: str | None = None) -> str:
    """Return the report as text; its commands name the folder that was typed."""
    return page(title(report), opening(report), sections(report, whole=False), vault)


def page(title: str, opening: Sequence[str], sections: Sequence[ReportSection], vault: str | None) -> str:
    """Return a page as text: its title, the lines under it, its sections; its commands name the folder that was typed."""
    lines = [one_line(title), *(line for text in opening for line in wrap(one_line(text), WIDTH))]
    for section in sections:
        lines += ["", one_line(section.heading), *_section(section, vault)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _section(section: ReportSection, vault: str | None) -> Iterator[str]:
    if section.table and section.table.rows:
        yield from _table(section.table)
    for finding in section.findings:
        yield from _finding(finding, vault)
    if section.is_empty:
        yield "none"
    for note in section.notes:
        yield from wrap(one_line(note), WIDTH, "  ")


def _table(table: Table) -> Iterator[str]:
    shown = [[one_line(str(cell)) for cell in row] for row in table.rows]
    heads = [column.name for column in table.columns]
    wide = [max(width(row[place]) for row in (heads, *shown)) for place in range(len(heads))]
    over = sum(wide) + GAP * (len(wide) - 1) - WIDTH
    for place, column in enumerate(table.columns):
        if column.elastic and over > 0:
            wide[place] = max(wide[place] - over, NARROWEST)
    for row in (heads, *shown):
        yield from _row(row, wide, table.columns)


def _row(row: Sequence[str], wide: Sequence[int], columns: Sequence[Column]) -> Iterator[str]:
    """Set one row; a cell that wraps goes on in lines of its own."""
    parts = [
        wrap(cell, limit) if column.wraps else [cut(cell, limit)]
        for cell, limit, column in zip(row, wide, columns, strict=True)
    ]
    for line in zip_longest(*parts, fillvalue=""):
        cells = (pad(cell, limit, right=column.right) for cell, limit, column in zip(line, wide, columns, strict=True))
        yield (" " * GAP).join(cells)


def _finding(finding: ReportFinding, vault: str | None) -> Iterator[str]:
    yield from wrap(one_line(str(finding)), WIDTH, "  ")
    for line in _remedy(finding, vault):
        yield f"    {line}"


def _remedy(finding: ReportFinding, vault: str | None) -> Iterator[str]:
    """Return what helps on one line, or where that is too long for the page each command on a line of its own."""
    whole = finding.remedy_text(vault)
    if not isinstance(finding.remedy, Sentence) or width(whole) <= WIDTH - 4:
        yield from (line for line in (whole,) if line)
        return
    yield from (replace(finding, remedy=part).remedy_text(vault).strip() for part in finding.remedy)
