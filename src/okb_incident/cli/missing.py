"""Asking for what the parser misses: the value of a last option, or the words without which a command is incomplete.

A command that is printed ends before what only a person can say, so that it can be pasted as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okb_incident.cli.run import RunOptions, person
from okb_incident.cli.typer_private import BadOptionUsage, MissingParameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.cli.typer_private import ClickException


def answer_to(error: ClickException, arguments: Sequence[str], root: Any) -> Sequence[str]:
    """Return what a person answers, as it continues the command line; nothing where nobody can be asked, or nobody answers.

    Args:
        error: What the parser says.
        arguments: What was typed.
        root: The command that all others are below.
    """
    if {"--json", "--dry-run"} & set(arguments) or not RunOptions(no_input="--no-input" in arguments).may_ask:
        return ()
    if isinstance(error, BadOptionUsage) and arguments[-1:] == [error.option_name]:
        answer = person().line(_question(error.option_name, _help_of(error.option_name, arguments, root)))
        return (answer,) if answer else ()
    if isinstance(error, MissingParameter) and error.param is not None and error.param.param_type_name == "argument":
        answer = person().line(_question(str(error.param.metavar), getattr(error.param, "help", None)))
        return () if not answer else (answer,) if "--" in arguments else ("--", answer)
    return ()


def _question(name: str, about: str | None) -> str:
    return f"{name}: {about} (Enter to skip) " if about else f"{name} (Enter to skip): "


def _help_of(option: str, arguments: Sequence[str], root: Any) -> str | None:
    """Return the help of an option of the command that was typed."""
    command = root
    for word in arguments:
        command = getattr(command, "commands", {}).get(word) or command
    return next((each.help for each in command.params if option in each.opts), None)
