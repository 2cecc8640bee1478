"""The group of all commands, each imported when it is needed and not before."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from typer.core import TyperGroup
from typer.main import get_command

from okb_incident.cli.aliases import meant
from okb_incident.cli.table import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from okb_incident.cli.typer_private import Command, Context, HelpFormatter


class LazyCommands(dict[str, Any]):
    """The commands by name, as a group expects them: the names come from the table, a command is built when asked for.

    Suggestions for a mistyped name and completion go through the names, so they survive the laziness.
    """

    def __iter__(self) -> Iterator[str]:
        return iter(BY_NAME)

    def __len__(self) -> int:
        return len(BY_NAME)

    def keys(self) -> Any:
        """Return the names in the order of the table."""
        return BY_NAME.keys()

    def get(self, name: str, default: Any = None) -> Any:
        """Return a command, None if the table has no such name."""
        if name not in BY_NAME:
            return default
        if not dict.__contains__(self, name):
            self[name] = _build(name)
        return dict.__getitem__(self, name)

    def __getitem__(self, name: str) -> Any:
        return self.get(name)

    def items(self) -> Any:
        """Return names and commands; imports all of them."""
        return [(name, self.get(name)) for name in BY_NAME]


def _build(name: str) -> Command:
    """Import a command's module and make of it what the group runs."""
    import_module(f"okb_incident.cli.commands.{BY_NAME[name].module}")
    from okb_incident.cli.verb import app_of

    command = get_command(app_of(name))
    command.name = name
    return command


class LazyGroup(TyperGroup):
    """The root of the command line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands: MutableMapping[str, Command] = LazyCommands()

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the global options; an alias is its command, also while a shell completes it."""
        return super().parse_args(ctx, meant(args))

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """Return the command of the words that are left.

        Raises:
            UsageError: There is no such command.
        """
        if args[0] not in BY_NAME and not args[0].startswith("-") and not ctx.resilient_parsing:
            from okb_incident.cli.unknown import unknown_command

            raise unknown_command(args[0])
        return super().resolve_command(ctx, args)

    def format_help(self, _ctx: Context, formatter: HelpFormatter) -> None:
        """Write the first page of help, from the table alone."""
        from okb_incident.cli.pages import first_page

        formatter.write(f"{first_page()}\n")

    def list_commands(self, _ctx: Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(BY_NAME)
