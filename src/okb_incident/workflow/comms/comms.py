"""Looking after messages: approved before they go out, corrected afterwards, listed and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.comms.communication import APPROVED, DRAFT, PROPERTIES, SENT, faults
from okb_incident.core.incident.change import Change, LogLine, Outgoing
from okb_incident.core.text.quoting import defuse
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import NotFoundError, TransitionError, UsageError
from okb_incident.vault.disk import lock
from okb_incident.vault.note.sections import ensure, insert_line, section_lines
from okb_incident.vault.write.commit import commit
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.act import split_reference
from okb_incident.workflow.change import change_incident
from okb_incident.workflow.comms.messages import (
    SHORT,
    digest_of,
    find_message,
    incident_target,
    messages_of,
    read_message,
)
from okb_incident.workflow.document import edited, readable, record_at, with_properties
from okb_incident.workflow.reference import find_target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.vault.vault import Note
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.comms.messages import Message
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]


def split_message(session: Session, words: Sequence[str], reference: str | None) -> tuple[str | None, str | None, str]:
    """Part ``[REF] [uN] [TEXT…]`` into reference, short name and the rest."""
    rest = list(words)
    if rest and not SHORT.match(rest[0]):
        reference, rest = split_reference(session, rest, reference)
    name = rest.pop(0) if rest and SHORT.match(rest[0]) else None
    return reference, name, " ".join(rest)


def read_message_name(session: Session, words: Sequence[str], reference: str | None) -> tuple[str | None, str | None]:
    """Part ``[REF] [uN]`` into reference and short name.

    Raises:
        UsageError: There is something else.
    """
    reference, name, rest = split_message(session, words, reference)
    if rest:
        raise UsageError(f"{rest[:40]!r} is no message; they are called u1, u2 and so on", field="MESSAGE", value=rest)
    return reference, name


def approve(
    session: Session, words: Sequence[str], *, reference: str | None = None, force: bool = False, ask: Ask | None = None
) -> tuple[Message, bool]:
    """Approve a draft as it stands: ``[REF] [uN]``. From then on a change of its text is noticed.

    Returns:
        The message, and whether it was approved before.

    Raises:
        TransitionError: Its author would approve it where a second person has to, or it is not fit to be sent.
        InvalidNoteError: Its properties cannot be read.
        OkbError: There is no such message, or the note cannot be written.
    """
    reference, name = read_message_name(session, words, reference)
    session.about_to_write()
    target = incident_target(session, reference, verb="comms approve", ask=ask)
    message = find_message(session, target, name, verb="approve", fits=(DRAFT,))
    if message.state == SENT or (message.state == APPROVED and not message.is_changed):
        return message, True
    incident = record_at(session, target).incident
    by = session.actor.handle

    def change(note: Note) -> str:
        current = current_message(session, note)
        if current.state == SENT:
            # Somebody has sent it since it was looked at; what went out stays as it is.
            return note.text
        if (
            current.audience in session.vault.settings.policy.second_approver
            and (current.author or "").lower() == by.lower()
        ):
            raise TransitionError(
                f"{current.name} is by {by}, and what {current.audience} are told is approved by somebody else here",
                field="approved_by",
                value=by,
                hint=f"incident --as WHO comms approve {target.id} {current.name}",
            )
        refuse_unfit(target, current, force=force)
        return with_properties(
            note.text,
            note.path,
            {
                "state": APPROVED,
                "approved_by": by,
                "approved": Plain(write_moment(session.now, session.zone)),
                "digest": digest_of(current.text),
            },
            PROPERTIES,
        )

    with lock.hold(session.vault.root, "incident comms approve"):
        step = edited(session, incident, message.path, change)
        commit(session.vault.root, [step], command="incident comms approve", by=by)
    found = find_message(session, target, message.name, verb="approve")
    return found, found.state == SENT


def amend(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Correct a message that went out: ``[REF] uN TEXT…``. It stays as it was; the correction stands below it, and is no new message.

    Raises:
        UsageError: No message is named, or nothing is said.
        TransitionError: It has not been sent.
        OkbError: There is no such message, or the notes cannot be written.
    """
    reference, name, text = split_message(session, words, reference)
    if name is None or not text.strip():
        raise UsageError(
            'which message, and what is right? such as: incident comms amend u2 "Wallets fail too."', field="TEXT"
        )
    if not dry_run:
        session.about_to_write()
    target = incident_target(session, reference, verb="comms amend", message=text, ask=ask)
    message = find_message(session, target, name, verb="amend")
    if message.state != SENT:
        raise TransitionError(
            f"{message.name} has not been sent, so there is nothing to correct; change its text instead",
            field="state",
            value=message.state,
            hint=f"incident comms edit {target.id} {message.name}",
        )
    incident = record_at(session, target).incident
    line = f"- {write_moment(session.now, session.zone)} @{session.actor.handle}: {defuse(' '.join(text.split()))}"

    def change(note: Note) -> str:
        whole, _ = ensure(note.text, "Corrections", ("Corrections",))
        return insert_line(whole, "Corrections", len(section_lines(whole, "Corrections")), line)

    outgoing = Outgoing(message.audience, "correction", text, message.note_name)
    said = f"{message.name} corrected"
    shown = f"[[{message.note_name}|{message.audience} {message.name}]]"
    decided = Change(
        lines=(LogLine("note", f"{said}, {shown}: {defuse(text)}", session.now),),
        said=f"{said} ({message.audience}/{message.kind})",
        outgoing=outgoing,
    )
    step = edited(session, incident, message.path, change)
    return change_incident(session, target, lambda _: decided, verb="comms amend", beside=[step], dry_run=dry_run)


def list_messages(
    session: Session,
    reference: str | None,
    *,
    state: str | None = None,
    restricted: bool = False,
    ask: Ask | None = None,
) -> tuple[Target, list[Message]]:
    """Give the messages of an incident.

    Raises:
        OkbError: No or several incidents fit.
    """
    target = find_target(
        session,
        reference,
        verb="comms list",
        fits=lambda incident: incident.is_open,
        else_fits=lambda incident: not incident.is_open,
        by_title=True,
        restricted=restricted,
        ask=ask,
    )
    return target, [each for each in messages_of(session, target) if state in {None, each.state}]


def show_message(
    session: Session, words: Sequence[str], *, reference: str | None = None, ask: Ask | None = None
) -> Message:
    """Give one message: ``[REF] [uN]``, the last one where none is named.

    Raises:
        OkbError: No or several incidents fit, or there is no such message.
    """
    reference, name = read_message_name(session, words, reference)
    target, known = list_messages(session, reference, ask=ask)
    if name is None and known:
        return known[-1]
    return find_message(session, target, name, verb="show")


def current_message(session: Session, note: Note) -> Message:
    """Read a note that is to be a message.

    Raises:
        InvalidNoteError: Its properties cannot be read.
        NotFoundError: It is no message any more.
    """
    message = read_message(session, readable(note))
    if message is None:
        raise NotFoundError(f"{note.path} is no message any more", value=note.path)
    return message


def refuse_unfit(target: Target, message: Message, *, force: bool) -> None:
    """Refuse a message that says nothing, is unfinished, or names to outsiders what means nothing to them.

    Raises:
        TransitionError: It does, and nobody insists.
    """
    wrong = faults(message.text, message.audience)
    if wrong and not force:
        raise TransitionError(
            f"{message.name} is not fit to be sent: {'; '.join(wrong)}",
            field="text",
            value=message.path,
            hint=f"incident comms edit {target.id} {message.name}, or --force where it is right as it is",
        )
