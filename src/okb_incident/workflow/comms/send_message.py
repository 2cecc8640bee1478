"""Sending a message: what goes out is frozen in its note, and the timeline of the incident says so, both in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.comms.communication import APPROVED, DRAFT, PROPERTIES, SENT
from okb_incident.core.comms.updates import last_told, send
from okb_incident.core.incident.change import Outgoing
from okb_incident.core.text.quoting import defuse
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import ConflictError, TransitionError
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.change import change_incident
from okb_incident.workflow.comms.comms import current_message, read_message_name, refuse_unfit
from okb_incident.workflow.comms.messages import digest_of, find_message, incident_target
from okb_incident.workflow.document import edited, record_at, with_properties

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.vault import Note
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.comms.messages import Message
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]

ATTEMPTS = 5


class Sending(NamedTuple):
    """How a message goes out.

    Attributes:
        at: When.
        channel: By which way, where it says so.
        promised: By when the next one comes; None for what its note says.
        force: Though something in it looks unfit to be sent.
    """

    at: datetime
    channel: str | None
    promised: datetime | None
    force: bool


class _ChangedMeanwhileError(ConflictError):
    """A writer saved the note, or somebody sent it, between the look at it and the lock; look again."""


def send_message(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    channel: str | None = None,
    next_by: str | None = None,
    at: str | None = None,
    force: bool = False,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> tuple[Changed | None, Message]:
    """Send a message: ``[REF] [uN]``. What went out is frozen: its digest and the moment stand in its note.

    Returns:
        What changed in the incident, None where it was sent before; and the message.

    Raises:
        TransitionError: It still needs somebody's approval, was changed since it had it, or is not fit to be sent.
        InvalidNoteError: Its properties cannot be read.
        ConflictError: Somebody saves it again and again.
        OkbError: There is no such message, or the notes cannot be written.
    """
    reference, name = read_message_name(session, words, reference)
    promised = session.moment(next_by, "--next", promise=True) if next_by else None
    sending = Sending(session.moment(at), channel, promised, force)
    if not dry_run:
        session.about_to_write()
    target = incident_target(session, reference, verb="comms send", ask=ask)
    for _ in range(ATTEMPTS):
        message = find_message(session, target, name, verb="send", fits=(DRAFT, APPROVED))
        if message.state == SENT:
            return None, message
        message = message._replace(promised=promised or message.promised)
        try:
            return _send(session, target, message, sending, dry_run=dry_run), message
        except _ChangedMeanwhileError:
            name = message.name
    raise ConflictError(
        f"{message.name} was saved by somebody during each of {ATTEMPTS} attempts to send it",
        value=message.path,
        hint="Repeat the command when it is finished.",
    )


def _send(session: Session, target: Target, message: Message, sending: Sending, *, dry_run: bool) -> Changed:
    """Send a message as it was read, or nothing."""

    def change(note: Note) -> str:
        current = current_message(session, note)
        if current.state == SENT or current.text != message.text:
            # What is printed, handed over and frozen must be the same.
            raise _ChangedMeanwhileError(f"{message.name} was changed meanwhile", value=message.path)
        _refuse_unapproved(session, target, current)
        refuse_unfit(target, current, force=sending.force)
        by = message.promised
        return with_properties(
            note.text,
            note.path,
            {
                "state": SENT,
                "sent": Plain(write_moment(sending.at, session.zone)),
                **({"channel": defuse(sending.channel)} if sending.channel else {}),
                **({"next_update": Plain(write_moment(by, session.zone))} if by else {}),
                "digest": digest_of(current.text),
            },
            PROPERTIES,
        )

    def decide(record: Record) -> Change:
        known = last_told(record).get(message.audience)
        shown = f"{message.audience} {known.times + 1 if known else 1}"
        outgoing = Outgoing(message.audience, message.kind, message.text, message.note_name)
        return send(record, outgoing, shown, sending.at, message.promised)

    # What keeps it from being sent is said before anything else is looked for.
    change(session.vault.read(message.path))
    step = edited(session, record_at(session, target).incident, message.path, change)
    return change_incident(session, target, decide, verb="comms send", beside=[step], dry_run=dry_run)


def _refuse_unapproved(session: Session, target: Target, message: Message) -> None:
    command = f"incident comms approve {target.id} {message.name}"
    if message.state == APPROVED and message.is_changed:
        raise TransitionError(
            f"{message.name} was changed since {message.approved_by or 'somebody'} approved it",
            field="state",
            value=message.state,
            hint=f"{command}, when it is right again",
        )
    if message.state == DRAFT and message.audience in session.vault.settings.policy.second_approver:
        raise TransitionError(
            f"{message.name} needs the approval of somebody else than {message.author or 'its author'}",
            field="state",
            value=message.state,
            hint=f"incident --as WHO comms approve {target.id} {message.name}",
        )
