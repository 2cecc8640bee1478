"""What was taken for an option and is none: ``-2m`` is a time for ``--at``, ``-5 % of orders`` is text for behind two hyphens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okb_incident.cli.table import BY_NAME, is_group, usage_of
from okb_incident.command import Command, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okb_incident.cli.typer_private import Context

TEXT = ("TEXT", "WORDS", "REASON")
OPTION = re.compile(r"--?[A-Za-z][\w-]*(?:=.*)?", re.DOTALL)
AGO = re.compile(r"-\d+[smhd]")


def what_was_meant(context: Context | None, arguments: Sequence[str]) -> Sentence | None:
    """Return the hint with the command line as it was meant: a lone time behind ``--at``, or text behind ``--``; None where neither fits.

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
    dashed = [word for word in words if word.startswith("-")]
    if len(dashed) == 1 and AGO.fullmatch(dashed[0]) and "--at" in takes_value and "--at" not in options:
        rest = [word for word in words if word != dashed[0]]
        return Sentence("a time goes behind --at, as in: ", Command(verb, *rest, options=(*options, "--at", dashed[0])))
    looks_like_text = any(word.startswith("-") and not OPTION.fullmatch(word) for word in words)
    mistyped = any(OPTION.fullmatch(word) for word in words)
    if not takes_text or not looks_like_text or mistyped:
        return None
    return Sentence("text that begins with a hyphen goes behind --, as in: ", Command(verb, *words, options=options))


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
