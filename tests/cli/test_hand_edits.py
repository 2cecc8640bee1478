"""What a person changes in Obsidian is mended by the next verb that moves the incident on, and by `check --fix`; `log` leaves it alone."""

from __future__ import annotations

import json
import re

import pytest

NOW = "2026-11-23T12:00:00"
EDITS = {
    "status": ("^status: .*", "status: monitoring", f"**status**: triage → monitoring (seen {NOW})"),
    "severity": ("^severity: .*", "severity: SEV1", f"**severity**: SEV2 → SEV1 (seen {NOW})"),
    "tag": ("sev/2", "sev/1", None),
    "title": ("^title: .*", "title: The shop is slow", None),
}
STEPS = {
    "identify": ["identify", "a bad deploy", "--at", "-5m"],
    "contain": ["contain"],
    "resolve": ["resolve", "rolled back", "--at", "-5m"],
    "decline": ["decline", "the probe was wrong"],
    "set": ["set", "category=system"],
    "severity": ["severity", "sev3"],
    "check --fix": ["check", "--fix"],
    "check --fix REF": ["check", "--fix", "01"],
}


def edit(note, *names):
    text = note.read_text()
    for name in names:
        pattern, new, _ = EDITS[name]
        text = re.sub(pattern, new, text, flags=re.MULTILINE)
    note.write_text(text)


def codes(run, vault):
    """Return the findings; that a status set by hand has no moment is a hint for whoever knows it."""
    found = [each["code"] for each in json.loads(run("check", "--json", vault=vault).stdout)]
    return [code for code in found if code != "set-by-hand"]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_mends_all_that_was_changed_by_hand(run, vault, note, step):
    edit(note, "status", "severity", "title")
    assert codes(run, vault) == ["title-differs", "status-and-timeline-differ", "severity-and-timeline-differ"]
    done = run(*STEPS[step], vault=vault)
    assert done.returncode == 0, done.stderr
    assert codes(run, vault) == []
    text = note.read_text()
    assert "aliases:\n  - The shop is slow\n" in text
    assert "\n# The shop is slow\n" in text
    assert [text.count(EDITS[name][2]) for name in ("status", "severity")] == [1, 1]
    assert "status was changed by hand: triage → monitoring" in done.stderr
    assert "\nmitigated:" not in text, "when the change was made nobody has said"


def test_log_and_what_is_no_step_leave_changes_by_hand_alone(run, vault, note):
    edit(note, "status", "severity", "title")
    before = codes(run, vault)
    text = note.read_text()
    for words in (["log", "seen"], ["tell", "team", "It is slow."], ["action", "add", "restart"]):
        assert run(*words, vault=vault).returncode == 0
    assert codes(run, vault) == before
    assert "(seen " not in note.read_text()
    assert note.read_text().split("## ")[0].replace("\nnext_update", "").startswith(text.split("## ")[0][:200])


@pytest.mark.parametrize("name", EDITS)
def test_each_change_is_one_finding_that_check_fix_clears_and_undo_brings_back(run, vault, note, name):
    edit(note, name)
    edited = note.read_text()
    assert len(codes(run, vault)) == 1
    assert run("check", "--fix", vault=vault).returncode == 0
    fixed = note.read_text()
    assert fixed != edited
    again = run("check", "--fix", vault=vault)
    assert (again.returncode, again.stderr, note.read_text()) == (0, "", fixed)
    assert run("undo", vault=vault).returncode == 0
    assert note.read_text() == edited


def test_what_only_follows_another_property_stops_no_command(run, vault, note):
    note.write_text(
        note.read_text().replace("tags:\n  - incident\n  - sev/2\n", "tags: &a [incident, sev/2]\nmine: *a\n")
    )
    edit(note, "severity")
    done = run("ack", vault=vault)
    assert done.returncode == 0, done.stderr
    assert "tags could not be set" in done.stderr
    assert "mine: *a" in note.read_text()


def test_a_half_typed_note_is_not_brought_in_step(run, vault, note):
    edit(note, "title", "status")
    note.write_text(note.read_text().replace("uid:", "cause: @x\nuid:"))
    assert run("ack", "01", vault=vault).returncode == 0
    assert "aliases:\n  - Checkout is slow\n" in note.read_text()
    assert "\n# Checkout is slow\n" in note.read_text()


def test_our_own_verbs_dated_back_cause_no_finding(run, vault):
    for words in (
        ["ack"],
        ["identify", "--at", "-2m"],
        ["mitigate", "--at", "-4m"],
        ["severity", "sev1", "--at", "-1m"],
    ):
        assert run(*words, vault=vault).returncode == 0
    assert run("severity", "sev3", "--at", "-3m", vault=vault).returncode == 0
    assert codes(run, vault) == []


