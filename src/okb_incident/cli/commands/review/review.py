"""The commands on reviews: review new, check, set, submit, approve, close, feedback, edit, list."""

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
from okb_incident.core.review.review import CLOSED, IN_REVIEW, QUESTIONS, REVIEWED
from okb_incident.core.text.terminal_text import one_line
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from okb_incident.core.review.review import Finding

review = group("review", "Learn from an incident: draft its review, check it, bring it to its end.")

Owner = Annotated[str | None, typer.Option("--owner", metavar="WHO", help="Who writes it.", autocompletion=opt.PEOPLE)]
Reviewer = Annotated[
    str | None,
    typer.Option("--reviewer", metavar="WHO", help="Who reads it; not its author.", autocompletion=opt.PEOPLE),
]
Due = Annotated[str | None, typer.Option("--due", metavar="DAY", help="By when: 7d, 2026-12-01.")]


@below(review, "new")
def new(
    ctx: typer.Context,
    reference: opt.Reference = None,
    incident: opt.Incident = None,
    owner: Owner = None,
    reviewer: Reviewer = None,
    due: Due = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Draft a review from what the record says.

    People finish it, in Obsidian or with: incident review edit. Run again, it computes impact, checks, facts and people anew and leaves all else as it is.

    \b
    incident review new 1123-01 --owner dan --reviewer carol
    """
    from okb_incident.workflow.review.draft_review import new as draft
    from okb_incident.workflow.review.review import People

    session = start(ctx, who)
    people = People(owner, reviewer, due)
    made = draft(session, incident or reference, people, dry_run=dry_run, ask=asker(ctx))
    target = made.changed.incident
    if dry_run:
        comment(f"dry run: {made.path} would be {'written' if made.is_new else 'computed anew'}")
    if as_json or dry_run:
        answer_changed(session, made.changed, as_json=as_json, dry_run=dry_run)
        return
    if made.is_new:
        answer(f"{target.id} review drafted: {made.path}")
    elif made.refreshed:
        answer(f"{target.id} review: computed anew: {', '.join(map(one_line, made.refreshed))}")
    else:
        answer(f"{target.id} review: nothing to do, it is as it would be")
    answer(f"next: incident review check {target.id}")
    if made.kept:
        comment(f"changed by somebody and left as it is: {', '.join(map(one_line, made.kept))}")
    for note in made.changed.notes:
        comment(note)


@below(review, "check")
def check(
    ctx: typer.Context,
    reference: opt.Reference = None,
    incident: opt.Incident = None,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""Hold a review against six questions.

    What is empty, which placeholder is left, which word blames? Exit code 5 says that something is missing.

    \b
    incident review check 1123-01
    """
    from okb_incident.workflow.review.review import check as hold

    session = start(ctx)
    found = hold(session, incident or reference, restricted=restricted, ask=asker(ctx))
    if as_json:
        answer_json(
            {
                "id": found.record.incident.id.text,
                "path": found.path,
                "state": found.state,
                "questions": [
                    {
                        "name": each.name,
                        "question": each.text,
                        "findings": [_finding(one) for one in _of(found.findings, each.name)],
                    }
                    for each in QUESTIONS
                ],
            }
        )
    else:
        for question in QUESTIONS:
            lacks = _of(found.findings, question.name)
            answer(f"{'ok  ' if not lacks else 'OPEN'}  {question.text}")
            for each in lacks:
                place = f"{found.path}:{each.line}: " if each.line else ""
                answer(f"      {one_line(place + each.message)}")
                if each.command:
                    answer(f"        {one_line(each.command)}")
        comment(
            f"{len(QUESTIONS) - len({each.question for each in found.findings})} of {len(QUESTIONS)} answered; it is {found.state}"
        )
    if found.findings:
        raise typer.Exit(ExitCode.INVALID)


def _of(findings: tuple[Finding, ...], question: str) -> list[Finding]:
    return [each for each in findings if each.question == question]


def _finding(each: Finding) -> dict[str, Any]:
    return {"message": each.message, "line": each.line, "command": each.command}


@below(review, "set")
def set_(
    ctx: typer.Context,
    reference: opt.Reference = None,
    incident: opt.Incident = None,
    owner: Owner = None,
    reviewer: Reviewer = None,
    due: Due = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
) -> None:
    r"""Give a review another owner, reviewer or day.

    \b
    incident review set 1123-01 --reviewer carol --due 7d
    """
    from okb_incident.workflow.review.advance_review import edit_people
    from okb_incident.workflow.review.review import People

    session = start(ctx, who)
    path, given = edit_people(session, incident or reference, People(owner, reviewer, due), ask=asker(ctx))
    if as_json:
        answer_json({"path": path, **given})
    else:
        answer(one_line(f"{path}: {', '.join(f'{key} {value}' for key, value in given.items())}"))
    for note in session.recovered:
        comment(note)


def _step(verb: str, to: str, text: str) -> None:
    """Make one of the commands that bring a review on; they differ in name, state and help alone."""

    def run(
        ctx: typer.Context,
        words: opt.Words = None,
        incident: opt.Incident = None,
        force: Annotated[bool, typer.Option("--force", help="In spite of what is missing; needs a reason.")] = False,
        reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why.")] = None,
        who: opt.Who = None,
        as_json: opt.Json = False,
        dry_run: opt.DryRun = False,
    ) -> None:
        from okb_incident.workflow.review.advance_review import move

        session = start(ctx, who)
        changed = move(
            session, words or [], to, reference=incident, force=force, reason=reason, dry_run=dry_run, ask=asker(ctx)
        )
        answer_changed(session, changed, as_json=as_json, dry_run=dry_run)

    below(review, verb, text=text)(run)


_step(
    "submit",
    IN_REVIEW,
    "Give a draft to its reviewer.\n\nIt needs an owner and a summary.\n\n\\b\nincident review submit 1123-01",
)
_step(
    "approve",
    REVIEWED,
    "Say that it was read and is good.\n\nNot by its author, and with every follow-up somebody's, by a day.\n\n\\b\n"
    'incident review approve 1123-01\nincident review approve 1123-01 --force --reason "the team is dissolved"',
)
_step("close", CLOSED, "Put a review to rest that was read.\n\n\\b\nincident review close 1123-01")


@below(review, "feedback")
def feedback(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[REF] SCORE [TEXT]…", help="1 (bad) to 5 (good), and a sentence.")
    ] = None,
    incident: opt.Incident = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
) -> None:
    r"""Say in a number how the response went, if you took part.

    With a sentence, if you like. Of fewer than five numbers no mean is ever shown.

    \b
    incident review feedback 1123-01 4 the roles were clear
    """
    from okb_incident.workflow.review.advance_review import feedback as add

    session = start(ctx, who)
    path, line = add(session, words or [], reference=incident, ask=asker(ctx))
    if as_json:
        answer_json({"path": path, "line": line})
    else:
        answer(one_line(f"{path}: {line}"))


