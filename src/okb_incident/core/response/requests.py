"""Requests: what a response asks for, and whether it got it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Candidate, Command, Sentence
from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.timeline.task import next_name
from okb_incident.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.timeline.record import Record

#: The command for each answer.
VERBS = {"granted": "resource grant", "refused": "resource refuse"}


class ResourceRequest(NamedTuple):
    """Something that was asked for.

    Attributes:
        name: Its short name, ``r1``.
        text: What is wanted.
        state: requested, granted or refused.
        asked: When it was asked for; None where the line does not say.
        answered: When it was granted or refused; None before.
        answer: What was said then.
    """

    name: str
    text: str
    state: str
    asked: datetime | None
    answered: datetime | None
    answer: str

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == "requested"


def requests(record: Record) -> dict[str, ResourceRequest]:
    """Return what was asked for, by name, in order."""
    found: dict[str, ResourceRequest] = {}
    for entry in record.of_kind("resource"):
        fields = entry.fields or {}
        name, state, text = fields["name"], fields["state"], fields["text"]
        if state == "requested":
            found[name] = ResourceRequest(name, text, state, entry.at, None, "")
        else:
            known = found.get(name, ResourceRequest(name, text, state, None, None, ""))
            found[name] = known._replace(state=state, answered=entry.at, answer=text if text != known.text else "")
    return found


def ask_for(record: Record, text: str, at: datetime) -> Change:
    """Ask for something under the next name."""
    name = next_name("r", record.names("r"))
    return Change(lines=(LogLine("resource", f"{name} requested: {text}", at),), said=f"{name} requested: {text}")


def answer(record: Record, name: str, state: str, text: str, at: datetime) -> Change:
    """Grant or refuse what was asked for.

    Raises:
        NotFoundError: There is no request of that name.
        UsageError: It was answered the other way before.
    """
    known = requests(record)
    request = known.get(name.lower())
    if request is None:
        waiting = [each for each in known.values() if each.is_open]
        raise NotFoundError(
            f"{record.incident.id} has no request {name}"
            + (f"; {', '.join(each.name for each in waiting)} wait for an answer" if waiting else ""),
            field="request",
            value=name,
            candidates=tuple(
                Candidate(Command(VERBS[state], each.name, incident=record.incident.id), each.text) for each in waiting
            ),
            hint=Sentence(Command("resource list", incident=record.incident.id), " shows all"),
        )
    if request.state == state:
        return Change(already=True, done_at=request.answered)
    if not request.is_open:
        raise UsageError(
            f"{request.name} was {request.state} before; what is {state} now is a request of its own",
            field="request",
            value=name,
            hint=Command("resource request", request.text, incident=record.incident.id),
        )
    return Change(
        lines=(LogLine("resource", f"{request.name} {state}: {text or request.text}", at),),
        said=f"{request.name} {state}: {request.text}",
    )
