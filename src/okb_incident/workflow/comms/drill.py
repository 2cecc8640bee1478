"""The notice that a message of a drill carries in its note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.comms.drill import body_with_notice
from okb_incident.vault.note.note import join, split

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident


def marked_note(incident: Incident, text: str) -> str:
    """Return the note of a message; that of a drill with the notice, wherever its text came from."""
    if not incident.is_drill:
        return text
    parts = split(text)
    return join(parts._replace(body=body_with_notice(parts.body, parts.eol)))
