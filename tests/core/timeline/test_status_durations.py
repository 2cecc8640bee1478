"""How long an incident stayed in each status."""

from __future__ import annotations

from tests.records import incident_of, minutes, record_of

from okb_incident.core.timeline.status_durations import status_durations


def told(status, timeline=""):
    return [
        (str(stay.status), stay.seconds(minutes(100)), stay.end is None)
        for stay in status_durations(record_of(incident_of(status), timeline))
    ]


def test_each_line_ends_a_stay_and_begins_the_next():
    timeline = """
- 2026-11-23T02:05:00 **status** @alice: triage → investigating
- 2026-11-23T02:05:00 **status** @alice: investigating
- 2026-11-23T02:55:00 **status** @bob: investigating → monitoring, rolled back
"""
    assert told("monitoring", timeline) == [
        ("triage", 300, False),
        ("investigating", 3000, False),
        ("monitoring", 45 * 60, True),
    ]


def test_without_a_line_it_is_where_it_was_declared():
    assert told("triage") == [("triage", 6000, True)]


def test_what_was_changed_by_hand_has_no_length():
    assert told("monitoring") == [("triage", 6000, True), ("monitoring", None, True)]
    timeline = "- 2026-11-23T02:55:00 **status** @bob: identified → monitoring"
    assert told("monitoring", timeline) == [
        ("triage", 6000, True),
        ("identified", None, False),
        ("monitoring", 2700, True),
    ]


def test_a_change_by_hand_that_was_only_seen_ends_and_begins_at_no_known_time():
    timeline = """
- 2026-11-23T02:05:00 **status** @alice: triage → investigating
- 2026-11-23T02:30:00 **status**: investigating → monitoring (seen 2026-11-23T02:30:00)
- 2026-11-23T02:40:00 **status** @alice: monitoring → resolved
"""
    assert told("resolved", timeline) == [
        ("triage", 300, False),
        ("investigating", 95 * 60, True),
        ("monitoring", None, False),
        ("resolved", 3600, True),
    ]


def test_an_acknowledgement_before_the_declaration_leaves_no_time_in_triage():
    assert told("investigating", "- 2026-11-23T01:56:00 **status** @alice: triage → investigating") == [
        ("triage", 0, False),
        ("investigating", 104 * 60, True),
    ]


def test_a_move_that_was_dated_back_before_the_one_that_led_to_it():
    timeline = """
- 2026-11-23T02:01:00 **status** @bob: investigating → monitoring (recorded 2026-11-23T02:30:00)
- 2026-11-23T02:05:00 **status** @alice: triage → investigating
"""
    assert told("monitoring", timeline) == [
        ("triage", 60, False),
        ("investigating", 0, False),
        ("monitoring", 99 * 60, True),
    ]


def test_the_same_move_twice_after_a_reopening_is_in_order_of_time():
    timeline = """
- 2026-11-23T02:05:00 **status** @alice: triage → resolved
- 2026-11-23T02:10:00 **status** @alice: resolved → investigating
- 2026-11-23T02:20:00 **status** @alice: investigating → resolved
- 2026-11-23T02:30:00 **status** @alice: resolved → investigating
- 2026-11-23T02:50:00 **status** @alice: nowhere
"""
    assert told("investigating", timeline) == [
        ("triage", 300, False),
        ("resolved", 300, False),
        ("investigating", 600, False),
        ("resolved", 600, False),
        ("investigating", 70 * 60, True),
    ]
