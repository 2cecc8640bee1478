"""Asking a person on the terminal: which of some lines, a line of text, yes or no."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from okb_incident.core.text.terminal_text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def _read(prompt: str) -> str:
    print(prompt, end="", file=sys.stderr, flush=True)
    typed = sys.stdin.readline()
    if not typed:
        print(file=sys.stderr)
        raise EOFError
    return typed


class _Answering:
    """Where answers are typed."""

    read: Callable[[str], str] = staticmethod(_read)


@contextmanager
def answered_by(read: Callable[[str], str]) -> Iterator[None]:
    """Have answers typed at a prompt that reads the terminal itself, and knows what was typed ahead.

    Args:
        read: Shows a question and returns the answer; raises EOFError at the end.
    """
    before, _Answering.read = _Answering.read, staticmethod(read)
    try:
        yield
    finally:
        _Answering.read = staticmethod(before)


class Terminal:
    """A person at a terminal; questions go to stderr, since stdout is for the answer."""

    def __init__(self) -> None:
        self._moved_on = False

    def choose(self, lines: Sequence[str]) -> int | None:
        """Offer a numbered choice; anything but a number of it chooses nothing."""
        for number, line in enumerate(lines, start=1):
            print(f"  {number}  {safe_text(line)}", file=sys.stderr)
        reply = self._reply("Which one? (Enter to skip) ")
        return int(reply) - 1 if reply.isdecimal() and 1 <= int(reply) <= len(lines) else None

    def line(self, prompt: str, allowed: Sequence[str] = ()) -> str | None:
        """Ask for a line; return None for an empty one. Where words are allowed, ask again for one that is not one of them.

        A number of the list is enough, a beginning, or an end that only one word has: ``1`` of SEV1, ``amber`` of TLP:AMBER.
        """
        numbered = not any(sign.isdecimal() for word in allowed for sign in word)
        if len(allowed) > 1:
            offered = [f"{number} {word}" if numbered else word for number, word in enumerate(allowed, start=1)]
            print(safe_text(f"  {'   '.join(offered)}"), file=sys.stderr)
        while True:
            reply = self._reply(prompt)
            if not reply or not allowed:
                return reply or None
            if (meant := _meant(reply, allowed, numbered=numbered)) is not None:
                return meant
            print(
                safe_text(f"{reply!r} is not valid; choose from {', '.join(allowed)}; Enter to skip"), file=sys.stderr
            )

    def remark(self, text: str) -> None:
        """Print what is wrong with an answer, before the question is asked again."""
        print(safe_text(text), file=sys.stderr)

    def agree(self, question: str) -> bool:
        """Ask for yes or no; no, unless yes is typed."""
        return self._reply(f"{question} [y/N]: ").lower() in {"y", "yes"}

    def secret(self, prompt: str) -> str:
        """Ask for a text that is not shown while it is typed."""
        import typer

        return str(typer.prompt(prompt, hide_input=True, err=True))

    def _reply(self, prompt: str) -> str:
        """Return what is typed; nothing once the next command was typed instead of an answer.

        Raises:
            EOFError: The input ended: whoever leaves a question leaves the command.
        """
        if self._moved_on:
            return ""
        reply = _Answering.read(safe_text(prompt)).strip()
        if reply.partition(" ")[0] == "incident" and reply.partition(" ")[2]:
            self._moved_on = True
            print(
                safe_text(f"incident: not taken as an answer and not run, run it next: {reply}"),
                file=sys.stderr,
            )
            return ""
        return reply


def _meant(reply: str, allowed: Sequence[str], *, numbered: bool) -> str | None:
    """Return the one allowed word that a reply means; None where it means none or several."""
    if numbered and reply.isdecimal():
        return allowed[int(reply) - 1] if 1 <= int(reply) <= len(allowed) else None
    same = [word for word in allowed if word.lower() == reply.lower()]
    meant = same or [word for word in allowed if _squashed(reply) in _ends(word)]
    meant = meant or [word for word in allowed if word.lower().startswith(reply.lower())]
    return meant[0] if len(meant) == 1 else None


def _squashed(word: str) -> str:
    return "".join(re.findall(r"[a-z0-9]", word.lower()))


def _ends(word: str) -> set[str]:
    """Return a word without its signs, and what is left of it after each of its parts."""
    parts = re.findall(r"[a-z]+|[0-9]+", word.lower())
    return {"".join(parts[place:]) for place in range(len(parts))}
