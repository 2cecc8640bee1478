"""The commands that bring a message from draft to sent: comms draft, edit, approve, send, amend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import answer_changed
from okb_incident.cli.choice import asker
from okb_incident.cli.output import answer, answer_json, comment
from okb_incident.cli.registry import below, group
from okb_incident.cli.run import start
from okb_incident.core.text.terminal_text import one_line, safe_text
from okb_incident.core.values.moment import rfc3339, write_moment
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from okb_incident.workflow.comms.messages import Message

comms = group("comms", "Draft, approve and send messages; see who is owed one.")

Which = Annotated[
    list[str] | None,
    typer.Argument(metavar="[REF] [uN]", help="Which message; the only one that fits may be left out."),
]
Next = Annotated[str | None, typer.Option("--next", metavar="T", help="By when the next message comes: 30m, 14:30.")]
Force = Annotated[bool, typer.Option("--force", help="Though something in it looks unfit to be sent.")]


@below(comms, "draft")
def draft(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REF] AUDIENCE [KIND] [TEXT]…", help="To whom, which kind, and what it is to say."),
    ] = None,
    incident: opt.Incident = None,
    next_by: Next = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="T", help="The news count from: last (message to it), start, or a moment."),
    ] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Open the draft in your editor.")] = False,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the note and write nothing.")] = False,
) -> None:
    r"""Write a draft from a template.

    For team, management, users or stakeholders. The kind is chosen by the status where none is named. Finish it in Obsidian or with --edit, then send it.
    Drafts for users and stakeholders hold only what is marked #external, and what you type.

    \b
    incident comms draft users service-notice "Card payments fail. Wallets work." --next 30m
    incident comms draft team progress-report --since last
    incident comms draft management briefing --dry-run
    """
    from okb_incident.workflow.care.edit_note import edit_file
    from okb_incident.workflow.comms.draft_message import draft as write_draft

    session = start(ctx, who)
    drafted = write_draft(
        session, words or [], reference=incident, next_by=next_by, since=since, dry_run=dry_run, ask=asker(ctx)
    )
    if edit and not dry_run:
        edit_file(session, drafted.path, again=f"incident comms edit {drafted.incident.id} {drafted.name}")
    if as_json:
        answer_json(
            {
                "id": drafted.incident.id.text,
                "name": drafted.name,
                "path": drafted.path,
                "state": "draft",
                "text": drafted.text,
            }
        )
    elif dry_run:
        answer(safe_text(drafted.text.rstrip("\n")))
        comment(f"dry run: {drafted.path} would be written")
    else:
        answer(f"{drafted.incident.id} {drafted.name} drafted: {drafted.path}")
        answer(f"next: incident comms send {drafted.incident.id} {drafted.name}")
    for note in drafted.notes:
        comment(note)


@below(comms, "edit")
def edit(ctx: typer.Context, words: Which = None, incident: opt.Incident = None, who: opt.Who = None) -> None:
    r"""Open a message's note in your editor.

    \b
    incident comms edit u3
    """
    from okb_incident.workflow.care.edit_note import edit_file
    from okb_incident.workflow.comms.comms import show_message

    session = start(ctx, who)
    message = show_message(session, words or [], reference=incident, ask=asker(ctx))
    edit_file(session, message.path, again=f"incident comms edit {message.name}")
    message = show_message(session, [message.name], reference=message.incident)
    warn(message)
    comment(f"{message.name} is {message.state}: {message.path}")


@below(comms, "approve")
def approve(
    ctx: typer.Context,
    words: Which = None,
    incident: opt.Incident = None,
    force: Force = False,
    who: opt.Who = None,
    as_json: opt.Json = False,
) -> None:
    r"""Approve a message as it stands.

    A change of its text after that keeps it from being sent.

    \b
    incident comms approve u3
    """
    from okb_incident.workflow.comms.comms import approve as give_approval

    session = start(ctx, who)
    message, already = give_approval(session, words or [], reference=incident, force=force, ask=asker(ctx))
    if as_json:
        answer_json(message_object(message))
        return
    if already:
        answer(f"{message.incident} {message.name} nothing to do: it is {message.state} already")
    else:
        answer(f"{message.incident} {message.name} approved by {one_line(message.approved_by or '–')}")
        answer(f"next: incident comms send {message.incident} {message.name}")
    for note in session.recovered:
        comment(note)


@below(comms, "send")
def send(
    ctx: typer.Context,
    words: Which = None,
    incident: opt.Incident = None,
    channel: Annotated[str | None, typer.Option("--channel", metavar="TEXT", help="How it goes out.")] = None,
    next_by: Next = None,
    copy: Annotated[bool, typer.Option("--copy", help="Put the text on the clipboard.")] = False,
    out: Annotated[str | None, typer.Option("--out", metavar="FILE", help="Write the text to a new file.")] = None,
    at: opt.At = None,
    force: Force = False,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Send a message, and freeze what went out.

    It is printed, handed to your hooks, and kept with its digest and the moment. --copy puts it on the clipboard too, --out into a file. What a hook cannot take waits in the outbox, and the exit code is 8.

    \b
    incident comms send u3
    incident comms send 1123-01 u3 --channel "status page" --copy
    """
    from okb_incident.workflow.comms.hand_over import hand_over
    from okb_incident.workflow.comms.send_message import send_message

    session = start(ctx, who)
    changed, message = send_message(
        session,
        words or [],
        reference=incident,
        channel=channel,
        next_by=next_by,
        at=at,
        force=force,
        dry_run=dry_run,
        ask=asker(ctx),
    )
    if changed is None:
        when = write_moment(message.sent, session.zone).replace("T", " ") if message.sent else "before"
        comment(
            f"{message.name} was sent already, {when}; nothing was done. A correction: incident comms amend {message.name} TEXT"
        )
        if as_json:
            answer_json(message_object(message))
        return
    if as_json or dry_run:
        answer_changed(session, changed, as_json=as_json, dry_run=dry_run)
    else:
        answer(safe_text(message.text))
        comment(f"{changed.incident.id} {message.name} sent: {one_line(changed.change.said)}")
        for note in (*changed.change.warnings, *changed.notes):
            comment(note)
    if not dry_run:
        for note in hand_over(message.text, copy=copy, out=out):
            comment(note)
    if changed.undelivered:
        raise typer.Exit(ExitCode.DELIVERY)


