"""Edits of a block of frontmatter: the lines of one property change, and no other character.

Nothing is proven here: ``frontmatter`` reads every result again before it gives it out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.vault.entries import Entry, Kind
from okb_incident.vault.scalar import double_quoted, single_quoted, write_scalar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Scalar = str | int | float | bool
New = Scalar | list[Scalar]

_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")
_TEXT_HEADER = re.compile(r"[|>][-+1-9]*([ \t]+#[^\r\n]*)?")
_GAP = re.compile(r"[\s,]*")
_FLOW_SIGNS = frozenset(",[]{}")
_QUOTABLE = (Kind.PLAIN, Kind.SINGLE, Kind.DOUBLE)
_ON_LINES_BELOW = (Kind.BLOCK_LIST, Kind.BLOCK_MAPPING)


class UnprovenError(Exception):
    """An edit that cannot be made without touching what it must not; the message says why."""


def same(one: object, other: object) -> bool:
    """Say whether two values are the same in YAML: true is not 1, 1 is 1.0, and nan is nan."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other or (one != one and other != other)  # noqa: PLR0124 - only nan differs from itself
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(value, other[key]) for key, value in one.items())
    return type(one) is type(other) and one == other


def property_lines(key: str, value: New, eol: str, indent: str = "") -> str:
    """Write a property as a new one is written: a list as a block list, indented by two blanks."""
    name = f"{indent}{write_scalar(key)}:"
    if not isinstance(value, list):
        return f"{name} {write_scalar(value)}{eol}"
    if not value:
        return f"{name} []{eol}"
    return name + eol + "".join(f"{indent}  - {write_scalar(item)}{eol}" for item in value)


def inserted(block: str, entries: Mapping[str, Entry], key: str, value: New, order: Sequence[str], eol: str) -> str:
    """Put a property at its place: below the nearest that comes before it in the order, else above the nearest after it."""
    indent = next((block[entry.start : entry.key] for entry in entries.values()), "")
    place = len(block)
    if key in order:
        own = order.index(key)
        before = next((entries[name] for name in reversed(order[:own]) if name in entries), None)
        after = next((entries[name] for name in order[own + 1 :] if name in entries), None)
        if before:
            place = before.tail
        elif after:
            place = _above_comments(block, after.start)
    return block[:place] + property_lines(key, value, eol, indent) + block[place:]


def _above_comments(block: str, place: int) -> int:
    """Give the start of the comment lines that stand right above a line; they belong to it."""
    while True:
        line = block.rfind("\n", 0, max(place - 1, 0)) + 1
        if line == place or not block[line:place].lstrip(" ").startswith("#"):
            return place
        place = line


def removed(block: str, entry: Entry) -> str:
    """Take out a property with the lines of its value."""
    return block[: entry.start] + block[entry.end :]


def replaced(block: str, entry: Entry, old: object, value: New, eol: str) -> str:
    """Put another value in the place of a property's old one."""
    if not isinstance(value, list):
        return _with_scalar(block, entry, value)
    if not value:
        return _rewritten(block, entry, " []")
    if isinstance(old, list) and entry.items:
        edited = _block_list if entry.kind is Kind.BLOCK_LIST else _flow_list
        return edited(block, entry, old, value, eol)
    return _rewritten(block, entry, "", [write_scalar(item) for item in value], eol)


def listed(block: str, entry: Entry, old: Scalar, item: Scalar, eol: str) -> str:
    """Make a list of a single value and add an item; a value on one line stays as it is written, with its comment."""
    start, end = entry.value
    line_end = _line_end(block, _colon(entry))
    if entry.kind in _QUOTABLE and end <= line_end:
        items = [block[start:line_end].rstrip(), write_scalar(item)]
        return _rewritten(block, entry, "", items, eol, comment="")
    return _rewritten(block, entry, "", [write_scalar(old), write_scalar(item)], eol)


def _with_scalar(block: str, entry: Entry, value: Scalar) -> str:
    source = write_scalar(value)
    if isinstance(value, str) and entry.kind is Kind.DOUBLE:
        source = double_quoted(value)
    elif isinstance(value, str) and entry.kind is Kind.SINGLE:
        source = single_quoted(value) or source
    start, end = entry.value
    if entry.kind in _ON_LINES_BELOW:
        return _rewritten(block, entry, f" {source}")
    if entry.kind is Kind.BLOCK_TEXT:
        source += _comment(block, entry)
    elif entry.kind in {Kind.EMPTY, Kind.BROKEN}:
        source = f" {source}"
    return block[:start] + source + block[end:]


