"""Which incidents an answer can be about, so that the others need not be made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.values.status import OPEN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from okb_incident.core.values.period import Period

DAY = 86400
_OPEN = f"(status IS NULL OR status IN ({', '.join(repr(str(status)) for status in sorted(OPEN))}))"


class Selection(NamedTuple):
    """A condition on the columns of the index.

    Attributes:
        condition: In SQL.
        values: For its places.
    """

    condition: str
    values: tuple[object, ...] = ()

    @classmethod
    def open_ones(cls) -> Selection:
        """Select what is open, or in a state that cannot be read."""
        return cls(_OPEN)

    @classmethod
    def about(cls, period: Period, as_of: datetime) -> Selection:
        """Select what a report on a period looks at.

        These are the incidents with an anchor or the day of their id in it, those without one that can be used, those that are open or in an unknown state, and all that
        are linked as duplicates, because a duplicate can date its incident.
        """
        begin, end = int(period.start.timestamp()), int(period.end.timestamp()) + 1
        return cls(
            f"(latest >= ? AND earliest < ?) OR latest > ? OR latest IS NULL OR {_OPEN}"
            " OR day BETWEEN ? AND ? OR part_of IS NOT NULL OR has_former_ids"
            " OR upper(id) IN (SELECT part_of FROM incident WHERE part_of IS NOT NULL)",
            (begin, end, int(as_of.timestamp()), begin // DAY - 1, end // DAY + 1),
        )

    @classmethod
    def of(cls, ids: Sequence[str]) -> Selection:
        """Select incidents by their ids; a few hundred at most."""
        return cls(f"id IN ({', '.join('?' * len(ids))})", tuple(ids))
