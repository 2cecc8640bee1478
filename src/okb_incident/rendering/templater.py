"""The part of Templater's tags that a template may use here: dates and the name of the note, never JavaScript.

    tp.date.now(format, offset, reference, reference_format)      the offset in days, or as "P-1M"
    tp.date.tomorrow(format)   tp.date.yesterday(format)   tp.date.weekday(format, day, reference, reference_format)
    tp.file.title   tp.file.folder(whole)   tp.file.path(true)   tp.file.creation_date(format)
    tp.file.last_modified_date(format)   tp.file.cursor(number), which leaves nothing

    tp.frontmatter.name   tp.frontmatter["a name"]    a property that the note gets when it is made
    tp.system.prompt(text, default)                   its default: nobody is asked
    moment(date, format).format(format)               likewise without a date

Texts and numbers stand for themselves, ``+`` joins them, and ``await`` may be before any of it. Arguments are literals, or
``tp.file.title``. What Templater's own engine makes of the same tags is in the tests.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.core.text.terminal_text import shorten
from okb_incident.rendering.moment_dates import UnsupportedTagError, in_days, later, reference_date
from okb_incident.rendering.moment_tokens import format_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from okb_incident.rendering.new_note import NewNote

SUPPORTED = ('tp.date.now("YYYY-MM-DD")', 'tp.date.now("YYYY-MM-DD", 7)', "tp.file.title")

TEXT = r"\"(?:[^\"\\\r\n]|\\[^\r\na-z0-9])*\"|'(?:[^'\\\r\n]|\\[^\r\na-z0-9])*'"
ARGUMENTS = rf"(?:{TEXT}|[^()\"'])*"
OPERAND = re.compile(
    r"\s*(?:await\s+)?(?:"
    rf"(?P<text>{TEXT})|(?P<number>0|[1-9]\d{{0,5}})(?![\w.])|(?P<title>tp\.file\.title)(?![\w.(\[])"
    rf"|tp\.frontmatter(?:\.(?P<key>[A-Za-z_]\w*)|\[\s*(?P<quoted>{TEXT})\s*\])(?![\w.(\[])"
    rf"|tp\.(?P<name>(?:date|file|system)\.[a-z_]+)\s*\((?P<arguments>{ARGUMENTS})\)"
    rf"|moment\s*\((?P<reference>{ARGUMENTS})\)\s*\.\s*format\s*\((?P<format>{ARGUMENTS})\)"
    r")\s*"
)
NAME = re.compile(r"\s*(?:await\s+)?tp\.((?:date|file|system)\.[a-z_]+)\s*")
ARGUMENT = re.compile(
    r"\s*(?:\"(?P<double>(?:[^\"\\\r\n]|\\[^\r\na-z0-9])*)\"|'(?P<single>(?:[^'\\\r\n]|\\[^\r\na-z0-9])*)'"
    r"|(?P<number>-?(?:0|[1-9]\d{0,5}))|(?P<word>true|false|undefined|tp\.file\.title))\s*(?:,|\Z)",
)
Argument = str | int | bool | None


def evaluate(expression: str, note: NewNote, values: Mapping[str, object]) -> str:
    """Return the text of the expression within a tag.

    Args:
        expression: What is between the signs of the tag.
        note: The note that is being made.
        values: Its properties, which ``tp.frontmatter`` reads.

    Raises:
        UnsupportedTagError: It is not one of those above, or its arguments do not fit it.
    """
    found: list[str | int] = []
    position = 0
    while True:
        match = OPERAND.match(expression, position)
        if not match:
            raise _unsupported(expression, position)
        found.append(_operand(match, note, values))
        position = match.end()
        if position == len(expression):
            break
        if expression[position] != "+":
            raise UnsupportedTagError("is not supported here")
        position += 1
    if [type(each) for each in found[:2]] == [int, int]:
        raise UnsupportedTagError("computes, which is not supported here; a plus sign joins texts")
    return "".join(map(str, found))


def _operand(match: re.Match[str], note: NewNote, values: Mapping[str, object]) -> str | int:
    """Return what one part of an expression stands for."""
    if match["text"]:
        return _unquoted(match["text"])
    if match["number"]:
        return int(match["number"])
    if match["title"]:
        return note.title
    if match["key"] or match["quoted"]:
        key = match["key"] or _unquoted(match["quoted"])
        value = values.get(key)
        if not isinstance(value, str):
            raise UnsupportedTagError(
                f"names the property {shorten(key)!r}, which the note does not have when it is made"
            )
        return value
    try:
        if match["format"] is not None:
            at = reference_date(note, *_two(_arguments(match["reference"], note)))
            return _written(at, next(iter(_arguments(match["format"], note)), "YYYY-MM-DDTHH:mm:ssZ"))
        function = FUNCTIONS.get(match["name"])
        if function is None:
            raise UnsupportedTagError("is not supported here")
        return function(note, *_arguments(match["arguments"], note))
    except TypeError:
        raise UnsupportedTagError("has arguments that do not fit") from None
    except OverflowError:
        raise UnsupportedTagError("leads to a date beyond the year 9999 or before the year 1") from None


def _two(arguments: list[Argument]) -> tuple[Argument, Argument]:
    reference, pattern = [*arguments, None, None][:2]
    if len(arguments) > len((reference, pattern)):
        raise TypeError
    return reference, pattern


def _unsupported(expression: str, position: int) -> UnsupportedTagError:
    name = NAME.fullmatch(expression, position)
    if name and name[1] in FUNCTIONS:
        return UnsupportedTagError(f"needs parentheses: tp.{name[1]}()")
    return UnsupportedTagError("is not supported here")


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


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
    at = reference_date(note, reference, reference_pattern)
    if isinstance(offset, str):
        at = later(at, offset)
    elif offset is not None:
        at = in_days(at, _whole(offset))
    return _written(at, pattern)


def _weekday(
    note: NewNote,
    pattern: Argument = None,
    day: Argument = None,
    reference: Argument = None,
    reference_pattern: Argument = None,
) -> str:
    """Return the day of this week with that number, Sunday being 0; beyond 6 is the next week."""
    at = reference_date(note, reference, reference_pattern)
    return _written(in_days(at, _whole(day) - at.isoweekday() % 7), pattern)


def _tomorrow(note: NewNote, pattern: Argument = None) -> str:
    return _written(in_days(note.at, 1), pattern)


def _yesterday(note: NewNote, pattern: Argument = None) -> str:
    return _written(in_days(note.at, -1), pattern)


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


def _prompt(note: NewNote, text: Argument, default: Argument = None, *others: Argument) -> str:
    """Answer a question with its default: nobody is asked while an incident is opened."""
    del note, text, others
    if not isinstance(default, str):
        raise UnsupportedTagError("asks a question; give it a default as its second argument, which is taken then")
    return default


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
    "system.prompt": _prompt,
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
