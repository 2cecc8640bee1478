"""Titles: one line that a person typed, or another tool has kept, made fit to head a note."""

from __future__ import annotations

from okb_incident.core.text.quoting import defuse

LONGEST_TITLE = 200
"""Characters of an incident's title that are still read as one."""

#: Parts of composed emoji, which are not printable characters of their own.
JOINERS = "\u200d\ufe0f"


def as_title(text: str) -> str:
    """Make one line of a text: control characters and line ends become blanks, and nothing in it can be executed."""
    printable = "".join(sign if sign.isprintable() or sign in JOINERS else " " for sign in text)
    return defuse(" ".join(printable.split()))
