"""The commands on actions: action add, start, done, cancel, list."""

from __future__ import annotations

from typing import Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import answer_changed
from okb_incident.cli.choice import asker
from okb_incident.cli.columns import show_rows
from okb_incident.cli.output import answer_json, comment
from okb_incident.cli.registry import below, group
from okb_incident.cli.run import start

action = group("action", "Look after what is to be done while it lasts.")


@below(action, "add")
def add(
    ctx: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(metavar="[REF] TEXT…", help="What is to be done.")] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="WHO", help="Who does it.", autocompletion=opt.PEOPLE)
    ] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DAY", help="By when: today, 3d, 2026-12-01.")] = None,
    check: Annotated[
        str | None, typer.Option("--verify", metavar="TEXT", help="What is checked when it is done.")
    ] = None,
    incident: opt.Incident = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Write down what is to be done.

    \b
    incident action add roll back deploy 4f2a --owner bob
    incident action add restore the index --due today --verify "all documents are found"
    """
    from okb_incident.workflow.timeline.actions import add_action

    session = start(ctx, who)
    changed = add_action(
        session,
        words or [],
        owner=owner,
        due=due,
        verify=check,
        reference=incident,
        dry_run=dry_run,
        ask=asker(ctx),
    )
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


def _verb(verb: str, text: str) -> None:
    """Make one of the verbs of an action; they differ in name and help alone."""

    def run(
        ctx: typer.Context,
        words: Annotated[
            list[str] | None, typer.Argument(metavar="[REF] NAME [TEXT]…", help="Which action, a1, and what to say.")
        ] = None,
        incident: opt.Incident = None,
        at: opt.At = None,
        who: opt.Who = None,
        as_json: opt.Json = False,
        dry_run: opt.DryRun = False,
    ) -> None:
        from okb_incident.workflow.timeline.actions import move_action

        session = start(ctx, who)
        changed = move_action(session, verb, words or [], reference=incident, at=at, dry_run=dry_run, ask=asker(ctx))
        answer_changed(session, changed, as_json=as_json, dry_run=dry_run)

    below(action, verb, text=text)(run)


_verb("start", "Say that somebody has begun with it.\n\n\\b\nincident action start a1")
_verb(
    "done",
    "Say that it is done; the box is ticked and the timeline says so.\n\n\\b\nincident action done a1 all regions",
)
_verb("cancel", "Say that nobody will do it, and why.\n\n\\b\nincident action cancel a2 the cause is elsewhere")


@below(action, "list")
def list_(
    ctx: typer.Context,
    reference: opt.Reference = None,
    incident: opt.Incident = None,
    everything: Annotated[bool, typer.Option("--all", "-a", help="Those that are done too.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those whose day has passed.")] = False,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""List what is to be done, and the checklist.

    Of one incident, or of all that are not at rest.

    \b
    incident action list
    incident action list 1123-01 --all
    """
    from okb_incident.workflow.timeline.actions import list_actions

    session = start(ctx)
    found = list_actions(
        session,
        incident or reference,
        everything=everything,
        overdue=overdue,
        restricted=restricted,
        ask=asker(ctx),
    )
    if as_json:
        answer_json(
            [
                {
                    "id": each.incident.id.text,
                    "name": each.action.task.name,
                    "list": each.action.section.lower(),
                    "state": each.action.state,
                    "text": each.action.task.text,
                    "owner": each.action.task.owner,
                    "due": each.action.task.due,
                    "overdue": each.is_overdue,
                }
                for each in found
            ]
        )
    elif found:
        rows = [
            (
                each.incident.id.text,
                each.action.task.name or "–",
                "OVERDUE" if each.is_overdue else each.action.state,
                each.action.task.owner or "–",
                each.action.task.due or "–",
                each.action.task.text,
            )
            for each in found
        ]
        show_rows(("incident", "name", "state", "owner", "due", "what"), rows)
    else:
        comment("nothing is overdue" if overdue else "nothing is to be done; --all shows what is done")
