"""Effort: who worked for how long, as the timeline tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.text.terminal_text import shorten
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from okb_incident.core.timeline.record import Record

MOST_MINUTES = 24 * 60
"""Minutes of one entry: nobody works for longer at a stretch, and more is a slip."""

SPAN = re.compile(
    r"(?:(?P<hours>\d{1,4}(?:[.,]\d{1,2})?) ?h(?:ours?)?)? ?(?:(?P<minutes>\d{1,5}) ?(?:m|min|minutes)?)?",
    re.IGNORECASE,
)


def read_minutes(text: str) -> int:
    """Read how long somebody worked: ``45m``, ``2h``, ``1h30m``, ``1.5h``.

    Returns:
        Minutes.

    Raises:
        UsageError: It is no such time, nothing, or more than a day.
    """
    found = SPAN.fullmatch(text.strip())
    if not found or not (found["hours"] or (found["minutes"] and not text.strip().isdecimal())):
        raise UsageError(
            f"effort {shorten(text)!r} is not a time of work such as 45m, 2h or 1h30m",
            field="effort",
            value=text,
            allowed=("45m", "2h", "1h30m"),
        )
    hours = float((found["hours"] or "0").replace(",", "."))
    minutes = round(hours * 60) + int(found["minutes"] or 0)
    if not 1 <= minutes <= MOST_MINUTES:
        raise UsageError(
            f"effort {shorten(text)!r} is not between 1m and 24h; log each day's work by itself",
            field="effort",
            value=text,
            allowed=("1m … 24h",),
            hint="incident effort 8h --at 2026-11-23T18:00",
        )
    return minutes


def minutes_by_person(record: Record) -> dict[str, int]:
    """Return the minutes that each person worked, by handle, the most first."""
    found: dict[str, int] = {}
    for entry in record.of_kind("effort"):
        fields = entry.fields or {}
        found[fields["person"]] = found.get(fields["person"], 0) + int(fields["minutes"])
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
