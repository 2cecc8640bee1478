"""The shapes of what commands print with ``--json``, in one table; docs/schemas/answers.schema.json is made from it.

Keys are only ever added. A test runs the commands and holds their answers against these shapes, and names a command that has none.
"""

from __future__ import annotations

from typing import Any

from okb_incident.core.values.properties import MOMENTS
from okb_incident.core.values.status import Status

Shape = dict[str, Any]


def _text(*words: str) -> Shape:
    return {"enum": list(words)} if words else {"type": "string"}


def _maybe(shape: Shape) -> Shape:
    return {"anyOf": [shape, {"type": "null"}]}


def _each(shape: Shape) -> Shape:
    return {"type": "array", "items": shape}


def _by_name(shape: Shape) -> Shape:
    return {"type": "object", "additionalProperties": shape}


def _object(optional: dict[str, Shape] | None = None, **keys: Shape) -> Shape:
    return {"type": "object", "required": list(keys), "properties": {**keys, **(optional or {})}}


TEXT, NUMBER, COUNT, TRUTH = _text(), {"type": "number"}, {"type": "integer"}, {"type": "boolean"}
ANYTHING: Shape = {}
MOMENT: Shape = {"type": "string", "format": "date-time", "pattern": "Z$"}

INCIDENT = _object(
    {
        "changed": TRUTH,
        "warnings": _each(TEXT),
        "timeline": _each({"$ref": "#/$defs/entry"}),
        "first_internal_message": _maybe(MOMENT),
        "first_external_message": _maybe(MOMENT),
        "documents": _each(TEXT),
        "found_in": TEXT,
        "score": NUMBER,
        "overdue": _each(TEXT),
        "status_seconds": _maybe(COUNT),
        "last_word": _maybe(MOMENT),
        "due": _each({"$ref": "#/$defs/due"}),
    },
    id=TEXT,
    uid=_maybe(TEXT),
    path=TEXT,
    vault=TEXT,
    status=_maybe(_text(*Status)),
    severity=_maybe(TEXT),
    title=TEXT,
    nature=_maybe(TEXT),
    category=_maybe(TEXT),
    detected_by=_maybe(TEXT),
    services=_each(TEXT),
    commander=_maybe(TEXT),
    users_affected=_maybe(TEXT),
    duplicate_of=_maybe(TEXT),
    **{name: _maybe(MOMENT) for name in MOMENTS},
)
ENTRY = _object(
    at=_maybe(MOMENT),
    approximate=TRUTH,
    kind=TEXT,
    actor=_maybe(TEXT),
    text=TEXT,
    external=TRUTH,
    recorded=_maybe(MOMENT),
    fields=_maybe(_by_name(TEXT)),
    fault=_maybe(TEXT),
)
DUE = _object(id=TEXT, item=TEXT, what=TEXT, by=_maybe(MOMENT), overdue_seconds=_maybe(COUNT), command=TEXT)
PROBLEM = _object(path=TEXT, line=_maybe(COUNT), code=TEXT, message=TEXT, hint=_maybe(TEXT))

MESSAGE = _object(
    {"text": TEXT},
    id=TEXT,
    name=TEXT,
    path=TEXT,
    audience=TEXT,
    kind=TEXT,
    state=_text("draft", "approved", "sent"),
    author=_maybe(TEXT),
    approved_by=_maybe(TEXT),
    sent=_maybe(MOMENT),
    next_update=_maybe(MOMENT),
    digest=_maybe(TEXT),
    changed_since=TRUTH,
)
TOLD = _object(text=TEXT, count=COUNT, incidents=_each(TEXT))

_incident: Shape = {"$ref": "#/$defs/incident"}
_incidents = _each(_incident)

