"""The part of Templater's tags that a template may use here: dates and the name of the note, never JavaScript.

    tp.date.now(format, offset, reference, reference_format)      the offset in days, or as "P-1M"
    tp.date.tomorrow(format)   tp.date.yesterday(format)   tp.date.weekday(format, day, reference, reference_format)
    tp.file.title   tp.file.folder(whole)   tp.file.path(true)   tp.file.creation_date(format)
    tp.file.last_modified_date(format)   tp.file.cursor(number), which leaves nothing

Arguments are literals, or ``tp.file.title``. What Templater's own engine makes of the same tags is in the tests.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from okb_incident.core.moment import shorten
from okb_incident.rendering.moment_tokens import format_moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from okb_incident.rendering.new_note import NewNote

SUPPORTED = ('tp.date.now("YYYY-MM-DD")', 'tp.date.now("YYYY-MM-DD", 7)', "tp.file.title")

EXPRESSION = re.compile(r"\s*tp\.(?P<name>(?:date|file)\.[a-z_]+)\s*(?:\((?P<arguments>.*)\))?\s*", re.DOTALL)
ARGUMENT = re.compile(
    r"\s*(?:\"(?P<double>(?:[^\"\\\r\n]|\\[^\r\na-z0-9])*)\"|'(?P<single>(?:[^'\\\r\n]|\\[^\r\na-z0-9])*)'"
    r"|(?P<number>-?(?:0|[1-9]\d{0,5}))|(?P<word>true|false|undefined|tp\.file\.title))\s*(?:,|\Z)",
)
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

Argument = str | int | bool | None


class UnsupportedTagError(ValueError):
    """A tag means something else than the part above; its text says what, fit to follow the tag."""


def evaluate(expression: str, note: NewNote) -> str:
    """Give the text of the expression within a tag.

    Raises:
        UnsupportedTagError: It is none of those above, or its arguments do not fit it.
    """
    if expression.strip() == "tp.file.title":
        return note.title
    found = EXPRESSION.fullmatch(expression)
    if not found or not (function := FUNCTIONS.get(found["name"])):
        raise UnsupportedTagError("is not supported here")
    if found["arguments"] is None:
        raise UnsupportedTagError(f"needs parentheses: tp.{found['name']}()")
    try:
        return function(note, *_arguments(found["arguments"], note))
    except TypeError:
        raise UnsupportedTagError("has arguments that do not fit") from None
    except OverflowError:
        raise UnsupportedTagError("leads to a date beyond the year 9999 or before the year 1") from None


def _arguments(text: str, note: NewNote) -> list[Argument]:
    arguments: list[Argument] = []
    position = 0
    while text[position:].strip():
        found = ARGUMENT.match(text, position)
        if not found:
            raise UnsupportedTagError("has an argument that is neither a text in quotes nor a whole number")
        sort, position = str(found.lastgroup), found.end()
        if sort == "number":
            arguments.append(int(found["number"]))
        elif sort == "word":
            arguments.append({"true": True, "false": False, "undefined": None}.get(found["word"], note.title))
        else:
            arguments.append(re.sub(r"\\(.)", r"\1", found[sort]))
    return arguments


def _now(
    note: NewNote,
    pattern: Argument = None,
    offset: Argument = None,
    reference: Argument = None,
    reference_pattern: Argument = None,
) -> str:
    at = _reference(note, reference, reference_pattern)
    if isinstance(offset, str):
        at = _later(at, offset)
    elif offset is not None:
        at = _in_days(at, _whole(offset))
    return _written(at, pattern)


def _weekday(
    note: NewNote,
    pattern: Argument = None,
    day: Argument = None,
    reference: Argument = None,
    reference_pattern: Argument = None,
) -> str:
    """Give the day of this week with that number, Sunday being 0; beyond 6 lies the next week."""
    at = _reference(note, reference, reference_pattern)
    return _written(_in_days(at, _whole(day) - at.isoweekday() % 7), pattern)


def _tomorrow(note: NewNote, pattern: Argument = None) -> str:
    return _written(_in_days(note.at, 1), pattern)


def _yesterday(note: NewNote, pattern: Argument = None) -> str:
    return _written(_in_days(note.at, -1), pattern)


def _file_date(note: NewNote, pattern: Argument = None) -> str:
    return _written(note.at, "YYYY-MM-DD HH:mm" if pattern is None else pattern)


def _folder(note: NewNote, whole: Argument = None) -> str:
    return note.folder if whole is True else note.folder.rpartition("/")[2]


def _path(note: NewNote, relative: Argument = None) -> str:
    if relative is not True:
        raise UnsupportedTagError("asks for a path of this machine; tp.file.path(true) gives the path in the vault")
    return note.path


def _cursor(note: NewNote, number: Argument = None) -> str:
    del note, number
    return ""


FUNCTIONS: dict[str, Callable[..., str]] = {
    "date.now": _now,
    "date.tomorrow": _tomorrow,
    "date.yesterday": _yesterday,
    "date.weekday": _weekday,
    "file.folder": _folder,
    "file.path": _path,
    "file.creation_date": _file_date,
    "file.last_modified_date": _file_date,
    "file.cursor": _cursor,
}


def _written(at: datetime, pattern: Argument) -> str:
    if pattern is None:
        pattern = "YYYY-MM-DD"
    if not isinstance(pattern, str):
        raise TypeError
    return format_moment(at, pattern)


def _whole(number: Argument) -> int:
    if type(number) is not int:
        raise TypeError
    return number


def _reference(note: NewNote, reference: Argument, pattern: Argument) -> datetime:
    """Give the moment from which to count: the note's own, or one that the template names."""
    if reference is None:
        return note.at
    if not isinstance(reference, str) or not isinstance(pattern, str | None):
        raise TypeError
    iso = reference if pattern is None else _iso(reference, pattern)
    try:
        day = datetime.fromisoformat(iso)
    except ValueError:
        raise UnsupportedTagError(f"counts from {shorten(reference)!r}, which is no date of the form given") from None
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


def _later(at: datetime, duration: str) -> datetime:
    """Add an ISO 8601 duration as Moment does: months first, cut to the length of the month, then days, then time."""
    found = DURATION.fullmatch(duration)
    if not found:
        raise UnsupportedTagError(
            f"has the offset {shorten(duration)!r}; days are a number such as -7, months a text such as 'P-1M'"
        )
    sign = -1 if found["sign"] == "-" else 1
    years, months, weeks, days, hours, minutes, seconds = (sign * int(part or 0) for part in found.groups()[1:])
    at = _in_days(_in_months(at, 12 * years + months), 7 * weeks + days)
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


def _in_days(at: datetime, days: int) -> datetime:
    """Give the same time of day on another day."""
    return _normal((at + timedelta(days=days)).replace(fold=0)) if days else at


def _normal(at: datetime) -> datetime:
    """Move a time of day that a clock change skips to the one that clocks show then."""
    return at.astimezone(UTC).astimezone(at.tzinfo)
