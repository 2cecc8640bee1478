"""The options that commands share, so that each is spelled, explained and completed alike everywhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable


def _offered(what: str) -> Callable[[typer.Context, str], list[tuple[str, str]]] | None:
    """Give what the shell may complete here; nothing where no shell asks, because Typer takes each such function apart."""
    if "_INCIDENT_COMPLETE" not in os.environ:
        return None

    def offer(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
        from okb_incident.cli import completion

        offered: list[tuple[str, str]] = getattr(completion, what)(ctx, incomplete)
        return offered

    return offer


INCIDENTS, SERVICES, PEOPLE = _offered("incidents"), _offered("services"), _offered("people")
SEVERITIES, CATEGORIES, KINDS, PAIRS = (
    _offered("severities"),
    _offered("categories"),
    _offered("kinds"),
    _offered("pairs"),
)

Words = Annotated[
    list[str] | None,
    typer.Argument(metavar="[REF] [WORDS]…", help="Which incident, and what to say.", autocompletion=INCIDENTS),
]
Reference = Annotated[
    str | None,
    typer.Argument(metavar="[REF]", help="INC-…, 1123-01, 01, last, or words of the title.", autocompletion=INCIDENTS),
]
Incident = Annotated[
    str | None,
    typer.Option(
        "--incident",
        "-i",
        metavar="REF",
        help="Which incident: INC-…, 1123-01, 01, last.",
        autocompletion=INCIDENTS,
    ),
]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="T", help='When it happened: -10m, "10 min ago", 14:05, 2026-11-23T14:05.'),
]
Correct = Annotated[
    bool, typer.Option("--correct", help="Replace a moment that is set; the old one stays in the timeline.")
]
External = Annotated[bool, typer.Option("--external", help="The line is fit for the public timeline.")]
Who = Annotated[str | None, typer.Option("--as", metavar="WHO", help="Who acts.")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer for a program.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the change as a diff and write nothing.")]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="KEY=VALUE", help="Only those that fit: =, !=, ~ (contains), <, >; any property."),
]
Restricted = Annotated[bool, typer.Option("--restricted", help="Restricted incidents too; else they are left out.")]