#: The shape of each command's answer.
ANSWERS: dict[str, Shape] = {
    **dict.fromkeys(
        [
            "open",
            "confirm",
            "ack",
            "severity",
            "identify",
            "mitigate",
            "contain",
            "restore",
            "expect",
            "data-loss",
            "verify",
            "resolve",
            "close",
            "reopen",
            "decline",
            "log",
            "amend",
            "set",
            "take",
            "handoff",
            "role",
            "escalate",
            "effort",
            "cost",
            "tell",
            "assess",
            "restrict",
            "unrestrict",
            "show",
        ],
        _incident,
    ),
    **dict.fromkeys(("team activate", "team joined", "team left"), _incident),
    **dict.fromkeys(("resource request", "resource grant", "resource refuse"), _incident),
    **dict.fromkeys(("action add", "action start", "action done", "action cancel"), _incident),
    **dict.fromkeys(("merge", "relate"), _incident),
    **dict.fromkeys(("comms send", "comms amend"), _incident),
    **dict.fromkeys(tuple(f"follow-up {verb}" for verb in ("add", "set", "start", "done", "cancel")), _incident),
    **dict.fromkeys(tuple(f"review {verb}" for verb in ("new", "submit", "approve", "close")), _incident),
    "list": _incidents,
    "search": _incidents,
    "similar": _incidents,
    "board": _incidents,
    "timeline": _each({"$ref": "#/$defs/entry"}),
    "next": _each({"$ref": "#/$defs/due"}),
    "status": _object(open=_incidents, resolved=_each(TEXT), overdue=COUNT),
    "brief": _object(id=TEXT, head=TEXT, title=TEXT, parts=_by_name(_each(TEXT))),
    "comms due": _each(
        _object(id=TEXT, audience=TEXT, by=MOMENT, overdue_seconds=COUNT, last=_maybe(MOMENT), command=TEXT)
    ),
    "comms draft": _object(id=TEXT, name=TEXT, path=TEXT, state=TEXT, text=TEXT),
    "comms approve": MESSAGE,
    "comms list": _each(MESSAGE),
    "comms show": MESSAGE,
    "comms outbox": _each(_object(at=TEXT, id=TEXT, message=TEXT, hook=TEXT, file=TEXT)),
    "follow-up list": _each(
        _object(
            id=TEXT,
            name=_maybe(TEXT),
            state=TEXT,
            kind=_maybe(TEXT),
            text=TEXT,
            owner=_maybe(TEXT),
            created=_maybe(TEXT),
            due=_maybe(TEXT),
            overdue=TRUTH,
            ended=_maybe(TEXT),
            verified=_maybe(TEXT),
            reason=_maybe(TEXT),
            note=_maybe(TEXT),
            missing=_each(TEXT),
        )
    ),
    "review check": _object(
        id=TEXT,
        path=TEXT,
        state=TEXT,
        questions=_each(
            _object(
                name=TEXT,
                question=TEXT,
                findings=_each(_object(message=TEXT, line=_maybe(COUNT), command=_maybe(TEXT))),
            )
        ),
    ),
    "review set": _object({"owner": TEXT, "reviewer": TEXT, "due": TEXT}, path=TEXT),
    "review feedback": _object(path=TEXT, line=TEXT),
    "review list": _each(
        _object(
            id=TEXT,
            title=TEXT,
            state=TEXT,
            path=_maybe(TEXT),
            owner=_maybe(TEXT),
            reviewer=_maybe(TEXT),
            due=_maybe(TEXT),
            overdue=TRUTH,
            findings=_maybe(COUNT),
        )
    ),
    "lessons": _object(
        lessons=_each(TOLD),
        went_badly=_each(TOLD),
        training=_each(TOLD),
        tool_gaps=_each(TOLD),
        tools=_by_name(_object(helped=COUNT, hindered=COUNT)),
        roles_of_one_person=_by_name(TEXT),
        follow_ups=_each(_object(kind=TEXT, total=COUNT, done=COUNT, given_up=COUNT, overdue=COUNT)),
        reviews=_each(_object(month=TEXT, count=COUNT, findings_median=NUMBER)),
        feedback=_object(voices=COUNT, mean=_maybe(NUMBER)),
        a_year_ago=_each(TEXT),
    ),
    "templates copy": _object(name=TEXT, path=TEXT),
    "templates check": _each(_object(name=TEXT, sample=TEXT, fault=_maybe(TEXT))),
    "who": _each(
        _object(
            person=TEXT,
            load=COUNT,
            minutes=COUNT,
            incidents=_each(
                _object(id=TEXT, severity=_maybe(TEXT), title=TEXT, roles=_each(TEXT), since=_maybe(MOMENT))
            ),
        )
    ),
    "team list": _by_name(_object(kind=_maybe(TEXT), members=_each(TEXT), contact=_maybe(TEXT))),
    "resource list": _each(
        _object(name=TEXT, text=TEXT, state=TEXT, asked=_maybe(MOMENT), answered=_maybe(MOMENT), answer=TEXT)
    ),
    "action list": _each(
        _object(
            id=TEXT,
            name=_maybe(TEXT),
            list=_text("actions", "checklist"),
            state=TEXT,
            text=TEXT,
            owner=_maybe(TEXT),
            due=_maybe(TEXT),
            overdue=TRUTH,
        )
    ),
    "indicators": _each(_object(kind=TEXT, value=TEXT, defanged=TEXT, also_in=_each(TEXT))),
    "check": _each({"$ref": "#/$defs/problem"}),
    "init": _object(vault=TEXT, made=_each(TEXT), zone=TEXT),
    "config show": _by_name(_object(value=ANYTHING, source=TEXT, meaning=TEXT)),
    "config check": _object(
        path=TEXT,
        faults=_each(_object(key=TEXT, value=TEXT, message=TEXT)),
        unknown=_each(_object(key=TEXT, line=_maybe(COUNT))),
        changed=_by_name(_object(value=ANYTHING, default=ANYTHING, source=TEXT)),
    ),
    "describe": _object(
        program=TEXT,
        version=TEXT,
        options=_each(ANYTHING),
        commands=_each(_object(name=TEXT, help=TEXT, arguments=_each(ANYTHING), options=_each(ANYTHING))),
        exit_codes=_each(_object(code=COUNT, meaning=TEXT)),
        notes=_object(properties=_each(ANYTHING), timeline=_each(ANYTHING), statuses=_each(ANYTHING)),
    ),
    "hooks": _each(_object(on=_each(TEXT), run=_each(TEXT), seconds=NUMBER, restricted=TRUTH)),
}

#: Commands whose answer has a file of its own, or a shape that the older pages describe.
OTHERS = {"report": "report.schema.json"}

#: Where the shape of each command's answer stands.
DEFINED = {
    **{name: f"docs/schemas/answers.schema.json#/$defs/{name.replace(' ', '-')}" for name in ANSWERS},
    **{name: f"docs/schemas/{file}" for name, file in OTHERS.items()},
}


def schema() -> Shape:
    """Give the schema of all answers; each command's is among its definitions."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "okb.answers/1",
        "title": "What each command of incident prints with --json",
        "description": "Made from the program's own table. Keys are only ever added.",
        "$defs": {
            "incident": INCIDENT,
            "entry": ENTRY,
            "due": DUE,
            "problem": PROBLEM,
            "hook-input": _object(
                events=_each(TEXT),
                command=TEXT,
                actor=_maybe(TEXT),
                at=MOMENT,
                incident=_incident,
                lines=_each(_object(kind=TEXT, text=TEXT, at=MOMENT, external=TRUTH)),
                said=TEXT,
                message=_maybe(_object(audience=TEXT, kind=TEXT, text=TEXT, note=TEXT)),
            ),
            **{name.replace(" ", "-"): shape for name, shape in ANSWERS.items()},
        },
    }
