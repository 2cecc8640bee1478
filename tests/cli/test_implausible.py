"""Moments that do not fit their note: refused when typed, named when edited, cleared when confirmed."""

from __future__ import annotations

import json

import pytest

FAR = "2025-11-23T01:00:00"


def edited(note, key, value):
    """Change a property as a person does in Obsidian."""
    lines = note.read_text().split("\n")
    place = next(place for place, line in enumerate(lines) if line.startswith(f"{key}:"))
    note.write_text("\n".join([*lines[:place], f"{key}: {value}", *lines[place + 1 :]]))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("open", "Lost", "--started", FAR), "started is 2025-11-23T01:00:00, 364 days from the day of the id"),
        (("set", f"detected={FAR}"), "detected is 2025-11-23T01:00:00, 364 days from the day of the id"),
        (("set", "declared=2026-11-22T12:00", "--correct"), "the id has the day 2026-11-23"),
        (("mitigate", "--at", FAR), "days from everything else in the note"),
        (("log", "support calls", "--at", FAR), "days from everything else in the note"),
        (("ack", "--at", "2026-11-23"), "names a day and no time"),
    ],
)
def test_a_moment_that_does_not_fit_is_refused_and_nothing_is_written(run, vault, note, typed, said):
    before = note.read_bytes()
    done = run(*typed, vault=vault)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "--confirm" in done.stderr
    assert note.read_bytes() == before
    assert len(list(note.parent.iterdir())) == 1
    assert run(*typed, "--confirm", vault=vault).returncode == 0
    if typed[0] in {"open", "log"} or "declared" in typed[1]:
        # The others end before they start, which nobody can mean.
        assert run("check", vault=vault).stdout == "nothing is wrong\n"


def test_an_hour_that_came_twice_asks_which(run, tmp_path):
    assert run("init", str(tmp_path / "kb"), "--zone", "Europe/Zurich", vault=None).returncode == 0
    done = run("open", "Late", "--declared", "2026-10-25T02:30:00", vault=tmp_path / "kb")
    assert done.returncode == 2
    assert "2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00" in done.stderr
    again = run("open", "Late", "--declared", "2026-10-25T02:30:00+01:00", vault=tmp_path / "kb")
    assert again.returncode == 0


def test_a_start_in_another_year_is_named_by_check_and_by_the_report_until_it_is_confirmed(run, vault, note):
    run("ack", vault=vault)
    run("resolve", vault=vault)
    edited(note, "started", FAR)
    found = json.loads(run("report", "--json", vault=vault).stdout)
    assert found["counts"]["total"] == 0
    assert "started is 2025-11-23T01:00:00" in json.dumps(found["quality"])
    checked = run("check", vault=vault)
    assert checked.returncode == 5
    assert checked.stdout.count("far-moment") == 1
    assert "1 finding" in checked.stdout + checked.stderr
    done = run("set", "-i", "INC-20261123-01", f"started={FAR}", "--confirm", vault=vault)
    assert done.returncode == 0, done.stderr
    assert f"started: {FAR}, confirmed\n" in note.read_text()
    assert run("check", vault=vault).stdout == "nothing is wrong\n"
    assert "started is" not in run("report", vault=vault).stdout


def test_a_day_of_which_nobody_knows_the_time_stays_a_day(run, vault, note):
    edited(note, "started", "2026-11-23")
    assert "day-precision" in run("check", vault=vault).stdout
    assert run("set", "started=2026-11-23", "--confirm", vault=vault).returncode == 0
    assert "\nstarted: 2026-11-23\n" in note.read_text()
    assert run("check", vault=vault).stdout == "nothing is wrong\n"


@pytest.mark.parametrize("began", ["-9h", "-2d", "-20d"])
def test_what_is_opened_long_after_it_began_is_no_finding_and_its_timeline_tells_of_it(run, vault, note, began):
    done = run("open", "Found late", "--started", began, "--detected", "-1h", vault=vault)
    assert done.returncode == 0, done.stderr
    assert run("check", vault=vault).stdout == "nothing is wrong\n"
    assert "started, known when it was opened (recorded " in (note.parent / "INC-20261123-02.md").read_text()


def test_back_dated_verbs_cause_no_finding(run, vault):
    for typed in (
        ("open", "Written down", "--declared", "2026-09-01T10:00", "--started", "2026-09-01T09:50"),
        ("ack", "-i", "INC-20260901-01", "--at", "2026-09-01T10:05"),
        ("contain", "-i", "INC-20260901-01", "--at", "2026-09-01T10:20"),
        ("mitigate", "-i", "INC-20260901-01", "--at", "2026-09-01T10:30"),
        ("verify", "-i", "INC-20260901-01", "recovery", "probes are green", "ok", "--at", "2026-09-01T11:00"),
        ("resolve", "-i", "INC-20260901-01", "--at", "2026-09-01T11:10"),
        ("resolve", "-i", "INC-20260901-01", "--at", "2026-09-01T11:12", "--correct"),
        ("reopen", "-i", "INC-20260901-01", "it is back"),
        ("mitigate", "-i", "INC-20260901-01"),
        ("resolve", "-i", "INC-20260901-01"),
        ("open", "Was down", "--started", "2026-08-01T09:00", "--resolved", "2026-08-01T10:00"),
        ("ack", "-i", "INC-20261123-01", "--at", "-8m"),
    ):
        done = run(*typed, vault=vault)
        assert done.returncode == 0, (typed, done.stderr)
    assert run("check", vault=vault).stdout == "nothing is wrong\n"


def test_an_unreadable_status_is_an_unknown_state_and_stands_among_the_open_ones(run, vault, note):
    edited(note, "status", "solved")
    text = run("report", vault=vault).stdout
    assert "1 incident, 0 of them open, 1 in an unknown state." in text
    assert "Open now (1)" in text
    found = json.loads(run("report", "--json", vault=vault).stdout)
    assert (found["counts"]["open"], found["counts"]["unknown"]) == (0, 1)
    assert [each["status"] for each in found["open_now"]] == [None]
    assert "INC-20261123-01" in run("list", vault=vault).stdout
    assert "state unknown" in run("status", vault=vault).stdout
    checked = run("check", vault=vault).stdout
    assert "unknown status 'solved'; choose from triage" in checked
    assert " set -i INC-20261123-01 status]" in checked
