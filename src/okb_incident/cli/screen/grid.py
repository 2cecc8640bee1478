"""A table fitted to a terminal: cells wrap between words, and where there is little room the text goes below its row."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple, Self

from rich.cells import cell_len
from rich.text import Text

from okb_incident.cli.screen.device import console, cut, signs
from okb_incident.cli.screen.forms import width
from okb_incident.cli.screen.tones import DIM, SECONDARY, cell_tone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GAP = 2
LONGEST_WORD = 20
"""Cells that a column keeps for its longest word; a longer word is cut where there is no room."""
NARROWEST_TEXT = 24
"""Cells below which the text of a row goes below the row."""
INDENT = 2
TEXTS = ("title", "what", "meaning", "command", "answer", "incidents")
"""Columns that hold a text, of which the first that a table has may go below the row; otherwise it is the last."""


class Grid(NamedTuple):
    """Cells with a place for each.

    Attributes:
        names: The names of the columns.
        cells: The cells, the heads first.
        widths: The width of each column that is shown beside the others, by its place.
        below: The place of the column that goes below its row; None where it has room beside the others.
        right: The places of the columns that are aligned to the right.
    """

    names: Sequence[str]
    cells: Sequence[Sequence[str]]
    widths: dict[int, int]
    below: int | None
    right: frozenset[int] = frozenset()

    @classmethod
    def of(cls, names: Sequence[str], cells: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> Self:
        """Fit cells to the terminal."""
        cells = [[signs(text) for text in row] for row in cells]
        room = width()
        columns = dict(enumerate(zip(*cells, strict=True)))
        # A column in which no row has anything takes no room.
        columns = {place: column for place, column in columns.items() if any(column[1:])} or columns
        natural = {place: max(map(cell_len, column)) for place, column in columns.items()}
        least = {place: _least(column) for place, column in columns.items()}
        main = next((place for name in TEXTS for place in columns if names[place] == name), max(columns))
        beside = [place for place in columns if place != main]
        needed = sum(least[place] + GAP for place in beside)
        below = (
            main if beside and _total(natural) > room and room - needed < min(natural[main], NARROWEST_TEXT) else None
        )
        kept = beside if below is not None else list(columns)
        for name in SECONDARY:
            if _total({place: least[place] for place in kept}) <= room:
                break
            kept = [place for place in kept if names[place] != name]
        # On a screen that is narrower still the last columns go; the first tells which row it is.
        for place in reversed([each for each in kept[1:] if each != main]):
            if _total({each: least[each] for each in kept}) <= room:
                break
            kept.remove(place)
        widths = _widths({place: natural[place] for place in kept}, least, room)
        return cls(names, cells, widths, below, right)

    def rows(self) -> Iterator[Text]:
        """Return the rows, and below them which columns had no room."""
        for number, row in enumerate(self.cells):
            yield from self._row(row, is_head=not number)
        left = [name for place, name in enumerate(self.cells[0]) if self._is_left_out(place)]
        if left:
            yield Text(cut(f"not shown at this width: {', '.join(left)}", width()), style=DIM)

    def _is_left_out(self, place: int) -> bool:
        return place not in self.widths and place != self.below and any(row[place] for row in self.cells[1:])

    def _row(self, row: Sequence[str], *, is_head: bool) -> Iterator[Text]:
        tones = [DIM if is_head else cell_tone(name, text) for name, text in zip(self.names, row, strict=True)]
        parts = [_wrapped(row[place], room, tones[place]) for place, room in self.widths.items()]
        for line in zip_longest(*parts, fillvalue=Text()):
            shown = Text()
            for (place, room), part in zip(self.widths.items(), line, strict=True):
                blanks = " " * (room - part.cell_len)
                shown += Text.assemble(blanks, part) if place in self.right else Text.assemble(part, blanks)
                shown.append(" " * GAP)
            shown.rstrip()
            yield shown
        if self.below is not None:
            room = width() - INDENT
            for part in _wrapped(row[self.below], room, tones[self.below]):
                yield Text.assemble(" " * INDENT, part)


def _wrapped(text: str, room: int, tone: str) -> list[Text]:
    """Break a cell between words into rows of a width; a word that is longer is cut."""
    fitted = " ".join(cut(word, room) for word in text.split(" "))
    rows = list(Text(fitted, style=tone).wrap(console(), room))
    for row in rows:
        row.rstrip()
    return rows


def _least(column: Sequence[str]) -> int:
    """Return what a column needs for its longest word."""
    return min(max(cell_len(word) for text in column for word in (text.split() or [""])), LONGEST_WORD)


def _total(widths: dict[int, int]) -> int:
    return sum(widths.values()) + GAP * (len(widths) - 1)


def _widths(natural: dict[int, int], least: dict[int, int], room: int) -> dict[int, int]:
    """Return widths that fit: the widest column is narrowed first, and none below its longest word while another can be."""
    widths = dict(natural)
    while _total(widths) > room:
        wide = [place for place, cells in widths.items() if cells > least[place]] or list(widths)
        widest = max(wide, key=widths.__getitem__)
        if widths[widest] <= 1:
            break
        widths[widest] -= 1
    return widths
