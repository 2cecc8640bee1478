"""Finding properties that hold another word than they may; they are kept as they are, and shown as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.response.property_words import words_of
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.properties import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.incident.incident import Incident
    from okb_incident.workflow.session import Session

CLOSED = ("sla",)
"""Properties that hold one word of a closed set, and that reading an incident leaves as they are."""


def of_words(session: Session, incident: Incident) -> Iterator[Problem]:
    """Yield a problem for each property that holds no word of its set, or several."""
    for key in CLOSED:
        value = incident.properties.get(key)
        if value in (None, "", []):
            continue
        allowed, words = words_of(session.vault.settings, key), texts_of(value)
        if len(words) != 1 or words[0].lower() not in allowed:
            shown = shorten(", ".join(words)) if words else "a structure"
            message = f"{key} is {shown!r}; allowed are {', '.join(allowed)}"
            remedy = Command("set", key, incident=incident.id)
            yield Problem(incident.path, incident.lines.get(key, 1), "unknown-word", message, remedy)
