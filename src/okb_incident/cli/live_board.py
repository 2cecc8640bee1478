"""The board on a terminal: drawn in place, looked at again every few seconds, left by Ctrl-C."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from okb_incident.core.text.terminal_text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import RenderableType

STYLES = {"SEV1": "bold red", "SEV2": "red", "undetermined": "yellow", "triage": "yellow"}


def watch(columns: Sequence[str], look: Callable[[], tuple[str, Sequence[Sequence[str]]]], every: float) -> None:
    """Draw the board until Ctrl-C.

    Args:
        columns: The names above the columns.
        look: Gives the line above the board and its rows, read anew.
        every: Seconds between two looks. Programs that write into a vault tell nobody, so looking is what is sure.
    """
    with Live(_drawn(columns, *look()), console=Console(), screen=True, auto_refresh=False) as live:
        try:
            while True:
                time.sleep(every)
                live.update(_drawn(columns, *look()), refresh=True)
        except KeyboardInterrupt:
            return


def _drawn(columns: Sequence[str], head: str, rows: Sequence[Sequence[str]]) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=True)
    for name in columns:
        table.add_column(Text(name), no_wrap=name in {"id", "severity", "status", "for", "age"}, overflow="fold")
    for row in rows:
        shown = [one_line(text) for text in row]
        late = "bold red" if any(text.startswith("overdue") for text in shown) else ""
        table.add_row(
            *(Text(text, style=STYLES.get(text, late if text.startswith("overdue") else "")) for text in shown)
        )
    below = [table] if rows else [Text("nothing is open, and nothing waits to be closed")]
    return Group(Text(one_line(head), style="bold"), *below, Text("Ctrl-C leaves", style="dim"))
