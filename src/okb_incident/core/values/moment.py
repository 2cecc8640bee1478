"""Moments: how they are read, written and spoken of.

A moment is an instant; arithmetic is in UTC, because Python subtracts two datetimes that share one zone as wall time and
is an hour wrong across a clock change. A note holds it as ``YYYY-MM-DDTHH:mm:ss`` in the vault's zone, which is what
Obsidian's date picker reads and writes. This module knows no clock: "now" comes in as a value.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.terminal_text import shorten

if TYPE_CHECKING:
    from datetime import tzinfo

ISO = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2}|\d{8})"
    r"(?:[T ](?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
    r"(?: ?(?P<zone>[Zz]|UTC|[+-]\d{2}(?::?\d{2})?))?)?",
)
DAY_PRECISION_LIMIT = timedelta(days=2)


class Moment(NamedTuple):
    """An instant as a note states it.

    Attributes:
        at: The instant, aware, in UTC.
        day_only: Only a date was written. It dates an incident, but no duration under two days is computed from it.
    """

    at: datetime
    day_only: bool = False

    @property
    def latest(self) -> datetime:
        """Return the last instant that it can mean: a mere day reaches to its end."""
        return self.at + timedelta(days=1) if self.day_only else self.at


class SkippedHourError(ValueError):
    """A time of day that no clock shows on that day, because a clock change skips it.

    Attributes:
        missing: What does not exist, as a sentence.
        next_one: The instant that the same time would be without the change.
    """

    def __init__(self, text: str, zone: tzinfo, next_one: datetime) -> None:
        self.missing = f"{text!r} does not exist in {zone}: clocks skip that hour"
        self.next_one = next_one
        super().__init__(f"{self.missing}; the next one is {write_moment(next_one, zone)}")


def read_moment(text: str, zone: tzinfo) -> Moment:
    """Read any ISO 8601 form of a moment, as people and other tools write it.

    A blank may stand for the ``T``, seconds may be missing, an hour may have one digit; a moment without an offset is in
    ``zone``. In the hour that a clock change repeats, the first one is taken.

    Raises:
        ValueError: With a sentence that says what is wrong, fit to follow the name of the property.
    """
    if zone is UTC and len(text) in {19, 20} and (plain := _plain_utc(text)):
        return plain
    found = ISO.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{shorten(text)!r} is not a moment such as 2026-11-23T02:01:40")
    try:
        day = date.fromisoformat(found["day"])
    except ValueError:
        raise ValueError(f"{shorten(text)!r} names a day that does not exist") from None
    if not 1 < day.year < 9999:
        # In another zone it could be outside the calendar, and could not be shown.
        raise ValueError(f"{shorten(text)!r} is out of range; no incident was in the year {day.year}")
    if found["hour"] is None:
        return Moment(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC), day_only=True)
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(f"{shorten(text)!r} names a time of day that does not exist")
    offset = _offset(found["zone"])
    local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=offset or zone)
    at = local.astimezone(UTC)
    if offset is None and at.astimezone(zone).replace(tzinfo=None, fold=0) != local.replace(tzinfo=None):
        raise SkippedHourError(shorten(text), zone, at)
    return Moment(at)


def _plain_utc(text: str) -> Moment | None:
    """Read a moment in UTC as commands write it, with or without Z; None where it needs a closer look.

    A vault holds a dozen in each of thousands of notes, and this is seven times as fast.
    """
    if text[4] == "-" == text[7] and text[10] in "T " and text[13] == ":" == text[16] and text[19:] in {"", "Z"}:
        try:
            at = datetime.fromisoformat(text[:19])
        except ValueError:
            return None
        if 1 < at.year < 9999:
            return Moment(at.replace(tzinfo=UTC))
    return None


def _offset(text: str | None) -> tzinfo | None:
    """Return the zone of an ISO offset, None where there is none."""
    if text is None:
        return None
    if text in {"Z", "z", "UTC"}:
        return UTC
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    if hours > 23 or minutes > 59:
        raise ValueError(f"{text!r} is not an offset such as +02:00")
    span = timedelta(hours=hours, minutes=minutes)
    from datetime import timezone  # noqa: PLC0415

    return timezone(-span if text[0] == "-" else span)


def write_moment(at: datetime, zone: tzinfo) -> str:
    """Write an instant as notes hold it: in the vault's zone, to the second.

    In the hour that a clock change repeats the offset is written too, because nothing else tells the two apart.
    """
    local = at.astimezone(zone).replace(microsecond=0)
    text = local.replace(tzinfo=None).isoformat()
    if local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset():
        return text
    # Between the two readings of a skipped hour no instant is, so this is a repeated one.
    return local.isoformat()


def rfc3339(at: datetime) -> str:
    """Write an instant for machines: UTC, to the second, with Z."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def seconds_between(start: datetime, end: datetime) -> int:
    """Return the seconds from one instant to another; negative where the end comes first."""
    return int((end.astimezone(UTC) - start.astimezone(UTC)).total_seconds())


def show_seconds(seconds: float) -> str:
    """Return a duration as people write it: ``40s``, ``47m``, ``3h08m``, ``2d04h``."""
    if seconds < 0:
        return "-" + show_seconds(-seconds)
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes}m"
    if minutes < 48 * 60:
        return f"{minutes // 60}h{minutes % 60:02d}m"
    hours = round(seconds / 3600)
    return f"{hours // 24}d{hours % 24:02d}h"


def show_exact_seconds(seconds: float) -> str:
    """Return a duration below two days to the second, where arithmetic has to be followed: ``57m``, ``43m12s``, ``7h12m``."""
    whole = round(seconds)
    if whole % 60 == 0 or not 60 <= whole < 48 * 3600:
        return show_seconds(whole)
    return f"{show_seconds(whole - whole % 60)}{whole % 60:02d}s"
