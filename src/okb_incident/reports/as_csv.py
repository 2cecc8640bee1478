"""Rows as CSV for a spreadsheet, in which no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from okb_incident.core.text.terminal_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a cell for a formula by."""


def render(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as CSV with a head, by RFC 4180 but for the line ends, which are line feeds.

    A text that a spreadsheet would compute is put behind an apostrophe; lists are parted by semicolons.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return file.getvalue().rstrip("\n")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = one_line("; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))
    return f"'{text}" if text.startswith(FORMULA) else text
