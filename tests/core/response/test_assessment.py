"""How bad it is: what is proposed, what changes, and how two assessments differ."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.core.incident.change import Change, together
from okb_incident.core.response.assessment import AssessmentDetails, assess, differences, snapshot
from okb_incident.core.response.proposal import propose
from okb_incident.core.settings.policy import DEFAULT_POLICY
from okb_incident.core.settings.settings import DEFAULT_SCOPES
from okb_incident.core.values.severity import DEFAULT_SCALE, NOT_YET

AT = minutes(10)
SEV1, SEV2 = DEFAULT_SCALE.levels[:2]
NOTHING = propose(DEFAULT_POLICY, DEFAULT_SCALE, share=None, urgency=None, business_impact=None)


def test_an_assessment_takes_an_incident_and_writes_what_was_said():
    record = record_of(incident_of("triage", "undetermined"))
    proposal = propose(DEFAULT_POLICY, DEFAULT_SCALE, share=60, urgency="high", business_impact="high")
    said = AssessmentDetails(
        severity=SEV1,
        scope="all of Europe",
        users="60%",
        services=("[[checkout]]",),
        urgency="high",
        business_impact="high",
        recovery=minutes(60),
        resources=("a DBA", "a bigger disk"),
        actions=("roll back", "call the bank"),
        teams=("payments",),
        reason="all cards",
    )
    change = assess(record, said, proposal, AT, note=f"{ID} assessment 1", number=1, changes=())
    assert change.properties == {
        "status": "investigating",
        "acknowledged": AT,
        "severity": "SEV1",
        "priority": "P1",
        "urgency": "high",
        "business_impact": "high",
        "scope": "all of Europe",
        "users_affected": "60%",
        "services": ("[[checkout]]",),
        "expected_recovery": minutes(60),
        "teams": ("payments",),
    }
    assert [(line.kind, line.text) for line in change.lines] == [
        ("note", f"assessment 1 → [[{ID} assessment 1|assessment 1]]"),
        ("status", "triage → investigating"),
        ("severity", "undetermined → SEV1, all cards"),
        ("note", "expected_recovery: – → 2026-11-23T03:00:00"),
        ("resource", "r1 requested: a DBA"),
        ("resource", "r2 requested: a bigger disk"),
        ("team", "payments notified"),
    ]
    assert [each.text.split(" #")[0] for each in change.additions] == ["- [ ] roll back", "- [ ] call the bank"]
    assert change.said.startswith("recorded assessment 1; acknowledged, triage → investigating")


def test_what_is_so_already_is_not_written_again():
    properties = {"users_affected": "~1200", "services": ["[[checkout]]"], "urgency": "low"}
    incident = incident_of("monitoring", properties=properties)
    record = record_of(incident, Actions=f"- [ ] Roll back 🆔 {ID}-a1")
    said = AssessmentDetails(users="~1200", services=("[[checkout]]",), actions=("roll back",), severity=SEV1)
    change = assess(record, said, NOTHING, AT, note="n", number=2, changes=("scope a → b",))
    assert change.properties == {}
    assert change.additions == ()
    assert [line.text for line in change.lines] == ["assessment 2 → [[n|assessment 2]]: scope a → b"]


def test_a_snapshot_holds_what_was_said_and_of_the_rest_what_the_incident_says():
    properties = {"severity": "SEV2", "scope": "one region", "expected_recovery": "soon", "teams": ["[[payments]]"]}
    record = record_of(incident_of("investigating", properties=properties), Actions=f"- [ ] Look 🆔 {ID}-a1")
    found = snapshot(record, AssessmentDetails(users="~5", recovery=minutes(30), communication="as usual"), NOTHING)
    assert found == {
        "severity": "SEV2",
        "scope": "one region",
        "users_affected": "~5",
        "recovery_time": "2026-11-23T02:30:00",
        "immediate_actions": ("Look",),
        "team_activation": ("payments",),
        "communication": "as usual",
    }
    assert snapshot(record, AssessmentDetails(severity=NOT_YET), NOTHING)["recovery_time"] == "soon"


def test_two_assessments_differ_by_what_is_said_in_them():
    after: dict[str, str | tuple[str, ...]] = {
        "severity": "SEV1",
        "services_affected": ("[[checkout]]",),
        "users_affected": "~1200",
    }
    before = {
        "severity": "SEV2",
        "services_affected": ["[[checkout]]"],
        "scope": "one region",
        "users_affected": "~1200",
    }
    assert differences(before, after) == ["severity SEV2 → SEV1", "scope one region → –"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("region eu", "global eu", ["scope region → global"]),
        ("region eu", "region eu, web only", ["scope text eu → eu, web only"]),
        ("region", "team payments", ["scope region → team", "scope text – → payments"]),
        ("Region eu", "region eu", []),
        ("all of Europe", "region eu", ["scope all of Europe → region eu"]),
        ("one shop", "two shops", ["scope one shop → two shops"]),
        ("one shop", "one  shop", []),
        ("", "global", ["scope – → global"]),
    ],
)
def test_two_scopes_differ_by_level_and_by_text(before, after, said):
    assert differences({"scope": before}, {"scope": after}, DEFAULT_SCOPES) == said
    assert differences(None, after) == []


def test_an_assessment_that_says_nothing_is_a_snapshot_all_the_same():
    change = assess(
        record_of(incident_of("investigating")), AssessmentDetails(), NOTHING, AT, note="n", number=1, changes=()
    )
    assert [line.text for line in change.lines] == ["assessment 1 → [[n|assessment 1]]"]


def test_changes_that_were_made_before_are_none_together():
    assert together([Change(already=True), Change(already=True)]) == Change(already=True)
    both = together([Change(already=True), Change(said="a", warnings=("w",)), Change(said="b")])
    assert (both.said, both.warnings) == ("a; b", ("w",))
