"""The commands that find incidents by words: search, similar, indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.choice import asker
from okb_incident.cli.columns import show_rows
from okb_incident.cli.output import answer_json, comment
from okb_incident.cli.registry import command
from okb_incident.cli.run import start
from okb_incident.core.incident.describe import as_object
from okb_incident.core.incident.query import cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.incident.incident import Match
    from okb_incident.workflow.session import Session

COLUMNS = ("id", "severity", "status", "declared", "title")


@command("search")
def search(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS…", help="What one note has to hold.")],
    everything: Annotated[bool, typer.Option("--all", "-a", help="Every one, not only the best twenty.")] = False,
    where: opt.Where = None,
    as_json: opt.Json = False,
) -> None:
    r"""Find incidents by the words of their notes.

    Their assessments, communications and reviews are looked through too. Those that fit best come first.

    \b
    incident search connection pool
    incident search deploy 4f2a --where severity=sev1
    """
    from okb_incident.workflow.look.find_incidents import MOST, search_incidents

    session = start(ctx)
    found = search_incidents(session, words, where=where or [], everything=everything)
    _show(session, found, as_json=as_json)
    if not found:
        comment(
            "no note of an incident holds " + ("all these words" if len(" ".join(words).split()) > 1 else "this word")
        )
    elif len(found) == MOST and not everything:
        comment(f"these are the best {MOST}; --all shows every one")


@command("similar")
def similar(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[REF | TITLE…]", help="An incident, or a title in words.")
    ] = None,
    as_json: opt.Json = False,
) -> None:
    r"""Find incidents like one, or like a title.

    What counts is how many words they share and how rare these are.

    \b
    incident similar last
    incident similar checkout latency after deploy
    """
    from okb_incident.workflow.look.find_incidents import similar_incidents

    session = start(ctx)
    found = similar_incidents(session, words or (), ask=asker(ctx))
    _show(session, found, as_json=as_json)
    if not found:
        comment("no incident is like it")


def _show(session: Session, found: Sequence[Match], *, as_json: bool) -> None:
    if as_json:
        answer_json(
            [
                {**as_object(match.incident, session.vault.root), "found_in": match.found_in, "score": match.score}
                for match in found
            ]
        )
    elif found:
        head = [f"declared ({session.zone_name})" if name == "declared" else name for name in COLUMNS]
        show_rows(
            [*head, "found in"],
            [
                [cell(match.incident, name, session.vault.settings) for name in COLUMNS] + [_note(match)]
                for match in found
            ],
        )


def _note(match: Match) -> str:
    """Name the note that fits, where it is another one than the incident's."""
    if match.found_in == match.incident.path:
        return ""
    return match.found_in.rpartition("/")[2].removesuffix(".md").removeprefix(f"{match.incident.id} ")


@command("indicators")
def indicators(
    ctx: typer.Context,
    reference: opt.Reference = None,
    incident: opt.Incident = None,
    restricted: opt.Restricted = False,
    as_json: opt.Json = False,
) -> None:
    r"""List the addresses and digests in an incident's notes.

    And the other incidents in which each occurs: addresses, names, URLs, digests.

    They are written so that nothing makes a link of them. Needs the extra: pip install 'okb-incident[indicators]'.

    \b
    incident indicators last
    """
    from okb_incident.cli.output import answer
    from okb_incident.workflow.timeline.indicators import indicators_of

    session = start(ctx)
    which, found = indicators_of(session, incident or reference, restricted=restricted, ask=asker(ctx))
    if as_json:
        answer_json(
            [
                {
                    "kind": each.indicator.kind,
                    "value": each.indicator.value,
                    "defanged": each.defanged,
                    "also_in": each.also_in,
                }
                for each in found
            ]
        )
    elif found:
        rows = [(each.indicator.kind, each.defanged, ", ".join(each.also_in) or "–") for each in found]
        show_rows(("kind", "indicator", "also in"), rows)
    else:
        answer(f"no indicator stands in the notes of {which}")
