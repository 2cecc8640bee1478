"""Emitting properties: the lines in which a new property, or the whole block of a new note, is written.

Nothing is read here, so `open` need not load what reading takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from okb_incident.vault.yaml.scalar import Plain, whole, write_scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

Scalar = str | int | float | bool
New = Scalar | list[object]
Value = Scalar | Sequence[Scalar] | None


class UnprovenError(Exception):
    """An edit that cannot be made without touching what it must not; the message says why."""


def write_block(properties: Mapping[str, Value]) -> str:
    """Write the block of a new note, without its fences: the keys in the given order, those without a value left out.

    Lists have a line for each item, indented by two blanks, so that Obsidian rewrites the block as it is.
    """
    given = {key: stored(value) for key, value in properties.items()}
    return "".join(property_lines(key, value, "\n") for key, value in given.items() if value is not None)


def property_lines(key: str, value: New, eol: str, indent: str = "") -> str:
    """Write a property as a new one is written: a list as a block list, indented by two blanks."""
    name = f"{indent}{write_scalar(key)}:"
    if not isinstance(value, list):
        return f"{name} {write_scalar(value)}{eol}"
    if not value:
        return f"{name} []{eol}"
    return name + eol + "".join(f"{indent}  - {source(item)}{eol}" for item in value)


def source(item: object) -> str:
    """Write an item of a list.

    Raises:
        UnprovenError: It is not a single value.
    """
    if not isinstance(item, Scalar):
        raise UnprovenError("an item of the list is not a single value")
    return write_scalar(item)


def stored(value: Value) -> New | None:
    """Return a value as it reads back."""
    if value is None or isinstance(value, Scalar):
        return None if value is None else stored_scalar(value)
    return [stored_scalar(item) for item in value]


def stored_scalar(value: Scalar) -> Scalar:
    """Return a single value as it reads back."""
    if not isinstance(value, str):
        return value
    return value if isinstance(value, Plain) else whole(value)
