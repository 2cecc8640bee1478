"""One incident for a program: its properties, its state, and its timeline; the facts behind the summary of `show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.cli.commands.response.actions import ACTIONS
from okb_incident.cli.commands.response.work import REQUESTS
from okb_incident.cli.listing import Field, Listing, row_shape, shape_of
from okb_incident.cli.output import as_command
from okb_incident.cli.shapes import COUNT, INCIDENT, MOMENT, TEXT, Shape, by_name, list_of, maybe, one_of
from okb_incident.core.incident.describe import as_object
from okb_incident.core.settings.policy import ROLES
from okb_incident.core.values.moment import rfc3339
from okb_incident.core.values.properties import link_target, texts_of

if TYPE_CHECKING:
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.workflow.look.guide import GuidedIncident
    from okb_incident.workflow.look.read_incident import View
    from okb_incident.workflow.session import Session

#: How a service is affected, or was.
IMPACTS = (
    Field("service", TEXT, lambda each: each.service),
    Field("level", TEXT, lambda each: each.level),
    Field("from", MOMENT, lambda each: each.start),
    Field("to", maybe(MOMENT), lambda each: each.end),
    Field("share", maybe(TEXT), lambda each: each.fields.get("share")),
    Field("users", maybe(TEXT), lambda each: each.fields.get("users")),
)
HYPOTHESES = (
    Field("name", TEXT, lambda each: each.name),
    Field("text", TEXT, lambda each: each.text),
    Field("state", one_of("open", "confirmed", "ruled out"), lambda each: each.result.partition(": ")[0]),
    Field("answer", TEXT, lambda each: each.result.partition(": ")[2]),
)
#: The actions of one incident: the id and the title are those of the answer.
OWN_ACTIONS = tuple(field for field in ACTIONS if field.key != "id")
PEOPLE = (*ROLES, "responders", "teams")

SHAPES: dict[str, Shape] = {
    "status_seconds": maybe(COUNT),
    "impacts": shape_of(IMPACTS),
    "hypotheses": shape_of(HYPOTHESES),
    "actions": shape_of(OWN_ACTIONS),
    "requests": list_of(row_shape([field for field in REQUESTS if field.key])),
    "people": by_name(list_of(TEXT)),
    "due": list_of({"$ref": "#/$defs/due"}),
}
"""What the answer of `show` says of the state of an incident."""

TIMELINE = ("timeline", "first_internal_message", "first_external_message", "documents", "skipped")
SHOWN: Shape = {**INCIDENT, "required": [*SHAPES, *TIMELINE]}
"""The answer of `show`."""


class _ActionRow(NamedTuple):
    """An action, as its fields read it."""

    action: Any
    is_overdue: bool


def shown_object(session: Session, view: View, guided: GuidedIncident) -> dict[str, Any]:
    """Return an incident as `show` prints it for a program."""
    from okb_incident.core.guidance.skipped import skipped
    from okb_incident.core.review.evaluation import first_messages

    inside, outside = first_messages(view.record)
    return {
        **as_object(view.incident, session.vault.root),
        **_situation(session, guided),
        "timeline": [entry_object(entry) for entry in view.entries],
        "first_internal_message": rfc3339(inside) if inside else None,
        "first_external_message": rfc3339(outside) if outside else None,
        "documents": list(view.documents),
        "lessons": [each._asdict() for each in view.lessons],
        "skipped": [
            {"name": each.name, "missing": each.missing, **as_command(each.command)}
            for each in skipped(view.record, session.vault.settings.policy)
        ],
    }


def _situation(session: Session, guided: GuidedIncident) -> dict[str, Any]:
    """Return the state of an incident: what is affected, known, done, needed and due, and who works on it."""
    from okb_incident.cli.commands.look.guide import due_object
    from okb_incident.core.response.actions import actions
    from okb_incident.core.response.requests import requests
    from okb_incident.core.response.restoration import sufferings
    from okb_incident.core.timeline.hypotheses import hypotheses
    from okb_incident.workflow.timeline.actions import is_overdue

    record = guided.record
    properties = record.incident.properties
    rows = [_ActionRow(each, is_overdue(session, each.task)) for each in actions(record)]
    return {
        "status_seconds": guided.status_for,
        "impacts": Listing(IMPACTS, list(sufferings(record).values())).value(),
        "hypotheses": Listing(HYPOTHESES, hypotheses(record)).value(),
        "actions": Listing(OWN_ACTIONS, rows).value(),
        "requests": Listing(REQUESTS, list(requests(record).values())).value(),
        "people": {key: [link_target(each) for each in texts_of(properties.get(key))] for key in PEOPLE},
        "due": [due_object(session, guided, each) for each in guided.due],
    }


def entry_object(entry: TimelineEntry) -> dict[str, object]:
    """Return an entry of a timeline as programs read it."""
    return {
        "at": rfc3339(entry.at) if entry.at else None,
        "approximate": entry.approximate,
        "kind": entry.kind,
        "actor": entry.actor,
        "text": entry.text,
        "external": entry.external,
        "recorded": rfc3339(entry.recorded) if entry.recorded else None,
        "fields": dict(entry.fields) if entry.fields else None,
        "fault": entry.fault,
    }
