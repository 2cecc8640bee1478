"""A place in a text that both sides changed: what can be said of it without knowing what the lines mean."""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile
from typing import TYPE_CHECKING

from okb_incident.vault.merge.agreement import Clash
from okb_incident.vault.merge.hunks import weave
from okb_incident.vault.note.sections import STANDS_ALONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.vault.merge.hunks import Region


LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]")


def lines_of(text: str) -> list[str]:
    """Cut a text, whose lines all end, at its line feeds: to Obsidian nothing else ends a line."""
    return [line + "\n" for line in text.split("\n")[:-1]]


def merge_lines(
    base: Sequence[str],
    ours: Sequence[str],
    theirs: Sequence[str],
    *,
    what: str,
    first: tuple[int, int],
    both: bool,
) -> tuple[list[str], list[Clash]]:
    """Merge lines by nothing but their places.

    Args:
        base: The lines that both began with.
        ours: The lines of one side; they stay where both sides changed the same.
        theirs: The lines of the other.
        what: What they are, for clashes.
        first: The number of the first line in the note of ours, and in that of theirs.
        both: Where both sides added lines in one place, both stay; else that is a clash.
    """
    clashes = []

    def contested(region: Region) -> Sequence[str]:
        sides = base[region.base], ours[region.ours], theirs[region.theirs]
        merged = settled(*sides, both=both)
        if merged is None:
            clashes.append(clash(what, region, first))
        return sides[1] if merged is None else merged

    return weave(base, ours, theirs, contested), clashes


def clash(what: str, region: Region, first: tuple[int, int]) -> Clash:
    """Name a region of lines."""
    ours, theirs = (
        (start + side.start, start + side.stop) for start, side in zip(first, (region.ours, region.theirs), strict=True)
    )
    return Clash(what, ours, theirs)


def settled(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], *, both: bool = True
) -> Sequence[str] | None:
    """Merge a place that both sides changed; None where that would lose something.

    One side may have done all that the other did, and more. Of blank lines there is no loss. And where both only added lines,
    both stay, ours first; what they begin with in common, such as a heading, stays once.
    """
    if _has_all(base, ours, theirs):
        return ours
    if _has_all(base, theirs, ours):
        return theirs
    if not any(line.strip() for line in (*base, *ours, *theirs)):
        return max(ours, theirs, key=len)
    if base or not both:
        return None
    common = [line for line, _ in takewhile(lambda pair: pair[0] == pair[1], zip(ours, theirs, strict=False))]
    said = any(line.strip() for line in common)
    rest = theirs[len(common) if said else 0 :]
    # A paragraph right below a list would become a part of its last item.
    gap = ["\n"] if rest and LIST_ITEM.match(ours[-1]) and not STANDS_ALONE.match(rest[0]) else []
    return [*ours, *gap, *rest]


def _has_all(base: Sequence[str], one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether one side added at least what the other added, and took away at least what the other took away."""
    done, asked = Counter(one), Counter(other)
    done.subtract(base)
    asked.subtract(base)
    changes = {line: count for line, count in asked.items() if count}
    return bool(changes) and all(
        done[line] >= count if count > 0 else done[line] <= count for line, count in changes.items()
    )
