"""The commands on actions: action add, start, done, cancel, list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.listing import Field, Listing
from okb_incident.cli.shapes import TEXT, TRUTH, maybe, one_of
from okb_incident.cli.verb import reading, writing
from okb_incident.core.timeline.task import SPOKEN

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident

Text = str | None

ACTIONS = (
    Field("id", TEXT, lambda row: row.incident.id.text, "incident", lambda row: row.incident.label),
    Field("name", maybe(TEXT), lambda row: row.action.task.name, "name"),
    Field("list", one_of("actions", "checklist"), lambda row: row.action.section.lower()),
    Field(
        "state",
        TEXT,
        lambda row: row.action.state,
        "state",
        lambda row: "late" if row.is_overdue else SPOKEN.get(row.action.state, row.action.state),
    ),
    Field("text", TEXT, lambda row: row.action.task.text, "what", lambda row: row.action.task.text),
    Field("owner", maybe(TEXT), lambda row: row.action.task.owner, "owner"),
    Field("due", maybe(TEXT), lambda row: row.action.task.due, "due"),
    Field("overdue", TRUTH, lambda row: row.is_overdue),
)
COLUMNS = ("incident", "name", "state", "owner", "due", "what")


@writing("action add", words=opt.WordsHelp("The action."))
def add(
    call: Call,
    owner: Annotated[Text, typer.Option("--owner", metavar="WHO", help="The owner.")] = None,
    due: Annotated[Text, typer.Option("--due", metavar="DAY", help="The due date: today, 3d, 2026-12-01.")] = None,
    check: Annotated[
        Text, typer.Option("--verify", metavar="TEXT", help="What to check when the action is done.")
    ] = None,
) -> ChangedIncident:
    r"""Add an action.

    \b
    incident action add roll back deploy 4f2a --owner bob
    incident action add 01 move traffic to zone b --owner me
    incident action add restore the index --due today --verify "all documents are found"
    """
    from okb_incident.workflow.timeline.actions import add_action

    return add_action(call, owner, due, check)


@writing("action start", opt.AT, words=opt.WordsHelp("The action (a1), and a note for the timeline."))
def start(call: Call) -> ChangedIncident:
    r"""Start an action.

    \b
    incident action start a1
    incident action start 01 a1
    incident action start a2 waiting for the build --at -5m
    """
    from okb_incident.workflow.timeline.actions import start_action

    return start_action(call)


@writing("action done", opt.AT, words=opt.WordsHelp("The action (a1), and a note for the timeline."))
def done(call: Call) -> ChangedIncident:
    r"""Complete actions.

    \b
    incident action done a1 all regions
    incident action done a1 a2 a3
    incident action done 01 a1 --at -5m
    """
    from okb_incident.workflow.timeline.actions import end_action

    return end_action(call)


@writing("action cancel", opt.AT, words=opt.WordsHelp("The action (a1), and a note for the timeline."))
def cancel(call: Call) -> ChangedIncident:
    r"""Cancel an action, with the reason.

    \b
    incident action cancel a2 the cause is elsewhere
    incident action cancel 01 a2 not needed after the rollback
    incident action cancel a1 superseded by a3 --at -5m
    """
    from okb_incident.workflow.timeline.actions import cancel_action

    return cancel_action(call)


@reading("action list", opt.RESTRICTED, answers=ACTIONS)
def list_(
    call: Call,
    everything: Annotated[bool, typer.Option("--all", "-a", help="Include completed ones.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only late ones.")] = False,
) -> Answer:
    r"""List open actions and the checklist.

    Without a reference: of all incidents that are not closed.

    \b
    incident action list
    incident action list 1123-01 --all
    incident action list --overdue
    """
    from okb_incident.workflow.timeline.actions import list_actions

    found = list_actions(call, everything=everything, overdue=overdue)
    if not found:
        return Answer(
            [], hints=["nothing is overdue" if overdue else "no open actions; --all shows the completed ones"]
        )
    return Answer(table=Listing(ACTIONS, found, call.session, COLUMNS))
