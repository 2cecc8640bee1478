"""The commands on people: role, team, escalate, who."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.listing import Field, Listing, shape_of
from okb_incident.cli.shapes import COUNT, MOMENT, TEXT, list_of, maybe
from okb_incident.cli.verb import reading, writing
from okb_incident.core.values.moment import seconds_between, show_seconds
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.response.who import Duty, Load

Text = str | None


@writing(
    "role",
    opt.AT,
    words=opt.WordsHelp(
        "The role (commander, tech, comms, scribe, support, management or responder), the person (or me), and a note for them."
    ),
)
def role(
    call: Call,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the holder of the role.")] = False,
    take: Annotated[bool, typer.Option("--me", help="Take the role yourself; commander by default.")] = False,
    handoff: Annotated[
        bool, typer.Option("--handoff", help="Hand over with a note; by default the role that you hold.")
    ] = False,
) -> ChangedIncident:
    r"""Assign, take or hand over a role.

    Each role but responder has one holder: assigning it removes it from the one before, and the answer names them. The role may
    also come after the person. With a note for the new holder it is a handover.

    \b
    incident role comms carol
    incident role commander me
    incident role support bob
    incident role 1123-01 commander dan "watch the error rate until 03:40"
    incident role scribe --remove
    """
    from okb_incident.workflow.response import roles

    if take and (remove or handoff):
        raise UsageError("--me goes with neither --remove nor --handoff", field="--me")
    if handoff and remove:
        raise UsageError("--handoff does not go with --remove", field="--handoff")
    if take:
        return roles.take(call)
    return roles.hand_over(call) if handoff else roles.set_role(call, remove=remove)


@writing("team activate", opt.AT, words=opt.WordsHelp("The teams."))
def team_activate(call: Call) -> ChangedIncident:
    r"""Notify teams.

    \b
    incident team activate payments
    incident team activate payments database
    incident team activate 1123-01 support --at -5m
    """
    from okb_incident.workflow.response import teams

    return teams.move_teams(call)


@writing("team joined", opt.AT, words=opt.WordsHelp("The teams."))
def team_joined(call: Call) -> ChangedIncident:
    r"""Record that teams have joined.

    \b
    incident team joined payments
    incident team joined 1123-01 payments
    incident team joined payments --at 02:20
    """
    from okb_incident.workflow.response import teams

    return teams.move_teams(call)


@writing("team left", opt.AT, words=opt.WordsHelp("The teams."))
def team_left(call: Call) -> ChangedIncident:
    r"""Record that teams have left.

    \b
    incident team left payments
    incident team left payments database
    incident team left 1123-01 payments --at -10m
    """
    from okb_incident.workflow.response import teams

    return teams.move_teams(call)


#: A row is the name of a team and the team.
TEAMS = (
    Field("name", TEXT, lambda row: row[0], "team"),
    Field("kind", maybe(TEXT), lambda row: row[1].kind, "kind"),
    Field("members", list_of(TEXT), lambda row: list(row[1].members), "members"),
    Field("contact", maybe(TEXT), lambda row: row[1].contact, "contact"),
)


@reading("team list", without=[opt.INCIDENT], answers=TEAMS)
def team_list(call: Call) -> Answer:
    r"""List the teams in the settings and their contacts.

    \b
    incident team list
    incident team list --json
    """
    teams = call.session.vault.settings.policy.teams
    if not teams:
        return Answer([], lines=["the settings name no team; [teams.payments] in incident.toml does (docs/policy.md)"])
    return Answer(table=Listing(TEAMS, list(teams.items()), call.session))


@writing("escalate", opt.AT, opt.reason(), words=opt.WordsHelp("The person or team to call, and the reason."))
def escalate(
    call: Call,
    to: Annotated[Text, typer.Option("--to", metavar="WHO", help="The person or team to call.")] = None,
    channel: Annotated[Text, typer.Option("--via", metavar="TEXT", help="The channel: phone, chat …")] = None,
) -> ChangedIncident:
    r"""Escalate to a person or team.

    The person or team comes first if the vault knows it, else with `--to`. The reason is required.

    \b
    incident escalate payments nobody answers on the first line
    incident escalate 01 @gita the pool limit needs a database owner --via phone
    incident escalate --to gita --reason "the pool limit needs a database owner"
    """
    from okb_incident.workflow.response import teams

    return teams.escalate(call, to, channel)


class DutyRow(NamedTuple):
    """An incident that somebody is on, as the table shows it; the first row of each person says how much they are on in all.

    Attributes:
        person: The handle; empty but in the first row, as the load and the work.
        load: How many incidents they are on.
        duty: What they do in this one.
        lasted: For how long.
        worked: The work that was logged on all of them.
    """

    person: str
    load: str
    duty: Duty
    lasted: str
    worked: str


DUTIES = (
    Field("id", TEXT, lambda duty: duty.incident.id.text),
    Field("severity", maybe(TEXT), lambda duty: duty.incident.severity.label if duty.incident.severity else None),
    Field("title", TEXT, lambda duty: duty.incident.title),
    Field("roles", list_of(TEXT), lambda duty: list(duty.roles)),
    Field("since", maybe(MOMENT), lambda duty: duty.since),
)
LOADS = (
    Field("person", TEXT, lambda load: load.person),
    Field("load", COUNT, lambda load: len(load.duties)),
    Field("minutes", COUNT, lambda load: load.minutes),
    Field("incidents", shape_of(DUTIES), lambda load: Listing(DUTIES, load.duties).value()),
)
DUTY_ROWS = (
    Field("", TEXT, lambda row: row.person, "who", lambda row: row.person),
    Field("", TEXT, lambda row: row.load, "load", lambda row: row.load),
    Field("", TEXT, lambda row: row.duty.incident.label, "incident"),
    Field("", TEXT, lambda row: str(row.duty.incident.severity or ""), "severity"),
    Field("", TEXT, lambda row: row.duty.roles, "as"),
    Field("", TEXT, lambda row: row.lasted, "for"),
    Field("", TEXT, lambda row: row.worked, "worked", lambda row: row.worked),
)


@reading("who", opt.RESTRICTED, without=[opt.INCIDENT], answers=LOADS)
def who(call: Call) -> Answer:
    r"""Show who works on which incident.

    People with the most incidents come first.

    \b
    incident who
    incident who --restricted
    incident who --json
    """
    from okb_incident.workflow.response.who import who_is_on_what

    loads = who_is_on_what(call)
    if not loads:
        return Answer([], lines=["no one has a role or an open action"])
    rows = [row for load in loads for row in _rows(load, call.session.now)]
    return Answer(Listing(LOADS, loads).value(), table=Listing(DUTY_ROWS, rows, call.session))


def _rows(load: Load, now: datetime) -> Iterator[DutyRow]:
    first = (load.person, str(len(load.duties)), show_seconds(load.minutes * 60) if load.minutes else "")
    for place, duty in enumerate(load.duties):
        person, count, worked = ("", "", "") if place else first
        lasted = show_seconds(seconds_between(duty.since, now)) if duty.since else ""
        yield DutyRow(person, count, duty, lasted, worked)
