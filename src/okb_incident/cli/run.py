"""What is the same for every command of one run: the global options, and what is made from them."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.cli.output import comment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.cli.choice import Terminal
    from okb_incident.workflow.session import Session


class RunOptions(NamedTuple):
    """The options before the command.

    Attributes:
        vault: The folder given with ``--vault``.
        who: The person given with ``--as``.
        no_input: No prompt, whatever the terminal.
        debug: Errors with their traceback.
    """

    vault: str | None = None
    who: str | None = None
    no_input: bool = False
    debug: bool = False

    @property
    def may_ask(self) -> bool:
        """Return whether a question would reach a person."""
        return not self.no_input and sys.stdin.isatty() and sys.stderr.isatty()


class _Clock:
    """Whether a pinned clock is announced."""

    is_announced = True


@contextmanager
def announces_no_clock() -> Iterator[None]:
    """Announce no pinned clock meanwhile, because it has been announced."""
    _Clock.is_announced = False
    try:
        yield
    finally:
        _Clock.is_announced = True


def start(options: RunOptions, who: str | None = None) -> Session:
    """Make the session of a command: find the vault, read its settings, look at the clock."""
    from okb_incident.workflow.session import Session

    session = Session.start(vault=options.vault, who=who)
    for warning in session.warnings:
        comment(warning)
    if session.clock_is_pinned and _Clock.is_announced and sys.stderr.isatty():
        comment(f"the clock is pinned by INCIDENT_NOW to {session.written(session.now)}")
    return session


#: Who is asked by a command that another one carries out: whoever that one asks.
_AT_HAND: list[Any] = []


def person() -> Terminal:
    """Return whom questions are put to; loaded only where somebody can be asked."""
    from okb_incident.cli.choice import Terminal

    return _AT_HAND[-1] if _AT_HAND else Terminal()


@contextmanager
def asking(who: object) -> Iterator[None]:
    """Let all commands that run meanwhile ask the same person, who may have stopped answering."""
    _AT_HAND.append(who)
    try:
        yield
    finally:
        _AT_HAND.pop()
