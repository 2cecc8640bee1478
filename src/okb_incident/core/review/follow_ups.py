"""Follow-ups: what is done when an incident is over, so that it does not come again; kept in its note as tasks.

Each has a kind, an owner and a day, without which no review is finished, and ends in one of two ways: done, with who verified it,
or given up, with why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Candidate, Command, Sentence
from okb_incident.core.incident.change import Addition, Change, Replacement
from okb_incident.core.timeline.task import (
    BEGUN,
    DONE,
    FOLLOW_UP,
    GIVEN_UP,
    next_name,
    with_box,
    with_due,
    with_field,
    write_task,
)
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import NotFoundError, TransitionError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task import Task

SECTION = "Follow-ups"
KINDS = ("prevention", "system", "process", "training", "documentation", "tool")
"""What a follow-up changes: that it happens at all, a system, how people work, what they know, what is written, what they use."""
STATES = {" ": "open", BEGUN: "begun", DONE: "done", GIVEN_UP: "given up"}


class FollowUpDetails(NamedTuple):
    """What is set of a follow-up; None where nothing is.

    Attributes:
        kind: One of the kinds.
        owner: The handle of who does it.
        due: The day by which it is to be done.
        note: The note that is to be changed, of a documentation follow-up.
    """

    kind: str | None = None
    owner: str | None = None
    due: str | None = None
    note: str | None = None


def add(record: Record, text: str, at: datetime, details: FollowUpDetails = FollowUpDetails()) -> Change:  # noqa: B008 - immutable
    """Write a follow-up down under the next name.

    Args:
        record: The incident.
        text: What is to be done.
        at: When that is decided.
        details: What is known of it.
    """
    kind, owner, due, note = details
    name = next_name("f", record.names("f"))
    line = write_task(
        text,
        tag=FOLLOW_UP,
        task_id=f"{record.incident.id}-{name}",
        created=write_moment(at, record.zone)[:10],
        due=due,
        owner=owner,
        kind=kind,
        note=note,
    )
    lacks = [word for word, given in (("kind", kind), ("owner", owner), ("due", due)) if not given]
    command = Command("follow-up set", name, incident=record.incident.id)
    hint = Sentence(f"before the review is finished it needs: {', '.join(lacks)}; ", command)
    return Change(
        additions=(Addition(SECTION, line),),
        said=f"{name} added{f' for {owner}' if owner else ''}: {text}",
        warnings=(hint,) if lacks else (),
    )


def missing(task: Task) -> list[str]:
    """Return what a follow-up lacks that a finished review asks for."""
    lacks = [word for word, given in (("owner", task.owner), ("due day", task.due)) if not given]
    return lacks if task.fields.get("kind", "").lower() in KINDS else ["kind", *lacks]


def edit(task: Task, details: FollowUpDetails) -> Change:
    """Set another kind, owner, day or note of a follow-up."""
    kind, owner, due, note = details
    raw = task.raw
    for field, value in (("owner", owner), ("kind", kind), ("note", note)):
        if value and task.fields.get(field) != value:
            raw = with_field(raw, field, value)
    if due and due != task.due:
        raw = with_due(raw, due)
    if raw == task.raw:
        return Change(already=True)
    said = ", ".join(f"{word} {value}" for word, value in details._asdict().items() if value)
    return _replaced(task, raw, f"{task.name} {said}: {task.text}")


def start(record: Record, task: Task) -> Change:
    """Record that somebody has begun with a follow-up.

    Raises:
        TransitionError: It has ended.
    """
    if task.box == BEGUN:
        return Change(already=True)
    if not task.is_open:
        raise _over(record, task)
    return _replaced(task, with_box(task.raw, BEGUN), f"{task.name} begun: {task.text}")


def end(
    record: Record, task: Task, at: datetime, *, verified_by: str | None = None, given_up: str | None = None
) -> Change:
    """Record that a follow-up is done, or that nobody will do it, and why.

    Args:
        record: The incident.
        task: The follow-up.
        at: When.
        verified_by: The handle of who has seen that it is done.
        given_up: Why nobody will do it; None where it is done.

    Raises:
        TransitionError: It ended the other way before.
    """
    box = DONE if given_up is None else GIVEN_UP
    if task.box == box and (not verified_by or task.fields.get("verified") == verified_by):
        return Change(already=True)
    if not task.is_open and task.box != box:
        raise _over(record, task)
    raw = task.raw
    if verified_by:
        raw = with_field(raw, "verified", verified_by)
    if given_up is not None:
        raw = with_field(raw, "reason", given_up)
    raw = with_box(raw, box, write_moment(at, record.zone)[:10])
    word = "given up" if given_up is not None else f"done{', verified by ' + verified_by if verified_by else ''}"
    return _replaced(task, raw, f"{task.name} {word}: {task.text}")


def named(record: Record, name: str, again: Callable[[str], Command]) -> Task:
    """Find a follow-up by its short name.

    Args:
        record: The incident.
        name: The name.
        again: From another name to the command that is repeated with it.

    Raises:
        NotFoundError: There is none of that name; those that are open are offered.
    """
    known = {task.name: task for task in record.follow_ups if task.name}
    task = known.get(name.lower())
    if task is None:
        raise NotFoundError(
            f"{record.incident.id} has no follow-up {name}",
            field="follow-up",
            value=name,
            candidates=tuple(
                Candidate(again(short), f"{short} {each.text}") for short, each in known.items() if each.is_open
            ),
            hint=Sentence(Command("follow-up list"), " shows all"),
        )
    return task


def _replaced(task: Task, raw: str, said: str) -> Change:
    return Change(replacements=(Replacement(SECTION, task.line, task.raw, raw),), said=said)


def _over(record: Record, task: Task) -> TransitionError:
    return TransitionError(
        f"{task.name} is {STATES[task.box]} already; what is to be done again is a follow-up of its own",
        field="follow-up",
        value=task.name,
        hint=Command("follow-up add", task.text, incident=record.incident.id),
    )
