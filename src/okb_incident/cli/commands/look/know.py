"""The commands that show many incidents: list, status."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer, first_line
from okb_incident.cli.listing import Field, Listing
from okb_incident.cli.screen.cards import head_of, notice_of, when
from okb_incident.cli.screen.forms import id_form, minute_form
from okb_incident.cli.screen.lines import Line, Part
from okb_incident.cli.screen.tones import COMMAND, DIM, LATE, due_tone
from okb_incident.cli.screen.view import View
from okb_incident.cli.shapes import ANYTHING, COUNT, INCIDENT, TEXT, list_of, record
from okb_incident.cli.verb import reading
from okb_incident.command import Command, Sentence
from okb_incident.core.incident.describe import as_object
from okb_incident.core.incident.query import cell
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.moment import seconds_between, show_seconds
from okb_incident.core.values.properties import MOMENTS
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.command import Text
    from okb_incident.core.incident.incident import Incident
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.look.guide import GuidedIncident
    from okb_incident.workflow.session import Session

COLUMNS = ("id", "severity", "status", "age", "commander", "title")


@reading("list", opt.RESTRICTED, without=[opt.INCIDENT], answers=list_of(INCIDENT))
def list_(
    call: Call,
    everything: Annotated[bool, typer.Option("--all", "-a", help="All incidents, not only open ones.")] = False,
    where: opt.Where = None,
    sort: Annotated[
        str | None, typer.Option("--sort", metavar="KEY", help="Sort by a property; -KEY in descending order.")
    ] = None,
    columns: Annotated[str | None, typer.Option("--columns", metavar="A,B", help="The columns; any property.")] = None,
    ids: Annotated[bool, typer.Option("--ids", help="Print only ids, one per line, for `incident … -`.")] = False,
) -> Answer:
    r"""List open incidents, or all that match.

    \b
    incident list
    incident list --all --where severity=sev1 --where services~pay --sort -started
    incident list --ids --where status=resolved --where severity=sev4 | incident close -
    """
    from okb_incident.workflow.look.read_incident import list_incidents

    session = call.session
    incidents, problems = list_incidents(call, everything=everything, where=where or [], sort=sort)
    names = tuple(name.strip() for name in columns.split(",")) if columns else COLUMNS
    fields = [
        Field("", ANYTHING, partial(_cell, session, name), f"{name} ({{zone}})" if name in MOMENTS else name)
        for name in names
    ]
    nothing = "no incident fits" if everything or where else "no open incident; --all shows every one"
    return Answer(
        lambda: [as_object(incident, session.vault.root, session.zone) for incident in incidents],
        lines=[incident.id.text for incident in incidents] if ids else (),
        table=Listing(fields, incidents, session) if incidents and not ids else None,
        hints=() if incidents or ids else [nothing],
        problems=problems,
    )


def _cell(session: Session, name: str, incident: Incident) -> str:
    if name == "age":
        return show_seconds(max(seconds_between(incident.anchor, session.now), 0)) if incident.anchor else "–"
    if name in incident.moments:
        return minute_form(session, incident.moments[name].at)
    return cell(incident, name, session.vault.settings)


STATUS = record(open=list_of(INCIDENT), resolved=list_of(TEXT), overdue=COUNT, restricted_waiting=COUNT)


@reading("status", opt.RESTRICTED, answers=STATUS)
def status(
    call: Call,
    check: Annotated[bool, typer.Option("--check", help="Exit with 9 if something is late; for cron.")] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Show a board that is kept up to date; without a terminal, print it once.")
    ] = False,
    where: opt.Where = None,
    once: Annotated[
        bool, typer.Option("--once", help="With --live: print the board once, also on a terminal.")
    ] = False,
    every: Annotated[
        float, typer.Option("--every", metavar="SECONDS", help="With --live: seconds between two looks.", min=1)
    ] = 5,
) -> Answer | None:
    r"""Show what is open and what is late.

    With an incident, `status` shows what `show` shows. `status --live` stays on the terminal until you press Ctrl-C.

    \b
    incident status
    incident status --live --where services~pay
    incident status --check || mail -s "incidents are late" oncall
    """
    as_json = any(name == "--json" for name, _ in call.typed.options)
    if call.reference and not as_json:
        from okb_incident.cli.commands.look.one import shown

        return shown(call)
    if live:
        from okb_incident.cli.commands.look.guide import board

        return board(call, where or [], once=once, every=every, as_json=as_json)
    from okb_incident.cli.commands.look.guide import restricted_waiting
    from okb_incident.workflow.look.guide import check_all, guide_all, guide_one

    session, waiting = call.session, 0
    if call.reference:
        found = [guide_one(call)]
    else:
        found, waiting = check_all(call, where or []) if check else (guide_all(call, where or []), 0)
    overdue = {each.incident.id.text: [due.item for due in each.overdue(session.now)] for each in found}
    value = {
        "open": [
            {**as_object(each.incident, session.vault.root, session.zone), "overdue": overdue[each.incident.id.text]}
            for each in found
            if each.incident.may_be_open
        ],
        "resolved": [each.incident.id.text for each in found if not each.incident.may_be_open],
        "overdue": sum(len(overdue[each.incident.id.text]) for each in found if not each.incident.is_drill),
        "restricted_waiting": waiting,
    }
    late = check and (waiting > 0 or any(each.is_late(session.now) for each in found))
    return Answer(
        value,
        table=View(_summary(session, found)),
        notes=restricted_waiting(waiting),
        code=ExitCode.DUE if late else ExitCode.OK,
    )


def _summary(session: Session, found: list[GuidedIncident]) -> Iterator[Line]:
    open_ones = [each for each in found if each.incident.may_be_open]
    if not open_ones:
        yield Line.of("nothing is open")
    for each in open_ones:
        anchor = each.incident.anchor
        age = f", open for {show_seconds(max(seconds_between(anchor, session.now), 0))}" if anchor else ""
        yield Line.of(*head_of(session, each), Part(age, DIM), f": {one_line(each.incident.headline)}", hang=2)
        yield from (_first(session, line, each) for line in first_line(session, each.due))
        if notice := notice_of(session, each):
            yield Line.of("  ", Part(notice, due_tone(notice)), hang=4)
    waiting = len(found) - len(open_ones)
    if waiting:
        yield Line.of(f"{waiting} resolved, to be closed")
    for each in found:
        waits = next((due for due in each.due if due.item == "notice"), None)
        if waits and not each.incident.may_be_open:
            by = when(session, waits)
            about = f"  {id_form(session, each.incident.label)}: notify the authority {by}"
            yield Line.of(Part(about, due_tone(by)), hang=4)
    for drills in (False, True):
        late = [each for each in found if each.overdue(session.now) and each.incident.is_drill is drills]
        if late:
            count = sum(len(each.overdue(session.now)) for each in late)
            names = ", ".join(id_form(session, each.incident.label) for each in late)
            yield Line.of(Part(f"{count} late", LATE), f" in {names}; ", Part(Command("next"), COMMAND), " lists them")


def _first(session: Session, line: Text, guided: GuidedIncident) -> Line:
    """Return the line of what is due first, its deadline in its tone."""
    by = due_tone(when(session, guided.due[0]))
    parts = line if isinstance(line, Sentence) else (line,)
    shown = (
        Part(each, COMMAND if isinstance(each, Command) else by if place else "") for place, each in enumerate(parts)
    )
    return Line.of("  ", *shown, hang=4)
