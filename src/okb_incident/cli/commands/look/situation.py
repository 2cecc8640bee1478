"""One incident for a program: its properties, its state, and its timeline; the facts behind the summary of `show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.cli.commands.response.actions import ACTIONS
from okb_incident.cli.commands.response.work import BUSINESS, REQUESTS, business_object
from okb_incident.cli.listing import Field, Listing, row_shape, shape_of
from okb_incident.cli.output import as_command
from okb_incident.cli.shapes import (
    COUNT,
    INCIDENT,
    MOMENT,
    TEXT,
    TRUTH,
    Shape,
    by_name,
    list_of,
    maybe,
    one_of,
    record,
)
from okb_incident.core.incident.describe import as_object
from okb_incident.core.response.service_impact import LEVELS, MERGED, RECORDED, RESOLVED, UNKNOWN, every_service
from okb_incident.core.settings.policy import ROLES
from okb_incident.core.values.moment import rfc3339
from okb_incident.core.values.properties import link_target, texts_of

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.response.service_impact import ImpactPeriod, ServiceImpact
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.look.guide import GuidedIncident
    from okb_incident.workflow.look.read_incident import View
    from okb_incident.workflow.session import Session

#: A period of a service, of which the row has the name and, as `each`, the period itself.
PERIOD = (
    Field("level", one_of(*LEVELS), lambda row: row.each.level),
    Field("from", MOMENT, lambda row: row.each.start),
    Field("to", maybe(MOMENT), lambda row: row.each.end),
    Field("share", maybe(TEXT), lambda row: row.each.fields.get("share")),
    Field("users", maybe(TEXT), lambda row: row.each.fields.get("users")),
)
#: How a service is affected, or was last.
IMPACTS = (Field("service", TEXT, lambda row: row.service), *PERIOD)
#: The periods of a service; how a period ended, and for how many seconds it has lasted so far.
PERIODS = (
    *PERIOD,
    Field("ended", maybe(one_of(RECORDED, RESOLVED, MERGED, UNKNOWN)), lambda row: row.each.ended or None),
    Field("planned", TRUTH, lambda row: row.each.planned),
    Field("seconds", maybe(COUNT), lambda row: row.seconds),
)
#: The level of each service now, and what it had before.
SERVICE_IMPACT = (
    Field("service", TEXT, lambda row: row.impact.service),
    Field("level", maybe(one_of(*LEVELS)), lambda row: row.current and row.current.level),
    Field("since", maybe(MOMENT), lambda row: row.impact.since(row.now)),
    Field("restored", maybe(MOMENT), lambda row: row.impact.restored(row.now)),
    Field("seconds", by_name(COUNT), lambda row: _whole(row.impact.seconds(row.now))),
    Field("planned_seconds", by_name(COUNT), lambda row: _whole(row.impact.seconds(row.now, planned=True))),
    Field("periods", shape_of(PERIODS), lambda row: Listing(PERIODS, row.periods).value()),
)
HYPOTHESES = (
    Field("name", TEXT, lambda each: each.name),
    Field("text", TEXT, lambda each: each.text),
    Field("state", one_of("open", "confirmed", "ruled out"), lambda each: each.result.partition(": ")[0]),
    Field("answer", TEXT, lambda each: each.result.partition(": ")[2]),
)
#: The actions of one incident: the id and the title are those of the answer.
OWN_ACTIONS = tuple(field for field in ACTIONS if field.key != "id")
TICKETS = (
    Field("at", MOMENT, lambda each: each.at),
    Field("count", COUNT, lambda each: each.number),
    Field("text", TEXT, lambda each: each.text),
)
PEOPLE = (*ROLES, "responders", "teams")

SHAPES: dict[str, Shape] = {
    "status_seconds": maybe(COUNT),
    "impacts": shape_of(IMPACTS),
    "service_impact": shape_of(SERVICE_IMPACT),
    "hypotheses": shape_of(HYPOTHESES),
    "actions": shape_of(OWN_ACTIONS),
    "requests": list_of(row_shape([field for field in REQUESTS if field.key])),
    "ticket_counts": shape_of(TICKETS),
    "support_may_say": maybe(
        record(
            message=TEXT,
            note=TEXT,
            sent=MOMENT,
            next_by=maybe(MOMENT),
            headline=TEXT,
            text=TEXT,
            correction=TEXT,
            silence=TEXT,
        )
    ),
    "people": by_name(list_of(TEXT)),
    **BUSINESS,
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


class _PeriodRow(NamedTuple):
    """A period of a service, as its fields read it."""

    service: str
    each: ImpactPeriod
    seconds: int | None


class _ServiceRow(NamedTuple):
    """A service at a moment, as its fields read it."""

    impact: ServiceImpact
    now: datetime

    @property
    def current(self) -> ImpactPeriod | None:
        return self.impact.current(self.now)

    @property
    def periods(self) -> list[_PeriodRow]:
        return [
            _PeriodRow(self.impact.service, each, None if spent is None else round(spent))
            for each in self.impact.periods
            for spent in (each.seconds(self.now),)
        ]


def _whole(spent: dict[str, float]) -> dict[str, int]:
    return {level: round(seconds) for level, seconds in spent.items()}


def shown_object(session: Session, view: View, guided: GuidedIncident) -> dict[str, Any]:
    """Return an incident as `show` prints it for a program."""
    from okb_incident.core.guidance.skipped import skipped
    from okb_incident.core.review.evaluation import first_messages

    inside, outside = first_messages(view.record)
    return {
        **as_object(view.incident, session.vault.root, session.zone),
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
    from okb_incident.core.timeline.hypotheses import hypotheses
    from okb_incident.core.timeline.tickets import history
    from okb_incident.workflow.look.business import business_of
    from okb_incident.workflow.timeline.actions import is_overdue

    record = guided.record
    properties = record.incident.properties
    services = [_ServiceRow(each, session.now) for each in every_service(record)]
    rows = [_ActionRow(each, is_overdue(session, each.task)) for each in actions(record)]
    return {
        "status_seconds": guided.status_for,
        "impacts": Listing(IMPACTS, [each.periods[-1] for each in services if each.periods]).value(),
        "service_impact": Listing(SERVICE_IMPACT, services).value(),
        "hypotheses": Listing(HYPOTHESES, hypotheses(record)).value(),
        "actions": Listing(OWN_ACTIONS, rows).value(),
        "requests": Listing(REQUESTS, list(requests(record).values())).value(),
        "ticket_counts": Listing(TICKETS, list(history(record))).value(),
        "support_may_say": _may_say(session, record),
        "people": {key: [link_target(each) for each in texts_of(properties.get(key))] for key in PEOPLE},
        **business_object(business_of(session, record)),
        "due": [due_object(session, guided, each) for each in guided.due],
    }


def _may_say(session: Session, record: Record) -> dict[str, Any] | None:
    """Return the last message to users, which is what the support may say, and why it may say no more; None before the first."""
    from okb_incident.core.comms.support_line import headline_of, last_to_users, silence
    from okb_incident.workflow.look.support import text_to_users

    last = last_to_users(record)
    if last is None:
        return None
    text, why = text_to_users(session, record), silence(record)
    return {
        "message": last.name,
        "note": last.note,
        "sent": rfc3339(last.at),
        "next_by": rfc3339(last.promised) if last.promised and not why else None,
        "headline": headline_of(text),
        "text": text,
        "correction": last.correction,
        "silence": why,
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
