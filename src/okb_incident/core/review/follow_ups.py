"""Follow-ups: what is done when an incident is over, so that it does not come again; kept in its note as tasks.

Each has a kind, an owner and a day, without which no review is finished, and ends in one of two ways: done, with who verified it,
or given up, with why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, about
from okb_incident.core.timeline.task import (
    DONE,
    EXTERNAL,
    FOLLOW_UP,
    GIVEN_UP,
    SPOKEN,
    STATES,
    with_box,
    with_due,
    with_field,
    with_tag,
)
from okb_incident.core.timeline.task_list import TaskList, find, replaced, with_words
from okb_incident.core.values.moment import write_moment

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task import Task
    from okb_incident.core.timeline.task_list import Again

SECTION = "Follow-ups"
KINDS = ("prevention", "system", "process", "training", "documentation", "tool")
"""What a follow-up changes: that it happens at all, a system, how people work, what they know, what is written, what they use."""
LIST = TaskList("follow-up", "f", SECTION, FOLLOW_UP)


class FollowUpDetails(NamedTuple):
    """What is set of a follow-up; None where nothing is.

    Attributes:
        kind: One of the kinds.
        owner: The handle of who does it.
        due: The day by which it is due.
        note: The note that is to be changed, of a documentation follow-up.
        external: Customers may know of it: their last message names it.
    """

    kind: str | None = None
    owner: str | None = None
    due: str | None = None
    note: str | None = None
    external: bool = False


def add(record: Record, text: str, at: datetime, details: FollowUpDetails = FollowUpDetails()) -> Change:  # noqa: B008 - immutable
    """Write a follow-up down under the next name.

    Args:
        record: The incident.
        text: What has to be done.
        at: When that is decided.
        details: What is known of it.
    """
    kind, owner, due, note, external = details
    kept = LIST._replace(tag=f"{FOLLOW_UP} {EXTERNAL}") if external else LIST
    name, change = kept.add(record, text, at, due, owner, kind=kind, note=note)
    lacks = [word for word, given in (("kind", kind), ("owner", owner), ("due", due)) if not given]
    command = Command("follow-up set", name, options=[f"--{word}" for word in lacks[:1]], incident=record.incident.id)
    hint = Sentence(f"before the review is finished it needs: {', '.join(lacks)}; ", command)
    return change._replace(warnings=(hint,)) if lacks else change


def missing(task: Task) -> list[str]:
    """Return what a follow-up lacks that a finished review asks for."""
    lacks = [word for word, given in (("owner", task.owner), ("due day", task.due)) if not given]
    return lacks if task.fields.get("kind", "").lower() in KINDS else ["kind", *lacks]


def edit(task: Task, details: FollowUpDetails) -> Change:
    """Set another kind, owner, day or note of a follow-up."""
    kind, owner, due, note, external = details
    raw = task.raw
    for field, value in (("owner", owner), ("kind", kind), ("note", note)):
        if value and task.fields.get(field) != value:
            raw = with_field(raw, field, value)
    if due and due != task.due:
        raw = with_due(raw, due)
    if external and not task.is_external:
        raw = with_tag(raw, EXTERNAL)
    if raw == task.raw:
        return Change(already=True)
    set_now = {"kind": kind, "owner": owner, "due": due, "note": note}
    words = [f"{word} {value}" for word, value in set_now.items() if value]
    said = ", ".join([*words, "external"] if external else words)
    return replaced(task, SECTION, raw, about("set", str(task.name), task.text) + f", {said}")


def start(record: Record, task: Task, at: datetime, text: str = "") -> Change:
    """Record that somebody has begun with a follow-up, and what they said.

    Raises:
        TransitionError: It has ended.
    """
    return LIST.start(record, task, SECTION, at, text)


def end(
    record: Record,
    task: Task,
    at: datetime,
    *,
    text: str = "",
    verified_by: str | None = None,
    given_up: str | None = None,
) -> Change:
    """Record that a follow-up is done, or that nobody will do it, and why.

    Args:
        record: The incident.
        task: The follow-up.
        at: When.
        text: What was said of what is done; a line of the timeline.
        verified_by: The handle of who has seen that it is done.
        given_up: Why nobody will do it; None where it is done.

    Raises:
        TransitionError: It ended the other way before.
    """
    box = DONE if given_up is None else GIVEN_UP
    if task.box == box and (not verified_by or task.fields.get("verified") == verified_by):
        return Change(already=True, said=f"{task.name} already {SPOKEN.get(STATES[box], STATES[box])}")
    if not task.is_open and task.box != box:
        raise LIST.over(record, task, STATES[task.box])
    raw = task.raw
    if verified_by:
        raw = with_field(raw, "verified", verified_by)
    if given_up is not None:
        raw = with_field(raw, "reason", given_up)
    raw = with_box(raw, box, write_moment(at, record.zone)[:10])
    word = "cancelled" if given_up is not None else f"done{', verified by ' + verified_by if verified_by else ''}"
    change = replaced(
        task,
        SECTION,
        raw,
        about("cancelled" if given_up is not None else "completed", str(task.name), task.text, text or given_up or "")
        + (f", verified by @{verified_by}" if verified_by else ""),
    )
    return with_words(change, f"{task.name} {word}", text, at)


def named(record: Record, name: str, again: Again) -> Task:
    """Find a follow-up by its short name.

    Raises:
        NotFoundError: There is none of that name; those that are open are offered.
    """
    return find(record, LIST.noun, {task.name: task for task in record.follow_ups if task.name}, name, again)
