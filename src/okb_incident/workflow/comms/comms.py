"""Looking after messages: approved before they go out, corrected afterwards, listed and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.comms.communication import APPROVED, DRAFT, PROPERTIES, SENT, STATES
from okb_incident.core.incident.change import Change, LogLine, Outgoing, quote
from okb_incident.core.incident.incident import DRILL
from okb_incident.core.text.quoting import defuse_body
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import MissingWordError, NotFoundError, TransitionError, UsageError
from okb_incident.vault.disk import lock
from okb_incident.vault.note.sections import ensure, insert_line, section_lines
from okb_incident.vault.write.commit import commit
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.comms.disclosure import cleared
from okb_incident.workflow.comms.messages import (
    SHORT,
    digest_of,
    find_message,
    is_not_aside,
    messages_of,
    read_message,
)
from okb_incident.workflow.comms.readiness import refuse_unready
from okb_incident.workflow.document import edited, readable, with_properties
from okb_incident.workflow.reference import is_open

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.vault import Note
    from okb_incident.vault.write.commit import Committed
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.comms.messages import Message
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session


class Approval(NamedTuple):
    """What came of approving a message.

    Attributes:
        message: The message as it is now.
        incident: What it is about.
        already: It was approved as it is, or sent, before.
        notes: What the person should know.
        committed: What was written; None where it was done before.
    """

    message: Message
    incident: Incident
    already: bool
    notes: tuple[str, ...] = ()
    committed: Committed | None = None


def message_name(call: Call) -> str | None:
    """Return the short name that was typed for the message, None where none was.

    Raises:
        UsageError: Something else was typed.
    """
    if call.words:
        rest = " ".join(call.words)
        raise UsageError(
            f"{rest[:40]!r} is not a message; messages are named u1, u2 and so on", field="MESSAGE", value=rest
        )
    return call.given.get("uN")


def approve(call: Call) -> Approval:
    """Approve a draft as it is; from then on a change of its text is noticed.

    Raises:
        TransitionError: Its author would approve it where a second person has to, or it is not fit to be sent.
        InvalidNoteError: Its properties cannot be read.
    """
    name = message_name(call)
    target = call.target(is_open, is_not_aside)
    message = find_message(call, target, name, fits=(DRAFT,))
    incident = call.record(target).incident
    if message.state == SENT or (message.state == APPROVED and not message.is_changed):
        return Approval(message, incident, already=True)
    session = call.session

    def change(note: Note) -> str:
        current = current_message(session, note)
        # Somebody may have sent it since it was looked at; what went out stays as it is.
        return note.text if current.state == SENT else _approved(call, target, note, current)

    with lock.hold(session.vault.root, f"incident {call.verb}"):
        step = edited(session, incident, message.path, change)
        done = commit(session.vault.root, [step], command=f"incident {call.verb}", by=session.actor.handle)
    found = find_message(call, target, message.name)
    return Approval(found, incident, found.state == SENT, done.notes, done)


def _approved(call: Call, target: Target, note: Note, message: Message) -> str:
    """Return the note of a message that whoever acts approves."""
    session, by = call.session, call.session.actor.handle
    needs_another = message.audience in session.vault.settings.policy.second_approver
    if needs_another and (message.author or "").lower() == by.lower():
        raise TransitionError(
            f"{message.name} is by {by}, and messages to {message.audience} need the approval of someone else",
            field="approved_by",
            value=by,
            hint=Sentence("someone else runs: ", Command("comms approve", message.name, incident=target.id)),
        )
    refuse_unready(call, target, message)
    approval = {
        "state": APPROVED,
        "approved_by": by,
        "approved": Plain(write_moment(session.now, session.zone)),
        "digest": digest_of(message.outgoing),
    }
    return with_properties(note.text, note.path, approval, PROPERTIES)


def amend(call: Call) -> ChangedIncident:
    """Correct a message that went out: it stays as it was, and the correction, which is not a new message, goes below it.

    Raises:
        MissingWordError: No message is named, or there is no text.
        TransitionError: It has not been sent.
    """
    name, text = call.given.get("uN", ""), " ".join(call.words)
    if not SHORT.match(name) or not text.strip():
        raise MissingWordError(
            "TEXT" if name else "uN",
            "what is right" if name else "which message",
            'comms amend u2 "Wallets fail too."',
        )
    target = call.target(is_open, is_not_aside)
    message = find_message(call, target, name)
    if message.state != SENT:
        raise TransitionError(
            f"{message.name} has not been sent, so there is nothing to correct; change its text instead",
            field="state",
            value=message.state,
            hint=Command("comms edit", message.name, incident=target.id),
        )
    session = call.session
    line = f"- {write_moment(session.now, session.zone)} @{session.actor.handle}: {defuse_body(' '.join(text.split()))}"

    def correct(note: Note) -> str:
        whole, _ = ensure(note.text, "Corrections", ("Corrections",))
        whole = insert_line(whole, "Corrections", len(section_lines(whole, "Corrections")), line)
        now = read_message(session, note)
        if now is None or not now.is_changed:
            return whole
        # The correction was written with this text in sight, so that the text is not a finding any more.
        return with_properties(whole, note.path, {"corrected": digest_of(now.text)}, PROPERTIES)

    decided = _correction(call, message, text)

    def decide(record: Record) -> Change:
        decision = cleared(call, record, (message.audience, message.kind), call.after)
        return decided._replace(lines=(*decision, *decided.lines))

    step = edited(session, call.record(target).incident, message.path, correct)
    return call.change_at(target, decide, beside=[step])


def _correction(call: Call, message: Message, text: str) -> Change:
    """Return what the incident says of a correction; it goes out too, as a message of no kind that is counted."""
    said = f"{message.name} corrected"
    mark = f"{DRILL} " if message.is_drill else ""
    shown = f"[[{message.note_name}|{mark}{message.audience} {message.name}]]"
    return Change(
        lines=(LogLine("note", f"{said}, {shown}: {text}", call.session.now),),
        said=f"corrected {message.name} for {message.audience}{quote(text)}",
        outgoing=Outgoing(message.audience, "correction", text, message.note_name),
    )


def list_messages(call: Call, state: str | None = None) -> tuple[Target, list[Message]]:
    """Return the messages of an incident, only those in a state where one is given.

    Raises:
        UsageError: There is no such state.
    """
    wanted = state.lower() if state else None
    if wanted is not None and wanted not in STATES:
        raise UsageError(
            f"unknown state {state!r}; choose from {', '.join(STATES)}", field="--state", value=state, allowed=STATES
        )
    target = call.target(is_open, lambda incident: not incident.is_open)
    return target, [each for each in messages_of(call.session, target) if wanted in {None, each.state}]


def show_message(call: Call) -> Message:
    """Return one message, the last one where none is named.

    Raises:
        NotFoundError: There is no such message.
    """
    name = message_name(call)
    target, known = list_messages(call)
    return known[-1] if name is None and known else find_message(call, target, name)


def read_again(call: Call, message: Message) -> Message:
    """Read a message once more, after somebody may have changed its note.

    Raises:
        NotFoundError: It is gone.
        InvalidNoteError: Its properties cannot be read any more.
    """
    return current_message(call.session, call.session.vault.read(message.path))


def current_message(session: Session, note: Note) -> Message:
    """Read a note that is to be a message.

    Raises:
        InvalidNoteError: Its properties cannot be read.
        NotFoundError: It is not a message any more.
    """
    message = read_message(session, readable(note))
    if message is None:
        raise NotFoundError(f"{note.path} is no longer a message", value=note.path)
    return message
