"""The root of the command line: global options, errors as sentences, exit codes."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from typer.main import get_command

from okb_incident.cli.aliases import meant
from okb_incident.cli.group import LazyGroup
from okb_incident.cli.output import commands_name, prepare_streams, show_error, show_traceback
from okb_incident.cli.run import RunOptions
from okb_incident.cli.typer_private import (
    BadOptionUsage,
    ClickException,
    NoArgsIsHelpError,
    NoSuchOption,
)
from okb_incident.errors import ExitCode, MissingWordError, OkbError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.command import Text

app = typer.Typer(
    cls=LazyGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _show_version(typed: bool) -> None:
    if typed:
        from okb_incident import __version__

        print(f"incident {__version__}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    vault: Annotated[
        str | None,
        typer.Option(
            "--vault",
            metavar="DIR",
            help="The vault; by default INCIDENT_VAULT, the folder you are in, or your settings.",
        ),
    ] = None,
    who: Annotated[
        str | None,
        typer.Option("--as", metavar="WHO", help="Who acts; by default INCIDENT_USER, your settings, or git."),
    ] = None,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask anything.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    """Track incidents in a folder of Markdown notes."""
    commands_name(vault)
    ctx.obj = RunOptions(vault=vault, who=who, no_input=no_input, debug=debug)


def run(arguments: Sequence[str]) -> int:
    """Run one command, or with ``-`` in the place of a reference one for each id on stdin.

    Returns:
        Its exit code; every error has been shown as a sentence by then.
    """
    arguments = meant(arguments)
    if "--read-word" in arguments:
        from okb_incident.cli.kept_words import read_back

        try:
            arguments = read_back(arguments)
        except OkbError as error:
            show_error(error, as_json="--json" in arguments)
            return error.exit_code
    if "-" in arguments:
        from okb_incident.cli.each import for_each, place_of_dash

        place = place_of_dash(arguments)
        if place is not None:
            prepare_streams()
            return for_each(arguments, place, run_one)
    return run_one(arguments)


def run_one(arguments: Sequence[str], *, skips: bool = False) -> int:
    """Run one command.

    Args:
        arguments: The command line.
        skips: Nothing is printed where a question of the command is not answered.

    Returns:
        Its exit code; every error has been shown as a sentence by then.
    """
    prepare_streams()
    commands_name(None)
    arguments = list(arguments)
    as_json = "--json" in arguments
    try:
        code = get_command(app).main(args=arguments, prog_name="incident", standalone_mode=False)
        sys.stdout.flush()
    except OkbError as error:
        if not (skips and isinstance(error, MissingWordError)):
            _tell(error, arguments, as_json=as_json)
        return error.exit_code
    except NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return ExitCode.USAGE
    except ClickException as error:
        return _complete(error, arguments, as_json=as_json, skips=skips)
    except (KeyboardInterrupt, EOFError, typer.Abort):
        print("incident: interrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader has gone, as `| head` does; what was to be written is written. Nothing may be flushed to it any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILURE
    except Exception as error:  # noqa: BLE001 - whatever was not foreseen still ends in a sentence
        unforeseen = f"internal error: {type(error).__name__}: {error}"
        hint = "repeat the command with --debug and report what it prints"
        _tell(OkbError(unforeseen, hint=hint), arguments, as_json=as_json)
        return ExitCode.FAILURE
    if code == ExitCode.INTERRUPTED:
        # Typer turns Ctrl-C into this code without a word.
        print("incident: interrupted", file=sys.stderr)
    return code if isinstance(code, int) else ExitCode.OK


def _tell(error: OkbError, arguments: Sequence[str], *, as_json: bool) -> None:
    """Show an error, with the traceback of the one at hand where that was asked for."""
    if "--debug" in arguments:
        show_traceback()
    show_error(error, as_json=as_json)


def _complete(error: ClickException, arguments: Sequence[str], *, as_json: bool, skips: bool) -> int:
    """Ask for what the parser misses and run the command with it, or show what it says."""
    from okb_incident.cli.missing import answer_to

    try:
        answer = answer_to(error, arguments, get_command(app))
    except (KeyboardInterrupt, EOFError):
        print("incident: interrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    if answer:
        return run_one([*arguments, *answer], skips=skips)
    if not skips:
        show_error(_as_usage(error, arguments), as_json=as_json)
    return ExitCode.USAGE


def _as_usage(error: ClickException, arguments: Sequence[str]) -> UsageError:
    """Turn what the parser says into a sentence of ours, with the help that fits."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else _path_of(arguments)
    hint: Text = f"{path} --help"
    if isinstance(error, NoSuchOption):
        from okb_incident.cli.dashed_text import what_was_meant

        hint = what_was_meant(context, arguments) or hint
    field = error.option_name if isinstance(error, BadOptionUsage) else None
    return UsageError(error.format_message().rstrip("."), field=field, hint=hint)


def _path_of(arguments: Sequence[str]) -> str:
    """Return the command that was typed, of a group both words."""
    command, path = get_command(app), "incident"
    for word in arguments:
        if below := getattr(command, "commands", {}).get(word):
            command, path = below, f"{path} {word}"
    return path
