"""What an incident says of itself."""

from __future__ import annotations

import pytest
from tests.made import made, when

from okb_incident.core.incident.incident import Pause


@pytest.mark.parametrize(
    ("status", "nature", "needed"),
    [
        ("triage", None, True),
        ("monitoring", "drill", True),
        ("investigating", "announcement", False),
        ("investigating", "maintenance", False),
        ("resolved", None, False),
        (None, None, True),
    ],
)
def test_which_incidents_need_someone(status, nature, needed):
    incident = made(1, status, nature=nature)
    assert incident.needs_someone == needed
    assert incident.can_be_meant == (needed or not incident.is_open)


def test_maintenance_and_announcements_are_meant_by_name_only_while_they_are_open():
    assert made(1, "triage").can_be_meant
    assert made(1, "resolved").can_be_meant
    assert made(1, "resolved", nature="maintenance").can_be_meant
    assert not made(1, "triage", nature="maintenance").can_be_meant
    assert not made(1, "triage", nature="announcement").can_be_meant


def test_an_open_announcement_has_to_be_named_and_one_that_is_over_can_be_meant():
    assert made(1, "triage").can_be_meant
    assert not made(1, "investigating", nature="announcement").can_be_meant
    assert made(1, "resolved", nature="announcement").can_be_meant


def test_an_incident_belongs_to_the_period_of_the_first_thing_that_is_known_of_it():
    assert made(1, started="07-06 09:00", detected="07-06 09:05").anchor == when("07-06 09:00")
    assert made(1, detected="07-06 09:05", declared="07-06 09:10").anchor == when("07-06 09:05")
    assert made(1, declared="07-06 09:10").anchor == when("07-06 09:10")
    assert made(1).anchor is None


@pytest.mark.parametrize(
    ("nature", "title", "headline", "label"),
    [
        (None, "Failover", "Failover", "INC-20260706-01"),
        ("maintenance", "Failover", "Failover", "INC-20260706-01"),
        ("drill", "Failover", "DRILL: Failover", "INC-20260706-01 DRILL"),
        ("drill", "Drill: the database", "DRILL: the database", "INC-20260706-01 DRILL"),
        ("drill", "drill", "DRILL", "INC-20260706-01 DRILL"),
        ("drill", "Drilling stops", "DRILL: Drilling stops", "INC-20260706-01 DRILL"),
        ("drill", "DRILLING stops", "DRILL: DRILLING stops", "INC-20260706-01 DRILL"),
        ("drill", "DRILL, failover", "DRILL, failover", "INC-20260706-01 DRILL"),
        ("drill", "  DRILL", "  DRILL", "INC-20260706-01 DRILL"),
    ],
)
def test_a_drill_carries_the_word_once(nature, title, headline, label):
    incident = made(1, nature=nature)._replace(title=title)
    assert (incident.headline, incident.label) == (headline, label)


def test_since_when_it_has_its_status():
    moments = {"declared": "07-06 09:00", "acknowledged": "07-06 09:05", "mitigated": "07-06 09:30"}
    assert made(1, "triage", **moments).status_since == when("07-06 09:00")
    assert made(1, "investigating", **moments).status_since == when("07-06 09:05")
    assert made(1, "monitoring", **moments).status_since == when("07-06 09:30")
    assert made(1, "resolved", **moments).status_since is None
    assert made(1, "declined", **moments).status_since is None
    assert made(1, None, **moments).status_since is None
    back = (Pause(when("07-06 10:00"), when("07-06 12:00")),)
    assert made(1, "investigating", pauses=back, **moments).status_since == when("07-06 12:00")
    assert made(1, "monitoring", pauses=back, **moments).status_since == when("07-06 09:30")
