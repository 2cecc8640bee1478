"""What the category and the source of an incident bring with them: the category that is missing, and the restriction.

`Policy.handling` decides; an incident that is opened asks it directly, and here a change of one that exists follows it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.incident.change import LogLine
from okb_incident.core.values.properties import text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.policy import Policy
    from okb_incident.core.settings.settings import Settings

HANDLING = frozenset({"category", "detected_by"})
"""The properties that decide how an incident is handled, and so who may know of it."""

SOURCE_OF_ALERT = re.compile(r"(?P<source>[^\s,:]+)(?=[,:]|\s+firing\b|\s*\Z)")
"""The first word of an alert is its source where it ends there: ``security: …``, ``security firing``; not ``security scanner is slow``."""

RESTRICTED = "restricted"
RELEASED = "no longer restricted"
"""What the timeline says of the decision that all may know again."""


def source_of(alert: str) -> str | None:
    """Return the source that an alert in the timeline names; None where it names none."""
    found = SOURCE_OF_ALERT.match(alert)
    return found["source"] if found else None


def word_in(vocabulary: Iterable[str], text: str | None) -> str | None:
    """Return a word in the spelling of a vocabulary; None where the vocabulary lacks it."""
    return next((word for word in vocabulary if text and word.casefold() == text.casefold()), None)


def with_handling(
    change: Change, incident: Incident, settings: Settings, at: datetime, source: str | None = None
) -> Change:
    """Add to a change what the category and the source of the incident bring, once the change is made.

    The incident is restricted if it was not handled so before the change: whoever lifted the restriction since then meant it.

    Args:
        change: What a command decided.
        incident: The incident before it.
        settings: The vault's.
        at: When.
        source: The source of an alert that the change logs; it counts only where incidents of that source are restricted.
    """
    if change.is_empty or (source is None and HANDLING.isdisjoint(change.properties)):
        return change
    policy = settings.policy
    if source and not policy.handling(None, source).restricted:
        return change
    old_source = incident.detected_by
    category = text_of(change.properties["category"]) if "category" in change.properties else incident.category
    new_source = text_of(change.properties["detected_by"]) if "detected_by" in change.properties else old_source
    before = policy.handling(incident.category, old_source)
    after = policy.handling(category, source or new_source)
    lacks = {"detected_by": source if not new_source else None}
    if "category" not in change.properties and not category:
        lacks["category"] = after.category
    allowed = settings.vocabulary._asdict()
    brought = {key: word for key, text in lacks.items() if (word := word_in(allowed[key], text))}
    lines = [LogLine("note", f"{key}: – → {value}", at) for key, value in brought.items()]
    said = [f"{key} – → {value}" for key, value in brought.items()]
    if after.restricted and not before.restricted and not incident.restricted:
        brought["visibility"] = RESTRICTED
        lines.append(LogLine("note", RESTRICTED, at))
        said.append(RESTRICTED)
    return change._replace(
        properties={**change.properties, **brought},
        lines=(*change.lines, *lines),
        said="; ".join([change.said, *said]),
    )


def with_alerts(change: Change, incident: Incident, settings: Settings, at: datetime) -> Change:
    """Add to a change what the first alert among its entries brings whose source is one of restricted incidents."""
    sources = (source_of(line.text) for line in change.lines if line.kind == "alert")
    tried = (with_handling(change, incident, settings, at, source) for source in sources if source)
    return next((each for each in tried if each != change), change)


def lacking(incident: Incident, policy: Policy) -> tuple[str, ...]:
    """Return the properties that the category and the source of an incident ask for and that it lacks."""
    missing = [key for key in policy.category(incident.category).requires if not texts_of(incident.properties.get(key))]
    if policy.handling(incident.category, incident.detected_by).tlp and not text_of(incident.properties.get("tlp")):
        missing.append("tlp")
    return tuple(missing)
