"""The commands from the impact to its end: contain, restore, expect, data-loss, verify, resolve, close."""

from __future__ import annotations

from typing import Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import answer_changed
from okb_incident.cli.choice import asker, question
from okb_incident.cli.registry import command
from okb_incident.cli.run import start


@command("contain")
def contain(
    ctx: typer.Context,
    words: opt.Words = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    correct: opt.Correct = False,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Say that it spreads no further; the status stays.

    \b
    incident contain the account is locked, its keys are revoked
    """
    from okb_incident.workflow.lifecycle import outcome

    session = start(ctx, who)
    changed = outcome.contain(
        session, words or [], reference=incident, at=at, correct=correct, dry_run=dry_run, ask=asker(ctx)
    )
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("restore")
def restore(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REF] [SERVICE]…", help="Which services; all that suffer unless said."),
    ] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Say that services work again.

    \b
    incident restore checkout --at -5m
    """
    from okb_incident.workflow.lifecycle import outcome

    session = start(ctx, who)
    changed = outcome.restore(session, words or [], reference=incident, at=at, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("expect")
def expect(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[REF] T [TEXT]…", help="When: 40m, 14:30; and why.")
    ] = None,
    incident: opt.Incident = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Say when it will be over; each promise stays in the timeline.

    \b
    incident expect 40m the index is being built
    incident expect 1123-01 14:30
    """
    from okb_incident.workflow.lifecycle import outcome

    session = start(ctx, who)
    changed = outcome.expect(session, words or [], reference=incident, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("data-loss")
def data_loss(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[REF] none|some|unknown [TEXT]…", help="Whether data was lost.")
    ] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="T", help="From which moment on it is lost.")] = None,
    restored_from: Annotated[
        str | None, typer.Option("--from", metavar="TEXT", help="What it was restored from.")
    ] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Say whether data was lost, and since when.

    And what it was restored from.

    \b
    incident data-loss none
    incident data-loss some --since 01:35 --from "the backup of 01:30"
    """
    from okb_incident.workflow.lifecycle import outcome

    session = start(ctx, who)
    changed = outcome.data_loss(
        session,
        words or [],
        since=since,
        restored_from=restored_from,
        reference=incident,
        at=at,
        dry_run=dry_run,
        ask=asker(ctx),
    )
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("verify")
def verify(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REF] KIND WHAT ok|fail", help="action, solution, recovery, documentation, or a name: v1."
        ),
    ] = None,
    evidence: Annotated[str | None, typer.Option("--evidence", metavar="TEXT", help="What shows it.")] = None,
    cmd: Annotated[str | None, typer.Option("--cmd", metavar="CMD", help="Run this; exit 0 is a pass.")] = None,
    value: Annotated[
        str | None, typer.Option("--value", metavar="N", help="The metric now, against its baseline.")
    ] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Write down how a check came out, with what shows it.

    Recovery is proven by the first check of that kind that passes, and confirmed when the commander makes one.

    \b
    incident verify recovery "errors below 0.1 % for 30 min" ok --evidence "0.02 %"
    incident verify v1 ok
    incident verify solution "the pool is large again" --cmd "psql -c 'show max_connections'"
    incident verify recovery --value 431 ok
    """
    from okb_incident.workflow.timeline.verify import verify as verify_it

    session = start(ctx, who)
    changed = verify_it(
        session,
        words or [],
        evidence=evidence,
        command=cmd,
        value=value,
        reference=incident,
        at=at,
        dry_run=dry_run,
        ask=asker(ctx),
    )
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("resolve")
def resolve(
    ctx: typer.Context,
    words: opt.Words = None,
    summary: Annotated[str | None, typer.Option("--summary", metavar="TEXT", help="What happened.")] = None,
    cause: Annotated[str | None, typer.Option("--cause", metavar="WORD", help="change, capacity, dependency …")] = None,
    trigger: Annotated[str | None, typer.Option("--trigger", metavar="TEXT", help="What set it off.")] = None,
    fix: Annotated[str | None, typer.Option("--fix", metavar="TEXT", help="What mended it for good.")] = None,
    workaround: Annotated[
        str | None, typer.Option("--workaround", metavar="TEXT", help="What makes it bearable until it is mended.")
    ] = None,
    data_loss: Annotated[str | None, typer.Option("--data-loss", metavar="WORD", help="none, some or unknown.")] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    correct: opt.Correct = False,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Say that it is over, and what there is to say of it.

    On a terminal it asks for the summary, the cause and the fix where the note does not say them yet; Enter leaves one open.

    \b
    incident resolve
    incident resolve 1123-01 error rate normal for 30 min
    incident resolve --cause change --fix "4f2a rolled back" --summary "Card payments failed for 68 minutes."
    """
    from okb_incident.core.response.resolution import Told
    from okb_incident.workflow.lifecycle.resolve import resolve as resolve_it

    session = start(ctx, who)
    ask = question(ctx)
    causes = session.vault.settings.vocabulary.cause
    prompts = {
        "summary": ("what happened, in a sentence or two? ",),
        "cause": (f"the cause? ({', '.join(causes)}) ", causes),
        "fix": ("what mended it? ",),
    }
    changed = resolve_it(
        session,
        words or [],
        Told(summary, cause, trigger, fix, workaround, data_loss),
        reference=incident,
        at=at,
        correct=correct,
        dry_run=dry_run,
        ask=asker(ctx),
        ask_for=(lambda name: ask(*prompts[name])) if ask else None,
    )
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("close")
def close(
    ctx: typer.Context,
    words: opt.Words = None,
    force: Annotated[bool, typer.Option("--force", help="In spite of what is missing; needs a reason.")] = False,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why.")] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    correct: opt.Correct = False,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Put a resolved incident to rest.

    What its policy asks for has to be there; what is missing is named with the command that brings it.

    \b
    incident close 1123-01
    incident close 1123-01 --force --reason "the review is in the other team's vault"
    """
    from okb_incident.workflow.lifecycle.resolve import close as close_it

    session = start(ctx, who)
    changed = close_it(
        session,
        words or [],
        force=force,
        reason=reason,
        reference=incident,
        at=at,
        correct=correct,
        dry_run=dry_run,
        ask=asker(ctx),
    )
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)
