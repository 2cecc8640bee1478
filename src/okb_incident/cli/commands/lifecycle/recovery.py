"""The commands from the impact to its end: contain, restore, expect, data-loss, verify, resolve, close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.verb import writing

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident

Text = str | None


@writing("contain", opt.AT, opt.CORRECT)
def contain(call: Call) -> ChangedIncident:
    r"""Mark an incident as contained.

    It cannot spread further; the status does not change.

    \b
    incident contain
    incident contain the account is locked, its keys are revoked
    incident contain 1123-01 --at -10m
    """
    from okb_incident.workflow.lifecycle import recovery

    return recovery.contain(call)


@writing("restore", opt.AT, words=opt.WordsHelp("The services; by default all affected ones."))
def restore(call: Call) -> ChangedIncident:
    r"""Mark services as restored.

    \b
    incident restore
    incident restore checkout payments-api
    incident restore 1123-01 checkout --at -5m
    """
    from okb_incident.workflow.lifecycle import recovery

    return recovery.restore(call)


@writing("expect", words=opt.WordsHelp("The time (40m, 14:30) and the reason."))
def expect(call: Call) -> ChangedIncident:
    r"""Set the expected recovery time.

    Each expectation stays in the timeline.

    \b
    incident expect 40m the index is being built
    incident expect 14:30
    incident expect 1123-01 2h waiting for the provider
    """
    from okb_incident.workflow.lifecycle import recovery

    return recovery.expect(call)


@writing("data-loss", opt.AT, words=opt.WordsHelp("Whether data was lost: none, some or unknown; and a note."))
def data_loss(
    call: Call,
    since: Annotated[Text, typer.Option("--since", metavar="T", help="Since when data is lost.")] = None,
    restored_from: Annotated[
        Text, typer.Option("--from", metavar="TEXT", help="The source of the restored data.")
    ] = None,
) -> ChangedIncident:
    r"""Record whether data was lost.

    \b
    incident data-loss none
    incident data-loss unknown the backup is being compared
    incident data-loss some --since 01:35 --from "the backup of 01:30"
    """
    from okb_incident.workflow.lifecycle import recovery

    return recovery.data_loss(call, since, restored_from)


@writing(
    "verify",
    opt.AT,
    words=opt.WordsHelp(
        "The kind (action, solution, recovery, documentation) or the name (v1) of the check, what was checked, and ok or fail."
    ),
)
def verify(
    call: Call,
    evidence: Annotated[Text, typer.Option("--evidence", metavar="TEXT", help="The evidence.")] = None,
    cmd: Annotated[
        Text, typer.Option("--cmd", metavar="CMD", help="Run a command as the check; exit code 0 passes.")
    ] = None,
    value: Annotated[
        Text, typer.Option("--value", metavar="N", help="The value of the metric, compared with its baseline.")
    ] = None,
) -> ChangedIncident:
    r"""Record a verification check and its evidence.

    The first passing recovery check proves the recovery; the first one by the commander confirms it.

    \b
    incident verify recovery "errors below 0.1 % for 30 min" ok --evidence "0.02 %"
    incident verify v1 ok
    incident verify solution "the pool is large again" --cmd "psql -c 'show max_connections'"
    incident verify recovery --value 431 ok
    """
    from okb_incident.workflow.timeline.verify import Proof
    from okb_incident.workflow.timeline.verify import verify as verify_it

    return verify_it(call, Proof(evidence, cmd, value))


@writing("resolve", opt.AT, opt.CORRECT)
def resolve(
    call: Call,
    summary: Annotated[Text, typer.Option("--summary", metavar="TEXT", help="What happened.")] = None,
    cause: Annotated[
        Text, typer.Option("--cause", metavar="WORD", help="The cause: change, capacity, dependency …")
    ] = None,
    trigger: Annotated[Text, typer.Option("--trigger", metavar="TEXT", help="The trigger.")] = None,
    fix: Annotated[Text, typer.Option("--fix", metavar="TEXT", help="The permanent fix.")] = None,
    workaround: Annotated[
        Text, typer.Option("--workaround", metavar="TEXT", help="The workaround until the fix.")
    ] = None,
    data_loss: Annotated[
        Text, typer.Option("--data-loss", metavar="WORD", help="Whether data was lost: none, some or unknown.")
    ] = None,
) -> ChangedIncident:
    r"""Resolve an incident.

    On a terminal it asks for the summary, the cause and the fix if the note lacks them; press Enter to skip a question.

    \b
    incident resolve
    incident resolve 1123-01 error rate normal for 30 min
    incident resolve --cause change --fix "4f2a rolled back" --summary "Card payments failed for 68 minutes."
    """
    from okb_incident.core.response.resolution import ResolutionDetails
    from okb_incident.workflow.lifecycle.resolve import resolve as resolve_it

    return resolve_it(call, ResolutionDetails(summary, cause, trigger, fix, workaround, data_loss))


@writing("close", opt.AT, opt.CORRECT, opt.force(), opt.reason())
def close(call: Call) -> ChangedIncident:
    r"""Close a resolved incident.

    The requirements of the policy must be satisfied. On a terminal you are asked for what is missing and yours to add; the rest is listed
    with the command for each requirement and the person who has to run it.

    \b
    incident close
    incident close 1123-01
    incident close 1123-01 --force --reason "the review is in another vault"
    """
    from okb_incident.workflow.lifecycle.resolve import close as close_it

    if call.question is not None and not call.shared.force:
        from okb_incident.cli.carry_out import meet_requirements

        call = meet_requirements(call)
    return close_it(call)
