"""Identity: the id that people say aloud, and the uid that never changes."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

TOKENS = {"YYYY": r"(?P<year>\d{4})", "MM": r"(?P<month>\d{2})", "DD": r"(?P<day>\d{2})", "NN": r"(?P<number>\d{2,})"}
TOKEN = re.compile("|".join(TOKENS))
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
LONGEST_PATTERN = 40
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class IncidentId(NamedTuple):
    """An incident's id, ordered by day and number.

    Attributes:
        day: The day of `declared` in the vault's zone; for an import, of the start.
        number: Which of that day, from 1; ordered as a number, so -100 follows -99.
        text: As written; the note's file name.
    """

    day: date
    number: int
    text: str

    def __str__(self) -> str:
        return self.text


class IdPattern:
    """How ids look: ``INC-YYYYMMDD-NN`` unless a setting says otherwise.

    Raises:
        ValueError: The pattern lacks a part, or holds what a file name or a link cannot.
    """

    def __init__(self, pattern: str = "INC-YYYYMMDD-NN") -> None:
        parts = TOKEN.findall(pattern)
        if sorted(parts) != sorted(TOKENS):
            raise ValueError("an id must hold YYYY, MM, DD and NN once each, such as INC-YYYYMMDD-NN")
        if not SAFE.fullmatch(pattern) or len(pattern) > LONGEST_PATTERN:
            raise ValueError(
                f"an id may hold only letters, digits and hyphens, at most {LONGEST_PATTERN}, such as INC-YYYYMMDD-NN"
            )
        self.text = pattern
        self._form = TOKEN.sub(
            lambda found: {"YYYY": "{0:04d}", "MM": "{1:02d}", "DD": "{2:02d}"}.get(found[0], "{3:02d}"), pattern
        )
        literal_or_token = re.split(f"({TOKEN.pattern})", pattern)
        self._read = re.compile("".join(TOKENS.get(part, re.escape(part)) for part in literal_or_token), re.IGNORECASE)

    def read(self, text: str) -> IncidentId | None:
        """Read an id, None where the text is not exactly one; letters may be of either case."""
        found = self._read.fullmatch(text.strip())
        if not found:
            return None
        try:
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
            number = int(found["number"])
        except ValueError:
            # No such day, or thousands of digits, which Python refuses to read.
            return None
        return self.write(day, number) if number > 0 else None

    def lead(self, name: str) -> tuple[IncidentId, str] | None:
        """Read the id with which a note's name begins, and return it with what follows; None where the name begins with none."""
        found = self._read.match(name)
        rest = name[found.end() :] if found else ""
        known = self.read(found[0]) if found and not rest[:1].isalnum() else None
        return (known, rest) if known else None

    def write(self, day: date, number: int) -> IncidentId:
        """Return the id of a day's n-th incident."""
        return IncidentId(day, number, self._form.format(day.year, day.month, day.day, number))

    def start_of(self, day: date) -> str:
        """Return what all ids of a day begin with: as much as the pattern has before the number."""
        known = day.year, day.month, day.day
        return self._form.partition("{3")[0].format(*known)


def names_companion(rest: str) -> bool:
    """Return whether a note is an assessment, a message or a review, by what follows the id in its name."""
    return re.fullmatch(r" (?:(?:assessment|update) \d+\b.*|review)", rest) is not None


def ulid(milliseconds: int, random: bytes, after: str | None = None) -> str:
    """Write a ULID: 48 bits of time and 80 of chance in Crockford's base 32 (github.com/ulid/spec).

    Args:
        milliseconds: Since 1970, on the real clock.
        random: Ten bytes of chance.
        after: A ULID that this one must follow, also where the clock was set back: then it is the next one.
    """
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(random, "big")
    text = _in_base_32(value)
    if after is not None and text <= after:
        return _in_base_32(sum(CROCKFORD.index(sign) << 5 * place for place, sign in enumerate(reversed(after))) + 1)
    return text


def _in_base_32(value: int) -> str:
    return "".join(CROCKFORD[value >> 5 * place & 31] for place in range(25, -1, -1))
