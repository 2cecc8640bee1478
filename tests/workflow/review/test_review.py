"""Reviews: drafted once, held against the questions, changed without touching the incident."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from okb_incident.core.review.headings import HEADINGS
from okb_incident.vault.note.note import split

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
    assert found["What surprised us is empty"]["command"] is None


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
    assert "sentence. `incident review feedback` adds a line. %%\n> - 4 @alice: the roles were clear\n" in review(
        drafted
    )
    assert drafted.note.read_text() == incident
    assert drafted.entries()[-2:] == ["review set", "review feedback"]


def test_the_story_comes_first_and_the_record_is_folded_away(drafted):
    tokens = MarkdownIt("commonmark").parse(split(review(drafted)).body)
    titles = [
        (token.tag, token.level, after.content) for token, after in pairwise(tokens) if token.type == "heading_open"
    ]
    assert [title for tag, _, title in titles if tag == "h2"] == list(HEADINGS)
    assert [title for tag, level, title in titles if tag == "h3" and level == 1] == [
        "People",
        "Verification",
        "Facts",
        "Tools",
        "Feedback",
    ]
    assert not any("%%" in title for _, _, title in titles)
    assert [token.level for token in tokens if token.type == "blockquote_open"] == [0]
    assert review(drafted).count("\n> [!info]- Record\n") == 1


OLDER = """{# The review as it was before. #}
# {{ heading }}

## Summary
%% What failed? %%
-

## Contributing factors
%% All of them. %%
-

## Facts
{% for each in facts %}
- {{ each.name }}: {{ each.value }}
{% endfor %}

%% computed %%

## Tools
- grafana hindered: it was slow

## Feedback
"""


def test_an_older_template_of_a_vault_works_on_and_its_owner_sees_what_is_new(desk):
    folder = desk.root / "templates/incident"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "review.md").write_text(OLDER)
    news = desk("templates", "check", "review").out
    assert "review: new headings in the shipped template: In short; The story as it looked from inside; " in news
    assert "review: new names in the shipped template: " in news
    assert "a review needs the headings In short (or Summary, " in news
    assert news.endswith("1 of 1 templates are good\n")
    (found, _) = json.loads(desk("templates", "check", "review", "--json").out)
    assert (found["new_headings"][0], found["missing_headings"]) == ("In short", [])
    assert "link" in found["new_names"]
    desk("resolve")
    desk("review", "new", "--owner", "alice")
    assert "%% All of them. %%\n\n-\n" in review(desk)
    assert "Contributing factors is empty" in desk("review", "check", code=5).out
    desk("review", "feedback", "4", "clear")
    assert review(desk).endswith("## Feedback\n- 4 @alice: clear\n")
    (folder / "review.md").unlink()
    desk("log", "-i", ID, "late", "line", "--at", "-5m")
    desk("escalate", ID, "--to", "gita", "--reason", "help")
    assert desk("review", "new", ID).out.startswith(f"review updated: Facts · {ID}")
    assert "- escalations: 1\n" in review(desk)
    assert "grafana" in desk("lessons").out


def test_a_template_without_the_needed_headings_is_named(desk):
    folder = desk.root / "templates/incident"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "review.md").write_text("{# Ours. #}\n# {{ heading }}\n\n## TL;DR\n")
    assert "review: without Contributing factors, its reviews cannot be approved\n" in desk("templates", "check").out
    (folder / "ours.md").write_text("# {{title}}\n")
    (found, _) = json.loads(desk("templates", "check", "ours", "--json").out)
    assert (found["new_headings"], found["new_names"], found["missing_headings"]) == ([], [], [])
    (folder / "review.md").write_bytes(b"\xff\n")
    assert "review with a full incident: " in desk("templates", "check", code=5).out


def test_the_public_report_says_what_keeps_it_from_being_published(drafted):
    path = drafted.root / f"incidents/2026/{ID} review.md"
    path.write_text(path.read_text().replace("It was slow.", "It was slow for everyone. #external"))
    found = json.loads(drafted("review", "public", "--json", code=5).out)
    assert found["text"].count("It was slow for everyone.") == 1
    assert "Checkout is slow" not in found["text"]
    assert found["objections"] == ["the review is draft, not approved"]
    assert found["missing"][-1].startswith("what changes: ")
    drafted("review", "submit")
    drafted("review", "approve", "--force", "--reason", "alone tonight")
    drafted("set", ID, "tlp=TLP:RED")
    (objection,) = json.loads(drafted("review", "public", ID, "--json", code=5).out)["objections"]
    assert objection == "it is TLP:RED, so publishing it needs a decision"
    drafted("open", "Search is down")
    assert "it is triage; resolve it first" in drafted("review", "public", "INC-20261123-02", code=7).err


def test_a_score_of_none_of_ours_is_refused_before_anything_is_looked_for(desk):
    assert "a number from 1 (bad) to 5 (good)" in desk("review", "feedback", "9", code=2).err


def test_what_is_missing_can_be_overridden_with_the_words_of_the_command(drafted):
    assert (
        "--reason is missing: why the missing parts are overridden?"
        in drafted("review", "approve", "--force", code=2).err
    )
    drafted("review", "submit")
    assert "another person has to approve it" in drafted("review", "approve", code=7).err
    drafted("review", "approve", "--force", "the", "team", "is", "dissolved")
    assert "findings: the team is dissolved" in drafted.note.read_text()
    assert drafted("review", "approve").out.startswith(f"review already reviewed · {ID} ")


def test_nobody_is_asked_to_read_what_is_still_to_be_written(drafted):
    path = drafted.root / f"incidents/2026/{ID} review.md"
    whole = path.read_text()
    path.write_text(whole.replace("## What surprised us\n", "## What surprised us\nTBD\n"))
    for verb in ("submit", "check"):
        answer = drafted("review", verb, code=None)
        assert "'TBD' is left in What surprised us" in answer.out + answer.err
    assert "state: draft" in path.read_text()
    assert drafted("review", "submit", code=7).out == ""
    drafted("review", "submit", "--force", "--reason", "dan fills it in")
    assert "override of 1 finding: dan fills it in" in drafted.note.read_text()


def test_an_editor_is_opened_on_the_review_and_what_is_saved_is_held_against_the_questions(drafted, monkeypatch):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setitem(
        os.environ, "EDITOR", f'{sys.executable} -c \'import sys; open(sys.argv[1], "a").write("TBD")\''
    )
    answer = drafted("review", "edit", "checkout")
    assert review(drafted).endswith("TBD")
    assert "the review is draft; findings: " in answer.err
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
