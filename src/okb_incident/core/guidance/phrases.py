"""Phrases: the sentences that a message makes of a record: its headline, spans of time, an apology, what changes afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.response.service_impact import ServiceImpact

STATES = {
    Status.TRIAGE: "Investigating",
    Status.INVESTIGATING: "Investigating",
    Status.IDENTIFIED: "Identified",
    Status.MONITORING: "Monitoring",
    Status.RESOLVED: "Resolved",
    Status.CLOSED: "Resolved",
}
"""The state with which a headline begins, as status pages name it."""

MAINTENANCE, ANNOUNCEMENT = "maintenance", "announcement"
NO_PROBLEM = frozenset({MAINTENANCE, ANNOUNCEMENT})
"""The natures of what is planned or made known, in which nothing went wrong by itself."""

UNNAMED = "our service"
"""What a message calls services none of which has a public name."""

APOLOGY = "We are sorry for the disruption."

DATA = {
    "none": "No data was lost.",
    "some": "Some data was lost.",
    "unknown": "It is not known whether data was lost.",
}
"""What the record holds on data loss, as a sentence."""

#: A word in small letters, or one with a capital first and no other: neither a name such as iOS nor one such as API.
PLAIN_WORD = re.compile(r"[^\W\d_][a-zß-öø-ÿ]*(?![\w.@/-])")


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence: ``a, b and c``."""
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last


def state_of(incident: Incident, now: datetime, begins: datetime | None) -> str:
    """Return the state with which a headline begins; empty for one that was set aside.

    Args:
        incident: The incident.
        now: The present moment.
        begins: When a maintenance begins, as planned.
    """
    state = STATES.get(incident.status, "") if incident.status else ""
    if not state or incident.nature not in NO_PROBLEM:
        return state
    if incident.nature == ANNOUNCEMENT:
        return "Announcement"
    if state == "Resolved":
        return "Maintenance completed"
    if begins is None:
        return "Maintenance"
    return "Scheduled maintenance" if begins > now else "Maintenance in progress"


def public_subject(nature: str | None, title: str, services: Sequence[str]) -> str:
    """Return what a public headline is about.

    Args:
        nature: The nature of the incident.
        title: Its public title; empty where none is set. The internal title is never used.
        services: Its services, by the names that customers know.
    """
    named = listed(services) or UNNAMED
    return title or (opened(named) if nature in NO_PROBLEM else f"Problem with {named}")


def headline(state: str, subject: str) -> str:
    """Return the headline of a message, the state first."""
    return f"{state}: {subject}" if state else subject


def spelled_out(seconds: float) -> str:
    """Return a duration as a message spells it: ``43 minutes``, ``1 hour and 8 minutes``, ``2 days and 4 hours``."""
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    if minutes < 60:
        return _counted(minutes, "minute")
    if minutes < 48 * 60:
        return listed([_counted(minutes // 60, "hour"), *([_counted(minutes % 60, "minute")] if minutes % 60 else [])])
    hours = round(seconds / 3600)
    return listed([_counted(hours // 24, "day"), *([_counted(hours % 24, "hour")] if hours % 24 else [])])


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def opened(text: str) -> str:
    """Return a text as a sentence begins: with a capital letter, unless its first word is a name in small letters."""
    first = PLAIN_WORD.match(text)
    return text[:1].upper() + text[1:] if first else text


def sentence(text: str) -> str:
    """Return what somebody wrote in a line as a sentence: with a capital letter, and an end."""
    whole = opened(text.strip())
    return f"{whole}." if whole[-1:].isalnum() or whole[-1:] in {")", '"', "”", "%"} else whole


def apology(nature: str | None, impacts: Iterable[ServiceImpact]) -> str:
    """Return the apology for a disruption; empty where nothing was disrupted, or only what was announced."""
    if nature is None or (
        nature == MAINTENANCE and any(not each.planned for impact in impacts for each in impact.periods)
    ):
        return APOLOGY
    return ""


def prevention(tasks: Sequence[str]) -> str:
    """Return what changes afterwards as a sentence; empty where nothing is agreed.

    Args:
        tasks: What is done, each in the imperative: ``Alert on pool use.``
    """
    steps = [_in_a_sentence(each) for each in tasks]
    return f"To prevent this from happening again, we will {listed(steps)}." if steps else ""


def _in_a_sentence(text: str) -> str:
    words = text.strip().rstrip(".")
    return words[:1].lower() + words[1:] if PLAIN_WORD.match(words) else words
