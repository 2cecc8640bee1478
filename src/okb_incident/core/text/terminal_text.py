"""Text that is safe to show: whatever a note holds, a terminal only ever displays it."""

from __future__ import annotations

import re
from typing import Any

#: C0 but for newline and tab, DEL, C1, the marks that turn the direction of writing, line separators, lone surrogates.
UNSAFE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"


def safe_text(text: str) -> str:
    r"""Replace what a terminal would obey instead of show by a visible form: ``\\x1b``, ``<U+202E>``."""
    if text.isprintable():
        # Nearly every text is, and compiling the pattern takes a millisecond.
        return text
    return re.sub(UNSAFE, _visible, text)


def _visible(found: re.Match[str]) -> str:
    point = ord(found[0])
    if 0xDC80 <= point <= 0xDCFF:
        # A byte that was not UTF-8, kept by surrogateescape.
        point -= 0xDC00
    return f"\\x{point:02x}" if point < 0x100 else f"<U+{point:04X}>"


def is_shown_as_it_is(word: str) -> bool:
    """Return whether a terminal shows a word as it is: it obeys no control character, and completes nothing at a tab."""
    return word.isprintable() or (safe_text(word) == word and "\n" not in word and "\t" not in word)


def one_line(text: str) -> str:
    """Make any text one safe line, runs of white space becoming one blank."""
    return safe_text(" ".join(text.split()))


def line_part(text: str) -> str:
    """Make a part of a line safe, as `one_line` does, and keep a blank at either end that parts it from the next part."""
    before, after = (" " if end.isspace() else "" for end in (text[:1], text[-1:]))
    return f"{before}{one_line(text)}{after}" if text.strip() else before


def shorten(text: str, length: int = 60) -> str:
    """Cut a text to a length, with an ellipsis in place of what is missing."""
    return text if len(text) <= length else text[: length - 1] + "…"


def safe_json(value: Any, indent: int | None = None) -> str:
    """Write data as JSON of printable ASCII, so that no terminal and no pipe can be hurt by it."""
    import json  # noqa: PLC0415

    # The one control character that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=True, indent=indent).replace("\x7f", "\\u007f")
