"""The sentences that a message makes of a record: headlines, durations, an apology, what changes afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.records import incident_of, minutes, record_of

from okb_incident.core.guidance.phrases import (
    APOLOGY,
    apology,
    headline,
    listed,
    opened,
    prevention,
    public_subject,
    sentence,
    spelled_out,
    state_of,
)
from okb_incident.core.response.service_impact import service_impacts

if TYPE_CHECKING:
    from okb_incident.core.response.service_impact import ServiceImpact


def test_names_in_a_sentence():
    assert [listed("abc"[:count]) for count in range(4)] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (40, "less than a minute"),
        (60, "1 minute"),
        (43 * 60, "43 minutes"),
        (3600, "1 hour"),
        (68 * 60, "1 hour and 8 minutes"),
        (48 * 3600, "2 days"),
        (52 * 3600, "2 days and 4 hours"),
    ],
)
def test_a_message_spells_a_duration_out(seconds, text):
    assert spelled_out(seconds) == text


@pytest.mark.parametrize(
    ("status", "nature", "begins", "state"),
    [
        ("triage", None, None, "Investigating"),
        ("identified", None, None, "Identified"),
        ("monitoring", "drill", None, "Monitoring"),
        ("closed", None, None, "Resolved"),
        ("declined", None, None, ""),
        ("triage", "announcement", None, "Announcement"),
        ("declined", "announcement", None, ""),
        ("triage", "maintenance", None, "Maintenance"),
        ("triage", "maintenance", 30, "Scheduled maintenance"),
        ("triage", "maintenance", 0, "Maintenance in progress"),
        ("monitoring", "maintenance", -30, "Maintenance in progress"),
        ("resolved", "maintenance", -30, "Maintenance completed"),
    ],
)
def test_a_headline_begins_with_the_state(status, nature, begins, state):
    incident = incident_of(status)._replace(nature=nature)
    assert state_of(incident, minutes(0), None if begins is None else minutes(begins)) == state


def test_an_incident_without_a_status_has_no_state():
    assert state_of(incident_of("triage")._replace(status=None), minutes(0), None) == ""


def test_a_headline_is_about_the_public_title_or_the_services():
    assert public_subject(None, "Cards fail", ["the shop"]) == "Cards fail"
    assert public_subject(None, "", ["the shop", "card payments"]) == "Problem with the shop and card payments"
    assert public_subject(None, "", []) == "Problem with our service"
    assert public_subject("maintenance", "", ["the shop"]) == "The shop"
    assert public_subject("announcement", "", []) == "Our service"
    assert headline("Monitoring", "Cards fail") == "Monitoring: Cards fail"
    assert headline("", "Cards fail") == "Cards fail"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cards work again", "Cards work again."),
        ("Cards work again!", "Cards work again!"),
        ("iOS works (again)", "iOS works (again)."),
        ("eu-west is back", "eu-west is back."),
        ("errors fell to 2 %", "Errors fell to 2 %."),
        ("", ""),
    ],
)
def test_what_was_logged_for_customers_becomes_a_sentence(text, words):
    assert sentence(text) == words


def test_only_a_plain_word_gets_a_capital():
    assert [opened(each) for each in ("the shop", "iOS", "é", "3 shops")] == ["The shop", "iOS", "É", "3 shops"]


def suffered(*lines: str) -> list[ServiceImpact]:
    return service_impacts(record_of(incident_of("resolved"), "\n".join(lines)))


PLANNED = (
    "- 2026-11-23T02:03:00 **impact** @alice: checkout down from 2026-11-23T02:03:00 to 2026-11-23T02:05:00, planned"
)
UNPLANNED = "- 2026-11-23T02:30:00 **impact** @alice: payments down from 2026-11-23T02:30:00 to 2026-11-23T02:35:00"


@pytest.mark.parametrize(
    ("nature", "lines", "text"),
    [
        (None, (), APOLOGY),
        ("drill", (UNPLANNED,), ""),
        ("announcement", (UNPLANNED,), ""),
        ("maintenance", (), ""),
        ("maintenance", (PLANNED,), ""),
        ("maintenance", (PLANNED, UNPLANNED), APOLOGY),
    ],
)
def test_an_apology_is_for_what_was_disrupted(nature, lines, text):
    assert apology(nature, suffered(*lines)) == text


@pytest.mark.parametrize(
    ("tasks", "text"),
    [
        ((), ""),
        (("Alert on pool use.",), "To prevent this from happening again, we will alert on pool use."),
        (
            ("API keys: rotate them.", "Test the failover"),
            "To prevent this from happening again, we will API keys: rotate them and test the failover.",
        ),
    ],
)
def test_what_is_agreed_is_a_sentence(tasks, text):
    assert prevention(tasks) == text
