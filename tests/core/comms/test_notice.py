"""Notices to an authority among the messages: they are counted apart, and inform nobody else."""

from __future__ import annotations

from tests.records import incident_of, minutes, record_of

from okb_incident.core.comms.disclosure import barrier, decisions, disclose, objection
from okb_incident.core.comms.notice import AUTHORITY, is_notice, reader_of
from okb_incident.core.comms.updates import label_of, last_of, last_told, owed
from okb_incident.core.settings.policy import DEFAULT_POLICY

NOTICES = """
- 2026-11-23T02:10:00 **comms** @c: stakeholders/notice → [[x]]
- 2026-11-23T02:20:00 **comms** @c: Stakeholders/Notice → [[y]], next by 2026-11-23T04:00:00
"""
UPDATE = "- 2026-11-23T02:15:00 **comms** @c: stakeholders/impact-assessment → [[z]]\n"
TO_TELL = (
    "- 2026-11-23T02:05:00 **decision** @a: the authority is notified although it is restricted, because of the law\n"
)
NOT_TO_TELL = "- 2026-11-23T02:05:00 **decision** @a: stakeholders are not told, under embargo\n"


def record(timeline=NOTICES, **facts):
    return record_of(incident_of("investigating", **facts), timeline)


def test_a_notice_is_read_by_the_authority_and_any_other_message_by_its_audience():
    assert reader_of("Stakeholders", "NOTICE") == AUTHORITY
    assert reader_of("Users", "notice") == "users"
    assert reader_of("stakeholders", "impact-assessment") == "stakeholders"
    assert is_notice({"audience": "stakeholders", "kind": "notice"})
    assert not is_notice({"audience": "users", "kind": "notice"})
    assert not is_notice(None)


def test_partners_have_heard_nothing_by_a_notice():
    assert last_told(record()) == {}
    expected = DEFAULT_POLICY.expectations[0]
    assert {each.audience: each.by for each in owed(record(), expected)}["stakeholders"] == minutes(60)


def test_notices_and_updates_are_counted_apart():
    both = record(NOTICES + UPDATE)
    assert last_told(both)["stakeholders"].at == minutes(15)
    notice, update = (last_of(both, "stakeholders", kind) for kind in ("notice", "impact-assessment"))
    assert notice is not None
    assert update is not None
    assert (notice.at, notice.times, notice.promised) == (minutes(20), 2, None)
    assert (update.at, update.times) == (minutes(15), 1)
    assert label_of("stakeholders", "notice", notice) == "notice 3"
    assert label_of("stakeholders", "impact-assessment", update) == "stakeholders 2"
    assert last_of(record(""), "stakeholders", "notice") is None
    assert label_of("stakeholders", "notice", None) == "notice 1"


def test_what_is_confidential_needs_a_decision_on_the_authority_alone():
    secret = record("", restricted=True)
    assert barrier(secret.incident, AUTHORITY) == "restricted"
    assert objection(secret, AUTHORITY) == "it is restricted"
    line = disclose(secret, AUTHORITY, "it is restricted", "of the law", minutes(5))
    assert line.text == "the authority is notified although it is restricted, because of the law"
    assert decisions(record(TO_TELL)) == {"the authority": True}


def test_a_notice_ends_no_decision_on_partners_and_is_not_kept_by_it():
    withheld = record(NOT_TO_TELL + NOTICES)
    assert decisions(withheld) == {"stakeholders": False}
    assert objection(withheld, AUTHORITY) is None
