"""Reopening: what of an incident becomes history when its impact is back, and what counts from then on.

The response starts anew: the cause has to be found and the impact stopped again. What held until then is in the
timeline, in the line of the reopening, and no measurement takes it for an end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.moment import read_moment, write_moment
from okb_incident.core.values.properties import DERIVED, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from okb_incident.core.incident.incident import Incident, Pause

DONE_ANEW = ("mitigated", "identified", "verified")
"""The moments of the response that are still to come when the impact is back."""

#: What the line of a reopening says, in the order in which it says so, and the property that held it.
FIELDS = {name: name for name in ("resolved", *DONE_ANEW, "closed")} | {"promised": "expected_recovery"}

EMPTIED = (*FIELDS.values(), "next_update", *DERIVED)
"""The properties that a reopening takes away."""


class History(NamedTuple):
    """What an incident held until it was reopened.

    Attributes:
        said: What the line of the reopening says, such as ``resolved 2026-11-23T03:40:30``.
        rest: What it has no words for: promised messages, and what cannot be read as a moment.
    """

    said: tuple[str, ...]
    rest: tuple[str, ...]


def history(incident: Incident, zone: tzinfo) -> History:
    """Return what becomes history when an incident is reopened now, each value as the note holds it."""
    said, rest = [], []
    for word, key in FIELDS.items():
        text = text_of(incident.properties.get(key))
        at = incident.at(key) or _moment(text, zone)
        if at is not None:
            said.append(f"{word} {write_moment(at, zone)}")
        elif text:
            rest.append(f"{key} {text}")
    if text := text_of(incident.properties.get("next_update")):
        rest.append(f"next_update {text}")
    return History(tuple(said), tuple(rest))


def since_reopened(incident: Incident, pauses: Sequence[Pause]) -> Incident:
    """Return an incident as it is since it was reopened last.

    In older notes the mitigation that did not last is still a property; whatever came before the end that did not last is history.
    """
    if not pauses:
        return incident
    moments = {
        name: moment
        for name, moment in incident.moments.items()
        if name not in DONE_ANEW or not pauses[-1].follows(moment.at)
    }
    return incident._replace(pauses=tuple(pauses), moments=moments)


def _moment(text: str | None, zone: tzinfo) -> datetime | None:
    try:
        return read_moment(text, zone).at if text else None
    except ValueError:
        return None
