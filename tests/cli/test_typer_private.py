"""What we use of Typer without its promise: one file names it, and each name does what we need of it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.main import get_command

from okb_incident.cli import typer_private
from okb_incident.cli.group import LazyGroup
from okb_incident.cli.main import app as ours
from okb_incident.cli.typer_private import (
    BadOptionUsage,
    ClickException,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
)

ROOT = Path(__file__).parents[2]


def parse(*arguments):
    """Let Typer read the arguments of a small command."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)

    @app.command(no_args_is_help=True)
    def act(word: Annotated[str, typer.Argument(metavar="WORD", help="Which.")], at: str = "") -> None:
        assert word
        assert at

    return get_command(app).main(args=[*arguments], prog_name="act", standalone_mode=False)


def test_no_such_option_knows_the_command_that_was_typed():
    with pytest.raises(NoSuchOption) as caught:
        parse("x", "--att")
    assert "--att" in caught.value.format_message()
    assert caught.value.ctx is not None
    assert caught.value.ctx.command_path == "act"


def test_bad_option_usage_names_the_option_that_lacks_its_value():
    with pytest.raises(BadOptionUsage) as caught:
        parse("x", "--at")
    assert caught.value.option_name == "--at"


def test_missing_parameter_has_the_argument_with_its_help():
    with pytest.raises(MissingParameter) as caught:
        parse("--at", "x")
    parameter = caught.value.param
    assert parameter is not None
    assert (parameter.param_type_name, parameter.metavar) == ("argument", "WORD")
    assert getattr(parameter, "help", None) == "Which."


def test_no_args_is_help_error_is_the_help():
    with pytest.raises(NoArgsIsHelpError) as caught:
        parse()
    assert "Usage: act" in caught.value.format_message()


@pytest.mark.parametrize("error", [BadOptionUsage, MissingParameter, NoArgsIsHelpError, NoSuchOption])
def test_click_exception_is_whatever_the_parser_says(error):
    assert issubclass(error, ClickException)
    with pytest.raises(ClickException):
        parse("one", "two")


def test_command_context_and_help_formatter_are_what_a_group_gets():
    from typer._click import Command, Context, HelpFormatter

    root = get_command(ours)
    assert isinstance(root, LazyGroup)
    assert isinstance(root, Command)
    context = root.make_context("incident", ["list"])
    assert isinstance(context, Context)
    formatter = context.make_formatter()
    assert isinstance(formatter, HelpFormatter)
    root.format_commands(context, formatter)
    text = formatter.getvalue()
    assert text.index("open") < text.index("resolve") < text.index("report")


def test_every_name_has_its_test():
    told = Path(__file__).read_text(encoding="utf-8")
    for name in typer_private.__all__:
        words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).strip("_")
        assert f"{words}" in told, f"no test of {name}"


def test_no_other_file_reaches_into_typer():
    found = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [f"{node.module}.{each.name}" for each in node.names]
                if isinstance(node, ast.ImportFrom) and not node.level
                else [each.name for each in node.names]
                if isinstance(node, ast.Import)
                else [ast.unparse(node)]
                if isinstance(node, ast.Attribute)
                else []
            )
            found += [path.name for name in names if name.startswith("typer.") and "._" in name]
    assert {*found} == {"typer_private.py"}
