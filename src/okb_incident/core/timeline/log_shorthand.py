"""What people type for `log`: the short forms of a timeline line, turned into those of the kinds.

``rollback: …`` is a change, ``h1 confirmed`` and ``h2 refuted`` end a hypothesis, a hypothesis without a name gets the next one, an
impact may leave out its moment or give it as a time of day, and a change may end in ``, ref …`` as it is. A word before a colon
that is nearly a kind stays part of a note, and the kind that was meant, perhaps, is told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.timeline.kinds import KINDS, NEVER_EXTERNAL
from okb_incident.core.timeline.task import next_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, tzinfo

    from okb_incident.core.timeline.impact_shorthand import ImpactWords

KIND = re.compile(r"(?P<kind>[A-Za-z]+):(?:\s+|$)(?P<text>.*)", re.DOTALL)
#: What has another meaning before other words, as in "h2 wrong cable order", ends a hypothesis only before a comma or a colon, or last.
ENDED = re.compile(
    r"(?P<name>h\d+):?\s+(?:(?P<sure>confirmed|ruled out)(?:\s*[,:.]\s*|\s+|\Z)"
    r"|(?:refuted|rejected|disproved|wrong)(?:\s*[,:]\s*|\s*\.?\s*\Z))(?P<text>.*)",
    re.IGNORECASE | re.DOTALL,
)
OWN_NAME = re.compile(r"h\d+\s", re.IGNORECASE)
COUNTED = re.compile(r"(?:note:\s*)?tickets:", re.IGNORECASE)
NOTED = re.compile(r"note:\s*", re.IGNORECASE)
WAYS = ("attempt", "fix", "rollback")

TICKETS = "tickets"
"""Begins the count of the support tickets, which is a note and goes with a property."""

INSIDE = frozenset({"run", "alert", *NEVER_EXTERNAL})
"""Kinds that are never fit for the public as they are: what comes from outside the team, and money."""

BY_VERB = {"status": "ack, identify, mitigate, resolve, close", "severity": "severity", "reopen": "reopen"}
"""Kinds that a verb writes, because they go with a property."""

OFFERED = tuple(sorted({*KINDS, *WAYS} - {*BY_VERB, "note"}))
LIKENESS = 0.85
"""From which likeness on a word is taken for a mistyped kind; `charge` and `section` are less like one than that."""


class ShorthandLine(NamedTuple):
    """A line as it was said.

    Attributes:
        kind: A kind of the timeline's table.
        payload: Its payload; of a hypothesis without a name, what follows the name.
        is_unnamed: It is a hypothesis that has no name yet.
        ends: The short name of the hypothesis that it confirms or rules out.
        meant: The kind that was meant, perhaps, by the word before the colon of a note.
        impact: What it says of a service.
        is_count: It is a note that counts the support tickets.
    """

    kind: str
    payload: str
    is_unnamed: bool = False
    ends: str | None = None
    meant: str | None = None
    impact: ImpactWords | None = None
    is_count: bool = False

    def named(self, used: Iterable[str]) -> str:
        """Return the payload with the next name after those that are used, where it has none."""
        return f"{next_name('h', used)} {self.payload}" if self.is_unnamed else self.payload


def understand(text: str, zone: tzinfo, moment: Callable[[str, str, bool], datetime], at: datetime) -> ShorthandLine:
    """Part a kind from its payload; without one, the text is a note.

    Args:
        text: What was typed, on one line.
        zone: The vault's zone.
        moment: Reads a moment as people type it, from its words, the name of its place, and whether it may be ahead.
        at: When it happened, for an impact that does not say since when.

    Raises:
        ValueError: The payload does not fit its kind, with a sentence.
    """
    if ended := ENDED.fullmatch(text):
        return _ended(ended)
    if COUNTED.match(text):
        return _counted(text)
    found = KIND.fullmatch(text)
    word = found["kind"].lower() if found else ""
    payload = found["text"] if found else text
    if word in WAYS:
        return _fitting(ShorthandLine("change", f"{word}: {payload}"), zone)
    if word not in KINDS:
        return ShorthandLine("note", text, meant=_kind_like(word, payload) if payload else None)
    if word == "hypothesis" and (ended := ENDED.fullmatch(payload)):
        return _ended(ended)
    if word == "hypothesis" and not OWN_NAME.match(payload):
        KINDS[word].read(f"h0 {payload}", zone)
        return ShorthandLine(word, payload, is_unnamed=True)
    if word == "impact":
        from okb_incident.core.timeline.impact_shorthand import read_impact  # noqa: PLC0415 - most lines are notes

        impact = read_impact(payload, zone, moment, at)
        return _fitting(ShorthandLine(word, impact.payload, impact=impact), zone)
    return _fitting(ShorthandLine(word, payload), zone)


def _counted(text: str) -> ShorthandLine:
    """Return a count of support tickets; what is a note on purpose may begin like one."""
    from okb_incident.core.timeline.tickets import as_count, read_count  # noqa: PLC0415 - few lines count tickets

    said = NOTED.sub("", text, count=1)
    if said == text:
        as_count(said)
    return ShorthandLine("note", said, is_count=read_count(said) is not None)


def _ended(found: re.Match[str]) -> ShorthandLine:
    """Return the end of a hypothesis in the words of its kind."""
    name, result, text = found["name"].lower(), (found["sure"] or "ruled out").lower(), found["text"].strip()
    return ShorthandLine("hypothesis", f"{name} {result}{', ' + text if text else ''}", ends=name)


def _kind_like(word: str, payload: str) -> str | None:
    """Return the kind that a word is a slip of, None where it is a word of its own; before a number it may be a count of tickets."""
    if len(word) < 5:
        return None
    from difflib import get_close_matches  # noqa: PLC0415 - hardly any line needs it

    offered = (*OFFERED, TICKETS) if payload.strip().isdecimal() else OFFERED
    close = get_close_matches(word, offered, n=1, cutoff=LIKENESS)
    close += [kind for kind in offered if kind[0] == word[0] and sorted(kind) == sorted(word)]
    # What holds the whole kind, or is within it, is another word: decisions, source.
    return next((kind for kind in close if kind not in word and word not in kind[1:]), None)


def _fitting(said: ShorthandLine, zone: tzinfo) -> ShorthandLine:
    KINDS[said.kind].read(said.payload, zone)
    return said
