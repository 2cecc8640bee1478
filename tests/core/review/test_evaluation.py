"""What can be computed of how an incident was handled."""

from __future__ import annotations

from tests.records import incident_of, minutes, record_of

from okb_incident.core.incident.incident import Pause
from okb_incident.core.review.evaluation import evaluation, first_messages, late_messages, longest_silence

TIMELINE = """
- 2026-11-23T02:05:00 **comms** @carol: team/status-update → [[x]], next by 2026-11-23T02:20:00
- 2026-11-23T02:10:00 **comms** @carol: users/service-notice → [[x]], next by 2026-11-23T02:30:00
- 2026-11-23T02:15:00 **handoff** @alice: commander: @alice → @dan
- 2026-11-23T02:18:00 **comms** @carol: Team/status-update → [[y]], next by 2026-11-23T02:40:00
- 2026-11-23T02:35:00 **comms** @carol: users/status-update → [[z]]
- 2026-11-23T02:36:00 **escalation** @carol: to @gita
- 25:99 **comms** @carol: users/status-update → [[z]]
"""
DONE = incident_of("resolved", started=-10, detected=-2, acknowledged=3, mitigated=40, resolved=100)


def test_the_facts_of_a_response():
    assert list(evaluation(record_of(DONE, TIMELINE), minutes(200))) == [
        ("time to detect, from impact start", "8m"),
        ("time to acknowledge, from declaration", "3m"),
        ("time to mitigate, from impact start", "50m"),
        ("time to resolve, from impact start", "1h50m"),
        ("first internal message", "5m after the declaration"),
        ("first external message", "10m after the declaration"),
        ("longest silence", "1h04m"),
        ("promised messages", "1 of 3 in time"),
        ("hand-overs", "1"),
        ("escalations", "1"),
    ]


def test_of_an_empty_record_there_is_little_to_say():
    bare = record_of(incident_of("triage")._replace(moments={}))
    assert list(evaluation(bare, minutes(5))) == []
    assert longest_silence(bare, minutes(5)) is None
    assert first_messages(bare) == (None, None)


def test_an_estimate_is_among_the_facts():
    line = "- 2026-11-23T02:20:00 **note** @a: expected_recovery: – → 2026-11-23T02:30:00"
    assert ("estimate", "stopped 10m after the promise") in list(evaluation(record_of(DONE, line), minutes(200)))


def test_the_longest_silence_lies_between_lines_the_declaration_and_the_end():
    silence = longest_silence(record_of(DONE, TIMELINE), minutes(200))
    assert silence is not None
    assert (silence.start, silence.end) == (minutes(36), minutes(100))
    still = longest_silence(record_of(incident_of("investigating"), ""), minutes(30))
    assert still is not None
    assert still.seconds == 1800


def test_a_promise_of_the_future_is_not_broken_yet():
    running = record_of(incident_of("investigating"), TIMELINE)
    assert late_messages(running) == (2, 1)
    assert late_messages(record_of(DONE, TIMELINE)) == (3, 2)


AGAIN = """
- 2026-11-23T02:05:00 **comms** @carol: team/status-update → [[x]], next by 2026-11-23T02:20:00
- 2026-11-23T02:10:00 **comms** @carol: users/service-notice → [[x]], next by 2026-11-23T02:50:00
- 2026-11-23T02:30:00 **status** @alice: investigating → resolved
- 2026-11-23T05:00:00 **reopen** @alice: was resolved 2026-11-23T02:30:00: it is back
- 2026-11-23T05:20:00 **note** @alice: rolled back
- 2026-11-23T06:00:00 **status** @alice: investigating → resolved
"""


def test_a_reopened_incident_has_its_elapsed_time_first_and_its_active_time_beside_it():
    pause = Pause(minutes(30), minutes(180))
    twice = record_of(incident_of("resolved", started=-10, resolved=240, pauses=(pause,)), AGAIN)
    found = dict(evaluation(twice, minutes(300)))
    assert found["time to resolve, from impact start"] == "4h10m, active 1h40m"
    assert "time to mitigate, from impact start" not in found
    assert found["reopened"] == "1"
    # Between the end that did not last and the reopening nobody owed a word.
    assert found["longest silence"] == "40m"
    assert found["promised messages"] == "0 of 1 in time"


def test_nothing_is_silent_where_all_of_it_was_a_pause():
    pause = Pause(minutes(-5), minutes(180))
    assert longest_silence(record_of(incident_of("resolved", resolved=100, pauses=(pause,))), minutes(100)) is None


def test_a_notice_to_the_authority_is_no_message_to_others_and_was_in_time_or_not():
    notice = "- 2026-11-23T02:01:00 **comms** @c: stakeholders/notice → [[x]], next by 2026-11-23T02:02:00"
    assert first_messages(record_of(DONE, notice)) == (None, None)
    assert late_messages(record_of(DONE, notice)) == (0, 0)

    def facts(**properties):
        return dict(evaluation(record_of(DONE._replace(properties=properties)), minutes(200)))

    assert facts(notify_by="2026-11-26T02:00:00")["notice to the authority"] == "not sent"
    sent = {"notify_by": "2026-11-26T02:00:00", "notified": "2026-11-25T22:00:00"}
    assert facts(**sent)["notice to the authority"] == "in time, 4h00m before the deadline"
    assert facts(**{**sent, "notified": "2026-11-26T02:12:00"})["notice to the authority"] == "12m late"
    assert "notice to the authority" not in facts(notified="2026-11-26T02:12:00")
