"""Drafting a message: a template and what the record says become a note that a writer finishes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.comms.communication import DRAFT, kinds_of, misfit
from okb_incident.core.comms.updates import kind_for, last_of, last_told
from okb_incident.errors import UsageError
from okb_incident.vault.disk import lock
from okb_incident.vault.write.commit import commit
from okb_incident.workflow.comms.message_note import MessageOrder, write_message
from okb_incident.workflow.comms.messages import NumberTakenError, is_not_aside, questions_in, refuse_taken
from okb_incident.workflow.comms.notice import notice_kind, refuse_promise
from okb_incident.workflow.comms.tell import read_audience
from okb_incident.workflow.document import new_note
from okb_incident.workflow.reference import is_open

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from okb_incident.core.comms.questions import OpenQuestion
    from okb_incident.core.comms.updates import LastUpdate
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.write.commit import Committed
    from okb_incident.vault.write.steps import Create
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session


class Draft(NamedTuple):
    """A draft.

    Attributes:
        incident: Of which incident.
        name: Its short name, ``u3``.
        path: Its note.
        text: The whole note.
        questions: What somebody still has to write in it.
        misfit: Why it cannot be sent in the status that its incident has; None where it can.
        notes: What the person should know.
        committed: What was written; None for a dry run.
    """

    incident: Incident
    name: str
    path: str
    text: str
    questions: tuple[OpenQuestion, ...]
    misfit: str | None
    notes: tuple[str, ...] = ()
    committed: Committed | None = None


class DraftOrder(NamedTuple):
    """A message to draft.

    Attributes:
        audience: For whom.
        kind: Which kind of message; None for what the status asks for.
        text: What the message is to say.
        promised: By when the next message comes; None where nothing is promised.
        since: From when on the news count: ``last`` message to this audience, ``start``, or a moment.
    """

    audience: str
    kind: str | None
    text: str
    promised: datetime | None
    since: str | datetime


def draft(call: Call, *, next_by: str | None, since: str | None, notice: bool = False) -> Draft:
    """Write a draft.

    Args:
        call: The call.
        next_by: By when the next message comes, as typed.
        since: From when on the news count, as typed: ``last`` message to this audience, ``start``, or a moment.
        notice: It is the notice to an authority.

    Raises:
        UsageError: There is no such audience, or no such kind, or a notice is of another.
        InvalidNoteError: The template is wrong; with its path and line.
    """
    session, order = call.session, _order(call, next_by, since, notice=notice)
    target = call.target(is_open, is_not_aside)
    record = call.record(target)
    incident = record.incident
    kind = order.kind or kind_for(incident, order.audience, last_told(record).get(order.audience))
    while True:
        number, step = _draft_note(session, target, record, order, kind)
        unfit = misfit(order.audience, kind, incident.status)
        text = step.data.decode()
        written = Draft(incident, f"u{number}", step.path, text, questions_in(text), unfit)
        if call.dry_run:
            return written
        try:
            with lock.hold(session.vault.root, f"incident {call.verb}"):
                refuse_taken(session, incident, number)
                done = commit(session.vault.root, [step], command=f"incident {call.verb}", by=session.actor.handle)
        except NumberTakenError:
            continue
        return written._replace(notes=done.notes, committed=done)


def _order(call: Call, next_by: str | None, since: str | None, *, notice: bool) -> DraftOrder:
    """Read what to draft."""
    session = call.session
    audience = read_audience(call.given.get("AUDIENCE", ""))
    # All words after the audience: which kinds there are depends on it, so the grammar cannot part them.
    typed, text = _kind(call, audience, call.after[1:])
    kind = notice_kind(audience, notice=notice, typed=typed)
    refuse_promise(kind, next_by)
    promised = session.moment(next_by, "--next", promise=True) if next_by else None
    begin = since or "last"
    return DraftOrder(
        audience,
        kind,
        text,
        promised,
        begin if begin in {"last", "start"} else session.moment(begin, "--since"),
    )


def _kind(call: Call, audience: str, words: Sequence[str]) -> tuple[str | None, str]:
    """Split the kind from the text; a first word that is nearly one is taken for a mistake."""
    known = kinds_of(audience)
    word = words[0].lower() if words else ""
    if word in known:
        return word, " ".join(words[1:])
    from difflib import get_close_matches  # noqa: PLC0415

    # A text in quotes is one word with blanks in it, and no kind; neither is a dash.
    may_be_kind = (
        word.strip("-") != "" and not any(sign.isspace() for sign in word) and (len(words) == 1 or "-" in word)
    )
    close = get_close_matches(word, known, n=1, cutoff=0.75) if may_be_kind else []
    if close or (may_be_kind and len(words) == 1 and "-" in word):
        raise UsageError(
            f"{audience} get no {word!r}; the kinds are {', '.join(known)}",
            field="KIND",
            value=word,
            allowed=known,
            candidates=tuple(close),
            hint=Command("comms draft", audience, close[0] if close else known[0], incident=call.reference),
        )
    return None, " ".join(words)


def _news_since(order: DraftOrder, last: LastUpdate | None) -> datetime | None:
    """Return from when on the news count; None for the start."""
    if isinstance(order.since, str):
        return last.at if last and order.since == "last" else None
    return order.since


def _draft_note(session: Session, target: Target, record: Record, order: DraftOrder, kind: str) -> tuple[int, Create]:
    last = last_of(record, order.audience, kind)
    message = MessageOrder(
        order.audience,
        kind,
        order.text,
        session.now,
        _news_since(order, last),
        order.promised,
        {"state": DRAFT},
    )
    note = write_message(session, target, record, message)
    return note.number, new_note(record.incident, note.folder, note.name, note.text)
