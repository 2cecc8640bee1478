"""What a command does to one incident, as a value: properties to set, lines to log. The vault room writes it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class LogLine(NamedTuple):
    """One line for the timeline.

    Attributes:
        kind: A kind of the timeline's table.
        text: Its payload.
        at: When it happened.
        external: It is fit for the public timeline.
    """

    kind: str
    text: str
    at: datetime
    external: bool = False


class Change(NamedTuple):
    """What a command changes in an incident.

    Attributes:
        properties: New values by key; None takes the key away. Moments are datetimes, lists are tuples.
        lines: Lines for the timeline.
        said: What changed, for the answer: ``triage → investigating``.
        moments: The moments that were stamped, for the answer, by name.
        already: The very same was done before; then nothing changes.
        done_at: When it was done before, where a moment tells.
        warnings: What is odd about the result, though it was done.
    """

    properties: Mapping[str, str | int | tuple[str, ...] | datetime | None] = MappingProxyType({})
    lines: tuple[LogLine, ...] = ()
    said: str = ""
    moments: Mapping[str, datetime] = MappingProxyType({})
    already: bool = False
    done_at: datetime | None = None
    warnings: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self.properties and not self.lines
