"""Faults found in data, as values: one broken note never stops a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from okb_incident.command import Text


class Problem(NamedTuple):
    """One fault of one note.

    Attributes:
        path: The note, relative to the vault, with ``/``.
        line: Its line, counted from 1; None where the whole note is meant.
        code: A stable word, such as ``bad-yaml``; `incident check` documents them.
        message: One sentence that says what is wrong.
        hint: What to do about it.
    """

    path: str
    line: int | None
    code: str
    message: str
    hint: Text | None = None

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.code}: {self.message}"
