"""The follow-ups of an incident: follow-up add, set, start, done, cancel, list."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.review import follow_ups
from okb_incident.core.review.follow_ups import FollowUpDetails
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import MissingWordError, TransitionError
from okb_incident.integrations.git import commits_of
from okb_incident.vault.read.scan import scan
from okb_incident.workflow.lifecycle.read_word import word_of
from okb_incident.workflow.look.read_incident import view_incident
from okb_incident.workflow.reference import is_open
from okb_incident.workflow.response.named_item import again, name_of, text_of
from okb_incident.workflow.response.person import find_person
from okb_incident.workflow.review.records import records

if TYPE_CHECKING:
    from okb_incident.command import Text
    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task import Task
    from okb_incident.workflow.call import Call, Decision
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.session import Session

MARK = b"#incident/follow-up"


class FollowUpRow(NamedTuple):
    """A follow-up of some incident.

    Attributes:
        incident: Which.
        task: What has to be done.
        is_overdue: Its day has passed and it is open.
        missing: What a finished review asks for and it lacks.
    """

    incident: Incident
    task: Task
    is_overdue: bool
    missing: tuple[str, ...]


def is_not_aside(incident: Incident) -> bool:
    """Return whether there can be something to do afterwards: it was neither declined nor merged."""
    return incident.status is None or not incident.status.is_aside


def add_follow_up(call: Call, typed: FollowUpDetails) -> ChangedIncident:
    """Write a follow-up down.

    Raises:
        UsageError: There are no words, or a kind or a day cannot be used.
    """
    text_of(call, "what has to be done", "alert on pool use above 80 % --kind prevention --owner bob --due 14d")
    details, hints = _read(call.session, typed)

    def decide(record: Record) -> Change:
        change = follow_ups.add(record, call.text, call.moment, details)
        return change._replace(warnings=(*change.warnings, *hints))

    return _change(call, decide)


def edit_follow_up(call: Call, typed: FollowUpDetails) -> ChangedIncident:
    """Set another kind, owner, day or note of a follow-up.

    Raises:
        UsageError: No follow-up is named, nothing is given, or it cannot be used.
        NotFoundError: There is no follow-up of that name.
    """
    name = name_of(call, "follow-up", "f1 --owner bob --due 14d")
    if not any(typed):
        example = "follow-up set f1 --owner bob --due 14d"
        raise MissingWordError("--kind, --owner, --due or --note", "who does it", example, option="owner")
    details, hints = _read(call.session, typed)
    return _change(call, lambda record: follow_ups.edit(_named(call, record, name), details)._replace(warnings=hints))


def _read(session: Session, typed: FollowUpDetails) -> tuple[FollowUpDetails, tuple[Text, ...]]:
    """Read what was typed of a follow-up, and say what is odd about it."""
    found = find_person(session, typed.owner, "--owner") if typed.owner else None
    note = typed.note.strip().strip("[]") if typed.note else None
    hints: list[Text] = [found.hint] if found and found.hint else []
    if note and _note_named(session, note) is None:
        hints.append(f"there is no note {note} yet")
    return (
        FollowUpDetails(
            word_of("kind", typed.kind, follow_ups.KINDS, option="--kind") if typed.kind else None,
            found.person.handle if found else None,
            session.day(typed.due) if typed.due else None,
            note,
            typed.external,
        ),
        tuple(hints),
    )


def start_follow_up(call: Call) -> ChangedIncident:
    """Record that somebody has begun with a follow-up.

    Raises:
        UsageError: No follow-up is named.
        NotFoundError: There is no follow-up of that name.
        TransitionError: It has ended.
    """
    name = name_of(call, "follow-up", "f1")
    return _change(call, lambda record: follow_ups.start(record, _named(call, record, name), call.moment, call.text))


def end_follow_up(call: Call, verified_by: str | None) -> ChangedIncident:
    """Record that a follow-up is done.

    Args:
        call: The call.
        verified_by: Who has seen that it is done, as typed.

    Raises:
        UsageError: No follow-up is named.
        NotFoundError: There is no follow-up of that name.
        TransitionError: The note that was to be changed has not been changed since, or it was given up before.
    """
    name = name_of(call, "follow-up", "f1 --verified-by dan")
    verifier = find_person(call.session, verified_by, "--verified-by").person.handle if verified_by else None

    def decide(record: Record) -> Change:
        task = _named(call, record, name)
        if not call.shared.force:
            _refuse_unwritten(call.session, record, task)
        return follow_ups.end(record, task, call.moment, text=call.text, verified_by=verifier)

    return _change(call, decide)


def cancel_follow_up(call: Call) -> ChangedIncident:
    """Record that nobody will do a follow-up, and why.

    Raises:
        UsageError: No follow-up is named, or there is no reason.
        NotFoundError: There is no follow-up of that name.
        TransitionError: It was done before.
    """
    name = name_of(call, "follow-up", "f1 the service is gone", reason=True)
    return _change(
        call, lambda record: follow_ups.end(record, _named(call, record, name), call.moment, given_up=call.text)
    )


def _named(call: Call, record: Record, name: str) -> Task:
    return follow_ups.named(record, name, again(call, record))


def _change(call: Call, decide: Decision) -> ChangedIncident:
    return call.change(decide, is_open, is_not_aside)


def _refuse_unwritten(session: Session, record: Record, task: Task) -> None:
    """Refuse to call a documentation follow-up done whose note is as it was."""
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
        command = Command("follow-up done", task.name, options=("--force",), incident=record.incident.id)
        raise TransitionError(
            f"{task.name}, of {task.created or 'an unknown day'}, is about the note {note}, which {said}",
            field="note",
            value=note,
            hint=Sentence(command, ", where it is written elsewhere"),
        )


def _note_named(session: Session, name: str) -> str | None:
    """Find a note by the name that links use, without its folder and ending."""
    wanted = name.rpartition("/")[2].removesuffix(".md").casefold()
    found = scan(session.vault.root, templates=session.vault.templates).notes
    return next((note.path for note in found if note.path.rpartition("/")[2][:-3].casefold() == wanted), None)


def _changed_at(session: Session, path: str) -> datetime:
    """Return when a note was changed last: by git, which a fresh clone keeps, else by its file."""
    recorded = commits_of(session.vault.root, path)
    if recorded:
        return datetime.fromisoformat(recorded[0].at)
    return datetime.fromtimestamp(os.stat(session.vault.real(path)).st_mtime, UTC)


def list_follow_ups(
    call: Call, *, everything: bool = False, overdue: bool = False, kind: str | None = None, owner: str | None = None
) -> list[FollowUpRow]:
    """Return the follow-ups of an incident, or of all where none is named, those that are due first at the top.

    Args:
        call: The call.
        everything: Those that have ended too.
        overdue: Only those whose day has passed.
        kind: Only those of this kind, as typed.
        owner: Only those of this person, as typed.

    Raises:
        UsageError: It is not a kind of follow-up.
    """
    wanted = word_of("kind", kind, follow_ups.KINDS, option="--kind") if kind else None
    found = [view_incident(call).record] if call.reference else records(call, MARK)
    today = write_moment(call.session.now, call.session.zone)[:10]
    rows = (_row(record.incident, task, today) for record in found for task in record.follow_ups)
    return sorted(
        (
            each
            for each in rows
            if is_not_aside(each.incident)
            and (everything or each.task.is_open)
            and (each.is_overdue or not overdue)
            and wanted in {None, each.task.fields.get("kind", "").lower()}
            and (owner or "").lstrip("@").lower() in {"", (each.task.owner or "").lower()}
        ),
        key=lambda each: (not each.task.is_open, each.task.due or "9999", each.incident.id),
    )


def _row(incident: Incident, task: Task, today: str) -> FollowUpRow:
    is_overdue = task.is_open and task.due is not None and task.due < today
    return FollowUpRow(incident, task, is_overdue, tuple(follow_ups.missing(task)) if task.is_open else ())
