"""The commands that tell: tell, comms."""

from __future__ import annotations

from typing import Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import answer_changed
from okb_incident.cli.choice import asker
from okb_incident.cli.columns import show_rows
from okb_incident.cli.commands.registry import below, command, group
from okb_incident.cli.output import answer, answer_json, comment
from okb_incident.cli.run import start
from okb_incident.core.moment import rfc3339, seconds_between, show_seconds
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

    The kind follows from the audience and the status. The text is kept as you typed it; sending it is still yours to do.

    \b
    incident tell users "Card payments fail. Wallets work." --next 30m
    incident tell 1123-01 management "Rolled back; we watch until 03:40." --channel mail
    """
    from okb_incident.workflow.tell import tell as tell_audience

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


comms = group("comms", "Look after what audiences are told.")


@below(comms, "due")
def comms_due(
    ctx: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Exit with 9 if a message is overdue; for cron.")] = False,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""List who is owed a word, on every incident, the next deadline first.

    Each audience is owed one by the promise of the last message, else by the policy of the severity.

    \b
    incident comms due
    incident comms due --check
    """
    from okb_incident.workflow.tell import communications_due

    session = start(ctx)
    found = communications_due(session, restricted=restricted)
    late = [each for _, each in found if each.by < session.now]
    if as_json:
        answer_json(
            [
                {
                    "id": incident.id.text,
                    "audience": each.audience,
                    "by": rfc3339(each.by),
                    "overdue_seconds": max(seconds_between(each.by, session.now), 0),
                    "last": rfc3339(each.last.at) if each.last else None,
                    "command": each.command(incident.id),
                }
                for incident, each in found
            ]
        )
    elif found:
        rows = []
        for incident, each in found:
            seconds = seconds_between(session.now, each.by)
            when = f"overdue {show_seconds(-seconds)}" if seconds < 0 else f"in {show_seconds(seconds)}"
            last = f"{show_seconds(seconds_between(each.last.at, session.now))} ago" if each.last else "never"
            rows.append((when, incident.id.text, each.audience, last, each.command(incident.id)))
        show_rows(("due", "id", "audience", "last told", "command"), rows)
    else:
        answer("nobody is owed a word")
    if check and late:
        raise typer.Exit(ExitCode.DUE)
