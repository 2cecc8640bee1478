"""Resemblance: whether two incidents are likely the same, by their titles and services.

The measure is the Dice coefficient of the telling words of both titles (L. R. Dice, Ecology 26, 1945): twice the shared words over
all words. docs/duplicates.md has its precision and recall, and how they were measured.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
#: Words that titles of incidents share whatever happened.
COMMON = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "can",
        "cannot",
        "could",
        "do",
        "does",
        "down",
        "error",
        "errors",
        "fail",
        "failing",
        "fails",
        "failed",
        "failure",
        "for",
        "from",
        "had",
        "has",
        "have",
        "in",
        "is",
        "issue",
        "issues",
        "it",
        "its",
        "no",
        "not",
        "of",
        "off",
        "on",
        "or",
        "our",
        "out",
        "problem",
        "problems",
        "since",
        "some",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "to",
        "too",
        "unavailable",
        "up",
        "was",
        "we",
        "were",
        "when",
        "with",
    ]
)
SAME_SERVICE, OTHERWISE = 0.3, 0.55
"""What two titles need to have in common where the incidents share a service, and where they do not."""


def words_of(title: str) -> frozenset[str]:
    """Give the telling words of a title, without their most common endings."""
    found = (_stem(word) for word in WORD.findall(title.lower()) if word not in COMMON)
    return frozenset(word for word in found if len(word) > 1 or word.isdecimal())


def _stem(word: str) -> str:
    """Take off what English adds to a word; crude, and the same for both titles."""
    for end in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(end) and len(word) - len(end) >= 3 and not word.endswith("ss"):
            return word.removesuffix(end)
    return word


def likeness(one: str, other: str) -> float:
    """Give the Dice coefficient of two titles, between 0 and 1."""
    a, b = words_of(one), words_of(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def is_likely_same(one: str, services: Iterable[str], other: str, other_services: Iterable[str]) -> bool:
    """Say whether two incidents are likely one: their titles are alike, or alike enough on a service that both hit."""
    shared = {name.lower() for name in services} & {name.lower() for name in other_services}
    return likeness(one, other) >= (SAME_SERVICE if shared else OTHERWISE)
