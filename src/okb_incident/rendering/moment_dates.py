"""Dates as Templater computes them: counted from a moment, by days or by an ISO 8601 duration, months first."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from okb_incident.core.text.terminal_text import shorten

if TYPE_CHECKING:
    from okb_incident.rendering.new_note import NewNote

DURATION = re.compile(
    r"(?P<sign>[-+])?P(?:(?P<years>[-+]?\d{1,9})Y)?(?:(?P<months>[-+]?\d{1,9})M)?(?:(?P<weeks>[-+]?\d{1,9})W)?(?:(?P<days>[-+]?\d{1,9})D)?"
    r"(?:T(?:(?P<hours>[-+]?\d{1,9})H)?(?:(?P<minutes>[-+]?\d{1,9})M)?(?:(?P<seconds>[-+]?\d{1,9})S)?)?",
)
DATE_PARTS = {
    "YYYY": r"(?P<year>\d{4})",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{2})",
    "D": r"(?P<day>\d{1,2})",
    "HH": r"(?P<hour>\d{2})",
    "H": r"(?P<hour>\d{1,2})",
    "mm": r"(?P<minute>\d{2})",
    "m": r"(?P<minute>\d{1,2})",
    "ss": r"(?P<second>\d{2})",
    "s": r"(?P<second>\d{1,2})",
}
DATE_TOKEN = re.compile(r"\[(?P<literal>[^\[\]]*)\]|YYYY|MM?|DD?|HH?|mm?|ss?|.")


class UnsupportedTagError(ValueError):
    """A tag means something else than the part above; its text says what, fit to follow the tag."""


def reference_date(note: NewNote, reference: object, pattern: object) -> datetime:
    """Return the moment from which to count: the note's own, or one that the template names.

    Raises:
        TypeError: The arguments are not those of a date.
        UnsupportedTagError: The date cannot be read.
    """
    if reference is None:
        return note.at
    if not isinstance(reference, str) or not isinstance(pattern, str | None):
        raise TypeError
    iso = reference if pattern is None else _iso(reference, pattern)
    try:
        day = datetime.fromisoformat(iso)
    except ValueError:
        raise UnsupportedTagError(
            f"counts from {shorten(reference)!r}, which is not a date of the form given"
        ) from None
    return _normal(day.replace(tzinfo=note.at.tzinfo)) if day.tzinfo is None else day.astimezone(note.at.tzinfo)


def _iso(reference: str, pattern: str) -> str:
    """Write a date that has the form of the pattern as ISO 8601 does; empty where it has another form."""
    found = _date_pattern(pattern).fullmatch(reference)
    parts = {name: int(digits) for name, digits in found.groupdict().items()} if found else {}
    if not {"year", "month", "day"} <= parts.keys():
        return ""
    time = ":".join(f"{parts.get(name, 0):02d}" for name in ("hour", "minute", "second"))
    return f"{parts['year']:04d}-{parts['month']:02d}-{parts['day']:02d}T{time}"


def _date_pattern(pattern: str) -> re.Pattern[str]:
    """Turn a format of Moment into what reads it, for formats of numbers and signs."""
    tokens = DATE_TOKEN.finditer(pattern)
    parts = [DATE_PARTS.get(token[0]) or re.escape(token["literal"] or token[0]) for token in tokens]
    try:
        return re.compile("".join(parts))
    except re.error:
        raise UnsupportedTagError(f"names a part of the date twice in {shorten(pattern)!r}") from None


def later(at: datetime, duration: str) -> datetime:
    """Add an ISO 8601 duration as Moment does: months first, cut to the length of the month, then days, then time.

    Raises:
        UnsupportedTagError: It is not a duration.
        OverflowError: That leads out of the calendar.
    """
    found = DURATION.fullmatch(duration)
    if not found:
        raise UnsupportedTagError(
            f"has the offset {shorten(duration)!r}; days are a number such as -7, months a text such as 'P-1M'"
        )
    sign = -1 if found["sign"] == "-" else 1
    years, months, weeks, days, hours, minutes, seconds = (sign * int(part or 0) for part in found.groups()[1:])
    at = in_days(_in_months(at, 12 * years + months), 7 * weeks + days)
    span = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return (at.astimezone(UTC) + span).astimezone(at.tzinfo)


def _in_months(at: datetime, months: int) -> datetime:
    if months == 0:
        return at
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    day = at.day
    while True:
        try:
            return _normal(at.replace(year=year, month=month + 1, day=day, fold=0))
        except ValueError:
            day -= 1


def in_days(at: datetime, days: int) -> datetime:
    """Return the same time of day on another day."""
    return _normal((at + timedelta(days=days)).replace(fold=0)) if days else at


def _normal(at: datetime) -> datetime:
    """Move a time of day that a clock change skips to the one that clocks show then."""
    return at.astimezone(UTC).astimezone(at.tzinfo)
