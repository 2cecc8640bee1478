"""Aliases: other words that run a command. An alias is shown only in the help of its command; no printed command uses one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What each alias stands for; some have two words.
ALIASES: dict[str, tuple[str, ...]] = {
    "declare": ("open",),
    "new": ("open",),
    "create": ("open",),
    "note": ("log",),
    "comment": ("log",),
    "update": ("tell",),
    "sev": ("severity",),
    "assign": ("role",),
    "page": ("escalate",),
    "ls": ("list",),
    "postmortem": ("review",),
    "version": ("--version",),
    "board": ("status", "--live"),
    "brief": ("show",),
    "unrestrict": ("restrict", "--off"),
    "take": ("role", "--me"),
    "handoff": ("role", "--handoff"),
    "journal verify": ("doctor", "--only", "journal"),
    "journal prune": ("doctor", "--prune"),
    "journal": ("doctor", "--only", "journal"),
}

#: Global options that a value follows.
WITH_VALUE = frozenset({"--vault", "--as"})


def place_of_command(arguments: Sequence[str]) -> int:
    """Return where the command of a command line is; its length if there is none."""
    at = 0
    while at < len(arguments) and arguments[at].startswith("-"):
        at += 2 if arguments[at] in WITH_VALUE else 1
    return min(at, len(arguments))


def meant(arguments: Sequence[str]) -> list[str]:
    """Return a command line with the command that its alias stands for; without an alias it stays as it is."""
    at = place_of_command(arguments)
    for length in (2, 1):
        words = arguments[at : at + length]
        target = ALIASES.get(" ".join(words)) if len(words) == length else None
        if target:
            return [*arguments[:at], *target, *arguments[at + length :]]
    return list(arguments)


def aliases_of(name: str) -> list[str]:
    """Return the aliases of a command, each with what it stands for if that is more than the command: ``board (status --live)``."""
    found = []
    for alias, target in ALIASES.items():
        if target[0] == name:
            found.append(alias if len(target) == 1 else f"{alias} ({' '.join(target)})")
    return found
