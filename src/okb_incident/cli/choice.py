"""Asking a person on the terminal: which of some lines, a line of text, yes or no."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from okb_incident.core.text.terminal_text import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence


class Terminal:
    """A person at a terminal; questions go to stderr, since stdout is for the answer."""

    def choose(self, lines: Sequence[str]) -> int | None:
        """Offer a numbered choice; anything but a number of it chooses nothing."""
        for number, line in enumerate(lines, start=1):
            print(f"  {number}  {safe_text(line)}", file=sys.stderr)
        reply = _reply("which one? ")
        return int(reply) - 1 if reply.isdecimal() and 1 <= int(reply) <= len(lines) else None

    def line(self, prompt: str, allowed: Sequence[str] = ()) -> str | None:
        """Ask for a line; an empty one is no answer. One that is none of the allowed words is asked for again.

        A beginning is enough, and so is what is told apart by its end: ``1`` of SEV1, ``amber`` of TLP:AMBER.
        """
        while True:
            reply = _reply(prompt)
            if not reply or not allowed:
                return reply or None
            same = [word for word in allowed if word.lower() == reply.lower()]
            meant = same or [word for word in allowed if _squashed(reply) in _ends(word)]
            meant = meant or [word for word in allowed if word.lower().startswith(reply.lower())]
            if len(meant) == 1:
                return meant[0]
            print(safe_text(f"{reply!r} is none of {', '.join(allowed)}; Enter leaves it open"), file=sys.stderr)

    def agree(self, question: str) -> bool:
        """Ask for yes or no; no, unless yes is typed."""
        import typer

        return typer.confirm(safe_text(question), default=False, err=True)

    def secret(self, prompt: str) -> str:
        """Ask for a text that is not shown while it is typed."""
        import typer

        return str(typer.prompt(prompt, hide_input=True, err=True))


def _squashed(word: str) -> str:
    return "".join(re.findall(r"[a-z0-9]", word.lower()))


def _ends(word: str) -> set[str]:
    """Return a word without its signs, and what is left of it after each of its parts."""
    parts = re.findall(r"[a-z]+|[0-9]+", word.lower())
    return {"".join(parts[place:]) for place in range(len(parts))}


def _reply(prompt: str) -> str:
    print(safe_text(prompt), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()
