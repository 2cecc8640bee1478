"""The public report: one paragraph for everybody, derived from the review and the record.

Only lines of the review that end with ``#external`` get into it, as in the timeline; the rest comes from the moments of the record, the
public title and the public names of the services. The internal title never does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.guidance.phrases import listed, spelled_out
from okb_incident.core.guidance.wording import Clock, plain_words
from okb_incident.core.review.headings import ABOUT, RECORD, is_called, plain_title
from okb_incident.core.text.quoting import without_remarks
from okb_incident.core.values.properties import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from okb_incident.core.review.completeness import ReviewSection
    from okb_incident.core.timeline.record import Record

MARKED = re.compile(r"(?P<text>\S.*?)\s+#external", re.DOTALL)
ITEM = re.compile(r"[\s>]*(?:[-*+]|\d{1,9}[.)])\s+(?P<text>.*)")

PART = {"depth": "cause", "plan": "changes"}
"""Which part of the report a section gives, by the question that it answers; all others tell what customers saw."""

WHERE = {
    "seen": "what customers saw: mark a line of In short with #external",
    "cause": "the cause: mark a line of Contributing factors with #external",
    "changes": "what changes: mark a line of What we change and what we decided not to with #external",
}


class PublicReport(NamedTuple):
    """The paragraph.

    Attributes:
        text: The paragraph, without what is missing.
        missing: What it lacks, each with where to write it.
    """

    text: str
    missing: tuple[str, ...]


def public_report(
    record: Record, sections: Sequence[ReviewSection], services: Sequence[str], zone_name: str
) -> PublicReport:
    """Write the public report of an incident.

    Args:
        record: The incident, which is over.
        sections: The sections of its review.
        services: The services, by the names that customers know.
        zone_name: The name of the vault's zone, which is written behind each time.
    """
    properties, clock = record.incident.properties, Clock(record.zone, zone_name)
    found: dict[str, list[str]] = {part: [] for part in WHERE}
    for section in sections:
        if is_called(section.title, RECORD):
            continue
        part = PART.get(ABOUT.get(plain_title(section.title), ""), "seen")
        found[part] += (sentence(plain_words(text, clock)) for text in marked(section.text))
    lasted = _lasted(record, clock)
    title = text_of(properties.get("public_title"))
    problem = f"There was a problem with {listed(services) or 'our service'}."
    if title:
        opening = f"{title}: the problem lasted {lasted}." if lasted else sentence(title)
    else:
        opening = f"{problem} It lasted {lasted}." if lasted else problem
    told = [
        opening,
        *found["seen"],
        "No data was lost." if text_of(properties.get("data_loss")) == "none" else "",
        *found["cause"],
        *found["changes"],
        "We are sorry for the disruption.",
    ]
    missing = [] if lasted else ["when: the times at which the problem started and stopped"]
    missing += [where for part, where in WHERE.items() if not found[part]]
    return PublicReport(" ".join(filter(None, told)), tuple(missing))


def marked(text: str) -> list[str]:
    """Return the paragraphs and items of a section that are marked as fit for everybody, each on one line."""
    return [" ".join(found["text"].split()) for each in _blocks(text) if (found := MARKED.fullmatch(each))]


def _blocks(text: str) -> Iterator[str]:
    block: list[str] = []
    for line in [*without_remarks(text).splitlines(), ""]:
        item, is_text = ITEM.fullmatch(line), bool(line.strip()) and not line.startswith("#")
        if block and (item or not is_text):
            yield " ".join(block)
            block = []
        if is_text:
            block.append((item["text"] if item else line).strip())


def sentence(text: str) -> str:
    """Return a text as a sentence: with a capital at its start and a stop at its end."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}" if text else ""


def _lasted(record: Record, clock: Clock) -> str:
    """Return how long customers could notice the problem, from when to when; nothing where the record does not hold it."""
    incident = record.incident
    start, end = incident.at("started") or incident.at("detected"), incident.at("mitigated") or incident.at("resolved")
    if start is None or end is None or end < start:
        return ""
    begin, stop = start.astimezone(clock.zone), end.astimezone(clock.zone)
    lasted = spelled_out((end - start).total_seconds())
    if begin.date() == stop.date():
        span = f"from {begin:%H:%M} to {stop:%H:%M} {clock.name} on {_day(stop)}"
    else:
        span = f"from {begin:%H:%M} {clock.name} on {_day(begin)} to {stop:%H:%M} {clock.name} on {_day(stop)}"
    return f"{lasted}, {span}"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B} {at.year}"
