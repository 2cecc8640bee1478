"""The commands on what is done afterwards: follow-up add, set, start, done, cancel, list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import answer_changed
from okb_incident.cli.choice import asker
from okb_incident.cli.columns import show_rows
from okb_incident.cli.output import answer, answer_json, comment
from okb_incident.cli.registry import below, group
from okb_incident.cli.run import start
from okb_incident.core.review.follow_ups import STATES
from okb_incident.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from okb_incident.workflow.review.follow_ups import Listed

follow_up = group("follow-up", "Look after what is done when it is over, until it is done.")

FORMATS = ("table", "csv", "json")
COLUMNS = (
    "id",
    "name",
    "state",
    "kind",
    "text",
    "owner",
    "created",
    "due",
    "overdue",
    "ended",
    "verified",
    "reason",
    "note",
    "missing",
)

Kind = Annotated[
    str | None,
    typer.Option("--kind", metavar="KIND", help="prevention, system, process, training, documentation or tool."),
]
Owner = Annotated[str | None, typer.Option("--owner", metavar="WHO", help="Who does it.", autocompletion=opt.PEOPLE)]
Due = Annotated[str | None, typer.Option("--due", metavar="DAY", help="By when: 14d, tomorrow, 2026-12-08.")]
Note = Annotated[str | None, typer.Option("--note", metavar="NOTE", help="The note that is to be changed.")]
Named = Annotated[
    list[str] | None, typer.Argument(metavar="[REF] NAME [TEXT]…", help="Which follow-up, f1, and what to say.")
]


@below(follow_up, "add")
def add(
    ctx: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(metavar="[REF] TEXT…", help="What is to be done.")] = None,
    kind: Kind = None,
    owner: Owner = None,
    due: Due = None,
    note: Note = None,
    incident: opt.Incident = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Write down what is to be done when it is over.

    \b
    incident follow-up add alert on pool use above 80 % --kind prevention --owner bob --due 14d
    incident follow-up add 1123-01 say in the runbook how to roll back --kind documentation --note checkout-runbook
    """
    from okb_incident.workflow.review.follow_ups import Details, add_follow_up

    session = start(ctx, who)
    details = Details(kind, owner, due, note)
    changed = add_follow_up(session, words or [], details, reference=incident, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@below(follow_up, "set")
def set_(
    ctx: typer.Context,
    words: Named = None,
    kind: Kind = None,
    owner: Owner = None,
    due: Due = None,
    note: Note = None,
    incident: opt.Incident = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Give it another kind, owner, day or note.

    \b
    incident follow-up set f1 --owner bob --due 14d
    """
    from okb_incident.workflow.review.follow_ups import Details, edit_follow_up

    session = start(ctx, who)
    details = Details(kind, owner, due, note)
    changed = edit_follow_up(session, words or [], details, reference=incident, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@below(follow_up, "start")
def begin(
    ctx: typer.Context,
    words: Named = None,
    incident: opt.Incident = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Say that somebody has begun with it.

    \b
    incident follow-up start f1
    """
    from okb_incident.workflow.review.follow_ups import move_follow_up

    session = start(ctx, who)
    changed = move_follow_up(session, "start", words or [], reference=incident, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@below(follow_up, "done")
def done(
    ctx: typer.Context,
    words: Named = None,
    verified_by: Annotated[
        str | None,
        typer.Option("--verified-by", metavar="WHO", help="Who has seen that it is done.", autocompletion=opt.PEOPLE),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Though the note that was to be changed is as it was.")
    ] = False,
    incident: opt.Incident = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Say that it is done, and who has seen it.

    Of one about a note, that note must have changed since.

    \b
    incident follow-up done 1123-01 f1 --verified-by dan
    """
    from okb_incident.workflow.review.follow_ups import move_follow_up

    session = start(ctx, who)
    changed = move_follow_up(
        session,
        "done",
        words or [],
        verified_by=verified_by,
        force=force,
        reference=incident,
        at=at,
        dry_run=dry_run,
        ask=asker(ctx),
    )
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@below(follow_up, "cancel")
def cancel(
    ctx: typer.Context,
    words: Named = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Say that nobody will do it, and why.

    \b
    incident follow-up cancel f2 the service is switched off in January
    """
    from okb_incident.workflow.review.follow_ups import move_follow_up

    session = start(ctx, who)
    changed = move_follow_up(session, "cancel", words or [], reference=incident, at=at, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@below(follow_up, "list")
def list_(
    ctx: typer.Context,
    reference: opt.Reference = None,
    incident: opt.Incident = None,
    everything: Annotated[bool, typer.Option("--all", "-a", help="Those that have ended too.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those whose day has passed.")] = False,
    kind: Kind = None,
    owner: Owner = None,
    check: Annotated[bool, typer.Option("--check", help="Exit with 9 if one is overdue; for cron.")] = False,
    form: Annotated[str, typer.Option("--format", metavar="F", help="table, csv or json.")] = "table",
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""List what is to be done afterwards.

    Of one incident or of all, the next day first.

    \b
    incident follow-up list
    incident follow-up list --overdue --check
    incident follow-up list --all --kind training --format csv
    """
    from okb_incident.workflow.look.formats import csv_table
    from okb_incident.workflow.review.follow_ups import list_follow_ups

    if form not in FORMATS:
        raise UsageError(
            f"--format {form!r} is none of {', '.join(FORMATS)}", field="--format", value=form, allowed=FORMATS
        )
    session = start(ctx)
    found = list_follow_ups(
        session,
        incident or reference,
        everything=everything,
        overdue=overdue,
        kind=kind,
        owner=owner,
        restricted=restricted,
        ask=asker(ctx),
    )
    if as_json or form == "json":
        answer_json([_object(each) for each in found])
    elif form == "csv":
        answer(csv_table(COLUMNS, [_object(each) for each in found]))
    elif found:
        show_rows(
            ("incident", "name", "state", "kind", "owner", "due", "what"),
            [
                (
                    each.incident.id.text,
                    each.task.name or "–",
                    "OVERDUE" if each.is_overdue else STATES[each.task.box],
                    each.task.fields.get("kind", "–"),
                    each.task.owner or "–",
                    each.task.due or "–",
                    each.task.text,
                )
                for each in found
            ],
        )
    else:
        comment("nothing is overdue" if overdue else "nothing is left to do; --all shows what has ended")
    if check and any(each.is_overdue for each in found):
        raise typer.Exit(ExitCode.DUE)


def _object(each: Listed) -> dict[str, Any]:
    task = each.task
    return {
        "id": each.incident.id.text,
        "name": task.name,
        "state": STATES[task.box],
        "kind": task.fields.get("kind"),
        "text": task.text,
        "owner": task.owner,
        "created": task.created,
        "due": task.due,
        "overdue": each.is_overdue,
        "ended": task.ended,
        "verified": task.fields.get("verified"),
        "reason": task.fields.get("reason"),
        "note": task.fields.get("note"),
        "missing": list(each.missing),
    }
