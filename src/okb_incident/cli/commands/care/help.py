"""The command help."""

from __future__ import annotations

from itertools import takewhile
from typing import Annotated, Any

import typer

from okb_incident.cli.output import answer
from okb_incident.cli.verb import without_vault


@without_vault("help")
def help_(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMAND | TOPIC | all]", help="A command, a topic, or all.")
    ] = None,
) -> None:
    r"""Show the help of a command or topic.

    Alone it shows the first page, as `incident` does.

    \b
    incident help
    incident help resolve
    incident help times
    """
    answer(page(words or []))


def page(words: list[str]) -> str:
    """Return the page that some words name: a command, a topic, all commands, or the first page.

    Raises:
        NotFoundError: There is neither a command nor a topic of that name.
    """
    from okb_incident.cli.aliases import meant
    from okb_incident.cli.pages import all_commands, first_page
    from okb_incident.cli.topics import TOPICS, topic_page

    if not words:
        return first_page()
    name = " ".join(words)
    if name == "all":
        return all_commands()
    if name in TOPICS:
        return topic_page(name)
    return _help_of(list(takewhile(lambda word: not word.startswith("-"), meant(words))), name)


def _help_of(words: list[str], name: str) -> str:
    """Return the help of a command, as its own --help prints it."""
    from typer.main import get_command

    from okb_incident.cli.main import app
    from okb_incident.cli.unknown import unknown_help

    command: Any = get_command(app)
    context: Any = command.make_context("incident", [], resilient_parsing=True)
    for word in words:
        below = getattr(command, "commands", {}).get(word)
        if below is None:
            raise unknown_help(name)
        command, context = below, below.make_context(word, [], parent=context, resilient_parsing=True)
    text: str = command.get_help(context)
    return text
