"""Hypotheses: what was suspected under a short name, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Candidate, Command, Sentence
from okb_incident.core.timeline.task_list import MOST_CANDIDATES
from okb_incident.errors import NotFoundError

if TYPE_CHECKING:
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task_list import Again

OPEN = "open"


class Hypothesis(NamedTuple):
    """A suspicion.

    Attributes:
        name: Its short name, ``h1``.
        text: What was suspected; empty where only its end was written down.
        result: open, confirmed or ruled out, with what was said then.
    """

    name: str
    text: str = ""
    result: str = OPEN


def hypotheses(record: Record) -> list[Hypothesis]:
    """Return what was suspected, in the order in which it was first spoken of."""
    found: dict[str, Hypothesis] = {}
    for entry in record.of_kind("hypothesis"):
        fields = entry.fields or {}
        known = found.setdefault(fields["name"], Hypothesis(fields["name"]))
        if "result" in fields:
            said = f": {fields['text']}" if "text" in fields else ""
            found[known.name] = known._replace(result=f"{fields['result']}{said}")
        else:
            found[known.name] = known._replace(text=fields["text"])
    return list(found.values())


def refuse_unknown(record: Record, name: str, again: Again, text: str) -> None:
    """Refuse to confirm or rule out what nobody has suspected.

    Args:
        record: The incident.
        name: The short name that was typed.
        again: From another name to the command line that is repeated with it.
        text: All that was typed, for the command that logs it as a note.

    Raises:
        NotFoundError: No hypothesis has that name; those that there are are offered, the open ones first.
    """
    known = [each for each in hypotheses(record) if each.text]
    if any(each.name == name for each in known):
        return
    which = record.incident.id
    known.sort(key=lambda each: each.result != OPEN)
    raise NotFoundError(
        f"{which} has no hypothesis {name}" + ("" if known else "; none was logged yet"),
        field="hypothesis",
        value=name,
        candidates=tuple(
            Candidate(again(each.name), f"{each.name} {each.text} ({each.result})") for each in known[:MOST_CANDIDATES]
        ),
        hint=Sentence(Command("log", "note:", text, incident=which), "   logs it as a note"),
    )
