"""The commands from the first sign on: open, confirm, decline, merge, relate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer, opened
from okb_incident.cli.verb import writing

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident

Text = str | None
Texts = list[str] | None


@writing("open", opt.CONFIRM, without=[opt.INCIDENT], words=opt.WordsHelp("What is wrong, in a few words: the title."))
def open_(
    call: Call,
    severity: Annotated[
        Text,
        typer.Option(
            "--severity",
            "-s",
            metavar="SEV",
            help="The severity, sev1 to sev4; if unsure, the higher one.",
        ),
    ] = None,
    service: Annotated[
        Texts,
        typer.Option("--service", metavar="S", help="An affected service; may be repeated."),
    ] = None,
    category: Annotated[
        Text,
        typer.Option("--category", help="The category: system, security, performance or service."),
    ] = None,
    source: Annotated[
        Text,
        typer.Option(
            "--source", "--detected-by", help="The source: monitoring, user, system or security, which restricts it."
        ),
    ] = None,
    reporter: Annotated[Text, typer.Option("--reporter", metavar="WHO", help="The reporter.")] = None,
    started: Annotated[
        Text, typer.Option("--started", metavar="T", help="When the impact began.", rich_help_panel="Times")
    ] = None,
    detected: Annotated[
        Text, typer.Option("--detected", metavar="T", help="When the incident was noticed.", rich_help_panel="Times")
    ] = None,
    declared: Annotated[
        Text,
        typer.Option(
            "--declared", metavar="T", help="When the incident was declared; by default now.", rich_help_panel="Times"
        ),
    ] = None,
    resolved: Annotated[
        Text,
        typer.Option(
            "--resolved", metavar="T", help="When the incident ended, to record a past one.", rich_help_panel="Times"
        ),
    ] = None,
    ack: Annotated[bool, typer.Option("--ack", help="Acknowledge the incident at once.")] = False,
    drill: Annotated[bool, typer.Option("--drill", help="Mark a drill: listed, but not counted in reports.")] = False,
    recurrence_of: Annotated[
        Text,
        typer.Option("--recurrence-of", metavar="REF", help="The earlier incident that recurs."),
    ] = None,
    pairs: Annotated[
        Texts,
        typer.Option("--set", metavar="KEY=VALUE", help="Set another property; may be repeated."),
    ] = None,
) -> Answer:
    r"""Open (declare) an incident.

    A title is enough; all else can be added later. If you are unsure of the severity, choose the higher one.

    \b
    incident open Checkout is slow
    incident open "Checkout latency" -s sev2 --service checkout --detected -4m
    incident open "Keys in a public repository" -s sev1 --category security --set tlp=red
    incident open "Checkout was down" -s sev2 --started 01:50 --resolved 02:40
    """
    from okb_incident.workflow.lifecycle.open_incident import open_incident
    from okb_incident.workflow.lifecycle.opening import Opening

    done = open_incident(
        call,
        Opening(
            severity=severity,
            services=service or [],
            category=category,
            detected_by=source,
            started=started,
            detected=detected,
            declared=declared,
            ack=ack,
            reporter=reporter,
            drill=drill,
            resolved=resolved,
            recurrence_of=recurrence_of,
            pairs=pairs or [],
        ),
    )
    return opened(call, done)


@writing("confirm", opt.AT)
def confirm(call: Call) -> ChangedIncident:
    r"""Confirm that an incident is real.

    Confirming does not acknowledge the incident: someone else may lead it.

    \b
    incident confirm
    incident confirm three customers see it too
    incident confirm 1123-01 --at -5m
    """
    from okb_incident.workflow.lifecycle import advance

    return advance.confirm(call)


@writing("decline", opt.AT, opt.reason("Why it is a false alarm."))
def decline(call: Call) -> ChangedIncident:
    r"""Decline a false alarm.

    The incident is closed with the reason and is not counted in reports.

    \b
    incident decline the probe was wrong, the site was up
    incident decline 1123-01 a planned restart
    incident decline --reason "monitoring was misconfigured"
    """
    from okb_incident.workflow.lifecycle import advance

    return advance.decline(call)


@writing(
    "merge",
    opt.AT,
    opt.reason(),
    without=[opt.INCIDENT],
    words=opt.WordsHelp("The duplicates, and last the incident that they are merged into."),
)
def merge(
    call: Call,
    into: Annotated[
        Text, typer.Option("--into", metavar="REF", help="The incident that the duplicates are merged into.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Separate a merged duplicate again.")] = False,
) -> list[ChangedIncident]:
    r"""Merge duplicate incidents.

    All notes stay; the duplicates refer to the incident that they are merged into. `--undo` separates a duplicate again.

    \b
    incident merge 02 01
    incident merge 02 03 04 --into 01
    incident merge --undo 02
    """
    from okb_incident.workflow.lifecycle import merge as merging

    return merging.unmerge(call) if undo else merging.merge(call, into)


@writing("relate", opt.AT, without=[opt.INCIDENT], words=opt.WordsHelp("The two incidents."))
def relate(
    call: Call,
    recurrence: Annotated[
        bool, typer.Option("--recurrence", help="The first incident is a recurrence of the second.")
    ] = False,
) -> list[ChangedIncident]:
    r"""Link two related incidents.

    \b
    incident relate 02 01
    incident relate 1123-01 1116-02
    incident relate --recurrence last 1116-01
    """
    from okb_incident.workflow.lifecycle import merge as merging

    return merging.relate(call, recurrence=recurrence)
