"""Whether a message is ready to be sent: its questions are answered, and its kind can be true of the incident as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.comms.communication import inside_words, misfit, undated_times
from okb_incident.core.incident.change import LogLine
from okb_incident.core.values.moment import write_moment
from okb_incident.errors import TransitionError

if TYPE_CHECKING:
    from okb_incident.core.values.status import Status
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.comms.messages import Message
    from okb_incident.workflow.reference import Target

SHOWN = 6
"""How many of the things that are missing an error names."""


def missing(message: Message, status: Status | None = None) -> list[str]:
    """Return what keeps a message from being sent, each as a clause.

    Args:
        message: The message.
        status: That of its incident; None where only the text counts, as for an approval, which may come before the end.
    """
    state = misfit(message.audience, message.kind, status)
    left = [f"line {each.line}: {each.clause()}" for each in message.questions]
    empty = not message.text and not left
    return [
        *([state] if state else ()),
        *(["it says nothing yet"] if empty else left),
        *message.hidden,
        *inside_words(message.text, message.audience),
    ]


def refuse_unready(call: Call, target: Target, message: Message, status: Status | None = None) -> None:
    """Refuse a message that is not ready, unless it is to go out as it is.

    Raises:
        TransitionError: It is not ready; each thing is named, with its line.
    """
    found = missing(message, status)
    if not found or call.shared.force:
        return
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    raise TransitionError(
        f"{message.name} is not fit to be sent: {'; '.join(found[:SHOWN])}{more}",
        field="text",
        value=message.path,
        hint=Sentence(
            Command("comms edit", message.name, incident=target.id), ", or --as-is where it is right as it is"
        ),
    )


def undated(call: Call, message: Message) -> tuple[str, ...]:
    """Return the warning that a message has times without a date, and was drafted on another day than it is sent."""
    today = write_moment(call.session.now, call.session.zone)[:10]
    times = undated_times(message.text, call.session.zone_name)
    if not times or message.created in {None, today}:
        return ()
    return (
        f"{message.name} was drafted on {message.created}, and has times without a date: {', '.join(times[:SHOWN])}",
    )


def override(call: Call, message: Message, status: Status | None) -> tuple[LogLine, ...]:
    """Return the line of the timeline that records which objections a message was sent with."""
    found = missing(message, status)
    if not found:
        return ()
    shown = f"[[{message.note_name}|{message.audience} {message.name}]]"
    return (LogLine("note", f"{shown} sent as it is: {'; '.join(found)}", call.moment),)
