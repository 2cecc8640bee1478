"""The commands from the first sign on: open, confirm, decline, merge, relate."""

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import answer_changed, answer_opened
from okb_incident.cli.choice import asker, question
from okb_incident.cli.output import comment
from okb_incident.cli.registry import command
from okb_incident.cli.run import start

if TYPE_CHECKING:
    from okb_incident.core.incident.incident import Incident
    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.lifecycle.opening import Opening
    from okb_incident.workflow.session import Session


COLOURS = ("red", "amber+strict", "amber", "green", "clear")


@command("open")
def open_(
    ctx: typer.Context,
    title: Annotated[list[str] | None, typer.Argument(metavar="TITLE…", help="What is wrong, in a few words.")] = None,
    severity: Annotated[
        str | None,
        typer.Option(
            "--severity", "-s", metavar="SEV", help="sev1 … sev4; if unsure, the higher.", autocompletion=opt.SEVERITIES
        ),
    ] = None,
    service: Annotated[
        list[str] | None,
        typer.Option("--service", metavar="S", help="A service it hits; may be repeated.", autocompletion=opt.SERVICES),
    ] = None,
    category: Annotated[
        str | None,
        typer.Option("--category", help="system, security, performance or service.", autocompletion=opt.CATEGORIES),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", "--detected-by", help="Who noticed it: monitoring, user, system or security."),
    ] = None,
    reporter: Annotated[
        str | None, typer.Option("--reporter", metavar="WHO", help="Who reported it.", autocompletion=opt.PEOPLE)
    ] = None,
    started: Annotated[str | None, typer.Option("--started", metavar="T", help="When the impact began.")] = None,
    detected: Annotated[str | None, typer.Option("--detected", metavar="T", help="When it was noticed.")] = None,
    declared: Annotated[
        str | None, typer.Option("--declared", metavar="T", help="When it was declared; else now.")
    ] = None,
    resolved: Annotated[
        str | None, typer.Option("--resolved", metavar="T", help="Of one that is over: when that was.")
    ] = None,
    ack: Annotated[bool, typer.Option("--ack", help="Take it at once.")] = False,
    drill: Annotated[bool, typer.Option("--drill", help="It is an exercise: listed, and never measured.")] = False,
    recurrence_of: Annotated[
        str | None,
        typer.Option("--recurrence-of", metavar="REF", help="The incident that is back.", autocompletion=opt.INCIDENTS),
    ] = None,
    pairs: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Any other property; may be repeated.", autocompletion=opt.PAIRS
        ),
    ] = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Open an incident; a title is enough.

    \b
    incident open Checkout is slow
    incident open "Checkout latency" -s sev2 --service checkout --detected -4m
    incident open "Keys in a public repository" -s sev1 --category security --set tlp=red
    incident open "Checkout was down" -s sev2 --started 01:50 --resolved 02:40
    incident open "Failover of the database" -s sev2 --drill
    """
    from okb_incident.workflow.lifecycle.open_incident import open_incident
    from okb_incident.workflow.lifecycle.opening import Opening

    session = start(ctx, who)
    opening = Opening(
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
        recurrence_of=_id_of(session, recurrence_of) if recurrence_of else None,
        pairs=pairs or [],
    )
    if category and not dry_run:
        opening = _asked(ctx, session, opening)
    opened = open_incident(session, title or [], opening, dry_run=dry_run)
    answer_opened(session, opened, as_json=as_json, dry_run=dry_run)
    if not dry_run:
        _say_alike(session, opened.incident)


def _asked(ctx: typer.Context, session: "Session", opening: "Opening") -> "Opening":
    """Ask for what the category cannot do without and nobody has said, where there is somebody to ask."""
    ask = question(ctx)
    if ask is None or opening.category is None:
        return opening
    category = session.vault.settings.policy.category(opening.category.lower())
    if "services" in category.requires and not opening.services:
        reply = ask("which services does it hit? (Enter leaves it open) ")
        opening = opening._replace(services=[each.strip() for each in (reply or "").split(",") if each.strip()])
    if category.tlp and not any(pair.startswith("tlp=") for pair in opening.pairs):
        reply = ask("who may know of it? TLP: red, amber, green or clear (Enter leaves it open) ", COLOURS)
        opening = opening._replace(pairs=[*opening.pairs, f"tlp={reply}"]) if reply else opening
    return opening


def _id_of(session: "Session", reference: str) -> str:
    from okb_incident.workflow.reference import find_target

    return find_target(session, reference, verb="open", fits=lambda _: False).id.text


def _say_alike(session: "Session", incident: "Incident") -> None:
    """Hint at incidents that are likely the same; what is a hint may be missing."""
    from okb_incident.workflow.lifecycle.likeness import likely_same

    if not incident.restricted:
        for line in likely_same(session, incident):
            comment(line)


def _answer_all(session: "Session", found: "list[Changed]", *, as_json: bool, dry_run: bool) -> None:
    for changed in found:
        answer_changed(session, changed, as_json=as_json, dry_run=dry_run, last=changed is found[-1])


@command("confirm")
def confirm(
    ctx: typer.Context,
    words: opt.Words = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Say that it is real; who confirms it need not lead it.

    \b
    incident confirm three customers see it too
    """
    from okb_incident.workflow.lifecycle.advance import confirm as confirm_it

    session = start(ctx, who)
    changed = confirm_it(session, words or [], reference=incident, at=at, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("decline")
def decline(
    ctx: typer.Context,
    words: opt.Words = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why it is none.")] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Set a false alarm aside.

    \b
    incident decline 1123-01 the probe was wrong, the site was up
    """
    from okb_incident.workflow.lifecycle.advance import set_aside

    session = start(ctx, who)
    typed = [*(words or []), *([reason] if reason else [])]
    changed = set_aside(session, "decline", typed, reference=incident, at=at, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("merge")
def merge(
    ctx: typer.Context,
    references: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FROM… [INTO]", help="Those that go in, and the one they go into.", autocompletion=opt.INCIDENTS
        ),
    ] = None,
    into: Annotated[str | None, typer.Option("--into", metavar="REF", help="The one they go into.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take one out again that was merged.")] = False,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why.")] = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Make one of several incidents that are the same.

    Both notes stay, and it can be undone.

    \b
    incident merge 02 01
    incident merge 02 03 04 --into 01
    incident merge --undo 02
    """
    from okb_incident.errors import UsageError
    from okb_incident.workflow.lifecycle import merge as merging

    session = start(ctx, who)
    names = references or []
    if undo:
        if len(names) != 1:
            raise UsageError("which one is taken out again? such as: incident merge --undo 02", field="REF")
        found = merging.unmerge(session, names[0], reason=reason or "", at=at, dry_run=dry_run)
    else:
        found = merging.merge(session, names, into=into, reason=reason or "", at=at, dry_run=dry_run)
    _answer_all(session, found, as_json=as_json, dry_run=dry_run)


@command("relate")
def relate(
    ctx: typer.Context,
    references: Annotated[
        list[str] | None, typer.Argument(metavar="REF REF", help="The two.", autocompletion=opt.INCIDENTS)
    ] = None,
    recurrence: Annotated[bool, typer.Option("--recurrence", help="The first is the second, which is back.")] = False,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Say that two incidents belong together.

    \b
    incident relate 02 01
    incident relate --recurrence last 1116-01
    """
    from okb_incident.workflow.lifecycle import merge as merging

    session = start(ctx, who)
    found = merging.relate(session, references or [], recurrence=recurrence, at=at, dry_run=dry_run)
    _answer_all(session, found, as_json=as_json, dry_run=dry_run)
