"""Flat frontmatter, read without a YAML parser: one property a line, plain or simply quoted values, lists of these.

Nearly all notes hold nothing else, and libyaml takes five times as long over them. What is read here is only what leaves no
doubt, line by line; at anything else `read` gives up and the parser decides. A property test holds the two together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.vault.yaml.scalar import WORDS, read_plain

if TYPE_CHECKING:
    from okb_incident.vault.yaml.scalar import Scalar

LONGEST = 32 * 1024
"""Characters; far below every limit of the parser, so that none of them can be passed here."""

#: What a plain value begins with, beside letters and digits, of which YAML makes nothing.
PLAIN_SIGNS = frozenset("<(/._+$~")
#: A key that nothing but its letters means, and what is after its colon; or an item of a list. A key of more than 1,024
#: characters is none to YAML.
LINE = re.compile(r"^(?:([A-Za-z_]\w{0,99}):(?: +([^\n]*))?|( {0,4}- )([^\n]*))\n", re.ASCII | re.MULTILINE)
#: An item of a list in brackets, of which nothing else is read here.
ITEM = re.compile(r"[A-Za-z_][\w./-]*(?: [\w./-]+)*", re.ASCII)
#: A block of which nothing needs to be known but that it can be read: narrower than what `read` takes, and one question to `re`.
_VALUE = r"(?:[A-Za-z][ -\"$-9;-\[\]-~]*|[0-9]{1,9}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:]+)?)"
_WORD = r"[A-Za-z_][\w./-]*"
SOUND = re.compile(
    rf"(?:[A-Za-z_]\w{{0,99}}:(?: (?:{_VALUE}|\[(?:{_WORD}(?:, {_WORD})*)?\])\n| *\n(?:(?:- {_VALUE}\n)*|(?:  - {_VALUE}\n)*)))*",
    re.ASCII,
)
KEY = re.compile(r"^(\w+):", re.ASCII | re.MULTILINE)


def is_sound(block: str) -> bool:
    """Return whether a block can be read beyond doubt, without reading it; another one may be sound as well."""
    if len(block) > LONGEST or not SOUND.fullmatch(block):
        return False
    keys = KEY.findall(block)
    return len(set(keys)) == len(keys) and WORDS.keys().isdisjoint(keys)


def read(block: str, first_line: int = 1) -> tuple[dict[str, object], dict[str, int]] | None:
    """Return the values of a flat block and the line of each key; None where the parser must look.

    Args:
        block: The text between the fences.
        first_line: The line of the block, counted from 1.
    """
    found = _lines(block)
    if found is None:
        return None
    values: dict[str, object] = {}
    lines: dict[str, int] = {}
    list_of = indent = ""
    items: list[object] = []
    try:
        for number, (key, rest, dash, item) in enumerate(found, first_line):
            if dash:
                if not items:
                    if not list_of:
                        return None
                    values[list_of], indent = items, dash
                elif dash != indent:
                    return None
                items.append(_scalar(item.strip(" ")))
                continue
            if key in values or key in WORDS:
                return None
            lines[key] = number
            text = rest.rstrip(" ")
            values[key] = _value(text) if text else None
            # What follows a key without a value may be its list.
            list_of, indent, items = "" if text else key, "", []
    except ValueError:
        return None
    return values, lines


def _lines(block: str) -> list[tuple[str, str, str, str]] | None:
    """Return the lines of a block as key and value, or as dash and item; None where one is neither."""
    if len(block) > LONGEST:
        return None
    if "\r" in block:
        block = block.replace("\r\n", "\n")
    # Escapes, comments, tabs and all that cannot be seen.
    if "\\" in block or " #" in block or not block.replace("\n", "").isprintable():
        return None
    found = LINE.findall(block)
    return found if len(found) == block.count("\n") and block[-1:] in {"\n", ""} else None


def _value(text: str) -> object:
    """Read what is after a key.

    Raises:
        ValueError: It is for the parser.
    """
    if text[0] == "[" and text[-1] == "]":
        inner = text[1:-1].strip(" ")
        return [_item(item.strip(" ")) for item in inner.split(",")] if inner else []
    return _scalar(text)


def _scalar(text: str) -> Scalar:
    """Read one value: plain if it starts with a letter or a digit, else in quotes that hold no quote.

    Raises:
        ValueError: It is for the parser.
    """
    first = text[:1]
    if first.isalnum() or first in PLAIN_SIGNS:
        if ": " not in text and text[-1] != ":":
            return text if first.isalpha() and text not in WORDS else read_plain(text)
    elif first in {'"', "'"} and len(text) > 1 and text[-1] == first and text.count(first) == 2:
        return text[1:-1]
    raise ValueError(text)


def _item(text: str) -> Scalar:
    """Read one item of a list in brackets.

    Raises:
        ValueError: It is for the parser.
    """
    if ITEM.fullmatch(text):
        return read_plain(text)
    raise ValueError(text)
