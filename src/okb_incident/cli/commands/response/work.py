"""The commands on work, money and needs: effort, cost, resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.listing import Field, Listing, shape_of
from okb_incident.cli.outcome import incident_object, written
from okb_incident.cli.shapes import COUNT, MOMENT, NUMBER, TEXT, TRUTH, Shape, list_of, maybe
from okb_incident.cli.verb import reading, writing
from okb_incident.core.response.cost import show_money
from okb_incident.core.values.moment import show_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from okb_incident.core.response.business_impact import BusinessImpact
    from okb_incident.core.response.cost import Cost
    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident

Text = str | None


WORK = (
    Field("", TEXT, lambda row: row[0], "who"),
    Field("", COUNT, lambda row: row[1], "worked", lambda row: show_seconds(row[1] * 60)),
)


@writing(
    "effort",
    opt.AT,
    words=opt.WordsHelp("The duration: 45m, 2h, 1h30m."),
    context_settings={"ignore_unknown_options": True},
)
def effort(
    call: Call,
    person: Annotated[Text, typer.Option("--for", metavar="WHO", help="The person; by default you.")] = None,
) -> ChangedIncident | Answer:
    r"""Record or list time spent on an incident.

    Without a duration it lists the time by person.

    \b
    incident effort 45m
    incident effort 1123-01 2h as tech --for bob
    incident effort
    """
    from okb_incident.workflow.response.effort import log_effort

    return log_effort(call, person) if call.words else _work(call)


def _work(call: Call) -> Answer:
    """Return who worked on an incident."""
    from okb_incident.core.response.effort import minutes_by_person
    from okb_incident.workflow.response.effort import read_record

    record = read_record(call)
    which, found = record.incident.id.text, minutes_by_person(record)
    return Answer(
        _listed(call, record, {"minutes": sum(found.values()), "by_person": found}),
        lines=() if found else [f"no time recorded for {which}; such as: incident effort 45m"],
        table=Listing(WORK, list(found.items())) if found else None,
        after=[f"{show_seconds(sum(found.values()) * 60)} of work on {which}"] if found else (),
    )


def _listed(call: Call, record: Record, found: dict[str, Any]) -> Callable[[], dict[str, Any]]:
    """Return what makes the incident as a program reads it, with what was found of it."""
    return written({**incident_object(record.incident, call.session), **found}, call.session)


def _range(cost: Cost) -> str:
    return f"{show_money(cost.low)}–{show_money(cost.high)}"


COSTS = (
    Field("category", TEXT, lambda cost: cost.category, "what"),
    Field("amount", NUMBER, lambda cost: float(cost.amount), "amount", lambda cost: show_money(cost.amount)),
    Field("low", NUMBER, lambda cost: float(cost.low), "range", _range),
    Field("high", NUMBER, lambda cost: float(cost.high)),
    Field("currency", TEXT, lambda cost: cost.currency, "currency"),
    Field("text", TEXT, lambda cost: cost.text, "from", lambda cost: cost.text),
    Field("source", maybe(TEXT), lambda cost: cost.source or None, "source", lambda cost: cost.source),
    Field("by", maybe(TEXT), lambda cost: cost.by or None, "by", lambda cost: cost.by),
    Field("at", maybe(MOMENT), lambda cost: cost.at),
)
SUMS = tuple(field for field in COSTS if field.key in {"amount", "low", "high", "currency"})
LOSSES = (
    Field("service", TEXT, lambda loss: loss.service),
    Field("amount", NUMBER, lambda loss: float(loss.amount)),
    Field("currency", maybe(TEXT), lambda loss: loss.currency or None),
    Field("reason", TEXT, lambda loss: loss.reason),
    Field("lasts", TRUTH, lambda loss: loss.lasts),
)
BUSINESS: dict[str, Shape] = {
    "costs": shape_of(COSTS),
    "totals": shape_of(SUMS),
    "sla": maybe(TEXT),
    "proposed_sla": maybe(TEXT),
    "sla_reasons": list_of(TEXT),
    "proposed_losses": shape_of(LOSSES),
}
"""The business impact of an incident, as `show` and `cost` print it for a program."""


def business_object(found: BusinessImpact) -> dict[str, Any]:
    """Return the business impact of an incident as programs read it."""
    return {
        "costs": Listing(COSTS, found.costs).value(),
        "totals": Listing(SUMS, found.totals).value(),
        "sla": found.sla,
        "proposed_sla": found.proposed_sla,
        "sla_reasons": list(found.agreement.reasons),
        "proposed_losses": Listing(LOSSES, found.losses).value(),
    }


@writing("cost", opt.AT, words=opt.WordsHelp("The category, the amount, the currency and a note: refunds 1200 CHF …"))
def cost(
    call: Call,
    span: Annotated[Text, typer.Option("--range", metavar="LOW..HIGH", help="The range of the estimate.")] = None,
    source: Annotated[Text, typer.Option("--source", metavar="TEXT", help="Where the number comes from.")] = None,
    low: Annotated[Text, typer.Option("--low", metavar="AMOUNT", help="The low end of the range alone.")] = None,
    high: Annotated[Text, typer.Option("--high", metavar="AMOUNT", help="The high end of the range alone.")] = None,
) -> ChangedIncident | Answer:
    r"""Record or list the costs of an incident.

    Without words it lists them, with the sum in each currency and what the outages of its services may have cost.

    \b
    incident cost refunds 1200 CHF --range 900..1500 --source "the payment provider"
    incident cost 1123-01 overtime 800 EUR
    incident cost
    """
    from okb_incident.workflow.response.cost import log_cost

    return log_cost(call, span=span, low=low, high=high, source=source) if call.words else _costs(call)


def _costs(call: Call) -> Answer:
    """Return what an incident cost, as far as that is known."""
    from okb_incident.workflow.look.business import business_of
    from okb_incident.workflow.response.effort import read_record

    record = read_record(call)
    found = business_of(call.session, record)
    nothing = f"no costs recorded for {record.incident.id}; such as: incident cost refunds 1200 CHF"
    return Answer(
        _listed(call, record, business_object(found)),
        lines=() if found.costs else [nothing],
        table=Listing(COSTS, [*found.costs, *found.totals]) if found.costs else None,
        hints=found.proposals(),
    )


@writing("resource request", opt.AT, words=opt.WordsHelp("The resource."))
def resource_request(call: Call) -> ChangedIncident:
    r"""Request a resource.

    \b
    incident resource request a database specialist for two hours
    incident resource request 01 read access to the payment logs
    incident resource request two more nodes --at -5m
    """
    from okb_incident.workflow.response.resources import add_request

    return add_request(call)


@writing("resource grant", opt.AT, words=opt.WordsHelp("The request (r1), and a note."))
def resource_grant(call: Call) -> ChangedIncident:
    r"""Grant a request.

    \b
    incident resource grant r1
    incident resource grant r1 gita joins at 03:00
    incident resource grant 01 r2 --at -5m
    """
    from okb_incident.workflow.response.resources import grant_request

    return grant_request(call)


@writing("resource refuse", opt.AT, words=opt.WordsHelp("The request (r1), and a note."))
def resource_refuse(call: Call) -> ChangedIncident:
    r"""Refuse a request, with the reason.

    \b
    incident resource refuse r1 nobody is free before eight
    incident resource refuse 01 r2 no capacity left
    incident resource refuse r1 not needed any more --at -5m
    """
    from okb_incident.workflow.response.resources import refuse_request

    return refuse_request(call)


REQUESTS = (
    Field("name", TEXT, lambda each: each.name, "name"),
    Field("text", TEXT, lambda each: each.text, "what"),
    Field("state", TEXT, lambda each: each.state, "state"),
    Field("asked", maybe(MOMENT), lambda each: each.asked),
    Field("answered", maybe(MOMENT), lambda each: each.answered),
    Field("", maybe(MOMENT), lambda each: each.answered or each.asked, "since ({zone})"),
    Field("answer", TEXT, lambda each: each.answer, "answer", lambda each: each.answer),
    Field("asked_by", maybe(TEXT), lambda each: each.asked_by),
    Field("answered_by", maybe(TEXT), lambda each: each.answered_by),
)
REQUEST_COLUMNS = ("name", "state", "since ({zone})", "what", "answer")


@reading("resource list", answers=REQUESTS)
def resource_list(call: Call) -> Answer:
    r"""List resource requests, unanswered ones first.

    \b
    incident resource list
    incident resource list 1123-01
    incident resource list --json
    """
    from okb_incident.workflow.response.resources import list_requests

    which, found = list_requests(call)
    if not found:
        return Answer([], lines=[f"nothing was asked for in {which}"])
    return Answer(table=Listing(REQUESTS, found, call.session, REQUEST_COLUMNS))
