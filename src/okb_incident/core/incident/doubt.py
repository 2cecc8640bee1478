"""A doubt about a moment: that it does not fit its note, by some limits and by what the timeline tells."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

DEFAULT_WINDOW = timedelta(days=30)

FAR, LONELY, TWICE, OF_ANOTHER_DAY, UNTOLD = (
    "far-moment",
    "lone-moment",
    "repeated-hour",
    "moment-and-id-differ",
    "moment-and-timeline-differ",
)
AHEAD_OF_US, DAY_ONLY, MINUTES, DISORDER = "future-moment", "day-precision", "minutes-differ", "impossible-order"


class Limits(NamedTuple):
    """By what moments are judged.

    Attributes:
        zone: The vault's zone.
        window: How far a moment may be from the id, the declaration and the timeline.
    """

    zone: tzinfo
    window: timedelta


DEFAULT_LIMITS = Limits(UTC, DEFAULT_WINDOW)


class Evidence(NamedTuple):
    """What the timeline of an incident says about its moments.

    Attributes:
        entered: When its lines say that a property was reached, by property: one of these moments has to be the property's.
        named: What its lines say that a property was set to, by property; these may be meant as well.
        lines: When its lines happened.
        noted_by: By when the note must have existed, because a line was entered then; None where nothing shows it.
    """

    entered: Mapping[str, tuple[datetime, ...]]
    named: Mapping[str, tuple[datetime, ...]]
    lines: tuple[datetime, ...]
    noted_by: datetime | None = None


class Doubt(NamedTuple):
    """A moment that does not fit.

    Attributes:
        name: The property.
        code: A code of `check`.
        message: What is wrong, as a sentence.
        can_be_meant: A person may confirm it; what is ahead, or ends before it starts, cannot be confirmed.
    """

    name: str
    code: str
    message: str
    can_be_meant: bool = True
