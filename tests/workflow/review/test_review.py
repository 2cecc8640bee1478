"""Reviews: drafted once, held against the questions, changed without touching the incident."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timedelta

import pytest

ID = "INC-20261123-01"


@pytest.fixture
def drafted(desk):
    """A desk with a resolved incident and a draft of its review."""
    desk("resolve", "--summary", "It was slow.")
    desk("review", "new", "--owner", "alice")
    return desk


def review(desk):
    return (desk.root / f"incidents/2026/{ID} review.md").read_text()


def test_a_finding_has_the_command_that_mends_it_as_text_and_as_words(drafted):
    value = json.loads(drafted("review", "check", "--json", code=5).out)
    found = {one["message"]: one for each in value["questions"] for one in each["findings"]}
    argv = ["incident", "--vault", str(drafted.root), "review", "set", "-i", ID, "--reviewer"]
    assert found["the review has no reviewer"]["argv"] == argv
    assert found["the review has no reviewer"]["command"].endswith(f"review set -i {ID} --reviewer")
    assert found["Detection is empty"]["command"] is None


def test_a_dry_run_of_a_draft_writes_nothing(desk):
    desk("resolve")
    before = desk.all()
    answer = desk("review", "new", "--dry-run")
    assert "**review** @alice: draft" in answer.out
    assert answer.err == f"incident: dry run: incidents/2026/{ID} review.md would be written\n"
    assert desk.all() == before


def test_a_draft_for_a_program_is_the_incident(desk):
    desk("resolve")
    value = json.loads(desk("review", "new", "--json").out)
    assert (value["id"], value["changed"], value["warnings"]) == (ID, True, [])


def test_people_and_feedback_change_the_note_of_the_review_alone(drafted):
    incident = drafted.note.read_text()
    value = json.loads(drafted("review", "set", "--reviewer", "dan", "--due", "7d", "--json").out)
    assert (value["reviewer"], value["due"]) == ("dan", "2026-11-30")
    drafted("review", "feedback", "4", "the", "roles", "were", "clear")
    assert "reviewer: dan\ndue: 2026-11-30\n" in review(drafted)
    assert "- 4 @alice: the roles were clear\n" in review(drafted)
    assert drafted.note.read_text() == incident
    assert drafted.entries()[-2:] == ["review set", "review feedback"]


def test_a_score_of_none_of_ours_is_refused_before_anything_is_looked_for(desk):
    assert "a number from 1 (bad) to 5 (good)" in desk("review", "feedback", "9", code=2).err


def test_what_is_missing_can_be_overridden_with_the_words_of_the_command(drafted):
    assert (
        "--reason is missing: why is it approved although findings are open?"
        in drafted("review", "approve", "--force", code=2).err
    )
    drafted("review", "submit")
    assert "somebody else has to read it" in drafted("review", "approve", code=7).err
    drafted("review", "approve", "--force", "the", "team", "is", "dissolved")
    assert "findings: the team is dissolved" in drafted.note.read_text()
    assert drafted("review", "approve").out.startswith(f"review already reviewed · {ID} ")


def test_nobody_is_asked_to_read_what_is_still_to_be_written(drafted):
    path = drafted.root / f"incidents/2026/{ID} review.md"
    whole = path.read_text()
    path.write_text(whole.replace("## Detection\n", "## Detection\nTBD\n"))
    for verb in ("submit", "check"):
        answer = drafted("review", verb, code=None)
        assert "'TBD' is left in Detection" in answer.out + answer.err
    assert "state: draft" in path.read_text()
    assert drafted("review", "submit", code=7).out == ""
    drafted("review", "submit", "--force", "--reason", "dan fills it in")
    assert "findings: dan fills it in" in drafted.note.read_text()


def test_an_editor_is_opened_on_the_review_and_what_is_saved_is_held_against_the_questions(drafted, monkeypatch):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setitem(
        os.environ, "EDITOR", f'{sys.executable} -c \'import sys; open(sys.argv[1], "a").write("TBD")\''
    )
    answer = drafted("review", "edit", "checkout")
    assert review(drafted).endswith("TBD")
    assert "review.md is draft; " in answer.err
    assert answer.err.endswith(f"review check -i {ID}\n")


def test_a_review_is_late_the_day_after_its_day(desk, monkeypatch):
    desk("severity", "sev1")
    desk("resolve", "--summary", "It was slow.")
    (due,) = json.loads(desk("review", "list", "--json").out)
    monkeypatch.setenv("INCIDENT_NOW", f"{due['due']}T23:59:00Z")
    assert desk("review", "list", "--overdue", "--json").out.strip() == "[]"
    day = (datetime.fromisoformat(due["due"]) + timedelta(days=1)).date()
    monkeypatch.setenv("INCIDENT_NOW", f"{day}T00:00:00Z")
    assert [each["id"] for each in json.loads(desk("review", "list", "--overdue", "--json").out)] == [ID]


def test_a_false_alarm_owes_no_review(desk):
    desk("severity", "sev1")
    desk("decline", "a test of the probe")
    assert json.loads(desk("review", "list", "--all", "--json").out) == []
