"""Rows as a table: rich on a terminal, plain columns when piped."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from okb_incident.cli.output import answer
from okb_incident.core.text.terminal_text import one_line, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_CELL = 200
"""Characters; one longer value would make every line of the table that long. JSON has all of it."""


def show_rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a head; texts of notes are made safe first, and cut where no column could hold them."""
    head = [_cell(text) for text in head]
    safe = [[_cell(text) for text in row] for row in rows]
    if sys.stdout.isatty():
        _show_on_terminal(head, safe)
        return
    widths = [max(len(row[place]) for row in [head, *safe]) for place in range(len(head))]
    for row in [head, *safe]:
        answer("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def _cell(text: str) -> str:
    return shorten(one_line(text), LONGEST_CELL)


def _show_on_terminal(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for place, name in enumerate(head):
        table.add_column(Text(name), overflow="fold", no_wrap=place == 0)
    for row in rows:
        table.add_row(*(Text(text, style=_style(text)) for text in row))
    Console().print(table)


def _style(text: str) -> str:
    return {"SEV1": "bold red", "SEV2": "red", "undetermined": "yellow", "triage": "yellow"}.get(text, "")
