"""The command next, and the board of `status --live`."""

from __future__ import annotations

import sys
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer, others
from okb_incident.cli.listing import Field, Listing
from okb_incident.cli.output import as_command, as_text
from okb_incident.cli.shapes import ANYTHING, list_of
from okb_incident.cli.verb import reading
from okb_incident.command import Command, Sentence
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.moment import distance, rfc3339, seconds_between, show_seconds, write_moment
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from okb_incident.command import Text
    from okb_incident.core.guidance.due import Due
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.look.guide import GuidedIncident
    from okb_incident.workflow.session import Session


@reading("next", opt.RESTRICTED, answers=list_of({"$ref": "#/$defs/due"}))
def next_(
    call: Call,
    everything: Annotated[bool, typer.Option("--all", "-a", help="For every incident that is not closed.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Exit with 9 if something is late; for cron.")] = False,
    do: Annotated[bool, typer.Option("--do", help="Run the first command that is yours to run.")] = False,
) -> Answer:
    r"""List what is due and the command for each item.

    Late items come first, then required ones, then those that the policy sets a time for. Without a reference, `next` lists the items of the
    one open incident, or of all open incidents. A command asks for what only you know.

    \b
    incident next 01
    incident next --do
    incident next --all --check || mail -s "incidents are late" oncall
    """
    from okb_incident.workflow.look.guide import check_all, guide_all, guide_one

    session, waiting = call.session, 0
    if call.reference:
        found = [guide_one(call)]
    else:
        found, waiting = check_all(call) if check else (guide_all(call), 0)
        open_ones = [each for each in found if each.incident.is_open]
        found = open_ones if len(open_ones) == 1 and not everything else found
    items = [(guided, each) for guided in found for each in guided.due]
    if len(found) > 1:
        # What is late in any incident comes first; within one the order of the guidance stays.
        items.sort(key=lambda pair: (pair[1].by is None, pair[1].by and pair[1].by.timestamp()))
    if do:
        return _done(call, items)
    late = check and (waiting > 0 or any(guided.is_late(session.now) for guided in found))
    return Answer(
        [_due_object(session, guided, each) for guided, each in items],
        lines=_due_lines(session, found, items),
        notes=restricted_waiting(waiting),
        code=ExitCode.DUE if late else ExitCode.OK,
    )


def _done(call: Call, items: list[tuple[GuidedIncident, Due]]) -> Answer:
    """Run the first command that whoever runs this may run, and name those before it."""
    from okb_incident.cli.carry_out import carry_out
    from okb_incident.cli.output import comment
    from okb_incident.errors import TransitionError

    for guided, each in items:
        whose = others(call.session, each)
        if not whose:
            comment(each.command)
            as_json = any(name == "--json" for name, _ in call.typed.options)
            return Answer(code=carry_out(call, each.command, as_json=as_json))
        comment(Sentence(f"{guided.incident.label}, for {whose}: ", each.command))
    if items:
        raise TransitionError("nothing that is due is yours to do", field="who", value=call.session.actor.handle)
    return Answer(hints=["nothing is due"])


def _due_lines(session: Session, found: list[GuidedIncident], items: list[tuple[GuidedIncident, Due]]) -> Iterator[str]:
    if len(found) == 1:
        one = found[0].incident
        yield f"{one.id} {one.severity or '–'} {one.status or '–'}: {one_line(one.headline)}"
    if not items:
        yield "nothing is due"
    for guided, each in items:
        named = f"{guided.incident.label}: " if len(found) > 1 else ""
        whose = others(session, each)
        yield f"  {when(session, each):<16}{named}{one_line(each.what)}{f' (for {whose})' if whose else ''}"
        yield f"  {'':<16}{as_text(each.command)}"
        if each.instead is not None:
            yield f"  {'or':<16}{as_text(each.instead)}"


