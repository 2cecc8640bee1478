r"""A secret that leaked into notes: found however it is written, and put out of a text.

YAML, JSON, HTML, addresses on the web and Markdown each write some characters in a way of their own: ``pa"ss`` is as
``pa\"ss``, ``pa\u0022ss``, ``pa%22ss`` or ``pa&quot;ss``. Each character is looked for in every form, so mixtures are found too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARK = "REDACTED"
"""The mark in the place of a secret: a word that no YAML and no Markdown reads as anything else."""

PAYLOAD = "[redacted]"
"""What is in the place of a timeline entry's whole payload."""

LONGEST_BREAK = 100
"""Blanks around a line break inside a secret; a limit keeps a search in hostile text fast."""

NAMED = {'"': "quot", "&": "amp", "'": "apos", "<": "lt", ">": "gt", "\xa0": "nbsp"}
LETTER_ESCAPES = {"\t": "t", "\n": "n", "\r": "r", "\0": "0", "\x1b": "e", "\x85": "N", "\xa0": "_"}


class Secret:
    """A text to find in every form in which a note may hold it.

    Attributes:
        text: The text as it was typed.
    """

    def __init__(self, text: str) -> None:
        import unicodedata  # noqa: PLC0415 - every command that reads a timeline imports this module

        self.text = text
        forms = dict.fromkeys((text, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD"))))
        self._pattern = re.compile("|".join(map(_pattern_of, forms)))

    @property
    def is_a_mark(self) -> bool:
        """Return whether it is part of what is in the place of secrets, and would be found again each time."""
        return self.is_in(MARK) or self.is_in(PAYLOAD)

    def is_in(self, text: str) -> bool:
        """Return whether a text holds it, in whatever form."""
        return self._pattern.search(text) is not None

    def out_of(self, text: str) -> str:
        """Return a text with the mark in its place."""
        return self._pattern.sub(MARK, text)


def marked(lines: Iterable[str]) -> list[str]:
    """Return the lines from which something was taken out."""
    return [line for line in lines if MARK in line or PAYLOAD in line]


def is_redaction(line: str, original: str) -> bool:
    """Return whether a line is another one with a secret taken out of it, as far as that shows without knowing the secret."""
    if not marked([line]):
        return False
    first, *between, last = re.split(rf"{MARK}|{re.escape(PAYLOAD)}", line)
    if not original.startswith(first) or not original.endswith(last) or _begins_otherwise(first, original):
        return False
    at, end = len(first), len(original) - len(last)
    for piece in between:
        at = original.find(piece, at + 1, end)
        if at < 0:
            return False
        at += len(piece)
    return at < end


def _begins_otherwise(first: str, original: str) -> bool:
    """Return whether a line begins with the sign of a list, heading or quotation that the redacted one does not have."""
    return not first.strip(" \t") and re.match(r"\s*(?:[-*+>|]|#+|\d+[.)])\s", original) is not None


def _pattern_of(text: str) -> str:
    return "".join(_blanks(part) if part.isspace() else _character(part) for part in re.findall(r"\s+|\S", text))


def _blanks(run: str) -> str:
    """Match white space, which a note may break into lines or shorten to one blank."""
    forms = "|".join(dict.fromkeys(form for char in (" ", *run) for form in _escapes(char)))
    broken = rf"[ \t]{{0,{LONGEST_BREAK}}}\r?\n[ \t>]{{0,{LONGEST_BREAK}}}"
    return rf"(?:{broken}|\s|\+|{forms}){{1,{2 * len(run)}}}"


def _character(char: str) -> str:
    # The longer forms first: `%25` is not a `%` with digits after it.
    return f"(?:{'|'.join((*_escapes(char), _as_it_stands(char)))})"


def _as_it_stands(char: str) -> str:
    """Match a character itself: what could be a sign may have backslashes before it, a single quote may be doubled."""
    if char == "\\":
        return r"\\{1,4}"
    if char == "'":
        return r"\\{0,3}'{1,2}"
    if char.isascii() and not char.isalnum():
        return rf"\\{{0,3}}{re.escape(char)}"
    return re.escape(char)


def _escapes(char: str) -> Iterator[str]:
    """Match the ways to write a character with others."""
    number = ord(char)
    units = char.encode("utf-16-be", "surrogatepass").hex()
    # A byte that is not UTF-8 has been read as half of a pair.
    lenient = "surrogateescape" if 0xDC80 <= number <= 0xDCFF else "surrogatepass"
    yield rf"\\{{1,3}}(?:{'|'.join(_coded(number))})"
    yield "".join(rf"\\{{1,3}}u(?i:{units[at : at + 4]})" for at in range(0, len(units), 4))
    yield "".join(rf"%(?:25)?(?i:{byte:02x})" for byte in char.encode("utf-8", lenient))
    yield rf"&#(?:0{{0,7}}{number}|[xX]0{{0,7}}(?i:{number:x}));"
    if char in NAMED:
        yield f"&{NAMED[char]};"


def _coded(number: int) -> Iterator[str]:
    if number < 0x100:
        yield rf"x(?i:{number:02x})"
    yield rf"U(?i:{number:08x})"
    if letter := LETTER_ESCAPES.get(chr(number)):
        yield letter
