"""The commands that undo and redo a command: undo, redo."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.outcome import written
from okb_incident.cli.shapes import COUNT, TEXT, list_of, maybe, writing_record
from okb_incident.cli.verb import writing
from okb_incident.command import Command, Sentence
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.moment import show_seconds
from okb_incident.core.values.screen_time import show_time

if TYPE_CHECKING:
    from okb_incident.command import Text
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.care.undo import UndoResult


ENTRY = typer.Argument(
    metavar="[ENTRY]", help="The journal entry, by the start or end of its id; see: incident history"
)
YES = typer.Option("--yes", "-y", help="Do not ask for confirmation.")
UNDONE = writing_record(
    undone=TEXT,
    command=TEXT,
    at=TEXT,
    by=maybe(TEXT),
    incident=maybe(TEXT),
    title=maybe(TEXT),
    age=COUNT,
    paths=list_of(TEXT),
    entry=maybe(TEXT),
    diff=maybe(TEXT),
)


@writing("undo", without=[opt.INCIDENT], answers=UNDONE)
def undo(call: Call, entry: Annotated[str | None, ENTRY] = None, yes: Annotated[bool, YES] = False) -> Answer:
    r"""Undo the last command, or a named one.

    Later changes by others stay. It asks before it undoes an `open`, a command older than a minute or another person's; a script needs `--yes`.

    \b
    incident undo
    incident undo --dry-run
    incident undo 8FPRC4QW --yes
    """
    from okb_incident.workflow.care.undo import undo as take_back

    return _undone(call, take_back(call, entry, yes=yes), "undid", Command("redo"))


@writing("redo", without=[opt.INCIDENT], answers=UNDONE)
def redo(call: Call, entry: Annotated[str | None, ENTRY] = None, yes: Annotated[bool, YES] = False) -> Answer:
    r"""Redo what the last undo reverted.

    Or a named undo, by its entry.

    \b
    incident redo
    incident redo --dry-run
    incident redo 8FPRC4QW --yes
    """
    from okb_incident.workflow.care.undo import redo as do_again

    return _undone(call, do_again(call, entry, yes=yes), "redid", Command("undo"))


def _undone(call: Call, result: UndoResult, how: str, back: Command) -> Answer:
    """Return what was undone or redone; the way back is its opposite."""
    from okb_incident.workflow.care.named_entry import real_now

    done = result.entry
    value = {
        "undone": done.id,
        "command": done.command,
        "at": done.at,
        "by": done.by,
        "incident": result.subject.incident,
        "title": result.subject.title,
        "age": result.age,
        "paths": [change.path for change in done.changes],
        "entry": result.by.id if result.by else None,
        "diff": result.diff or None,
    }
    clock = show_time(datetime.fromisoformat(done.at), real_now(), call.session.zone)
    when = f"{clock} ({show_seconds(result.age)} ago)"
    lines: list[Text] = [one_line(f"{how} {done.command} {when}{result.subject}")]
    if call.dry_run:
        lines = [result.diff.rstrip("\n") or "nothing would change"]
    elif result.by:
        lines.append(Sentence("to undo it: " if how == "redid" else "to redo it: ", back))
    else:
        lines.append("nothing to change: the notes already hold what they held before")
    return Answer(written(value, call.session, result.committed, result.notes), lines=lines, notes=result.notes)
