"""What a status lacks that a person set in the note."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, record_of

from okb_incident.core.guidance.skipped import is_by_hand, skipped
from okb_incident.core.settings.policy import DEFAULT_POLICY

RESOLVED = "- 2026-11-23T03:00:00 **status** @bob: monitoring → resolved"
CLOSED = "- 2026-11-23T04:00:00 **status** @bob: resolved → closed"
FORCED = f"{CLOSED}, in spite of review: it was a test"


def missing(status, timeline="", severity="SEV4", **facts):
    record = record_of(incident_of(status, severity, **facts), timeline)
    return {gate.name: str(gate.command) for gate in skipped(record, DEFAULT_POLICY)}


@pytest.mark.parametrize(
    ("status", "name", "command"),
    [
        ("investigating", "acknowledged", f"incident ack -i {ID} --at"),
        ("identified", "identified", f"incident identify -i {ID} --at"),
        ("monitoring", "mitigated", f"incident mitigate -i {ID} --at"),
        ("resolved", "resolved", f"incident resolve -i {ID} --at"),
    ],
)
def test_the_moment_that_the_command_would_have_stamped(status, name, command):
    assert missing(status) == {name: command}
    assert missing(status, **{name: 5}) == {}
    told = f"- 2026-11-23T03:00:00 **status** @bob: {status}"
    assert missing(status, told) == {}


def test_an_incident_closed_by_hand_lacks_whatever_closing_asks_for():
    assert list(missing("closed", RESOLVED, "SEV1", resolved=60)) == [
        "verification",
        "summary",
        "cause",
        "review",
        "closed",
    ]
    assert missing("closed", RESOLVED, resolved=60) == {"closed": f"incident close -i {ID}"}
    assert missing("closed", RESOLVED, resolved=60, closed=90) == {}
    assert "review" in missing("closed", RESOLVED, "SEV1", resolved=60, closed=90)


@pytest.mark.parametrize("line", [CLOSED, FORCED, CLOSED.replace("resolved → ", "")])
def test_nothing_was_skipped_where_a_command_closed_it(line):
    assert missing("closed", f"{RESOLVED}\n{line}", "SEV1") == {}


def test_a_line_about_what_a_command_only_noticed_is_no_command_s_doing():
    seen = f"{CLOSED} (seen 2026-11-23T05:00:00)"
    assert "closed" in missing("closed", f"{RESOLVED}\n{seen}", "SEV1")
    assert missing("closed", f"{RESOLVED}\n{seen}\n{FORCED}", "SEV1") == {}


def test_closed_again_by_hand_after_it_was_reopened():
    again = "- 2026-11-24T04:00:00 **status** @bob: closed → investigating"
    assert "closed" in missing("closed", f"{CLOSED}\n{again}")


def test_a_back_dated_command_counts_by_when_it_was_typed():
    acked = "- 2026-11-23T03:00:00 **status** @bob: triage → investigating"
    earlier = "- 2026-11-23T02:59:00 **status** @bob: investigating → resolved"
    assert missing("resolved", f"{earlier}\n{acked}") == {}
    again = "- 2026-11-23T05:00:00 **status** @bob: resolved → investigating"
    late = "- 2026-11-23T04:00:00 **status** @bob: investigating → resolved (recorded 2026-11-23T06:00:00)"
    assert missing("resolved", f"{earlier}\n{late}\n{again}") == {}
    assert missing("resolved", f"{earlier}\n{late.partition(' (')[0]}\n{again}") != {}


def test_an_incident_begins_in_triage_without_a_line():
    assert not is_by_hand(record_of(incident_of("triage")))
    assert is_by_hand(record_of(incident_of("triage"), "- 2026-11-23T03:00:00 **status** @bob: triage → resolved"))
    assert not is_by_hand(record_of(incident_of("triage"), "- 03:00 **status** @bob: resolved → triage"))


@pytest.mark.parametrize("status", ["triage", "declined", "merged"])
def test_a_status_without_a_moment_lacks_none(status):
    assert missing(status) == {}


def test_nothing_tells_where_a_secret_was_taken_out_of_a_status_line():
    redacted = "- 2026-11-23T04:00:00 status: [redacted]"
    assert not is_by_hand(record_of(incident_of("closed"), redacted))
    assert is_by_hand(record_of(incident_of("closed"), "- 2026-11-23T04:00:00 decision: [redacted]"))


def test_an_unreadable_status_was_set_by_nobody():
    record = record_of(incident_of("closed")._replace(status=None), CLOSED)
    assert not is_by_hand(record)
    assert skipped(record, DEFAULT_POLICY) == ()
