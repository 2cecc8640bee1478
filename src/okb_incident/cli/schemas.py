"""The schema of what commands print with ``--json``, gathered from the commands; docs/schemas/answers.schema.json is made from it."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import Any

from okb_incident.cli.listing import shape_of
from okb_incident.cli.shapes import (
    ANYTHING,
    COMMAND,
    COUNT,
    FINDINGS_BY_MONTH,
    INCIDENT,
    MOMENT,
    NUMBER,
    OUTCOME,
    TEXT,
    TRUTH,
    WRITTEN_INCIDENT,
    Shape,
    by_name,
    list_of,
    maybe,
    one_of,
    record,
)
from okb_incident.cli.table import VERBS
from okb_incident.cli.verb import ANSWERS
from okb_incident.core.incident.describe import LOSSES
from okb_incident.core.values.properties import MOMENTS
from okb_incident.core.values.status import Status
from okb_incident.workflow.outcome import KINDS

#: What a program reads of one incident; the keys of `show` are added to it.
ONE_INCIDENT = record(
    {
        **OUTCOME,
        "timeline": list_of({"$ref": "#/$defs/entry"}),
        "first_internal_message": maybe(MOMENT),
        "first_external_message": maybe(MOMENT),
        "documents": list_of(TEXT),
        "lessons": list_of(record(name=TEXT, title=TEXT)),
        "skipped": list_of(record(name=TEXT, missing=TEXT, **COMMAND["properties"])),
        "found_in": TEXT,
        "score": NUMBER,
        "overdue": list_of(TEXT),
        "last_word": maybe(MOMENT),
        "minutes": COUNT,
        "by_person": by_name(COUNT),
        "diff": TEXT,
    },
    id=TEXT,
    uid=maybe(TEXT),
    path=TEXT,
    vault=TEXT,
    status=maybe(one_of(*Status)),
    severity=maybe(TEXT),
    title=TEXT,
    nature=maybe(TEXT),
    category=maybe(TEXT),
    detected_by=maybe(TEXT),
    services=list_of(TEXT),
    commander=maybe(TEXT),
    users_affected=maybe(TEXT),
    tickets=maybe(COUNT),
    duplicate_of=maybe(TEXT),
    **{name: maybe(TEXT) for name in LOSSES},
    data_classes=list_of(TEXT),
    notify_by=maybe(MOMENT),
    notified=maybe(MOMENT),
    **{name: maybe(MOMENT) for name in MOMENTS},
)

#: What a hook reads on its standard input.
HOOK_INPUT = record(
    {"drill": TRUTH},
    events=list_of(TEXT),
    command=TEXT,
    actor=maybe(TEXT),
    at=MOMENT,
    incident=INCIDENT,
    lines=list_of(record(kind=TEXT, text=TEXT, at=MOMENT, external=TRUTH)),
    said=TEXT,
    message=maybe(record({"to": list_of(TEXT)}, audience=TEXT, kind=TEXT, text=TEXT, note=TEXT)),
)

PROBLEM = record(
    {"argv": maybe(list_of(TEXT))}, path=TEXT, line=maybe(COUNT), code=TEXT, message=TEXT, hint=maybe(TEXT)
)

DUE = record(
    {
        "argv": list_of(TEXT),
        "instead": maybe(COMMAND),
        "nature": maybe(TEXT),
        "who": maybe(TEXT),
        "other_than": maybe(TEXT),
        "to": list_of(TEXT),
    },
    id=TEXT,
    item=TEXT,
    what=TEXT,
    by=maybe(MOMENT),
    overdue_seconds=maybe(COUNT),
    command=TEXT,
)

ENTRY = record(
    at=maybe(MOMENT),
    approximate=TRUTH,
    kind=TEXT,
    actor=maybe(TEXT),
    text=TEXT,
    external=TRUTH,
    recorded=maybe(MOMENT),
    fields=maybe(by_name(TEXT)),
    fault=maybe(TEXT),
)

MADE = record(kind=one_of(*KINDS), name=TEXT, path=TEXT)

CHANGE = record(**{"path": TEXT, "property": TEXT, "from": ANYTHING, "to": ANYTHING})

#: Commands whose answer has a file of its own.
OTHERS = {"report": "report.schema.json"}
ANSWERS_ID, OTHERS_ID = "okb.answers/1", {"report": "okb.report/1"}


#: What aliases print that have options of their own; their answers have keys that those of their commands may lack.
OF_ALIASES: dict[str, Shape] = {
    "board": list_of(INCIDENT),
    "take": WRITTEN_INCIDENT,
    "handoff": WRITTEN_INCIDENT,
    "unrestrict": WRITTEN_INCIDENT,
}


def answers() -> dict[str, Shape]:
    """Return the shape of each command's answer; all commands are imported for it."""
    for verb in VERBS:
        _module(verb.module)
    # What `show` says beside the properties is declared where it is made, and not loaded for a terminal.
    known = {**ANSWERS, "show": _module("look.situation").SHOWN}
    return {name: shape if isinstance(shape, dict) else shape_of(shape) for name, shape in sorted(known.items())}


def _module(name: str) -> Any:
    """Import a module of commands; the shapes of answers are declared there."""
    return import_module(f"okb_incident.cli.commands.{name}")


def of_aliases() -> dict[str, Shape]:
    """Return the shape of each answer that an alias with options of its own prints."""
    return {**OF_ALIASES, "brief": _module("look.situation").SHOWN}


@cache
def where_defined() -> dict[str, str]:
    """Return where the shape of each command's answer is written down."""
    ours = {name: f"docs/schemas/answers.schema.json#/$defs/{name.replace(' ', '-')}" for name in answers()}
    return {**ours, **{name: f"docs/schemas/{file}" for name, file in OTHERS.items()}}


def answer_of(name: str) -> str | None:
    """Return the reference to the schema of a command's answer, or an alias's, among the schemas that `describe` carries."""
    if name in OTHERS:
        return OTHERS_ID[name]
    known = name in answers() or name in of_aliases()
    return f"{ANSWERS_ID}#/$defs/{name.replace(' ', '-')}" if known else None


def schema_of(name: str) -> dict[str, Any]:
    """Return the schema of all answers with no other definitions than one answer needs."""
    whole = schema()
    known, needed, found = whole["$defs"], {name}, set[str]()
    while needed - found:
        for each in needed - found:
            found.add(each)
            needed |= set(re.findall(r"'#/\$defs/([^']+)'", str(known[each])))
    return {**whole, "$defs": {each: known[each] for each in known if each in needed}}


def schema() -> dict[str, Any]:
    """Return the schema of all answers; each command's is among its definitions."""
    situation = _module("look.situation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ANSWERS_ID,
        "title": "What each command of incident prints with --json",
        "description": "Made from the program's own table. Keys are only ever added.",
        "$defs": {
            "incident": {**ONE_INCIDENT, "properties": {**ONE_INCIDENT["properties"], **situation.SHAPES}},
            "entry": ENTRY,
            "due": DUE,
            "problem": PROBLEM,
            "made": MADE,
            "change": CHANGE,
            "documentation": FINDINGS_BY_MONTH,
            "command": _module("care.agents").DESCRIBED,
            "hook-input": HOOK_INPUT,
            **{name.replace(" ", "-"): shape for name, shape in {**answers(), **of_aliases()}.items()},
        },
    }
