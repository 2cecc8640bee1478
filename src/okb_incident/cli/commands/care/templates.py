"""The commands on templates: list them, templates show, copy, check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okb_incident.cli import options as opt
from okb_incident.cli.answers import Answer
from okb_incident.cli.listing import Field, Listing
from okb_incident.cli.outcome import written
from okb_incident.cli.output import comment
from okb_incident.cli.shapes import TEXT, list_of, maybe, record, writing_record
from okb_incident.cli.verb import reading, writing
from okb_incident.command import Command, Sentence
from okb_incident.core.guidance.template import purpose_of
from okb_incident.core.review.headings import NEEDED
from okb_incident.core.text.terminal_text import one_line
from okb_incident.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.workflow.call import Call
    from okb_incident.workflow.care.template_news import TemplateNews


def _purpose(row: Any) -> str | None:
    found = purpose_of(row[0])
    return found.what if found else None


SHOWN = 6
"""Names of values that one line lists; a program gets them all."""

#: Each row is a name and the files that have it, the one that wins first.
TEMPLATES = (
    Field("name", TEXT, lambda row: row[0], "name"),
    Field("from", TEXT, lambda row: row[1][0].origin, "from"),
    Field("path", TEXT, lambda row: row[1][0].path),
    Field(
        "hides",
        list_of(TEXT),
        lambda row: [one.path for one in row[1][1:]],
        "hides",
        lambda row: ", ".join(one.origin for one in row[1][1:]) or "–",
    ),
    Field("purpose", maybe(TEXT), _purpose, "for", lambda row: _purpose(row) or "one of your own"),
)


@reading("templates", without=[opt.INCIDENT], answers=TEMPLATES)
def templates_list(call: Call) -> Answer:
    r"""List, copy and check templates.

    Alone it lists them, each with the file that is used.

    \b
    incident templates
    incident templates copy users-service-notice
    incident templates check
    """
    from okb_incident.workflow.templates import list_templates

    return Answer(table=Listing(TEMPLATES, list(list_templates(call.session).items())))


@reading("templates show", without=[opt.INCIDENT, opt.JSON])
def templates_show(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The template, such as incident.")],
) -> Answer:
    r"""Print the template that is used for a name.

    \b
    incident templates show incident
    incident templates show review
    incident templates show users-service-notice > notice.md
    """
    from okb_incident.workflow.templates import show_template

    template = show_template(call.session, name)
    comment(f"{template.path} ({template.origin})")
    return Answer(lines=[template.text.rstrip("\n")])


@writing("templates copy", without=[opt.INCIDENT, opt.WHO, opt.DRY_RUN], answers=writing_record(name=TEXT, path=TEXT))
def templates_copy(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The template, such as users-service-notice.")],
) -> Answer:
    r"""Copy a template into the vault.

    Change the copy in Obsidian; it is used from then on.

    \b
    incident templates copy incident
    incident templates copy review
    incident templates copy users-service-notice
    """
    from okb_incident.workflow.templates import copy_template

    path, done = copy_template(call.session, name)
    check = Command("templates check", name)
    return Answer(
        written({"name": name, "path": path}, call.session, done, done.notes),
        lines=[f"copied: {path}", Sentence("next: change it in Obsidian, then: ", check)],
        notes=done.notes,
    )


@reading(
    "templates check",
    without=[opt.INCIDENT],
    answers=list_of(
        record(
            name=TEXT,
            sample=TEXT,
            fault=maybe(TEXT),
            new_headings=list_of(TEXT),
            new_names=list_of(TEXT),
            missing_headings=list_of(TEXT),
        )
    ),
)
def templates_check(
    call: Call,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only this template.")] = None,
) -> Answer:
    r"""Check that templates can be used.

    Each is rendered with a full and with a nearly empty incident; nothing is written. A template of your own that lacks a heading or a
    name of the shipped one goes on working; the check lists what is new. Exit code 5: a template cannot be rendered, or its note
    cannot be read.

    \b
    incident templates check
    incident templates check review
    incident templates check --json
    """
    from okb_incident.workflow.care.template_check import check_templates

    checked = check_templates(call.session, name)
    wrong = [one for one in checked if one.fault]
    names = {one.name: one.news for one in checked}
    good = len(names) - len({one.name for one in wrong})
    return Answer(
        [
            {
                "name": one.name,
                "sample": one.sample,
                "fault": one.fault,
                "new_headings": list(one.news.headings),
                "new_names": list(one.news.names),
                "missing_headings": list(one.news.needed),
            }
            for one in checked
        ],
        lines=[
            *(one_line(f"{one.name} with {one.sample}: {one.fault}") for one in wrong),
            *(line for news in names.values() for line in _news(news)),
            *([f"a review needs the headings {_needed_headings()}"] if "review" in names else ()),
            f"{good} of {len(names)} templates are good",
        ],
        hints=["docs/templates.md explains each name"] if any(news.names for news in names.values()) else (),
        code=ExitCode.INVALID if wrong else ExitCode.OK,
    )


def _news(news: TemplateNews) -> Iterator[str]:
    """Return what is new in the shipped template of a name, a line each."""
    if news.needed:
        yield f"{news.name}: without {' and '.join(news.needed)}, its reviews cannot be approved"
    if news.headings:
        yield f"{news.name}: new headings in the shipped template: {'; '.join(news.headings)}"
    if news.names:
        more = len(news.names) - SHOWN
        rest = f" and {more} more" if more > 0 else ""
        yield f"{news.name}: new names in the shipped template: {', '.join(news.names[:SHOWN])}{rest}"


def _needed_headings() -> str:
    """Return the headings that a review needs, each with its other names."""
    named = [f"{first} (or {', '.join(others)})" for first, *others in NEEDED]
    return " and ".join(named)
