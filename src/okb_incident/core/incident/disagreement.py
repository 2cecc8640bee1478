"""Moments that contradict one another: in the wrong order, or not as far apart as the note says; and which of them is to blame."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.doubt import DISORDER, MINUTES, Doubt
from okb_incident.core.incident.order import disorders
from okb_incident.core.values.moment import seconds_between, show_seconds
from okb_incident.core.values.properties import DERIVED, MOMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.incident.incident import Incident

#: A detection this much after the declaration is a slip; a smaller one is a matter of words.
LATE_DETECTION = timedelta(hours=1)


class Pair(NamedTuple):
    """Two moments that cannot both be right."""

    first: str
    second: str
    code: str
    message: str


def disagreements(incident: Incident) -> list[Pair]:
    """Return the pairs of moments that are in the wrong order, or are not as far apart as a property says."""
    found = [
        Pair(each.first, each.second, DISORDER, f"{each}; no duration between them is counted")
        for each in disorders(incident)
        if each.impossible
    ]
    known = {(each.first, each.second) for each in found}
    detected, declared = incident.moments.get("detected"), incident.at("declared")
    if detected and declared and detected.at - declared > LATE_DETECTION and not incident.confirms("detected"):
        late = show_seconds(seconds_between(declared, detected.at))
        found.append(Pair("declared", "detected", DISORDER, f"detected is {late} after declared"))
    for key, (first, second) in DERIVED.items():
        start, end = incident.moments.get(first), incident.moments.get(second)
        written = incident.properties.get(key)
        vague = start is None or end is None or start.day_only or end.day_only
        if vague or not isinstance(written, int) or (first, second) in known:
            continue
        assert start is not None, "vague otherwise"
        assert end is not None, "vague otherwise"
        minutes = seconds_between(start.at, end.at) / 60
        if abs(max(minutes, 0) - written) > 1:
            message = f"{key} is {written}, and {second} is {round(minutes)} minutes after {first}"
            found.append(Pair(first, second, MINUTES, message))
    return found


def blamed(pairs: list[Pair]) -> Iterator[Doubt]:
    """Name the moment that most pairs have in common, then that of the rest: one slip is one finding."""
    while pairs:
        names = [name for pair in pairs for name in (pair.second, pair.first)]
        worst = max(dict.fromkeys(names), key=names.count)
        mine = [pair for pair in pairs if worst in {pair.first, pair.second}]
        pairs = [pair for pair in pairs if pair not in mine]
        code = DISORDER if any(pair.code == DISORDER for pair in mine) else MINUTES
        message = next(pair.message for pair in mine if pair.code == code)
        others = sorted({pair.first if pair.second == worst else pair.second for pair in mine}, key=MOMENTS.index)
        if len(mine) > 1:
            message += f"; {worst} fits none of {', '.join(others)}"
        yield Doubt(worst, code, message, can_be_meant=code == MINUTES)
