"""Verbs on something with a short name: an action, a follow-up, a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.errors import MissingWordError

if TYPE_CHECKING:
    from okb_incident.command import Command
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task_list import Again
    from okb_incident.workflow.call import Call


def text_of(call: Call, question: str, example: str) -> str:
    """Return the words that were typed.

    Raises:
        MissingWordError: There are none; the question is asked, with an example of the words.
    """
    if not call.text:
        raise MissingWordError("TEXT", question, f"{call.verb} {example}")
    return call.text


def name_of(call: Call, noun: str, example: str, *, reason: bool = False) -> str:
    """Return the short name that was typed.

    Args:
        call: The call.
        noun: What has the name.
        example: Words that would have been accepted.
        reason: There have to be words after the name.

    Raises:
        MissingWordError: There is no name, or no reason.
    """
    name = call.given.get("NAME")
    if name is None:
        raise MissingWordError("NAME", f"which {noun}", f"{call.verb} {example}")
    if reason:
        text_of(call, "why", example)
    return name


def again(call: Call, record: Record) -> Again:
    """Return how the call is repeated with another name."""

    def command(name: str) -> Command:
        return call.repeated((name, *call.words), record.incident.id)

    return command
