"""Scope: a level of the vault's vocabulary, the narrowest first, and free text behind it, such as ``region eu-west, web only``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = r"[-_\s]+"
"""What may be between the words of a level: ``single user`` is ``single-user``."""

END = r"(?=\Z|[\s,;:.(–—])"
"""What a level ends before; ``region-wide`` and ``teams`` begin with other words."""

JOINED = re.compile(r"[\s,;:.–—]*")
NEAR = 0.8
"""From which likeness on a first word is taken for a mistyped level."""
LONGEST_WORD = 40
"""Characters of a first word that are compared."""


class Scope(NamedTuple):
    """How far an incident reaches.

    Attributes:
        level: A level of the vocabulary, in its spelling; None where the text begins with none.
        text: What is said beyond the level.
    """

    level: str | None
    text: str


def read_scope(text: str, levels: Sequence[str]) -> Scope:
    """Read a scope: its level in any case, with a blank or a hyphen between its words; a text without a level stays as it is."""
    level, behind = _parted(text, levels)
    return Scope(level, behind if level is None else JOINED.sub("", behind, count=1))


def write_scope(text: str, levels: Sequence[str]) -> str:
    """Return a scope with its level in the spelling of the vocabulary; all else stays as it was typed."""
    level, behind = _parted(text, levels)
    return (level or "") + behind


def place_of(level: str | None, levels: Sequence[str]) -> int | None:
    """Return the place of a level, 0 for the narrowest; None for text without a level."""
    return levels.index(level) if level in levels else None


def meant_level(text: str, levels: Sequence[str]) -> str | None:
    """Return the level that the first word of a text nearly is; None where it is one, or like none."""
    scope = read_scope(text, levels)
    if scope.level is not None or not scope.text:
        return None
    from difflib import get_close_matches  # noqa: PLC0415 - few scopes are mistyped

    known = {level.casefold(): level for level in levels}
    first = scope.text[:LONGEST_WORD].casefold().split()[0].strip(",;:.")
    close = get_close_matches(first, known, n=1, cutoff=NEAR)
    return known[close[0]] if close else None


def _parted(text: str, levels: Sequence[str]) -> tuple[str | None, str]:
    """Return the level with which a text begins, the longest that fits, and what is behind it."""
    line = " ".join(text.split())
    for level in sorted(levels, key=len, reverse=True):
        words = GAP.join(map(re.escape, re.split(GAP, level)))
        if found := re.match(words + END, line, re.IGNORECASE):
            return level, line[found.end() :]
    return None, line
