"""Where each property of a flat block is, without a YAML parser; `locate` asks here first.

The commands of the hot path edit notes whose frontmatter is flat, and loading the parser would be a tenth of what they compute.
A property test holds the places to those that the parser gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.vault.yaml import flat
from okb_incident.vault.yaml.entries import Item, YamlEntry, YamlKind

if TYPE_CHECKING:
    from re import Match

_QUOTED = {"'": YamlKind.SINGLE, '"': YamlKind.DOUBLE}


def locate(block: str) -> dict[str, YamlEntry] | None:
    """Find the properties of a block that `flat.read` reads, in order; None where the parser must look."""
    if "\r" in block or flat.read(block) is None:
        return None
    found: dict[str, YamlEntry] = {}
    for number, line in enumerate(flat.LINE.finditer(block), 1):
        if line[1]:
            found[line[1]] = _property(line, number)
        else:
            key, entry = found.popitem()
            found[key] = _with_item(entry, line)
    return found


def _property(line: Match[str], number: int) -> YamlEntry:
    colon = line.end(1) + 1
    text = (line[2] or "").rstrip(" ")
    start = line.start(2) if text else colon
    if not text:
        kind = YamlKind.EMPTY
    elif text[0] == "[":
        kind = YamlKind.FLOW_LIST
    else:
        kind = _QUOTED.get(text[0], YamlKind.PLAIN)
    return YamlEntry(
        start=line.start(),
        key=line.start(),
        colon=colon,
        value=(start, start + len(text)),
        end=line.end(),
        tail=line.end(),
        line=number,
        kind=kind,
        items=_flow_items(line, text) if kind is YamlKind.FLOW_LIST else (),
    )


def _flow_items(line: Match[str], text: str) -> tuple[Item, ...]:
    """Return the items between brackets; none of them holds a comma, or the block would not be flat."""
    items = []
    place = line.start(2) + 1
    for part in text[1:-1].split(","):
        if inner := part.strip(" "):
            start = place + part.index(inner)
            items.append(Item((start, start + len(inner)), line.span(), None))
        place += len(part) + 1
    return tuple(items)


def _with_item(entry: YamlEntry, line: Match[str]) -> YamlEntry:
    """Return the entry with one more line of its block list."""
    start = line.end() - 1 - len(line[4].lstrip(" "))
    indent = line[3].partition("-")[0]
    value = start, start + len(line[4].strip(" "))
    return entry._replace(
        value=(entry.value[0] if entry.items else line.start() + len(indent), value[1]),
        end=line.end(),
        tail=line.end(),
        kind=YamlKind.BLOCK_LIST,
        items=(*entry.items, Item(value, line.span(), indent)),
    )
