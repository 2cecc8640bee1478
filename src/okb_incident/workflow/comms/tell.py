"""Sending a status update: the message becomes a note, and the timeline records that it went out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.comms.communication import PROPERTIES, SENT, body_of, faults, message_of
from okb_incident.core.comms.notice import reader_of
from okb_incident.core.comms.updates import kind_for, last_of, last_told, owed, send
from okb_incident.core.incident.change import Outgoing
from okb_incident.core.response.teams import recipients
from okb_incident.core.settings.policy import AUDIENCES
from okb_incident.core.text.quoting import defuse
from okb_incident.core.timeline.record import Record
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import MissingWordError, TransitionError, UsageError
from okb_incident.vault.note.note import split
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.change import CompanionNote
from okb_incident.workflow.comms.disclosure import cleared
from okb_incident.workflow.comms.message_note import HEADLINE, MessageOrder, usual_headline, write_message
from okb_incident.workflow.comms.messages import NumberTakenError, digest_of, refuse_taken
from okb_incident.workflow.comms.notice import notice_kind, refuse_promise, stamped, unless_undelivered
from okb_incident.workflow.document import new_note, with_properties
from okb_incident.workflow.look.guide import guide_all
from okb_incident.workflow.reference import is_open, resolved_today

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from okb_incident.core.comms.updates import UpdateOwed
    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.vault.write.steps import Create
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.reference import Target

#: Other words for an audience, which are only suggested.
MEANT = {
    "customers": "users",
    "clients": "users",
    "public": "users",
    "internal": "team",
    "leadership": "management",
    "executives": "management",
    "partners": "stakeholders",
}

EXAMPLE = 'tell users "Card payments fail. Wallets work." --next 30m'


class Statement(NamedTuple):
    """A message that is sent at once.

    Attributes:
        audience: To whom.
        text: What was typed.
        promised: By when the next message follows; None where nothing is promised.
        channel: How it goes out; None where that was not typed.
        headline: The public headline of the incident, as typed; empty where none was.
        kind: The kind of message; None for the one that the status asks for.
    """

    audience: str
    text: str
    promised: datetime | None
    channel: str | None
    headline: str = ""
    kind: str | None = None


class StatementNote(NamedTuple):
    """The note of a message that is about to go out.

    Attributes:
        number: Which message of the incident.
        name: The name of the note, for a link.
        shown: What the link reads: ``users 2``.
        kind: The kind of message.
        text: What goes out.
        step: What makes the note.
    """

    number: int
    name: str
    shown: str
    kind: str
    text: str
    step: Create


class DueUpdate(NamedTuple):
    """A message that is due to an audience of an incident.

    Attributes:
        incident: The incident.
        owed: To whom, and by when.
        to: The handles of the people to whom it goes, where they are known.
        now: The moment of the command.
    """

    incident: Incident
    owed: UpdateOwed
    to: tuple[str, ...]
    now: datetime

    @property
    def is_late(self) -> bool:
        """Return whether the deadline has passed."""
        return self.owed.by < self.now

    @property
    def command(self) -> Command:
        """Return what sends it."""
        return self.owed.command(self.incident.id)

    @property
    def instead(self) -> Command | None:
        """Return what records that it is not sent, where that is to be decided."""
        return self.owed.instead(self.incident.id)


def tell(
    call: Call, *, next_by: str | None, channel: str | None, headline: str | None = None, notice: bool = False
) -> ChangedIncident:
    """Send a message to an audience, and keep it as a note.

    Args:
        call: The call.
        next_by: The time of the next update, as typed.
        channel: The channel, as typed.
        headline: The public headline of the incident; None where it was not typed.
        notice: It is the notice to an authority.

    Raises:
        UsageError: There is no such audience, or no text, or a notice is for another audience.
        TransitionError: The incident was declined or merged, or somebody else has to approve what this audience is told.
    """
    audience = _audience(call)
    kind = notice_kind(audience, notice=notice)
    refuse_promise(kind, next_by)
    text = " ".join(call.words).strip()
    if not text:
        raise MissingWordError("TEXT", f"what is the message to {reader_of(audience, kind or '')}", EXAMPLE)
    promised = call.session.moment(next_by, "--next", promise=True) if next_by else None
    if audience in call.session.vault.settings.policy.second_approver:
        raise TransitionError(
            f"messages to {audience} need the approval of a second person, so this one cannot go out at once",
            field="AUDIENCE",
            value=audience,
            hint=Command("comms draft", audience, *((kind,) if kind else ()), text, incident=call.reference),
        )
    target = call.target(is_open, resolved_today(call.session))
    headline = " ".join((headline or _asked_headline(call, target, audience)).split())
    statement = Statement(audience, text, promised, channel, headline, kind)
    while True:
        note = _note(call, target, statement)
        decide = partial(_decide, call, statement, note)
        try:
            changed = call.change_at(target, decide, beside=[note.step])
            return unless_undelivered(call, target, changed)._replace(made=CompanionNote("message", note.step.path))
        except NumberTakenError:
            continue


def _audience(call: Call) -> str:
    """Return the audience that the first word names; where that word begins a text, the audience is asked for.

    Raises:
        UsageError: There is no such audience, or none was typed.
    """
    word = call.given.get("AUDIENCE", "")
    if word and _is_text([word, *call.words]):
        named = len(call.typed.words) - len(call.after)
        raise MissingWordError(
            "AUDIENCE",
            "who gets the update",
            EXAMPLE,
            allowed=AUDIENCES,
            fill=lambda typed, answer: (*typed[:named], answer, *typed[named:]),
        )
    return read_audience(word)


def _is_text(words: Sequence[str]) -> bool:
    """Return whether words begin with the message itself: with a quoted text, or unquoted with nothing like an audience."""
    if " " in words[0].strip():
        return True
    unquoted = len(words) > 1 and not any(" " in each for each in words)
    return unquoted and words[0].lower() not in AUDIENCES and not _close(words[0])


def _close(word: str) -> list[str]:
    """Return the audience that a word may mean."""
    from difflib import get_close_matches  # noqa: PLC0415

    return [MEANT[word.lower()]] if word.lower() in MEANT else get_close_matches(word.lower(), AUDIENCES, n=1)


def read_audience(word: str) -> str:
    """Read an audience.

    Raises:
        UsageError: There is no such audience, or none was typed.
    """
    if not word:
        raise MissingWordError("AUDIENCE", "who gets the update", EXAMPLE, allowed=AUDIENCES)
    for audience in AUDIENCES:
        if word.lower() == audience:
            return audience
    raise UsageError(
        f"unknown audience {word!r}; choose from {', '.join(AUDIENCES)}",
        field="AUDIENCE",
        value=word,
        allowed=AUDIENCES,
        candidates=tuple(_close(word)),
        hint=f"incident {EXAMPLE}",
    )


def _asked_headline(call: Call, target: Target, audience: str) -> str:
    """Ask for the public headline before the first message to users; Enter keeps the one made of the services."""
    record = call.record(target)
    incident = record.incident
    if (
        call.question is None
        or audience != "users"
        or HEADLINE in incident.properties
        or last_told(record).get(audience)
    ):
        return ""
    usual = usual_headline(call.session, incident)
    return call.question.line(f"Public headline? Enter for {usual!r}: ", ()) or ""


def _note(call: Call, target: Target, statement: Statement) -> StatementNote:
    """Compose the note of a message; it is kept with the incident's, and is as secret as that one."""
    session, record = call.session, _with_headline(call.record(target), statement)
    incident, audience = record.incident, statement.audience
    kind = statement.kind or kind_for(incident, audience, last_told(record).get(audience))
    last = last_of(record, audience, kind)
    order = MessageOrder(
        audience,
        kind,
        body_of(statement.text),
        call.moment,
        last.at if last else None,
        statement.promised,
        {
            "state": SENT,
            "sent": Plain(write_moment(call.moment, session.zone)),
            "channel": defuse(statement.channel) if statement.channel else None,
        },
    )
    note = write_message(session, target, record, order)
    text = message_of(split(note.text).body)
    whole = with_properties(note.text, note.path, {"digest": digest_of(text)}, PROPERTIES)
    step = new_note(incident, note.folder, note.name, whole)
    return StatementNote(note.number, note.name, note.shown, order.kind, text, step)


