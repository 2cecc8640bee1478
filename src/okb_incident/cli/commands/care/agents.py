"""The commands for scripts, agents and shells: describe, completion, hooks."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.columns import show_rows
from okb_incident.cli.output import answer, answer_json, comment
from okb_incident.cli.registry import command
from okb_incident.errors import NotFoundError, UsageError


@command("describe")
def describe(
    words: Annotated[list[str] | None, typer.Argument(metavar="[COMMAND]…", help="Only this one: action add.")] = None,
    as_json: opt.Json = False,
) -> None:
    r"""Describe every command, exit code and note format, for programs.

    \b
    incident describe --json
    incident describe action add
    """
    from okb_incident.cli.describe import command_named, program

    told = command_named(words) if words else program()
    if told is None:
        raise NotFoundError(
            f"there is no command {' '.join(words or ())}",
            field="COMMAND",
            value=" ".join(words or ()),
            hint="incident describe lists them",
        )
    if as_json:
        answer_json(told)
    elif words:
        _answer_command(told, " ".join(words))
    else:
        for each in told["commands"]:
            inner = f" ({', '.join(below['name'] for below in each['commands'])})" if each["commands"] else ""
            answer(f"{each['name']:<12}{each['help']}{inner}")
        comment("incident describe --json has options, exit codes, note formats and the shapes of answers too")


def _answer_command(told: dict[str, Any], name: str) -> None:
    answer(f"incident {name}: {told['help']}")
    for each in told["arguments"]:
        answer(f"  {each['metavar']:<28}{each['help'] or ''}")
    for each in told["options"]:
        answer(f"  {' '.join([', '.join(each['names']), each['metavar'] or '']):<28}{each['help'] or ''}")
    for each in told["commands"]:
        answer(f"  {each['name']:<28}{each['help']}")


@command("completion")
def completion(
    shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")],
) -> None:
    r"""Print the script that lets your shell complete what you type.

    \b
    incident completion bash >> ~/.bash_completion
    incident completion zsh > ~/.zfunc/_incident
    incident completion fish > ~/.config/fish/completions/incident.fish
    """
    from okb_incident.cli.completion import SHELLS, script

    if shell not in SHELLS:
        raise UsageError(f"{shell!r} is none of {', '.join(SHELLS)}", field="SHELL", value=shell, allowed=SHELLS)
    answer(script(shell))


@command("hooks")
def hooks(as_json: opt.Json = False) -> None:
    """List the commands of yours that are told what happens.

    They stand in your own settings, and in no vault's; docs/scripts.md says how.
    """
    from okb_incident.workflow.hooks import own_hooks

    path, own = own_hooks()
    if as_json:
        answer_json(
            [
                {"on": sorted(each.on), "run": list(each.run), "seconds": each.seconds, "restricted": each.restricted}
                for each in own
            ]
        )
    elif own:
        rows = [
            (
                ", ".join(sorted(each.on)),
                " ".join(each.run),
                f"{each.seconds:g} s",
                "too" if each.restricted else "never",
            )
            for each in own
        ]
        show_rows(("on", "run", "at most", "restricted"), rows)
    else:
        answer(f"{path} names no hooks")
