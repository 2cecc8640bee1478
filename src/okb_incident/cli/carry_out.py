"""Carrying out a command that is due, in the same process and for the same vault and person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.cli.output import comment
from okb_incident.cli.run import asking
from okb_incident.core.guidance.due import for_whom
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from okb_incident.command import Command
    from okb_incident.core.guidance.gates import Gate
    from okb_incident.workflow.call import Call


def carry_out(call: Call, command: Command, *, as_json: bool = False, skips: bool = False) -> int:
    """Run a command; it asks for the words that it lacks.

    Args:
        call: The call that runs it.
        command: The command, about one incident.
        as_json: Its answer is for a program.
        skips: Nothing is printed where a question is not answered.

    Returns:
        Its exit code; every error has been shown by then.
    """
    from okb_incident.cli.main import run_one

    session = call.session
    before = [
        *(("--vault", session.given_vault) if session.given_vault is not None else ()),
        *(("--as", session.given_actor) if session.given_actor is not None else ()),
        *(("--no-input",) if call.person is None else ()),
    ]
    words = list(command)
    place = words.index("-i")
    line = [*before, *words[:place], *(["--json"] if as_json else ()), *words[place:]]
    if call.person is None:
        return run_one(line, skips=skips)
    with asking(call.person):
        return run_one(line, skips=skips)


def meet_requirements(call: Call) -> Call:
    """Go through what closing requires of whoever is at the terminal, one question after the other; Enter skips one.

    Returns:
        The call, to be made on what the notes say then.
    """
    from okb_incident.core.values.status import Status
    from okb_incident.workflow.lifecycle.advance import in_status
    from okb_incident.workflow.look.what_next import requirements

    target = call.target(in_status(Status.RESOLVED))
    offered: set[str] = set()
    while True:
        record, me = call.record(target), call.session.actor.handle
        if record.incident.status is not Status.RESOLVED:
            return call
        left = requirements(call.session, record)
        mine = [each for each in left if each.name not in offered and not for_whom(each.who, each.other_than, me)]
        if not mine:
            return call
        if not offered:
            comment(
                f"{len(left)} {'requirement is' if len(left) == 1 else 'requirements are'} missing; Enter to skip one"
            )
        offered.add(mine[0].name)
        _meet(call, mine[0])
        call = call.again(call.typed.words)


def _meet(call: Call, gate: Gate) -> None:
    assert call.question is not None, "there is a person to ask"
    if gate.asks:
        comment(gate.missing)
    elif not call.question.agree(f"{gate.missing}. Do it now?"):
        return
    if carry_out(call, gate.command, skips=True) == ExitCode.INTERRUPTED:
        # Whoever leaves one question leaves them all.
        raise KeyboardInterrupt
