"""Every way to a status asks for what the verb asks for; a status that a person set in the note is accepted and shown."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def run(run):
    """Run a command with the vault in the environment, so that printed commands are as short as they are in a shell there."""

    def run_there(*words, vault, stdin=""):
        return run(*words, vault=None, env={"INCIDENT_VAULT": str(vault)} if vault else None, stdin=stdin)

    return run_there


SEV2 = ("end", "verification", "summary", "cause", "review")


def by_hand(note, status):
    before, rest = note.read_text().split("status: ", 1)
    note.write_text(f"{before}status: {status}\n{rest.partition(chr(10))[2]}")


def test_closing_by_its_name_asks_for_the_same_as_the_verb_and_changes_nothing(run, vault, note):
    before = note.read_bytes()
    by_verb = run("close", "-i", "01", "--json", vault=vault)
    by_name = run("set", "-i", "01", "status=closed", "--json", vault=vault)
    wanted, got = (json.loads(done.stderr)["error"] for done in (by_verb, by_name))
    assert by_verb.returncode == by_name.returncode == 7
    assert got["candidates"] == wanted["candidates"]
    assert len(got["candidates"]) == len(SEV2)
    assert got["hint"].startswith("incident set -i INC-20261123-01 status=closed --json --force ")
    assert note.read_bytes() == before


def test_what_the_same_command_sets_is_no_longer_missing(run, vault):
    done = run("set", "status=closed", "cause=change", "resolved=-1m", vault=vault)
    assert done.returncode == 7
    assert "3 things are missing" in done.stderr
    assert "its cause is not set" not in done.stderr
    assert "it is not said when it was over" not in done.stderr


def test_a_category_or_severity_that_is_taken_away_in_the_same_command_opens_no_door(run, vault, note):
    before = note.read_bytes()
    assert run("set", "status=closed", "severity=sev4", "nature=announcement", vault=vault).returncode == 7
    emptied = run("set", "status=closed", "cause=", vault=vault)
    assert emptied.returncode == 7
    assert "its cause is not set" in emptied.stderr
    assert note.read_bytes() == before


@pytest.mark.parametrize("words", [["close", "01"], ["set", "01", "status=closed"]])
def test_a_reason_alone_overrides_nothing(run, vault, note, words):
    before = note.read_bytes()
    done = run(*words, "--reason", "it was a test", vault=vault)
    assert done.returncode == 7
    assert "closes it all the same, and records why" in done.stderr
    assert note.read_bytes() == before


def test_an_override_has_a_reason_and_both_stand_in_the_timeline(run, vault, note):
    silent = run("set", "status=closed", "--force", vault=vault)
    assert silent.returncode == 2
    assert "--reason is missing" in silent.stderr
    done = run("set", "status=closed", "--force", "--reason", "a test of the alarm", vault=vault)
    assert done.returncode == 0
    assert "closed 12:00 " in done.stdout
    text = note.read_text()
    assert f"**status** @alice: triage → closed, without {', '.join(SEV2)}: a test of the alarm\n" in text
    assert "closed: 2026-11-23T12:00:00\n" in text


def test_many_at_once_meet_the_same_requirements(run, vault, note):
    run("open", "A page is slow", "-s", "sev4", vault=vault)
    run("resolve", "02", vault=vault)
    ids = "INC-20261123-01\nINC-20261123-02\n"
    assert run("set", "-", "status=closed", vault=vault, stdin=ids).returncode == 7
    assert "status: triage\n" in note.read_text()
    assert "status: closed\n" in note.with_name("INC-20261123-02.md").read_text()


@pytest.mark.parametrize(
    ("status", "moment"),
    [
        ("investigating", "acknowledged"),
        ("identified", "identified"),
        ("monitoring", "mitigated"),
        ("resolved", "resolved"),
    ],
)
def test_a_status_stamps_its_moment_as_its_verb_does(run, vault, note, status, moment):
    assert run("set", f"status={status}", "--at", "-2m", "--reason", "seen in the graph", vault=vault).returncode == 0
    text = note.read_text()
    assert f"{moment}: 2026-11-23T11:58:00\n" in text
    assert f"- 2026-11-23T11:58:00 **status** @alice: triage → {status}, seen in the graph" in text
    assert ("time_to_resolve_minutes: 7\n" in text) is (status == "resolved")


def test_the_moment_may_come_with_its_status(run, vault, note):
    assert run("set", "status=resolved", "resolved=11:55", "cause=change", vault=vault).returncode == 0
    text = note.read_text()
    assert "resolved: 2026-11-23T11:55:00\n" in text
    assert "time_to_resolve_minutes: 4\n" in text
    assert text.count("**status**") == 1
    assert "resolved: –" not in text
    again = run("set", "-i", "01", "status=resolved", "resolved=11:56", vault=vault)
    assert again.returncode == 7
    assert "--correct replaces it" in again.stderr
    assert run("set", "-i", "01", "status=resolved", "resolved=11:56", "--correct", vault=vault).returncode == 0
    assert "corrected resolved: 2026-11-23T11:55:00 → 2026-11-23T11:56:00" in note.read_text()
    assert "time_to_resolve_minutes: 5\n" in note.read_text()


def test_a_status_that_it_has_changes_nothing(run, vault, note):
    before = note.read_bytes()
    done = run("set", "status=triage", vault=vault)
    assert done.returncode == 0
    assert "already" in done.stdout
    assert note.read_bytes() == before


def test_only_an_open_incident_is_declined(run, vault, note):
    run("resolve", vault=vault)
    refused = run("set", "-i", "01", "status=declined", "--reason", "the probe", vault=vault)
    assert refused.returncode == 7
    assert "only an open incident can be declined" in refused.stderr
    assert "status: resolved\n" in note.read_text()


@pytest.mark.parametrize("way", ["to", "from"])
def test_a_merge_is_told_in_both_notes_or_not_made(run, vault, note, way):
    run("open", "A page is slow", "-s", "sev4", vault=vault)
    if way == "from":
        run("merge", "01", "02", vault=vault)
    before = note.read_bytes()
    words = ["status=merged", "duplicate_of=INC-20261123-02"] if way == "to" else ["status=triage"]
    done = run("set", "-i", "INC-20261123-01", *words, "--reason", "the same", vault=vault)
    assert done.returncode == 7
    assert f"incident merge INC-20261123-01{' --undo' if way == 'from' else ''}" in done.stderr
    assert note.read_bytes() == before


def test_a_step_back_leaves_nothing_that_contradicts_it(run, vault, note):
    run("mitigate", vault=vault)
    run("resolve", "--at", "-1m", vault=vault)
    assert run("set", "-i", "01", "status=investigating", "--reason", "it was another one", vault=vault).returncode == 0
    text = note.read_text()
    assert not any(line.startswith(("mitigated:", "resolved:", "time_to_resolve")) for line in text.splitlines())
    assert "was mitigated 2026-11-23T12:00:00, resolved 2026-11-23T11:59:00" in text
    assert run("check", vault=vault).returncode == 0


def test_an_unreadable_status_is_mended_without_a_reason_and_stamps_nothing(run, vault, note):
    by_hand(note, "monitorng")
    assert run("set", "-i", "01", "status=monitoring", vault=vault).returncode == 0
    text = note.read_text()
    assert "status: monitoring\n" in text
    assert "mitigated:" not in text
    assert "**status** @alice: monitoring\n" in text
    by_hand(note, "clsoed")
    assert run("set", "-i", "01", "status=closed", vault=vault).returncode == 7


def test_closed_by_hand_is_accepted_shown_and_put_on_record(run, vault, note):
    by_hand(note, "closed")
    shown = run("show", "01", vault=vault)
    assert (
        "set by hand    closed, without a command; skipped: it is not said when it was over; no check" in shown.stdout
    )
    skipped = json.loads(run("show", "01", "--json", vault=vault).stdout)["skipped"]
    assert [each["name"] for each in skipped] == [*SEV2, "closed"]
    (change,) = json.loads(run("check", "--json", vault=vault).stdout)
    assert change["code"] == "status-and-timeline-differ"
    checked = run("check", "--fix", "--json", vault=vault)
    assert checked.returncode == 0
    (hint,) = json.loads(checked.stdout)
    assert hint["code"] == "set-by-hand"
    assert hint["argv"][1:] == ["close", "-i", "INC-20261123-01", "--force"]
    assert run("close", "01", vault=vault).returncode == 7
    assert run(*hint["argv"][1:], "--reason", "a test", vault=vault).returncode == 0
    assert "**status** @alice: closed, without end, verification, " in note.read_text()
    assert run("check", vault=vault).stdout.strip() == "nothing is wrong"
    assert "set by hand" not in run("show", "01", vault=vault).stdout
    before = note.read_bytes()
    assert run("close", "01", vault=vault).returncode == 0
    assert note.read_bytes() == before


def test_closed_by_hand_with_a_moment_gets_its_line_too(run, vault, note):
    by_hand(note, "closed\nclosed: 2026-11-23T11:58:00")
    assert run("close", "01", "--force", "--reason", "a test", vault=vault).returncode == 0
    assert run("check", vault=vault).stdout.strip() == "nothing is wrong"
    assert "closed: 2026-11-23T11:58:00\n" in note.read_text()


def test_the_moment_of_what_was_closed_by_hand_is_corrected_with_a_line_of_its_own(run, vault, note):
    by_hand(note, "closed\nclosed: 2026-11-23T11:58:00")
    words = ("close", "01", "--force", "--reason", "a test", "--correct", "--at", "11:57")
    assert run(*words, vault=vault).returncode == 0
    text = note.read_text()
    assert "corrected closed: 2026-11-23T11:58:00 → 2026-11-23T11:57:00" in text
    assert "**status**: triage → closed (seen 2026-11-23T12:00:00)" in text
    assert text.count("**status** @alice: closed, without ") == 1


@pytest.mark.parametrize("status", ["investigating", "identified", "monitoring", "resolved"])
def test_the_hint_on_another_status_set_by_hand_supplies_the_moment(run, vault, note, status):
    by_hand(note, status)
    (hint,) = json.loads(run("check", "--fix", "--json", vault=vault).stdout)
    assert hint["code"] == "set-by-hand"
    assert run(*hint["argv"][1:], "-3m", vault=vault).returncode == 0
    assert run("check", vault=vault).stdout.strip() == "nothing is wrong"
    assert f"status: {status}\n" in note.read_text()
