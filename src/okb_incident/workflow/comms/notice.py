"""The notice to an authority among the messages: its option, what its template knows, and the time of it in the incident."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from okb_incident.command import Command, Sentence
from okb_incident.core.comms.notice import AUDIENCE, AUTHORITY, NOTICE, reader_of
from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.response.duty import SENT, moment_of, notified
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import UsageError
from okb_incident.workflow.change import Terms, change_incidents
from okb_incident.workflow.hooks import retry, undelivered
from okb_incident.workflow.reference import Target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.hooks import HookResult
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

    settings = session.vault.settings
    if name in TOLD_OF_DUTY:
        return {"duty_to_notify": duty_sentence(record, settings, session.now)}
    return {"notice": notice_facts(record, settings, session.now)}


def stamped(record: Record, change: Change, at: datetime) -> Change:
    """Return the change of a message that goes out, with the time of the first notice where it is one."""
    message = change.outgoing
    if message is None or reader_of(message.audience, message.kind) != AUTHORITY:
        return change
    sent = notified(record, at)
    said = f"{change.said}; notified" if sent else f"{change.said}, a follow-up: the first notice counts"
    return change._replace(properties={**change.properties, **sent}, moments={**change.moments, **sent}, said=said)


def unless_undelivered(call: Call, target: Target, changed: ChangedIncident) -> ChangedIncident:
    """Take the time of a notice back where a hook could not deliver it: the duty goes on until it is delivered.

    Args:
        call: The call that sent it.
        target: The incident.
        changed: What was written, with the result of the delivery.
    """
    at = changed.change.properties.get(SENT)
    if not changed.undelivered or not isinstance(at, datetime):
        return changed

    def decide(record: Record) -> Change:
        if moment_of(record.incident, SENT, record.zone) != at:
            return Change(already=True)
        line = f"{SENT}: {write_moment(at, record.zone)} → –, not delivered"
        return Change(properties={SENT: None}, lines=(LogLine("note", line, call.session.now),))

    again = call.change_at(target, decide)
    said = changed.change.said.removesuffix(f"; {SENT}")
    moments = {name: each for name, each in changed.change.moments.items() if name != SENT}
    retry = Command("comms outbox", options=("--retry",))
    note = Sentence("notified is not set until the notice is delivered: ", retry)
    change = changed.change._replace(said=said, moments=moments)
    return changed._replace(incident=again.incident, record=again.record, change=change, notes=(*changed.notes, note))


def deliver_again(session: Session) -> HookResult:
    """Try to deliver what waits in the outbox, and set the time of a notice that all its hooks have taken now."""
    heard = retry(session)
    waiting = [_note_of(each.parcel.value) for each in undelivered(session, restricted=True)]
    for value in heard.delivered:
        message = value.get("message") or {}
        if (
            reader_of(str(message.get("audience")), str(message.get("kind"))) == AUTHORITY
            and _note_of(value) not in waiting
        ):
            _stamp(session, str((value.get("incident") or {}).get("id")))
    return heard


def _note_of(value: Mapping[str, Any]) -> str:
    return str((value.get("message") or {}).get("note"))


def _stamp(session: Session, name: str) -> None:
    which = session.vault.settings.ids.read(name)
    path = session.vault.path_of(which) if which else None
    if which is None or path is None:
        return

    def decide(record: Record) -> Change:
        sent = notified(record, session.now)
        line = f"{SENT}: – → {write_moment(session.now, record.zone)}, delivered"
        return Change(properties=sent, lines=(LogLine("note", line, session.now),)) if sent else Change(already=True)

    change_incidents(session, [(Target(which, path), decide)], Terms("comms outbox"))
