"""What a person changed in the property editor, found by what the timeline leads to."""

from __future__ import annotations

from datetime import UTC

import pytest
from tests.records import incident_of, minutes, record_of

from okb_incident.core.timeline.hand_edits import HandEdit, hand_edits
from okb_incident.core.values.severity import DEFAULT_SCALE

CHAIN = """
- 2026-11-23T02:05:00 **status** @alice: triage → investigating
- 2026-11-23T02:20:00 **status** @alice: investigating → monitoring
"""


def edits(status, timeline="", severity="SEV1", *, uid="01K", **properties):
    incident = incident_of(status, severity, properties=properties, uid=uid)
    return [(edit.key, edit.before, edit.after) for edit in hand_edits(record_of(incident, timeline), DEFAULT_SCALE)]


def test_a_status_that_the_timeline_does_not_lead_to_was_set_by_hand():
    assert edits("monitoring", CHAIN) == []
    assert edits("resolved", CHAIN) == [("status", "monitoring", "resolved")]
    assert edits("triage", CHAIN) == [("status", "monitoring", "triage")]


def test_what_was_dated_back_leads_on_all_the_same():
    """The last in time is not the last link of the chain, and nobody changed anything by hand."""
    back = CHAIN + "- 2026-11-23T02:10:00 **status** @alice: monitoring → resolved (recorded 2026-11-23T02:30:00)\n"
    assert edits("resolved", back) == []
    assert edits("monitoring", back) == [("status", "resolved", "monitoring")]


def test_where_the_chain_has_a_gap_the_last_in_time_counts():
    gap = CHAIN + "- 02:40 status: closed\n"
    assert edits("closed", gap) == []
    assert edits("monitoring", gap) == [("status", "closed", "monitoring")]
    again = CHAIN + "- 02:30 status: monitoring -> triage\n"
    assert edits("triage", again) == []


@pytest.mark.parametrize(
    ("uid", "properties", "found"),
    [
        ("01K", {}, [("status", "triage", "monitoring")]),
        (None, {}, []),
        ("01K", {"imported_from": "cstate"}, []),
    ],
    ids=["opened", "written by hand", "imported"],
)
def test_without_a_status_line_only_what_was_opened_began_in_triage(uid, properties, found):
    assert edits("monitoring", "- 02:01 a note", uid=uid, **properties) == found


def test_the_severity_is_held_against_the_timeline_and_else_against_its_tag():
    told = "- 02:05 severity: SEV3 → SEV2"
    assert edits("triage", told, "SEV2", tags=["sev/1"]) == []
    assert edits("triage", told, "SEV1", tags=["sev/1"]) == [("severity", "SEV2", "SEV1")]
    assert edits("triage", "", "SEV1", tags=["incident", "SEV/2"]) == [("severity", "SEV2", "SEV1")]
    assert edits("triage", "", "SEV1", tags=["sev/2", "sev/3"]) == []
    assert edits("triage", "", "SEV1", tags=["sev/1"]) == []
    assert edits("triage", "", "SEV1") == []
    assert edits("triage", "- 02:05 severity: dreadful", "SEV1", tags=["sev/2"]) == []
    assert edits("triage", "", "dreadful", tags=["sev/2"]) == []


def test_where_a_secret_was_taken_out_nothing_tells():
    taken = CHAIN + "- 2026-11-23T02:30:00 **status** @alice: [redacted]\n"
    assert edits("resolved", taken) == []
    assert edits("triage", "- 2026-11-23T02:30:00 **severity** @alice: [redacted]\n", tags=["sev/3"]) == []


def test_the_entry_says_when_the_change_was_seen_and_stands_before_what_the_command_records():
    edit = HandEdit("status", "investigating", "monitoring")
    line = edit.line(minutes(10), minutes(30), UTC)
    assert (line.kind, line.actor, line.at) == ("status", "", minutes(10))
    assert line.text == "investigating → monitoring (seen 2026-11-23T02:30:00)"
    assert edit.line(minutes(40), minutes(30), UTC).at == minutes(30)
    recorded = CHAIN.replace("investigating → monitoring", "investigating → monitoring (seen 2026-11-23T02:30:00)")
    assert edits("monitoring", recorded) == []
