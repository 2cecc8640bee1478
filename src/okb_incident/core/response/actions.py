"""Actions: what is done while an incident lasts, its checklist among it; a box that is ticked is a line of the timeline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.change import Addition, Change, LogLine, about
from okb_incident.core.response.verification import unverified_actions
from okb_incident.core.timeline.task import ACTION, DONE, GIVEN_UP, STATES, next_name, with_box, write_task
from okb_incident.core.timeline.task_list import TaskList, find, replaced
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task import Task
    from okb_incident.core.timeline.task_list import Again

LIST = TaskList("action", "a", "Actions", ACTION)


class Action(NamedTuple):
    """An action as a list shows it.

    Attributes:
        task: Its line.
        section: Actions or Checklist.
        state: open, begun, done, given up; or ``done, unverified`` where it asks for a check that nobody made.
    """

    task: Task
    section: str
    state: str


def actions(record: Record) -> list[Action]:
    """Return the checklist and the actions, in the order of the note."""
    unverified = unverified_actions(record)
    return [
        Action(task, section, "done, unverified" if task.name in unverified else STATES[task.box])
        for section, tasks in (("Checklist", record.checklist), ("Actions", record.actions))
        for task in tasks
    ]


def add(
    record: Record,
    text: str,
    at: datetime,
    *,
    owner: str | None = None,
    due: str | None = None,
    check: str | None = None,
) -> Change:
    """Write an action down under the next name.

    Args:
        record: The incident.
        text: What has to be done.
        at: When that is decided.
        owner: The handle of who does it.
        due: The day by which it is due.
        check: What is to be checked when it is done; until then it counts as unverified.
    """
    return LIST.add(record, text, at, due, owner, verify=check)[1]


def named(record: Record, name: str, again: Again) -> Action:
    """Find an action by its short name.

    Raises:
        NotFoundError: There is none of that name; those that are open are offered.
    """
    known = {each.task.name: each for each in actions(record) if each.task.name}
    task = find(record, LIST.noun, {short: each.task for short, each in known.items()}, name, again)
    return known[str(task.name)]


def start(record: Record, action: Action, at: datetime, text: str = "") -> Change:
    """Record that somebody has begun with an action, and what they said.

    Raises:
        TransitionError: It has ended.
    """
    return LIST.start(record, action.task, action.section, at, text)


def end(record: Record, action: Action, at: datetime, *, text: str = "", given_up: bool = False) -> Change:
    """Record that an action is done, or that nobody will do it.

    Raises:
        TransitionError: It ended the other way before.
    """
    task = action.task
    box, word = (GIVEN_UP, "cancelled") if given_up else (DONE, "done")
    if task.box == box:
        return Change(already=True, said=f"{task.name} already {word}")
    if not task.is_open:
        raise LIST.over(record, task, action.state)
    raw = with_box(task.raw, box, write_moment(at, record.zone)[:10])
    check = task.fields.get("verify")
    hint = (f"{task.name} counts as done when this is checked: {check}",) if check and not given_up else ()
    return replaced(
        task, action.section, raw, about("cancelled" if given_up else "completed", str(task.name), task.text, text)
    )._replace(lines=(LogLine("action", f"{task.name} {word}{', ' + text if text else ''}", at),), warnings=hint)


def checklist(texts: Iterable[str], incident: object, day: str, used: Iterable[str] = ()) -> list[str]:
    """Write the steps of a checklist as tasks, named after the last action that there is."""
    names = list(used)
    lines = []
    for text in texts:
        name = next_name("a", names)
        names.append(name)
        lines.append(write_task(text, tag=ACTION, task_id=f"{incident}-{name}", created=day))
    return lines


def with_checklist(change: Change, record: Record, steps: Sequence[str], at: datetime) -> Change:
    """Add the checklist of a category to a change, where the note has none."""
    if not steps or record.checklist:
        return change
    day = write_moment(at, record.zone)[:10]
    lines = checklist(steps, record.incident.id, day, record.names("a"))
    added = tuple(Addition("Checklist", line) for line in lines)
    return change._replace(additions=(*change.additions, *added))


def noticed(record: Record, now: datetime) -> tuple[LogLine, ...]:
    """Return the lines for boxes that somebody ticked in the note, which the timeline does not tell of yet.

    When that was is not known, so the line is of now and says how it came about. The timeline is searched as text: reading all of
    it for each line that is logged would cost more than the rest of the command.
    """
    incident = record.incident
    if incident.status is None or not (incident.is_open or incident.status is Status.RESOLVED):
        return ()
    ended = [task for task in (*record.actions, *record.checklist) if task.name and not task.is_open]
    if not ended:
        return ()
    told = set(re.findall(r"\b(a\d+) (?:done|cancelled)\b", "\n".join(record.section("Timeline"))))
    return tuple(
        LogLine("action", f"{task.name} {'done' if task.box == DONE else 'cancelled'}, ticked in the note", now)
        for task in ended
        if task.name not in told
    )
