"""The commands that only look: list, show, timeline, status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.choice import asker
from okb_incident.cli.columns import show_rows
from okb_incident.cli.output import answer, answer_json, comment, problem_lines
from okb_incident.cli.registry import command
from okb_incident.cli.run import start
from okb_incident.core.incident.describe import as_object
from okb_incident.core.incident.query import cell
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.moment import distance, rfc3339, seconds_between, show_seconds, write_moment
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from datetime import tzinfo

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.timeline.entry import Entry
    from okb_incident.workflow.look.guide import Guided
    from okb_incident.workflow.look.read_incident import View
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
    ids: Annotated[bool, typer.Option("--ids", help="Only the ids, one a line, for `incident … -`.")] = False,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""List the open incidents, or all that fit.

    \b
    incident list
    incident list --all --where severity=sev1 --where services~pay --sort -started
    incident list --ids --where severity=sev4 | incident close -
    """
    from okb_incident.workflow.look.read_incident import list_incidents

    session = start(ctx)
    incidents, problems = list_incidents(
        session, everything=everything, where=where or [], sort=sort, restricted=restricted
    )
    if as_json:
        answer_json([as_object(incident, session.vault.root) for incident in incidents])
    elif ids:
        for incident in incidents:
            answer(incident.id.text)
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


SHOWN = (
    "category",
    "priority",
    "detected_by",
    "scope",
    "services",
    "users_affected",
    "commander",
    "responders",
    "cause",
)


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
    from okb_incident.core.review.evaluation import first_messages
    from okb_incident.workflow.look.read_incident import view_incident

    session = start(ctx)
    view = view_incident(session, incident or reference, verb="show", restricted=restricted, ask=asker(ctx))
    if as_json:
        value = as_object(view.incident, session.vault.root)
        value["timeline"] = [_entry_object(entry) for entry in view.entries]
        first = first_messages(view.record)
        value |= {
            name: rfc3339(at) if at else None
            for name, at in zip(("first_internal_message", "first_external_message"), first, strict=True)
        }
        value["documents"] = list(view.documents)
        answer_json(value)
    else:
        one = view.incident
        answer(f"{one.id}  {one.severity or '–'}  {one.status or '–'}  {one_line(one.title)}")
        answer(one_line(one.path))
        for name, moment in one.moments.items():
            at = write_moment(moment.at, session.zone).replace("T", " ")
            answer(f"  {name:<15}{at} {session.zone_name}  ({distance(moment.at, session.now)})")
        for name, told in zip(("told inside", "told outside"), first_messages(view.record), strict=True):
            if told:
                at = write_moment(told, session.zone).replace("T", " ")
                answer(f"  {name:<15}{at} {session.zone_name}  (the first message)")
        _answer_stays(session, view)
        for key in SHOWN:
            text = cell(one, key, session.vault.settings)
            if text != "–":
                answer(f"  {key:<15}{one_line(text)}")
        for path in view.documents:
            answer(f"  {'beside it':<15}{one_line(path.rpartition('/')[2].removesuffix('.md'))}")
        if view.entries:
            answer("")
            for entry in view.entries:
                answer(_entry_line(entry, session.zone))
    problem_lines(view.problems, as_json=as_json)


def _answer_stays(session: Session, view: View) -> None:
    """Say how long it had each status, and how it came out against what was promised."""
    from okb_incident.core.response.expectation import outcome
    from okb_incident.core.timeline.stay import stays

    told = []
    for stay in stays(view.record):
        seconds = stay.seconds(session.now) if stay.end or stay.status.is_open else None
        if seconds is not None:
            told.append(f"{stay.status} {show_seconds(seconds)}")
    if told:
        answer(f"  {'was':<15}{', '.join(told)}")
    promised = outcome(view.record)
    if promised:
        answer(f"  {'expected':<15}{promised}")


