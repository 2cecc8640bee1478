"""Edits of a block of frontmatter: the lines of one property change, and no other character.

Nothing is proven here: ``frontmatter`` reads every result again before it gives it out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.vault.yaml.emit import UnprovenError, property_lines, source
from okb_incident.vault.yaml.entries import YamlKind
from okb_incident.vault.yaml.scalar import double_quoted, single_quoted, write_scalar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okb_incident.vault.yaml.emit import New, Scalar
    from okb_incident.vault.yaml.entries import YamlEntry


NEAR = 20

_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")
_TEXT_HEADER = re.compile(r"[|>][-+1-9]*([ \t]+#[^\r\n]*)?")
_GAP = re.compile(r"[\s,]*")
_FLOW_SIGNS = frozenset(",[]{}")
_QUOTABLE = (YamlKind.PLAIN, YamlKind.SINGLE, YamlKind.DOUBLE)
_ON_LINES_BELOW = (YamlKind.BLOCK_LIST, YamlKind.BLOCK_MAPPING)


def same(one: object, other: object) -> bool:
    """Return whether two values are the same in YAML: true is not 1, 1 is 1.0, and nan is nan."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other or (one != one and other != other)  # noqa: PLR0124 - only nan differs from itself
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(value, other[key]) for key, value in one.items())
    return isinstance(one, str) == isinstance(other, str) and one == other


def inserted(block: str, entries: Mapping[str, YamlEntry], key: str, value: New, order: Sequence[str], eol: str) -> str:
    """Put a property at its place: below the nearest that comes before it in the order, else above the nearest after it."""
    margin = next((block[entry.start : entry.key] for entry in entries.values()), "")
    indent = margin[: len(margin) - len(margin.lstrip(" "))]
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
    """Return the start of the comment lines that are right above a line; they belong to it."""
    while True:
        line = block.rfind("\n", 0, max(place - 1, 0)) + 1
        if line == place or not block[line:place].lstrip(" ").startswith("#"):
            return place
        place = line


def removed(block: str, entry: YamlEntry) -> str:
    """Take out a property with the lines of its value."""
    _colon(entry)
    return block[: entry.start] + block[entry.end :]


def replaced(block: str, entry: YamlEntry, old: object, value: New, eol: str) -> str:
    """Put another value in the place of a property's old one."""
    _colon(entry)
    if not isinstance(value, list):
        return _with_scalar(block, entry, value)
    if not value:
        return _rewritten(block, entry, " []")
    if isinstance(old, list) and entry.items:
        if entry.kind is YamlKind.FLOW_LIST:
            return _flow_list(block, entry, old, value)
        return _block_list(block, entry, old, value, eol)
    return _rewritten(block, entry, "", [source(item) for item in value], eol)


def listed(block: str, entry: YamlEntry, value: list[object], eol: str) -> str:
    """Make a list of a single value, its first item; one on one line stays as it is written, with its comment."""
    start, end = entry.value
    line_end = _line_end(block, _colon(entry))
    rest = [source(item) for item in value[1:]]
    if entry.kind in _QUOTABLE and end <= line_end:
        return _rewritten(block, entry, "", [block[start:line_end].rstrip(), *rest], eol, comment="")
    return _rewritten(block, entry, "", [source(value[0]), *rest], eol)


def _with_scalar(block: str, entry: YamlEntry, value: Scalar) -> str:
    source = write_scalar(value)
    if isinstance(value, str) and entry.kind is YamlKind.DOUBLE:
        source = double_quoted(value)
    elif isinstance(value, str) and entry.kind is YamlKind.SINGLE:
        source = single_quoted(value) or source
    start, end = entry.value
    if entry.kind in _ON_LINES_BELOW:
        return _rewritten(block, entry, f" {source}")
    if entry.kind is YamlKind.BLOCK_TEXT:
        source += _comment(block, entry)
    elif entry.kind in {YamlKind.EMPTY, YamlKind.BROKEN}:
        source = f" {source}"
    return block[:start] + source + block[end:]


def _rewritten(
    block: str,
    entry: YamlEntry,
    inline: str,
    items: Sequence[str] = (),
    eol: str = "",
    *,
    comment: str | None = None,
) -> str:
    """Write a property anew behind its key: a value on its line, or items below it. The comment next to it stays."""
    colon = _colon(entry)
    key_line_end = _line_end(block, colon)
    own_eol = block[key_line_end : block.find("\n", key_line_end) + 1]
    indent = block[entry.start : entry.key]
    lines = "".join(f"{indent}  - {item}{eol}" for item in items)
    beside = _comment(block, entry) if comment is None else comment
    return block[:colon] + inline + beside + own_eol + lines + block[entry.end :]


