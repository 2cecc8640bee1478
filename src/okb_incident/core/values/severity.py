"""Severity: a scale of named levels, read in any spelling and never rewritten."""

from __future__ import annotations

import re
from typing import NamedTuple

UNDETERMINED = "undetermined"
NUMBER = r"(?i)(?:sev(?:erity)?|s|p)?[\s._-]*(?P<number>\d)"
WORDS = {"critical": 1, "high": 2, "major": 2, "medium": 3, "moderate": 3, "low": 4, "minor": 4}


class Severity(NamedTuple):
    """One level of the scale.

    Attributes:
        rank: 1 is the worst; ``undetermined`` is 0, because policy treats it as the worst until it is set.
        label: Its name in the settings: ``SEV1``.
        meaning: What it stands for, shown where one is chosen.
    """

    rank: int
    label: str
    meaning: str = ""

    def __str__(self) -> str:
        return self.label

    @property
    def tag(self) -> str | None:
        """Return the tag that follows it: ``sev/1``."""
        return f"sev/{self.rank}" if self.rank else None


NOT_YET = Severity(0, UNDETERMINED, "not assessed yet; treated as the highest until it is")


class SeverityScale(NamedTuple):
    """The levels of a vault, worst first.

    Attributes:
        levels: Each with its definition.
    """

    levels: tuple[Severity, ...]

    def read(self, text: str) -> Severity | None:
        """Find the level that a text means, in any usual spelling: ``SEV1``, ``sev-1``, ``1``, ``critical``."""
        word = " ".join(text.split())
        if word.lower() == UNDETERMINED:
            return NOT_YET
        for level in self.levels:
            if level.label.lower() == word.lower():
                return level
        found = re.fullmatch(NUMBER, word)
        rank = int(found["number"]) if found else WORDS.get(word.lower(), 0)
        return next((level for level in self.levels if level.rank == rank), None)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the names a person may choose from."""
        return (*(level.label for level in self.levels), UNDETERMINED)


DEFAULT_SCALE = SeverityScale(
    (
        Severity(1, "SEV1", "most users cannot use the product, data is being lost, or attackers are in"),
        Severity(2, "SEV2", "an important part fails for many users, and there is no good way around it"),
        Severity(3, "SEV3", "some users are hindered, or there is a way around it"),
        Severity(4, "SEV4", "hardly anyone notices; to be repaired in working hours"),
    ),
)
