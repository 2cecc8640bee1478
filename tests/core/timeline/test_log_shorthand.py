"""What people say to `log`, and the line that becomes of it."""

from __future__ import annotations

from datetime import UTC

import pytest
from tests.records import incident_of, minutes, record_of

from okb_incident.core.timeline.log_shorthand import ShorthandLine, understand

AT = minutes(30)


def said(text):
    return understand(text, UTC, lambda typed: minutes({"01:50": -10, "02:20": 20}[typed]), AT)


@pytest.mark.parametrize(
    ("text", "kind", "payload"),
    [
        ("pool exhausted", "note", "pool exhausted"),
        ("see https://x.example", "note", "see https://x.example"),
        ("odd: words", "note", "odd: words"),
        ("decision: roll back", "decision", "roll back"),
        ("Rollback: 4f2a taken back, ref 4f2a", "change", "rollback: 4f2a taken back, ref 4f2a"),
        ("fix: more nodes", "change", "fix: more nodes"),
        ("change: attempt: half of it", "change", "attempt: half of it"),
        ("h1 confirmed", "hypothesis", "h1 confirmed"),
        ("H2 ruled out, it is up", "hypothesis", "H2 ruled out, it is up"),
        ("h1 is odd", "note", "h1 is odd"),
        ("hypothesis: h4 the network", "hypothesis", "h4 the network"),
        ("impact: checkout down", "impact", "checkout down from 2026-11-23T02:30:00"),
        (
            "impact: checkout degraded, share 40% from 01:50 to 02:20, planned",
            "impact",
            "checkout degraded, share 40% from 2026-11-23T01:50:00 to 2026-11-23T02:20:00, planned",
        ),
    ],
)
def test_short_forms(text, kind, payload):
    assert said(text) == ShorthandLine(kind, payload)
    assert said(text).named(record_of(incident_of("triage"))) == payload


def test_a_hypothesis_gets_the_next_name():
    unnamed = said("hypothesis: the pool is too small")
    assert unnamed == ShorthandLine("hypothesis", "the pool is too small", is_unnamed=True)
    record = record_of(incident_of("triage"), "- 2026-11-23T02:00:00 **hypothesis** @bob: h6 x")
    assert unnamed.named(record) == "h7 the pool is too small"


@pytest.mark.parametrize("text", ["hypothesis:", "impact: checkout", "effort: much", "verify: x"])
def test_what_does_not_fit_its_kind_is_refused(text):
    with pytest.raises(ValueError, match="is no|write"):
        said(text)
