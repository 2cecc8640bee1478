"""An incident on one screen."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.command import Command
from okb_incident.core.guidance.brief import brief
from okb_incident.core.guidance.due import Due
from okb_incident.core.response.service_terms import ServiceTerms

TIMELINE = """
- 2026-11-23T02:05:00 **status** @alice: triage → investigating
- 2026-11-23T02:06:00 **impact** @alice: checkout down, share 40%, users 900-1500 from 2026-11-23T01:50:00
- 2026-11-23T02:06:30 **impact** @alice: search degraded from 2026-11-23T01:50:00 to 2026-11-23T02:00:00
- 2026-11-23T02:07:00 **hypothesis** @bob: h1 pool exhausted
- 2026-11-23T02:08:00 **hypothesis** @bob: h1 confirmed, 20 of 20 in use
- 2026-11-23T02:08:00 **hypothesis** @bob: h2 the network
- 2026-11-23T02:08:00 **hypothesis** @bob: h3 ruled out
- 2026-11-23T02:09:00 **decision** @bob: one
- 2026-11-23T02:10:00 **decision** @bob: two
- 2026-11-23T02:11:00 **change** @bob: rollback: 4f2a
- 2026-11-23T02:12:00 **decision** @bob: three
- 2026-11-23T02:13:00 **resource** @bob: r1 requested: a specialist
- 2026-11-23T02:14:00 **resource** @bob: r2 requested: a bridge
- 2026-11-23T02:15:00 **resource** @bob: r2 refused: no need
"""


def test_a_screen_says_what_the_note_holds():
    incident = incident_of(
        "investigating",
        services=("checkout", "payments-api"),
        properties={
            "commander": "[[alice]]",
            "responders": ["bob", "[[carol]]"],
            "users_affected": "~1200",
            "cause": "change",
            "trigger": "deploy 4f2a",
        },
        started=-10,
    )
    record = record_of(
        incident,
        TIMELINE,
        Actions=f"- [/] Roll back [owner:: bob] 🆔 {ID}-a1\n- [x] Done 🆔 {ID}-a2",
        Checklist="- [ ] Open the runbook",
    )
    due = [
        Due("a", "stop the impact", minutes(60), Command("ack")),
        Due("b", "tell users", minutes(10), Command("ack")),
        Due("c", "name a scribe", None, Command("ack")),
        Due("d", "never shown", None, Command("ack")),
    ]
    told = brief(record, due, minutes(20))
    assert told.head == f"{ID} SEV1 investigating for 15m"
    assert told.title == "Card payments fail"
    assert dict(told.parts) == {
        "impact": (
            "checkout down for 30m, since 01:50, 40%, 900-1500 users",
            "search restored 02:00; degraded 10m",
            "payments-api; ~1200 users",
            "it began 30m ago",
        ),
        "known": (
            "h1 pool exhausted (confirmed: 20 of 20 in use)",
            "h2 the network (open)",
            "h3 (ruled out)",
            "cause change, trigger deploy 4f2a",
        ),
        "done": ("decision: two", "change: rollback: 4f2a", "decision: three"),
        "doing": ("a1 Roll back, bob, started", "– Open the runbook"),
        "needs": ("r1 a specialist",),
        "people": ("commander alice; responders bob, carol",),
        "next": ("stop the impact, in 40m", "tell users, 10m late", "name a scribe"),
    }


def test_what_has_no_answer_is_not_asked():
    over = brief(record_of(incident_of("resolved", detected=1, mitigated=31)), [], minutes(60))
    assert over.head == f"{ID} SEV1 resolved"
    assert over.parts == (("impact", ("it was noticed 30m before it was stopped",)),)
    bare = incident_of("triage", properties={"users_affected": "5%"})._replace(status=None, severity=None)
    assert brief(record_of(bare), [], minutes(1)) == (f"{ID} – –", "Card payments fail", (("impact", ("5% users",)),))


def test_the_summary_names_scope_agreement_and_money():
    timeline = """
- 2026-11-23T02:06:00 **impact** @alice: checkout down from 2026-11-23T01:50:00 to 2026-11-23T02:47:00
- 2026-11-23T02:13:00 **cost** @bob: refunds 1200 CHF (900..1500), source the payment provider
"""
    incident = incident_of("investigating", properties={"scope": "region eu-west"})
    parts = dict(
        brief(record_of(incident, timeline), [], minutes(60), [ServiceTerms("checkout", Decimal("99.9"))]).parts
    )
    assert parts["impact"] == (
        "checkout restored 02:47; down 57m",
        "scope region eu-west",
        "checkout was down for 57m, its SLO 99.9 % allows 43m12s in 30 days: breached (proposed)",
    )
    assert parts["cost"] == (
        "1,200.00 CHF (900.00 to 1,500.00) in all",
        "refunds 1,200.00 CHF (900.00 to 1,500.00), source: the payment provider, @bob",
    )


@pytest.mark.parametrize(
    ("status", "lines", "told"),
    [
        (
            "monitoring",
            "- 02:00 impact: a down\n- 02:20 impact: a degraded, share 40%",
            "a degraded for 40m, since 02:20, 40%; 1h00m in all: down 20m, degraded 40m",
        ),
        (
            "monitoring",
            "- 02:00 impact: a down\n- 02:20 impact: a degraded\n- 02:50 impact: a restored",
            "a restored 02:50; 50m in all: down 20m, degraded 30m",
        ),
        (
            "monitoring",
            "- 02:00 impact: a at risk from 02:00 to 04:00, planned\n- 02:20 impact: a down from 02:20 to 02:30",
            "a at-risk for 30m, since 02:30, planned; down 10m, planned 50m",
        ),
        ("monitoring", "- 02:00 impact: a at risk from 04:00 to 04:30, planned", "a at-risk from 04:00"),
        ("monitoring", "- 02:00 impact: a restored", "a works"),
        ("resolved", "- 02:00 impact: a down", "a down until the incident was resolved, end not recorded; down 50m"),
        ("declined", "- 02:00 impact: a down", "a down from 02:00, end not recorded"),
    ],
)
def test_each_service_has_its_level_and_what_it_had_before(status, lines, told):
    incident = incident_of(status, resolved=50) if status == "resolved" else incident_of(status)
    record = record_of(incident, lines)
    assert dict(brief(record, [], minutes(60)).parts)["impact"] == (told,)
