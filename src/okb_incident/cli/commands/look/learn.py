"""The commands that learn from the past: report, lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.output import answer, comment
from okb_incident.cli.screen.forms import is_terminal
from okb_incident.cli.shapes import COUNT, DOCUMENTATION, NUMBER, TEXT, TRUTH, by_name, list_of, maybe, record
from okb_incident.cli.verb import reading
from okb_incident.command import Command, Sentence
from okb_incident.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call

_LESSON = record(text=TEXT, count=COUNT, incidents=list_of(TEXT))
LESSONS = record(
    lessons=list_of(
        record(
            text=TEXT,
            count=COUNT,
            incidents=list_of(TEXT),
            note=maybe(TEXT),
            path=maybe(TEXT),
            last=maybe(TEXT),
            follow_up_done=TRUTH,
        )
    ),
    went_badly=list_of(_LESSON),
    training=list_of(_LESSON),
    tool_gaps=list_of(_LESSON),
    tools=by_name(record(helped=COUNT, hindered=COUNT)),
    roles_of_one_person=by_name(TEXT),
    follow_ups=list_of(record(kind=TEXT, total=COUNT, done=COUNT, given_up=COUNT, overdue=COUNT)),
    reviews=list_of(record(month=TEXT, count=COUNT, findings_median=NUMBER)),
    feedback=record(voices=COUNT, mean=maybe(NUMBER)),
    documentation=maybe(DOCUMENTATION),
    a_year_ago=list_of(TEXT),
)


@reading("report", opt.RESTRICTED, without=[opt.INCIDENT, opt.JSON])
def report(
    call: Call,
    week: Annotated[str | None, typer.Option("--week", metavar="W", help="A week: 2026-W48, last or this.")] = None,
    last: Annotated[str | None, typer.Option("--last", metavar="SPAN", help="The time until now: 7d, 4w.")] = None,
    first_day: Annotated[str | None, typer.Option("--from", metavar="D", help="The first day: 2026-11-01.")] = None,
    end_day: Annotated[str | None, typer.Option("--to", metavar="D", help="The day after the last one.")] = None,
    where: opt.Where = None,
    save: Annotated[bool, typer.Option("--save", help="Save the report as a note in the vault.")] = False,
    form: Annotated[str, typer.Option("--format", metavar="F", help="The format: text, markdown or json.")] = "text",
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 5 if a note could not be counted.")] = False,
    as_json: opt.Json = False,
) -> Answer:
    r"""Report on the incidents of a period.

    By default this week. Each figure shows how many incidents it covers, how many are open and how many lack a time.

    \b
    incident report
    incident report --week last --save
    incident report --from 2026-10-01 --to 2027-01-01 --json
    """
    from okb_incident.workflow.look.formats import REPORT_FORMATS, report_document, report_page
    from okb_incident.workflow.look.report import TypedPeriod, make_report, save_report

    form = "json" if as_json else form
    if form not in REPORT_FORMATS:
        raise UsageError(
            f"unknown --format {form!r}; choose from {', '.join(REPORT_FORMATS)}",
            field="--format",
            value=form,
            allowed=REPORT_FORMATS,
        )
    if save and call.shared.restricted:
        raise UsageError(
            "--save and --restricted do not go together: a saved report is read by everyone",
            field="--save",
            hint=Sentence(Command("report", options=("--restricted",)), " prints it for those who may know"),
        )
    made = make_report(call, TypedPeriod(week, last, first_day, end_day), where or [])
    if form == "json":
        print(report_document(call.session, made, "json"))
    elif form == "text" and is_terminal():
        from okb_incident.cli.screen.device import print_rows
        from okb_incident.cli.screen.report import report_rows

        print_rows(report_rows(report_page(made)))
    else:
        answer(report_document(call.session, made, form))
    if save:
        comment(f"saved {save_report(call, made)}")
    wrong = made.problems or any(each.anomalous for each in made.measurements)
    return Answer(problems=made.problems, code=ExitCode.INVALID if strict and wrong else ExitCode.OK)


@reading("lessons", opt.RESTRICTED, without=[opt.INCIDENT], answers=LESSONS)
def lessons(call: Call, where: opt.Where = None) -> Answer:
    r"""Collect the lessons learned from all incidents.

    Lessons that are notes come first, those learned most often at the top, then lessons that are lines of reviews. Training needs, tools
    that helped or hindered, progress of follow-ups, and incidents of a year ago follow.

    \b
    incident lessons
    incident lessons --where severity=sev1
    incident lessons --where services~checkout > "operations/Lessons of checkout.md"
    """
    from okb_incident.workflow.look.formats import lessons_document, lessons_object
    from okb_incident.workflow.review.lessons import lessons as gather

    found = gather(call, where or [])
    text = lessons_document(found.lessons)
    return Answer(
        lessons_object(call.session, found.lessons),
        lines=[text] if text else (),
        hints=() if text else ["no review and no follow-up says anything yet; incident review new drafts one"],
        problems=found.problems,
    )
