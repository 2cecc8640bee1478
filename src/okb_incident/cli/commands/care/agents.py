"""The commands for scripts, agents and shells: describe, completion, hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.listing import Field, Listing
from okb_incident.cli.output import answer
from okb_incident.cli.shapes import ANYTHING, COUNT, NUMBER, TEXT, TRUTH, list_of, maybe, record
from okb_incident.cli.verb import without_vault
from okb_incident.command import Command
from okb_incident.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


WORDS = maybe(list_of(TEXT))
POSITIONAL = record(name=TEXT, required=TRUTH, repeated=TRUTH, allowed=WORDS)
OPTION = record(names=list_of(TEXT), metavar=maybe(TEXT), help=maybe(TEXT), repeated=TRUTH, flag=TRUTH, allowed=WORDS)
#: A command as it is described, in the whole description and alone; alone it has the schemas that its answers need.
DESCRIBED = record(
    {"schemas": list_of(ANYTHING)},
    name=TEXT,
    help=TEXT,
    arguments=list_of(ANYTHING),
    positionals=list_of(POSITIONAL),
    options=list_of(OPTION),
    commands=list_of(ANYTHING),
    json=maybe(TEXT),
    answer=maybe(TEXT),
)


@without_vault(
    "describe",
    opt.JSON,
    answers=record(
        program=TEXT,
        version=TEXT,
        options=list_of(ANYTHING),
        commands=list_of(DESCRIBED),
        exit_codes=list_of(record(code=COUNT, meaning=TEXT)),
        notes=record(properties=list_of(ANYTHING), timeline=list_of(ANYTHING), statuses=list_of(ANYTHING)),
        schemas=list_of(ANYTHING),
    ),
)
def describe(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMAND]…", help="Only this command: action add.")
    ] = None,
) -> Answer:
    r"""Describe all commands and formats for programs.

    \b
    incident describe --json
    incident describe action add
    incident describe action add --json
    """
    from okb_incident.cli.describe import command_named, program

    vault = ctx.obj.vault
    told = command_named(words, vault) if words else program(vault)
    name = " ".join(words or ())
    if told is None:
        raise NotFoundError(
            f"there is no command {name}", field="COMMAND", value=name, hint="incident describe lists them"
        )
    if words:
        return Answer(told, lines=_command_lines(told, name))
    inner = (
        f" ({', '.join(below['name'] for below in one['commands'])})" if one["commands"] else ""
        for one in told["commands"]
    )
    return Answer(
        told,
        lines=[f"{one['name']:<12}{one['help']}{more}" for one, more in zip(told["commands"], inner, strict=True)],
        hints=["incident describe --json has options, exit codes, note formats and the shapes of answers too"],
    )


def _command_lines(told: dict[str, Any], name: str) -> Iterator[str]:
    yield f"incident {name}: {told['help']}"
    for one in told["arguments"]:
        yield f"  {one['metavar']:<28}{one['help'] or ''}"
    for one in told["options"]:
        yield f"  {' '.join([', '.join(one['names']), one['metavar'] or '']):<28}{one['help'] or ''}"
    for one in told["commands"]:
        yield f"  {one['name']:<28}{one['help']}"


@without_vault("completion")
def completion(
    shell: Annotated[str, typer.Argument(metavar="SHELL", help="The shell: bash, zsh or fish.")],
) -> None:
    r"""Print the completion script of your shell.

    Add it to the start-up file of your shell; it is used by shells that you start from then on.

    \b
    echo 'eval "$(incident completion bash)"' >> ~/.bashrc
    echo 'eval "$(incident completion zsh)"' >> ~/.zshrc
    incident completion fish > ~/.config/fish/completions/incident.fish
    """
    from okb_incident.cli.shell_scripts import SCRIPTS

    if shell not in SCRIPTS:
        known = tuple(SCRIPTS)
        message = f"unknown shell {shell!r}; choose from {', '.join(known)}"
        raise UsageError(message, field="SHELL", value=shell, allowed=known, hint=Command("completion", "bash"))
    answer(SCRIPTS[shell].rstrip("\n"))


HOOKS = (
    Field("on", list_of(TEXT), lambda hook: sorted(hook.on), "on"),
    Field("run", list_of(TEXT), lambda hook: list(hook.run), "run", lambda hook: " ".join(hook.run)),
    Field("seconds", NUMBER, lambda hook: hook.seconds, "at most", lambda hook: f"{hook.seconds:g} s"),
    Field(
        "restricted",
        TRUTH,
        lambda hook: hook.restricted,
        "restricted",
        lambda hook: "too" if hook.restricted else "never",
    ),
)


@without_vault("hooks", opt.JSON, answers=HOOKS)
def hooks() -> Answer:
    r"""List your commands that run on events.

    They are in your own settings, never in a vault; docs/scripts.md explains them.

    \b
    incident hooks
    incident hooks --json
    """
    from okb_incident.workflow.hooks import own_hooks

    path, own = own_hooks()
    if not own:
        return Answer([], lines=[f"{path} names no hooks"])
    return Answer(table=Listing(HOOKS, own))
