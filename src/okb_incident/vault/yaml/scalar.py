"""One property value: how YAML 1.2 reads a plain one, and how we write one.

A value is written so that Obsidian, PyYAML and libyaml read the same from it, and, where it can be, as Obsidian itself
would write it, so that a click there changes one line and not ten.
"""

from __future__ import annotations

import math
import re

Scalar = str | int | float | bool | None

MAX_DIGITS = 300
"""The longest whole number that is read: beyond it Obsidian has nothing but infinity, and Python's own limit is near."""

WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
NUMBER = re.compile(
    r"(?P<int>[-+]?[0-9]+)|0o(?P<octal>[0-7]+)|0x(?P<hex>[0-9a-fA-F]+)"
    r"|(?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<infinite>[-+]?\.(?:inf|Inf|INF))|(?P<nan>\.(?:nan|NaN|NAN))",
)
NUMBER_STARTS = frozenset("+-.0123456789")

# Typographic quotes, arrows and emoji, with what joins and colors them, are in everyday titles; no parser takes them for syntax.
_SIGNS = "“”„‟‘’‚‛«»‹›\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff"
# A letter, a digit or such a sign first; blanks inside; nothing that any of the parsers takes for syntax there. Measured on 28,109
# strings that begin with a letter, and again, with every sign above, by tests/vault/test_obsidian_yaml.py.
PLAIN = re.compile(rf"(?:[^\W_]|[{_SIGNS}])[\w .,;()'!?%&=+\-/@~$^*<>|\"\[\]{{}}–—…→€:#{_SIGNS}]*")
#: What begins with a digit and some parser could take for a number, a moment or a time of day.
NUMBER_LIKE = re.compile(r"\d[\d_:.,+ tTzZeE-]*|0[xXoObB]\w*")
WORDS_OF_YAML_1_1 = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
OWN_PLAIN = re.compile(r"[0-9~][0-9A-Za-z:.+%~-]*")
SEXAGESIMAL = re.compile(r"[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?")

ESCAPES = {
    **{code: f"\\u{code:04x}" for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF)},
    ord('"'): '\\"',
    ord("\\"): "\\\\",
    ord("\b"): "\\b",
    ord("\f"): "\\f",
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
}


class Plain(str):
    """A text of our own that may be without quotes although it does not start with a letter.

    A moment, a date, a uid, a range such as ``~1200``, ``5%`` or ``1000-1500``. It is a permission, not an order: a text
    that some parser would read as anything but this text is quoted all the same.
    """

    __slots__ = ()


def read_plain(text: str) -> Scalar:
    """Read an unquoted value by the core rules of YAML 1.2, as Obsidian does.

    Moments, times of day, ``yes``, ``1_000`` and ``0b11`` stay text; ``010`` is 10.

    Raises:
        ValueError: A whole number has more digits than MAX_DIGITS.
    """
    if text in WORDS:
        return WORDS[text]
    if text[0] not in NUMBER_STARTS or (text[4:5] == "-" and text[:4].isdigit()):
        # The second is a day or a moment, of which a note holds a dozen.
        return text
    found = NUMBER.fullmatch(text)
    if found is None:
        return text
    kind = found.lastgroup
    if kind == "float":
        return float(text)
    if kind == "nan":
        return math.nan
    if kind == "infinite":
        return -math.inf if text[0] == "-" else math.inf
    if len(text) > MAX_DIGITS:
        raise ValueError(f"a number of {len(text)} digits")
    if kind == "octal":
        return int(found["octal"], 8)
    return int(found["hex"], 16) if kind == "hex" else int(text)


def write_scalar(value: str | float) -> str:
    """Write one value for a block property or list item: plain where that is safe, else in double quotes.

    A lone surrogate, which is what ``decode`` makes of a byte that is not UTF-8, becomes U+FFFD: no parser reads it back,
    neither as a character nor as an escape, and that sign is what Obsidian shows for such a byte.
    """
    if isinstance(value, str):
        text = whole(value)
        return text if is_plain(text, ours=isinstance(value, Plain)) else double_quoted(text)
    if isinstance(value, bool):
        return "true" if value else "false"
    return write_float(value) if isinstance(value, float) else str(value)


def write_float(value: float) -> str:
    """Write a decimal as Obsidian does, which knows one kind of number: no ``.0`` at the end of a whole one."""
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return re.sub(r"e([-+])0", r"e\1", repr(value))


def is_plain(text: str, *, ours: bool = False) -> bool:
    """Return whether a text may be without quotes, in a block property or as an item of a block list."""
    if ours and OWN_PLAIN.fullmatch(text) and text[-1] != ":" and not SEXAGESIMAL.fullmatch(text):
        return text not in WORDS and not NUMBER.fullmatch(text)
    return (
        PLAIN.fullmatch(text) is not None
        and text[-1] not in " :"
        and ": " not in text
        and " #" not in text
        and text.lower() not in WORDS_OF_YAML_1_1
        and not NUMBER_LIKE.fullmatch(text)
    )


def double_quoted(text: str) -> str:
    """Quote a text the one way that all parsers read alike: JSON, with the invisible and the forbidden escaped."""
    return f'"{whole(text).translate(ESCAPES)}"'


def single_quoted(text: str) -> str | None:
    """Quote a text in single quotes; None where it holds what only an escape can say."""
    text = whole(text)
    if any(ord(char) in ESCAPES and char not in '"\\' for char in text):
        return None
    return "'" + text.replace("'", "''") + "'"


def whole(text: str) -> str:
    """Join surrogate pairs and put U+FFFD in the place of lone ones, so that the text can be written as UTF-8."""
    if text.isascii():
        return str(text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
