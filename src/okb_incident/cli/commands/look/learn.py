"""The commands that learn from the past: report, lessons."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.output import answer, answer_json, comment, problem_lines
from okb_incident.cli.registry import command
from okb_incident.cli.run import start
from okb_incident.errors import ExitCode, UsageError

FORMATS = ("text", "markdown", "json")


@command("report")
def report(
    ctx: typer.Context,
    week: Annotated[str | None, typer.Option("--week", metavar="W", help="2026-W48, last, or this.")] = None,
    last: Annotated[str | None, typer.Option("--last", metavar="SPAN", help="The time up to now: 7d, 4w.")] = None,
    first_day: Annotated[str | None, typer.Option("--from", metavar="D", help="The first day: 2026-11-01.")] = None,
    end_day: Annotated[str | None, typer.Option("--to", metavar="D", help="The day after the last one.")] = None,
    where: opt.Where = None,
    save: Annotated[bool, typer.Option("--save", help="Write the report note into the vault.")] = False,
    form: Annotated[str, typer.Option("--format", metavar="F", help="text, markdown or json.")] = "text",
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 5 if a note could not be counted as it should.")
    ] = False,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""Report a week, honestly: n, open and missing beside every number.

    \b
    incident report
    incident report --week last --save
    incident report --from 2026-10-01 --to 2027-01-01 --json
    """
    from okb_incident.workflow.look.formats import report_document, report_on_terminal
    from okb_incident.workflow.look.report import make_report, save_report

    if form not in FORMATS:
        raise UsageError(
            f"--format {form!r} is none of {', '.join(FORMATS)}", field="--format", value=form, allowed=FORMATS
        )
    if save and restricted:
        raise UsageError(
            "--save and --restricted do not go together: a saved report is read by everyone",
            field="--save",
            hint="incident report --restricted > FILE, where only those may read it who may know",
        )
    session = start(ctx)
    made = make_report(
        session, week=week, last=last, first_day=first_day, end_day=end_day, where=where or [], restricted=restricted
    )
    if as_json or form == "json":
        print(report_document(made, "json"))
    elif form == "text" and sys.stdout.isatty():
        from rich.console import Console

        Console().print(report_on_terminal(made))
    else:
        answer(report_document(made, form))
    if save:
        comment(f"saved {save_report(session, made)}")
    problem_lines(made.problems, as_json=as_json)
    if strict and (made.problems or any(each.anomalous for each in made.measurements)):
        raise typer.Exit(ExitCode.INVALID)


@command("lessons")
def lessons(
    ctx: typer.Context, where: opt.Where = None, restricted: opt.Restricted = False, as_json: opt.Json = False
) -> None:
    r"""Gather what all incidents teach.

    Lessons, training needs, tools that helped and hindered, how far the follow-ups are, and a year ago today.

    \b
    incident lessons
    incident lessons --where services~checkout > "operations/Lessons of checkout.md"
    """
    from okb_incident.workflow.look.formats import lessons_document, lessons_object
    from okb_incident.workflow.review.lessons import lessons as gather

    session = start(ctx)
    found = gather(session, where=where or [], restricted=restricted)
    if as_json:
        answer_json(lessons_object(found))
    elif text := lessons_document(found):
        answer(text)
    else:
        comment("no review and no follow-up says anything yet; incident review new drafts one")
