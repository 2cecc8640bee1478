"""The command that shows the product: demo."""

from __future__ import annotations

import os
import sys
from contextlib import chdir
from typing import Annotated

import typer

from okb_incident.cli.output import answer
from okb_incident.cli.run import announces_no_clock
from okb_incident.cli.verb import without_vault
from okb_incident.command import quoted

#: Removes what Enter at a prompt leaves on the screen: one row up, and the row cleared.
ROW_BACK = "\033[A\033[K"


@without_vault("demo")
def demo(
    ctx: typer.Context,
    folder: Annotated[
        str | None,
        typer.Option(
            "--dir", metavar="DIR", help="The folder; by default incident-demo. An unchanged demo is replaced."
        ),
    ] = None,
) -> None:
    r"""Try one incident on a copy of the example vault.

    The commands are real, with the clock set to the last week of the vault; your settings and hooks are not used. On a terminal, press
    Enter for the next step.

    \b
    incident demo
    incident demo --dir ~/try-incident
    """
    from okb_incident.cli.main import run
    from okb_incident.workflow.care.demo import NOW, STORY, prepare_folder, seal

    path = prepare_folder(folder)
    try:
        name = os.path.relpath(path) if folder is None else path
        waits = ctx.obj.may_ask and sys.stdout.isatty()
        had_vault = "INCIDENT_VAULT" in os.environ
        _be_somebody_else(path)
        answer(f"Copied the example vault to {name}. The clock is set to Friday, 20 November 2026.")
        with chdir(path), announces_no_clock():
            for step in STORY:
                os.environ["INCIDENT_NOW"] = NOW.format(minute=step.minute)
                if waits:
                    _wait()
                answer(f"\n# {step.about}")
                answer(f"$ incident {' '.join(map(quoted, step.words))}")
                if code := run(["--no-input", *step.words]):
                    raise typer.Exit(code)
    finally:
        seal(path)
    leave = "unset INCIDENT_VAULT && " if had_vault else ""
    answer(
        f"\nContinue here: {leave}cd {quoted(name)} && export INCIDENT_USER=erin INCIDENT_NOW={NOW.format(minute=40)}"
    )
    answer("Then try:      incident next, incident report, incident undo")
    answer(f"Read it:       open the folder {name} as a vault in Obsidian")
    answer('Your own:      incident init ~/kb && cd ~/kb && incident open "What is wrong"')


def _be_somebody_else(path: str) -> None:
    """Use the demo's vault and person alone: hooks of one's own would send the demo's messages, and a zone would change its times."""
    os.environ |= {
        "INCIDENT_USER": "erin",
        "INCIDENT_VAULT": path,
        "XDG_CONFIG_HOME": os.path.join(path, ".incident", "no-settings"),
    }
    os.environ.pop("INCIDENT_ID", None)


def _wait() -> None:
    """Wait for Enter, as a reader of the demo asks for the next step."""
    print("\n[Enter for the next step, Ctrl-C to stop] ", end="", file=sys.stderr, flush=True)
    if not sys.stdin.readline():
        raise typer.Abort
    if os.environ.get("TERM", "dumb") != "dumb":
        print(ROW_BACK * 2, end="", file=sys.stderr, flush=True)
