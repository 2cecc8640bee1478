"""The commands during the response: log, console, amend, run."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answer_times import with_times
from okb_incident.cli.answers import Answer, place
from okb_incident.cli.output import answer, comment, show_error
from okb_incident.cli.verb import reading, writing

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident


@writing(
    "log",
    opt.AT,
    opt.EXTERNAL,
    words=opt.WordsHelp("What happened; a kind may come first (decision:, impact:)."),
    context_settings={"ignore_unknown_options": True},
)
def log(
    call: Call,
    file: Annotated[
        str | None, typer.Option("--file", metavar="PATH", help="A file as evidence; the entry records its digest.")
    ] = None,
    lines: Annotated[str | None, typer.Option("--lines", metavar="TEXT", hidden=True)] = None,
    below: Annotated[str | None, typer.Option("--below", metavar="TEXT", hidden=True)] = None,
) -> ChangedIncident | None:
    r"""Add a timeline entry.

    Without words on a terminal it reads entries until Ctrl-D and stamps each at Enter; behind a pipe, or with `-`, it adds what it reads.
    A kind may come first: decision, hypothesis, change, rollback, impact, evidence …

    \b
    incident log pool exhausted after deploy 4f2a
    incident log decision: roll back 4f2a --at -3m
    incident log hypothesis: the pool is too small
    incident log h1 confirmed
    incident log impact: checkout degraded, share 40% from 01:50
    incident log evidence: heap dump --file dump.hprof
    incident log tickets: 40
    """
    from okb_incident.workflow.timeline.log_entry import MOST_LINES, log_entry, log_lines

    if lines is not None:
        return log_lines(call, lines.splitlines())
    if file or call.words not in {(), ("-",)}:
        return log_entry(call, file, below)
    if not sys.stdin.isatty():
        if isinstance(sys.stdin, TextIOWrapper):
            # What is not UTF-8 is text all the same.
            sys.stdin.reconfigure(errors="surrogateescape")
        piped = list(islice(sys.stdin, MOST_LINES + 1))
        # They came through once: a command that is printed because of an error has to hold them.
        held = [("--lines", "".join(piped).strip("\r\n"))] if piped else []
        return log_lines(call.again((), call.reference, held), piped)
    if call.dry_run:
        return log_lines(call, ())
    _scribe(call)
    return None


def _scribe(call: Call) -> None:
    """Take down lines until the end of input; a line that is refused is shown again and the next one goes on."""
    from okb_incident.errors import OkbError
    from okb_incident.workflow.timeline.log_entry import log_entry

    comment("one line per entry; Ctrl-D ends")
    incident = None
    for line in sys.stdin:
        if not line.strip():
            continue
        now = call.again([line], incident)
        # An answer would be taken from the lines that follow.
        now.question = None
        try:
            changed = log_entry(now)
        except OkbError as error:
            show_error(error, as_json=False)
            continue
        incident = changed.incident.id.text
        answer(with_times(now.session, changed.change, typed=False)[0])
        for warning in changed.change.warnings:
            comment(warning)


@reading("console", without=[opt.JSON])
def console(call: Call) -> Answer:
    r"""Open a prompt on one incident.

    A line becomes a timeline entry with the time of Enter; /ack, /tell and other commands begin with a slash. /help lists them.

    \b
    incident console
    incident console last
    incident console 1123-01
    """
    from okb_incident.cli.console.console import open_console

    open_console(call)
    return Answer()


@writing("amend", words=opt.WordsHelp("The entry (02:16, e7 or mine) and its new text."))
def amend(call: Call) -> ChangedIncident:
    r"""Correct a timeline entry.

    The old text stays below the entry, struck through.

    \b
    incident amend mine the pool has 20 connections, not 200
    incident amend 02:16 every card payment fails in the EU
    incident amend 1123-01 e7 rolled back 4f2a, not 4f2b
    """
    from okb_incident.workflow.timeline.log_entry import amend_entry

    return amend_entry(call)


@writing(
    "run",
    without=[opt.JSON, opt.DRY_RUN],
    words=opt.WordsHelp("The command; it is run without a shell."),
    context_settings={"allow_interspersed_args": False},
)
def run(
    call: Call,
    way: Annotated[
        str | None,
        typer.Option("--as-change", metavar="WAY", help="The command changes the system: attempt, fix or rollback."),
    ] = None,
) -> Answer:
    r"""Run a command and record its result.

    The timeline gets the command, its exit code, its duration and its last lines; what looks like a secret is masked. The output passes
    through. The exit code is that of the command, 125 if the result could not be recorded, 127 if there is no such command.

    \b
    incident run -- kubectl get pods -n checkout
    incident run -i 01 -- systemctl status nginx
    incident run --as-change rollback -- kubectl rollout undo deploy/checkout
    """
    from okb_incident.workflow.timeline.run_command import run_command

    ran = run_command(call, way)
    if ran.failure is not None:
        show_error(ran.failure, as_json=False)
    if ran.changed is None:
        return Answer(code=ran.code)
    # The answer of the command itself is what belongs on stdout.
    said, _ = with_times(call.session, ran.changed.change, typed=False)
    return Answer(notes=[f"{said}{place(ran.changed.incident)}", *ran.changed.notes], code=ran.code)
