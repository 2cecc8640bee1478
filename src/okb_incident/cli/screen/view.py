"""Lines of an answer, or in the place of a table: whole in a pipe, broken between words on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.cli.output import answer, as_text
from okb_incident.cli.screen.forms import is_terminal, width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okb_incident.cli.screen.lines import Line
    from okb_incident.command import Text
    from okb_incident.workflow.look.formats import ReportPage

FIRST_WIDE = "\u2e80"
"""The signs before it, but for a few, take one cell."""


class View(NamedTuple):
    """Lines in the place of a table."""

    lines: Iterable[Line]

    def value(self) -> list[dict[str, object]]:
        """Return the lines for a program that has nothing better."""
        return [{"line": line.plain()} for line in self.lines]

    def show(self) -> None:
        """Print the lines."""
        show_lines(self.lines)


class PageView(NamedTuple):
    """A page of sections with tables.

    Attributes:
        page: What a terminal sets to its width.
        text: What a pipe gets.
    """

    page: ReportPage
    text: str

    def value(self) -> list[dict[str, object]]:
        """Return the text for a program that has nothing better."""
        return [{"line": line} for line in self.text.splitlines()]

    def show(self) -> None:
        """Print the page."""
        if not is_terminal():
            answer(self.text)
            return
        from okb_incident.cli.screen.device import print_rows
        from okb_incident.cli.screen.report import report_rows

        print_rows(report_rows(self.page))


def say(text: Text) -> None:
    """Print a line of an answer; on a terminal one that is longer than a row is broken between words."""
    whole = as_text(text)
    if not is_terminal() or "\n" in whole or _cells(whole) <= width():
        print(whole)
        return
    from okb_incident.cli.screen.device import rows_of
    from okb_incident.cli.screen.lines import Line

    for row in rows_of(Line.of(text)):
        print(row.plain)


def _cells(line: str) -> int:
    """Return how many cells a line takes, or a few more; measuring them exactly is not worth its start for each answer."""
    return len(line) if line.isascii() else sum(2 if sign >= FIRST_WIDE else 1 for sign in line)


def show_lines(lines: Iterable[Line]) -> None:
    """Print lines; a program that reads them finds each whole."""
    if not is_terminal():
        for line in lines:
            answer(line.plain())
        return
    from okb_incident.cli.screen.device import print_rows, rows_of

    print_rows(row for line in lines for row in rows_of(line))
