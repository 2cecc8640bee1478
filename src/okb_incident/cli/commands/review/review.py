"""The commands that take one review from its draft to its end: review new, check, set, submit, approve, close, edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer, next_of, place
from okb_incident.cli.listing import Field, Listing, shape_of
from okb_incident.cli.outcome import changed_object, written
from okb_incident.cli.shapes import COUNT, TEXT, list_of, maybe, record, writing_record
from okb_incident.cli.verb import reading, writing
from okb_incident.command import Command, Sentence
from okb_incident.core.review.completeness import QUESTIONS
from okb_incident.core.review.review import CLOSED, IN_REVIEW, REVIEWED
from okb_incident.core.text.terminal_text import one_line
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.command import Text
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.review.review import Review


FINDINGS = (
    Field("message", TEXT, lambda finding: finding.message),
    Field("line", maybe(COUNT), lambda finding: finding.line),
    Field("command", maybe(TEXT), lambda finding: finding.command),
)
"""What a program reads of each finding of a check."""

Owner = Annotated[
    str | None,
    typer.Option("--owner", metavar="WHO", help="The owner, who writes the review."),
]
Reviewer = Annotated[
    str | None,
    typer.Option("--reviewer", metavar="WHO", help="The reviewer; not the author."),
]
Due = Annotated[str | None, typer.Option("--due", metavar="DAY", help="The due date: 7d, 2026-12-01.")]


@writing("review new")
def new(call: Call, owner: Owner = None, reviewer: Reviewer = None, due: Due = None) -> Answer:
    r"""Draft a review from the record.

    Finish it in Obsidian or with `review edit`. Run it again to update the computed parts; what people wrote or changed stays.

    \b
    incident review new
    incident review new 1123-01 --owner dan --reviewer carol
    incident review new last --due 7d
    """
    from okb_incident.workflow.review.draft_review import draft
    from okb_incident.workflow.review.review import ReviewDetails

    drafted = draft(call, ReviewDetails(owner, reviewer, due))
    changed = drafted.changed
    if call.dry_run:
        done = "written" if drafted.is_new else "updated"
        return Answer(
            lambda: changed_object(changed, call.session, dry_run=True),
            lines=[changed.diff.rstrip("\n") or "nothing would change"],
            notes=[f"dry run: {drafted.path} would be {done}"],
        )
    if drafted.is_new:
        said = f"review drafted: {drafted.path}"
    elif drafted.refreshed:
        said = f"review updated: {', '.join(map(one_line, drafted.refreshed))}"
    else:
        said = "review already up to date"
    kept = f"kept as edited: {', '.join(map(one_line, drafted.kept))}"
    return Answer(
        lambda: changed_object(changed, call.session),
        lines=[f"{said}{place(changed.incident)}", *next_of(call.session, changed.record)],
        hints=[kept] if drafted.kept else (),
        notes=changed.notes,
    )


@reading(
    "review check",
    opt.RESTRICTED,
    answers=record(
        id=TEXT,
        path=TEXT,
        state=TEXT,
        questions=list_of(record(name=TEXT, question=TEXT, findings=shape_of(FINDINGS))),
    ),
)
def check(call: Call) -> Answer:
    r"""Check a review for completeness.

    It lists empty sections, open questions and wording that blames. Exit code 5: something is missing.

    \b
    incident review check
    incident review check 1123-01
    incident review check 1123-01 --json
    """
    from okb_incident.workflow.review.review import check as hold

    found = hold(call)
    open_ones = {finding.question for finding in found.findings}
    return Answer(
        {
            "id": found.record.incident.id.text,
            "path": found.path,
            "state": found.state,
            "questions": [
                {
                    "name": each.name,
                    "question": each.text,
                    "findings": Listing(FINDINGS, found.of(each.name)).value(),
                }
                for each in QUESTIONS
            ],
        },
        lines=list(_checked(found)),
        hints=[
            f"{len(QUESTIONS) - len(open_ones)} of {len(QUESTIONS)} questions answered; the review is {found.state}"
        ],
        code=ExitCode.INVALID if found.findings else ExitCode.OK,
    )


def _checked(review: Review) -> Iterator[Text]:
    """Return each question with its findings, and each of these with its command."""
    for question in QUESTIONS:
        lacks = review.of(question.name)
        yield f"{'OPEN' if lacks else 'ok  '}  {question.text}"
        for each in lacks:
            place = f"{review.path}:{each.line}: " if each.line else ""
            yield f"      {one_line(place + each.message)}"
            if each.command:
                yield Sentence("        ", each.command)


@writing(
    "review set",
    without=[opt.DRY_RUN],
    answers=writing_record({"owner": TEXT, "reviewer": TEXT, "due": TEXT}, path=TEXT),
)
def set_(call: Call, owner: Owner = None, reviewer: Reviewer = None, due: Due = None) -> Answer:
    r"""Set the owner, reviewer or due date of a review.

    \b
    incident review set --owner dan
    incident review set 1123-01 --reviewer carol --due 7d
    incident review set last --due 2026-12-01
    """
    from okb_incident.workflow.review.advance_review import set_details
    from okb_incident.workflow.review.review import ReviewDetails

    review, given = set_details(call, ReviewDetails(owner, reviewer, due))
    said = ", ".join(f"{key} {value}" for key, value in given.items())
    return Answer(
        written({"path": review.path, **given}, call.session, review.committed, review.committed.notes),
        lines=[f"review {one_line(said)}{place(review.incident)}"],
        notes=review.committed.notes,
    )


@writing("review submit", opt.force(), opt.reason())
def submit(call: Call) -> ChangedIncident:
    r"""Submit a review to its reviewer.

    It needs an owner and a summary.

    \b
    incident review submit
    incident review submit 1123-01
    incident review submit 1123-01 --force --reason "the owner has left"
    """
    from okb_incident.workflow.review.advance_review import advance

    return advance(call, IN_REVIEW)


@writing("review approve", opt.force(), opt.reason())
def approve(call: Call) -> ChangedIncident:
    r"""Approve a review.

    Not by its author; every follow-up needs an owner and a due date.

    \b
    incident review approve
    incident review approve 1123-01
    incident review approve 1123-01 --force --reason "the team is dissolved"
    """
    from okb_incident.workflow.review.advance_review import advance

    return advance(call, REVIEWED)


@writing("review close", opt.force(), opt.reason())
def close(call: Call) -> ChangedIncident:
    r"""Close an approved review.

    \b
    incident review close
    incident review close 1123-01
    incident review close 1123-01 --force --reason "tracked elsewhere"
    """
    from okb_incident.workflow.review.advance_review import advance

    return advance(call, CLOSED)


@reading("review edit", opt.WHO, without=[opt.JSON])
def edit(call: Call) -> Answer:
    r"""Open a review in your editor.

    \b
    incident review edit
    incident review edit last
    incident review edit 1123-01
    """
    from okb_incident.workflow.review.review import edit as edit_it

    found = edit_it(call)
    said = f"the review is {found.state}; findings: {len(found.findings)}; "
    return Answer(hints=[Sentence(said, Command("review check", incident=found.record.incident.id))])