def restricted_waiting(count: int) -> Iterator[Text]:
    """Return what is said of restricted incidents that wait for whoever acts: how many, and how to see them."""
    if count:
        command = Command("next", options=("--all", "--restricted"))
        which = "a restricted incident in which" if count == 1 else f"{count} restricted incidents in which"
        yield Sentence(f"nobody has acknowledged {which} you have a role: ", command)


def when(session: Session, due: Due) -> str:
    """Say how a deadline lies to now: ``overdue 12m``, ``in 4m``; nothing where there is none."""
    if due.by is None:
        return "–"
    seconds = seconds_between(session.now, due.by)
    return f"overdue {show_seconds(-seconds)}" if seconds < 0 else f"in {show_seconds(seconds)}"


def _due_object(session: Session, guided: GuidedIncident, due: Due) -> dict[str, Any]:
    return {
        "id": guided.incident.id.text,
        "item": due.item,
        "what": due.what,
        "by": rfc3339(due.by) if due.by else None,
        "overdue_seconds": max(seconds_between(due.by, session.now), 0) if due.by else None,
        **as_command(due.command),
        "instead": as_command(due.instead) if due.instead is not None else None,
        "nature": guided.incident.nature,
        "who": due.who,
        "other_than": due.other_than,
    }


def board(call: Call, where: list[str], *, once: bool, every: float, as_json: bool) -> Answer | None:
    """Show every open incident and what is due; on a terminal until somebody leaves it, elsewhere once."""
    from okb_incident.workflow.look.guide import guide_all

    found = guide_all(call, where)
    if sys.stdout.isatty() and not (once or as_json):
        from okb_incident.cli.live_board import watch

        watch(BOARD, lambda: _look_again(call, where), every)
        return None
    session = call.session
    if as_json:
        return Answer([_board_object(session, guided) for guided in found])
    columns = [Field("", ANYTHING, itemgetter(place), name) for place, name in enumerate(BOARD)]
    rows = [board_row(session, guided) for guided in found]
    return Answer(
        table=Listing(columns, rows) if rows else None,
        hints=() if rows else ["nothing is open, and nothing waits to be closed"],
    )


def _look_again(call: Call, where: list[str]) -> tuple[str, list[tuple[str, ...]]]:
    """Read the vault anew; return the line above the board, and its rows."""
    from okb_incident.workflow.look.guide import guide_all

    call = call.again()
    session, found = call.session, guide_all(call, where)
    overdue = sum(len(guided.overdue(session.now)) for guided in found if guided.is_late(session.now))
    clock = write_moment(session.now, session.zone).replace("T", " ")
    return f"{clock} {session.zone_name}   {overdue} overdue", [board_row(session, guided) for guided in found]


BOARD = ("id", "severity", "status", "for", "age", "last word", "commander", "next", "title")


def board_row(session: Session, guided: GuidedIncident) -> tuple[str, ...]:
    """Give an incident as a row of the board."""
    incident, now = guided.incident, session.now
    first = next(iter(guided.due), None)
    return (
        incident.id.text,
        str(incident.severity or "–"),
        str(incident.status or "–"),
        _span(guided.status_for),
        _since(incident.anchor, now),
        distance(guided.last_word, now) if guided.last_word else "–",
        _commander(guided),
        f"{when(session, first)}: {first.what}" if first else "–",
        incident.headline,
    )


def _board_object(session: Session, guided: GuidedIncident) -> dict[str, Any]:
    from okb_incident.core.incident.describe import as_object

    return {
        **as_object(guided.incident, session.vault.root),
        "status_seconds": guided.status_for,
        "last_word": rfc3339(guided.last_word) if guided.last_word else None,
        "due": [_due_object(session, guided, each) for each in guided.due],
    }


def _commander(guided: GuidedIncident) -> str:
    from okb_incident.core.values.properties import link_target, texts_of

    return ", ".join(map(link_target, texts_of(guided.incident.properties.get("commander")))) or "–"


def _span(seconds: int | None) -> str:
    return "–" if seconds is None else show_seconds(seconds)


def _since(at: datetime | None, now: datetime) -> str:
    return show_seconds(seconds_between(at, now)) if at else "–"