def _with_headline(record: Record, statement: Statement) -> Record:
    """Return the record as it will be once the headline is written."""
    if not statement.headline:
        return record
    incident = record.incident
    told = incident._replace(properties={**incident.properties, HEADLINE: statement.headline})
    return Record(told, record.zone, record.section)


def _decide(call: Call, statement: Statement, note: StatementNote, record: Record) -> Change:
    refuse_taken(call.session, record.incident, note.number)
    to = recipients(record.incident, call.session.vault.settings.policy, statement.audience).people
    outgoing = Outgoing(statement.audience, note.kind, note.text, note.name, to)
    decision = cleared(call, record, (statement.audience, note.kind), call.after)
    change = stamped(record, send(record, outgoing, note.shown, call.moment, statement.promised), call.moment)
    if statement.headline:
        change = change._replace(properties={**change.properties, HEADLINE: defuse(statement.headline)})
    odd = tuple(f"{fault}; it was sent all the same" for fault in faults(note.text, statement.audience))
    return change._replace(lines=(*decision, *change.lines), warnings=(*change.warnings, *odd))


def communications_due(call: Call) -> list[DueUpdate]:
    """Return the messages that are due to audiences of all incidents, the next deadline first."""
    policy, now = call.session.vault.settings.policy, call.session.now
    found = [
        DueUpdate(guided.incident, each, recipients(guided.incident, policy, each.audience).people, now)
        for guided in guide_all(call)
        for each in owed(guided.record, policy.of(guided.incident.severity))
    ]
    return sorted(found, key=lambda each: each.owed.by)
