"""Three texts laid beside each other, line by line or unit by unit: where at least one side differs from the base.

Lines that occur once in both texts hold them together, as in the patience diff; only what is between two of those is left
to difflib, which takes long where many lines are alike.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.vault.merge.agreement import agree, pick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LARGEST_COMPARED = 4_000_000
"""Beyond so many pairs of lines a stretch without anything that occurs once counts as rewritten: some tenths of a second."""

HEADING = re.compile(r" {0,3}#{1,6}[ \t]")


class Hunk(NamedTuple):
    """A stretch of the base, which may be empty, and what one side has in its place."""

    start: int
    stop: int
    new_start: int
    new_stop: int


class Region(NamedTuple):
    """A stretch that at least one side changed, in each of the three."""

    base: slice
    ours: slice
    theirs: slice


def weave(
    base: Sequence[str],
    ours: Sequence[str],
    theirs: Sequence[str],
    contested: Callable[[Region], Sequence[str]],
) -> list[str]:
    """Join the changes of both sides; what is in a region that both changed differently is asked for."""
    woven: list[str] = []
    at = 0
    for region in regions(base, ours, theirs):
        woven += base[at : region.base.start]
        sides = base[region.base], ours[region.ours], theirs[region.theirs]
        woven += pick(*sides) if agree(*sides) else contested(region)
        at = region.base.stop
    return [*woven, *base[at:]]


def regions(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Region]:
    """Return the changed stretches in order; changes of both sides that meet are one."""
    found = [(hunk, 0) for hunk in hunks(base, ours)] + [(hunk, 1) for hunk in hunks(base, theirs)]
    found.sort(key=lambda each: (each[0].start, each[0].stop))
    sides = ours, theirs
    shift = [0, 0]
    group: list[tuple[Hunk, int]] = []
    stop = 0

    def region() -> Region:
        start = group[0][0].start
        spans = []
        for side in (0, 1):
            begin = start + shift[side]
            shift[side] += sum(_growth(hunk) for hunk, of in group if of == side)
            spans.append(slice(begin, stop + shift[side]))
        return Region(slice(start, stop), *spans)

    for hunk, side in found:
        meets = hunk.start < stop or (
            hunk.start == stop
            and any(
                of != side and each.stop == stop and _cling(each, sides[of], hunk, sides[side], base)
                for each, of in group
            )
        )
        if group and not meets:
            yield region()
            group = []
        stop = max(stop, hunk.stop) if group else hunk.stop
        group.append((hunk, side))
    if group:
        yield region()


def _growth(hunk: Hunk) -> int:
    return (hunk.new_stop - hunk.new_start) - (hunk.stop - hunk.start)


def _cling(above: Hunk, above_side: Sequence[str], below: Hunk, below_side: Sequence[str], base: Sequence[str]) -> bool:
    """Return whether two changes that touch must be looked at together.

    So must two insertions, whose order nobody knows, changes of the same line, and what is added at the end of a section that
    the other side deletes: it would end up in another one.
    """
    if above.start == below.stop:
        return True
    gone, new = base[above.start : above.stop], above_side[above.new_start : above.new_stop]
    gone_below, new_below = base[below.start : below.stop], below_side[below.new_start : below.new_stop]
    if not gone_below and any(HEADING.match(line) for line in set(gone).difference(new)):
        return True
    touched, touched_below = {*gone, *new}, {*gone_below, *new_below}
    return any(line.strip() for line in touched & touched_below) or touched == touched_below


def hunks(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Return what differs between two texts, in order."""
    found = []
    at, new_at = 0, 0
    for start, new_start, length in [*_blocks(old, new), (len(old), len(new), 0)]:
        if (start, new_start) != (at, new_at):
            found.append(Hunk(at, start, new_at, new_start))
        at, new_at = start + length, new_start + length
    return _slid(found, old, new)


def _slid(found: list[Hunk], old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Move lines that were added or deleted among equal ones down as far as they go, as git does.

    Which of two equal lines is the new one nobody can tell, but both sides must be told the same.
    """
    slid: list[Hunk] = []
    for hunk in reversed(found):
        start, stop, new_start, new_stop = hunk
        end = slid[-1].start if slid else len(old)
        while stop < end and (
            (start == stop and new[new_start] == new[new_stop]) or (new_start == new_stop and old[start] == old[stop])
        ):
            start, stop, new_start, new_stop = start + 1, stop + 1, new_start + 1, new_stop + 1
        if slid and stop == end:
            below = slid.pop()
            stop, new_stop = below.stop, below.new_stop
        slid.append(Hunk(start, stop, new_start, new_stop))
    return slid[::-1]


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Return the stretches that are the same in both: their starts and their length."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    yield 0, 0, head
    at, new_at = head, head
    end, new_end = len(old) - tail, len(new) - tail
    for anchor, new_anchor in _anchors(old[head:end], new[head:new_end]):
        start, new_start = head + anchor, head + new_anchor
        if start < at:
            continue
        yield from _between(old, new, (at, start), (new_at, new_start))
        at, new_at = start + 1, new_start + 1
        while at < end and new_at < new_end and old[at] == new[new_at]:
            at, new_at = at + 1, new_at + 1
        yield start, new_start, at - start
    yield from _between(old, new, (at, end), (new_at, new_end))
    yield end, new_end, tail


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of lines that occur once in both texts, as many as come in the same order."""
    counts, new_counts = Counter(old), Counter(new)
    places = {line: at for at, line in enumerate(new) if new_counts[line] == 1}
    pairs = [(at, places[line]) for at, line in enumerate(old) if counts[line] == 1 and line in places]
    return _longest_run(pairs)


def _longest_run(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of the pairs in which the second numbers rise, as the first ones do."""
    ends: list[int] = []  # the smallest number with which a run of each length can end, and the pair it belongs to
    last: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        if length == len(ends):
            ends.append(place)
            last.append(index)
        ends[length], last[length] = place, index
        before.append(last[length - 1] if length else -1)
    run = []
    index = last[-1] if last else -1
    while index >= 0:
        run.append(pairs[index])
        index = before[index]
    return run[::-1]


def _between(
    old: Sequence[str], new: Sequence[str], span: tuple[int, int], new_span: tuple[int, int]
) -> Iterator[tuple[int, int, int]]:
    """Return what is the same in a stretch where no line occurs once, and whose first lines differ."""
    (at, end), (new_at, new_end) = span, new_span
    while at < end and new_at < new_end and old[end - 1] == new[new_end - 1]:
        end, new_end = end - 1, new_end - 1
    if 0 < (end - at) * (new_end - new_at) <= LARGEST_COMPARED:
        from difflib import SequenceMatcher  # noqa: PLC0415 - needed only where two people changed one note

        matcher = SequenceMatcher(None, old[at:end], new[new_at:new_end], autojunk=False)
        for start, new_start, length in matcher.get_matching_blocks():
            yield at + start, new_at + new_start, length
    yield end, new_end, span[1] - end