def _comment(block: str, entry: YamlEntry) -> str:
    """Return the comment beside a value, or next to its key where the value is below."""
    start, end = entry.value
    colon = _colon(entry)
    line_end = _line_end(block, colon)
    if start > line_end or entry.kind in _ON_LINES_BELOW:
        found = _COMMENT.search(block, colon, line_end)
        return found[0] if found else ""
    if entry.kind is YamlKind.BLOCK_TEXT:
        header = _TEXT_HEADER.match(block, start, line_end)
        return (header[1] or "") if header else ""
    found = _COMMENT.match(block, end)
    return found[0] if found else ""


def _colon(entry: YamlEntry) -> int:
    if entry.colon is None and entry.kind is YamlKind.BROKEN:
        raise UnprovenError("its value runs over lines that cannot be read")
    if entry.colon is None:
        raise UnprovenError("its key is written in the form ? key")
    return entry.colon


def _line_end(block: str, place: int) -> int:
    """Return the end of a line, before its line end."""
    end = block.find("\n", place)
    end = len(block) if end < 0 else end
    return end - 1 if block[end - 1 : end] == "\r" else end


def _block_list(block: str, entry: YamlEntry, old: list[object], value: list[object], eol: str) -> str:
    """Change the items of a block list that differ; the lines of the others stay, and comments between them too."""
    items, aligned = entry.items, _aligned(old, value)
    cut = set(range(len(items))) - {at for at, _ in aligned}
    indent = items[0].indent
    if indent is None or any(items[at].indent is None for at in cut):
        raise UnprovenError("the dash of an item is on another line than its text")
    splices = [(*items[at].lines, "") for at in cut]
    last = -1
    for at, item in aligned:
        if at is not None:
            last = at
            continue
        below = last + 1 in cut or last < 0
        place = items[last + 1].lines[0] if below else items[last].lines[1]
        splices.append((place, place, f"{indent}- {source(item)}{eol}"))
    return _spliced(block, splices)


def _flow_list(block: str, entry: YamlEntry, old: list[object], value: list[object]) -> str:
    """Change the items between brackets that differ."""
    spans = [item.value for item in entry.items]
    edges = [entry.value[0] + 1, *(place for span in spans for place in span), entry.value[1] - 1]
    if any(not _GAP.fullmatch(block, *gap) for gap in zip(edges[::2], edges[1::2], strict=True)):
        raise UnprovenError("comments are inside its brackets")
    written = ""
    last: int | None = None
    for at, item in _aligned(old, value):
        if at is not None and at - 1 == last:
            written += block[spans[last][1] : spans[at][0]]
        elif written:
            written += ", "
        written += _flow_source(item) if at is None else block[slice(*spans[at])]
        last = at
    return block[: spans[0][0]] + written + block[spans[-1][1] :]


def _flow_source(item: object) -> str:
    """Write an item between brackets, where commas and brackets need quotes too."""
    if isinstance(item, str) and not _FLOW_SIGNS.isdisjoint(item):
        return double_quoted(item)
    return source(item)


def _spliced(block: str, splices: list[tuple[int, int, str]]) -> str:
    """Put texts in the place of others; the places are those of the block as it was."""
    parts = []
    place = 0
    for start, end, text in sorted(splices, key=lambda splice: splice[:2]):
        parts += [block[place:start], text]
        place = end
    return "".join((*parts, block[place:]))


def _aligned(old: Sequence[object], new: Sequence[object]) -> list[tuple[int | None, object]]:
    """Return each item of a new list with its place in the old one, None for an added one.

    What the lists share at their ends stays where it is, and of the rest what can be met in the same order.
    """
    shorter = min(len(old), len(new))
    before = next((at for at in range(shorter) if not same(old[at], new[at])), shorter)
    rest = shorter - before
    after = next((at for at in range(rest) if not same(old[-1 - at], new[-1 - at])), rest)
    aligned: list[tuple[int | None, object]] = list(enumerate(new[:before]))
    end = len(new) - after
    for at in range(before, len(old) - after):
        # Looked for among the next few only, so that no list takes long.
        near = range(len(aligned), min(len(aligned) + NEAR, end))
        found = next((place for place in near if same(old[at], new[place])), None)
        if found is not None:
            aligned += [(None, item) for item in new[len(aligned) : found]]
            aligned.append((at, old[at]))
    aligned += [(None, item) for item in new[len(aligned) : end]]
    return aligned + [(len(old) - after + at, item) for at, item in enumerate(new[end:])]
