"""One note's text: its bytes as text, and its parts as Obsidian sees them.

Nothing is normalised here. Any bytes survive ``encode(decode(data))``, and any text survives ``join(split(text))``.
"""

from __future__ import annotations

import re
from enum import StrEnum, unique
from functools import lru_cache
from typing import NamedTuple

BOM = "\ufeff"
FENCE = "---"
# Obsidian wants the fence at the very first character and alone on its line; blanks after it do no harm. A lone CR ends no
# line: a note cut between CR and LF has no closing fence.
OPENING = re.compile(r"---[ \t]*(?:\r?\n|\Z)")
# The first characters of a note that are all that has reached the disk yet.
TORN_OPENING = re.compile(r"--?|---[ \t]*\r")
CLOSING = re.compile(r"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


@unique
class Fences(StrEnum):
    """Whether a note has frontmatter."""

    NONE = "none"
    CLOSED = "closed"
    UNTERMINATED = "unterminated"


class Parts(NamedTuple):
    """A note cut into its parts; joined again they are the note.

    Attributes:
        bom: A byte order mark, or nothing. Obsidian removes it when it next saves the note.
        opening: The opening fence with its line end; nothing where there is no frontmatter.
        block: The text between the fences, whole lines.
        closing: The closing fence with its line end, if it has one.
        body: All that follows, and all there is where the frontmatter is missing or unterminated.
        eol: What ends a line that we add: what ends the first one.
        fences: Whether there is frontmatter. Unterminated is not: the rest may still be on its way to the disk.
        body_line: The line of the note on which the body starts, counted from 1.
    """

    bom: str
    opening: str
    block: str
    closing: str
    body: str
    eol: str
    fences: Fences
    body_line: int

    @property
    def block_line(self) -> int:
        """Return the line of the note on which the block starts, counted from 1: the one below the opening fence."""
        return 2

    @property
    def block_start(self) -> int:
        """Return where the block starts, in characters of the note."""
        return len(self.bom) + len(self.opening)

    @property
    def body_start(self) -> int:
        """Return where the body starts, in characters of the note."""
        return self.block_start + len(self.block) + len(self.closing)


def decode(data: bytes) -> str:
    """Read bytes as text so that ``encode`` gives the same bytes again, whatever they are."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Return the bytes of a note that ``decode`` has read."""
    return text.encode("utf-8", "surrogateescape")


@lru_cache(maxsize=2)
def split(text: str) -> Parts:
    """Cut a note into its parts, where Obsidian cuts it. A command cuts the same one several times, and it may have ten megabytes."""
    bom = BOM if text.startswith(BOM) else ""
    rest = text[len(bom) :]
    eol = line_end(text)
    opening = OPENING.match(rest)
    if opening is None:
        fences = Fences.UNTERMINATED if TORN_OPENING.fullmatch(rest) else Fences.NONE
        return Parts(bom, "", "", "", rest, eol, fences, 1)
    closing = CLOSING.search(rest, opening.end())
    if closing is None:
        return Parts(bom, "", "", "", rest, eol, Fences.UNTERMINATED, 1)
    block = rest[opening.end() : closing.start()]
    body = rest[closing.end() :]
    return Parts(bom, opening[0], block, closing[0], body, eol, Fences.CLOSED, 3 + block.count("\n"))


def join(parts: Parts) -> str:
    """Return the note whose parts these are."""
    return parts.bom + parts.opening + parts.block + parts.closing + parts.body


def line_end(text: str) -> str:
    """Return how the first line of a text ends; a text without lines ends them with a line feed."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
