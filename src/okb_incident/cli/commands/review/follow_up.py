"""The commands on follow-ups: follow-up add, set, start, done, cancel, list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.listing import Field, Listing
from okb_incident.cli.shapes import TEXT, TRUTH, list_of, maybe
from okb_incident.cli.verb import reading, writing
from okb_incident.core.text.terminal_text import safe_json
from okb_incident.core.timeline.task import SPOKEN, STATES
from okb_incident.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident

FOLLOW_UPS = (
    Field("id", TEXT, lambda row: row.incident.id.text, "incident", lambda row: row.incident.label),
    Field("name", maybe(TEXT), lambda row: row.task.name, "name"),
    Field(
        "state",
        TEXT,
        lambda row: STATES[row.task.box],
        "state",
        lambda row: "late" if row.is_overdue else SPOKEN.get(STATES[row.task.box], STATES[row.task.box]),
    ),
    Field("kind", maybe(TEXT), lambda row: row.task.fields.get("kind"), "kind"),
    Field("text", TEXT, lambda row: row.task.text, "what", lambda row: row.task.text),
    Field("owner", maybe(TEXT), lambda row: row.task.owner, "owner"),
    Field("created", maybe(TEXT), lambda row: row.task.created),
    Field("due", maybe(TEXT), lambda row: row.task.due, "due"),
    Field("overdue", TRUTH, lambda row: row.is_overdue),
    Field("ended", maybe(TEXT), lambda row: row.task.ended),
    Field("verified", maybe(TEXT), lambda row: row.task.fields.get("verified")),
    Field("reason", maybe(TEXT), lambda row: row.task.fields.get("reason")),
    Field("note", maybe(TEXT), lambda row: row.task.fields.get("note")),
    Field("missing", list_of(TEXT), lambda row: list(row.missing)),
)
COLUMNS = ("incident", "name", "state", "kind", "owner", "due", "what")

Kind = Annotated[
    str | None,
    typer.Option(
        "--kind", metavar="KIND", help="The kind: prevention, system, process, training, documentation or tool."
    ),
]
Owner = Annotated[str | None, typer.Option("--owner", metavar="WHO", help="The owner.")]
Due = Annotated[str | None, typer.Option("--due", metavar="DAY", help="The due date: 14d, tomorrow, 2026-12-08.")]
Note = Annotated[str | None, typer.Option("--note", metavar="NOTE", help="The note to change.")]
External = Annotated[
    bool, typer.Option("--external", help="Let the last message to customers name it; write it as they may read it.")
]

NAMED = opt.WordsHelp("The follow-up (f1), and a note.")


@writing("follow-up add", words=opt.WordsHelp("The follow-up."))
def add(
    call: Call, kind: Kind = None, owner: Owner = None, due: Due = None, note: Note = None, external: External = False
) -> ChangedIncident:
    r"""Add a follow-up.

    \b
    incident follow-up add alert on pool use above 80 % --kind prevention --owner bob --due 14d
    incident follow-up add 01 test the failover --kind training
    incident follow-up add 1123-01 describe the rollback --kind documentation --note checkout-runbook
    """
    from okb_incident.core.review.follow_ups import FollowUpDetails
    from okb_incident.workflow.review.follow_ups import add_follow_up

    return add_follow_up(call, FollowUpDetails(kind, owner, due, note, external))


@writing("follow-up set", words=NAMED)
def set_(
    call: Call, kind: Kind = None, owner: Owner = None, due: Due = None, note: Note = None, external: External = False
) -> ChangedIncident:
    r"""Change the kind, owner, due date or note of a follow-up.

    \b
    incident follow-up set f1 --owner bob --due 14d
    incident follow-up set 01 f2 --kind tool
    incident follow-up set 1123-01 f1 --note checkout-runbook
    """
    from okb_incident.core.review.follow_ups import FollowUpDetails
    from okb_incident.workflow.review.follow_ups import edit_follow_up

    return edit_follow_up(call, FollowUpDetails(kind, owner, due, note, external))


@writing("follow-up start", words=NAMED)
def begin(call: Call) -> ChangedIncident:
    r"""Start a follow-up.

    \b
    incident follow-up start f1
    incident follow-up start 01 f1
    incident follow-up start 1123-01 f2 waiting for the vendor
    """
    from okb_incident.workflow.review.follow_ups import start_follow_up

    return start_follow_up(call)


@writing("follow-up done", opt.AT, opt.force("Complete it although its note has not changed."), words=NAMED)
def done(
    call: Call,
    verified_by: Annotated[
        str | None,
        typer.Option("--verified-by", metavar="WHO", help="The person who verified the result."),
    ] = None,
) -> ChangedIncident:
    r"""Complete a follow-up.

    If it is about a note, that note must have changed since.

    \b
    incident follow-up done f1
    incident follow-up done f1 deployed to all regions
    incident follow-up done 1123-01 f1 --verified-by dan
    """
    from okb_incident.workflow.review.follow_ups import end_follow_up

    return end_follow_up(call, verified_by)


@writing("follow-up cancel", opt.AT, words=NAMED)
def cancel(call: Call) -> ChangedIncident:
    r"""Cancel a follow-up, with the reason.

    \b
    incident follow-up cancel f2 the service is switched off in January
    incident follow-up cancel 01 f1 covered by f3
    incident follow-up cancel 1123-01 f2 accepted as a risk
    """
    from okb_incident.workflow.review.follow_ups import cancel_follow_up

    return cancel_follow_up(call)


@reading("follow-up list", opt.RESTRICTED, answers=FOLLOW_UPS)
def list_(
    call: Call,
    everything: Annotated[bool, typer.Option("--all", "-a", help="Include completed and canceled ones.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only late ones.")] = False,
    kind: Kind = None,
    owner: Owner = None,
    check: Annotated[bool, typer.Option("--check", help="Exit with 9 if one is late; for cron.")] = False,
    form: Annotated[str, typer.Option("--format", metavar="F", help="The format: table, csv or json.")] = "table",
) -> Answer:
    r"""List follow-ups.

    Of one incident or of all, the next due date first.

    \b
    incident follow-up list
    incident follow-up list --overdue --check
    incident follow-up list --all --kind training --format csv
    """
    from okb_incident.workflow.look.formats import TABLE_FORMATS, csv_table
    from okb_incident.workflow.review.follow_ups import list_follow_ups

    if form not in TABLE_FORMATS:
        raise UsageError(
            f"unknown --format {form!r}; choose from {', '.join(TABLE_FORMATS)}",
            field="--format",
            value=form,
            allowed=TABLE_FORMATS,
        )
    found = list_follow_ups(call, everything=everything, overdue=overdue, kind=kind, owner=owner)
    listing = Listing(FOLLOW_UPS, found, call.session, COLUMNS)
    code = ExitCode.DUE if check and any(row.is_overdue for row in found) else ExitCode.OK
    value = listing.value()
    if form == "csv":
        return Answer(value, lines=[csv_table([field.key for field in FOLLOW_UPS], value)], code=code)
    if form == "json":
        return Answer(value, lines=[safe_json(value, indent=2)], code=code)
    nothing = "nothing is overdue" if overdue else "nothing is left to do; --all shows what has ended"
    return Answer(value, table=listing if found else None, hints=() if found else [nothing], code=code)
