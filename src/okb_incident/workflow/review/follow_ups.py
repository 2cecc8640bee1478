"""What is done afterwards: follow-up add, set, start, done, cancel, list."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.review import follow_ups
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import TransitionError, UsageError
from okb_incident.integrations.git import commits_of
from okb_incident.vault.read.scan import scan
from okb_incident.workflow.act import act, split_reference
from okb_incident.workflow.lifecycle.set_properties import word_of
from okb_incident.workflow.look.read_incident import view_incident
from okb_incident.workflow.response.person import find_person
from okb_incident.workflow.review.records import records

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task import Task
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]

MARK = b"#incident/follow-up"


class Details(NamedTuple):
    """What was typed of a follow-up.

    Attributes:
        kind: What it changes.
        owner: Who does it.
        due: By when.
        note: The note that is to be changed.
    """

    kind: str | None = None
    owner: str | None = None
    due: str | None = None
    note: str | None = None


class Listed(NamedTuple):
    """A follow-up of some incident.

    Attributes:
        incident: Which.
        task: What is to be done.
        is_overdue: Its day has passed and it is open.
        missing: What a finished review asks for and it lacks.
    """

    incident: Incident
    task: Task
    is_overdue: bool
    missing: tuple[str, ...]


def is_not_aside(incident: Incident) -> bool:
    """Say whether there can be something to do afterwards: it was neither declined nor merged."""
    return incident.status is None or not incident.status.is_aside


def add_follow_up(
    session: Session,
    words: Sequence[str],
    details: Details,
    *,
    reference: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Write a follow-up down: ``[REF] TEXT…``.

    Raises:
        UsageError: There are no words, or a kind or a day cannot be used.
        OkbError: No or several incidents fit, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    text = " ".join(" ".join(rest).split())
    if not text:
        raise UsageError(
            "what is to be done? such as: incident follow-up add alert on pool use above 80 % --kind prevention --owner bob --due 14d",
            field="TEXT",
        )
    given, hints = _details(session, details)

    def decide(record: Record) -> Change:
        change = follow_ups.add(record, text, session.now, **given._asdict())
        return change._replace(warnings=(*change.warnings, *hints))

    return _act(session, reference, decide, "follow-up add", text, dry_run=dry_run, ask=ask)


def edit_follow_up(
    session: Session,
    words: Sequence[str],
    details: Details,
    *,
    reference: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Give a follow-up another kind, owner, day or note: ``[REF] NAME``.

    Raises:
        UsageError: None is named, nothing is given, or it cannot be used.
        OkbError: There is none of that name, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    if not rest or not any(details):
        raise UsageError(
            "which follow-up, and what of it? such as: incident follow-up set f1 --owner bob --due 14d", field="NAME"
        )
    given, hints = _details(session, details)

    def decide(record: Record) -> Change:
        return follow_ups.edit(record, rest[0], **given._asdict())._replace(warnings=hints)

    return _act(session, reference, decide, "follow-up set", rest[0], dry_run=dry_run, ask=ask)


def _details(session: Session, details: Details) -> tuple[Details, tuple[str, ...]]:
    found = find_person(session, details.owner, "--owner") if details.owner else None
    note = details.note.strip().strip("[]") if details.note else None
    hints = [found.hint] if found and found.hint else []
    if note and _note_named(session, note) is None:
        hints.append(f"there is no note {note} yet")
    return (
        Details(
            word_of("kind", details.kind, follow_ups.KINDS, option="--kind") if details.kind else None,
            found.person.handle if found else None,
            session.day(details.due) if details.due else None,
            note,
        ),
        tuple(hints),
    )


def move_follow_up(
    session: Session,
    verb: str,
    words: Sequence[str],
    *,
    verified_by: str | None = None,
    force: bool = False,
    reference: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Changed:
    """Start, finish or give up a follow-up: ``[REF] NAME [TEXT…]``; giving up says why.

    Raises:
        UsageError: None is named, or no reason.
        TransitionError: The note that was to be changed has not been changed since.
        OkbError: There is none of that name, or the note cannot be written.
    """
    reference, rest = split_reference(session, words, reference)
    text = " ".join(" ".join(rest[1:]).split())
    if not rest or (verb == "cancel" and not text):
        example = {"start": "f1", "done": "f1 --verified-by dan", "cancel": "f1 the service is gone"}[verb]
        asked = "why" if rest else "which follow-up"
        raise UsageError(f"{asked}? such as: incident follow-up {verb} {example}", field="TEXT" if rest else "NAME")
    moment = session.moment(at)
    verifier = find_person(session, verified_by, "--verified-by").person.handle if verified_by else None

    def decide(record: Record) -> Change:
        if verb == "start":
            return follow_ups.start(record, rest[0])
        if verb == "cancel":
            return follow_ups.end(record, rest[0], moment, given_up=text)
        if not force:
            _refuse_unwritten(session, record, rest[0])
        return follow_ups.end(record, rest[0], moment, verified_by=verifier)

    return _act(session, reference, decide, f"follow-up {verb}", " ".join(rest), dry_run=dry_run, ask=ask)


def _act(
    session: Session,
    reference: str | None,
    decide: Callable[[Record], Change],
    verb: str,
    message: str,
    *,
    dry_run: bool,
    ask: Ask | None,
) -> Changed:
    return act(
        session,
        reference,
        decide,
        verb=verb,
        fits=lambda incident: incident.is_open,
        else_fits=lambda incident: not incident.is_open and is_not_aside(incident),
        message=message,
        dry_run=dry_run,
        ask=ask,
    )


def _refuse_unwritten(session: Session, record: Record, name: str) -> None:
    """Refuse to call a documentation follow-up done whose note is as it was."""
    task = follow_ups.named(record, name)
    note = task.fields.get("note", "").strip("[] ")
    if not note or not task.is_open:
        return
    path = _note_named(session, note)
    changed = _changed_at(session, path) if path else None
    if changed is None or (task.created and write_moment(changed, session.zone)[:10] < task.created):
        said = (
            f"was last changed on {write_moment(changed, session.zone)[:10]}, before that"
            if changed
            else "is not there"
        )
        raise TransitionError(
            f"{task.name}, of {task.created or 'an unknown day'}, is about the note {note}, which {said}",
            field="note",
            value=note,
            hint=f"incident follow-up done {record.incident.id} {task.name} --force, where it is written elsewhere",
        )


def _note_named(session: Session, name: str) -> str | None:
    """Find a note by the name that links use, without its folder and ending."""
    wanted = name.rpartition("/")[2].removesuffix(".md").casefold()
    found = scan(session.vault.root, templates=session.vault.templates).notes
    return next((note.path for note in found if note.path.rpartition("/")[2][:-3].casefold() == wanted), None)


def _changed_at(session: Session, path: str) -> datetime:
    """Give when a note was changed last: by git, which a fresh clone keeps, else by its file."""
    recorded = commits_of(session.vault.root, path)
    if recorded:
        return datetime.fromisoformat(recorded[0].at)
    return datetime.fromtimestamp(os.stat(session.vault.real(path)).st_mtime, UTC)


def list_follow_ups(
    session: Session,
    reference: str | None = None,
    *,
    everything: bool = False,
    overdue: bool = False,
    kind: str | None = None,
    owner: str | None = None,
    restricted: bool = False,
    ask: Ask | None = None,
) -> list[Listed]:
    """Give the follow-ups of an incident, or of all, those that are due first at the top; ended ones only where asked for.

    Raises:
        OkbError: No or several incidents fit, or the kind is none of ours.
    """
    if reference:
        found = [view_incident(session, reference, verb="follow-up list", restricted=restricted, ask=ask).record]
    else:
        found = list(records(session, MARK, restricted=restricted))
    wanted = word_of("kind", kind, follow_ups.KINDS, option="--kind") if kind else None
    today = write_moment(session.now, session.zone)[:10]
    listed = [
        Listed(
            record.incident,
            task,
            task.is_open and bool(task.due) and str(task.due) < today,
            tuple(follow_ups.missing(task)) if task.is_open else (),
        )
        for record in found
        if is_not_aside(record.incident)
        for task in record.follow_ups
    ]
    return sorted(
        (
            each
            for each in listed
            if (everything or each.task.is_open)
            and (each.is_overdue or not overdue)
            and wanted in {None, each.task.fields.get("kind", "").lower()}
            and (owner or "").lstrip("@").lower() in {"", (each.task.owner or "").lower()}
        ),
        key=lambda each: (not each.task.is_open, each.task.due or "9999", each.incident.id),
    )
