"""Dates in the notation of Moment, in which Obsidian and its plug-ins write formats: ``YYYY-MM-DD``, ``HH:mm``, ``[W]WW``.

The tokens of Moment 2.30.1 in its English locale; tests compare with that library's own answers. Two traps are kept, because
a template has to come out as in Obsidian: ``YYYY`` beside ``WW`` is wrong around New Year (``GGGG`` is the year of an ISO
week), and fractions of a second are cut, not rounded.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

#: The forms that a locale fixes; in lower case the same, shortened.
LOCAL_FORMS = {
    "LTS": "h:mm:ss A",
    "LT": "h:mm A",
    "L": "MM/DD/YYYY",
    "LL": "MMMM D, YYYY",
    "LLL": "MMMM D, YYYY h:mm A",
    "LLLL": "dddd, MMMM D, YYYY h:mm A",
    "l": "M/D/YYYY",
    "ll": "MMM D, YYYY",
    "lll": "MMM D, YYYY h:mm A",
    "llll": "ddd, MMM D, YYYY h:mm A",
}
WHEN_EMPTY = "YYYY-MM-DDTHH:mm:ssZ"

LOCAL_FORM = re.compile(r"\[[^\[]*\]|\\?(?:LTS|LT|LL?L?L?|l{1,4})")
# Longest first, as Moment reads them; a backslash makes the token after it a word.
TOKEN = re.compile(
    r"\[[^\[]*\]|\\?(?:[Hh]mm(?:ss)?|Mo|MM?M?M?|Do|DDDo|DD?D?D?|ddd?d?|do?|w[ow|]?|W[oW|]?|Qo?|N{1,5}|Y{4,6}|YY|y{2,4}|yo?"
    r"|gg(?:ggg?)?|GG(?:GGG?)?|e|E|a|A|hh?|HH?|kk?|mm?|ss?|S{1,9}|x|X|zz?|ZZ?|[^\n\r\u2028\u2029])",
)


def format_moment(at: datetime, pattern: str) -> str:
    """Write an aware moment by a pattern of Moment's tokens, in the moment's own zone.

    What is not a token stays as it is; what is in ``[brackets]`` is never one.
    """
    spelled_out = LOCAL_FORM.sub(lambda found: LOCAL_FORMS.get(found[0], found[0]), pattern or WHEN_EMPTY)
    return "".join(_written(at, token) for token in TOKEN.findall(spelled_out))


def _written(at: datetime, token: str) -> str:
    if write := TOKENS.get(token):
        return write(at)
    if token.startswith("[") and len(token) > 1:
        return token.removeprefix("[").removesuffix("]")
    return token.replace("\\", "")


def _ordinal(number: int) -> str:
    if number // 10 % 10 == 1:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _sunday_first(at: datetime) -> int:
    """Return the day of the week, Sunday being 0."""
    return at.isoweekday() % 7


def _quarter(at: datetime) -> int:
    return (at.month + 2) // 3


def _day_of_year(at: datetime) -> int:
    return at.timetuple().tm_yday


def _local_week(at: datetime) -> tuple[int, int]:
    """Return year and number of the week as the English locale counts: from Sunday, week 1 holds the first of January."""
    saturday = at.date() + timedelta(days=6 - _sunday_first(at))
    return saturday.year, (saturday.timetuple().tm_yday + 6) // 7


def _iso_week(at: datetime) -> tuple[int, int]:
    return at.isocalendar()[:2]


def _twelve(at: datetime) -> int:
    return at.hour % 12 or 12


def _fraction(digits: int, at: datetime) -> str:
    return f"{at.microsecond // 1000:03d}"[:digits].ljust(digits, "0")


def _epoch_milliseconds(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _offset(at: datetime, colon: str) -> str:
    minutes = (at.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, minutes_left = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}{colon}{minutes_left:02d}"


TOKENS: dict[str, Callable[[datetime], str]] = {
    "Y": lambda at: f"{at.year:04d}",
    "YY": lambda at: f"{at.year % 100:02d}",
    "YYYY": lambda at: f"{at.year:04d}",
    "YYYYY": lambda at: f"{at.year:05d}",
    "YYYYYY": lambda at: f"+{at.year:06d}",
    "y": lambda at: str(at.year),
    "yo": lambda at: _ordinal(at.year),
    "yy": lambda at: f"{at.year:02d}",
    "yyy": lambda at: f"{at.year:03d}",
    "yyyy": lambda at: f"{at.year:04d}",
    "N": lambda _: "AD",
    "NN": lambda _: "AD",
    "NNN": lambda _: "AD",
    "NNNN": lambda _: "Anno Domini",
    "NNNNN": lambda _: "AD",
    "Q": lambda at: str(_quarter(at)),
    "Qo": lambda at: _ordinal(_quarter(at)),
    "M": lambda at: str(at.month),
    "Mo": lambda at: _ordinal(at.month),
    "MM": lambda at: f"{at.month:02d}",
    "MMM": lambda at: MONTHS[at.month - 1][:3],
    "MMMM": lambda at: MONTHS[at.month - 1],
    "D": lambda at: str(at.day),
    "Do": lambda at: _ordinal(at.day),
    "DD": lambda at: f"{at.day:02d}",
    "DDD": lambda at: str(_day_of_year(at)),
    "DDDo": lambda at: _ordinal(_day_of_year(at)),
    "DDDD": lambda at: f"{_day_of_year(at):03d}",
    "d": lambda at: str(_sunday_first(at)),
    "do": lambda at: _ordinal(_sunday_first(at)),
    "dd": lambda at: DAYS[_sunday_first(at)][:2],
    "ddd": lambda at: DAYS[_sunday_first(at)][:3],
    "dddd": lambda at: DAYS[_sunday_first(at)],
    "e": lambda at: str(_sunday_first(at)),
    "E": lambda at: str(at.isoweekday()),
    "w": lambda at: str(_local_week(at)[1]),
    "wo": lambda at: _ordinal(_local_week(at)[1]),
    "ww": lambda at: f"{_local_week(at)[1]:02d}",
    "gg": lambda at: f"{_local_week(at)[0] % 100:02d}",
    "gggg": lambda at: f"{_local_week(at)[0]:04d}",
    "ggggg": lambda at: f"{_local_week(at)[0]:05d}",
    "W": lambda at: str(_iso_week(at)[1]),
    "Wo": lambda at: _ordinal(_iso_week(at)[1]),
    "WW": lambda at: f"{_iso_week(at)[1]:02d}",
    "GG": lambda at: f"{_iso_week(at)[0] % 100:02d}",
    "GGGG": lambda at: f"{_iso_week(at)[0]:04d}",
    "GGGGG": lambda at: f"{_iso_week(at)[0]:05d}",
    "H": lambda at: str(at.hour),
    "HH": lambda at: f"{at.hour:02d}",
    "h": lambda at: str(_twelve(at)),
    "hh": lambda at: f"{_twelve(at):02d}",
    "k": lambda at: str(at.hour or 24),
    "kk": lambda at: f"{at.hour or 24:02d}",
    "Hmm": lambda at: f"{at.hour}{at.minute:02d}",
    "Hmmss": lambda at: f"{at.hour}{at.minute:02d}{at.second:02d}",
    "hmm": lambda at: f"{_twelve(at)}{at.minute:02d}",
    "hmmss": lambda at: f"{_twelve(at)}{at.minute:02d}{at.second:02d}",
    "a": lambda at: "pm" if at.hour > 11 else "am",
    "A": lambda at: "PM" if at.hour > 11 else "AM",
    "m": lambda at: str(at.minute),
    "mm": lambda at: f"{at.minute:02d}",
    "s": lambda at: str(at.second),
    "ss": lambda at: f"{at.second:02d}",
    **{"S" * digits: partial(_fraction, digits) for digits in range(1, 10)},
    "X": lambda at: str(_epoch_milliseconds(at) // 1000),
    "x": lambda at: str(_epoch_milliseconds(at)),
    "Z": lambda at: _offset(at, ":"),
    "ZZ": lambda at: _offset(at, ""),
    "z": lambda _: "",
    "zz": lambda _: "",
}
