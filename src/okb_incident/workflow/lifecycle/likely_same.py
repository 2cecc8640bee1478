"""Incidents that are likely the one that was just opened: a hint, which never blocks anything.

The index remembers all that are open or were over lately. It may be older than the last seconds, in which somebody else may have
opened the same, so the newest notes are looked at as well.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.text.terminal_text import one_line
from okb_incident.vault.disk.cache import exists
from okb_incident.vault.read.newest import is_kept_secret, newest
from okb_incident.vault.read.peek import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.vault.index.peek import KnownIncident
    from okb_incident.workflow.session import Session

MOST = 2
"""Incidents that are hinted at; more would bury the answer."""


def likely_same(session: Session, incident: Incident, names: Sequence[str]) -> list[Text]:
    """Return which incidents are likely the same, or its earlier coming, each with the command that says so below it.

    Args:
        session: The session.
        incident: The one that was just opened.
        names: Those of the files that its year's incidents had before: whoever opens the same later is told of this one.
    """
    from okb_incident.core.response.similarity import OTHERWISE, is_likely_same, similarity, telling  # noqa: PLC0415 - `open` needs them only here

    root, settings = session.vault.root, session.vault.settings
    words = telling(incident.title, incident.services)

    def resembles(known: KnownIncident) -> bool:
        return known.id != incident.id.text and is_likely_same(
            incident.title,
            incident.services,
            known.title,
            [name for name in known.services if name],
            apart=_apart(incident, known),
        )

    def may_resemble(head: bytes) -> bool:
        block = head[: head.find(b"\n---", 3) + 1].lower()
        if words is None:
            return True
        if not any(word.encode() in block for word in words):
            return False
        # What is escaped or cut off at a glance is another title when it is read.
        title = None if b"\\" in block or b" #" in block else value_of(head, b"title")
        services = (name.lower().encode() in block for name in incident.services)
        return title is None or any(services) or similarity(incident.title, title) >= OTHERWISE

    found = {}
    if exists(root):
        from okb_incident.vault.index.peek import lately  # noqa: PLC0415 - many vaults have no index yet

        remembered = lately(root, session.now - settings.policy.reopen_within, words, resembles)
        found = {known.id: known for known in remembered}
    left = MOST
    for known in map(_as_known, newest(root, incident.id, names, may_resemble, settings)):
        # What was over meanwhile is remembered as open.
        resembling = known.id in found or (known.is_open and resembles(known))
        if resembling:
            found[known.id] = known
        left -= resembling and known.is_open
        if not left:
            break
    shown = (known for known in found.values() if not _is_secret(session, known))
    best = sorted(shown, key=lambda known: known.id, reverse=True)
    best.sort(key=lambda known: (known.is_open, similarity(incident.title, known.title)), reverse=True)
    return [line for known in best[:MOST] for line in _hint(incident, known)]


def _is_secret(session: Session, known: KnownIncident) -> bool:
    settings = session.vault.settings
    which = settings.ids.read(known.id)
    return which is not None and is_kept_secret(session.vault.root, which, settings)


def _as_known(incident: Incident) -> KnownIncident:
    from okb_incident.vault.index.peek import KnownIncident  # noqa: PLC0415 - few incidents resemble another

    severity = incident.severity.label if incident.severity else None
    moments = (incident.at("detected") or incident.at("declared"), incident.at("resolved"))
    status, which = str(incident.status or ""), incident.id.text
    return KnownIncident(
        which, incident.path, status, severity, incident.title, incident.services, *moments, incident.nature
    )


def _apart(incident: Incident, known: KnownIncident) -> timedelta:
    """Return how long after the known one this one began; of what nobody knows, that it is long."""
    began = incident.at("detected") or incident.at("declared")
    return began - known.began if began and known.began and known.is_open else timedelta.max


def _hint(incident: Incident, known: KnownIncident) -> Iterator[Text]:
    """Return what the known incident is, and on a line of their own the commands, which can be pasted."""
    merge = Command("merge", incident.id, known.id)
    yield f"like {known.id} {one_line(known.headline)}" + ("" if known.is_open else ", which is over")
    if known.is_open:
        yield Sentence("if it is that: ", merge)
    else:
        relate = Command("relate", incident.id, known.id, options=("--recurrence",))
        reopen = Command("reopen", incident=known.id)
        yield Sentence("if it is back: ", relate, ", or ", reopen, " and ", merge)
