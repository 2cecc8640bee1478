"""Entries of the timeline that both sides changed in one place: they are a set in order, not lines of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.vault.merge.agreement import agree, pick
from okb_incident.vault.merge.hunks import hunks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class Timed(NamedTuple):
    """An entry: its line with all that belongs to it, and its moment where one can be read."""

    text: str
    at: datetime | None


class Edits(NamedTuple):
    """What one side did to the entries of a place.

    Attributes:
        now: For each entry of the base its index in the side, None where it was removed.
        added: The indices of those that come from none of the base.
    """

    now: list[int | None]
    added: list[int]


def merge_entries(
    base: Sequence[Timed], ours: Sequence[Timed], theirs: Sequence[Timed]
) -> tuple[list[Timed], list[tuple[int | None, int | None]]]:
    """Merge entries: what a side added stays, what it removed goes, what it edited is edited.

    An entry that theirs added goes to its chronological place, else below the one it follows there; one that both added
    stays once.

    Returns:
        The entries, and the clashes: indices in ours and theirs of an entry that both changed. It stays as in ours.
    """
    one, other = _edits(base, ours), _edits(base, theirs)
    merged: list[Timed | None] = list(ours)
    clashes = []
    for old, at, other_at in zip(base, one.now, other.now, strict=True):
        sides = old.text, _text(ours, at), _text(theirs, other_at)
        if not agree(*sides):
            clashes.append((at, other_at))
        elif at is not None and pick(*sides) != sides[1]:
            merged[at] = None if other_at is None else theirs[other_at]
    result = [entry for entry in merged if entry is not None]
    have = {entry.text.strip() for entry in result}
    for at in other.added:
        if theirs[at].text.strip() not in have:
            result.insert(_place(result, theirs, at), theirs[at])
    return result, clashes


def _text(side: Sequence[Timed], at: int | None) -> str | None:
    return None if at is None else side[at].text


def _edits(base: Sequence[Timed], side: Sequence[Timed]) -> Edits:
    """Distinguish edited entries from removed and added ones: they still begin with the same moment, or are at the same place."""
    now: list[int | None] = []
    added = []
    new_at = 0
    old_texts, texts = [entry.text for entry in base], [entry.text for entry in side]
    for hunk in hunks(old_texts, texts):
        now += range(new_at, hunk.new_start)
        free = list(range(hunk.new_start, hunk.new_stop))
        heirs: dict[int, int] = {}
        for same in (_head, _anything):
            for at in range(hunk.start, hunk.stop):
                heir = next((each for each in free if same(texts[each]) == same(old_texts[at])), None)
                if at not in heirs and heir is not None:
                    heirs[at] = heir
                    free.remove(heir)
        now += [heirs.get(at) for at in range(hunk.start, hunk.stop)]
        added += free
        new_at = hunk.new_stop
    return Edits([*now, *range(new_at, len(side))], added)


def _head(text: str) -> list[str]:
    return text.split(None, 2)[:2]


def _anything(_: str) -> None:
    """Return what all entries have in common."""


def _place(result: Sequence[Timed], theirs: Sequence[Timed], at: int) -> int:
    """Return the place of an entry that theirs added."""
    moment = theirs[at].at
    if moment is not None and any(entry.at for entry in result):
        known = (each for each in range(len(result) - 1, -1, -1) if _is_at_most(result[each], moment))
        place = next(known, -1) + 1
        while 0 < place < len(result) and result[place].at is None:
            place += 1
        return place
    for each in range(at - 1, -1, -1):
        if theirs[each] in result:
            return result.index(theirs[each]) + 1
    return 0


def _is_at_most(entry: Timed, moment: datetime) -> bool:
    return entry.at is not None and entry.at <= moment
