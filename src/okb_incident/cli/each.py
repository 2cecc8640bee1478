"""Ids on stdin: a verb with ``-`` in the place of the reference is run once for each id that is read.

    incident list --ids --where severity=sev4 | incident close -

One place does it for all commands, before they are parsed. A failure does not keep the others from being tried; the exit code is
that of the first.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from okb_incident.cli.aliases import place_of_command
from okb_incident.cli.output import comment
from okb_incident.cli.table import BY_NAME, is_group, usage_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def place_of_dash(arguments: Sequence[str]) -> int | None:
    """Find the ``-`` that stands for the ids on stdin: behind ``-i``, or first behind a command whose first word may be a reference."""
    for place, word in enumerate(arguments[:-1]):
        if word == "--":
            return None
        if word in {"-i", "--incident"} and arguments[place + 1] == "-":
            return place + 1
    at = place_of_command(arguments)
    verb, at = (arguments[at], at + 1) if at < len(arguments) else ("", at)
    if verb not in BY_NAME or at >= len(arguments):
        return None
    if is_group(verb):
        verb, at = f"{verb} {arguments[at]}", at + 1
    # On `log` and `run` a lone dash may be the beginning of what is said or run; there ``-i -`` names the ids.
    takes_ids = usage_of(verb).lstrip("[").startswith(("REF", "FROM")) and verb not in {"log", "run", "similar"}
    return at if takes_ids and at < len(arguments) and arguments[at] == "-" else None


def for_each(arguments: Sequence[str], place: int, run: Callable[[Sequence[str]], int]) -> int:
    """Run a command for each id on stdin.

    Returns:
        0 where all of them succeeded, else the exit code of the first that did not.
    """
    first = failed = 0
    ids = sys.stdin.read().split()
    for which in ids:
        code = run([*arguments[:place], which, *arguments[place + 1 :]])
        sys.stdout.flush()
        if code:
            failed += 1
            first = first or code
    if not ids:
        comment("no id came on stdin, so nothing was done")
    elif failed:
        comment(f"{failed} of {len(ids)} failed")
    return first
