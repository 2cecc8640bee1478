"""Hypotheses: what was suspected under a short name, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from okb_incident.core.timeline.record import Record


class Hypothesis(NamedTuple):
    """A suspicion.

    Attributes:
        name: Its short name, ``h1``.
        text: What was suspected; empty where only its end was written down.
        result: open, confirmed or ruled out, with what was said then.
    """

    name: str
    text: str = ""
    result: str = "open"


def hypotheses(record: Record) -> list[Hypothesis]:
    """Give what was suspected, in the order in which it was first spoken of."""
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
