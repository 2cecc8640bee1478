"""Telling an audience how an incident stands: the message becomes a note, the timeline says that it went out."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.comms.communication import SENT, faults, message_of, next_number, note_name
from okb_incident.core.comms.updates import kind_for, last_told, owed, send
from okb_incident.core.incident.change import Outgoing
from okb_incident.core.settings.policy import AUDIENCES
from okb_incident.core.text.quoting import defuse
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import TransitionError, UsageError
from okb_incident.vault.read.scan import list_names
from okb_incident.vault.yaml.emit import write_block
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.act import split_reference
from okb_incident.workflow.change import change_incident, incident_in, record_of
from okb_incident.workflow.comms.messages import NumberTakenError, digest_of, refuse_taken
from okb_incident.workflow.document import new_note
from okb_incident.workflow.look.guide import guide_all
from okb_incident.workflow.reference import find_target, resolved_today

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from okb_incident.core.comms.updates import Owed
    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.write.steps import Create
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]

EXAMPLE = 'incident tell users "Card payments fail. Wallets work." --next 30m'


class Spoken(NamedTuple):
    """What an audience is told.

    Attributes:
        audience: To whom.
        text: What it says.
        at: When it went out.
        promised: By when the next one follows, where it says so.
        channel: How it went out, where it says so.
    """

    audience: str
    text: str
    at: datetime
    promised: datetime | None
    channel: str | None


def tell(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    next_by: str | None = None,
    at: str | None = None,
    channel: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> tuple[Changed, str]:
    """Keep what an audience is told: ``[REF] AUDIENCE TEXT…``.

    Returns:
        What changed in the incident, and the path of the message's note.

    Raises:
        UsageError: The audience is none of ours, there is no text, or a moment cannot be read.
        TransitionError: The incident was declined or merged, or somebody else has to approve what this audience is told.
        OkbError: No or several incidents fit, or the notes cannot be written.
    """
    reference, words = split_reference(session, words, reference)
    audience = read_audience(words[0] if words else "")
    text = " ".join(words[1:]).strip()
    if not text:
        raise UsageError(f"what does {audience} hear? such as: {EXAMPLE}", field="TEXT")
    if audience in session.vault.settings.policy.second_approver:
        raise TransitionError(
            f"what {audience} are told is approved by a second person here, so it cannot go out at once",
            field="AUDIENCE",
            value=audience,
            hint=f'incident comms draft {reference + " " if reference else ""}{audience} "{text}"',
        )
    message = Spoken(
        audience,
        text,
        session.moment(at),
        session.moment(next_by, "--next", promise=True) if next_by else None,
        channel,
    )
    if not dry_run:
        session.about_to_write()
    target = find_target(
        session,
        reference,
        verb="tell",
        fits=lambda incident: incident.is_open,
        else_fits=resolved_today(session),
        message=" ".join(words),
        by_title=True,
        ask=ask,
    )
    while True:
        note, path = _note(session, target, message)
        try:
            return change_incident(
                session,
                target,
                partial(_decide, session, message, note),
                verb="tell",
                beside=[note.step],
                dry_run=dry_run,
            ), path
        except NumberTakenError:
            continue


class _Note(NamedTuple):
    """The note of a message that is about to go out: its name, its kind, what makes it."""

    number: int
    name: str
    shown: str
    kind: str
    text: str
    step: Create


def read_audience(word: str) -> str:
    """Read an audience.

    Raises:
        UsageError: It is none of ours.
    """
    for audience in AUDIENCES:
        if word.lower() == audience:
            return audience
    from difflib import get_close_matches  # noqa: PLC0415

    close = get_close_matches(word.lower(), AUDIENCES, n=1)
    raise UsageError(
        f"{word!r} is no audience; they are {', '.join(AUDIENCES)}"
        if word
        else f"who is told what? such as: {EXAMPLE}",
        field="AUDIENCE",
        value=word,
        allowed=AUDIENCES,
        candidates=tuple(close),
        hint=EXAMPLE,
    )


def _note(session: Session, target: Target, message: Spoken) -> tuple[_Note, str]:
    """Compose the note of a message; it lies beside the incident's, and is as secret as that one."""
    vault = session.vault
    data = vault.read(target.path)
    incident = incident_in(session, target, data.text.encode())
    last = last_told(record_of(session, incident, data.text)).get(message.audience)
    folder = target.path.rpartition("/")[0]
    kind = kind_for(incident, message.audience, last)
    number = next_number(list_names(os.path.join(vault.root, folder)), incident)
    name = note_name(incident, number, message.audience, kind)
    shown = f"{message.audience} {last.times + 1 if last else 1}"
    text = _text(session, message)
    title = f"{shown.capitalize()}: {incident.title}"
    block = write_block(
        {
            "type": "incident-communication",
            "incident": f"[[{incident.id}]]",
            "audience": message.audience,
            "kind": kind,
            "state": SENT,
            "author": session.actor.handle,
            "sent": Plain(write_moment(message.at, session.zone)),
            "channel": defuse(message.channel) if message.channel else None,
            "next_update": Plain(write_moment(message.promised, session.zone)) if message.promised else None,
            "digest": digest_of(text),
            "visibility": "restricted" if incident.restricted else None,
            "aliases": [title],
            "created": Plain(write_moment(session.now, session.zone)[:10]),
        }
    )
    step = new_note(incident, folder, name, f"---\n{block}---\n# {defuse(title)}\n\n{text}\n")
    return _Note(number, name, shown, kind, text, step), step.path


def _text(session: Session, message: Spoken) -> str:
    """Give the words that go out: those that were typed, and by when the next ones come."""
    ends = ""
    if message.promised:
        by = write_moment(message.promised, session.zone)
        day = "" if by[:10] == write_moment(message.at, session.zone)[:10] else f"{by[:10]} "
        ends = f"\n\nOur next message comes by {day}{by[11:16]} {session.zone_name}."
    return message_of(defuse(message.text) + ends)


def _decide(session: Session, message: Spoken, note: _Note, record: Record) -> Change:
    refuse_taken(session, note.step.path.rpartition("/")[0], record.incident, note.number)
    sent = Outgoing(message.audience, note.kind, note.text, note.name)
    change = send(record, sent, note.shown, message.at, message.promised)
    odd = tuple(f"{fault}; it was sent all the same" for fault in faults(note.text, message.audience))
    return change._replace(warnings=(*change.warnings, *odd))


def communications_due(session: Session, *, restricted: bool = False) -> list[tuple[Incident, Owed]]:
    """Say who is owed a word on which incident, the next deadline first."""
    policy = session.vault.settings.policy
    found = [
        (guided.incident, each)
        for guided in guide_all(session, restricted=restricted)
        for each in owed(guided.record, policy.of(guided.incident.severity))
    ]
    return sorted(found, key=lambda pair: pair[1].by)
