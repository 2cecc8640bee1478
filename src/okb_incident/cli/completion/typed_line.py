"""The command line up to the cursor as bash has it, parted into words as bash will."""

from __future__ import annotations

from typing import NamedTuple

BLANKS = " \t\n"
ESCAPED_IN_QUOTES = '"\\$`\n'
"""What a backslash changes between double quotes."""


class TypedLine(NamedTuple):
    """A command line up to the cursor.

    Attributes:
        words: The words before the one at the cursor, without their quotes.
        current: What is typed of the word at the cursor, without its quotes.
        raw: The same as it was typed.
        quote: The quote that is open at the cursor; empty where none is.
    """

    words: tuple[str, ...]
    current: str
    raw: str
    quote: str


def part_line(line: str) -> TypedLine:
    """Part a command line into its words; the name of the program is the first."""
    words: list[str] = []
    current, quote, start = "", "", None
    signs = iter(enumerate(line))
    for at, sign in signs:
        if not quote and sign in BLANKS:
            if start is not None:
                words.append(current)
            current, start = "", None
            continue
        start = at if start is None else start
        if sign == "\\" and quote != "'":
            _, after = next(signs, (0, ""))
            plain = quote == '"' and after not in ESCAPED_IN_QUOTES
            current += sign + after if plain else after
        elif quote:
            current, quote = (current, "") if sign == quote else (current + sign, quote)
        elif sign in "\"'":
            quote = sign
        else:
            current += sign
    return TypedLine(tuple(words), current, line[start:] if start is not None else "", quote)
