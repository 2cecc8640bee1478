"""The options and words of a command as the parser knows them; loaded only where an option is typed, or the table has no words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from typer.main import get_command

from okb_incident.cli.main import app

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class KnownOption(NamedTuple):
    """An option of a command.

    Attributes:
        name: Its longest name.
        names: All its names.
        takes_value: A value follows it.
        metavar: What stands for its value in help.
        help: What it does.
        repeated: It may be typed several times.
        hidden: Help does not show it.
    """

    name: str
    names: tuple[str, ...]
    takes_value: bool
    metavar: str
    help: str
    repeated: bool
    hidden: bool


def parser_of(command: str) -> Any:
    """Return the parser of a command; of no command, that of the whole command line."""
    found: Any = get_command(app)
    for word in command.split():
        found = found.commands[word]
    return found


def options_of(command: str) -> Mapping[str, KnownOption]:
    """Return the options of a command by each of their names."""
    parser = parser_of(command)
    with parser.make_context(command, [], resilient_parsing=True) as context:
        parameters = parser.get_params(context)
    return {name: option for option in _options(parameters) for name in option.names}


def _options(parameters: Any) -> Iterator[KnownOption]:
    for each in parameters:
        if each.param_type_name == "option":
            names = (*each.opts, *each.secondary_opts)
            takes_value = not (each.is_flag or each.count)
            metavar = each.metavar or each.type.name.upper()
            told = (each.help or "").strip()
            yield KnownOption(max(names, key=len), names, takes_value, metavar, told, each.multiple, each.hidden)


def arguments_of(command: str) -> str:
    """Return the words of a command that the table says nothing of, as its help shows them."""
    return " ".join(
        each.metavar or each.name.upper() for each in parser_of(command).params if each.param_type_name == "argument"
    )


def stops_at_words(command: str) -> bool:
    """Return whether everything after the first word is a word, as of a command that runs another one."""
    return parser_of(command).context_settings.get("allow_interspersed_args") is False
