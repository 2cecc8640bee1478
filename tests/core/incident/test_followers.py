"""What follows a property: tags, the alias and the heading of the title; all else is the writer's."""

from __future__ import annotations

import pytest
from tests.records import incident_of

from okb_incident.core.incident.followers import Followers, followers, other_heading
from okb_incident.core.settings.settings import Settings

OLD, NEW = "Cards fail", "Card payments fail"
TAGS = ["incident", "sev/1", "incident/system"]


def follow(heading=NEW, changed=None, *, heals=True, severity="SEV1", category="system", **properties):
    given = {"title": NEW, "aliases": [NEW], "tags": TAGS, **properties}
    incident = incident_of("triage", severity, properties=given, category=category)
    return followers(incident, heading, Settings(), changed or {}, heals=heals)


def test_what_is_in_step_stays():
    assert follow() == Followers()
    assert follow(heals=False, aliases=[OLD], tags=["sev/4"], heading=OLD) == Followers()


def test_a_tag_of_another_severity_or_category_follows_and_the_writers_stay():
    mine = ["payday", "incident/postmortem"]
    assert follow(tags=["sev/3", *mine]).tags == ("sev/1", *mine)
    assert follow(tags=["incident/security", *mine]).tags == ("incident/system", *mine)
    assert follow(tags=mine).tags is None
    assert follow(tags=["incident/security"], category=None).tags is None
    assert follow(tags=["sev/3"], severity="dreadful").tags is None
    assert follow(changed={"severity": "SEV2", "category": "security"}, heals=False, tags=[*TAGS, *mine]).tags == (
        "incident",
        "sev/2",
        "incident/security",
        *mine,
    )
    assert follow(changed={"severity": None, "category": None}, heals=False).tags == ("incident",)
    assert follow(changed={"category": "security", "tags": ("mine",)}, heals=False).tags == (
        "mine",
        "incident/security",
    )


def test_a_title_that_was_changed_by_hand_takes_alias_and_heading_along():
    found = follow(heading=OLD, aliases=[OLD, "cards"])
    assert (found.aliases, found.heading) == ((NEW, "cards"), NEW)
    assert follow(heading=OLD, aliases=[OLD, NEW]) == Followers()
    # Without a witness nothing the writer typed is replaced.
    found = follow(heading="Of the writer", aliases=["cards"])
    assert (found.aliases, found.heading) == ((NEW, "cards"), None)
    assert follow(heading=None, aliases=["cards"]).aliases == (NEW, "cards")
    assert follow(heading=f"Incident: {NEW.upper()}", aliases=[]) == Followers()
    assert follow(title=None, aliases=["cards"], heading="x") == Followers()


def test_a_title_that_a_command_sets_does_the_same():
    found = follow(changed={"title": "The shop is slow"}, heals=False)
    assert (found.aliases, found.heading) == (("The shop is slow",), "The shop is slow")
    found = follow(heading="Of the writer", changed={"title": "The shop is slow"}, aliases=["cards"], heals=False)
    assert (found.aliases, found.heading) == (("The shop is slow", "cards"), None)


@pytest.mark.parametrize(
    ("heading", "aliases", "found"),
    [
        ("Of the writer", [NEW], "Of the writer"),
        (NEW, [NEW], None),
        (f"INC: {NEW}", [NEW], None),
        (OLD, [OLD], None),
        (None, [NEW], None),
        ("", [NEW], None),
    ],
)
def test_a_heading_that_a_person_worded_otherwise_is_theirs(heading, aliases, found):
    incident = incident_of("triage", properties={"title": NEW, "aliases": aliases})
    assert other_heading(incident, heading) == found
    assert other_heading(incident_of("triage"), heading) is None
