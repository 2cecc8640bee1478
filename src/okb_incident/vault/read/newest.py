"""The newest incidents as the heads of their notes say it now: for hints, where an index may be a moment too old.

Nothing is decided by it, and it never fails: what cannot be read is left out, and so is what may not be shown.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from okb_incident.core.incident.schema import note_type, read_incident
from okb_incident.errors import OkbError
from okb_incident.vault.read.peek import head, is_plainly_over
from okb_incident.vault.read.restricted import says_so

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.settings.settings import Settings
    from okb_incident.core.values.identity import IncidentId

MOST_OPEN, MOST_HEADS = 20, 60
"""Open notes, and notes in all, that are looked at."""


def newest(
    root: str, after: IncidentId, names: Iterable[str], may_be: Callable[[bytes], bool], settings: Settings
) -> Iterator[Incident]:
    """Return those of the newest incidents that are worth reading, the newest first.

    Args:
        root: The vault.
        after: The id that was given last.
        names: Those of files that its year's incidents have; listing them anew would take longer than all the rest.
        may_be: Whether the head of a note is worth reading: that takes longer than all the rest.
        settings: Those of the vault.
    """
    seen = still_open = 0
    for path in _paths(after, names, settings):
        if seen == MOST_HEADS or still_open == MOST_OPEN:
            return
        data = _head(root, path)
        if data is None:
            continue
        seen += 1
        still_open += not is_plainly_over(data)
        incident = _read(data, path, settings) if may_be(data) else None
        if incident is not None and not incident.restricted and not is_kept_secret(root, incident.id, settings):
            yield incident


def _paths(after: IncidentId, names: Iterable[str], settings: Settings) -> Iterator[str]:
    """Return where the notes of the newest incidents usually are; by name, which nearly every pattern orders by day."""
    for name in sorted(set(names), reverse=True):
        found = settings.ids.read(name.removesuffix(".md"))
        if found is not None and found != after:
            yield f"{settings.folders.incidents}/{found.day.year}/{name}"


def _head(root: str, path: str) -> bytes | None:
    try:
        return head(os.path.join(root, path))
    except OkbError:
        return None


def _read(data: bytes, path: str, settings: Settings) -> Incident | None:
    """Read the head of a note as an incident; None where it is none."""
    block = data[4 : data.find(b"\n---", 3) + 1]
    text = data.decode(errors="replace").replace("\r\n", "\n")
    end = text.find("\n---\n", 3) + 1
    if not end or not text.startswith("---\n") or says_so(block):
        return None
    values, lines = _properties(text, end, path)
    return read_incident(values, lines, path, settings)[0] if note_type(values) == "incident" else None


def _properties(text: str, end: int, path: str) -> tuple[Mapping[str, object], Mapping[str, int]]:
    """Read the properties that end there. Most notes are told apart before that, so `open` need not load what reads them."""
    from okb_incident.vault.yaml import flat  # noqa: PLC0415

    plain = flat.read(text[4:end])
    if plain is not None:
        return plain
    from okb_incident.vault.note.properties import read  # noqa: PLC0415

    found = read(text, path)
    return found.values, found.lines


def is_kept_secret(root: str, incident_id: IncidentId, settings: Settings) -> bool:
    """Return whether a restricted note has that id, of which another one is a copy."""
    folder = settings.folders.restricted
    places = (f"{folder}/{incident_id}.md", f"{folder}/{incident_id.day.year}/{incident_id}.md")
    return any(os.path.lexists(os.path.join(root, place)) for place in places)
