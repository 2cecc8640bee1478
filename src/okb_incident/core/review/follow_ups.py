"""Follow-ups: what is done when an incident is over, so that it does not come again; kept in its note as tasks.

Each has a kind, an owner and a day, without which no review is finished, and ends in one of two ways: done, with who verified it,
or given up, with why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from datetime import datetime

    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task import Task

SECTION = "Follow-ups"
KINDS = ("prevention", "system", "process", "training", "documentation", "tool")
"""What a follow-up changes: that it happens at all, a system, how people work, what they know, what is written, what they use."""
STATES = {" ": "open", BEGUN: "begun", DONE: "done", GIVEN_UP: "given up"}


def add(
    record: Record,
    text: str,
    at: datetime,
    *,
    kind: str | None = None,
    owner: str | None = None,
    due: str | None = None,
    note: str | None = None,
) -> Change:
    """Write a follow-up down under the next name.

    Args:
        record: The incident.
        text: What is to be done.
        at: When that is decided.
        kind: One of the kinds.
        owner: The handle of who does it.
        due: The day by which it is to be done.
        note: The note that is to be changed, of a documentation follow-up.
    """
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
    missing = [word for word, given in (("kind", kind), ("owner", owner), ("due", due)) if not given]
    hint = f"before the review is finished it needs: {', '.join(missing)}; incident follow-up set {record.incident.id} {name}"
    return Change(
        additions=(Addition(SECTION, line),),
        said=f"{name} added{f' for {owner}' if owner else ''}: {text}",
        warnings=(hint,) if missing else (),
    )


def missing(task: Task) -> list[str]:
    """Say what a follow-up lacks that a finished review asks for."""
    lacks = [word for word, given in (("owner", task.owner), ("due day", task.due)) if not given]
    return lacks if task.fields.get("kind", "").lower() in KINDS else ["kind", *lacks]


def edit(
    record: Record,
    name: str,
    *,
    kind: str | None = None,
    owner: str | None = None,
    due: str | None = None,
    note: str | None = None,
) -> Change:
    """Give a follow-up another kind, owner, day or note.

    Raises:
        NotFoundError: There is none of that name.
    """
    task = named(record, name)
    raw = task.raw
    for field, value in (("owner", owner), ("kind", kind), ("note", note)):
        if value and task.fields.get(field) != value:
            raw = with_field(raw, field, value)
    if due and due != task.due:
        raw = with_due(raw, due)
    if raw == task.raw:
        return Change(already=True)
    given = (("kind", kind), ("owner", owner), ("due", due), ("note", note))
    said = ", ".join(f"{word} {value}" for word, value in given if value)
    return _replaced(task, raw, f"{task.name} {said}: {task.text}")


def start(record: Record, name: str) -> Change:
    """Say that somebody has begun with a follow-up.

    Raises:
        NotFoundError: There is none of that name.
        TransitionError: It has ended.
    """
    task = named(record, name)
    if task.box == BEGUN:
        return Change(already=True)
    if not task.is_open:
        raise _over(record, task)
    return _replaced(task, with_box(task.raw, BEGUN), f"{task.name} begun: {task.text}")


def end(
    record: Record, name: str, at: datetime, *, verified_by: str | None = None, given_up: str | None = None
) -> Change:
    """Say that a follow-up is done, or that nobody will do it, and why.

    Args:
        record: The incident.
        name: Which.
        at: When.
        verified_by: The handle of who has seen that it is done.
        given_up: Why nobody will do it; None where it is done.

    Raises:
        NotFoundError: There is none of that name.
        TransitionError: It ended the other way before.
    """
    task = named(record, name)
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


def named(record: Record, name: str) -> Task:
    """Find a follow-up by its short name.

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
            candidates=tuple(f"{each.name}   # {each.text}" for each in known.values() if each.is_open),
            hint="incident follow-up list shows all",
        )
    return task


def _replaced(task: Task, raw: str, said: str) -> Change:
    return Change(replacements=(Replacement(SECTION, task.line, task.raw, raw),), said=said)


def _over(record: Record, task: Task) -> TransitionError:
    return TransitionError(
        f"{task.name} is {STATES[task.box]} already; what is to be done again is a follow-up of its own",
        field="follow-up",
        value=task.name,
        hint=f"incident follow-up add {record.incident.id} {task.text}",
    )
