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
