"""Where each property is in a block of frontmatter, to the character."""

from __future__ import annotations

import re
from typing import Any

from okb_incident.vault.yaml import flat_places, yaml12
from okb_incident.vault.yaml.entries import Item, YamlEntry, YamlKind

_COLON = re.compile(r"[ \t]*:")
_DASH = re.compile(r"([ \t]*)-[ \t]*")
_INNER_COMMENTS = re.compile(r"(?:[ \t]+#[^\n]*(?:\n|\Z))*")
_KEEPS_BLANK_LINES = re.compile(r"(?:&\S+[ \t]+)?[|>][1-9]?\+")


def locate(block: str) -> dict[str, YamlEntry] | None:
    """Find every property of a readable block, in order; None where the whole block is one pair of braces.

    Raises:
        YamlFault: The block is not readable.
    """
    if (found := flat_places.locate(block)) is not None:
        return found
    return locate_by_parser(block)


def locate_by_parser(block: str) -> dict[str, YamlEntry] | None:
    """Find the properties by the events of the YAML parser, as `locate` does where the block is not plainly flat."""
    mapped = yaml12.build(block)
    nodes: list[Any] = [event for event in yaml12.events(block) if not isinstance(event, _frame())]
    if not nodes or type(nodes[0]).__name__ == "ScalarEvent":
        return {}
    if nodes[0].flow_style:
        return None
    inner = _children(nodes[1:-1])
    return {
        key: _entry(block, name[0], value, line)
        for (key, line), name, value in zip(mapped.lines.items(), inner[::2], inner[1::2], strict=True)
    }


def _frame() -> tuple[type, ...]:
    """Return the events around the outermost value."""
    from yaml import events  # noqa: PLC0415 - loaded with the first note that is read

    return events.StreamStartEvent, events.StreamEndEvent, events.DocumentStartEvent, events.DocumentEndEvent


def _children(events: list[Any]) -> list[list[Any]]:
    """Group the events inside a collection by the value they belong to."""
    found: list[list[Any]] = []
    depth = 0
    for event in events:
        if depth == 0:
            found.append([])
        found[-1].append(event)
        name = type(event).__name__
        depth += name.endswith(("MappingStartEvent", "SequenceStartEvent"))
        depth -= name.endswith(("MappingEndEvent", "SequenceEndEvent"))
    return found


def _entry(block: str, name: Any, value: list[Any], line: int) -> YamlEntry:
    key = name.start_mark.index
    start = block.rfind("\n", 0, key) + 1
    colon = _COLON.match(block, name.end_mark.index) if not block[start:key].strip(" ") else None
    end = max(_content_end(block, event) for event in (name, *value))
    end = max(end, colon.end()) if colon else end
    kind = _kind(value[0])
    place = value[0].start_mark.index, end
    if kind is YamlKind.EMPTY and colon:
        place = colon.end(), colon.end()
    below = _next_line(block, end)
    last = value[-1]
    return YamlEntry(
        start=start,
        key=key,
        colon=colon.end() if colon else None,
        value=place,
        end=below,
        tail=max(_below_comments(block, below), last.end_mark.index if kind is YamlKind.BLOCK_TEXT else 0),
        line=line,
        kind=kind,
        items=_items(block, value) if kind in {YamlKind.BLOCK_LIST, YamlKind.FLOW_LIST} else (),
        anchors=frozenset(event.anchor for event in (name, *value) if _gives_name(event)),
        aliases=frozenset(event.anchor for event in (name, *value) if type(event).__name__ == "AliasEvent"),
    )


def _items(block: str, value: list[Any]) -> tuple[Item, ...]:
    found = []
    for events in _children(value[1:-1]):
        start = events[0].start_mark.index
        end = max(_content_end(block, event) for event in events)
        first = block.rfind("\n", 0, start) + 1
        dash = _DASH.fullmatch(block, first, start)
        found.append(Item((start, end), (first, _next_line(block, end)), dash[1] if dash else None))
    return tuple(found)


def _kind(event: Any) -> YamlKind:
    name = type(event).__name__
    if name == "SequenceStartEvent":
        return YamlKind.FLOW_LIST if event.flow_style else YamlKind.BLOCK_LIST
    if name == "MappingStartEvent" and not event.flow_style:
        return YamlKind.BLOCK_MAPPING
    if name != "ScalarEvent" or event.anchor is not None:
        return YamlKind.OTHER
    if event.implicit[0]:
        return YamlKind.PLAIN if event.value else YamlKind.EMPTY
    return {"'": YamlKind.SINGLE, '"': YamlKind.DOUBLE}.get(event.style, YamlKind.BLOCK_TEXT)


def _gives_name(event: Any) -> bool:
    return type(event).__name__ != "AliasEvent" and getattr(event, "anchor", None) is not None


def _content_end(block: str, event: Any) -> int:
    """Return the end of the last thing that an event stands for; a block collection ends with its last value."""
    start: int = event.start_mark.index
    end: int = event.end_mark.index
    name = type(event).__name__
    if name in {"MappingEndEvent", "SequenceEndEvent"} and start == end:
        return 0
    if name == "ScalarEvent" and event.style in {"|", ">"}:
        keeps = _KEEPS_BLANK_LINES.match(block, start)
        return end - 1 if keeps else start + len(block[start:end].rstrip())
    return end


def _next_line(block: str, place: int) -> int:
    return block.find("\n", place) + 1 or len(block)


def _below_comments(block: str, place: int) -> int:
    found = _INNER_COMMENTS.match(block, place)
    return found.end() if found else place
