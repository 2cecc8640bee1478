"""What people type for the impact on a service: a level and since when, or that the service works again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.timeline.impact_lines import LONGEST_SERVICE
from okb_incident.core.values.moment import write_moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

LEVELS = ("down", "degraded", "at-risk")

SPAN = re.compile(
    r"(?P<head>.*?)(?:,?\s+(?:from|since)\s+(?P<start>\S+?))?(?:,?\s+(?:to|until|till)\s+(?P<end>\S+?))?\s*", re.DOTALL
)
PLANNED = re.compile(r",?\s+planned\b", re.IGNORECASE)
BE = r"(?:(?:is|are|was|were|has been)\s+)?"
LEVEL = re.compile(
    rf"(?P<service>.+?)\s+{BE}(?P<level>down|degraded|at[- ]risk)(?P<rest>\s*(?:,.*|\d.*)?)", re.IGNORECASE | re.DOTALL
)
AGAIN = re.compile(
    rf"(?P<service>.+?)\s+{BE}(?:restored|recovered|healthy|ok(?:ay)?|up|back(?: up)?|works|working)(?:\s+again)?"
    r"(?:\s+(?:at|since|from)\s+(?P<at>\S+?))?\s*[.!]?\s*",
    re.IGNORECASE | re.DOTALL,
)
DETAIL = re.compile(
    r"(?:share\s+)?(?P<share>\d+(?:[.,]\d+)?)\s*%(?:\s+of\s+\w+)?"
    r"|(?:users\s+(?P<users>~?\d+(?:\s*[-–]\s*\d+)?)|(?P<count>~?\d+(?:\s*[-–]\s*\d+)?)\s+users)",
    re.IGNORECASE,
)
MEANT = {
    "down": (
        "broken",
        "dead",
        "failed",
        "failing",
        "fails",
        "off",
        "offline",
        "out",
        "outage",
        "unavailable",
        "gone",
        "major",
    ),
    "degraded": (
        "slow",
        "partial",
        "partly",
        "flaky",
        "impaired",
        "disrupted",
        "limited",
        "minor",
        "intermittent",
        "bad",
    ),
    "at-risk": ("risk", "threatened", "endangered", "risky", "warning"),
}
"""The words for a level that people use elsewhere; they are offered, never read."""


class ImpactWords(NamedTuple):
    """What was typed of a service.

    Attributes:
        payload: The payload of a line.
        service: The service, as it was typed.
        level: Its level; empty where it works again.
        restored: When it worked again; None where it has a level.
        planned: It is planned.
    """

    payload: str
    service: str
    level: str
    restored: datetime | None = None
    planned: bool = False


class ImpactFault(ValueError):  # noqa: N818 - a fault of the data, as core.problem calls it
    """A fault in what was typed for an impact.

    Attributes:
        meant: The words that were meant, perhaps, after ``impact:``.
    """

    def __init__(self, message: str, meant: str | None = None) -> None:
        """Keep the sentence and what was meant."""
        super().__init__(message)
        self.meant = meant


def read_impact(typed: str, zone: tzinfo, moment: Callable[[str, str, bool], datetime], at: datetime) -> ImpactWords:
    """Read what was typed after ``impact:``.

    Args:
        typed: The words.
        zone: The vault's zone.
        moment: Reads a moment as people type it, from its words, the name of its place, and whether it may be ahead.
        at: When the line happened, for an impact that does not say since when.

    Raises:
        ImpactFault: They name no service, no level, or hold something else.
    """
    text = " ".join(typed.split())
    if again := AGAIN.fullmatch(text):
        when = moment(again["at"], "at", False) if again["at"] else at
        service = _service(again["service"])
        return ImpactWords(f"{service} restored at {write_moment(when, zone)}", service, "", when)
    planned = PLANNED.search(text) is not None
    found = SPAN.fullmatch(PLANNED.sub("", text))
    assert found is not None, "every part of it may be missing"
    head = found["head"].strip().rstrip(",")
    named = LEVEL.fullmatch(head)
    if named is None:
        raise _no_level(head, text)
    service, level = _service(named["service"]), named["level"].lower().replace(" ", "-")
    start = moment(found["start"], "from", planned) if found["start"] else at
    end = moment(found["end"], "to", planned) if found["end"] else None
    if end is not None and end < start:
        raise ImpactFault(
            f"an impact cannot end before it begins (from {write_moment(start, zone)} to {write_moment(end, zone)})"
        )
    until = f" to {write_moment(end, zone)}" if end else ""
    what = f"{service} {level}{_details(named['rest'])} from {write_moment(start, zone)}{until}"
    return ImpactWords(f"{what}, planned" if planned else what, service, level, planned=planned)


def _service(typed: str) -> str:
    """Return a service that a line can name.

    Raises:
        ImpactFault: It has a sign that parts a line, or is too long to be a name.
    """
    name = typed.strip()
    if re.search("[,:→]", name):
        raise ImpactFault(
            f"the name of a service has no comma, colon or arrow (got {shorten(name)!r}); log one service per entry"
        )
    if len(name) > LONGEST_SERVICE:
        raise ImpactFault(f"the name of a service has at most {LONGEST_SERVICE} characters (got {len(name)})")
    return name


def _details(rest: str) -> str:
    """Return share and users as a line has them.

    Raises:
        ImpactFault: There is something else.
    """
    share = users = ""
    for part in filter(None, (each.strip() for each in rest.split(", "))):
        found = DETAIL.fullmatch(part.strip(" ,"))
        if found is None:
            raise ImpactFault(
                f"an impact has a level, a share and users, and no place for {shorten(part.strip(' ,'))!r}; log that as an entry of its own"
            )
        if found["share"]:
            share = f", share {found['share'].replace(',', '.')}%"
        else:
            users = f", users {(found['users'] or found['count']).replace(' ', '')}"
    return share + users


def _no_level(head: str, text: str) -> ImpactFault:
    """Return the fault of words without a level, with the level that was meant, perhaps."""
    allowed = f"{', '.join(LEVELS)} or restored"
    if not head:
        return ImpactFault(f"an impact needs a service and a level: {allowed}; such as impact: checkout down")
    if head.lower().replace(" ", "-") in LEVELS:
        return ImpactFault(f"an impact needs a service before the level, such as impact: checkout {head.lower()}")
    before, _, word = head.partition(",")[0].rpartition(" ")
    level = _meant(word.lower()) if before else None
    if not level:
        return ImpactFault(f"{shorten(head)!r} has no level; choose from {allowed}, such as impact: checkout down")
    meant = f"{before} {level}{text[text.index(head) + len(before) + 1 + len(word) :]}"
    return ImpactFault(f"unknown level {shorten(word)!r}; choose from {allowed}", meant)


def _meant(word: str) -> str | None:
    """Return the level that a word means, perhaps."""
    for level, words in MEANT.items():
        if word in words:
            return level
    from difflib import get_close_matches  # noqa: PLC0415 - hardly any line needs it

    return next(iter(get_close_matches(word, (*LEVELS, "restored"), n=1, cutoff=0.6)), None)
