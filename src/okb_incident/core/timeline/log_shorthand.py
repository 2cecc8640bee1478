"""What people say to `log`: the short forms of a timeline line, turned into those of the kinds.

``rollback: …`` is a change, ``h1 confirmed`` is a hypothesis, a hypothesis without a name gets the next one, an impact may leave out
its moment or give it as a time of day, and a change may end in ``, ref …`` as it stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.timeline.task import next_name
from okb_incident.core.values.moment import write_moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from okb_incident.core.timeline.record import Record

KIND = re.compile(r"(?P<kind>[A-Za-z]+):(?:\s+|$)(?P<text>.*)", re.DOTALL)
NAMED = re.compile(r"(?P<name>h\d+)\s+(?:confirmed|ruled out)\b.*", re.IGNORECASE | re.DOTALL)
OWN_NAME = re.compile(r"h\d+\s", re.IGNORECASE)
SPAN = re.compile(
    r"(?P<head>.*?)(?:\s+from\s+(?P<start>\S+))?(?:\s+to\s+(?P<end>\S+?))?(?P<planned>,\s*planned)?\s*", re.DOTALL
)
WAYS = ("attempt", "fix", "rollback")

INSIDE = frozenset({"run", "alert"})
"""Kinds that come from outside the team, and so are never fit for the public as they stand."""


class ShorthandLine(NamedTuple):
    """A line as it was said.

    Attributes:
        kind: A kind of the timeline's table.
        payload: Its payload; of a hypothesis without a name, what follows the name.
        is_unnamed: It is a hypothesis that has no name yet.
    """

    kind: str
    payload: str
    is_unnamed: bool = False

    def named(self, record: Record) -> str:
        """Give the payload with the next free name, where it has none."""
        return f"{next_name('h', record.names('h'))} {self.payload}" if self.is_unnamed else self.payload


def understand(text: str, zone: tzinfo, moment: Callable[[str], datetime], at: datetime) -> ShorthandLine:
    """Part a kind from its payload; without one, the text is a note.

    Args:
        text: What was typed, on one line.
        zone: The vault's zone.
        moment: Reads a moment as people type it.
        at: When it happened, for an impact that does not say since when.

    Raises:
        ValueError: The payload does not fit its kind, with a sentence.
    """
    if NAMED.fullmatch(text):
        return _fitting(ShorthandLine("hypothesis", text), zone)
    found = KIND.fullmatch(text)
    word = found["kind"].lower() if found else ""
    payload = found["text"] if found else text
    if word in WAYS:
        return _fitting(ShorthandLine("change", f"{word}: {payload}"), zone)
    if word not in KINDS:
        return ShorthandLine("note", text)
    if word == "hypothesis" and not OWN_NAME.match(payload):
        KINDS[word].read(f"h0 {payload}", zone)
        return ShorthandLine(word, payload, is_unnamed=True)
    if word == "impact":
        payload = _spanned(payload, zone, moment, at)
    return _fitting(ShorthandLine(word, payload), zone)


def _fitting(said: ShorthandLine, zone: tzinfo) -> ShorthandLine:
    KINDS[said.kind].read(said.payload, zone)
    return said


def _spanned(payload: str, zone: tzinfo, moment: Callable[[str], datetime], at: datetime) -> str:
    """Give an impact with its moments written out; one that names none began when the line happened."""
    found = SPAN.fullmatch(payload)
    assert found is not None, "every part of it may be missing"
    start = moment(found["start"]) if found["start"] else at
    end = f" to {write_moment(moment(found['end']), zone)}" if found["end"] else ""
    return f"{found['head'].strip()} from {write_moment(start, zone)}{end}{found['planned'] or ''}"
