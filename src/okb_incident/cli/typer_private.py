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
]
