"""The life of an incident, verb by verb."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from okb_incident.core.incident import lifecycle
from okb_incident.core.incident.change import LogLine
from okb_incident.core.incident.incident import Incident, Pause
from okb_incident.core.incident.reopening import since_reopened
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.values.identity import IncidentId
from okb_incident.core.values.moment import Moment
from okb_incident.core.values.severity import DEFAULT_SCALE
from okb_incident.core.values.status import Status
from okb_incident.errors import TransitionError

T0 = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FIVE = timedelta(minutes=5)


def incident(status, properties=None, **minutes):
    return Incident(
        id=IncidentId(date(2026, 11, 23), 1, "INC-20261123-01"),
        path="incidents/2026/INC-20261123-01.md",
        title="Checkout is slow",
        status=Status(status) if status else None,
        severity=DEFAULT_SCALE.levels[1],
        moments={name: Moment(T0 + timedelta(minutes=minute)) for name, minute in minutes.items()},
        properties={**dict.fromkeys(minutes, "set"), **(properties or {})},
    )


VERBS = {
    "ack": Status.INVESTIGATING,
    "identify": Status.IDENTIFIED,
    "mitigate": Status.MONITORING,
    "resolve": Status.RESOLVED,
    "close": Status.CLOSED,
}

# Row: the status it is in. Column: the verb. Cell: the status after it; "-" stays; "x" is refused.
TABLE = """
               ack            identify    mitigate    resolve   close
