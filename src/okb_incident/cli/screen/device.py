"""The terminal at hand: its width, its signs, and lines broken into rows that fit it."""

from __future__ import annotations

import re
import sys
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from okb_incident.cli.output import PLAIN_SIGNS, command_words
from okb_incident.cli.screen.forms import width
from okb_incident.cli.screen.tones import COMMAND
from okb_incident.command import Command
from okb_incident.core.text.terminal_text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okb_incident.cli.screen.lines import Line

LONG_WORD = 16
"""Cells of a word's beginning that are worth more than the blanks in its place."""
CONTINUED = " \\"
"""What joins the rows of a command when it is pasted."""


def console() -> Console:
    """Return rich's view of the terminal; a dumb one has a width, too."""
    return Console(width=width(), highlight=False, markup=False, emoji=False)


def print_rows(rows: Iterable[Text]) -> None:
    """Print rows that fit."""
    out = console()
    for row in rows:
        out.print(row, no_wrap=True, overflow="ignore", crop=False)


def _encodes(sign: str) -> bool:
    try:
        sign.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def signs(text: str) -> str:
    """Return a text in the signs that the terminal has, so that it is as wide as it is measured."""
    if text.isascii() or _encodes(text):
        return text
    return "".join(sign if _encodes(sign) else PLAIN_SIGNS.get(sign, "?") for sign in text)


def cut(text: str, cells: int) -> str:
    """Cut a line to so many cells, with …: behind a word, or within the word where it is a long one."""
    if cell_len(text) <= cells:
        return text
    dots = signs("…")
    ends = accumulate(map(cell_len, text))
    kept = "".join(sign for sign, end in zip(text, ends, strict=True) if end <= cells - cell_len(dots))
    whole = kept if text[len(kept) : len(kept) + 1].isspace() else kept.rpartition(" ")[0]
    if cell_len(kept) - cell_len(whole) > LONG_WORD:
        whole = kept
    return (whole.rstrip(" ,;:·–-") or kept) + dots if cells >= cell_len(dots) else text[:cells]


class _Word(NamedTuple):
    """A word, with the blanks before it.

    Attributes:
        blanks: The blanks.
        text: The word.
        tone: Its style.
        is_inside: Whether it continues a command, so that a row that ends before it ends in a backslash.
        goes_on: Whether a word of the same command follows.
    """

    blanks: str
    text: str
    tone: str
    is_inside: bool = False
    goes_on: bool = False


def rows_of(line: Line, cells: int | None = None) -> list[Text]:
    """Return the rows of a line on the terminal."""
    cells = cells or width()
    if line.is_cut:
        return [_cut_row(line, cells)]
    rows, hang = [Text()], " " * line.hang
    for word in _words(line):
        room = cells - (len(CONTINUED) if word.goes_on else 0)
        row = rows[-1]
        if row.plain.strip() and row.cell_len + len(word.blanks) + cell_len(word.text) > room:
            if word.is_inside:
                row.append(CONTINUED)
            rows.append(Text(hang + ("  " if word.is_inside else "")))
        else:
            row.append(word.blanks)
        row = rows[-1]
        fitting = word.text if word.tone == COMMAND else cut(word.text, cells - row.cell_len)
        row.append(fitting, style=word.tone or None)
    for row in rows:
        row.rstrip()
    return rows


def _cut_row(line: Line, cells: int) -> Text:
    row = Text()
    for part in line.parts:
        text = " ".join(command_words(part.text)) if isinstance(part.text, Command) else safe_text(part.text)
        row.append(signs(text), style=part.tone or None)
    kept = cut(row.plain, cells)
    if kept != row.plain:
        dots = signs("…")
        row = row[: len(kept) - len(dots)]
        row.append(dots)
    return row


def _words(line: Line) -> Iterator[_Word]:
    blanks = ""
    for part in line.parts:
        if isinstance(part.text, Command):
            words = [signs(word) for word in command_words(part.text)]
            for place, word in enumerate(words):
                tone = COMMAND
                yield _Word(" " if place else blanks, word, tone, place > 0, place + 1 < len(words))
            blanks = ""
            continue
        for found in re.finditer(r"(\s*)(\S*)", signs(safe_text(part.text))):
            if found[2]:
                yield _Word(blanks + found[1], found[2], part.tone)
                blanks = ""
            else:
                blanks += found[1]
