"""What an incident says of itself."""

from __future__ import annotations

import pytest
from tests.made import made, when


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
    assert made(1, status, nature=nature).needs_someone == needed


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
        ("drill", "Drilling stops", "DRILL: Drilling stops", "INC-20260706-01 DRILL"),
        ("drill", "DRILLING stops", "DRILL: DRILLING stops", "INC-20260706-01 DRILL"),
        ("drill", "DRILL, failover", "DRILL, failover", "INC-20260706-01 DRILL"),
        ("drill", "  DRILL", "  DRILL", "INC-20260706-01 DRILL"),
    ],
)
def test_a_drill_carries_the_word_once(nature, title, headline, label):
    incident = made(1, nature=nature)._replace(title=title)
    assert (incident.headline, incident.label) == (headline, label)
