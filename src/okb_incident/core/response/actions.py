"""Actions: what is done while an incident lasts, its checklist among it; a box that is ticked is a line of the timeline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Candidate, Command, Sentence
from okb_incident.core.incident.change import Addition, Change, LogLine, Replacement
from okb_incident.core.response.verification import unverified_actions
from okb_incident.core.timeline.task import ACTION, BEGUN, DONE, GIVEN_UP, next_name, with_box, write_task
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.status import Status
from okb_incident.errors import NotFoundError, TransitionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task import Task

STATES = {" ": "open", BEGUN: "begun", DONE: "done", GIVEN_UP: "given up"}


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
    """Give the checklist and the actions, in the order of the note."""
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
    verify: str | None = None,
) -> Change:
    """Write an action down under the next name.

    Args:
        record: The incident.
        text: What is to be done.
        at: When that is decided.
        owner: The handle of who does it.
        due: The day by which it is to be done.
        verify: What is to be checked when it is done; until then it counts as unverified.
    """
    name = next_name("a", record.names("a"))
    line = write_task(
        text,
        tag=ACTION,
        task_id=f"{record.incident.id}-{name}",
        created=write_moment(at, record.zone)[:10],
        due=due,
        owner=owner,
        verify=verify,
    )
    whose = f" for {owner}" if owner else ""
    return Change(additions=(Addition("Actions", line),), said=f"{name} added{whose}: {text}")


def start(record: Record, name: str, at: datetime) -> Change:
    """Say that somebody has begun with an action."""
    action = _named(record, name, "start")
    if action.task.box == BEGUN:
        return Change(already=True)
    if not action.task.is_open:
        raise _over(record, action)
    return _boxed(record, action, BEGUN, at, f"{action.task.name} begun: {action.task.text}")


def end(record: Record, name: str, at: datetime, *, text: str = "", given_up: bool = False) -> Change:
    """Say that an action is done, or that nobody will do it.

    Raises:
        NotFoundError: There is no action of that name.
        TransitionError: It ended the other way before.
    """
    action = _named(record, name, "cancel" if given_up else "done")
    box, word = (GIVEN_UP, "cancelled") if given_up else (DONE, "done")
    if action.task.box == box:
        return Change(already=True)
    if not action.task.is_open:
        raise _over(record, action)
    change = _boxed(record, action, box, at, f"{action.task.name} {word}: {action.task.text}")
    check = action.task.fields.get("verify")
    hint = (f"{action.task.name} counts as done when this is checked: {check}",) if check and not given_up else ()
    return change._replace(
        lines=(LogLine("action", f"{action.task.name} {word}{', ' + text if text else ''}", at),), warnings=hint
    )


def _boxed(record: Record, action: Action, box: str, at: datetime, said: str) -> Change:
    day = write_moment(at, record.zone)[:10]
    task = action.task
    return Change(
        replacements=(Replacement(action.section, task.line, task.raw, with_box(task.raw, box, day)),), said=said
    )


def _named(record: Record, name: str, verb: str) -> Action:
    known = {each.task.name: each for each in actions(record) if each.task.name}
    action = known.get(name.lower())
    if action is None:
        open_ones = [each.task for each in known.values() if each.task.is_open]
        raise NotFoundError(
            f"{record.incident.id} has no action {name}",
            field="action",
            value=name,
            candidates=tuple(
                Candidate(Command(f"action {verb}", task.name, incident=record.incident.id), task.text)
                for task in open_ones
            ),
            hint=Sentence(Command("action list", incident=record.incident.id), " shows all"),
        )
    return action


def _over(record: Record, action: Action) -> TransitionError:
    return TransitionError(
        f"{action.task.name} is {action.state} already; what is to be done again is an action of its own",
        field="action",
        value=action.task.name,
        hint=Command("action add", action.task.text, incident=record.incident.id),
    )


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
    """Give the lines for boxes that somebody ticked in the note, which the timeline does not tell of yet.

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
