"""The commands that only look: list, show, timeline, status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.choice import asker
from okb_incident.cli.columns import show_rows
from okb_incident.cli.commands.registry import command
from okb_incident.cli.output import answer, answer_json, comment, problem_lines
from okb_incident.cli.run import start
from okb_incident.core.describe import as_object
from okb_incident.core.moment import distance, rfc3339, write_moment
from okb_incident.core.query import cell
from okb_incident.core.terminal_text import one_line

if TYPE_CHECKING:
    from datetime import tzinfo

    from okb_incident.core.entry import Entry
    from okb_incident.core.incident import Incident
    from okb_incident.workflow.session import Session

COLUMNS = ("id", "severity", "status", "age", "commander", "title")


@command("list")
def list_(
    ctx: typer.Context,
    everything: Annotated[bool, typer.Option("--all", "-a", help="Every one, not only the open ones.")] = False,
    where: opt.Where = None,
    sort: Annotated[
        str | None, typer.Option("--sort", metavar="KEY", help="By a property; -KEY for the other way.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option("--columns", metavar="A,B", help="Which columns, any property.")
    ] = None,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""List the open incidents, or all that fit.

    \b
    incident list
    incident list --all --where severity=sev1 --where services~pay --sort -started
    """
    from okb_incident.workflow.read_incident import list_incidents

    session = start(ctx)
    incidents, problems = list_incidents(
        session, everything=everything, where=where or [], sort=sort, restricted=restricted
    )
    if as_json:
        answer_json([as_object(incident, session.vault.root) for incident in incidents])
    elif incidents:
        names = tuple(name.strip() for name in columns.split(",")) if columns else COLUMNS
        head = [f"{name} ({session.zone_name})" if name in incidents[0].moments else name for name in names]
        show_rows(head, [[_cell(session, each, name) for name in names] for each in incidents])
    else:
        comment("no incident fits" if everything or where else "no open incident; --all shows every one")
    problem_lines(problems, as_json=as_json)


def _cell(session: Session, incident: Incident, name: str) -> str:
    if name == "age":
        return distance(incident.anchor, session.now).removesuffix(" ago") if incident.anchor else "–"
    return cell(incident, name, session.vault.settings)


@command("show")
def show(
    ctx: typer.Context,
    reference: opt.Reference = None,
    incident: opt.Incident = None,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""Show one incident.

    \b
    incident show last
    """
    from okb_incident.workflow.read_incident import view_incident

    session = start(ctx)
    view = view_incident(session, incident or reference, verb="show", restricted=restricted, ask=asker(ctx))
    if as_json:
        value = as_object(view.incident, session.vault.root)
        value["timeline"] = [_entry_object(entry) for entry in view.entries]
        answer_json(value)
    else:
        one = view.incident
        answer(f"{one.id}  {one.severity or '–'}  {one.status or '–'}  {one_line(one.title)}")
        answer(one_line(one.path))
        for name, moment in one.moments.items():
            at = write_moment(moment.at, session.zone).replace("T", " ")
            answer(f"  {name:<15}{at} {session.zone_name}  ({distance(moment.at, session.now)})")
        for key in ("category", "detected_by", "services", "users_affected", "commander", "responders", "cause"):
            text = cell(one, key, session.vault.settings)
            if text != "–":
                answer(f"  {key:<15}{one_line(text)}")
        if view.entries:
            answer("")
            for entry in view.entries:
                answer(_entry_line(entry, session.zone))
    problem_lines(view.problems, as_json=as_json)


@command("timeline")
def timeline(
    ctx: typer.Context,
    reference: opt.Reference = None,
    incident: opt.Incident = None,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    """Show what happened, in order.

    A ~ marks a time that was typed without a day.
    """
    from okb_incident.workflow.read_incident import view_incident

    session = start(ctx)
    view = view_incident(session, incident or reference, verb="timeline", restricted=restricted, ask=asker(ctx))
    if as_json:
        answer_json([_entry_object(entry) for entry in view.entries])
        return
    answer(f"{view.incident.id}  {one_line(view.incident.title)}  ({session.zone_name})")
    for entry in view.entries:
        answer(_entry_line(entry, session.zone))


def _entry_line(entry: Entry, zone: tzinfo) -> str:
    when = write_moment(entry.at, zone).replace("T", " ") if entry.at else "(time unknown)"
    sign = "~" if entry.approximate else " "
    late = f"  (entered {write_moment(entry.recorded, zone)[11:16]})" if entry.recorded else ""
    actor = f"@{one_line(entry.actor)} " if entry.actor else ""
    return f"{when:<19}{sign} {entry.kind:<10} {actor}{one_line(entry.text)}{late}"


def _entry_object(entry: Entry) -> dict[str, object]:
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


@command("status")
def status(ctx: typer.Context, restricted: opt.Restricted = False, as_json: opt.Json = False) -> None:
    """Say in a few lines what is going on."""
    from okb_incident.workflow.read_incident import list_incidents

    session = start(ctx)
    incidents, problems = list_incidents(session, restricted=restricted)
    incidents.sort(key=lambda each: (each.severity.rank if each.severity else 0, each.id))
    if as_json:
        answer_json({"open": [as_object(each, session.vault.root) for each in incidents], "problems": len(problems)})
        return
    if not incidents:
        answer("nothing is open")
    for each in incidents:
        at = each.anchor
        age = f" for {distance(at, session.now).removesuffix(' ago')}" if at else ""
        answer(f"{each.id}  {each.severity or '–'}  {each.status}{age}: {one_line(each.title)}")
    if problems:
        comment(f"{len(problems)} problems in notes; incident check names them")
