"""The command that tells at once: tell."""

from __future__ import annotations

from typing import Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import answer_changed
from okb_incident.cli.choice import asker
from okb_incident.cli.output import comment
from okb_incident.cli.registry import command
from okb_incident.cli.run import start
from okb_incident.errors import ExitCode


@command("tell")
def tell(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REF] AUDIENCE TEXT…", help="team, management, users or stakeholders, and what they are told."
        ),
    ] = None,
    incident: opt.Incident = None,
    next_by: Annotated[
        str | None, typer.Option("--next", metavar="T", help="By when the next message comes: 30m, 14:30.")
    ] = None,
    channel: Annotated[str | None, typer.Option("--channel", metavar="TEXT", help="How it went out.")] = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Tell an audience how it stands, and keep what it was told.

    The message becomes a note, and the timeline says that it went out.

    The kind follows from the audience and the status. The text goes out as you typed it, to your hooks if you have any (docs/scripts.md);
    a message from a template begins with: incident comms draft

    \b
    incident tell users "Card payments fail. Wallets work." --next 30m
    incident tell 1123-01 management "Rolled back; we watch until 03:40." --channel mail
    """
    from okb_incident.workflow.comms.tell import tell as tell_audience

    session = start(ctx, who)
    changed, path = tell_audience(
        session,
        words or [],
        reference=incident,
        next_by=next_by,
        at=at,
        channel=channel,
        dry_run=dry_run,
        ask=asker(ctx),
    )
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)
    if not as_json:
        comment(f"{'dry run: the message would be' if dry_run else 'the message is'} {path}")
    if changed.undelivered:
        raise typer.Exit(ExitCode.DELIVERY)
