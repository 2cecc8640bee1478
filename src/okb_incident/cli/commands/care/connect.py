"""The commands that meet other tools: import."""

from __future__ import annotations

from typing import Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.output import answer, answer_json, comment, problem_lines, problem_object
from okb_incident.cli.registry import APPS
from okb_incident.cli.run import start

import_ = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Bring in incidents that another tool has kept.",
)
APPS["import"] = import_


@import_.callback()
def _import() -> None:
    """Bring in incidents that another tool has kept."""


@import_.command("cstate")
def import_cstate(
    ctx: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder that holds the notes of the status page.")],
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    """Bring in the incidents of a status page kept with cState.

    Running it again changes nothing.
    """
    from okb_incident.workflow.care.import_cstate import import_cstate as run

    session = start(ctx)
    done = run(session, folder, dry_run=dry_run)
    for note in done.notes:
        comment(note)
    if as_json:
        answer_json(
            {
                "created": [{"source": source, "path": path or None} for source, path in done.created],
                "known": list(done.known),
                "passed": list(done.passed),
                "problems": [problem_object(problem) for problem in done.problems],
            },
        )
        return
    would = "would be " if dry_run else ""
    answer(f"{len(done.created)} {would}imported, {len(done.known)} known already, {len(done.passed)} no incidents")
    problem_lines(done.problems, as_json=False)
