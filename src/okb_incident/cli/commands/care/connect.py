"""The commands that meet other tools: import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.outcome import written
from okb_incident.cli.output import problem_object
from okb_incident.cli.shapes import TEXT, list_of, maybe, record, writing_record
from okb_incident.cli.verb import writing

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call


@writing(
    "import cstate",
    without=[opt.INCIDENT, opt.WHO],
    answers=writing_record(
        created=list_of(record(source=TEXT, path=maybe(TEXT))),
        known=list_of(TEXT),
        passed=list_of(TEXT),
        problems=list_of({"$ref": "#/$defs/problem"}),
    ),
)
def import_cstate(
    call: Call,
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder with the notes of the status page.")],
) -> Answer:
    r"""Import incidents of a cState status page.

    Running it again changes nothing.

    \b
    incident import cstate ~/status/content/issues
    incident import cstate ~/status/content/issues --dry-run
    incident import cstate ~/status/content/issues --json
    """
    from okb_incident.workflow.care.import_cstate import import_cstate as run

    done = run(call, folder)
    would = "would be " if call.dry_run else ""
    value = {
        "created": [{"source": source, "path": path or None} for source, path in done.created],
        "known": list(done.known),
        "passed": list(done.passed),
        "problems": [problem_object(problem) for problem in done.problems],
    }
    return Answer(
        written(value, call.session, done.committed, done.notes),
        lines=[
            f"{would}imported {len(done.created)}; already known {len(done.known)}; not incidents {len(done.passed)}"
        ],
        hints=map(str, done.problems),
    )
