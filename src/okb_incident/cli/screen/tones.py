"""Which tone a text has on a terminal. Colour repeats what the words say, so that nothing is lost without it."""

from __future__ import annotations

import re

LATE = "bold red"
SOON = "yellow"
STRONG = "bold"
DIM = "dim"
COMMAND = "cyan"

#: Severities, statuses of incidents, and states of actions, follow-ups, messages and reviews.
STATES = {
    "SEV1": "bold red",
    "SEV2": "red",
    "undetermined": "yellow",
    "triage": "yellow",
    "monitoring": "cyan",
    "resolved": "green",
    "closed": "dim",
    "declined": "dim",
    "merged": "dim",
    "draft": "yellow",
    "approved": "cyan",
    "sent": "green",
    "requested": "yellow",
    "granted": "green",
    "done": "green",
    "cancelled": "dim",
    "late": LATE,
}

#: Columns of second rank: dim, and the first to go where the screen is too narrow, in this order.
SECONDARY = (
    "findings",
    "reviewer",
    "author",
    "found in",
    "meaning",
    "kind",
    "period",
    "last update",
    "also in",
    "file",
)

#: Columns whose words are states or deadlines; elsewhere the same word may be anybody's text.
TELLING = frozenset({"severity", "status", "state", "review", "due", "next"})


def state_tone(text: str) -> str:
    """Return the tone of a severity, a status or a state; empty for a usual one."""
    return STATES.get(text, "")


def due_tone(text: str) -> str:
    """Return the tone of a deadline in words: ``12m late``, ``in 4m``."""
    if re.search(r"\blate\b", text):
        return LATE
    # Within a quarter of an hour a deadline is worth a look.
    soon = re.match(r"in (?:\d+s|(\d+)m)$", text)
    return SOON if soon and int(soon[1] or 0) < 15 else ""


def cell_tone(column: str, text: str) -> str:
    """Return the tone of a cell of a table."""
    if column in TELLING and (tone := due_tone(text) or state_tone(text)):
        return tone
    return DIM if column in SECONDARY or text == "–" else ""
