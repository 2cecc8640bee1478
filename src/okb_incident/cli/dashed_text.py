"""Text that was taken for an option, such as ``---`` or ``-5 % of orders``: the same command line with the text behind two hyphens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.cli.table import BY_NAME, is_group, usage_of
from okb_incident.command import Command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okb_incident.cli.typer_private import Context

TEXT = ("TEXT", "WORDS", "REASON")
OPTION = re.compile(r"--?[A-Za-z][\w-]*(?:=.*)?", re.DOTALL)


def behind_hyphens(context: Context | None, arguments: Sequence[str]) -> Command | None:
    """Return the command line with its options first and its words behind ``--``; None where no word can be meant as text.

    Args:
        context: That of the command whose options could not be read.
        arguments: The command line.
    """
    verb = "" if context is None else context.command_path.partition(" ")[2]
    if context is None or verb.split(" ")[0] not in BY_NAME or is_group(verb):
        return None
    takes_text = any(part in usage_of(verb) for part in TEXT)
    takes_value = {
        name: not getattr(each, "is_flag", False)
        for each in context.command.params
        if each.param_type_name == "option"
        for name in each.opts
    }
    options, words = _parted(_after(verb, arguments), takes_value)
    looks_like_text = any(word.startswith("-") and not OPTION.fullmatch(word) for word in words)
    mistyped = any(OPTION.fullmatch(word) for word in words)
    return Command(verb, *words, options=options) if takes_text and looks_like_text and not mistyped else None


def _after(verb: str, arguments: Sequence[str]) -> Sequence[str]:
    """Return what follows a command on its line."""
    at = 0
    for name in verb.split(" "):
        at = arguments.index(name, at) + 1
    return arguments[at:]


def _parted(arguments: Sequence[str], takes_value: Mapping[str, bool]) -> tuple[list[str], list[str]]:
    """Split the options of a command, each with its value, from its words."""
    options: list[str] = []
    words: list[str] = []
    rest = iter(arguments)
    for each in rest:
        name = each.partition("=")[0]
        if each == "--":
            words.extend(rest)
        elif name in takes_value:
            options.append(each)
            if takes_value[name] and "=" not in each:
                options.extend(value for value in (next(rest, None),) if value is not None)
        else:
            words.append(each)
    return options, words
