"""What a response asks for: resource request, grant, refuse, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.response import requests
from okb_incident.errors import UsageError
from okb_incident.workflow.look.read_incident import view_incident
from okb_incident.workflow.reference import is_open, resolved_today

if TYPE_CHECKING:
    from okb_incident.core.incident.change import Change
    from okb_incident.core.response.requests import ResourceRequest
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import Changed

STATES = {verb: state for state, verb in requests.VERBS.items()}
EXAMPLES = {
    "resource request": "a database specialist",
    "resource grant": "r1 gita joins at 03:00",
    "resource refuse": "r1 nobody is free before eight",
}


def add_request(call: Call) -> Changed:
    """Ask for something.

    Raises:
        UsageError: Nothing is asked for.
    """
    if not call.text:
        raise _missing(call, "what is needed", "TEXT")

    def decide(record: Record) -> Change:
        return requests.ask_for(record, call.text, call.moment)

    return call.change(decide)


def answer_request(call: Call) -> Changed:
    """Grant or refuse what was asked for, as the verb says; a refusal needs a reason.

    Raises:
        UsageError: No request is named, or there is no reason.
        NotFoundError: There is no request of that name.
    """
    name = call.given.get("NAME")
    if name is None:
        raise _missing(call, "which request", "NAME")
    if call.verb == "resource refuse" and not call.text:
        raise _missing(call, "why", "TEXT")

    def decide(record: Record) -> Change:
        return requests.answer(record, name, STATES[call.verb], call.text, call.moment)

    return call.change(decide, is_open, resolved_today(call.session))


def _missing(call: Call, question: str, field: str) -> UsageError:
    return UsageError(f"{question}? such as: incident {call.verb} {EXAMPLES[call.verb]}", field=field)


def list_requests(call: Call) -> tuple[str, list[ResourceRequest]]:
    """Return the id of an incident and what was asked for in it, what waits for an answer first."""
    record = view_incident(call).record
    found = requests.requests(record).values()
    return record.incident.id.text, sorted(found, key=lambda each: not each.is_open)
