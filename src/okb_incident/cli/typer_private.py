"""The private names of Typer that we use, all of them here, because it has no public ones for them.

Typer carries the parser that it once took from Click in a private package. A version that moves or renames something in it fails in
tests/cli/test_typer_private.py, which has a test for each name, and then only this file changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer._click.exceptions import BadOptionUsage, ClickException, MissingParameter, NoArgsIsHelpError, NoSuchOption

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter

__all__ = [
    "BadOptionUsage",
    "ClickException",
    "Command",
    "Context",
    "HelpFormatter",
    "MissingParameter",
    "NoArgsIsHelpError",
    "NoSuchOption",
    "answer_shells",
    "completion_script",
]


def completion_script(shell: str, variable: str) -> str:
    """Return the script that teaches a shell to complete `incident`.

    The public way to it is the option ``--show-completion``, which we leave out.

    Args:
        shell: ``bash``, ``zsh`` or ``fish``.
        variable: The environment variable in which the script asks.
    """
    from typer._completion_shared import get_completion_script

    return get_completion_script(prog_name="incident", complete_var=variable, shell=shell)


def answer_shells() -> None:
    """Let Typer answer the scripts of its shells, without rich for help that has no markup in it.

    Typer does so by itself only where it also adds its options for completion.
    """
    from typer import _completion_classes

    _completion_classes.completion_init()
    _completion_classes._sanitize_help_text = lambda text: text  # noqa: SLF001 - there is no other way to tell it
