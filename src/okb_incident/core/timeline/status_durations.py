"""How long an incident stayed in each status, told by its timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.timeline.record import Record


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
        """Give how long it lasted, up to now where it still does; None where nothing tells when it began."""
        return None if self.start is None else int(((self.end or now) - self.start).total_seconds())


def status_durations(record: Record) -> list[StatusDuration]:
    """Give the stays of an incident in each status, in order.

    The property says where it stands, and the timeline how it came there. A status that was changed by hand has no line, so when
    that stay began is not known, and neither is when the one before it ended.
    """
    incident = record.incident
    found: list[StatusDuration] = []
    here: tuple[Status, datetime | None] = Status.TRIAGE, incident.at("declared")
    for entry in record.of_kind("status"):
        fields = entry.fields or {}
        after = Status.read(fields["after"])
        if after is None or after is here[0]:
            continue
        before = Status.read(fields.get("before", ""))
        if before is not None and before is not here[0]:
            # Somebody moved it without a word in between.
            found.append(StatusDuration(here[0], here[1], None))
            here = before, None
        # When somebody changed the property by hand is not known, only when the change was seen.
        at = None if "seen" in fields else entry.at
        found.append(StatusDuration(here[0], here[1], at))
        here = after, at
    if incident.status is not None and incident.status is not here[0]:
        found.append(StatusDuration(here[0], here[1], None))
        here = incident.status, None
    return [*found, StatusDuration(here[0], here[1], None)]
