"""What a property and its place in a block of frontmatter are."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

Span = tuple[int, int]


class YamlKind(Enum):
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


class Item(NamedTuple):
    """An item of a list: its value, its lines, and the blanks before its dash (None where the dash is elsewhere)."""

    value: Span
    lines: Span
    indent: str | None


class YamlEntry(NamedTuple):
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
    kind: YamlKind
    items: tuple[Item, ...] = ()
    anchors: frozenset[str] = frozenset()
    aliases: frozenset[str] = frozenset()

    def moved(self, offset: int, lines: int) -> YamlEntry:
        """Return the same entry where its text is further down in a longer one."""

        def span(at: Span) -> Span:
            return at[0] + offset, at[1] + offset

        return YamlEntry(
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
