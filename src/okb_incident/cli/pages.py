"""The pages of help that are about more than one command: the first page, all commands, and what `incident help` finds."""

from __future__ import annotations

from okb_incident.cli.table import BY_NAME, NIGHT, VERBS
from okb_incident.cli.topics import TOPICS, topic_list

COLUMN = 14
"""Where the help lines begin."""

#: The commands that the first page names below those of an incident; one that the table lacks is left out.
BESIDE = ("console", "demo", "init")

GLOBAL = (
    ("--vault DIR", "The vault; see: incident help setup"),
    ("--as WHO", "Act as this person."),
    ("--no-input", "Never ask anything."),
    ("--debug", "Show the traceback of an error."),
    ("--version", "Show the version."),
)
"""The options that go before a command."""


def first_page() -> str:
    """Return the page of `incident`: what one incident needs, and where there is more."""
    night = [verb.name for verb in VERBS if verb.group == NIGHT]
    beside = [name for name in BESIDE if name in BY_NAME]
    topics = topic_list(" " * (COLUMN + 2), 78 - COLUMN)
    return "\n".join(
        [
            "Track incidents in a folder of Markdown notes.",
            "Usage: incident COMMAND [INCIDENT] [WORDS]… [OPTIONS]",
            "",
            *(_row(name, BY_NAME[name].help) for name in night),
            "",
            *(_row(name, BY_NAME[name].help) for name in beside),
            _row("help COMMAND", "Show usage, examples and options of a command."),
            _row("help TOPIC", topics[0]),
            *topics[1:],
            _row("help all", "List all commands and global options."),
        ]
    )


def all_commands() -> str:
    """Return the page of `incident help all`: every command under its topic, and the options that go before a command."""
    parts = ["Usage: incident [OPTIONS] COMMAND [INCIDENT] [WORDS]…"]
    for group in dict.fromkeys(verb.group for verb in VERBS):
        title = "An incident from its start to its end" if group == NIGHT else f"{group}: {TOPICS[group][0]}"
        rows = [_row(verb.name, verb.help) for verb in VERBS if verb.group == group]
        parts.append("\n".join([title, *rows]))
    parts.append("\n".join(["Options before the command", *(_row(*each) for each in GLOBAL)]))
    return "\n\n".join(parts)


def _row(name: str, text: str) -> str:
    return f"  {name:<{COLUMN}}{text}"
