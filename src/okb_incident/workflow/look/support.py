"""What support teams need to know of an incident: how many tickets there are, and the last message to users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.comms.communication import message_of
from okb_incident.core.comms.support_line import headline_of, last_to_users
from okb_incident.core.guidance.support import for_support
from okb_incident.errors import OkbError
from okb_incident.vault.note.note import split
from okb_incident.workflow.document import companions
from okb_incident.workflow.reference import Target

if TYPE_CHECKING:
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.session import Session


def support_lines(session: Session, record: Record) -> tuple[str, ...]:
    """Return the lines of the summary for support teams."""
    policy = session.vault.settings.policy
    return tuple(for_support(record, policy, headline_of(text_to_users(session, record)), session.now))


def text_to_users(session: Session, record: Record) -> str:
    """Return the text of the last message to users; empty where none went out, or its note cannot be read."""
    last = last_to_users(record)
    if last is None:
        return ""
    target = Target(record.incident.id, record.incident.path)
    paths = (path for path in companions(session, target, "update ") if path.endswith(f"/{last.note}.md"))
    try:
        return next((message_of(split(session.vault.read(path).text).body) for path in paths), "")
    except (OkbError, OSError):
        return ""
