"""The commands on work, money and needs: effort, cost, resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.listing import Field, Listing
from okb_incident.cli.outcome import incident_object, written
from okb_incident.cli.shapes import COUNT, MOMENT, NUMBER, TEXT, maybe
from okb_incident.cli.verb import reading, writing
from okb_incident.core.values.moment import show_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.response.effort import Cost
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


COSTS = (
    Field("category", TEXT, lambda cost: cost.category, "what"),
    Field("amount", NUMBER, lambda cost: cost.amount, "amount", lambda cost: _money(cost.amount)),
    Field("low", NUMBER, lambda cost: cost.low, "range", lambda cost: f"{_money(cost.low)}–{_money(cost.high)}"),
    Field("high", NUMBER, lambda cost: cost.high),
    Field("currency", TEXT, lambda cost: cost.currency, "currency"),
    Field("text", TEXT, lambda cost: cost.text, "from", lambda cost: cost.text),
)


def _money(amount: float) -> str:
    return f"{amount:,.2f}"


@writing("cost", opt.AT, words=opt.WordsHelp("The category, the amount, the currency and a note: refunds 1200 CHF …"))
def cost(
    call: Call,
    low: Annotated[Text, typer.Option("--low", metavar="AMOUNT", help="The lowest estimate.")] = None,
    high: Annotated[Text, typer.Option("--high", metavar="AMOUNT", help="The highest estimate.")] = None,
) -> ChangedIncident | Answer:
    r"""Record or list the costs of an incident.

    Without words it lists them.

    \b
    incident cost refunds 1200 CHF from the payment provider --low 900 --high 1500
    incident cost 1123-01 overtime 800 EUR
    incident cost
    """
    from okb_incident.workflow.response.effort import log_cost

    return log_cost(call, low, high) if call.words else _costs(call)


def _costs(call: Call) -> Answer:
    """Return what an incident cost, as far as that is known."""
    from okb_incident.core.response.effort import costs
    from okb_incident.workflow.response.effort import read_record

    record = read_record(call)
    which, found = record.incident.id.text, costs(record)
    nothing = f"no costs recorded for {which}; such as: incident cost refunds 1200 CHF"
    return Answer(
        _listed(call, record, {"costs": Listing(COSTS, found).value()}),
        lines=() if found else [nothing],
        table=Listing(COSTS, [*found, *_totals(found)]) if found else None,
    )


def _totals(found: Sequence[Cost]) -> list[Cost]:
    """Return what it cost in all, in each currency."""
    totals: dict[str, Cost] = {}
    for each in found:
        known = totals.get(each.currency, each._replace(category="total", amount=0, low=0, high=0, text=""))
        totals[each.currency] = known._replace(
            amount=known.amount + each.amount, low=known.low + each.low, high=known.high + each.high
        )
    return list(totals.values())


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
