"""How wide text is in a terminal, where a Chinese character takes two cells and an accent none."""

from __future__ import annotations

from itertools import accumulate
from unicodedata import category, east_asian_width


def width(text: str) -> int:
    """Return the number of cells a line takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(sign) for sign in text)


def _cells(sign: str) -> int:
    if category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if east_asian_width(sign) in {"W", "F"} else 1


def cut(text: str, limit: int) -> str:
    """Shorten a line to so many cells; what was cut shows as ``…``."""
    if width(text) <= limit:
        return text
    ends = accumulate(_cells(sign) for sign in text)
    kept = "".join(sign for sign, end in zip(text, ends, strict=True) if end < limit)
    return kept.rstrip() + "…"


def pad(text: str, cells: int, *, right: bool = False) -> str:
    """Fill a line up to so many cells; with ``right`` the text is at the end."""
    blanks = " " * (cells - width(text))
    return blanks + text if right else text + blanks


def wrap(text: str, limit: int, indent: str = "") -> list[str]:
    """Break a paragraph into lines of at most so many cells, those after the first indented; a longer word stays whole."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines[-1].strip() else lines[-1] + word
        if width(longer) > limit and lines[-1].strip():
            lines.append(indent + word)
        else:
            lines[-1] = longer
    return lines
