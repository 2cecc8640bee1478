"""The commands on work, money and needs: effort, cost, resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import answer_changed
from okb_incident.cli.choice import asker
from okb_incident.cli.columns import show_rows
from okb_incident.cli.output import answer, answer_json
from okb_incident.cli.registry import below, command, group
from okb_incident.cli.run import start
from okb_incident.core.values.moment import rfc3339, show_seconds, write_moment

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.timeline.record import Record
    from okb_incident.workflow.session import Session


def _record(ctx: typer.Context, session: Session, reference: str | None, verb: str) -> Record:
    """Read the incident whose work is asked for."""
    from okb_incident.workflow.look.read_incident import view_incident

    return view_incident(session, reference, verb=verb, ask=asker(ctx)).record


def _only_asks(session: Session, words: list[str]) -> bool:
    """Say whether nothing was typed but perhaps a reference: then what is there is shown."""
    from okb_incident.workflow.reference import is_reference

    return not words or (len(words) == 1 and is_reference(session, words[0]))


@command("effort", context_settings={"ignore_unknown_options": True})
def effort(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[REF] [TIME] [as ROLE]", help="How long: 45m, 2h, 1h30m.")
    ] = None,
    person: Annotated[str | None, typer.Option("--for", metavar="WHO", help="Whose work; yours unless said.")] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Write down work on an incident; alone it shows whose.

    \b
    incident effort 45m
    incident effort 1123-01 2h as tech --for bob
    incident effort
    """
    from okb_incident.core.response.effort import minutes_by_person
    from okb_incident.workflow.response.effort import log_effort

    session = start(ctx, who)
    typed = words or []
    if not _only_asks(session, typed):
        changed = log_effort(session, typed, person=person, reference=incident, at=at, dry_run=dry_run, ask=asker(ctx))
        answer_changed(session, changed, as_json=as_json, dry_run=dry_run)
        return
    record = _record(ctx, session, incident or next(iter(typed), None), "effort")
    found = minutes_by_person(record)
    if as_json:
        answer_json({"id": record.incident.id.text, "minutes": sum(found.values()), "by_person": found})
    elif found:
        show_rows(("who", "worked"), [(name, show_seconds(spent * 60)) for name, spent in found.items()])
        answer(f"{show_seconds(sum(found.values()) * 60)} of work on {record.incident.id}")
    else:
        answer(f"nobody has written down work on {record.incident.id}; such as: incident effort 45m")


@command("cost")
def cost(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[REF] [WHAT AMOUNT CURRENCY TEXT…]", help="refunds 1200 CHF …")
    ] = None,
    low: Annotated[str | None, typer.Option("--low", metavar="AMOUNT", help="The least that it may be.")] = None,
    high: Annotated[str | None, typer.Option("--high", metavar="AMOUNT", help="The most that it may be.")] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Write down what an incident cost; alone it shows what is known.

    \b
    incident cost refunds 1200 CHF from the payment provider --low 900 --high 1500
    incident cost
    """
    from okb_incident.core.response.effort import costs
    from okb_incident.workflow.response.effort import log_cost

    session = start(ctx, who)
    typed = words or []
    if not _only_asks(session, typed):
        changed = log_cost(
            session, typed, low=low, high=high, reference=incident, at=at, dry_run=dry_run, ask=asker(ctx)
        )
        answer_changed(session, changed, as_json=as_json, dry_run=dry_run)
        return
    record = _record(ctx, session, incident or next(iter(typed), None), "cost")
    found = costs(record)
    if as_json:
        answer_json({"id": record.incident.id.text, "costs": [each._asdict() for each in found]})
    elif found:
        rows = [
            (each.category, _money(each.amount), f"{_money(each.low)}–{_money(each.high)}", each.currency, each.text)
            for each in found
        ]
        for currency in dict.fromkeys(each.currency for each in found):
            same = [each for each in found if each.currency == currency]
            total, least, most = (sum(getattr(each, name) for each in same) for name in ("amount", "low", "high"))
            rows.append(("total", _money(total), f"{_money(least)}–{_money(most)}", currency, ""))
        show_rows(("what", "amount", "range", "currency", "from"), rows)
    else:
        answer(f"nobody has written down what {record.incident.id} cost; such as: incident cost refunds 1200 CHF")


def _money(amount: float) -> str:
    return f"{amount:,.2f}"


resource = group("resource", "Ask for what a response needs, and answer.")


@below(resource, "request")
def resource_request(
    ctx: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(metavar="[REF] TEXT…", help="What is needed.")] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Ask for something.

    \b
    incident resource request a database specialist for two hours
    """
    from okb_incident.workflow.response import resources

    session = start(ctx, who)
    changed = resources.request(session, words or [], reference=incident, at=at, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


def _answer_verb(verb: str, text: str) -> None:
    """Make one of the two answers to a request."""

    def run(
        ctx: typer.Context,
        words: Annotated[
            list[str] | None, typer.Argument(metavar="[REF] NAME [TEXT]…", help="Which request, r1, and what to say.")
        ] = None,
        incident: opt.Incident = None,
        at: opt.At = None,
        who: opt.Who = None,
        as_json: opt.Json = False,
        dry_run: opt.DryRun = False,
    ) -> None:
        from okb_incident.workflow.response import resources

        session = start(ctx, who)
        changed = resources.answer(
            session, verb, words or [], reference=incident, at=at, dry_run=dry_run, ask=asker(ctx)
        )
        answer_changed(session, changed, as_json=as_json, dry_run=dry_run)

    below(resource, verb, text=text)(run)


_answer_verb("grant", "Grant what was asked for.\n\n\b\nincident resource grant r1 gita joins at 03:00")
_answer_verb(
    "refuse", "Refuse what was asked for, and say why.\n\n\b\nincident resource refuse r1 nobody is free before eight"
)


@below(resource, "list")
def resource_list(
    ctx: typer.Context, reference: opt.Reference = None, incident: opt.Incident = None, as_json: opt.Json = False
) -> None:
    """List what was asked for, what waits for an answer first."""
    from okb_incident.core.response.requests import requests

    session = start(ctx)
    record = _record(ctx, session, incident or reference, "resource list")
    found = sorted(requests(record).values(), key=lambda each: not each.is_open)
    if as_json:
        answer_json(
            [
                {
                    **each._asdict(),
                    "asked": rfc3339(each.asked) if each.asked else None,
                    "answered": rfc3339(each.answered) if each.answered else None,
                }
                for each in found
            ]
        )
    elif found:
        rows = [
            (each.name, each.state, _when(session, each.answered or each.asked), each.text, each.answer)
            for each in found
        ]
        show_rows(("name", "state", f"since ({session.zone_name})", "what", "answer"), rows)
    else:
        answer(f"nothing was asked for in {record.incident.id}")


def _when(session: Session, at: datetime | None) -> str:
    return write_moment(at, session.zone)[:16].replace("T", " ") if at else "–"
