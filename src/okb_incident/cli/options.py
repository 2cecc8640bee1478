"""The options that commands share, so that each is spelled and explained alike everywhere."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import typer


class WordsHelp(NamedTuple):
    """The words of a verb; how they look in its help says the table of commands.

    Attributes:
        help: What they are.
    """

    help: str


WORDS = WordsHelp("The incident, and a note for the timeline.")
REFERENCE = WordsHelp("The incident: 01, last, 1123-01 or INC-…")
READ_REFERENCE = WordsHelp("The incident: 01, last, 1123-01, INC-…, or words of the title.")

Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
"""For a command whose answer is not printed as all others are."""

Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where", metavar="KEY=VALUE", help="Only incidents that match; =, !=, ~ (contains), <, > with any property."
    ),
]


class Option(NamedTuple):
    """An option that verbs share.

    Attributes:
        name: The name of its value in a call.
        annotation: Its type, and what Typer needs to know.
        default: Its value where it is not typed.
    """

    name: str
    annotation: Any
    default: Any


def _text(name: str, *spelled: str, help: str, metavar: str) -> Option:  # noqa: A002 - as Typer calls it
    about = typer.Option(*spelled, metavar=metavar, help=help)
    return Option(name, Annotated[str | None, about], None)


def _flag(name: str, spelled: str, help: str) -> Option:  # noqa: A002 - as Typer calls it
    return Option(name, Annotated[bool, typer.Option(spelled, help=help)], False)


INCIDENT = _text(
    "incident",
    "--incident",
    "-i",
    metavar="REF",
    help="The incident: 01, last, 1123-01, INC-…; by default INCIDENT_ID; see: incident help naming",
)
AT = _text("at", "--at", metavar="T", help="When it happened: -10m, 14:05, 2026-11-23T14:05; see: incident help times")
CORRECT = _flag("correct", "--correct", "Replace a recorded time; the old one stays in the timeline.")
CONFIRM = _flag("confirm", "--confirm", "Accept a time that does not fit the note; the timeline records it.")
EXTERNAL = _flag("external", "--external", "Show the entry in the public timeline.")
RESTRICTED = _flag("restricted", "--restricted", "Include restricted incidents.")
MARKDOWN = _flag("markdown", "--markdown", "Print a summary as Markdown, for a chat or a mail.")
WHO = _text("who", "--as", metavar="WHO", help="Act as this person.")
JSON = _flag("as_json", "--json", "Print the answer as JSON.")
NOTICE = Annotated[
    bool, typer.Option("--notice", help="It is the notice to an authority; sets notified. For stakeholders.")
]

DISCLOSE = _flag(
    "disclose",
    "--disclose",
    "Inform users or stakeholders of a restricted or TLP:AMBER incident; the timeline records it.",
)
MISSING = "Override missing requirements; needs --reason."


def force(help: str = MISSING) -> Option:  # noqa: A002 - as Typer calls it
    """Return the option that overrides what keeps a verb from acting."""
    return _flag("force", "--force", help)


def as_is(help: str) -> Option:  # noqa: A002 - as Typer calls it
    """Return the option that sends or approves a text as it is; it is an override, and was called one."""
    return Option("force", Annotated[bool, typer.Option("--as-is", "--force", help=help)], False)


def reason(help: str = "The reason.") -> Option:  # noqa: A002 - as Typer calls it
    """Return the option that says why."""
    return _text("reason", "--reason", metavar="TEXT", help=help)


DISCLOSED_BECAUSE = reason("The reason for --disclose.")
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the change as a diff; write nothing.")]
"""For a command that needs no vault."""
DRY_RUN = Option("dry_run", DryRun, False)
