"""The templates that come with the product, in one table: what each is for, and which names it may use."""

from __future__ import annotations

from typing import NamedTuple

from okb_incident.core.comms.communication import KINDS, OUTSIDE


class Purpose(NamedTuple):
    """A template of ours.

    Attributes:
        name: Its name, and that of its file without the ending.
        what: What it is for, in a clause.
        knows: Which names it may use: ``new`` (a few, of a note to come), ``facts`` (all), ``outside`` (those for people outside the
            house), ``report`` or ``nothing``.
    """

    name: str
    what: str
    knows: str


TEMPLATES = (
    Purpose("incident", "the note of an incident", "new"),
    Purpose(
        "incident-security",
        "the same of a security incident: what was reached, evidence, whom the law obliges us to tell",
        "new",
    ),
    Purpose("incident-performance", "the same of a performance incident: the numbers, and what was compared", "new"),
    Purpose("incident-system", "the same of a system incident: what fails, what changed last, and the way back", "new"),
    Purpose("incident-service", "the same of a service incident: what works and what does not, and for whom", "new"),
    Purpose("assessment", "how bad it is, for whom, and what that asks for", "facts"),
    *(
        Purpose(
            kind.template, f"to the {kind.audience}: {kind.purpose}", "outside" if kind.audience in OUTSIDE else "facts"
        )
        for kind in KINDS
    ),
    Purpose("review", "the story of an incident, what made it possible, and what changes", "facts"),
    Purpose("lesson", "a lesson that incidents taught, where they taught it, and what to do about it", "new"),
    Purpose("five-whys", "a snippet for the contributing factors of a review: five questions in a row", "nothing"),
    Purpose(
        "report",
        "the note that `incident report --save` makes; what is around the report is the writers'",
        "report",
    ),
    Purpose("service", "a service of the catalog", "new"),
    Purpose("person", "a person who takes part in incidents", "new"),
)

PURPOSE = {each.name: each for each in TEMPLATES}


def purpose_of(name: str) -> Purpose | None:
    """Return what a template is for; one that is named after a category is for its incidents, and any other of one's own for nothing known."""
    category = name.removeprefix("incident-")
    by_name = Purpose(name, f"the note of an incident of the category {category}", "new") if category != name else None
    return PURPOSE.get(name, by_name)


NEW = {
    "id": "the incident: INC-20261123-01",
    "title": "what is wrong, in a line; of a service or person their name",
    "severity": "how bad it is",
    "status": "triage, or investigating",
    "declared": "when it was declared",
    "date": "the day, or the moment in a format of Moment: {{date:dddd D MMMM YYYY}}",
    "time": "the time, likewise: {{time:HH:mm}}",
}
"""The names of a note to come; Templater's tags for dates and for the file's name may be used beside them."""

REPORT = {
    "period": "the week, month or span: 2026-W48",
    "report": "the report itself; what is written around it stays when it is updated",
}
"""The names of the report's template."""