def _rewritten(
    block: str,
    entry: Entry,
    inline: str,
    items: Sequence[str] = (),
    eol: str = "",
    *,
    comment: str | None = None,
) -> str:
    """Write a property anew behind its key: a value on its line, or items below it. The comment beside it stays."""
    colon = _colon(entry)
    key_line_end = _line_end(block, colon)
    own_eol = block[key_line_end : block.find("\n", key_line_end) + 1]
    indent = block[entry.start : entry.key]
    lines = "".join(f"{indent}  - {item}{eol}" for item in items)
    beside = _comment(block, entry) if comment is None else comment
    return block[:colon] + inline + beside + own_eol + lines + block[entry.end :]


def _comment(block: str, entry: Entry) -> str:
    """Give the comment beside a value, or beside its key where the value stands below."""
    start, end = entry.value
    colon = _colon(entry)
    line_end = _line_end(block, colon)
    if start > line_end or entry.kind in _ON_LINES_BELOW:
        found = _COMMENT.search(block, colon, line_end)
        return found[0] if found else ""
    if entry.kind is Kind.BLOCK_TEXT:
        header = _TEXT_HEADER.match(block, start, line_end)
        return (header[1] or "") if header else ""
    found = _COMMENT.match(block, end)
    return found[0] if found else ""


def _colon(entry: Entry) -> int:
    if entry.colon is None:
        raise UnprovenError("it is written in a form that only YAML itself knows")
    return entry.colon


def _line_end(block: str, place: int) -> int:
    """Give the end of a line, before its line end."""
    end = block.find("\n", place)
    end = len(block) if end < 0 else end
    return end - 1 if block[end - 1 : end] == "\r" else end


def _block_list(block: str, entry: Entry, old: list[object], value: list[Scalar], eol: str) -> str:
    """Change the items of a block list that differ; the lines of the others stay, comments between them too."""
    before, after = _common_ends(old, value)
    cut = entry.items[before : len(old) - after]
    indent = entry.items[0].indent
    if indent is None or any(item.indent is None for item in cut):
        raise UnprovenError("the dash of an item stands on another line than its text")
    if cut:
        place = cut[0].lines[0]
    else:
        place = entry.items[before - 1].lines[1] if before else entry.items[0].lines[0]
    added = value[before : len(value) - after]
    parts = [block[:place], *(f"{indent}- {write_scalar(item)}{eol}" for item in added)]
    for item in cut:
        parts.append(block[place : item.lines[0]])
        place = item.lines[1]
    return "".join((*parts, block[place:]))


def _flow_list(block: str, entry: Entry, old: list[object], value: list[Scalar], eol: str) -> str:
    """Change the items between brackets that differ."""
    del eol
    spans = [item.value for item in entry.items]
    edges = [entry.value[0] + 1, *(place for span in spans for place in span), entry.value[1] - 1]
    if any(not _GAP.fullmatch(block, *gap) for gap in zip(edges[::2], edges[1::2], strict=True)):
        raise UnprovenError("comments stand inside its brackets")
    before, after = _common_ends(old, value)
    kept = len(old) - after
    added = ", ".join(_flow_scalar(item) for item in value[before : len(value) - after])
    if added and before < kept:
        start, end = spans[before][0], spans[kept - 1][1]
    elif added and before:
        start = end = spans[before - 1][1]
        added = f", {added}"
    elif added:
        start = end = spans[0][0]
        added = f"{added}, "
    elif after:
        start, end = spans[before][0], spans[kept][0]
    else:
        start, end = spans[before - 1][1], spans[kept - 1][1]
    return block[:start] + added + block[end:]


def _flow_scalar(value: Scalar) -> str:
    """Write an item between brackets, where commas and brackets need quotes too."""
    if isinstance(value, str) and not _FLOW_SIGNS.isdisjoint(value):
        return double_quoted(value)
    return write_scalar(value)


def _common_ends(old: Sequence[object], new: Sequence[object]) -> tuple[int, int]:
    """Count the items that two lists share at their start, and of the rest those that they share at their end."""
    limit = min(len(old), len(new))
    before = 0
    while before < limit and same(old[before], new[before]):
        before += 1
    after = 0
    while after < limit - before and same(old[-1 - after], new[-1 - after]):
        after += 1
    return before, after
