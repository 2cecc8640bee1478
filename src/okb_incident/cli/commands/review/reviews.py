"""The commands that read reviews: review public, list. The other commands of the group come with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.commands.review import contributions  # noqa: F401 - it declares its commands
from okb_incident.cli.listing import Field, Listing
from okb_incident.cli.shapes import COUNT, TEXT, TRUTH, list_of, maybe, record
from okb_incident.cli.verb import reading
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call


def _state(row: Any) -> str:
    state = "missing" if row.path is None else row.state
    return f"{state}{', late' if row.is_overdue else ''}"


REVIEWS = (
    Field("id", TEXT, lambda row: row.incident.id.text, "incident"),
    Field("title", TEXT, lambda row: row.incident.title, "title", lambda row: row.incident.headline),
    Field("state", TEXT, lambda row: row.state, "review", _state),
    Field("path", maybe(TEXT), lambda row: row.path),
    Field("owner", maybe(TEXT), lambda row: row.owner, "owner"),
    Field("reviewer", maybe(TEXT), lambda row: row.reviewer, "reviewer"),
    Field("due", maybe(TEXT), lambda row: row.due, "due"),
    Field("overdue", TRUTH, lambda row: row.is_overdue),
    Field(
        "findings",
        maybe(COUNT),
        lambda row: row.findings,
        "findings",
        lambda row: "–" if row.findings is None else str(row.findings),
    ),
)
COLUMNS = ("incident", "review", "due", "owner", "reviewer", "findings", "title")


@reading(
    "review public",
    opt.RESTRICTED,
    answers=record(id=TEXT, path=TEXT, state=TEXT, text=TEXT, missing=list_of(TEXT), objections=list_of(TEXT)),
)
def public(call: Call) -> Answer:
    r"""Print the public report: one paragraph for customers.

    It tells when, what customers saw, the cause and what changes. Apart from the times, the public title and public service names, only
    lines of the review that end with #external are used. Exit code 5: a part is missing.

    \b
    incident review public
    incident review public 1123-01
    incident review public last --json
    """
    from okb_incident.workflow.review.publish import publish

    found = publish(call)
    return Answer(
        {
            "id": found.incident.id.text,
            "path": found.path,
            "state": found.state,
            "text": found.text,
            "missing": list(found.missing),
            "objections": list(found.objections),
        },
        lines=[found.text],
        hints=[*(f"missing: {each}" for each in found.missing), *(f"not ready: {each}" for each in found.objections)],
        code=ExitCode.INVALID if found.missing else ExitCode.OK,
    )


@reading("review list", opt.RESTRICTED, without=[opt.INCIDENT], answers=REVIEWS)
def list_(
    call: Call,
    everything: Annotated[bool, typer.Option("--all", "-a", help="Include closed reviews.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only late ones.")] = False,
    check_it: Annotated[bool, typer.Option("--check", help="Exit with 9 if one is late; for cron.")] = False,
) -> Answer:
    r"""List open and missing reviews.

    The next due date first, with what is missing in each.

    \b
    incident review list
    incident review list --all
    incident review list --overdue --check
    """
    from okb_incident.workflow.review.review_list import list_reviews

    found = list_reviews(call, everything=everything, overdue=overdue)
    listing = Listing(REVIEWS, found, call.session, COLUMNS)
    nothing = "no review is late" if overdue else "no review is open or missing; --all includes closed ones"
    return Answer(
        listing.value(),
        table=listing if found else None,
        hints=() if found else [nothing],
        code=ExitCode.DUE if check_it and any(row.is_overdue for row in found) else ExitCode.OK,
    )
