"""The command check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.output import comment, problem_object
from okb_incident.cli.screen.forms import is_terminal
from okb_incident.cli.screen.view import PageView
from okb_incident.cli.shapes import DOCUMENTATION, list_of
from okb_incident.cli.verb import reading
from okb_incident.command import Command, Sentence
from okb_incident.core.text.terminal_text import one_line
from okb_incident.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.values.problem import Problem
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.look.report import TypedPeriod


@reading("check", opt.RESTRICTED, answers={**list_of({"$ref": "#/$defs/problem"}), "x-with-trend": DOCUMENTATION})
def check(
    call: Call,
    fix: Annotated[bool, typer.Option("--fix", help="Repair what can be repaired safely.")] = False,
    move: Annotated[bool, typer.Option("--move", help="With --fix: move renamed notes back to their place.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Include notes of other types.")] = False,
    codes: Annotated[
        list[str] | None, typer.Option("--code", metavar="CODE", help="Only findings of this code.")
    ] = None,
    by_month: Annotated[bool, typer.Option("--trend", help="Count findings by month of declaration.")] = False,
    last: Annotated[
        str | None, typer.Option("--last", metavar="SPAN", help="Only incidents of the time until now: 90d, 12w.")
    ] = None,
    first_day: Annotated[
        str | None, typer.Option("--from", metavar="D", help="The first day of declaration: 2026-09-01.")
    ] = None,
    end_day: Annotated[str | None, typer.Option("--to", metavar="D", help="The day after the last one.")] = None,
) -> Answer:
    r"""Check the notes for mistakes.

    Exit code 5: there are findings; docs/check.md explains each code. Notes of other types are only counted without `--all`. `--fix`
    records changes of properties by hand in the timeline, updates tags, aliases and headings from the properties, and repairs lines in a
    wrong encoding; undo reverts it. With an incident, only its notes are checked, and `--fix` renumbers the later one of two items with
    the same name. `--fix --move` moves renamed notes and their linked notes back, and updates links in our notes.

    `--trend` counts the findings by the month in which the incidents were declared, of the last twelve months or of the period that is
    chosen, and names the kinds that grow. It ends with 0 whatever it finds.

    \b
    incident check
    incident check --fix
    incident check --fix INC-20261123-01
    incident check --trend
    incident check --code timeline --from 2026-09-01
    """
    from okb_incident.workflow.care.check import HINTS, check_vault, of_incident
    from okb_incident.workflow.look.report import TypedPeriod

    typed = TypedPeriod(None, last, first_day, end_day)
    if by_month:
        if call.reference is not None:
            raise UsageError(
                "--trend counts all incidents and takes none by name",
                field="--trend",
                hint=Command("check", options=("--trend",)),
            )
        _goes_alone("--trend", {"--fix": fix, "--move": move, "--all": everything, "--code": bool(codes)})
        return _trend(call, typed)
    if move:
        _bring_home(call, fix=fix)
    if fix:
        _goes_alone(
            "--fix", {"--code": bool(codes), "--last": bool(last), "--from": bool(first_day), "--to": bool(end_day)}
        )
        _mend(call, everything=everything)
    checked = check_vault(call) if call.reference is None else of_incident(call)
    if codes or any(typed):
        from okb_incident.workflow.care.check_trend import selected

        checked = selected(call, checked, codes or [], typed)
    problems = [*checked.problems, *(checked.foreign if everything else ())]
    findings = [problem for problem in problems if problem.code not in HINTS]
    return Answer(
        [problem_object(problem) for problem in problems],
        lines=[
            *(Sentence(one_line(str(one)), *(("  [", one.hint, "]") if one.hint else ())) for one in problems),
            _counted(len(findings), len(problems) - len(findings)),
        ],
        notes=_not_ours(checked.foreign) if checked.foreign and not everything else (),
        code=ExitCode.INVALID if findings else ExitCode.OK,
    )


def _goes_alone(name: str, others: dict[str, bool]) -> None:
    for other, is_typed in others.items():
        if is_typed:
            raise UsageError(
                f"{name} and {other} exclude each other; {_ABOUT[name]}",
                field=other,
                hint=Command("check", options=(name,)),
            )


_ABOUT = {
    "--trend": "--trend only counts, and it counts the findings of all codes in the notes of incidents",
    "--fix": "--fix repairs whatever it can, of all findings",
}


def _trend(call: Call, typed: TypedPeriod) -> Answer:
    from okb_incident.workflow.care.check_trend import trend
    from okb_incident.workflow.look.formats import documentation_document, documentation_object, documentation_page

    found = trend(call, typed)
    page = documentation_page(found, call.session.zone_name, bars=is_terminal())
    return Answer(
        documentation_object(call.session, found),
        table=PageView(page, documentation_document(call.session, found)),
    )


def _mend(call: Call, *, everything: bool) -> None:
    """Repair what can be repaired without a doubt, and comment on it next to the answer."""
    from okb_incident.workflow.care import check_body
    from okb_incident.workflow.care.check_text import fix_vault
    from okb_incident.workflow.care.doubled_names import renumber

    for path, lines in fix_vault(call, foreign=everything):
        comment(one_line(f"{path}: {lines} line{'s' if lines > 1 else ''} repaired"))
    for path, said in check_body.mend(call):
        comment(one_line(f"{path}: {said or 'tags, aliases or heading follow the properties'}"))
    if call.reference is not None:
        changed = renumber(call)
        for text in (changed.change.said, *changed.notes):
            if text:
                comment(Sentence(f"{changed.incident.id}: ", text))


def _not_ours(foreign: Sequence[Problem]) -> list[Sentence]:
    """Return the one line on findings in notes that are not ours."""
    notes = len({each.path for each in foreign})
    findings = f"{len(foreign)} finding{'s' if len(foreign) > 1 else ''}"
    where = f"{notes} notes that are" if notes > 1 else "1 note that is"
    return [Sentence(f"{findings} in {where} not ours: ", Command("check", options=("--all",)))]


def _counted(findings: int, hints: int) -> str:
    said = f"{findings} finding{'s' if findings > 1 else ''}" if findings else "nothing is wrong"
    return f"{said}, {hints} hint{'s' if hints > 1 else ''}" if hints else said


def _bring_home(call: Call, *, fix: bool) -> None:
    """Move the notes home, and comment on what was moved and what was left."""
    if not fix:
        raise UsageError(
            "--move changes notes and needs --fix",
            field="--move",
            hint=Command(
                "check",
                options=("--fix", "--move"),
            ),
        )
    from okb_incident.workflow.care.bring_home import bring_home

    done = bring_home(call)
    for path, to in done.moved:
        comment(one_line(f"{path} moved to {to}"))
    for path, lines in done.rewritten:
        comment(one_line(f"{path}: links in {lines} line{'s' if lines > 1 else ''} rewritten"))
    for path, line in done.foreign:
        comment(one_line(f"{path}:{line}: a link leads to the old name; the note is not ours and is left as it is"))
    for path, reason in done.left:
        comment(one_line(f"{path} stays where it is: {reason}"))
    for note in done.notes:
        comment(note)
