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
        APPS[name] = app = typer.Typer(add_completion=False, rich_markup_mode=None)
        return below(app, name, text=text, **settings)(function)

    return keep


def group(name: str, text: str) -> typer.Typer:
    """Make a name the command of a group, which holds commands of its own and shows them where none is typed."""
    APPS[name] = app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help=text)

    @app.callback()
    def nothing() -> None:
        """Do nothing before the command itself: Typer makes a group only of what has a callback."""

    return app


def below(
    app: typer.Typer, name: str, *, text: str | None = None, **settings: Any
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a function a command of a group; its docstring, or the text, is its help, as for `command`."""

    def keep(function: Callable[..., None]) -> Callable[..., None]:
        shown = cleandoc(text or function.__doc__ or "").replace("\\b\n", "\b\n")
        app.command(name, help=shown, **settings)(function)
        return function

    return keep