@below(comms, "amend")
def amend(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[REF] uN TEXT…", help="Which message, and what is right.")
    ] = None,
    incident: opt.Incident = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Correct a message that went out.

    What was sent stays, and the correction counts as no new message.

    \b
    incident comms amend u2 "Wallets fail as well."
    """
    from okb_incident.workflow.comms.comms import amend as correct

    session = start(ctx, who)
    changed = correct(session, words or [], reference=incident, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)
    if changed.undelivered:
        raise typer.Exit(ExitCode.DELIVERY)


def message_object(message: Message) -> dict[str, Any]:
    """Give a message as programs read it."""
    return {
        "id": message.incident,
        "name": message.name,
        "path": message.path,
        "audience": message.audience,
        "kind": message.kind,
        "state": message.state,
        "author": message.author,
        "approved_by": message.approved_by,
        "sent": rfc3339(message.sent) if message.sent else None,
        "next_update": rfc3339(message.promised) if message.promised else None,
        "digest": message.digest,
        "changed_since": message.is_changed,
    }


def warn(message: Message) -> None:
    """Say what is odd about a message."""
    if message.problem is not None:
        comment(f"{message.path}:{message.problem.line or 1}: {one_line(message.problem.message)}")
    elif message.is_changed:
        comment(
            f"{message.name} was changed after it was {message.state}; its note no longer holds what its digest says"
        )
