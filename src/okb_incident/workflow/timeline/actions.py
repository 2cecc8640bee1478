"""The actions of an incident: action add, start, done, cancel, list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.change import together
from okb_incident.core.response import actions
from okb_incident.core.values.moment import write_moment
from okb_incident.workflow.look.guide import guide_all, guide_one
from okb_incident.workflow.reference import is_open, resolved_today
from okb_incident.workflow.response.named_item import again, name_of, text_of
from okb_incident.workflow.response.person import find_person, with_hints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.response.actions import Action
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task import Task
    from okb_incident.core.timeline.task_list import Again
    from okb_incident.workflow.call import Call, Decision
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.session import Session


class ActionRow(NamedTuple):
    """An action of some incident.

    Attributes:
        incident: The incident.
        action: What is done.
        is_overdue: Its day has passed and it is open.
    """

    incident: Incident
    action: Action
    is_overdue: bool


def add_action(call: Call, owner: str | None, due: str | None, check: str | None) -> ChangedIncident:
    """Write an action down.

    Args:
        call: The call.
        owner: Who does it.
        due: The day by which it is due.
        check: What is checked when it is done.

    Raises:
        UsageError: There are no words, or the day cannot be read.
    """
    text_of(call, "what has to be done", "roll back deploy 4f2a --owner bob")
    found = find_person(call.session, owner, "--owner") if owner else None
    whose, hint = (found.person.handle, found.hint) if found else (None, None)
    day = call.session.day(due) if due else None

    def decide(record: Record) -> Change:
        change = actions.add(record, call.text, call.session.now, owner=whose, due=day, check=check)
        return with_hints(change, hint)

    return _change(call, decide)


def start_action(call: Call) -> ChangedIncident:
    """Record that somebody has begun with an action."""
    name = name_of(call, "action", "a1")
    return _change(
        call,
        lambda record: actions.start(record, actions.named(record, name, again(call, record)), call.moment, call.text),
    )


def end_action(call: Call) -> ChangedIncident:
    """Record that an action is done, or several where nothing but their names is typed."""
    names = (name_of(call, "action", "a1 all regions"), *call.words)
    if not all(re.fullmatch(r"[Aa]\d+", name) for name in names):
        # Words that are not all names are what there is to say of the first.
        names = names[:1]
    text = call.text if len(names) == 1 else ""

    def decide(record: Record) -> Change:
        found = [actions.named(record, name, _again(call, record, names, name)) for name in names]
        ended = [actions.end(record, each, call.moment, text=text) for each in found]
        return ended[0] if len(ended) == 1 else together(ended)

    return _change(call, decide)


def _again(call: Call, record: Record, names: Sequence[str], name: str) -> Again:
    """Return how the call is repeated with another name in the place of one."""
    if len(names) == 1:
        return again(call, record)
    return lambda other: call.repeated([other if each == name else each for each in names], record.incident.id)


def cancel_action(call: Call) -> ChangedIncident:
    """Record that nobody will do an action, and why."""
    name = name_of(call, "action", "a1 the cause is elsewhere", reason=True)

    def decide(record: Record) -> Change:
        action = actions.named(record, name, again(call, record))
        return actions.end(record, action, call.moment, text=call.text, given_up=True)

    return _change(call, decide)


def _change(call: Call, decide: Decision) -> ChangedIncident:
    return call.change(decide, is_open, resolved_today(call.session))


def list_actions(call: Call, *, everything: bool, overdue: bool) -> list[ActionRow]:
    """Return the actions of an incident, or of all that are not closed.

    Args:
        call: The call.
        everything: Those that are done, too.
        overdue: Only those whose day has passed.
    """
    session = call.session
    rows = [
        ActionRow(guided.incident, action, is_overdue(session, action.task))
        for guided in ([guide_one(call)] if call.reference else guide_all(call))
        for action in actions.actions(guided.record)
    ]
    wanted = [row for row in rows if everything or row.action.task.is_open or row.action.state.endswith("unverified")]
    return [row for row in wanted if row.is_overdue or not overdue]


def is_overdue(session: Session, task: Task) -> bool:
    """Return whether the day of an open task has passed."""
    return task.is_open and task.due is not None and task.due < write_moment(session.now, session.zone)[:10]