triage         investigating  identified  monitoring  resolved  closed
investigating  -              identified  monitoring  resolved  closed
identified     -              -           monitoring  resolved  closed
monitoring     -              -           -           resolved  closed
resolved       -              -           -           -         closed
closed         -              -           -           -         -
declined       x              x           x           x         x
merged         x              x           x           x         x
"""
HEAD, *ROWS = [line.split() for line in TABLE.strip("\n").splitlines()]


@pytest.mark.parametrize(
    ("status", "verb", "after"),
    [(row[0], verb, cell) for row in ROWS for verb, cell in zip(HEAD, row[1:], strict=True)],
)
def test_every_verb_in_every_status(status, verb, after):
    before = incident(status)
    if after == "x":
        with pytest.raises(TransitionError, match=status):
            lifecycle.advance(before, VERBS[verb], T0, UTC)
        return
    change = lifecycle.advance(before, VERBS[verb], T0, UTC)
    name = {
        "ack": "acknowledged",
        "identify": "identified",
        "mitigate": "mitigated",
        "resolve": "resolved",
        "close": "closed",
    }
    assert change.properties[name[verb]] == T0
    assert change.properties.get("status", "-") == after
    assert [line.kind for line in change.lines] == ["note" if after == "-" else "status"]


def test_a_verb_that_was_done_names_the_first_moment_and_changes_nothing():
    change = lifecycle.advance(incident("investigating", acknowledged=2), Status.INVESTIGATING, T0 + FIVE, UTC)
    assert change.is_empty
    assert change.already
    assert change.done_at == T0 + timedelta(minutes=2)


def test_a_set_moment_changes_only_to_correct_it_and_the_old_one_stays_in_the_line():
    before = incident("investigating", acknowledged=2)
    change = lifecycle.advance(before, Status.INVESTIGATING, T0 + FIVE, UTC, correct=True, text="typo")
    assert change.properties == {"acknowledged": T0 + FIVE}
    assert change.lines[0].text == "corrected acknowledged: 2026-11-23T02:02:00 → 2026-11-23T02:05:00, typo"
    same = lifecycle.advance(before, Status.INVESTIGATING, T0 + timedelta(minutes=2), UTC, correct=True)
    assert same.is_empty


def test_an_acknowledgement_cannot_be_dated_after_the_end():
    with pytest.raises(TransitionError) as caught:
        lifecycle.advance(incident("resolved", resolved=10), Status.INVESTIGATING, T0 + timedelta(minutes=20), UTC)
    assert str(caught.value.hint).startswith("incident ack -i INC-20261123-01 --at ")
    assert lifecycle.advance(incident("resolved", resolved=10), Status.INVESTIGATING, T0, UTC).properties


def test_the_cause_may_be_found_after_the_end():
    change = lifecycle.advance(incident("resolved", resolved=10), Status.IDENTIFIED, T0 + timedelta(minutes=20), UTC)
    assert "status" not in change.properties
    assert change.said == "identified, status stays resolved"


def test_resolving_takes_the_promise_of_an_update_away():
    change = lifecycle.advance(incident("monitoring", {"next_update": "x"}), Status.RESOLVED, T0, UTC)
    assert change.properties["next_update"] is None


def test_an_acknowledgement_may_be_dated_at_the_very_end_and_not_after_it():
    over = incident("resolved", resolved=10)
    end = T0 + timedelta(minutes=10)
    assert lifecycle.advance(over, Status.INVESTIGATING, end, UTC).properties["acknowledged"] == end
    with pytest.raises(TransitionError):
        lifecycle.advance(over, Status.INVESTIGATING, end + timedelta(seconds=1), UTC)


@pytest.mark.parametrize(("seconds", "warnings"), [(60, 0), (61, 1)])
def test_clocks_that_differ_by_a_minute_are_nothing_odd(seconds, warnings):
    before = incident("triage", started=30)
    end = T0 + timedelta(minutes=30, seconds=-seconds)
    assert len(lifecycle.advance(before, Status.RESOLVED, end, UTC).warnings) == warnings


def test_what_is_odd_about_the_moments_is_said():
    late = lifecycle.advance(incident("triage", started=30), Status.RESOLVED, T0, UTC)
    assert late.warnings == ("resolved is now before started; that duration is not counted",)
    (warning,) = lifecycle.advance(incident("triage"), Status.CLOSED, T0, UTC).warnings
    assert str(warning) == "resolved is not set; incident resolve -i INC-20261123-01 --at fills it in"
    kept = lifecycle.advance(incident("triage", resolved=1), Status.RESOLVED, T0 + FIVE, UTC)
    assert kept.warnings == ("resolved stays as it was set before; --correct --at T replaces it",)
    assert "resolved" not in kept.properties


def test_an_unreadable_status_is_taken_to_be_where_the_moments_say():
    assert (
        lifecycle.advance(incident(None, acknowledged=1), Status.MONITORING, T0, UTC).properties["status"]
        == "monitoring"
    )
    behind = lifecycle.advance(incident(None, mitigated=9), Status.INVESTIGATING, T0, UTC)
    assert "status" not in behind.properties
    assert lifecycle.advance(incident(None), Status.INVESTIGATING, T0, UTC).lines[0].text == "investigating"


def test_who_acknowledges_becomes_responder_and_commander_if_there_is_none():
    change = lifecycle.advance(incident("triage"), Status.INVESTIGATING, T0, UTC)
    alone = lifecycle.make_commander(change, incident("triage"), "[[alice]]")
    assert (alone.properties["commander"], alone.properties["responders"]) == ("[[alice]]", ("[[alice]]",))
    led = incident("triage", {"commander": "[[bob]]", "responders": ["[[Alice]]"]})
    second = lifecycle.make_commander(change, led, "[[alice]]")
    assert not {"commander", "responders"} & second.properties.keys()


def test_reopening_keeps_the_first_end_and_empties_what_no_longer_holds():
    before = incident("closed", {"time_to_resolve_minutes": 10}, resolved=10, verified=9, closed=20)
    change = lifecycle.reopen(before, T0 + timedelta(minutes=30), UTC, "the errors are back")
    assert change.properties == {
        "status": "investigating",
        "first_resolved": T0 + timedelta(minutes=10),
        "resolved": None,
        "verified": None,
        "closed": None,
        "time_to_resolve_minutes": None,
    }
    assert change.lines[0].text == (
        "was resolved 2026-11-23T02:10:00, verified 2026-11-23T02:09:00, closed 2026-11-23T02:20:00: the errors are back"
    )
    again = incident("resolved", resolved=50, first_resolved=10)
    assert "first_resolved" not in lifecycle.reopen(again, T0, UTC, "once more").properties


def test_reopening_empties_the_response_that_was_not_enough_and_its_promises():
    promises = {"expected_recovery": "2026-11-23T02:40:00", "next_update": "2026-11-23T02:50:00"}
    before = incident("resolved", promises, mitigated=5, identified=7, resolved=10)
    change = lifecycle.reopen(before, T0 + timedelta(minutes=30), UTC, "it is back: once more")
    assert {key for key, value in change.properties.items() if value is None} == {
        *promises,
        "mitigated",
        "identified",
        "resolved",
    }
    assert [(line.kind, line.text) for line in change.lines] == [
        (
            "reopen",
            (
                "was resolved 2026-11-23T02:10:00, mitigated 2026-11-23T02:05:00, identified 2026-11-23T02:07:00, "
                "promised 2026-11-23T02:40:00: it is back: once more"
            ),
        ),
        ("status", "resolved → investigating"),
        ("note", "was next_update 2026-11-23T02:50:00"),
    ]
    fields = KINDS["reopen"].read(change.lines[0].text, UTC)
    assert fields["mitigated"] == "2026-11-23T02:05:00"
    assert fields["promised"] == "2026-11-23T02:40:00"
    assert fields["reason"] == "it is back: once more"


def test_what_cannot_be_read_stays_in_a_line_of_its_own_when_it_is_reopened():
    before = incident("resolved", {"mitigated": "about five"}, resolved=10)
    lines = lifecycle.reopen(before, T0 + FIVE * 3, UTC, "back").lines
    assert lines[0].text == "was resolved 2026-11-23T02:10:00: back"
    assert lines[2].text == "was mitigated about five"


PAUSE = Pause(T0 + timedelta(minutes=10), T0 + timedelta(minutes=30))


def reopened(status="investigating", properties=None, **minutes):
    return since_reopened(incident(status, properties, **minutes), [PAUSE])


def test_a_mitigation_before_the_last_reopening_is_history():
    assert reopened(mitigated=5, identified=10, verified=9, acknowledged=2).moments.keys() == {"acknowledged"}
    assert reopened(mitigated=11, first_resolved=10).moments.keys() == {"mitigated", "first_resolved"}
    untouched = incident("investigating", mitigated=5)
    assert since_reopened(untouched, []) is untouched


def test_all_in_one_second_is_still_in_order():
    now = Pause(T0, T0)
    assert not now.follows(T0)
    assert now.follows(T0 - timedelta(seconds=1))


def test_mitigating_again_keeps_the_mitigation_of_an_older_note_in_the_timeline():
    before = reopened(properties={"mitigated": "2026-11-23T02:05:00"}, mitigated=5)
    change = lifecycle.advance(before, Status.MONITORING, T0 + timedelta(minutes=40), UTC)
    assert change.properties["mitigated"] == T0 + timedelta(minutes=40)
    assert [line.text for line in change.lines] == [
        "investigating → monitoring",
        "mitigated before it was reopened: 2026-11-23T02:05:00",
    ]
    assert [line.text for line in lifecycle.advance(reopened(), Status.MONITORING, T0 + FIVE * 4, UTC).lines] == [
        "investigating → monitoring"
    ]


@pytest.mark.parametrize("status", [Status.IDENTIFIED, Status.MONITORING, Status.RESOLVED])
def test_what_is_done_anew_cannot_lie_before_the_end_that_did_not_last(status):
    with pytest.raises(TransitionError, match="resolved at 2026-11-23T02:10:00 and reopened"):
        lifecycle.advance(reopened(), status, T0 + FIVE * 2, UTC)
    assert lifecycle.advance(reopened(), status, T0 + FIVE * 3, UTC).properties["status"] == str(status)
    assert lifecycle.advance(reopened(), Status.INVESTIGATING, T0 + FIVE, UTC).moments == {"acknowledged": T0 + FIVE}


def test_reopening_a_false_alarm_an_open_one_and_a_merged_one():
    assert lifecycle.reopen(incident("declined"), T0, UTC, "real").lines[0].text == "declined → investigating, real"
    assert lifecycle.reopen(incident("triage"), T0, UTC, "x").already
    with pytest.raises(TransitionError, match="part of another"):
        lifecycle.reopen(incident("merged"), T0, UTC, "x")


def test_reopening_what_has_an_end_but_was_never_resolved_keeps_that_end_in_a_line():
    change = lifecycle.reopen(incident("closed", closed=9), T0 + FIVE * 3, UTC, "it is back")
    assert [(line.kind, line.text) for line in change.lines] == [
        ("status", "closed → investigating, it is back"),
        ("note", "was closed 2026-11-23T02:09:00"),
    ]
    assert "first_resolved" not in change.properties
    assert change.properties["closed"] is None


def test_declining():
    change = lifecycle.decline(incident("triage"), T0, "the probe was wrong")
    assert change.lines[0].text == "triage → declined, the probe was wrong"
    assert lifecycle.decline(incident("declined"), T0, "again").already
    with pytest.raises(TransitionError, match="only an open incident"):
        lifecycle.decline(incident("resolved", resolved=1), T0, "late")


def test_severity_and_its_line():
    change = lifecycle.change_severity(
        incident("triage"), DEFAULT_SCALE.levels[0], T0, "every payment fails", external=True
    )
    assert change.properties == {"severity": "SEV1"}
    assert change.lines[0] == LogLine("severity", "SEV2 → SEV1, every payment fails", T0, external=True)
    assert lifecycle.change_severity(incident("triage"), DEFAULT_SCALE.levels[1], T0, "", external=False).already


def test_derived_minutes_are_written_where_they_can_be_and_taken_away_where_they_cannot():
    before = incident("monitoring", {"time_to_detect_minutes": 99}, started=0, declared=4, acknowledged=5, mitigated=30)
    change = lifecycle.derive(lifecycle.advance(before, Status.RESOLVED, T0 + timedelta(minutes=61), UTC), before)
    assert {key: value for key, value in change.properties.items() if key.endswith("minutes")} == {
        "time_to_detect_minutes": None,
        "time_to_acknowledge_minutes": 1,
        "time_to_mitigate_minutes": 30,
        "time_to_resolve_minutes": 61,
    }
    slow_clock = incident("monitoring", started=1)
    derived = lifecycle.derive(lifecycle.advance(slow_clock, Status.RESOLVED, T0, UTC), slow_clock)
    assert derived.properties["time_to_resolve_minutes"] == 0
    wrong = incident("monitoring", started=120)
    derived = lifecycle.derive(lifecycle.advance(wrong, Status.RESOLVED, T0, UTC), wrong)
    assert "time_to_resolve_minutes" not in derived.properties


def test_a_moment_without_a_status_is_stamped_once_and_corrected_on_request():
    first = lifecycle.stamp(incident("investigating"), "contained", T0, UTC, text="the account is locked")
    assert first.properties == {"contained": T0}
    assert first.lines == (LogLine("note", "contained, the account is locked", T0),)
    set_before = incident("investigating", contained=0)
    assert lifecycle.stamp(set_before, "contained", T0 + timedelta(minutes=5), UTC).already
    assert lifecycle.stamp(set_before, "contained", T0, UTC, correct=True).already
    later = lifecycle.stamp(set_before, "contained", T0 + timedelta(minutes=5), UTC, correct=True)
    assert later.lines[0].text.startswith("corrected contained: ")
