"""The commands that find incidents by words: search, similar, indicators."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.listing import Field, Listing
from okb_incident.cli.screen.forms import minute_form
from okb_incident.cli.shapes import ANYTHING, INCIDENT, TEXT, list_of
from okb_incident.cli.verb import reading
from okb_incident.core.incident.describe import as_object
from okb_incident.core.incident.query import cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.core.incident.incident import Match
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session

COLUMNS = ("id", "severity", "status", "declared", "title")


@reading(
    "search",
    without=[opt.INCIDENT],
    answers=list_of(INCIDENT),
    words=opt.WordsHelp("The words to search for."),
)
def search(
    call: Call,
    everything: Annotated[bool, typer.Option("--all", "-a", help="All matches, not only the best twenty.")] = False,
    where: opt.Where = None,
) -> Answer:
    r"""Search the notes of all incidents.

    Assessments, messages, reviews and lessons are searched too. The best matches come first.

    \b
    incident search connection pool
    incident search deploy 4f2a --where severity=sev1
    incident search timeout --all
    """
    from okb_incident.workflow.look.find_incidents import MOST, search_incidents

    found = search_incidents(call, where or [], everything=everything)
    words = "all these words" if len(call.text.split()) > 1 else "this word"
    nothing = [] if found else [f"no note of an incident holds {words}"]
    more = [f"these are the best {MOST}; --all shows every one"] if len(found) == MOST and not everything else []
    return _matches(call, found, [*nothing, *more])


@reading(
    "similar",
    without=[opt.INCIDENT],
    answers=list_of(INCIDENT),
    words=opt.WordsHelp("An incident, or words of a title."),
)
def similar(call: Call) -> Answer:
    r"""Find similar incidents.

    Incidents that share many rare words come first.

    \b
    incident similar
    incident similar last
    incident similar checkout latency after deploy
    """
    from okb_incident.workflow.look.find_incidents import similar_incidents

    found = similar_incidents(call)
    return _matches(call, found, [] if found else ["no incident is like it"])


def _matches(call: Call, found: Sequence[Match], notes: Sequence[str]) -> Answer:
    session = call.session
    columns = [
        Field(
            "",
            ANYTHING,
            partial(_cell, session, name),
            "declared ({zone})" if name == "declared" else name,
        )
        for name in COLUMNS
    ]
    return Answer(
        lambda: [
            {
                **as_object(match.incident, session.vault.root, session.zone),
                "found_in": match.found_in,
                "score": match.score,
            }
            for match in found
        ],
        table=Listing([*columns, Field("", ANYTHING, _note, "found in")], found, session) if found else None,
        notes=notes,
    )


def _cell(session: Session, name: str, match: Match) -> str:
    if name in match.incident.moments:
        return minute_form(session, match.incident.moments[name].at)
    return cell(match.incident, name, session.vault.settings)


def _note(match: Match) -> str:
    """Name the note that fits, where it is another one than the incident's."""
    if match.found_in == match.incident.path:
        return ""
    return match.found_in.rpartition("/")[2].removesuffix(".md").removeprefix(f"{match.incident.id} ")


INDICATORS = (
    Field("kind", TEXT, lambda seen: seen.indicator.kind, "kind"),
    Field("value", TEXT, lambda seen: seen.indicator.value),
    Field("defanged", TEXT, lambda seen: seen.defanged, "indicator"),
    Field("also_in", list_of(TEXT), lambda seen: seen.also_in, "also in"),
)


@reading("indicators", opt.RESTRICTED, answers=INDICATORS)
def indicators(call: Call) -> Answer:
    r"""List indicators of compromise in an incident.

    Addresses, host names, URLs and digests, each with the other incidents that contain it. They are printed defanged. Needs the extra:
    pip install 'okb-incident[indicators]'.

    \b
    incident indicators
    incident indicators last
    incident indicators INC-20261123-01 --json
    """
    from okb_incident.workflow.timeline.indicators import indicators_of

    which, found = indicators_of(call)
    return Answer(
        [] if not found else None,
        lines=[] if found else [f"no indicators in the notes of {which}"],
        table=Listing(INDICATORS, found) if found else None,
    )
