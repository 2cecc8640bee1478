"""Running a command in the course of a response, and keeping what it did: run -- CMD."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.text.masking import mask
from okb_incident.core.text.quoting import fence
from okb_incident.core.text.terminal_text import shorten
from okb_incident.core.timeline.payload import code_span
from okb_incident.errors import OkbError, UsageError
from okb_incident.integrations.process import NoCommandError, pass_through
from okb_incident.workflow.change import change_incident
from okb_incident.workflow.reference import find_target, resolved_today

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.workflow.change import Changed
    from okb_incident.workflow.session import Session

    Ask = Callable[[Sequence[str]], int | None]

NOT_FOUND, NOT_WRITTEN = 127, 125
"""Exit codes as shells know them: there is no such command; what the command did could not be written down."""
WAYS = ("attempt", "fix", "rollback")
KEPT_LINES = 20
LONGEST_LINE = 300
LONGEST_COMMAND = 300


class Ran(NamedTuple):
    """A command that was run.

    Attributes:
        code: Its exit code; 128 and more where a signal ended it.
        changed: What was written down; None where nothing was.
        failure: Why the command could not be run, or its run not be written down.
    """

    code: int
    changed: Changed | None
    failure: OkbError | None = None


def run_command(
    session: Session,
    argv: Sequence[str],
    *,
    way: str | None = None,
    reference: str | None = None,
    ask: Ask | None = None,
) -> Ran:
    """Run a command, pass its output on as it comes, and write command, exit code, duration and last lines into the timeline.

    The lock is not held meanwhile. What looks like a secret is masked before it reaches the note.

    Args:
        session: The session.
        argv: The command and its arguments; no shell reads them.
        way: attempt, fix or rollback, where it changes the system; then a line of that kind is written too.
        reference: The reference given as an option.
        ask: Offers a choice where several incidents fit.

    Raises:
        UsageError: There is no command.
        NotFoundError: No or several incidents fit; nothing was run then.
    """
    if not argv:
        raise UsageError("which command? such as: incident run -- kubectl rollout undo deploy/checkout", field="CMD")
    if way is not None and way not in WAYS:
        raise UsageError(
            f"--as-change {way!r} is none of {', '.join(WAYS)}", field="--as-change", value=way, allowed=WAYS
        )
    session.about_to_write()
    target = find_target(
        session,
        reference,
        verb="run",
        fits=lambda incident: incident.is_open,
        else_fits=resolved_today(session),
        message="-- " + " ".join(argv),
        by_title=True,
        ask=ask,
    )
    try:
        ended = pass_through(argv)
    except NoCommandError as failure:
        return Ran(NOT_FOUND, None, failure)
    command = code_span(shorten(" ".join(mask(shlex.join(argv)).split()), LONGEST_COMMAND))
    killed = f", killed by {ended.signal}" if ended.signal else ""
    result = f"exit {ended.code} after {ended.seconds:.0f}s{killed}"
    lines = [LogLine("run", f"{command} {result}", session.now, below=_kept(ended.tail))]
    if way:
        failed = "" if ended.code == 0 else f" failed with {ended.code}"
        lines.append(LogLine("change", f"{way}: {command}{failed}", session.now))
    change = Change(lines=tuple(lines), said=f"run logged: {result}")
    try:
        return Ran(ended.code, change_incident(session, target, lambda _: change, verb="run"))
    except OkbError as failure:
        return Ran(NOT_WRITTEN, None, failure)


def _kept(tail: bytes) -> tuple[str, ...]:
    """Give the last lines of an output as they stand below the line of the timeline."""
    lines = mask(tail.decode("utf-8", "replace")).strip().splitlines()
    if not lines:
        return ()
    kept = [shorten(line.rstrip(), LONGEST_LINE) for line in lines[-KEPT_LINES:]]
    return tuple(fence("\n".join(kept)).rstrip("\n").split("\n"))
