"""What `check` finds about a breach of data: words that are not in the vocabulary, and a notice before its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command
from okb_incident.core.incident.describe import LOSSES
from okb_incident.core.response.duty import problems
from okb_incident.core.response.property_words import words_of
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.values.problem import Problem
from okb_incident.core.values.properties import link_target, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.incident.incident import Incident
    from okb_incident.workflow.session import Session


def of_notice(session: Session, incident: Incident) -> Iterator[Problem]:
    """Name what of the data of an incident, and of the notice to an authority, cannot be used as it is written."""
    for key in (*LOSSES, "data_classes"):
        allowed = words_of(session.vault.settings, key)
        known = {word.lower() for word in allowed}
        for text in texts_of(incident.properties.get(key)):
            if link_target(text).lower() not in known:
                message = f"{key} is {shorten(text)!r}; allowed are {', '.join(allowed)}"
                remedy = Command("set", key, incident=incident.id)
                yield Problem(incident.path, incident.lines.get(key), "unknown-word", message, remedy)
    yield from problems(incident, session.zone)
