"""Which reviews are listed: owed ones, begun ones, and closed ones only where they are asked for."""

from __future__ import annotations

import json

import pytest

from okb_incident.workflow.review.review_list import list_reviews


@pytest.fixture
def reviewed(desk):
    """Four incidents of SEV1: one open, one whose review is owed, one drafted and late, one whose review is closed."""
    for title in ("Search is slow", "Mail is slow", "Login fails", "Export hangs"):
        desk("open", title, "-s", "sev1")
    for number in ("02", "03", "04"):
        desk("resolve", "-i", number, "--summary", "It was slow.")
    for number in ("03", "04"):
        desk("review", "new", "-i", number, "--owner", "bob")
    desk("review", "set", "-i", "03", "--reviewer", "dan", "--due", "2026-11-24")
    for verb in ("submit", "approve", "close"):
        desk("review", verb, "-i", "04", "--force", "--reason", "agreed")
    return desk


def listed(desk, *words):
    found = json.loads(desk("review", "list", *words, "--json").out)
    return [(each["id"][-2:], each["state"]) for each in found]


def test_what_is_owed_or_begun_is_listed_and_what_is_closed_where_it_is_asked_for(reviewed):
    assert listed(reviewed) == [("03", "draft"), ("02", "owed")]
    assert [each.state for each in list_reviews(reviewed.call("review list"))] == ["draft", "owed"]
    assert dict(listed(reviewed, "--all")) == {"02": "owed", "03": "draft", "04": "closed"}


def test_only_what_is_late_is_listed_where_that_is_asked_for(reviewed, monkeypatch):
    assert listed(reviewed, "--overdue") == []
    monkeypatch.setenv("INCIDENT_NOW", "2026-11-24T12:00:00Z")
    assert listed(reviewed, "--overdue") == []
    monkeypatch.setenv("INCIDENT_NOW", "2026-11-25T12:00:00Z")
    assert listed(reviewed, "--overdue") == [("03", "draft")]
    monkeypatch.setenv("INCIDENT_NOW", "2027-11-25T12:00:00Z")
    assert listed(reviewed, "--overdue", "--all") == [("03", "draft"), ("02", "owed")]


def test_a_row_names_owner_reviewer_and_day(reviewed):
    (row,) = [each for each in list_reviews(reviewed.call("review list")) if each.state == "draft"]
    assert (row.owner, row.reviewer, row.due, row.is_overdue) == ("bob", "dan", "2026-11-24", False)
    assert row.findings


def test_a_review_that_a_line_of_the_timeline_tells_of_is_owed_no_more(reviewed):
    note = reviewed.root / "incidents/2026/INC-20261123-02.md"
    note.write_text(note.read_text().rstrip("\n") + "\n- 2026-11-23T12:00:00 **review** @bob: reviewed\n")
    assert listed(reviewed) == [("03", "draft")]
