"""Running a command in the course of a response, and keeping what it did: run -- CMD."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.text.masking import mask
from okb_incident.core.text.quoting import fence
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.timeline.payload import code_span
from okb_incident.errors import BusyError, MissingWordError, OkbError, UsageError
from okb_incident.integrations.process import NoCommandError, pass_through
from okb_incident.workflow.reference import is_open, resolved_today

if TYPE_CHECKING:
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.change import ChangedIncident

NOT_FOUND, NOT_WRITTEN = 127, 125
"""Exit codes as shells know them: there is no such command; what the command did could not be written down."""
WAYS = ("attempt", "fix", "rollback")
KEPT_LINES = 20
LONGEST_LINE = 300
LONGEST_COMMAND = 300


class CommandRun(NamedTuple):
    """A command that was run.

    Attributes:
        code: Its exit code; 128 and more where a signal ended it.
        changed: What was written down; None where nothing was.
        failure: Why the command could not be run, or its run not be written down.
    """

    code: int
    changed: ChangedIncident | None
    failure: OkbError | None = None


def run_command(call: Call, way: str | None) -> CommandRun:
    """Run a command, pass its output on as it comes, and write command, exit code, duration and last lines into the timeline.

    The lock is not held meanwhile. What looks like a secret is masked before it reaches the note.

    Args:
        call: The call; its words are the command and its arguments, which no shell reads.
        way: attempt, fix or rollback, where it changes the system; then a line of that kind is written too.

    Raises:
        UsageError: There is no command.
        NotFoundError: No or several incidents fit; nothing was run then.
    """
    session = call.session
    argv = call.words[1:] if call.words[:1] == ("--",) else call.words
    if not argv:
        example = "run -- kubectl rollout undo deploy/checkout"
        raise MissingWordError("CMD", "which command", example, fill=lambda words, answer: (*words, *answer.split()))
    if way is not None and way not in WAYS:
        raise UsageError(
            f"unknown --as-change {way!r}; choose from {', '.join(WAYS)}", field="--as-change", value=way, allowed=WAYS
        )
    target = call.target(is_open, resolved_today(session))
    try:
        ended = pass_through(argv)
    except NoCommandError as failure:
        return CommandRun(NOT_FOUND, None, failure)
    command = code_span(shorten(" ".join(mask(shlex.join(argv)).split()), LONGEST_COMMAND))
    killed = f", killed by {ended.signal}" if ended.signal else ""
    result = f"exit {ended.code} after {ended.seconds:.0f}s{killed}"
    lines = [LogLine("run", f"{command} {result}", session.now, below=_kept(ended.tail))]
    if way:
        failed = "" if ended.code == 0 else f" failed with {ended.code}"
        lines.append(LogLine("change", f"{way}: {command}{failed}", session.now))
    change = Change(lines=tuple(lines), said=f"logged run {command}: {result}", moments={"logged": session.now})
    try:
        return CommandRun(ended.code, call.change_at(target, lambda _: change))
    except OkbError as failure:
        if isinstance(failure, BusyError):
            again = Command("log", f"{command} {result}", incident=target.id)
            failure.hint = Sentence("the command has run; to log it: ", again)
        return CommandRun(NOT_WRITTEN, None, failure)


def _kept(tail: bytes) -> tuple[str, ...]:
    """Return the last lines of an output as they are below the line of the timeline."""
    lines = mask(tail.decode("utf-8", "replace")).strip().splitlines()
    if not lines:
        return ()
    kept = [shorten(line.rstrip(), LONGEST_LINE) for line in lines[-KEPT_LINES:]]
    return tuple(fence("\n".join(kept)).rstrip("\n").split("\n"))
