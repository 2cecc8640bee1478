"""How long an incident stayed in each status, told by its timeline."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from okb_incident.core.timeline.record import Record


LOOK_AHEAD = 8
"""Among how many moves the one is sought that goes on from the incident's status: more than there are statuses."""


class StatusDuration(NamedTuple):
    """A stay in one status.

    Attributes:
        status: Which.
        start: When it was entered; None where nothing tells.
        end: When it was left; None while it lasts.
    """

    status: Status
    start: datetime | None
    end: datetime | None

    def seconds(self, now: datetime) -> int | None:
        """Return how long it lasted, up to now where it still does; None where nothing tells when it began."""
        return None if self.start is None else int(((self.end or now) - self.start).total_seconds())


def status_durations(record: Record) -> list[StatusDuration]:
    """Return the stays of an incident in each status, in order.

    The property holds the status, and the timeline how the incident came there. A status that was changed by hand has no line, so when
    that stay began is not known, and neither is when the one before it ended.
    """
    incident = record.incident
    found: list[StatusDuration] = []
    here: tuple[Status, datetime | None] = Status.TRIAGE, incident.at("declared")
    for before, after, at in _moves(record):
        if before is not None and before is not here[0]:
            # Somebody moved it without a word in between.
            found.append(StatusDuration(here[0], here[1], None))
            here = before, None
        found.append(StatusDuration(here[0], here[1], at))
        here = after, at
    if incident.status is not None and incident.status is not here[0]:
        found.append(StatusDuration(here[0], here[1], None))
        here = incident.status, None
    return _in_order([*found, StatusDuration(here[0], here[1], None)])


def _moves(record: Record) -> Iterator[tuple[Status | None, Status, datetime | None]]:
    """Yield the moves from status to status, each after the one that it goes on from.

    A move that was dated back can be before the one that led to it; then what the lines say counts before their moments. When somebody
    changed the property by hand is not known, only when the change was seen.
    """
    written = (
        (Status.read(fields.get("before", "")), after, None if "seen" in fields else entry.at)
        for entry in record.of_kind("status")
        if (fields := entry.fields) and (after := Status.read(fields["after"])) is not None
    )
    here = Status.TRIAGE
    near = list(islice(written, LOOK_AHEAD))
    while near:
        place = next((at for at, (before, _, _) in enumerate(near) if before in {None, here}), 0)
        move = near.pop(place)
        near += islice(written, 1)
        if move[1] is not here:
            yield move
            here = move[1]


def _in_order(stays: Sequence[StatusDuration]) -> list[StatusDuration]:
    """Return the stays without one that ends before it begins: what was entered later ends what was dated after it."""
    found: list[StatusDuration] = []
    latest: datetime | None = None
    for stay in reversed(stays):
        start, end = (at if at is None or latest is None else min(at, latest) for at in stay[1:])
        found.append(StatusDuration(stay.status, start, end))
        latest = start or latest
    return found[::-1]
