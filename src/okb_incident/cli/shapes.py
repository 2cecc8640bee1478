"""Shapes of what commands print with ``--json``: a small vocabulary of JSON Schema."""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]


def one_of(*words: str) -> Shape:
    """Return the shape of one of some words."""
    return {"enum": list(words)}


def maybe(shape: Shape) -> Shape:
    """Return the shape of a value that may be unknown."""
    return {"anyOf": [shape, {"type": "null"}]}


def list_of(shape: Shape) -> Shape:
    """Return the shape of a list."""
    return {"type": "array", "items": shape}


def by_name(shape: Shape) -> Shape:
    """Return the shape of an object whose keys are names."""
    return {"type": "object", "additionalProperties": shape}


def record(optional: dict[str, Shape] | None = None, **keys: Shape) -> Shape:
    """Return the shape of an object; keys are only ever added to one."""
    return {"type": "object", "required": list(keys), "properties": {**keys, **(optional or {})}}


def writing_record(optional: dict[str, Shape] | None = None, **keys: Shape) -> Shape:
    """Return the shape of the answer of a command that writes: its own keys, and those of every such command."""
    return record(optional, **{**keys, **{key: shape for key, shape in OUTCOME.items() if key not in keys}})


TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "number"}
COUNT: Shape = {"type": "integer"}
TRUTH: Shape = {"type": "boolean"}
ANYTHING: Shape = {}
MOMENT: Shape = {"type": "string", "format": "date-time", "pattern": "Z$"}
INCIDENT: Shape = {"$ref": "#/$defs/incident"}
COMMAND: Shape = record(command=TEXT, argv=list_of(TEXT))
"""A command: for a shell, and as an argument vector."""
OUTCOME: dict[str, Shape] = {
    "changed": TRUTH,
    "made": list_of({"$ref": "#/$defs/made"}),
    "changes": list_of({"$ref": "#/$defs/change"}),
    "warnings": list_of(TEXT),
    "entry": maybe(TEXT),
}
"""The keys of every answer of a command that writes."""
WRITTEN_INCIDENT: Shape = {**INCIDENT, "required": list(OUTCOME)}
"""An incident after a command that writes."""
