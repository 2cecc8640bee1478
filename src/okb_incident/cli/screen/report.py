"""The report on a terminal: the sections of its other forms, with the tables fitted to the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from okb_incident.cli.screen.device import rows_of
from okb_incident.cli.screen.grid import Grid
from okb_incident.cli.screen.lines import Line, Part
from okb_incident.cli.screen.tones import DIM, STRONG
from okb_incident.command import Sentence
from okb_incident.core.text.terminal_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.workflow.look.formats import ReportPage


def report_rows(page: ReportPage) -> Iterator[Text]:
    """Return the rows of a report."""
    yield from rows_of(Line.of(Part(one_line(page.title), STRONG)))
    for line in page.opening:
        yield from rows_of(Line.of(one_line(line)))
    for section in page.sections:
        yield Text()
        yield from rows_of(Line.of(Part(one_line(section.heading), STRONG)))
        if section.table and section.table.rows:
            columns = section.table.columns
            cells = [[one_line(str(cell)) for cell in row] for row in section.table.rows]
            right = frozenset(place for place, column in enumerate(columns) if column.right)
            names = [column.name for column in columns]
            yield from Grid.of(names, [names, *cells], right).rows()
        for finding in section.findings:
            yield from rows_of(Line.of(one_line(str(finding)), hang=2))
            if finding.remedy:
                parts = finding.remedy if isinstance(finding.remedy, Sentence) else (finding.remedy,)
                shown = [part if not isinstance(part, str) else Part(part, DIM) for part in parts]
                yield from rows_of(Line.of("    ", *shown, hang=6))
        if section.is_empty:
            yield Text("none", style=DIM)
        for note in section.notes:
            yield from rows_of(Line.of(Part(one_line(note), DIM)))
