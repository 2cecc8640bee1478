"""Incidents that are likely the one that was just opened, from the index as it stands: a hint, which never blocks anything."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.text.terminal_text import one_line
from okb_incident.vault.index.place import exists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.vault.index.peek import KnownIncident
    from okb_incident.workflow.session import Session

MOST = 2
"""Incidents that are hinted at; more would bury the answer."""


def likely_same(session: Session, incident: Incident) -> list[Text]:
    """Return which incidents are likely the same, or its earlier coming, each with the command that says so below it."""
    if not exists(session.vault.root):
        return []
    from okb_incident.core.response.similarity import is_likely_same, similarity, telling  # noqa: PLC0415 - `open` needs them only here
    from okb_incident.vault.index.peek import lately  # noqa: PLC0415

    window = session.vault.settings.policy.reopen_within

    def resembles(known: KnownIncident) -> bool:
        return known.id != incident.id.text and is_likely_same(
            incident.title,
            incident.services,
            known.title,
            [name for name in known.services if name],
            apart=_apart(incident, known),
        )

    found = lately(session.vault.root, session.now - window, telling(incident.title, incident.services), resembles)
    found.sort(key=lambda known: (known.is_open, similarity(incident.title, known.title)), reverse=True)
    return [line for known in found[:MOST] for line in _hint(incident, known)]


def _apart(incident: Incident, known: KnownIncident) -> timedelta:
    """Say how long after the known one this one began; of what nobody knows, that it is long."""
    began = incident.at("detected") or incident.at("declared")
    return began - known.began if began and known.began and known.is_open else timedelta.max


def _hint(incident: Incident, known: KnownIncident) -> Iterator[Text]:
    """Return what the known incident is, and on a line of their own the commands, which can be pasted."""
    merge = Command("merge", incident.id, known.id)
    yield f"like {known.id} {one_line(known.headline)}" + ("" if known.is_open else ", which is over")
    if known.is_open:
        yield Sentence("if it is that: ", merge)
    else:
        relate = Command("relate", "--recurrence", incident.id, known.id)
        reopen = Command("reopen", "REASON", incident=known.id)
        yield Sentence("if it is back: ", relate, ", or ", reopen, " and ", merge)
