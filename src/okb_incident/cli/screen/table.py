"""Rows as a table: fitted to a terminal, plain columns in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.cli.output import answer
from okb_incident.cli.screen.forms import is_terminal
from okb_incident.core.text.terminal_text import one_line, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_CELL = 200
"""Characters; one longer value would make every line of the table that long. JSON has all of it."""


def show_rows(head: Sequence[str], rows: Sequence[Sequence[str]], names: Sequence[str] = ()) -> None:
    """Print rows under a head; texts of notes are made safe first, and cut where no column could hold them.

    Args:
        head: The heads of the columns.
        rows: Their cells.
        names: The names of the columns, where the heads hold more than these.
    """
    head = [_cell(text) for text in head]
    safe = [[_cell(text) for text in row] for row in rows]
    if is_terminal():
        from okb_incident.cli.screen.device import print_rows
        from okb_incident.cli.screen.grid import Grid

        print_rows(Grid.of(names or head, [head, *safe]).rows())
        return
    widths = [max(len(row[place]) for row in [head, *safe]) for place in range(len(head))]
    for row in [head, *safe]:
        answer("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def _cell(text: str) -> str:
    return shorten(one_line(text), LONGEST_CELL)
