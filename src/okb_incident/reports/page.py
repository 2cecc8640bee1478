"""The shapes a report for people is made of: sections with tables, findings and notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okb_incident.command import shown
from okb_incident.core.text.terminal_text import line_part, safe_text

if TYPE_CHECKING:
    from okb_incident.command import Text


@dataclass(frozen=True, slots=True)
class ReportFinding:
    """One thing that is wrong.

    Attributes:
        place: The note and its line; empty where the finding is about several.
        text: What is wrong.
        ids: The incidents it is about, where it is about several.
        more: How many further ones.
        remedy: What helps, best as a command.
    """

    place: str
    text: str
    ids: tuple[str, ...] = ()
    more: int = 0
    remedy: Text | None = None

    def remedy_text(self, vault: str | None) -> str:
        """Return what helps on one line, its commands for the folder that was typed."""
        return shown(self.remedy or "", line_part, lambda command: safe_text(command.text(vault)))

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        ids = f": {', '.join(self.ids)}" if self.ids else ""
        return f"{place}{self.text}{ids}" + (f" and {self.more} more" if self.more else "")


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to an incident.

    Attributes:
        id: The incident.
        text: What is shown.
        before: What is before it in the cell.
    """

    id: str
    text: str
    before: str = ""

    def __str__(self) -> str:
        return f"{self.before} {self.text}" if self.before else self.text


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: Its head.
        right: Numbers are at its right.
        elastic: It gives way where the page is too narrow: it is cut, or broken into lines if it ``wraps``.
        wraps: Nothing of it may be left out.
        whole: It is never broken into lines.
    """

    name: str
    right: bool = False
    elastic: bool = False
    wraps: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a cell for each column in each row."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Link, ...], ...]


@dataclass(frozen=True, slots=True)
class ReportSection:
    """One section of the report.

    Attributes:
        heading: Its head.
        table: Its table; None where it has none.
        findings: What is wrong, where, and what helps.
        notes: Sentences below.
    """

    heading: str
    table: Table | None = None
    findings: tuple[ReportFinding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing under the heading."""
        return not (self.findings or self.notes or (self.table and self.table.rows))
