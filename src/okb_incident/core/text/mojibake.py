"""Text that was UTF-8, was read as Mac Roman, and was saved so: ``\uf8ffüìã`` where ``📋`` was.

A line is repaired only where that is unambiguous: all of it can be what Mac Roman makes of UTF-8, and turning the repaired line wrong
again gives the line as it is. A word such as ``Zürich`` cannot, because a letter alone is not UTF-8, and so it stays.
"""

from __future__ import annotations

CODING = "mac_roman"


def repaired(line: str) -> str | None:
    """Return a line as it was, or None where it is no such line."""
    if line.isascii():
        return None
    try:
        text = line.encode(CODING).decode("utf-8")
    except UnicodeError:
        return None
    return text if text.encode().decode(CODING) == line and text.replace("\t", "").isprintable() else None


def repair(text: str) -> tuple[str, tuple[int, ...]]:
    """Return a text with all such lines repaired, and their numbers, counted from 1; line ends stay."""
    if text.isascii():
        return text, ()
    lines = text.split("\n")
    numbers = []
    for place, line in enumerate(lines):
        words = line.rstrip("\r")
        better = repaired(words)
        if better is not None:
            lines[place] = better + line[len(words) :]
            numbers.append(place + 1)
    return "\n".join(lines), tuple(numbers)
