"""The commands that move an incident and set what it says: ack, identify, mitigate, reopen, severity, set, edit."""

from typing import Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import answer_changed
from okb_incident.cli.choice import asker
from okb_incident.cli.output import answer, comment
from okb_incident.cli.registry import command
from okb_incident.cli.run import start
from okb_incident.core.text.terminal_text import one_line


def _forward(verb: str, text: str) -> None:
    """Make one of the verbs that move an incident forward; they differ in name and help alone."""

    def run(
        ctx: typer.Context,
        words: opt.Words = None,
        incident: opt.Incident = None,
        at: opt.At = None,
        correct: opt.Correct = False,
        who: opt.Who = None,
        as_json: opt.Json = False,
        dry_run: opt.DryRun = False,
    ) -> None:
        from okb_incident.workflow.lifecycle.advance import advance

        session = start(ctx, who)
        changed = advance(
            session,
            verb,
            words or [],
            reference=incident,
            at=at,
            correct=correct,
            dry_run=dry_run,
            ask=asker(ctx),
        )
        answer_changed(session, changed, as_json=as_json, dry_run=dry_run)

    command(verb, text=text)(run)


_forward(
    "ack",
    r"""Take an incident: it is being investigated.

    Who takes it becomes a responder, and the commander if there is none.

    \b
    incident ack
    incident ack 1123-01 --at -5m
    """,
)
_forward(
    "identify",
    r"""Say that the cause is known.

    \b
    incident identify pool cut to 20 by deploy 4f2a
    """,
)
_forward(
    "mitigate",
    r"""Say that the impact has stopped; watch it from now on.

    \b
    incident mitigate rolled back 4f2a
    incident mitigate 1123-01 rolled back 4f2a --at -10m
    """,
)


@command("reopen")
def reopen(
    ctx: typer.Context,
    words: opt.Words = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Take up an incident again that was over.

    The end moves to first_resolved; what no longer holds stands in the timeline.

    \b
    incident reopen 1123-01 the errors are back in one region
    """
    from okb_incident.workflow.lifecycle.advance import set_aside

    session = start(ctx, who)
    changed = set_aside(session, "reopen", words or [], reference=incident, at=at, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("severity")
def severity(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REF] SEVERITY [REASON]…", help="sev1 … sev4, and why.", autocompletion=opt.SEVERITIES),
    ] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    external: opt.External = False,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Set how bad it is.

    If unsure, take the higher one.

    \b
    incident severity sev1 every card payment fails
    incident severity 1123-01 sev3
    """
    from okb_incident.workflow.lifecycle.severity import change_severity

    session = start(ctx, who)
    changed = change_severity(
        session,
        words or [],
        reference=incident,
        at=at,
        external=external,
        dry_run=dry_run,
        ask=asker(ctx),
    )
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("set")
def set_(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REF] KEY=VALUE…", help="What to set; KEY= takes it away.", autocompletion=opt.PAIRS),
    ] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why; needed for a step back.")] = None,
    correct: opt.Correct = False,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Set properties: KEY=VALUE.

    \b
    incident set users_affected=~1200 cause=change
    incident set 1123-01 started=01:47 services=checkout,payments-api
    """
    from okb_incident.workflow.lifecycle.set_properties import set_properties

    session = start(ctx, who)
    changed = set_properties(
        session,
        words or [],
        reference=incident,
        at=at,
        reason=reason,
        correct=correct,
        dry_run=dry_run,
        ask=asker(ctx),
    )
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("edit")
def edit(ctx: typer.Context, reference: opt.Reference = None, incident: opt.Incident = None) -> None:
    """Open the note in your editor.

    No lock is held: others go on writing meanwhile, and commands stay safe beside your unsaved text.
    """
    from okb_incident.workflow.care.edit_note import edit_note

    session = start(ctx)
    view = edit_note(session, incident or reference, ask=asker(ctx))
    answer(one_line(f"{view.incident.id} {view.incident.path}"))
    for problem in view.problems:
        comment(str(problem))
