"""The report for a terminal. Only this module imports rich, and only a terminal imports this module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rich.console import Group
from rich.table import Table as Grid
from rich.text import Text

from okb_incident.core.text.terminal_text import one_line
from okb_incident.reports.layout import opening, sections, title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from okb_incident.reports.page import ReportSection, Table
    from okb_incident.reports.report import Report


def render(report: Report, vault: str | None = None) -> Group:
    """Return the report as something that rich can print; its commands name the folder that was typed."""
    parts: list[RenderableType] = [_text(title(report), "bold"), *(_text(line) for line in opening(report))]
    for section in sections(report, whole=False):
        parts += [Text(), _text(section.heading, "bold"), *_section(section, vault)]
    return Group(*parts)


def _section(section: ReportSection, vault: str | None) -> Iterator[RenderableType]:
    if section.table and section.table.rows:
        yield _grid(section.table)
    for finding in section.findings:
        yield _text(str(finding))
        if finding.remedy:
            yield _text(f"    {finding.remedy_text(vault)}", "cyan", is_safe=True)
    if section.is_empty:
        yield _text("none", "dim")
    for note in section.notes:
        yield _text(note, "dim")


def _grid(table: Table) -> Grid:
    grid = Grid(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for column in table.columns:
        # What is broken into lines where there is little room is never a number or an id, and nothing is left out.
        justify: Literal["right", "left"] = "right" if column.right else "left"
        grid.add_column(_text(column.name), justify=justify, no_wrap=column.whole, overflow="fold")
    for row in table.rows:
        grid.add_row(*(_text(str(cell)) for cell in row))
    return grid


def _text(text: str, style: str = "", *, is_safe: bool = False) -> Text:
    """Give text that rich takes for text: without markup, without emoji codes, without anything a terminal obeys."""
    return Text(text if is_safe else one_line(text), style=style)
