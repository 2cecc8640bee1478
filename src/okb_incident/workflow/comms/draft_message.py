"""Drafting a message: a template and what the record says become a note that a writer finishes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.comms.communication import DRAFT, OUTSIDE, kinds_of, next_number, note_name
from okb_incident.core.comms.updates import kind_for, last_told
from okb_incident.core.guidance.facts import Occasion, facts, public_facts
from okb_incident.core.text.quoting import defuse
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import UsageError
from okb_incident.vault.disk import lock
from okb_incident.vault.read.scan import list_names
from okb_incident.vault.write.commit import commit
from okb_incident.vault.yaml.scalar import Plain
from okb_incident.workflow.act import split_reference
from okb_incident.workflow.comms.messages import NumberTakenError, incident_target, refuse_taken
from okb_incident.workflow.comms.tell import read_audience
from okb_incident.workflow.document import compose, new_note, public_services, record_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.vault.write.steps import Create
    from okb_incident.workflow.reference import Target
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]


class Drafted(NamedTuple):
    """A draft.

    Attributes:
        incident: Of which incident.
        name: Its short name, ``u3``.
        path: Its note.
        text: The whole note.
        notes: What the person should know.
    """

    incident: Incident
    name: str
    path: str
    text: str
    notes: tuple[str, ...] = ()


def draft(
    session: Session,
    words: Sequence[str],
    *,
    reference: str | None = None,
    next_by: str | None = None,
    since: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Drafted:
    """Write a draft: ``[REF] AUDIENCE [KIND] [TEXT…]``.

    Args:
        session: The session.
        words: The audience, perhaps the kind, perhaps what it is to say.
        reference: Which incident, given as an option.
        next_by: By when the next message comes.
        since: From when on the news count: ``last`` message to this audience, ``start``, or a moment.
        dry_run: Write nothing.
        ask: Offers a choice where several incidents fit.

    Raises:
        UsageError: The audience or the kind is none of ours.
        InvalidNoteError: The template is wrong; with its path and line.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, words = split_reference(session, words, reference)
    audience = read_audience(words[0] if words else "")
    kind, text = _kind(audience, words[1:])
    promised = session.moment(next_by, "--next", promise=True) if next_by else None
    if not dry_run:
        session.about_to_write()
    target = incident_target(session, reference, verb="comms draft", message=" ".join(words), ask=ask)
    record = record_at(session, target)
    incident = record.incident
    wanted = _Wanted(audience, kind or kind_for(incident, audience, last_told(record).get(audience)), text, promised)
    while True:
        number, step = _draft_note(session, target, record, wanted, _since(session, since, record, audience))
        drafted = Drafted(incident, f"u{number}", step.path, step.data.decode(), session.recovered)
        if dry_run:
            return drafted
        try:
            with lock.hold(session.vault.root, "incident comms draft"):
                refuse_taken(session, target.path.rpartition("/")[0], incident, number)
                done = commit(session.vault.root, [step], command="incident comms draft", by=session.actor.handle)
        except NumberTakenError:
            continue
        return drafted._replace(notes=(*session.recovered, *done.notes))


class _Wanted(NamedTuple):
    audience: str
    kind: str
    text: str
    promised: datetime | None


def _kind(audience: str, words: Sequence[str]) -> tuple[str | None, str]:
    """Part the kind from the text; a first word that is nearly one is taken for a mistake."""
    known = kinds_of(audience)
    word = words[0].lower() if words else ""
    if word in known:
        return word, " ".join(words[1:])
    from difflib import get_close_matches  # noqa: PLC0415

    close = get_close_matches(word, known, n=1, cutoff=0.75) if len(words) == 1 or "-" in word else []
    if close or (words and len(words) == 1 and "-" in word):
        raise UsageError(
            f"{audience} get no {word!r}; the kinds are {', '.join(known)}",
            field="KIND",
            value=word,
            allowed=known,
            candidates=tuple(close),
            hint=f"incident comms draft {audience} {close[0] if close else known[0]}",
        )
    return None, " ".join(words)


def _since(session: Session, since: str | None, record: Record, audience: str) -> datetime | None:
    last = last_told(record).get(audience)
    if since is None or since == "last":
        return last.at if last else None
    return None if since == "start" else session.moment(since, "--since")


def _draft_note(
    session: Session, target: Target, record: Record, wanted: _Wanted, since: datetime | None
) -> tuple[int, Create]:
    incident = record.incident
    folder = target.path.rpartition("/")[0]
    number = next_number(list_names(os.path.join(session.vault.root, folder)), incident)
    name = note_name(incident, number, wanted.audience, wanted.kind)
    last = last_told(record).get(wanted.audience)
    times = last.times + 1 if last else 1
    outside = wanted.audience in OUTSIDE
    title = defuse(f"{wanted.audience.capitalize()} {times}: {incident.title}")
    occasion = Occasion(
        session.now,
        session.zone_name,
        heading=title,
        message=wanted.text,
        number=times,
        since=since,
        promised=wanted.promised,
        public_services=public_services(session, incident),
    )
    text = compose(
        session,
        f"{wanted.audience}-{wanted.kind}",
        public_facts(record, occasion) if outside else facts(record, occasion),
        {
            "type": "incident-communication",
            "incident": f"[[{incident.id}]]",
            "audience": wanted.audience,
            "kind": wanted.kind,
            "state": DRAFT,
            "author": session.actor.handle,
            "next_update": Plain(write_moment(wanted.promised, session.zone)) if wanted.promised else None,
            "visibility": "restricted" if incident.restricted else None,
            "aliases": [title],
            "created": Plain(write_moment(session.now, session.zone)[:10]),
        },
        path=f"{folder}/{name}.md",
    )
    return number, new_note(incident, folder, name, text)
