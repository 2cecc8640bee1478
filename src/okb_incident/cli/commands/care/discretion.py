"""The commands that keep an incident from those who are not meant to know of it."""

from __future__ import annotations

from typing import Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import answer_changed
from okb_incident.cli.choice import asker
from okb_incident.cli.registry import command
from okb_incident.cli.run import start


@command("restrict")
def restrict(
    ctx: typer.Context,
    reference: opt.Reference = None,
    incident: opt.Incident = None,
    tracked: Annotated[bool, typer.Option("--tracked", help="Let git track the restricted folder.")] = False,
    who: opt.Who = None,
    dry_run: opt.DryRun = False,
    as_json: opt.Json = False,
) -> None:
    r"""Keep an incident from all who are not meant to know of it.

    Its notes move to the restricted folder, only their owner may read them, and git is told to ignore them. From then on
    it is in no list, count, report or search unless that is asked for.

    \b
    incident restrict 1123-01
    """
    from okb_incident.workflow.care.restrict import restrict as keep

    session = start(ctx, who)
    changed = keep(session, incident or reference, tracked=tracked, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("unrestrict")
def unrestrict(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help="The whole id, such as INC-20261123-01.")],
    who: opt.Who = None,
    dry_run: opt.DryRun = False,
    as_json: opt.Json = False,
) -> None:
    r"""Let a restricted incident be known again.

    \b
    incident unrestrict INC-20261123-01
    """
    from okb_incident.workflow.care.restrict import unrestrict as release

    session = start(ctx, who)
    answer_changed(session, release(session, reference, dry_run=dry_run), as_json=as_json, dry_run=dry_run)