@command("timeline")
def timeline(
    ctx: typer.Context,
    reference: opt.Reference = None,
    incident: opt.Incident = None,
    kinds: Annotated[
        list[str] | None, typer.Option("--kind", metavar="KIND", help="Only lines of a kind; may be repeated.")
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="Only the lines marked as fit for the public.")] = False,
    table: Annotated[bool, typer.Option("--table", help="As a table of Markdown.")] = False,
    mermaid: Annotated[bool, typer.Option("--mermaid", help="As a chart that Obsidian draws.")] = False,
    numbers: Annotated[bool, typer.Option("--numbers", help="With the name of each line, e7, for amend.")] = False,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""Show what happened, in order.

    A ~ marks a time that was typed without a day.

    \b
    incident timeline
    incident timeline --kind decision --kind change
    incident timeline 1123-01 --public
    incident timeline last --mermaid
    """
    from okb_incident.workflow.look.formats import public_timeline, timeline_chart, timeline_table
    from okb_incident.workflow.look.read_incident import view_incident

    session = start(ctx)
    view = view_incident(session, incident or reference, verb="timeline", restricted=restricted, ask=asker(ctx))
    wanted = {_kind_named(name) for name in kinds or ()}
    entries = [
        entry for entry in view.entries if (entry.external or not public) and (entry.kind in wanted or not wanted)
    ]
    if as_json:
        answer_json([_entry_object(entry) for entry in entries])
    elif mermaid:
        answer(timeline_chart(session, view.record, public=public))
    elif table:
        answer(timeline_table(session, entries, public=public))
    elif public and entries:
        answer(public_timeline(session, entries))
    elif public:
        comment("no line is marked as fit for the public; incident log --external writes one")
    else:
        answer(f"{view.incident.id}  {one_line(view.incident.title)}  ({session.zone_name})")
        for entry in entries:
            name = f"e{view.entries.index(entry) + 1:<4}" if numbers else ""
            answer(name + _entry_line(entry, session.zone))


def _kind_named(name: str) -> str:
    """Give the kind of timeline lines that is meant.

    Raises:
        UsageError: There is none of that name.
    """
    from okb_incident.core.timeline.kinds import KINDS, find_kind
    from okb_incident.errors import UsageError

    try:
        return find_kind(name).name
    except ValueError as fault:
        raise UsageError(str(fault), field="--kind", value=name, allowed=tuple(KINDS)) from None


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
def status(
    ctx: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Exit with 9 if something is overdue; for cron.")] = False,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""Say in a few lines what is going on.

    \b
    incident status
    incident status --check || mail -s "something is overdue" oncall
    """
    from okb_incident.workflow.look.guide import guide_all

    session = start(ctx)
    found = guide_all(session, restricted=restricted)
    late = [guided for guided in found if guided.overdue(session.now)]
    if as_json:
        answer_json(
            {
                "open": [
                    {
                        **as_object(each.incident, session.vault.root),
                        "overdue": [due.item for due in each.overdue(session.now)],
                    }
                    for each in found
                    if each.incident.is_open
                ],
                "resolved": [each.incident.id.text for each in found if not each.incident.is_open],
                "overdue": sum(len(each.overdue(session.now)) for each in found),
            }
        )
    else:
        _say_status(session, found, late)
    if check and late:
        raise typer.Exit(ExitCode.DUE)


def _say_status(session: Session, found: list[Guided], late: list[Guided]) -> None:
    open_ones = [each for each in found if each.incident.is_open]
    if not open_ones:
        answer("nothing is open")
    for each in open_ones:
        one = each.incident
        stay = f" for {show_seconds(each.status_for)}" if each.status_for is not None else ""
        age = f", open for {show_seconds(seconds_between(one.anchor, session.now))}" if one.anchor else ""
        answer(f"{one.id}  {one.severity or '–'}  {one.status}{stay}{age}: {one_line(one.title)}")
    waiting = len(found) - len(open_ones)
    if waiting:
        answer(f"{waiting} resolved, to be closed")
    if late:
        count = sum(len(each.overdue(session.now)) for each in late)
        answer(f"{count} overdue in {', '.join(each.incident.id.text for each in late)}; incident next names them")
