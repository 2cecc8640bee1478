"""The notice to an authority among the messages: its option, what its template knows, and the time of it in the incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.comms.notice import AUDIENCE, AUTHORITY, NOTICE, reader_of
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.session import Session


TOLD_OF_DUTY = ("management-briefing", "assessment")
"""The templates that tell colleagues of the duty to notify."""


def notice_kind(audience: str, *, notice: bool, typed: str | None = None) -> str | None:
    """Return the kind of a message for which ``--notice`` may have been typed; None where neither it nor a kind was.

    Raises:
        UsageError: It was typed for another audience, or with another kind.
    """
    if not notice:
        return typed
    if audience != AUDIENCE:
        raise UsageError(
            f"--notice is for {AUDIENCE}, among whom the authority is (got {audience})",
            field="--notice",
            value=audience,
            allowed=(AUDIENCE,),
            hint=f'incident tell {AUDIENCE} "Card numbers were copied." --notice',
        )
    if typed not in {None, NOTICE}:
        raise UsageError(
            f"--notice is a kind of its own (got {typed}); leave one of the two out",
            field="--notice",
            value=typed,
            allowed=(NOTICE,),
        )
    return NOTICE


def refuse_promise(kind: str | None, next_by: str | None) -> None:
    """Refuse the promise of a next update in a notice: nobody would be reminded of it.

    Raises:
        UsageError: There is one.
    """
    if kind == NOTICE and next_by:
        raise UsageError(
            "--next is for updates; write in the notice when more information follows",
            field="--next",
            value=next_by,
            hint=Sentence("to be reminded: ", Command("action add")),
        )


def of_template(session: Session, record: Record, name: str) -> Mapping[str, object]:
    """Return the values that only the template of a notice, a briefing or an assessment knows; none for any other."""
    if name not in {f"{AUDIENCE}-{NOTICE}", *TOLD_OF_DUTY}:
        return {}
    from okb_incident.core.guidance.notice_facts import duty_sentence, notice_facts  # noqa: PLC0415

    policy = session.vault.settings.policy
    if name in TOLD_OF_DUTY:
        return {"duty_to_notify": duty_sentence(record, session.zone_name, session.now, policy)}
    return {"notice": notice_facts(record, session.zone_name, session.now, policy)}


def stamped(record: Record, change: Change, at: datetime) -> Change:
    """Return the change of a message that goes out, with the time of the first notice where it is one."""
    message = change.outgoing
    if message is None or reader_of(message.audience, message.kind) != AUTHORITY:
        return change
    from okb_incident.core.response.duty import notified  # noqa: PLC0415 - few messages are notices

    sent = notified(record, at)
    said = change.said if sent else f"{change.said}, a follow-up: the first notice counts"
    return change._replace(properties={**change.properties, **sent}, moments={**change.moments, **sent}, said=said)


def delivered(changed: ChangedIncident) -> ChangedIncident:
    """Return what a command did, with a note where a notice is stamped that a hook did not deliver."""
    message = changed.change.outgoing
    if not changed.undelivered or "notified" not in changed.change.properties or message is None:
        return changed
    undo = Command("set", "notified=", incident=changed.incident.id)
    note = Sentence("notified is set, as the message was recorded as sent; if the authority does not get it: ", undo)
    return changed._replace(notes=(*changed.notes, note))
