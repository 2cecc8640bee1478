"""The help of one command: usage, what it does, examples, its own options, and the options that many commands share."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

from okb_incident.cli.aliases import aliases_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okb_incident.cli.typer_private import Command, Context, HelpFormatter

EXAMPLES = "\b\n"
"""What separates the examples of a docstring from its text."""

SHARED = frozenset({"incident", "at", "correct", "confirm", "restricted", "who", "as_json", "dry_run", "help"})
"""The parameters that many commands share; they are listed last."""


class HelpfulCommand(TyperCommand):
    """A command whose help shows examples before its options."""

    def format_help_text(self, _ctx: Context, formatter: HelpFormatter) -> None:
        """Write what the command does, and the examples."""
        text, examples = parted(self.help or "")
        formatter.write_paragraph()
        formatter.write_text(text)
        _write_examples(formatter, examples)

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the arguments, and the options in their groups."""
        _write_options(self, ctx, formatter)
        _write_aliases(ctx, formatter)


class HelpfulGroup(TyperGroup):
    """A command with commands below it, such as `review`; its examples are the first ones of these."""

    def format_help_text(self, _ctx: Context, formatter: HelpFormatter) -> None:
        """Write what the group is for, and an example of its first commands."""
        text, examples = parted(self.help or "")
        formatter.write_paragraph()
        formatter.write_text(text)
        _write_examples(formatter, examples or list(_first_examples(self)))

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the commands before the options."""
        self.format_commands(ctx, formatter)
        _write_options(self, ctx, formatter)
        _write_aliases(ctx, formatter)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """Return the command below it that was typed.

        Raises:
            UsageError: There is no such command.
        """
        if args[0] not in self.commands and not args[0].startswith("-") and not ctx.resilient_parsing:
            from okb_incident.cli.unknown import unknown_part

            raise unknown_part(self.name or "", args[0], tuple(self.commands))
        return super().resolve_command(ctx, args)


def parted(text: str) -> tuple[str, list[str]]:
    """Return the text of a docstring, and the lines of its examples."""
    prose, _, examples = cleandoc(text).partition(EXAMPLES)
    return prose.strip(), [line.strip() for line in examples.splitlines() if line.strip()]


def _first_examples(group: Any) -> Iterator[str]:
    found = [parted(command.help or "")[1] for command in group.commands.values()]
    yield from [each[0] for each in found if each][:3]


def _write_examples(formatter: HelpFormatter, examples: Iterable[str]) -> None:
    lines = list(examples)
    if lines:
        with formatter.section("Examples"):
            for line in lines:
                # Not wrapped: a line is pasted as it is.
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


def _write_options(command: Any, ctx: Context, formatter: HelpFormatter) -> None:
    """Write arguments, then a section for each group of options; those that many commands share come last."""
    sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
    shared: list[tuple[str, str]] = []
    for each in command.get_params(ctx):
        record = each.get_help_record(ctx)
        if record is None:
            continue
        if each.param_type_name == "argument":
            sections["Arguments"].append(record)
        elif each.name in SHARED:
            shared.append(record)
        else:
            sections.setdefault(getattr(each, "rich_help_panel", None) or "Options", []).append(record)
    for title, rows in {**sections, "Common options": shared}.items():
        if rows:
            with formatter.section(title):
                formatter.write_dl(rows)


def _write_aliases(ctx: Context, formatter: HelpFormatter) -> None:
    if aliases := aliases_of(ctx.info_name or ""):
        formatter.write_paragraph()
        formatter.write_text(f"Aliases: {', '.join(aliases)}")
