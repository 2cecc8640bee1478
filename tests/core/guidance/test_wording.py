"""A record in words: each kind of line, links and moments, names in a list."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.records import incident_of, record_of

from okb_incident.core.guidance.wording import (
    SAY,
    Clock,
    all_plain,
    in_public_words,
    in_words,
    plain_words,
)
from okb_incident.core.timeline.kinds import KINDS

CLOCK = Clock(UTC, "UTC")


def entry_of(kind, payload, external=""):
    (entry,) = record_of(incident_of("resolved"), f"- 2026-11-23T02:02:00 **{kind}** @bob: {payload}{external}").entries
    assert entry.kind == kind, entry.fault
    return entry


@pytest.mark.parametrize(
    ("kind", "payload", "words"),
    [
        ("status", "triage → monitoring, 4f2a rolled back", "Status changed to monitoring: 4f2a rolled back"),
        ("status", "investigating", "Status changed to investigating"),
        ("severity", "SEV2 → SEV1, every card payment fails", "Severity changed to SEV1: every card payment fails"),
        ("role", "scribe: – → @erin", "erin is now scribe"),
        ("role", "technical lead: @erin → –", "erin is no longer technical lead"),
        ("handoff", "commander: @alice → @dan, watch the errors", "dan is now commander, after alice: watch the errors"),
        ("team", "payments notified", "Team payments notified"),
        (
            "impact",
            "checkout at-risk, share 40%, users 900-1500 from 2026-11-23T01:47:00 to 2026-11-23T02:55:00, planned",
            "checkout at risk (40%, 900-1500 users, planned) from 2026-11-23 01:47 UTC to 2026-11-23 02:55 UTC",
        ),
        ("impact", "checkout down from 2026-11-23T01:47:00", "checkout down from 2026-11-23 01:47 UTC"),
        ("effort", "@bob 90m as technical lead", "bob worked 1 hour and 30 minutes as technical lead"),
        ("effort", "@bob 45m", "bob worked 45 minutes"),
        ("cost", "refunds 1200.00 CHF (900..1500), by the bank", "Cost: refunds 1200.00 CHF (between 900 and 1500), by the bank"),
        ("cost", "refunds 1200.00 CHF", "Cost: refunds 1200.00 CHF"),
        ("cost", "refunds 12 CHF, cards, source the bank", "Cost: refunds 12 CHF, cards, source: the bank"),
        ("comms", "users/service-notice → [[u|users 1]]", "Sent to users: service notice"),
        (
            "comms",
            "users/status-update → [[u|users 1]], next by 2026-11-23T02:40:00",
            "Sent to users: status update, next update by 2026-11-23 02:40 UTC",
        ),
        ("hypothesis", "h1 pool exhausted", "Hypothesis h1: pool exhausted"),
        ("hypothesis", "h1 ruled out, 40 % are free", "Hypothesis h1 ruled out: 40 % are free"),
        ("hypothesis", "h1 confirmed", "Hypothesis h1 confirmed"),
        ("change", "rollback: deploy 4f2a taken back, ref 4f2a", "Rollback: deploy 4f2a taken back"),
        ("change", "rollback: the last deploy, ref 4f2a", "Rollback: the last deploy (4f2a)"),
        ("change", "attempt: restart [[checkout]]", "Attempted: restart checkout"),
        ("action", "a1 done, all regions", "Action a1 done: all regions"),
        ("resource", "r1 requested: a database specialist", "Requested r1: a database specialist"),
        ("verify", "v1 recovery pass: errors below 0.1 %, evidence 0.02 %", "Recovery check v1 passed: errors below 0.1 % (evidence: 0.02 %)"),
        ("verify", "solution fail: still 3 %", "Solution check failed: still 3 %"),
        ("reopen", "was resolved 2026-11-23T03:40:30: the errors are back", "Reopened: the errors are back"),
        ("merge", "into [[INC-20261123-02]]", "Merged into INC-20261123-02"),
        ("merge", "from [[INC-20261123-02|the other]]", "INC-20261123-02 was merged into this incident"),
        ("escalation", "to @frank via phone, he owns it", "Escalated to @frank via phone: he owns it"),
        ("escalation", "nobody answers", "Escalation: nobody answers"),
        ("alert", "CheckoutErrorRate firing, 38 % of requests", "Alert: CheckoutErrorRate firing: 38 % of requests"),
        ("alert", "two probes report timeouts", "Alert: two probes report timeouts"),
        ("run", "`kubectl get pods` exit 0 after 12s", "Command: kubectl get pods, exit code 0"),
        ("evidence", "heap dump: [[heap.hprof]], sha256 9f86d081884c7d65", "Evidence: heap dump, heap.hprof"),
        ("decision", "roll back, because it is known to work", "Decision: roll back, because it is known to work"),
        ("review", "reviewed, two follow-ups agreed", "Review: reviewed: two follow-ups agreed"),
        ("note", "seen at 2026-11-23T02:01:00 in [[checkout]]", "seen at 2026-11-23 02:01 UTC in checkout"),
        ("note", "tickets: 12 → 40, all cards", "40 support tickets so far, all cards"),
        ("note", "tickets: 1", "1 support ticket so far"),
        ("note", "tickets: many", "tickets: many"),
    ],
)  # fmt: skip
def test_a_line_in_words(kind, payload, words):
    assert in_words(entry_of(kind, payload), CLOCK) == words


def test_every_kind_but_notes_has_words_and_every_example_can_be_said():
    assert set(SAY) == set(KINDS) - {"note"}
    for kind in KINDS.values():
        for example in kind.examples:
            words = in_words(entry_of(kind.name, example), CLOCK)
            assert not {"[[", "→", "T02:"} & {sign for sign in ("[[", "→", "T02:") if sign in words}, words


def test_a_line_that_does_not_fit_its_kind_stands_as_it_was_typed():
    (entry,) = record_of(incident_of("triage"), "- 2026-11-23T02:02:00 **role** @bob: [[erin]] writes").entries
    assert in_words(entry, CLOCK) == "role: erin writes"


@pytest.mark.parametrize(
    ("kind", "payload", "words"),
    [
        ("status", "investigating → resolved", "The problem is resolved."),
        ("status", "investigating → monitoring", "The problem is mitigated and being monitored."),
        ("status", "investigating → monitoring, cards work again", "cards work again"),
        ("status", "investigating → declined", "Status changed to declined"),
        ("severity", "SEV2 → SEV1, every card payment fails", "every card payment fails"),
        ("severity", "SEV1", "Severity changed to SEV1"),
        ("change", "rollback: the last change, ref 4f2a", "Rollback: the last change"),
        ("note", "we watch [[checkout]]", "we watch checkout"),
    ],
)
def test_a_line_in_words_for_everybody(kind, payload, words):
    assert in_public_words(entry_of(kind, payload, " #external"), CLOCK) == words


def test_a_moment_has_its_zone_and_in_a_repeated_hour_its_offset():
    zurich = Clock(ZoneInfo("Europe/Zurich"), "Europe/Zurich")
    assert zurich.show(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)) == "2026-11-23 03:00 Europe/Zurich"
    shown = {zurich.show(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) for hour in (0, 1)}
    assert shown == {"2026-10-25 02:30 Europe/Zurich (+02:00)", "2026-10-25 02:30 Europe/Zurich (+01:00)"}
    assert zurich.show(None) == ""
    assert plain_words("at 2026-11-23T02:00:00Z, 2026-11-23T02:00", zurich) == (
        "at 2026-11-23 03:00 Europe/Zurich, 2026-11-23 02:00 Europe/Zurich"
    )
    # One that does not exist stays as it was typed.
    assert plain_words("at 2026-13-23T02:00:00", zurich) == "at 2026-13-23T02:00:00"


NAMES = {"bob": "Bob Moser", "dan": "Dan Kim"}


@pytest.mark.parametrize(
    ("kind", "payload", "words"),
    [
        ("handoff", "commander: @alice → @dan", "Dan Kim is now commander, after alice"),
        ("effort", "@bob 45m", "Bob Moser worked 45 minutes"),
        ("escalation", "to @dan via phone, he owns it", "Escalated to Dan Kim via phone: he owns it"),
        ("note", "ask @Bob. or @zoe, not me@bob", "ask Bob Moser. or @zoe, not me@bob"),
        # The status is no person, whatever somebody is called.
        ("status", "investigating → identified", "Status changed to identified"),
    ],
)
def test_people_have_the_names_of_their_notes(kind, payload, words):
    assert in_words(entry_of(kind, payload), CLOCK, {**NAMES, "identified": "Ida Ent"}) == words


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (datetime(2026, 11, 18, 14, 47, tzinfo=UTC), "14:47 UTC"),
        (datetime(2026, 11, 17, 9, 5, tzinfo=UTC), "09:05 UTC on 17 November"),
        (datetime(2026, 12, 3, 22, 0, tzinfo=UTC), "22:00 UTC on 3 December"),
        (datetime(2025, 11, 18, 9, 5, tzinfo=UTC), "09:05 UTC on 18 November 2025"),
        (None, ""),
    ],
)
def test_a_time_in_a_message_has_a_date_only_if_it_is_another_day(day, shown):
    assert Clock(UTC, "UTC", datetime(2026, 11, 18, 15, 0, tzinfo=UTC)).show(day) == shown


def test_the_day_of_a_message_is_that_of_its_zone():
    zurich = Clock(ZoneInfo("Europe/Zurich"), "Europe/Zurich", datetime(2026, 11, 18, 23, 30, tzinfo=UTC))
    assert zurich.show(datetime(2026, 11, 18, 23, 5, tzinfo=UTC)) == "00:05 Europe/Zurich"
    assert zurich.show(datetime(2026, 11, 18, 22, 5, tzinfo=UTC)) == "23:05 Europe/Zurich on 18 November"
    assert zurich.day(date(2026, 11, 19)) == ""
    assert Clock(UTC, "UTC").day(date(2026, 11, 19)) == "2026-11-19"


def test_a_span_names_its_zone_and_its_day_once():
    clock = Clock(UTC, "UTC", datetime(2026, 11, 18, 15, 0, tzinfo=UTC))

    def at(day, hour):
        return datetime(2026, 11, day, hour, 30, tzinfo=UTC)

    assert clock.span(at(18, 12), at(18, 13)) == "from 12:30 to 13:30 UTC"
    assert clock.span(at(17, 12), at(17, 13)) == "from 12:30 to 13:30 UTC on 17 November"
    assert clock.span(at(17, 23), at(18, 1)) == "from 23:30 UTC on 17 November to 01:30 UTC"
    assert clock.span(at(18, 12), None) == "since 12:30 UTC"
    assert clock.span(None, at(18, 12)) == ""
    assert CLOCK.span(at(18, 12), at(18, 13)) == "from 2026-11-18 12:30 UTC to 2026-11-18 13:30 UTC"
    zurich = Clock(ZoneInfo("Europe/Zurich"), "CET", datetime(2026, 10, 25, 15, 0, tzinfo=UTC))
    repeated = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert zurich.span(*repeated) == "from 02:30 CET (+02:00) to 02:30 CET (+01:00)"


def test_every_text_in_plain_data_is_in_words():
    assert all_plain({"a": ["[[x]]", 1, True], "b": {"c": "[[y|z]]"}}, CLOCK) == {"a": ["x", 1, True], "b": {"c": "z"}}
    assert all_plain(["by @bob"], CLOCK, NAMES) == ["by Bob Moser"]
