"""A status that was entered by mistake."""

from __future__ import annotations

from datetime import UTC

import pytest
from tests.records import ID, incident_of, minutes

from okb_incident.core.incident.step_back import is_back, step_back
from okb_incident.core.values.status import Status
from okb_incident.errors import TransitionError

AT = minutes(200)


@pytest.mark.parametrize(
    ("status", "target", "back"),
    [
        ("monitoring", "investigating", True),
        ("monitoring", "monitoring", False),
        ("monitoring", "closed", False),
        ("declined", "triage", True),
        ("triage", "declined", True),
    ],
)
def test_back_is_what_was_before_and_whatever_is_aside(status, target, back):
    assert is_back(incident_of(status), Status(target)) is back
    assert not is_back(incident_of(status)._replace(status=None), Status(target))


def closed(**facts):
    moments = {"acknowledged": 1, "identified": 20, "mitigated": 30, "resolved": 60, "closed": 100, **facts}
    keys = (name for name in (*moments, "time_to_resolve_minutes"))
    return incident_of("closed", properties=dict.fromkeys(keys, "x"), **moments)


@pytest.mark.parametrize(
    ("target", "emptied", "told"),
    [
        ("resolved", {"closed"}, "was closed 2026-11-23T03:40:00"),
        (
            "monitoring",
            {"resolved", "closed", "time_to_resolve_minutes"},
            "was resolved 2026-11-23T03:00:00, closed 2026-11-23T03:40:00",
        ),
        (
            "triage",
            {"mitigated", "resolved", "closed", "time_to_resolve_minutes"},
            "was mitigated 2026-11-23T02:30:00, resolved 2026-11-23T03:00:00, closed 2026-11-23T03:40:00",
        ),
    ],
)
def test_what_contradicts_the_earlier_status_stands_in_the_timeline_and_no_longer_in_a_property(target, emptied, told):
    change = step_back(closed(), Status(target), AT, UTC, "by mistake")
    assert change.properties == {"status": target, **dict.fromkeys(emptied)}
    assert [(line.kind, line.text, line.at) for line in change.lines] == [
        ("status", f"closed → {target}, by mistake", AT),
        ("note", told, AT),
    ]
    assert change.said == f'status closed → {target} "by mistake"'


def test_an_incident_without_such_moments_gets_one_line():
    change = step_back(incident_of("declined"), Status.TRIAGE, AT, UTC, "it was real")
    assert change.properties == {"status": "triage"}
    assert [line.text for line in change.lines] == ["declined → triage, it was real"]


def test_it_needs_a_reason():
    with pytest.raises(TransitionError, match="closed → triage is a step back and needs a reason") as caught:
        step_back(closed(), Status.TRIAGE, AT, UTC, "")
    assert str(caught.value.hint) == f"incident set -i {ID} status=triage --reason"


def test_a_merge_is_undone_in_both_notes():
    merged = incident_of("merged", duplicate_of="INC-20261120-02")
    with pytest.raises(TransitionError, match="is merged into INC-20261120-02; undo the merge first") as caught:
        step_back(merged, Status.TRIAGE, AT, UTC, "no")
    assert str(caught.value.hint) == f"incident merge {ID} --undo"
    with pytest.raises(TransitionError, match="is merged into another incident"):
        step_back(incident_of("merged"), Status.TRIAGE, AT, UTC, "no")