def test_time_in_a_status_that_was_set_by_hand_is_not_known(run, vault, note):
    edit(note, "status")
    run("resolve", vault=vault)
    entries = json.loads(run("timeline", "last", "--json", vault=vault).stdout)
    assert [each["text"] for each in entries if "seen" in each["text"]] == [f"triage → monitoring (seen {NOW})"]


WRITTEN = {
    "numbered": "1. 11:52 first\n2. 11:53 second\n",
    "callout": "> [!note] Log\n> - 11:52 first\n> - 11:53 second\n",
    "table": "| Time | What |\n|---|---|\n| 11:52 | first |\n| 11:53 | second |\n",
}


@pytest.mark.parametrize("heading", ["## Timeline", "## Timeline (UTC)", "## 🕐 Timeline (all times UTC)"])
@pytest.mark.parametrize("shape", WRITTEN)
def test_a_timeline_in_another_shape_is_read_and_kept_whole(run, vault, note, shape, heading):
    note.write_text(note.read_text().replace("## Timeline\n", f"{heading}\n{WRITTEN[shape]}"))
    for minute, words in ((52, "between"), (40, "before"), (58, "after")):
        assert run("log", words, "--at", f"11:{minute}:30", vault=vault).returncode == 0
    text = note.read_text()
    if shape != "numbered":
        assert WRITTEN[shape] in text
    assert text.count("Timeline") == 1
    entries = json.loads(run("timeline", "last", "--json", vault=vault).stdout)
    assert [each["text"] for each in entries] == ["before", "first", "between", "second", "after"]
    assert codes(run, vault) == []


def test_an_entry_in_a_callout_is_amended_in_place_and_one_in_a_table_is_not(run, vault, note):
    note.write_text(note.read_text().replace("## Timeline\n", "## Timeline\n" + WRITTEN["callout"]))
    assert run("amend", "last", "11:52", "other words", vault=vault).returncode == 0
    assert "> - 11:52 other words\n>   ~~first~~ (amended @alice" in note.read_text()
    note.write_text(note.read_text().replace("> [!note] Log\n", f"{WRITTEN['table']}\n"))
    refused = run("amend", "last", "e1", "x", vault=vault)
    assert refused.returncode == 2
    assert "row of a table" in refused.stderr


FOREIGN = "---\ntype: meeting\ntitle: incident: b\n---\nZ√ºrich\n"


def test_notes_that_are_not_ours_are_counted_in_one_line_and_fail_nothing(run, vault):
    (vault / "daily.md").write_text(FOREIGN)
    (vault / "pipe.md").symlink_to("/etc/hostname")
    done = run("check", vault=vault)
    assert (done.returncode, done.stdout) == (0, "nothing is wrong\n")
    assert "3 findings in 2 notes that are not ours: incident " in done.stderr
    assert json.loads(run("check", "--json", vault=vault).stdout) == []
    everything = run("check", "--all", "--json", vault=vault)
    assert everything.returncode == 5
    assert sorted(each["code"] for each in json.loads(everything.stdout)) == ["bad-yaml", "link-outside", "mojibake"]
    run("check", "--fix", vault=vault)
    assert (vault / "daily.md").read_text() == FOREIGN
    run("check", "--fix", "--all", vault=vault)
    assert "Zürich" in (vault / "daily.md").read_text()


def test_a_broken_note_of_ours_is_ours_wherever_it_lies(run, vault):
    (vault / "lost.md").write_text("---\ntype: service\ntitle: a: b\n---\n")
    (vault / "incidents" / "2026" / "out.md").symlink_to("/etc/hostname")
    (vault / "INC-20261122-01.md").symlink_to("/etc/hostname")
    assert run("check", vault=vault).returncode == 5
    assert codes(run, vault) == ["link-outside", "link-outside", "bad-yaml"]


def test_the_duplicate_of_a_restricted_incident_is_one_whoever_reads(run, vault, note):
    run("open", "The same", "-s", "sev2", vault=vault)
    run("restrict", "INC-20261123-01", vault=vault)
    other = note.with_name("INC-20261123-02.md")
    other.write_text(other.read_text().replace("uid:", "duplicate_of: '[[INC-20261123-01]]'\nuid:"))
    for options in ([], ["--restricted"]):
        assert run("check", *options, vault=vault).stdout == "nothing is wrong\n"
    seen = json.loads(run("report", "--json", vault=vault).stdout)
    assert (seen["counts"]["total"], seen["incidents"]) == (0, [])
    whole = json.loads(run("report", "--json", "--restricted", vault=vault).stdout)
    assert [each["id"] for each in whole["incidents"]] == ["INC-20261123-01"]
    for answer in (run("check", vault=vault), run("report", vault=vault)):
        assert "INC-20261123-01" not in answer.stdout + answer.stderr
