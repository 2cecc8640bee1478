"""The answer to a shell that asks what may be typed; whatever goes wrong, it is offered nothing and nothing is printed besides."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from okb_incident.cli.completion.complete import complete
from okb_incident.cli.completion.typed_line import part_line
from okb_incident.cli.shell_scripts import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.cli.completion.typed_line import TypedLine

NOTHING = "-"
SPECIAL = " \t\n\"'\\$`&|;<>()*?[]{}!#~"
"""What a shell does not take as it is where no quote is open."""


def answer_shell(arguments: Sequence[str]) -> int:
    """Answer the shell that asks; return 0 whatever comes."""
    try:
        lines = ANSWERS[os.environ[VARIABLE]](arguments)
        text = "".join(f"{line}\n" for line in lines)
        sys.stdout.buffer.write(text.encode(errors="surrogateescape"))
        sys.stdout.flush()
    except Exception:  # noqa: BLE001, S110 - a fault must never appear on a command line that somebody types
        pass
    return 0


def _for_bash(arguments: Sequence[str]) -> list[str]:
    """Answer bash, which passes its line and the signs at which it breaks words, and shows words alone."""
    line, breaks = arguments
    typed = part_line(line)
    found = complete(_without_program(typed.words), typed.current, described=False)
    return [found.by_shell or NOTHING, *(_bash_word(word, typed, breaks) for word, _ in found.words)]


def _bash_word(word: str, typed: TypedLine, breaks: str) -> str:
    """Return a word as bash puts it in: quoted as the one that is typed, without the part before the last break in that."""
    if typed.quote == "'":
        return word
    special = '"\\$`' if typed.quote else SPECIAL
    quoted = "".join(f"\\{sign}" if sign in special else sign for sign in word)
    if typed.quote:
        return quoted
    broken = max((at for at, sign in enumerate(typed.raw) if sign in breaks), default=-1) + 1
    return quoted[broken:]


def _without_program(words: Sequence[str]) -> Sequence[str]:
    """Return what follows the name of the program, which assignments may come before."""
    at = 0
    while at < len(words) and "=" in words[at]:
        at += 1
    return words[at + 1 :]


def _for_zsh(arguments: Sequence[str]) -> list[str]:
    """Answer zsh, which passes words; a colon parts a word from what it means."""
    *words, current = arguments
    found = complete(words, current)
    return [found.by_shell or NOTHING, *(_with_colon(*each) for each in found.words)]


def _with_colon(word: str, about: str) -> str:
    escaped = word.replace("\\", "\\\\").replace(":", "\\:")
    return f"{escaped}:{about}" if about else escaped


def _for_fish(arguments: Sequence[str]) -> list[str]:
    """Answer fish, which passes words; a tab parts a word from what it means."""
    *words, current = arguments
    found = complete(words, current)
    return [found.by_shell or NOTHING, *("\t".join(filter(None, each)) for each in found.words)]


ANSWERS: dict[str, Callable[[Sequence[str]], list[str]]] = {"bash": _for_bash, "zsh": _for_zsh, "fish": _for_fish}
"""By the name of the shell."""
