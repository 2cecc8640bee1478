"""What base, ours and theirs agree on, and how it is said where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


class Clash(NamedTuple):
    """One place that both sides changed, each in its own way.

    Attributes:
        what: The property, the task, or what else is there.
        ours: Its first line in ours, counted from 1, and the line after its last; equal where ours has nothing there.
        theirs: The same in theirs.
    """

    what: str
    ours: tuple[int, int]
    theirs: tuple[int, int]

    def __str__(self) -> str:
        return f"both sides changed {self.what}: {_lines(self.ours)} in ours, {_lines(self.theirs)} in theirs"


def _lines(span: tuple[int, int]) -> str:
    first, last = span[0], span[1] - 1
    if last < first:
        return "removed"
    return f"line {first}" if first == last else f"lines {first}-{last}"


def agree(base: object, ours: object, theirs: object) -> bool:
    """Return whether at most one side changed something, or both did the same."""
    return base in (ours, theirs) or ours == theirs


def pick(base: T, ours: T, theirs: T) -> T:
    """Return what the side has that changed something; ours where both did."""
    return theirs if ours == base else ours


def merged_order(base: Iterable[str], ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """Return the names of all three in one order: that of ours, or of theirs where only theirs changed the order.

    A name that only the other side has goes below the one that it follows there.
    """
    lead, other = dict.fromkeys(ours), dict.fromkeys(theirs)
    shared = {name: None for name in base if name in lead and name in other}
    if [*shared] == [name for name in lead if name in shared] != [name for name in other if name in shared]:
        lead, other = other, lead
    order = list(lead)
    place = 0
    for name in other:
        if name in lead:
            place = order.index(name) + 1
        else:
            order.insert(place, name)
            place += 1
    return order
