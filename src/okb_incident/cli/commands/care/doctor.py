"""The command doctor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.output import problem_object
from okb_incident.cli.shapes import COUNT, TEXT, list_of, maybe, record
from okb_incident.cli.verb import reading
from okb_incident.command import Sentence
from okb_incident.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.care.doctor import VaultSetup

PART = record(name=TEXT, problems=COUNT)
JOURNAL = record(machine=TEXT, entries=COUNT, files=COUNT, last=maybe(record(entry=TEXT, sha256=TEXT)), problems=COUNT)
SETUP = record(
    vault=TEXT,
    found_by=TEXT,
    zone=TEXT,
    lock=maybe(record(process=COUNT, since=TEXT, command=TEXT)),
    machine=TEXT,
    last_entry=maybe(TEXT),
    displaced_bytes=COUNT,
)
PRUNED = record(packed=COUNT, dropped=COUNT, freed=COUNT, late=list_of(TEXT))


@reading(
    "doctor",
    without=[opt.INCIDENT],
    answers=record(
        setup=maybe(SETUP),
        repaired=list_of(record(path=TEXT, code=TEXT, message=TEXT)),
        problems=COUNT,
        findings=list_of({"$ref": "#/$defs/problem"}),
        parts=list_of(PART),
        journals=list_of(JOURNAL),
        pruned=maybe(PRUNED),
    ),
)
def doctor(
    call: Call,
    fix: Annotated[bool, typer.Option("--fix", help="Repair overwritten, late and interrupted edits.")] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="PART", help="Look at one part: edits, journal, notes, settings or templates."),
    ] = None,
    machine: Annotated[
        str | None,
        typer.Option("--machine", metavar="NAME", help="Finish what another machine that shares the folder left."),
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Pack the journal's copies that are older than an hour.")
    ] = False,
    keep: Annotated[
        str | None,
        typer.Option(
            "--keep", metavar="SPAN", help="With --prune: delete older copies, such as 90d; they cannot be undone then."
        ),
    ] = None,
) -> Answer:
    r"""Check the vault and repair overwritten or interrupted edits.

    `doctor` looks at the set-up, at edits that another program overwrote or a crash interrupted, at the journal and its hashes, at the
    notes as `check` does, at the settings and at the templates. On a terminal it asks before each repair. Exit code 5: something is
    still wrong. The hash of the last journal entry, kept elsewhere, proves later that nothing before it was changed.

    \b
    incident doctor
    incident doctor --fix --machine web2
    incident doctor --only journal
    incident doctor --prune --keep 90d
    """
    if prune:
        return _pruned(call, keep)
    if keep:
        raise UsageError("--keep needs --prune", field="--keep", hint="incident doctor --prune --keep 90d")
    from okb_incident.workflow.care.health import PARTS, look_over

    for part in only or ():
        if part not in PARTS:
            raise UsageError(
                f"unknown part {part!r}; choose from {', '.join(PARTS)}", field="--only", value=part, allowed=PARTS
            )
    found = look_over(call, only or PARTS, fix=fix, machine=machine)
    problems = list(dict.fromkeys(problem for each in found for problem in each.problems))
    well = [] if problems or only else ["all is well"]
    return Answer(
        {
            "setup": next((_setup_object(each.setup) for each in found if each.setup), None),
            "repaired": [
                {"path": one.problem.path, "code": one.problem.code, "message": one.said}
                for each in found
                for one in each.repaired
            ],
            "problems": len(problems),
            "findings": [problem_object(problem) for problem in problems],
            "parts": [{"name": each.name, "problems": len(each.problems)} for each in found],
            "journals": [one._asdict() for each in found for one in each.journals],
            "pruned": None,
        },
        lines=[*(line for each in found for line in each.lines), *well],
        problems=problems,
        code=ExitCode.INVALID if problems else ExitCode.OK,
    )


def _setup_object(setup: VaultSetup) -> dict[str, Any]:
    """Return the set-up as a program reads it."""
    return {
        "vault": setup.vault,
        "found_by": setup.found_by,
        "zone": setup.zone,
        "lock": setup.lock._asdict() if setup.lock else None,
        "machine": setup.machine,
        "last_entry": setup.last_entry,
        "displaced_bytes": setup.displaced,
    }


def _pruned(call: Call, keep: str | None) -> Answer:
    """Pack or delete what the journal keeps of displaced files."""
    from okb_incident.command import Command
    from okb_incident.core.values.typed_moment import read_span
    from okb_incident.workflow.care.journal import prune_journal

    pruned = prune_journal(call.session, read_span(keep, "--keep") if keep else None)
    seen = "was saved into by an editor after a command had replaced it; see: "
    return Answer(
        {
            "setup": None,
            "repaired": [],
            "problems": 0,
            "findings": [],
            "parts": [],
            "journals": [],
            "pruned": pruned._asdict(),
        },
        lines=[f"packed files: {pruned.packed}; deleted copies: {pruned.dropped}; freed: {pruned.freed:,} bytes"],
        notes=[Sentence(f"{name} {seen}", Command("doctor")) for name in pruned.late],
    )
