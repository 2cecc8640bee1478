"""Sending a message: what goes out is frozen in its note and recorded in the timeline, both in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.comms.communication import APPROVED, DRAFT, PROPERTIES, SENT
from okb_incident.core.comms.drill import outgoing_text
from okb_incident.core.comms.updates import label_of, last_of, send
from okb_incident.core.incident.change import Outgoing
from okb_incident.core.response.teams import recipients
from okb_incident.core.text.quoting import defuse
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import ConflictError, TransitionError
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.comms.comms import current_message, message_name
from okb_incident.workflow.comms.disclosure import cleared
from okb_incident.workflow.comms.drill import marked_note
from okb_incident.workflow.comms.messages import digest_of, find_message, is_not_aside
from okb_incident.workflow.comms.notice import refuse_promise, stamped, unless_undelivered
from okb_incident.workflow.comms.readiness import override, refuse_unready, undated
from okb_incident.workflow.document import edited, with_properties
from okb_incident.workflow.reference import is_open

if TYPE_CHECKING:
    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.vault import Note
    from okb_incident.vault.yaml.emit import Value
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.comms.messages import Message
    from okb_incident.workflow.reference import Target

ATTEMPTS = 5


class _ChangedMeanwhileError(ConflictError):
    """A writer saved the note, or somebody sent it, between the look at it and the lock; look again."""


def send_message(
    call: Call, channel: str | None, next_by: str | None
) -> tuple[ChangedIncident | None, Message, Incident]:
    """Send a message. What went out is frozen: its digest and the moment are kept in its note.

    Args:
        call: The call.
        channel: How it goes out.
        next_by: By when the next message comes, as typed; None for what its note says.

    Returns:
        What changed in the incident, None where it was sent before; the message; and the incident before.

    Raises:
        TransitionError: It still needs somebody's approval, was changed since it had it, or is not fit to be sent.
        InvalidNoteError: Its properties cannot be read.
        ConflictError: Somebody saves it again and again.
    """
    name = message_name(call)
    promised = call.session.moment(next_by, "--next", promise=True) if next_by else None
    target = call.target(is_open, is_not_aside)
    for _ in range(ATTEMPTS):
        message = find_message(call, target, name, fits=(DRAFT, APPROVED))
        incident = call.record(target).incident
        if message.state == SENT:
            return None, message, incident
        refuse_promise(message.kind, next_by)
        message = message._replace(text=outgoing_text(incident, message.text), promised=promised or message.promised)
        try:
            return unless_undelivered(call, target, _send(call, target, message, channel)), message, incident
        except _ChangedMeanwhileError:
            name = message.name
    raise ConflictError(
        f"{message.name} was saved by another program during each of {ATTEMPTS} attempts to send it",
        value=message.path,
        hint="Repeat the command when it is finished.",
    )


def _send(call: Call, target: Target, message: Message, channel: str | None) -> ChangedIncident:
    """Send a message as it was read, or nothing."""
    incident = call.record(target).incident

    def freeze(note: Note) -> str:
        current = current_message(call.session, note)
        now = (outgoing_text(incident, current.text), current.questions)
        if current.state == SENT or now != (message.text, message.questions):
            # What is looked at, printed, handed over and frozen must be the same.
            raise _ChangedMeanwhileError(f"{message.name} was just changed", value=message.path)
        _refuse_unapproved(call, target, current)
        text = marked_note(incident, note.text)
        return with_properties(text, note.path, _sent_properties(call, message, channel), PROPERTIES)

    def decide(record: Record) -> Change:
        status = record.incident.status
        shown = label_of(message.audience, message.kind, last_of(record, message.audience, message.kind))
        to = recipients(record.incident, call.session.vault.settings.policy, message.audience).people
        outgoing = Outgoing(message.audience, message.kind, message.outgoing, message.note_name, to)
        decision = cleared(call, record, (message.audience, message.kind), (message.name,))
        change = stamped(record, send(record, outgoing, shown, call.moment, message.promised), call.moment)
        refuse_unready(call, target, message, status)
        return change._replace(
            lines=(*decision, *change.lines, *override(call, message, status)),
            warnings=(*change.warnings, *undated(call, message)),
        )

    # What keeps it from being sent is said before anything else is looked for.
    freeze(call.session.vault.read(message.path))
    step = edited(call.session, incident, message.path, freeze)
    return call.change_at(target, decide, beside=[step])


def _sent_properties(call: Call, message: Message, channel: str | None) -> dict[str, Value]:
    """Return what the note of a message says once it is sent."""
    zone = call.session.zone
    properties: dict[str, Value] = {"state": SENT, "sent": Plain(write_moment(call.moment, zone))}
    if channel:
        properties["channel"] = defuse(channel)
    if message.promised:
        properties["next_update"] = Plain(write_moment(message.promised, zone))
    return {**properties, "digest": digest_of(message.outgoing)}


def _refuse_unapproved(call: Call, target: Target, message: Message) -> None:
    if message.state == APPROVED and message.is_changed:
        raise TransitionError(
            f"{message.name} was changed since {message.approved_by or 'somebody'} approved it",
            field="state",
            value=message.state,
            hint=Sentence(Command("comms approve", message.name, incident=target.id), ", when it is right again"),
        )
    if message.state == DRAFT and message.audience in call.session.vault.settings.policy.second_approver:
        raise TransitionError(
            f"{message.name} needs the approval of someone other than {message.author or 'its author'}",
            field="state",
            value=message.state,
            hint=Sentence("someone else runs: ", Command("comms approve", message.name, incident=target.id)),
        )
