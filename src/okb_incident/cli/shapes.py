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

_FIGURES = {
    "incidents": COUNT,
    "open": COUNT,
    "with_findings": COUNT,
    "without_findings": COUNT,
    "findings": COUNT,
    "median": maybe(NUMBER),
    "mean": maybe(NUMBER),
}
_COMPARED = record(months=list_of(TEXT), incidents=COUNT)
FINDINGS_BY_MONTH = record(
    of=one_of("notes", "properties"),
    as_of=MOMENT,
    period=record(**{"label": TEXT, "from": MOMENT, "to": MOMENT}),
    **_FIGURES,
    months=list_of(record(month=TEXT, so_far=TRUTH, in_part=TRUTH, **_FIGURES, kinds=by_name(COUNT))),
    kinds=list_of(
        record(
            code=TEXT,
            findings=COUNT,
            incidents=COUNT,
            before=maybe(COUNT),
            recent=maybe(COUNT),
            p=maybe(NUMBER),
            grows=TRUTH,
            command=maybe(TEXT),
            argv=maybe(list_of(TEXT)),
        )
    ),
    compared=maybe(record(before=_COMPARED, recent=_COMPARED, can_tell=TRUTH)),
    without_declared=list_of(TEXT),
    outside=COUNT,
    elsewhere=COUNT,
)
"""What a program reads of the findings by month."""
DOCUMENTATION: Shape = {"$ref": "#/$defs/documentation"}
