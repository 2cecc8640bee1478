"""The commands on people: take, handoff, role, team, escalate, who."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import answer_changed
from okb_incident.cli.choice import asker
from okb_incident.cli.columns import show_rows
from okb_incident.cli.output import answer, answer_json
from okb_incident.cli.registry import below, command, group
from okb_incident.cli.run import start
from okb_incident.core.values.moment import rfc3339, seconds_between, show_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from okb_incident.workflow.response.who import Load


@command("take")
def take(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REF] [ROLE]", help="commander (unless said), tech, comms, scribe or responder."),
    ] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Take a role yourself.

    Whoever held it holds it no more; the answer names them, so that you can tell them.

    \b
    incident take
    incident take comms
    """
    from okb_incident.workflow.response import roles

    session = start(ctx, who)
    changed = roles.take(session, words or [], reference=incident, at=at, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("handoff")
def handoff(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REF] [ROLE] WHO TEXT…",
            help="Who holds it then, and what they must know.",
            autocompletion=opt.PEOPLE,
        ),
    ] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Hand a role over, with what the next one must know.

    Without a role it is the one that you hold.

    \b
    incident handoff dan "watch the error rate until 03:40"
    incident handoff 1123-01 comms carol "users are told until 03:00"
    """
    from okb_incident.workflow.response import roles

    session = start(ctx, who)
    changed = roles.hand_over(session, words or [], reference=incident, at=at, dry_run=dry_run, ask=asker(ctx))
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("role")
def role(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REF] ROLE [WHO]",
            help="commander, tech, comms, scribe or responder; and who.",
            autocompletion=opt.PEOPLE,
        ),
    ] = None,
    incident: opt.Incident = None,
    remove: Annotated[bool, typer.Option("--remove", help="Nobody holds it any more.")] = False,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Say who holds a role.

    \b
    incident role comms carol
    incident role 1123-01 responder erin
    incident role scribe --remove
    """
    from okb_incident.workflow.response import roles

    session = start(ctx, who)
    changed = roles.set_role(
        session, words or [], remove=remove, reference=incident, at=at, dry_run=dry_run, ask=asker(ctx)
    )
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


team = group("team", "Call teams, and say when they came and left.")


def _team_verb(verb: str, text: str) -> None:
    """Make one of the verbs of teams; they differ in name and help alone."""

    def run(
        ctx: typer.Context,
        words: Annotated[list[str] | None, typer.Argument(metavar="[REF] TEAM…", help="Which teams.")] = None,
        incident: opt.Incident = None,
        at: opt.At = None,
        who: opt.Who = None,
        as_json: opt.Json = False,
        dry_run: opt.DryRun = False,
    ) -> None:
        from okb_incident.workflow.response import teams

        session = start(ctx, who)
        changed = teams.move_teams(
            session, verb, words or [], reference=incident, at=at, dry_run=dry_run, ask=asker(ctx)
        )
        answer_changed(session, changed, as_json=as_json, dry_run=dry_run)

    below(team, verb, text=text)(run)


_team_verb(
    "activate",
    "Call teams: they were notified.\n\n\b\nincident team activate payments\nincident team activate support --at -5m",
)
_team_verb("joined", "Say that teams are here.\n\n\b\nincident team joined payments --at 02:20")
_team_verb("left", "Say that teams have gone.\n\n\b\nincident team left payments")


@below(team, "list")
def team_list(ctx: typer.Context, as_json: opt.Json = False) -> None:
    """List the teams of the settings, and how each is reached."""
    session = start(ctx)
    teams = session.vault.settings.policy.teams
    if as_json:
        answer_json(
            {
                name: {"kind": each.kind, "members": list(each.members), "contact": each.contact}
                for name, each in teams.items()
            }
        )
    elif teams:
        rows = [
            (name, each.kind or "–", ", ".join(each.members) or "–", each.contact or "–")
            for name, each in teams.items()
        ]
        show_rows(("team", "kind", "members", "contact"), rows)
    else:
        answer("the settings name no team; [teams.payments] in incident.toml does (docs/policy.md)")


@command("escalate")
def escalate(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[REF] [REASON]…", help="Which incident, and why.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="WHO", help="A person or a team.", autocompletion=opt.PEOPLE)
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why.")] = None,
    channel: Annotated[str | None, typer.Option("--via", metavar="TEXT", help="How they were reached.")] = None,
    incident: opt.Incident = None,
    at: opt.At = None,
    who: opt.Who = None,
    as_json: opt.Json = False,
    dry_run: opt.DryRun = False,
) -> None:
    r"""Call somebody further for help.

    \b
    incident escalate --to gita --reason "the pool limit needs the owner's word"
    incident escalate --to payments nobody answers on the first line --via phone
    """
    from okb_incident.workflow.response import teams

    session = start(ctx, who)
    changed = teams.escalate(
        session,
        words or [],
        to=to,
        reason=reason,
        channel=channel,
        reference=incident,
        at=at,
        dry_run=dry_run,
        ask=asker(ctx),
    )
    answer_changed(session, changed, as_json=as_json, dry_run=dry_run)


@command("who")
def who(ctx: typer.Context, restricted: opt.Restricted = False, as_json: opt.Json = False) -> None:
    """Show who is on what, those with the most first."""
    from okb_incident.workflow.response.who import who_is_on_what

    session = start(ctx)
    loads = who_is_on_what(session, restricted=restricted)
    if as_json:
        answer_json([_load_object(load) for load in loads])
        return
    if not loads:
        answer("nobody is on anything")
        return
    rows = [row for load in loads for row in _load_rows(load, session.now)]
    show_rows(("who", "load", "incident", "severity", "as", "for", "worked"), rows)


def _load_rows(load: Load, now: datetime) -> Iterator[tuple[str, ...]]:
    """Give a row for each incident that somebody is on; the first says how much it is in all."""
    name, count = load.person, str(len(load.duties))
    worked = show_seconds(load.minutes * 60) if load.minutes else ""
    for duty in load.duties:
        since = show_seconds(seconds_between(duty.since, now)) if duty.since else "–"
        severity = str(duty.incident.severity or "–")
        yield name, count, duty.incident.id.text, severity, ", ".join(duty.roles), since, worked
        name = count = worked = ""


def _load_object(load: Load) -> dict[str, Any]:
    return {
        "person": load.person,
        "load": len(load.duties),
        "minutes": load.minutes,
        "incidents": [
            {
                "id": duty.incident.id.text,
                "severity": duty.incident.severity.label if duty.incident.severity else None,
                "title": duty.incident.title,
                "roles": list(duty.roles),
                "since": rfc3339(duty.since) if duty.since else None,
            }
            for duty in load.duties
        ],
    }
