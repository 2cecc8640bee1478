"""The commands that set up and look after a vault: init, demo, check, config."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.columns import show_rows
from okb_incident.cli.output import answer, answer_json, comment, problem_object
from okb_incident.cli.registry import below, command, group
from okb_incident.cli.run import start
from okb_incident.core.text.terminal_text import one_line
from okb_incident.errors import ExitCode


@command("init")
def init(
    folder: Annotated[str, typer.Argument(metavar="[DIR]", help="The folder; made if it is not there.")] = ".",
    zone: Annotated[
        str | None, typer.Option("--zone", metavar="ZONE", help="An IANA time zone; UTC unless given.")
    ] = None,
    as_json: opt.Json = False,
) -> None:
    r"""Make a folder a vault, or complete one.

    Nothing that is there is touched.

    \b
    incident init ~/kb --zone Europe/Zurich
    """
    from okb_incident.workflow.care.init_vault import init_vault

    done = init_vault(folder, zone=zone)
    if as_json:
        answer_json({"vault": done.root, "made": list(done.made), "zone": done.zone})
        return
    answer(
        f"{done.root} is a vault; moments are written in {done.zone}"
        + ("" if zone else " (--zone chooses another at init)")
    )
    answer("made " + ", ".join(done.made) if done.made else "all was there; nothing changed")
    answer(f'next: cd {done.root} and incident open "TITLE"')


@command("demo")
def demo(
    folder: Annotated[str, typer.Option("--dir", metavar="DIR", help="Where; must not exist.")] = "incident-demo",
) -> None:
    """Copy the example vault and walk one incident through its life.

    The commands are the real ones, with the clock pinned to the vault's last week.
    """
    import os

    from okb_incident.cli.main import run
    from okb_incident.workflow.care.demo import NOW, copy_example, story

    path = copy_example(folder)
    answer(f"copied the example vault to {path}")
    answer(f"the clock is pinned to its last week: INCIDENT_NOW={NOW.format(minute=0)}")
    os.environ["INCIDENT_USER"] = "erin"
    for now, words in story():
        os.environ["INCIDENT_NOW"] = now
        shown = " ".join(json.dumps(word) if " " in word else word for word in words)
        answer(f"\n$ incident {shown}")
        code = run(["--vault", path, "--no-input", *words])
        if code:
            raise typer.Exit(code)
    answer(f"\nGo on there:      cd {folder} and export INCIDENT_NOW={NOW.format(minute=55)}")
    answer("                  incident list --all, incident timeline last, incident check")
    answer(f"Read it:          open the folder {folder} as a vault in Obsidian")
    answer('A vault of yours: incident init ~/kb, cd ~/kb, incident open "What is wrong"')


@command("check")
def check(
    ctx: typer.Context,
    fix: Annotated[bool, typer.Option("--fix", help="Repair what can be repaired without a doubt.")] = False,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    """Find what is wrong in the notes, with path and line.

    Exit code 5 if something is; docs/check.md explains each code. With --fix, lines that were read in a wrong coding are repaired
    first; undo takes that back.
    """
    from okb_incident.workflow.care.check import check_vault
    from okb_incident.workflow.care.check_text import fix_vault

    session = start(ctx)
    if fix:
        for path, lines in fix_vault(session, restricted=restricted):
            comment(one_line(f"{path}: {lines} line{'s' if lines > 1 else ''} repaired"))
        for note in session.recovered:
            comment(note)
    problems = check_vault(session, restricted=restricted)
    if as_json:
        answer_json([problem_object(problem) for problem in problems])
    else:
        for problem in problems:
            answer(one_line(str(problem)) + (f"  [{one_line(problem.hint)}]" if problem.hint else ""))
        answer(f"{len(problems)} findings" if problems else "nothing is wrong")
    if problems:
        raise typer.Exit(ExitCode.INVALID)


config = group("config", "Show the settings in force and where each comes from.")


@below(config, "show")
def config_show(
    ctx: typer.Context,
    prefix: Annotated[str, typer.Argument(metavar="[KEY]", help="Only those whose name begins so: policy.SEV1.")] = "",
    as_json: opt.Json = False,
) -> None:
    r"""Show every setting, its value and its source.

    \b
    incident config show
    incident config show policy.SEV1
    """
    from okb_incident.workflow.care.show_settings import show_settings

    session = start(ctx)
    settings = show_settings(session.vault.root, prefix)
    if as_json:
        answer_json(
            {each.key: {"value": each.value, "source": each.source, "meaning": each.meaning} for each in settings}
        )
        return
    if not prefix:
        answer(f"vault {session.vault.root}, found by {session.location.found_by}")
        answer(f"user settings {session.user.path}; you are {session.actor.handle}, by {session.actor.found_by}")
    if not settings:
        comment(f"no setting begins with {prefix!r}; docs/settings.md lists all")
        return
    show_rows(
        ("setting", "value", "from", "meaning"),
        [(each.key, _short(each.value), each.source, each.meaning) for each in settings],
    )


@below(config, "check")
def config_check(ctx: typer.Context, as_json: opt.Json = False) -> None:
    r"""Look at every key of incident.toml.

    What cannot be used, and what differs from the defaults. Exit code 3 if a key cannot be used. All of them are named, each with its line.

    \b
    incident config check
    """
    from okb_incident.workflow.care.show_settings import check_settings

    checked = check_settings(ctx.obj.vault)
    if as_json:
        answer_json(
            {
                "path": checked.path,
                "faults": [
                    {"key": each.field, "value": each.value, "message": each.message} for each in checked.faults
                ],
                "unknown": [{"key": key, "line": line} for key, line in checked.unknown],
                "changed": {
                    each.key: {"value": each.value, "default": each.default, "source": each.source}
                    for each in checked.changed
                },
            }
        )
    else:
        for fault in checked.faults:
            answer(one_line(fault.message))
        for key, line in checked.unknown:
            answer(one_line(f"{checked.path}:{line}: {key} is no setting that this version knows; it is ignored"))
        if checked.changed:
            show_rows(
                ("setting", "value", "default", "from"),
                [(each.key, _short(each.value), _short(each.default), each.source) for each in checked.changed],
            )
        elif not checked.faults:
            answer("all is as by default")
    if checked.faults:
        raise typer.Exit(ExitCode.SETTINGS)


def _short(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{key} {each}" for key, each in value.items()) or "–"
    return str(value).lower() if isinstance(value, bool) else str(value)