@below(review, "edit")
def edit(
    ctx: typer.Context, reference: opt.Reference = None, incident: opt.Incident = None, who: opt.Who = None
) -> None:
    r"""Open a review in your editor.

    \b
    incident review edit 1123-01
    """
    from okb_incident.workflow.care.edit_note import edit_file
    from okb_incident.workflow.review.review import check as hold

    session = start(ctx, who)
    found = hold(session, incident or reference, ask=asker(ctx))
    which = found.record.incident.id.text
    edit_file(session, found.path, again=f"incident review edit {which}")
    found = hold(session, which)
    comment(f"{found.path} is {found.state}; {len(found.findings)} findings: incident review check {which}")


@below(review, "list")
def list_(
    ctx: typer.Context,
    everything: Annotated[bool, typer.Option("--all", "-a", help="Those that are closed too.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those whose day has passed.")] = False,
    check_it: Annotated[bool, typer.Option("--check", help="Exit with 9 if one is overdue; for cron.")] = False,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""List the reviews that are owed or on their way.

    The next day first, with how much each lacks.

    \b
    incident review list
    incident review list --overdue --check
    """
    from okb_incident.workflow.review.review_list import list_reviews

    session = start(ctx)
    found = list_reviews(session, everything=everything, overdue=overdue, restricted=restricted)
    if as_json:
        answer_json(
            [
                {
                    "id": each.incident.id.text,
                    "title": each.incident.title,
                    "state": each.state,
                    "path": each.path,
                    "owner": each.owner,
                    "reviewer": each.reviewer,
                    "due": each.due,
                    "overdue": each.is_overdue,
                    "findings": each.findings,
                }
                for each in found
            ]
        )
    elif found:
        show_rows(
            ("incident", "review", "due", "owner", "reviewer", "findings", "title"),
            [
                (
                    each.incident.id.text,
                    "OVERDUE"
                    if each.is_overdue and each.state == "owed"
                    else f"{each.state}{' OVERDUE' if each.is_overdue else ''}",
                    each.due or "–",
                    each.owner or "–",
                    each.reviewer or "–",
                    "–" if each.findings is None else str(each.findings),
                    each.incident.title,
                )
                for each in found
            ],
        )
    else:
        comment("no review is overdue" if overdue else "no review is owed; --all shows those that are done")
    if check_it and any(each.is_overdue for each in found):
        raise typer.Exit(ExitCode.DUE)
