"""The commands on templates: list them, templates show, copy, check."""

from __future__ import annotations

from typing import Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.columns import show_rows
from okb_incident.cli.output import answer, answer_json, comment
from okb_incident.cli.registry import APPS
from okb_incident.cli.run import start
from okb_incident.core.guidance.template import PURPOSE
from okb_incident.core.text.terminal_text import one_line
from okb_incident.errors import ExitCode

templates = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="List the templates and which file wins; copy one, check them.",
)
APPS["templates"] = templates


@templates.callback()
def templates_list(ctx: typer.Context, as_json: opt.Json = False) -> None:
    """List the templates and which file wins; copy one, check them."""
    if ctx.invoked_subcommand is not None:
        return
    from okb_incident.workflow.templates import list_templates

    session = start(ctx)
    found = list_templates(session)
    if as_json:
        answer_json(
            [
                {
                    "name": name,
                    "from": places[0].origin,
                    "path": places[0].path,
                    "hides": [each.path for each in places[1:]],
                    "purpose": PURPOSE[name].what if name in PURPOSE else None,
                }
                for name, places in found.items()
            ],
        )
        return
    show_rows(
        ("name", "from", "hides", "for"),
        [
            (
                name,
                places[0].origin,
                ", ".join(each.origin for each in places[1:]) or "–",
                PURPOSE[name].what if name in PURPOSE else "one of your own",
            )
            for name, places in found.items()
        ],
    )


@templates.command("show")
def templates_show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as incident.")],
) -> None:
    """Print the template that wins for a name."""
    from okb_incident.workflow.templates import show_template

    session = start(ctx)
    template = show_template(session, name)
    comment(f"{template.path} ({template.origin})")
    answer(template.text.rstrip("\n"))


@templates.command("copy")
def templates_copy(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as users-service-notice.")],
    as_json: opt.Json = False,
) -> None:
    r"""Copy a template into the vault.

    There it is changed in Obsidian, and wins from then on.

    \b
    incident templates copy users-service-notice
    """
    from okb_incident.workflow.templates import copy_template

    session = start(ctx)
    path = copy_template(session, name)
    if as_json:
        answer_json({"name": name, "path": path})
    else:
        answer(f"copied: {path}")
        answer("next: change it in Obsidian, then: incident templates check " + name)
    for note in session.recovered:
        comment(note)


@templates.command("check")
def templates_check(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only this one.")] = None,
    as_json: opt.Json = False,
) -> None:
    r"""Render every template, and read what comes out.

    With a full and with a nearly empty incident; nothing is written. Exit code 5 says that one cannot be rendered, or makes a note that cannot be read.

    \b
    incident templates check
    incident templates check review
    """
    from okb_incident.workflow.care.template_check import check_templates

    session = start(ctx)
    checked = check_templates(session, name)
    wrong = [each for each in checked if each.fault]
    if as_json:
        answer_json([each._asdict() for each in checked])
    else:
        for each in wrong:
            answer(one_line(f"{each.name} with {each.sample}: {each.fault}"))
        names = dict.fromkeys(each.name for each in checked)
        answer(f"{len(names) - len({each.name for each in wrong})} of {len(names)} templates are good")
    if wrong:
        raise typer.Exit(ExitCode.INVALID)
