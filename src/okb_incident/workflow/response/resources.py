"""What a response asks for: resource request, grant, refuse, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.core.response import requests
from okb_incident.workflow.look.read_incident import view_incident
from okb_incident.workflow.reference import is_open, resolved_today
from okb_incident.workflow.response.named_item import again, name_of, text_of

if TYPE_CHECKING:
    from okb_incident.core.incident.change import Change
    from okb_incident.core.response.requests import ResourceRequest
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident


def add_request(call: Call) -> ChangedIncident:
    """Ask for something."""
    text_of(call, "what is needed", "a database specialist")
    return call.change(lambda record: requests.ask_for(record, call.text, call.moment))


def grant_request(call: Call) -> ChangedIncident:
    """Grant what was asked for."""
    return _answer(call, name_of(call, "request", "r1 gita joins at 03:00"), "granted")


def refuse_request(call: Call) -> ChangedIncident:
    """Refuse what was asked for, and say why."""
    return _answer(call, name_of(call, "request", "r1 no one is free before eight", reason=True), "refused")


def _answer(call: Call, name: str, state: str) -> ChangedIncident:
    def decide(record: Record) -> Change:
        request = requests.named(record, name, again(call, record))
        return requests.answer(record, request, state, call.text, call.moment)

    return call.change(decide, is_open, resolved_today(call.session))


def list_requests(call: Call) -> tuple[str, list[ResourceRequest]]:
    """Return the id of an incident and what was asked for in it, what waits for an answer first."""
    record = view_incident(call).record
    found = requests.requests(record).values()
    return record.incident.id.text, sorted(found, key=lambda each: not each.is_open)
