"""The order in which the moments of an incident must come, what it means when they do not, and an end that an open incident cannot have."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.values.moment import seconds_between, show_seconds
from okb_incident.core.values.problem import Problem

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident

#: Clocks of two machines differ; an end this little before its start is not a fault.
SKEW_SECONDS = 60

#: Each pair: the first may not come after the second. The last word says how strictly.
PAIRS = (
    ("started", "detected", "impossible"),
    ("started", "mitigated", "impossible"),
    ("started", "resolved", "impossible"),
    ("detected", "acknowledged", "impossible"),
    ("detected", "resolved", "impossible"),
    ("acknowledged", "resolved", "impossible"),
    ("resolved", "closed", "impossible"),
    ("first_resolved", "resolved", "impossible"),
    # Seen in real histories: what was repaired before it was declared, or repaired after it was called resolved.
    ("declared", "resolved", "unusual"),
    ("mitigated", "resolved", "unusual"),
)


class Disorder(NamedTuple):
    """Two moments in the wrong order.

    Attributes:
        first: The name of the one that should come first.
        second: The name of the one that should come after it.
        seconds: How far the second is before the first.
        impossible: The duration between them cannot be used; otherwise it is only unusual.
    """

    first: str
    second: str
    seconds: int
    impossible: bool

    def __str__(self) -> str:
        return f"{self.second} is {show_seconds(self.seconds)} before {self.first}"


def disorders(incident: Incident) -> tuple[Disorder, ...]:
    """Find the moments of an incident that are in the wrong order."""
    found = []
    for first, second, how in PAIRS:
        start, end = incident.moments.get(first), incident.moments.get(second)
        if start is None or end is None:
            continue
        # A mere day holds the other moment where that is on this day.
        seconds = seconds_between(start.at, end.latest)
        if seconds < -SKEW_SECONDS:
            found.append(Disorder(first, second, -seconds, how == "impossible"))
    return tuple(found)


def open_with_resolved(incident: Incident) -> Problem | None:
    """Return the problem of an open incident with a time of resolution, which is not used; None for any other incident."""
    if not incident.is_open or "resolved" not in incident.moments:
        return None
    return Problem(
        incident.path,
        incident.lines.get("resolved"),
        "open-with-resolved",
        f"status is {incident.status} and resolved is set; the moment is not used",
        Sentence(
            Command("resolve", incident=incident.id),
            ", or ",
            Command("set", "resolved=", options=("--correct",), incident=incident.id),
        ),
    )
