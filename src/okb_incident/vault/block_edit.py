"""Edits of a block of frontmatter: the lines of one property change, and no other character.

Nothing is checked here; ``frontmatter`` reads every result again before it gives it out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.vault.entries import Entry, Kind
from okb_incident.vault.scalar import double_quoted, is_plain, single_quoted, write_scalar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Scalar = str | int | float | bool
New = Scalar | list[Scalar]

_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")
_TEXT_HEADER = re.compile(r"[|>][-+1-9]*([ \t]+#[^\r\n]*)?")
_GAP = re.compile(r"[\s,]*")
_ONE_LINE = (Kind.PLAIN, Kind.SINGLE, Kind.DOUBLE)


class UnprovenError(Exception):
    """An edit that cannot be made without touching what it must not; the message says why."""


def property_lines(key: str, value: New, eol: str, indent: str = "") -> str:
    """Write a property as a new one is written: a list as a block list, indented by two blanks."""
    name = f"{indent}{write_scalar(key)}:"
    if not isinstance(value, list):
        return f"{name} {write_scalar(value)}{eol}"
    if not value:
        return f"{name} []{eol}"
    return name + eol + "".join(f"{indent}  - {write_scalar(item)}{eol}" for item in value)


def replaced(block: str, entry: Entry, old: object, value: New, eol: str) -> str:
    """Put another value in the place of a property's old one."""
    if not isinstance(value, list):
        return _with_scalar(block, entry, value, eol)
    if value and isinstance(old, list) and old and entry.items:
        items = _in_block_list if entry.kind is Kind.BLOCK_LIST else _in_flow_list
        return items(block, entry, old, value, eol)
    if not value:
        return _rewritten(block, entry, " []", [], eol)
    return _rewritten(block, entry, "", [write_scalar(item) for item in value], eol)
