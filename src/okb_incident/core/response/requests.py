"""Requests: what a response asks for, and whether it got it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.incident.change import Change, LogLine, about
from okb_incident.core.timeline.task import next_name
from okb_incident.core.timeline.task_list import find
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task_list import Again


class ResourceRequest(NamedTuple):
    """Something that was asked for.

    Attributes:
        name: Its short name, ``r1``.
        text: What is wanted.
        state: requested, granted or refused.
        asked: When it was asked for; None where the line does not say.
        answered: When it was granted or refused; None before.
        answer: What was said then.
        asked_by: The handle of who asked; None where the line does not say.
        answered_by: The handle of who answered; None likewise, and before.
    """

    name: str
    text: str
    state: str
    asked: datetime | None
    answered: datetime | None
    answer: str
    asked_by: str | None = None
    answered_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Return whether it waits for an answer."""
        return self.state == "requested"


def requests(record: Record) -> dict[str, ResourceRequest]:
    """Return what was asked for, by name, in order."""
    found: dict[str, ResourceRequest] = {}
    for entry in record.of_kind("resource"):
        fields = entry.fields or {}
        name, state, text = fields["name"], fields["state"], fields["text"]
        if state == "requested":
            found[name] = ResourceRequest(name, text, state, entry.at, None, "", entry.actor)
        else:
            known = found.get(name, ResourceRequest(name, text, state, None, None, ""))
            said = text if text != known.text else ""
            found[name] = known._replace(state=state, answered=entry.at, answer=said, answered_by=entry.actor)
    return found


def ask_for(record: Record, text: str, at: datetime) -> Change:
    """Ask for something under the next name."""
    name = next_name("r", record.names("r"))
    return Change(lines=(LogLine("resource", f"{name} requested: {text}", at),), said=about("requested", name, text))


def named(record: Record, name: str, again: Again) -> ResourceRequest:
    """Find a request by its short name.

    Raises:
        NotFoundError: There is none of that name; those that wait for an answer are offered.
    """
    return find(record, "request", requests(record), name, again, group="resource")


def answer(record: Record, request: ResourceRequest, state: str, text: str, at: datetime) -> Change:
    """Grant or refuse what was asked for.

    Raises:
        UsageError: It was answered the other way before.
    """
    if request.state == state:
        return Change(already=True, done_at=request.answered, said=f"{request.name} already {state}")
    if not request.is_open:
        raise UsageError(
            f"{request.name} was {request.state} before; what is {state} now is a request of its own",
            field="request",
            value=request.name,
            hint=Command("resource request", request.text, incident=record.incident.id),
        )
    return Change(
        lines=(LogLine("resource", f"{request.name} {state}: {text or request.text}", at),),
        said=about(state, request.name, request.text, text),
    )
