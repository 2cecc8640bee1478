"""Frontmatter as Obsidian reads it: YAML 1.2 core values from the events of libyaml.

libyaml finds scalars and collections, which YAML 1.1 and 1.2 write alike; what they mean is decided here. Every event
passes the limits before anything is built of it, nothing recurses, and every fault of the layers below is a YamlFault.
"""

from __future__ import annotations

import re
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.vault.yaml import flat
from okb_incident.vault.yaml.scalar import read_plain, write_float
from okb_incident.vault.yaml.yaml_fault import (
    MAX_DEPTH,
    NOT_A_MAPPING,
    QUOTE_IT,
    YamlFault,
    duplicate_key,
    explain,
    forbidden_character,
    foreign_syntax,
    no_key,
    too_deep,
    too_long_a_number,
    too_much,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from yaml.events import AliasEvent, CollectionStartEvent, DocumentStartEvent, Event, ScalarEvent

MAX_SIZE = 256 * 1024
MAX_NODES = 20_000
MAX_ALIASES = 100

# Characters to Obsidian like any other; to libyaml line breaks, or not allowed. They pass libyaml in a mask of the same
# length, which keeps every place in the text.
MASK = {code: chr(0xF0000 + code) for code in (0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF)}
UNMASK = {ord(mask): chr(code) for code, mask in MASK.items()}
_MASKED = "[\u2028\u2029\ufeff\ufffe\uffff]"

_QUOTES = frozenset("\"'")
_MAYBE_A_KEY = re.compile(r"[\s\[{,]\?")
_OUTDENTED = re.compile(r"\n[^\s]")
_JOINED_BLANK_LINES = re.compile(r"\\\r?\n[ \t]*\r?\n")

Value = object
"""str, int, float, bool, None, list or dict; keys are strings at any depth."""


class Mapped(NamedTuple):
    """The mapping that a block of frontmatter holds.

    Attributes:
        values: Its values by key.
        lines: The line of each key in the block, counted from 1.
    """

    values: Mapping[str, Value]
    lines: Mapping[str, int]


def parse(text: str) -> Mapped:
    """Read a block of frontmatter, the text between the fences.

    An empty block, or one of comments only, is an empty mapping.

    Raises:
        YamlFault: It is not readable YAML, or it is and Obsidian would give a value that we cannot: a tag, a key that is
            no scalar, a control character. Also beyond the limits above, which no note reaches that a person wrote.
    """
    if found := flat.read(text):
        return Mapped(*found)
    return build(text)


def build(text: str) -> Mapped:
    """Read a block from its events, as `parse` does where it is not plainly flat."""
    builder = _Builder(text)
    take = builder.takers()
    for event in events(text):
        take[type(event).__name__](event)
    return builder.result()


def events(text: str) -> Iterator[Event]:
    """Return the events of a block; their marks are places in ``text``.

    Raises:
        YamlFault: The text cannot be read any further.
    """
    if len(text) > MAX_SIZE:
        raise too_much("characters of frontmatter", MAX_SIZE, 1)
    if fault := forbidden_character(text):
        raise fault
    if _needs_mask(text):
        if any(mask in text for mask in MASK.values()):
            raise foreign_syntax("U+2028 or U+2029 is next to a private character", 1, "delete the invisible character")
        text = text.translate(MASK)
    import yaml  # noqa: PLC0415 - loaded with the first note that is read: `open` and `--help` read none

    parser: Any = _parser()(text)
    try:
        yield from iter(parser.get_event, None)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise explain(text, error) from None
    finally:
        parser.dispose()


@cache
def _parser() -> Callable[[str], object]:
    """Return libyaml's parser, or the one in Python where PyYAML was built without it."""
    import yaml  # noqa: PLC0415

    return yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class _Builder:
    """Builds the values of one block, event by event."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.masked = _needs_mask(text)
        self.question_marks = _MAYBE_A_KEY.search(text) is not None
        self.root: list[Value] = []
        self.here: list[Value] | dict[str, Value] = self.root
        self.key: str | None = None
        # For each collection that is still open: the one around it, the key that waits there, and what an anchor needs.
        self.outer: list[tuple[list[Value] | dict[str, Value], str | None, str | None, int]] = []
        self.anchors: dict[str, tuple[Value, int]] = {}
        self.nodes = 0
        self.aliases = 0
        self.lines: dict[str, int] = {}

    def takers(self) -> dict[str, Callable[[Any], None]]:
        return {
            "ScalarEvent": self.scalar,
            "AliasEvent": self.alias,
            "MappingStartEvent": self.mapping,
            "SequenceStartEvent": self.sequence,
            "MappingEndEvent": self.end,
            "SequenceEndEvent": self.end,
            "DocumentStartEvent": self.document,
            "DocumentEndEvent": _pass,
            "StreamStartEvent": _pass,
            "StreamEndEvent": _pass,
        }

    def document(self, event: DocumentStartEvent) -> None:
        if self.root:
            raise foreign_syntax("a second YAML document begins here", _line(event))
        if event.version or event.tags:
            raise foreign_syntax("a YAML directive (a line that begins with %) has no place in a note", _line(event))

    def scalar(self, event: ScalarEvent) -> None:
        self.enter(event)
        text = event.value.translate(UNMASK) if self.masked else event.value
        value: Value = text
        if event.implicit[0]:
            try:
                value = read_plain(text)
            except ValueError:
                raise too_long_a_number(_line(event)) from None
        elif event.style in _QUOTES:
            self.same_quotes(event)
        if self.question_marks:
            self.same_key(event)
        if event.anchor is not None:
            if not event.value:
                raise foreign_syntax(f"&{event.anchor} names nothing", _line(event), QUOTE_IT)
            self.anchors[event.anchor] = (value, 1)
        self.put(value, event)

    def alias(self, event: AliasEvent) -> None:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise too_much("aliases (*name)", MAX_ALIASES, _line(event))
        if event.anchor not in self.anchors:
            raise foreign_syntax(f"*{event.anchor} refers to nothing above it", _line(event))
        if self.question_marks:
            self.same_key(event)
        value, size = self.anchors[event.anchor]
        self.count(size, event)
        if isinstance(value, (list, dict)):
            self.not_a_key(event)
        self.put(value, event)

    def mapping(self, event: CollectionStartEvent) -> None:
        self.open({}, event)

    def sequence(self, event: CollectionStartEvent) -> None:
        self.open([], event)

    def open(self, collection: list[Value] | dict[str, Value], event: CollectionStartEvent) -> None:
        self.not_a_key(event)
        self.outer.append((self.here, self.key, event.anchor, self.nodes))
        if len(self.outer) > MAX_DEPTH:
            raise too_deep(_line(event))
        self.enter(event)
        self.here, self.key = collection, None

    def end(self, event: Event) -> None:
        collection = self.here
        self.here, self.key, anchor, nodes_before = self.outer.pop()
        if anchor is not None:
            self.anchors[anchor] = (collection, self.nodes - nodes_before)
        self.put(collection, event)

    def enter(self, event: ScalarEvent | CollectionStartEvent) -> None:
        """Pass one node by the limits, and refuse a tag: its meaning is some program's."""
        if event.tag is not None:
            raise foreign_syntax(f"{event.tag} is a YAML tag, which has no place in a note", _line(event))
        self.count(1, event)

    def count(self, nodes: int, event: Event) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise too_much("values", MAX_NODES, _line(event))

    def put(self, value: Value, event: Event) -> None:
        """Put a value where it belongs: into a list, under the key that waits for it, or as the next key."""
        if isinstance(self.here, list):
            self.here.append(value)
        elif self.key is not None:
            self.here[self.key] = value
            self.key = None
        else:
            self.key = _key(value)
            if self.key in self.here:
                raise duplicate_key(self.key, _line(event))
            if len(self.outer) == 1:
                self.lines[self.key] = _line(event)

    def not_a_key(self, event: Event) -> None:
        if isinstance(self.here, dict) and self.key is None:
            raise no_key(self.text, _line(event))

    def same_quotes(self, event: ScalarEvent) -> None:
        """Refuse quoted texts over several lines that libyaml and Obsidian read differently."""
        start, end = _span(event)
        if _OUTDENTED.search(self.text, start, end):
            raise foreign_syntax("a quote is opened here and not closed", _line(event), "close it on the same line")
        if _JOINED_BLANK_LINES.search(self.text, start, end):
            raise foreign_syntax(
                "a quoted text joins lines with \\ over a blank line", _line(event), "write it on one line"
            )

    def same_key(self, event: ScalarEvent | AliasEvent) -> None:
        """Refuse a ? before a word in brackets: to libyaml a key follows, to Obsidian it belongs to the word."""
        start, _ = _span(event)
        if self.text.endswith(("?", "?:"), 0, start):
            raise foreign_syntax("a ? begins a word in brackets", _line(event), "put the word in double quotes")

    def result(self) -> Mapped:
        if not self.root:
            return Mapped({}, {})
        values = self.root[0]
        if values is None:
            return Mapped({}, {})
        if not isinstance(values, dict):
            kind = "a list" if isinstance(values, list) else "a single value"
            raise YamlFault(
                NOT_A_MAPPING,
                f"the frontmatter is {kind}, not properties",
                1,
                hint="write each property as name: value, one a line",
            )
        return Mapped(values, self.lines)


def _key(value: Value) -> str:
    """Return the name of a property as Obsidian has it, where every key is a string: ``1:`` is "1", ``~:`` is ""."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return write_float(value) if isfinite(value) else repr(value).replace("inf", "Infinity").replace("nan", "NaN")
    return str(value)


def _span(event: Event) -> tuple[int, int]:
    assert event.start_mark is not None
    assert event.end_mark is not None
    return event.start_mark.index, event.end_mark.index


def _line(event: Event) -> int:
    assert event.start_mark is not None
    return event.start_mark.line + 1


def _needs_mask(text: str) -> bool:
    return not text.isascii() and re.search(_MASKED, text) is not None


def _pass(event: Event) -> None:
    """Take an event that holds nothing."""
