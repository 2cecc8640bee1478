"""The reference pages of docs/, made from the same tables as the program; a test holds them to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from typer.main import get_command

from okb_incident.cli.main import app
from okb_incident.cli.table import COMMANDS
from okb_incident.core.read_policy import CATEGORY, EXPECTATION, POLICY, TEAM
from okb_incident.core.settings import KEYS
from okb_incident.errors import ExitCode
from okb_incident.workflow.check import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

EXIT_CODES = {
    ExitCode.OK: "done, and durable where something was written",
    ExitCode.FAILURE: "something failed that no other code names",
    ExitCode.USAGE: "an argument or option is wrong",
    ExitCode.SETTINGS: "the settings, or the vault: none found, not writable, of a newer format",
    ExitCode.NOT_FOUND: "what was named does not exist, or could be several things",
    ExitCode.INVALID: "a note is invalid, or `check` or `--strict` found something",
    ExitCode.CONFLICT: "somebody else changed it meanwhile, it exists already, or the lock was busy for five seconds",
    ExitCode.REFUSED: "the status does not allow that",
    ExitCode.DELIVERY: "the note is written, a message was not delivered",
    ExitCode.DUE: "something is due; only with `--check`",
    ExitCode.INTERRUPTED: "interrupted",
}


def pages() -> dict[str, str]:
    """Give the generated pages by file name."""
    return {"commands.md": commands_page(), "settings.md": settings_page(), "check.md": check_page()}


def commands_page() -> str:
    """Give docs/commands.md: every command with its help, as the terminal shows it, and the exit codes."""
    parts = [
        "# Commands\n",
        (
            "Made from the program's own table. Global options (`--vault`, `--as`, `--no-input`, `--debug`) stand before the "
            "command.\n"
        ),
    ]
    group: Any = get_command(app)
    root = typer.Context(group, info_name="incident", terminal_width=100)
    for entry in COMMANDS:
        command = group.commands[entry.name]
        parts.append(f"## incident {entry.name}\n")
        parts += [f"```text\n{text}\n```\n" for text in _helps(command, root, entry.name)]
    parts.append("## Exit codes\n")
    parts.append(
        "| code | meaning |\n|---|---|\n" + "".join(f"| {code.value} | {EXIT_CODES[code]} |\n" for code in ExitCode)
    )
    return "\n".join(parts)


def _helps(command: Any, parent: Any, name: str) -> Iterator[str]:
    """Give the help of a command and of the commands below it."""
    context = type(parent)(command, info_name=name, parent=parent, terminal_width=100)
    yield command.get_help(context).replace("\b", "").rstrip()
    for inner, below in getattr(command, "commands", {}).items():
        yield from _helps(below, context, inner)


def settings_page() -> str:
    """Give docs/settings.md: every key of incident.toml."""
    rows = "".join(f"| `{key}` | {meaning} |\n" for key, meaning in KEYS.items())
    policy = "".join(
        f"\n`{title}`:\n\n| key | meaning |\n|---|---|\n"
        + "".join(f"| `{name}` | {key.meaning} |\n" for name, key in keys.items())
        for title, keys in (
            ("[policy]", POLICY),
            ("[policy.SEV1]", EXPECTATION),
            ("[categories.security]", CATEGORY),
            ("[teams.payments]", TEAM),
        )
    )
    return (
        "# Settings\n\n"
        "`incident.toml` at the top of a vault holds data only, never a command. `incident config show` prints what is in "
        "force and where each value comes from, `incident config check` names every key that cannot be used, with its line, and "
        "what differs from the defaults. Unknown keys are named and ignored; a value that cannot be used is an error with "
        "its line. The file is a plain one, no link, of at most 64 KiB; folders lie inside the vault.\n\n"
        f"| key | meaning |\n|---|---|\n{rows}\n"
        "## The policy\n\n"
        "What the house expects of a response. Each severity of the scale has a table of its own, and so has each category and "
        "each team; a key that is absent keeps its default, which `incident config show policy.SEV1` prints. "
        "[policy.md](policy.md) says how to choose.\n"
        f"{policy}\n"
        "`[priority]` gives the priority for each urgency and business impact: "
        '`high = { critical = "P1", high = "P1", medium = "P2", low = "P3" }`, and so for `medium` and `low`.\n\n'
        "## A person's own\n\n"
        "A person's own settings lie in `~/.config/okb-incident/settings.toml`: `vault` (the vault to use where none is given "
        "or near), `user` (who acts), `zone` (the time zone in which typed times are read).\n"
    )


def check_page() -> str:
    """Give docs/check.md: every code of a finding."""
    rows = "".join(f"| `{code}` | {meaning} |\n" for code, meaning in sorted(CODES.items()))
    return (
        "# What check finds\n\n"
        "`incident check` reads every note and names what is wrong with path, line and one of these codes. It changes "
        "nothing. Exit code 5 says that there are findings.\n\n"
        f"| code | meaning |\n|---|---|\n{rows}"
    )
