"""Asking a person to choose, where there is one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from okb_incident.core.text.terminal_text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import typer

    from okb_incident.cli.run import RunOptions


def asker(ctx: typer.Context) -> Callable[[Sequence[str]], int | None] | None:
    """Give the function that offers a numbered choice, None where nobody can be asked."""
    options: RunOptions = ctx.obj
    return _ask if options.may_ask else None


def _ask(lines: Sequence[str]) -> int | None:
    """Offer a numbered choice on stderr; anything but a number of it chooses nothing."""
    for number, line in enumerate(lines, start=1):
        print(f"  {number}  {safe_text(line)}", file=sys.stderr)
    print("which one? ", end="", file=sys.stderr, flush=True)
    reply = sys.stdin.readline().strip()
    return int(reply) - 1 if reply.isdecimal() and 1 <= int(reply) <= len(lines) else None


def question(ctx: typer.Context) -> Callable[..., str | None] | None:
    """Give the function that asks for a line of text, or for one of some words; None where nobody can be asked."""
    options: RunOptions = ctx.obj
    return _question if options.may_ask else None


def _question(prompt: str, allowed: Sequence[str] = ()) -> str | None:
    """Ask on stderr; an empty line is no answer. A word that is none of those allowed is asked for again, and a beginning is enough."""
    while True:
        print(safe_text(prompt), end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        reply = line.strip()
        meant = [word for word in allowed if word.lower().startswith(reply.lower())]
        if not reply or not allowed:
            return reply or None
        if len(meant) == 1 or reply.lower() in map(str.lower, meant):
            return next((word for word in meant if word.lower() == reply.lower()), meant[0])
        print(safe_text(f"{reply!r} is none of {', '.join(allowed)}; Enter leaves it open"), file=sys.stderr)
