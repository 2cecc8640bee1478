"""Asking a person to choose, where there is one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from okb_incident.core.terminal_text import safe_text

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


def question(ctx: typer.Context) -> Callable[[str], str | None] | None:
    """Give the function that asks for a line of text, None where nobody can be asked."""
    options: RunOptions = ctx.obj
    return _question if options.may_ask else None


def _question(prompt: str) -> str | None:
    """Ask for a line of text on stderr; an empty one is no answer."""
    print(safe_text(prompt), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() or None
