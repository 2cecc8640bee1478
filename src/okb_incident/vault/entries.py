"""Where each property stands in a block of frontmatter, to the character."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from okb_incident.vault import yaml12

if TYPE_CHECKING:
    from collections.abc import Iterator

Span = tuple[int, int]

_COLON = re.compile(r"[ \t]*:")
_DASH = re.compile(r"([ \t]*)-[ \t]*")
_INNER_COMMENTS = re.compile(r"(?:[ \t]+#[^\n]*(?:\n|\Z))*")
_KEEPS_BLANK_LINES = re.compile(r"(?:&\S+[ \t]+)?[|>][1-9]?\+")


class Kind(Enum):
    """How a value is written."""

    EMPTY = auto()
    PLAIN = auto()
    SINGLE = auto()
    DOUBLE = auto()
    BLOCK_TEXT = auto()
    FLOW_LIST = auto()
    BLOCK_LIST = auto()
    BLOCK_MAPPING = auto()
    OTHER = auto()
    BROKEN = auto()


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list: its value, its lines, and the blanks before its dash (None where the dash is elsewhere)."""

    value: Span
    lines: Span
    indent: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A property and its place in a block; all places are offsets in the block.

    Attributes:
        start: Where its first line starts.
        key: Where the key starts, which is ``start`` but for an indented block.
        colon: Right after its colon; None where the key is written in the form ``? key``, which we leave alone.
        value: The source of the value; empty and at the colon where there is none.
        end: Where the line after its last one starts.
        tail: The same, with comments below that are indented, and with blank lines that belong to a block text.
        line: Its first line, counted from 1.
        items: Of a list.
        anchors: The names that it gives to values.
        aliases: The names that it uses.
    """

    start: int
    key: int
    colon: int | None
    value: Span
    end: int
    tail: int
    line: int
    kind: Kind
    items: tuple[Item, ...] = ()
    anchors: frozenset[str] = frozenset()
    aliases: frozenset[str] = frozenset()

    def moved(self, offset: int, lines: int) -> Entry:
        """Give the same entry where its text stands further down in a longer one."""

        def span(at: Span) -> Span:
            return at[0] + offset, at[1] + offset

        return Entry(
            start=self.start + offset,
            key=self.key + offset,
            colon=None if self.colon is None else self.colon + offset,
            value=span(self.value),
            end=self.end + offset,
            tail=self.tail + offset,
            line=self.line + lines,
            kind=self.kind,
            items=tuple(Item(span(item.value), span(item.lines), item.indent) for item in self.items),
            anchors=self.anchors,
            aliases=self.aliases,
        )


def locate(block: str) -> dict[str, Entry] | None:
    """Find every property of a readable block, in order; None where the whole block is one pair of braces.

    Raises:
        YamlFault: The block is not readable.
    """
    mapped = yaml12.parse(block)
    pairs = list(_pairs(block))
    if pairs and pairs[0] is None:
        return None
    return {
        key: _entry(block, pair[0], pair[1], line)
        for (key, line), pair in zip(mapped.lines.items(), pairs, strict=True)
        if pair is not None
    }


def _pairs(block: str) -> Iterator[tuple[Any, list[Any]] | None]:
    """Give the event of each key of the outermost mapping with those of its value; None at once for a flow mapping."""
    depth = 0
    pair: tuple[Any, list[Any]] | None = None
    for event in yaml12.events(block):
        kind = type(event).__name__
        if kind.startswith(("Stream", "Document")):
            continue
        depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
        if depth == 1 and kind == "MappingStartEvent" and pair is None:
            if getattr(event, "flow_style", False):
                yield None
                return
            pair = event, []
            continue
