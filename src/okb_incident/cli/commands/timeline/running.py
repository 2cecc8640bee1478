"""The commands while it runs: log, amend, run."""

from typing import Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import answer_changed
from okb_incident.cli.choice import asker
from okb_incident.cli.output import answer, comment
from okb_incident.cli.registry import command
from okb_incident.cli.run import start


@command("log", context_settings={"ignore_unknown_options": True})
def log(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[KIND:] WORDS…", help="What happened.", autocompletion=opt.KINDS)
    ] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    external: opt.External = False,
    file: Annotated[
        str | None, typer.Option("--file", metavar="PATH", help="Evidence: its digest goes into the line.")
    ] = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Write a line into the timeline.

    Alone on a terminal it reads lines until Ctrl-D, each stamped when Enter is pressed.

    \b
    incident log pool exhausted after deploy 4f2a
    incident log decision: roll back 4f2a --at -3m
    incident log hypothesis: the pool is too small      and later: incident log h1 confirmed
    incident log rollback: 4f2a taken back, ref 4f2a
    incident log impact: checkout degraded, share 40% from 01:50
    incident log evidence: heap dump --file dump.hprof
    """
    import sys

    from okb_incident.workflow.timeline.log_entry import log_entry

    session = start(ctx, who)
    if not words and not file and not dry_run and sys.stdin.isatty():
        _scribe(ctx, who, incident, external=external)
        return
    changed = log_entry(
        session,
        words or [],
        reference=incident,
        at=at,
        external=external,
        file=file,
        dry_run=dry_run,
        ask=asker(ctx),
    )
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


def _scribe(ctx: typer.Context, who: str | None, incident: str | None, *, external: bool) -> None:
    """Take down lines until the end of input; a line that is refused is shown again and the next one goes on."""
    import sys

    from okb_incident.cli.output import show_error
    from okb_incident.errors import OkbError
    from okb_incident.workflow.timeline.log_entry import log_entry

    comment("one line per entry; Ctrl-D ends")
    for line in sys.stdin:
        if not line.strip():
            continue
        session = start(ctx, who)
        try:
            changed = log_entry(session, [line], reference=incident, external=external, ask=asker(ctx))
        except OkbError as error:
            show_error(error, as_json=False)
            continue
        incident = changed.incident.id.text
        answer(f"{session.written(session.now)} {changed.change.said}")


@command("amend")
def amend(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[REF] ENTRY TEXT…", help="02:16, e7 or mine; and what it says now.")
    ] = None,
    incident: opt.Incident = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Put other words into a line of the timeline.

    The old ones stay, struck below it.

    \b
    incident amend 02:16 every card payment fails in the EU
    incident amend mine the pool has 20 connections, not 200
    """
    from okb_incident.workflow.timeline.log_entry import amend_entry

    session = start(ctx, who)
    changed = amend_entry(session, words or [], reference=incident, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("run", context_settings={"allow_interspersed_args": False})
def run(
    ctx: typer.Context,
    argv: Annotated[list[str] | None, typer.Argument(metavar="-- CMD…", help="The command; no shell reads it.")] = None,
    way: Annotated[
        str | None, typer.Option("--as-change", metavar="WAY", help="It changes the system: attempt, fix or rollback.")
    ] = None,
    incident: opt.Incident = None,
    who: opt.Who = None,
) -> None:
    r"""Run a command, and keep what it did in the timeline.

    That is the command, its exit code, its duration and its last lines.

    Its output passes through, and its exit code is that of this command; 125 if it could not be written down, 127 if there is
    no such command. What looks like a secret is masked in the note.

    \b
    incident run -- kubectl get pods -n checkout
    incident run --as-change rollback -- kubectl rollout undo deploy/checkout
    """
    from okb_incident.cli.output import show_error
    from okb_incident.workflow.timeline.run_command import run_command

    session = start(ctx, who)
    ran = run_command(session, argv or [], way=way, reference=incident, ask=asker(ctx))
    if ran.failure is not None:
        show_error(ran.failure, as_json=False)
    elif ran.changed is not None:
        # The answer of the command itself is what belongs on stdout.
        comment(f"{ran.changed.incident.id} {ran.changed.change.said}")
        for note in ran.changed.notes:
            comment(note)
    raise typer.Exit(ran.code)
