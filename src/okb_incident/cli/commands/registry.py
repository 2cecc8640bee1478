"""The commands that have been imported so far, by name; the group takes them from here."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

APPS: dict[str, typer.Typer] = {}


def command(
    name: str, *, text: str | None = None, **settings: Any
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    r"""Make a function the command of a name; its docstring, or the text, is its help, and ``\\b`` keeps a paragraph's lines apart."""

    def keep(function: Callable[..., None]) -> Callable[..., None]:
        shown = cleandoc(text or function.__doc__ or "").replace("\\b\n", "\b\n")
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(name, help=shown, **settings)(function)
        APPS[name] = app
        return function

    return keep
