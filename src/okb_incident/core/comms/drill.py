"""Messages of a drill: they are practiced to the last word, carry the notice that nothing is wrong, and are delivered to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.comms.communication import HEADING, message_of
from okb_incident.core.incident.incident import DRILL, says_drill

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident

NOTICE = f"{DRILL}: this is an exercise, not a real incident."
"""The first line of every message of a drill: its text may leave the terminal, whatever our hooks do."""


def outgoing_text(incident: Incident, text: str) -> str:
    """Return the text of a message as it goes out: that of a drill begins with the notice, or with the word itself."""
    return text if not incident.is_drill or says_drill(text) else f"{NOTICE}\n\n{text}"


def body_with_notice(body: str, line_end: str = "\n") -> str:
    """Return the body of a message's note with the notice below its heading, unless the message says so already.

    Args:
        body: The note without its frontmatter.
        line_end: How its lines end.
    """
    if says_drill(message_of(body)):
        return body
    heading = HEADING.match(body)
    place = heading.end() if heading else 0
    rest = body[place:]
    gap = "" if rest.startswith(("\n", "\r\n")) else line_end
    return f"{body[:place]}{line_end}{NOTICE}{line_end}{gap}{rest}"
