"""What people say to `log`, and the line that becomes of it."""

from __future__ import annotations

from datetime import UTC

import pytest
from tests.records import minutes

from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.timeline.log_shorthand import ShorthandLine, understand

AT = minutes(30)


def said(text):
    return understand(text, UTC, lambda typed, _, __: minutes({"01:50": -10, "02:20": 20, "03:00": 60}[typed]), AT)


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
        ("h1 is odd", "note", "h1 is odd"),
        ("h2 wrong cable order", "note", "h2 wrong cable order"),
        ("h2 rejected by Bob", "note", "h2 rejected by Bob"),
        ("decisions: two of them", "note", "decisions: two of them"),
        ("reaction: users complain", "note", "reaction: users complain"),
        ("source: the CDN log", "note", "source: the CDN log"),
        ("charge: it failed", "note", "charge: it failed"),
        ("node: web-3 is down", "note", "node: web-3 is down"),
        ("decison:", "note", "decison:"),
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
    assert said(text)._replace(impact=None) == ShorthandLine(kind, payload)
    assert said(text).named(()) == payload


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("h1 confirmed", "h1 confirmed"),
        ("H1: Confirmed.", "h1 confirmed"),
        ("h1 confirmed, 20 of 20 in use", "h1 confirmed, 20 of 20 in use"),
        ("h1 confirmed by the graphs", "h1 confirmed, by the graphs"),
        ("H2 ruled out, it is up", "h2 ruled out, it is up"),
        ("h2 refuted", "h2 ruled out"),
        ("h2 refuted.", "h2 ruled out"),
        ("h2 Rejected, 40 % are free", "h2 ruled out, 40 % are free"),
        ("h2 disproved: 40 % are free", "h2 ruled out, 40 % are free"),
        ("h2 wrong", "h2 ruled out"),
        ("hypothesis: h2 wrong", "h2 ruled out"),
        ("hypothesis: h2 confirmed, yes", "h2 confirmed, yes"),
    ],
)
def test_a_hypothesis_is_confirmed_or_ruled_out_in_several_words(text, payload):
    found = said(text)
    assert (found.kind, found.payload, found.ends) == ("hypothesis", payload, payload[:2])
    assert KINDS["hypothesis"].read(payload, UTC)["result"] in {"confirmed", "ruled out"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("decison: roll back", "decision"),
        ("Desicion: roll back", "decision"),
        ("hypotesis: the pool", "hypothesis"),
        ("rolback: 4f2a", "rollback"),
        ("impct: checkout down", "impact"),
    ],
)
def test_a_mistyped_kind_stays_a_note_and_tells_what_was_meant(text, meant):
    assert said(text) == ShorthandLine("note", text, meant=meant)


def test_a_hypothesis_gets_the_next_name():
    unnamed = said("hypothesis: the pool is too small")
    assert unnamed == ShorthandLine("hypothesis", "the pool is too small", is_unnamed=True)
    assert unnamed.named({"h6"}) == "h7 the pool is too small"


@pytest.mark.parametrize("text", ["hypothesis:", "impact: checkout", "effort: much", "verify: x"])
def test_what_does_not_fit_its_kind_is_refused(text):
    with pytest.raises(ValueError, match="is no|write|has no level"):
        said(text)


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("tickets: 40", "tickets: 40"),
        ("Tickets:40, all cards", "Tickets:40, all cards"),
        ("note: tickets: 40", "tickets: 40"),
    ],
)
def test_tickets_are_counted(text, payload):
    assert said(text) == ShorthandLine("note", payload, is_count=True)


def test_a_count_that_is_none_is_refused_unless_it_is_a_note_on_purpose():
    with pytest.raises(ValueError, match=r"whole number from 0 to 9999999 \(got 'many'\), such as tickets: 40"):
        said("tickets: many")
    assert said("note: tickets: many") == ShorthandLine("note", "tickets: many")


@pytest.mark.parametrize(
    ("text", "meant"), [("tikets: 40", "tickets"), ("tikets: many", None), ("ticket: OPS-12", None)]
)
def test_a_slip_before_a_number_may_mean_tickets(text, meant):
    assert said(text) == ShorthandLine("note", text, meant=meant)
