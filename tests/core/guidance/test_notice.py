"""The notice to an authority: when it is due, what closing asks for, what the message says, and where colleagues read of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.records import ID, T0, incident_of, record_of

from okb_incident.core.guidance.brief import brief
from okb_incident.core.guidance.gates import unmet
from okb_incident.core.guidance.guidance import due
from okb_incident.core.guidance.notice_facts import duty_sentence, notice_facts
from okb_incident.core.settings.policy import DEFAULT_POLICY
from okb_incident.core.settings.settings import Settings

LIMIT = T0 + timedelta(hours=72)
PERSONAL = {"data_classes": ["personal", "[[health]]"], "notify_by": "2026-11-26T02:00:00", "commander": "dan"}
SENT = {**PERSONAL, "notified": "2026-11-24T09:12:00"}


def record(properties, status="investigating", severity="SEV4", **facts):
    return record_of(incident_of(status, severity, properties=properties, **facts))


def of_notice(made, policy=DEFAULT_POLICY, now=T0):
    return [each for each in due(made, policy, now) if each.item == "notice"]


def test_it_is_due_by_the_deadline_with_what_sends_it_and_what_settles_it_the_other_way():
    (found,) = of_notice(record({**PERSONAL, "communications_lead": "[[carol]]"}))
    assert (found.what, found.by, found.who) == ("notify the authority (data: personal, health)", LIMIT, "carol")
    assert str(found.command) == f"incident tell -i {ID} stakeholders --notice"
    assert str(found.instead) == f"incident set -i {ID} notify_by= --reason"
    assert of_notice(record(PERSONAL))[0].who == "dan"
    assert of_notice(record(SENT)) == []
    assert of_notice(record({"commander": "dan"})) == []


def test_late_it_comes_before_what_is_merely_required():
    ended = record(PERSONAL, "resolved", "SEV1", resolved=90)
    assert due(ended, DEFAULT_POLICY, LIMIT - timedelta(minutes=1))[0].item == "verification"
    assert due(ended, DEFAULT_POLICY, LIMIT + timedelta(minutes=1))[0].item == "notice"


def test_a_confidential_incident_needs_the_decision_and_a_second_person_a_draft():
    (found,) = of_notice(record(PERSONAL, restricted=True))
    assert str(found.command) == f"incident tell -i {ID} stakeholders --notice --disclose"
    (found,) = of_notice(record(PERSONAL), DEFAULT_POLICY._replace(second_approver=("stakeholders",)))
    assert str(found.command) == f"incident comms draft -i {ID} stakeholders --notice"


def test_a_deadline_that_cannot_be_read_is_to_be_set():
    (found,) = of_notice(record({"notify_by": "soon"}))
    assert (found.what, found.by) == ("notify the authority; notify_by cannot be read: soon", None)
    assert str(found.command) == f"incident set -i {ID} notify_by"


def test_closing_asks_for_it_by_its_own_deadline():
    ended = record(PERSONAL, "resolved", resolved=90)
    (gate,) = unmet(ended, DEFAULT_POLICY)
    assert (gate.name, gate.missing) == ("notice", "the authority was not notified (data: personal, health)")
    assert (str(gate.command), gate.by, gate.asks) == (f"incident tell -i {ID} stakeholders --notice", LIMIT, True)
    (found,) = of_notice(ended)
    assert (found.by, str(found.instead)) == (LIMIT, f"incident set -i {ID} notify_by= --reason")
    assert unmet(record(SENT, "resolved", resolved=90), DEFAULT_POLICY) == ()


def facts(properties, now=T0, policy=DEFAULT_POLICY, **given):
    return notice_facts(record(properties, **given), Settings(own_policy=policy), now)


def test_a_notice_says_what_is_unknown():
    found = facts({})
    assert {key for key, value in found.items() if value == "not known yet"} == {
        *("started", "data", "people", "confidentiality", "integrity", "availability")
    }
    assert (found["noticed"], found["stopped"], found["contact"], found["late"]) == ("02:00 UTC", "", "", "")
    assert facts({"users_affected": "Unknown", "integrity": "[[secret plan]]"}) == found
    assert facts({"users_affected": "all of ACME"}) == found


def test_a_notice_says_what_is_known():
    known = {"users_affected": "~1200", "confidentiality": "partial", "integrity": "NONE", "availability": "full"}
    policy = DEFAULT_POLICY._replace(notice_contact="Data protection, dpo@example.org")
    found = facts({**PERSONAL, **known}, LIMIT + timedelta(minutes=40), policy, started=-30, detected=-10, mitigated=5)
    assert found == {
        "noticed": "01:50 UTC on 23 November",
        "started": "01:30 UTC on 23 November",
        "stopped": "02:05 UTC on 23 November",
        "data": "personal and health",
        "people": "about 1200",
        "confidentiality": "partly lost",
        "integrity": "not affected",
        "availability": "lost",
        "contact": "Data protection, dpo@example.org",
        "first": "",
        "due": "02:00 UTC",
        "late": "40 minutes",
    }


def test_what_is_no_amount_and_no_word_of_the_vault_is_not_for_an_authority_to_read():
    assert facts({"data_classes": ["PAYMENT", "[[crown jewels]]"]})["data"] == "payment and other data"
    assert facts({"data_classes": ["crown jewels"]})["data"] == "other data"
    for amount in ("1200", "~1.5k", "1'000-1'500", "900 – 1000", "5%", "5-10 %"):
        assert facts({"users_affected": amount})["people"] == amount.replace("~", "about ")


def test_a_follow_up_names_the_first_notice_and_is_never_late():
    found = facts(SENT, LIMIT + timedelta(days=1))
    assert (found["first"], found["late"]) == ("09:12 UTC on 24 November", "")


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({}, ""),
        (PERSONAL, "The authority has to be notified by 02:00 UTC on 26 November."),
        ({"notify_by": "soon"}, "The authority has to be notified; the deadline cannot be read."),
        ({"notify_by": "2026-11-23T01:00:00"}, "The authority has not been notified; the deadline was 01:00 UTC."),
        ({**SENT, "notified": "2026-11-23T01:30:00"}, "The authority was notified at 01:30 UTC."),
    ],
)
def test_colleagues_read_how_the_duty_stands(properties, sentence):
    assert duty_sentence(record(properties), Settings(), T0) == sentence


def shown(properties, now=T0):
    made = record(properties)
    return dict(brief(made, due(made, DEFAULT_POLICY, now), now).parts).get("data")


def test_the_summary_has_the_data_the_losses_and_the_clock():
    assert shown({**PERSONAL, "integrity": "full", "availability": "unknown"}) == (
        "personal, health; integrity full, availability unknown",
        "notify the authority, in 3d00h",
    )
    assert shown(PERSONAL, LIMIT + timedelta(minutes=12))[1] == "notify the authority, 12m late"
    assert shown({"notify_by": "soon"}) == ("notify the authority; notify_by cannot be read: soon",)
    assert shown({"notified": "2026-11-23T01:30:00"}) == ("authority notified 01:30",)
    assert shown({}) is None
