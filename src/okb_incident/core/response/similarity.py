"""Resemblance: whether two incidents are likely the same, by their services, their titles and when they began.

The measure is the Dice coefficient of the telling words of both titles (L. R. Dice, Ecology 26, 1945): twice the shared words over
all words. docs/duplicates.md has its precision and recall, and how they were measured.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
#: What every program writes in lower case as we do, and no encoding of text escapes.
PLAIN = re.compile(r"[a-z0-9' _.-]+")
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

AT_ONCE = timedelta(hours=2)
"""Two incidents of one service that begin so close to each other are likely one, whatever their titles say."""


@lru_cache(maxsize=1024)
def words_of(title: str) -> frozenset[str]:
    """Return the telling words of a title, without their most common endings."""
    found = (_stem(word) for word in WORD.findall(title.lower()) if word not in COMMON)
    return frozenset(word for word in found if len(word) > 1 or word.isdecimal())


def telling(title: str, services: Iterable[str]) -> frozenset[str] | None:
    """Return what to look for in many incidents before a few of them are compared.

    Any that is likely the same holds one of these, in lower case, in its title or its services. (Unless it is written with the Kelvin
    sign or the dotted İ, of which lower case makes other letters than programs for ASCII do.)

    Returns:
        None where one is not plain ASCII.
    """
    words = {*words_of(title), *(name.lower() for name in services)}
    return frozenset(words) if all(PLAIN.fullmatch(word) for word in words) else None


def _stem(word: str) -> str:
    """Take off what English adds to a word; crude, and the same for both titles."""
    for end in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(end) and len(word) - len(end) >= 3 and not word.endswith("ss"):
            return word.removesuffix(end)
    return word


def similarity(one: str, other: str, *, beside: frozenset[str] = frozenset()) -> float:
    """Return the Dice coefficient of two titles, between 0 and 1, some words left aside."""
    a, b = words_of(one) - beside, words_of(other) - beside
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def is_likely_same(
    one: str, services: Iterable[str], other: str, other_services: Iterable[str], *, apart: timedelta
) -> bool:
    """Return whether two incidents are likely one.

    They are where both hit one service at about the same time, or their titles are alike. Of a service that both hit, the name
    in the titles says nothing more.

    Args:
        one: The title of one.
        services: Its services.
        other: The title of the other.
        other_services: Its services.
        apart: How long after one the other began.
    """
    shared = {name.lower() for name in services} & {name.lower() for name in other_services}
    if not shared:
        return similarity(one, other) >= OTHERWISE
    if abs(apart) <= AT_ONCE:
        return True
    names = frozenset(word for name in shared for word in words_of(name.replace("-", " ")))
    return similarity(one, other, beside=names) >= SAME_SERVICE
