"""The actions of an incident: action add, start, done, cancel, list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.response import actions
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import UsageError
from okb_incident.workflow.look.guide import guide_all, guide_one
from okb_incident.workflow.reference import is_open, resolved_today
from okb_incident.workflow.response.person import find_person, with_hints

if TYPE_CHECKING:
    from okb_incident.core.incident.change import Change
    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.response.actions import Action
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task import Task
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import Changed

EXAMPLES = {
    "action add": "roll back deploy 4f2a --owner bob",
    "action start": "a1",
    "action done": "a1 all regions",
    "action cancel": "a1 the cause is elsewhere",
}


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


def add_action(call: Call, owner: str | None, due: str | None, verify: str | None) -> Changed:
    """Write an action down.

    Args:
        call: The call.
        owner: Who does it.
        due: The day by which it is to be done.
        verify: What is checked when it is done.

    Raises:
        UsageError: There are no words, or the day cannot be read.
    """
    if not call.text:
        raise _missing(call, "what is to be done", "TEXT")
    found = find_person(call.session, owner, "--owner") if owner else None
    whose, hint = (found.person.handle, found.hint) if found else (None, None)
    day = call.session.day(due) if due else None

    def decide(record: Record) -> Change:
        change = actions.add(record, call.text, call.session.now, owner=whose, due=day, verify=verify)
        return with_hints(change, hint)

    return call.change(decide, is_open, resolved_today(call.session))


def move_action(call: Call) -> Changed:
    """Start, finish or give up an action, as the verb says; giving up needs a reason.

    Raises:
        UsageError: No action is named, or there is no reason.
        NotFoundError: There is no action of that name.
    """
    name = call.given.get("NAME")
    if name is None:
        raise _missing(call, "which action", "NAME")
    if call.verb == "action cancel" and not call.text:
        raise _missing(call, "why", "TEXT")

    def decide(record: Record) -> Change:
        if call.verb == "action start":
            return actions.start(record, name, call.moment)
        return actions.end(record, name, call.moment, text=call.text, given_up=call.verb == "action cancel")

    return call.change(decide, is_open, resolved_today(call.session))


def _missing(call: Call, question: str, field: str) -> UsageError:
    return UsageError(f"{question}? such as: incident {call.verb} {EXAMPLES[call.verb]}", field=field)


def list_actions(call: Call, *, everything: bool, overdue: bool) -> list[ActionRow]:
    """Return the actions of an incident, or of all that are not at rest.

    Args:
        call: The call.
        everything: Those that are done, too.
        overdue: Only those whose day has passed.
    """
    session = call.session
    today = write_moment(session.now, session.zone)[:10]
    rows = [
        ActionRow(guided.incident, action, _is_overdue(action.task, today))
        for guided in ([guide_one(call)] if call.reference else guide_all(call))
        for action in actions.actions(guided.record)
    ]
    wanted = [row for row in rows if everything or row.action.task.is_open or row.action.state.endswith("unverified")]
    return [row for row in wanted if row.is_overdue or not overdue]


def _is_overdue(task: Task, today: str) -> bool:
    return task.is_open and task.due is not None and task.due < today
