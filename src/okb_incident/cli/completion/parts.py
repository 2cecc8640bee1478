"""The parts of a usage such as ``[REF] SEVERITY [REASON]…``, and which of them the word at the cursor may be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

GROUP = re.compile(r"\[(?P<inside>[^\]]+)\]…?|(?P<alone>[^\s\[\]]+)")
OR, MANY = "|", "…"


class Part(NamedTuple):
    """A part of a usage.

    Attributes:
        name: ``ROLE``; words that are typed as they are, such as ``ok|fail``, are in small letters.
        is_many: It may be several words.
        left_out: How many parts are left out with it where it does not come: those of its brackets; 0 where it must come.
    """

    name: str
    is_many: bool = False
    left_out: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """What it may be: ``PERSON`` and ``TEAM`` of ``PERSON|TEAM``."""
        return tuple(self.name.split(OR))


def parts_of(usage: str) -> list[Part]:
    """Part a usage; what is in brackets may be left out as a whole."""
    found: list[Part] = []
    for group in GROUP.finditer(usage):
        names = (group["inside"] or group["alone"]).replace(f" {OR} ", OR).split()
        parts = [Part(name.replace(MANY, ""), MANY in name + group[0][-1]) for name in names]
        if group["inside"]:
            parts[0] = parts[0]._replace(left_out=len(parts))
        found += parts
    return found


def may_come(parts: Sequence[Part], words: Sequence[str], fits: Callable[[str, str], bool]) -> list[Part]:
    """Return the parts that the word after some words may be.

    A word is the first part that it fits, as a command reads it; a part that must come and does not fit ends the line.

    Args:
        parts: Those of the command.
        words: The words before.
        fits: Whether a word can be what a name stands for.
    """
    at, typed = 0, set()
    for word in words:
        taken = next((place for place in _next(parts, at) if _fits(parts[place], word, fits)), None)
        if taken is None:
            return []
        at = taken if parts[taken].is_many else taken + 1
        typed |= {parts[taken]._replace(is_many=False)}
    # A part that a usage shows in two places comes once.
    return [parts[place] for place in _next(parts, at) if not parts[place].left_out or parts[place] not in typed]


def _fits(part: Part, word: str, fits: Callable[[str, str], bool]) -> bool:
    return any(word.lower() == name if name.islower() else fits(name, word) for name in part.names)


def _next(parts: Sequence[Part], at: int) -> Iterator[int]:
    """Yield the places of the parts that may come next: from one on, up to the first that must."""
    begin = at
    while at < len(parts):
        yield at
        part = parts[at]
        if not part.left_out and not (part.is_many and at == begin):
            return
        at += part.left_out or 1
