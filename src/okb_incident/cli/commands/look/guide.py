"""The command next, and the board of `status --live`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer, others
from okb_incident.cli.output import as_command
from okb_incident.cli.screen.cards import cards, head_of, when
from okb_incident.cli.screen.forms import is_dumb, is_terminal
from okb_incident.cli.screen.lines import Line, Part
from okb_incident.cli.screen.tones import COMMAND, DIM, due_tone
from okb_incident.cli.screen.view import View
from okb_incident.cli.shapes import list_of
from okb_incident.cli.verb import reading
from okb_incident.command import Command, Sentence
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.moment import rfc3339, seconds_between
from okb_incident.core.values.screen_time import show_time
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.cli.screen.live import Board
    from okb_incident.command import Text
    from okb_incident.core.guidance.due import Due
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.look.guide import GuidedIncident
    from okb_incident.workflow.session import Session

COMMANDS = 14
"""Where the commands of items begin: behind the longest deadline."""
FEW = 4
"""Incidents of which a terminal shows two items each; of more it shows one, so that seven fit into 40 rows."""


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
        [due_object(session, guided, each) for guided, each in items],
        table=View(_due_lines(session, found, items)),
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


def _due_lines(
    session: Session, found: list[GuidedIncident], items: list[tuple[GuidedIncident, Due]]
) -> Iterator[Line]:
    if len(found) == 1:
        yield Line.of(*head_of(session, found[0]), f"  {one_line(found[0].incident.headline)}", hang=2)
    if not items:
        yield Line.of("nothing is due")
    if len(found) == 1 or not is_terminal():
        named = len(found) > 1
        for guided, each in items:
            yield from _item_lines(session, each, f"{guided.incident.label}: " if named else "")
        return
    # Of many incidents a terminal shows the first items; those in which something is late soonest come first.
    order = dict.fromkeys(guided.incident.label for guided, _ in items)
    most = 2 if len(order) <= FEW else 1
    for label in order:
        its = [pair for pair in items if pair[0].incident.label == label]
        guided = its[0][0]
        yield Line.of(*head_of(session, guided), f"  {one_line(guided.incident.headline)}", is_cut=True)
        for place, (_, each) in enumerate(its[:most], start=1):
            more = f" (+{len(its) - most} more)" if place == most < len(its) else ""
            yield from _item_lines(session, each, "", more=more)
    if len(items) > most * len(order):
        yield Line.of(
            Part("all of one incident: ", DIM), Part(Command("next", incident=items[0][0].incident.id), COMMAND)
        )


def _item_lines(session: Session, each: Due, named: str, *, more: str = "") -> Iterator[Line]:
    """Return an item: how far away its deadline is and what is due, the command, and what else may be done."""
    by, whose = when(session, each), others(session, each)
    yield Line.of(
        Part(f"  {by:<{COMMANDS - 2}}", due_tone(by) or ("" if each.by else DIM)),
        f"{named}{one_line(each.what)}",
        Part((f" (for {whose})" if whose else "") + more, DIM),
        hang=COMMANDS,
    )
    yield Line.of(f"{'':<{COMMANDS}}", Part(each.command, COMMAND), hang=COMMANDS)
    if each.instead is not None and not more:
        yield Line.of(Part(f"  {'or':<{COMMANDS - 2}}", DIM), Part(each.instead, COMMAND), hang=COMMANDS)


def restricted_waiting(count: int) -> Iterator[Text]:
    """Return what is said of restricted incidents that wait for whoever acts: how many, and how to see them."""
    if count:
        command = Command("next", options=("--all", "--restricted"))
        which = "a restricted incident in which" if count == 1 else f"{count} restricted incidents in which"
        yield Sentence(f"not acknowledged: {which} you have a role: ", command)


def due_object(session: Session, guided: GuidedIncident, due: Due) -> dict[str, Any]:
    """Return what is due as programs read it."""
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
        "to": list(due.to),
    }


def board(call: Call, where: list[str], *, once: bool, every: float, as_json: bool) -> Answer | None:
    """Show every open incident and what is due; on a terminal until somebody leaves it, elsewhere once."""
    from okb_incident.workflow.look.guide import guide_all

    found = guide_all(call, where)
    if is_terminal() and not (once or as_json or is_dumb()):
        from okb_incident.cli.screen.live import watch

        watch(lambda: _look_again(call, where), every)
        return None
    session = call.session
    return Answer(
        [_board_object(session, guided) for guided in found],
        table=View(cards(session, found)) if found else None,
        hints=() if found else ["nothing is open, and nothing waits to be closed"],
    )


def _look_again(call: Call, where: list[str]) -> Board:
    """Read the vault anew; return the board."""
    from okb_incident.cli.screen.live import Board
    from okb_incident.workflow.look.guide import guide_all

    call = call.again()
    session, found = call.session, guide_all(call, where)
    late = sum(len(guided.overdue(session.now)) for guided in found if guided.is_late(session.now))
    open_ones = sum(each.incident.may_be_open for each in found)
    head = f"{show_time(session.now, session.now, session.zone)} {session.zone_name}   {open_ones} open"
    return Board(head, f"   {late} late" if late else "", list(cards(session, found)))


def _board_object(session: Session, guided: GuidedIncident) -> dict[str, Any]:
    from okb_incident.core.incident.describe import as_object

    return {
        **as_object(guided.incident, session.vault.root, session.zone),
        "status_seconds": guided.status_for,
        "last_word": rfc3339(guided.last_word) if guided.last_word else None,
        "due": [due_object(session, guided, each) for each in guided.due],
    }
