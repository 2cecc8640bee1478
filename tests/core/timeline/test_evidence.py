"""What a timeline says about the moments of its incident."""

from __future__ import annotations

from datetime import UTC

import pytest
from tests.made import when

from okb_incident.core.timeline.evidence import confirmed_moments, evidence_of
from okb_incident.core.timeline.timeline import read_timeline

DECLARED = when("07-06 09:00")


def evidence(*lines):
    return evidence_of(read_timeline([f"- {line}" for line in lines], UTC, DECLARED), UTC)


def confirmed(*lines):
    return confirmed_moments(read_timeline([f"- {line}" for line in lines], UTC, DECLARED), UTC)


@pytest.mark.parametrize(
    ("line", "name", "at"),
    [
        ("2026-07-06T09:05:00 **status** @a: triage → investigating", "acknowledged", "07-06 09:05"),
        ("2026-07-06T09:05:00 **status** @a: monitoring → resolved, done", "resolved", "07-06 09:05"),
        ("2026-07-06T09:05:00 **verify** @a: v1 recovery pass: fine", "verified", "07-06 09:05"),
        (
            "2026-07-06T09:05:00 **comms** @a: users/x → [[n|u1]], next by 2026-07-06T09:40:00",
            "next_update",
            "07-06 09:40",
        ),
        ("2026-07-06T11:00:00 **reopen** @a: was resolved 2026-07-06T10:00:00: back", "first_resolved", "07-06 10:00"),
    ],
)
def test_the_moments_that_lines_enter(line, name, at):
    assert evidence(line).entered == {name: (when(at),)}


@pytest.mark.parametrize(
    "line",
    [
        "2026-07-06T09:05:00 **status** @a: triage → merged",
        "2026-07-06T09:05:00 **verify** @a: v1 recovery fail: no",
        "2026-07-06T09:05:00 **verify** @a: v1 solution pass: fine",
        "2026-07-06T09:05:00 **comms** @a: users/x → [[n|u1]]",
        "2026-07-06T09:05:00 **status** @a: nonsense",
        "2026-07-06 **status** @a: triage → investigating",
    ],
)
def test_what_enters_nothing(line):
    assert evidence(line).entered == {}


def test_a_bare_time_may_be_of_the_day_before_or_after():
    at = when("07-06 09:05")
    found = evidence("09:05 status: triage → investigating").entered["acknowledged"]
    assert sorted(found) == [when("07-05 09:05"), at, when("07-07 09:05")]
    assert found[-1] == at


@pytest.mark.parametrize(
    ("text", "name", "at"),
    [
        ("started: – → 2026-07-06T08:00:00", "started", "07-06 08:00"),
        ("started: 2026-07-06T07:00:00 → 2026-07-06T08:00:00, the log says so", "started", "07-06 08:00"),
        ("corrected mitigated: 2026-07-06T07:00:00 → 2026-07-06T08:00:00", "mitigated", "07-06 08:00"),
        ("started: 2026-07-06 08:00 → 2026-07-06 08:10", "started", "07-06 08:10"),
        ("started: 2026-07-06T08:00:00, confirmed", "started", "07-06 08:00"),
        ("acknowledged, on the phone", "acknowledged", "07-06 09:05"),
        ("detected", "detected", "07-06 09:05"),
    ],
)
def test_the_moments_that_lines_name(text, name, at):
    assert evidence(f"2026-07-06T09:05:00 **note** @a: {text}").named == {name: (when(at),)}


@pytest.mark.parametrize(
    "text",
    ["cause: – → change", "started: – → soon", "resolved that they call at 10:00", "it started: 2026-07-06T08:00:00"],
)
def test_other_notes_name_none(text):
    assert evidence(f"2026-07-06T09:05:00 **note** @a: {text}").named == {}


def test_when_its_lines_happened_and_by_when_the_note_existed():
    found = evidence(
        "2026-07-06T09:05:00 **status** @a: triage → investigating (recorded 2026-07-06T09:30:00)",
        "2026-07-06T09:10:00 **status** @a: investigating → identified",
        "2026-07-06T08:00:00 **note** @a: first error",
        "08:30 status: triage → investigating",
        "later that day: nothing",
    )
    assert len(found.lines) == 4
    assert found.noted_by == when("07-06 09:15")
    assert evidence("2026-07-06T08:00:00 **alert**: Down firing").noted_by is None
    assert evidence("2026-07-06T08:00:00 **status**: triage → investigating").noted_by is None


def test_what_somebody_confirmed():
    assert confirmed(
        "2026-07-06T09:05:00 **note** @a: started: – → 2025-07-06T08:00:00, confirmed",
        "2026-07-06T09:06:00 **note** @a: detected: 2026-07-06, confirmed, nobody knows more",
        "2026-07-06T09:07:00 **note** @a: closed: – → 2026-07-06T09:00:00",
        "2026-07-06T09:08:00 **note** @a: closed: someday, confirmed",
        "2026-07-06T09:09:00 **decision** @a: started: 2026-07-06T08:00:00, confirmed",
    ) == (("started", when("2025-07-06 08:00")), ("detected", when("07-06 00:00")))
