"""Whatever was typed is written down: reasons that come with no change, what comes through a pipe, words that are nearly others."""

from __future__ import annotations

import json
import shlex
import subprocess

import pytest

ID = "INC-20261123-01"


@pytest.fixture
def lines(run, vault):
    """Return the lines of the timeline, each with its kind and its text."""

    def read():
        return [
            (each["kind"], each["text"]) for each in json.loads(run("timeline", "-i", ID, "--json", vault=vault).stdout)
        ]

    return read


@pytest.mark.parametrize(
    ("first", "again", "answer", "line"),
    [
        ("severity sev1", "severity sev1 every payment fails", "already SEV1; reason logged", "already SEV1, every payment fails"),
        ("ack", "ack really looking", "already acknowledged; note logged", "already acknowledged, really looking"),
        ("ack", "confirm it is real", "already acknowledged; note logged", "already acknowledged, it is real"),
        ("identify", "identify the pool", "already identified; note logged", "already identified, the pool"),
        ("mitigate", "mitigate for good", "already mitigated; note logged", "already mitigated, for good"),
        ("contain", "contain at the border", "already contained; note logged", "already contained, at the border"),
        ("ack", "handoff commander alice watch it", "@alice is already commander; note logged", "@alice is already commander, watch it"),
        ("role responder dan", "handoff responder dan watch it", "@dan is already a responder; note logged", "@dan is already a responder, watch it"),
        ("set cause=change", "set cause=change --reason sure", "already cause change; reason logged", "already cause change, sure"),
        ("expect 40m", "expect 40m still", "already expected; note logged", "already expected, still"),
        ("action add x", "action start a1 now", 'started a1 "x", logged "now"', "a1 started, now"),
        ("action start a1", "action start a1 again", "a1 already started; note logged", "a1 already started, again"),
        ("action done a1", "action done a1 again", "a1 already done; note logged", "a1 already done, again"),
        ("resource grant r1", "resource grant r1 gita", "r1 already granted; note logged", "r1 already granted, gita"),
        ("follow-up add x", "follow-up start f1 now", 'started f1 "x", logged "now"', "f1 started, now"),
        ("follow-up done f1", "follow-up done f1 in 4f2a", "f1 already done; note logged", "f1 already done, in 4f2a"),
        ("decline no", "decline -i last no, --reason surely", "already declined; reason logged", "already declined, no, surely"),
        ("resolve", "resolve -i last it was the pool", "already resolved; note logged", "already resolved, it was the pool"),
        ("ack", "reopen -i last the errors are back", "already open; note logged", "already open, the errors are back"),
    ],
)  # fmt: skip
def test_words_that_come_with_no_change_are_logged(run, vault, lines, first, again, answer, line):
    for words in ("action add x", "resource request x", "follow-up add x", first):
        done = run(*words.split(), vault=vault)
        assert done.returncode == 0, done.stderr
    done = run(*again.split(), vault=vault)
    assert (done.returncode, done.stderr) == (0, done.stderr)
    assert done.stdout.splitlines()[0] == f"{answer} · {ID} Checkout is slow"
    assert ("note", line) in lines()
    # Without words nothing is written, as before.
    assert json.loads(run(*first.split(), "-i", ID, "--json", vault=vault).stdout)["changed"] is (
        first in {"action add x", "follow-up add x", "decline no"}
    )


def test_what_was_typed_in_two_places_is_kept_in_both(run, vault, lines):
    run("escalate", "--to", "gita", "it", "spreads", "--reason", "the pool", vault=vault)
    assert ("escalation", "to @gita, it spreads the pool") in lines()
    run("resolve", vault=vault)
    run("close", "-i", ID, "a", "test", "--force", "--reason", "of the alarm", vault=vault)
    assert any(text.endswith(": a test of the alarm") for _, text in lines())


def test_a_summary_that_the_note_has_no_place_for_is_in_the_timeline(run, vault, lines):
    run("resolve", "--summary", "the pool was full", vault=vault)
    done = run("resolve", "-i", ID, "--summary", "the pool  was too small", vault=vault)
    assert "added summary" in done.stdout
    assert "the summary stays as it was written, and yours is in the timeline" in done.stderr
    assert ("note", "summary: the pool was too small") in lines()


def test_a_duplicate_keeps_a_later_reason(run, vault):
    run("open", "Search is down", vault=vault)
    run("merge", "02", "01", vault=vault)
    done = run("merge", "02", "01", "--reason", "the same deploy", vault=vault)
    assert f"already merged into {ID}; reason logged · " in done.stdout


@pytest.mark.parametrize("words", [(), ("-",)])
def test_what_comes_through_a_pipe_is_logged(run, vault, lines, words):
    typed = "pool exhausted\n\ndecision: roll back\nhypothesis: the pool\nhypothesis: the disk\nh2 refuted, 40 % free\n"
    done = run("log", *words, vault=vault, stdin=typed)
    assert f"logged 5 entries · {ID} " in done.stdout
    assert lines() == [
        ("note", "pool exhausted"),
        ("decision", "roll back"),
        ("hypothesis", "h1 the pool"),
        ("hypothesis", "h2 the disk"),
        ("hypothesis", "h2 ruled out, 40 % free"),
    ]
    assert (
        f'logged 11:57 UTC (3m ago) "one" · {ID} '
        in run("log", *words, "--at", "-3m", vault=vault, stdin="one\n").stdout
    )


@pytest.mark.parametrize("typed", ["it's $5\n", "- one\n\ntwo %% x\n", "-i 02\n", f"{ID} alone\n"])
def test_what_came_through_a_pipe_is_in_the_command_that_is_printed(run, vault, lines, typed):
    run("open", "Search is down", vault=vault)
    done = run("log", "--at", "-3m", vault=vault, stdin=typed)
    assert done.returncode == 4
    (command,) = [shlex.split(line) for line in done.stderr.splitlines() if f"log -i {ID} " in line]
    words = [word for word in command[1:] if word not in {"--vault", str(vault)}]
    assert run(*words, vault=vault).returncode == 0
    assert [text for _, text in lines()] == [line for line in typed.splitlines() if line]


def test_a_line_from_a_pipe_that_does_not_fit_is_a_note(run, vault, lines):
    typed = "impact: x\nh9 confirmed\nstatus: resolved\ndecison: roll back\nrun: make #1"
    done = run("log", "--external", vault=vault, stdin=typed)
    assert done.returncode == 0
    assert [kind for kind, _ in lines()] == ["note", "note", "note", "note", "run"]
    assert [text for _, text in lines()] == typed.replace("run: ", "").splitlines()
    for said in (
        "'x' has no level; choose from down, degraded, at-risk or restored",
        "has no hypothesis h9",
        "a status line goes with a property",
        "if decision was meant: incident",
        "a line of kind run is never fit for the public",
    ):
        assert said in done.stderr
    external = [each["external"] for each in json.loads(run("timeline", "-i", ID, "--json", vault=vault).stdout)]
    assert external == [True, True, True, True, False]


def test_a_pipe_without_a_line_and_one_with_too_many_are_refused(run, vault, lines):
    for words in ((), ("-",)):
        done = run("log", *words, vault=vault, stdin=" \n")
        assert (done.returncode, "WORDS is missing: what should be logged?" in done.stderr) == (2, True)
    done = run("log", vault=vault, stdin="x\n" * 501)
    assert (done.returncode, "more than 500 lines" in done.stderr) == (2, True)
    assert lines() == []


def test_bytes_that_are_no_text_lose_nothing_else(vault, lines, incident):
    done = subprocess.run(
        [str(incident), "--vault", str(vault), "log"], input=b"caf\xe9 is slow\n", capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert ("note", "caf  is slow") in lines()


def test_what_nobody_suspected_is_not_confirmed(run, vault, lines):
    run("log", "hypothesis: the pool", vault=vault)
    done = run("log", "H3", "refuted,", "it", "is", "up", vault=vault)
    assert done.returncode == 4
    assert f"{ID} has no hypothesis h3" in done.stderr
    assert "h1 the pool (open)" in done.stderr
    assert f"log -i {ID} 'h1 refuted, it is up'" in done.stderr
    assert lines() == [("hypothesis", "h1 the pool")]
    run("log", "h1", "refuted", vault=vault)
    assert lines()[1:] == [("hypothesis", "h1 ruled out")]


def test_a_mistyped_kind_in_a_script_is_a_note_with_the_command_that_mends_it(run, vault, lines):
    done = run("log", "decison: roll back", "--at", "-3m", vault=vault)
    assert done.returncode == 0
    assert lines() == [("note", "decison: roll back")]
    assert f"incident --vault {vault} amend -i {ID} 2026-11-23T11:57:00 'decision: roll back'" in done.stderr
    assert run("amend", "2026-11-23T11:57:00", "decision: roll back", vault=vault).returncode == 0
    assert lines() == [("decision", "roll back")]
    run("log", "x", vault=vault)
    refused = run("amend", "mine", "status: resolved", vault=vault)
    assert (refused.returncode, "goes with a property" in refused.stderr) == (2, True)
    run("amend", "mine", "hypothesis: the pool", vault=vault)
    assert ("hypothesis", "h1 the pool") in lines()


@pytest.mark.parametrize(
    ("words", "echo"),
    [
        ("log --at -3m slow", "logged 11:57 UTC (3m ago)"),
        ("log --at 11:57 slow", "logged 11:57 UTC (3m ago)"),
        ("log --at -2d slow", "logged 21 Nov 12:00 UTC (2d00h ago)"),
        ("log --at 2026-11-20T08:00 slow", "logged 20 Nov 08:00 UTC (3d04h ago)"),
        ("log impact: shop down from -9m to -4m", "from 11:51 UTC (9m ago); to 11:56 UTC (4m ago)"),
        ("tell team hello --next 30m", "next update 12:30 UTC (in 30m)"),
        ("set detected=-8m", "detected 11:52 UTC (8m ago)"),
        ("mitigate --at -3m", "mitigated 11:57 UTC (3m ago)"),
    ],
)  # fmt: skip
def test_every_time_that_was_typed_is_echoed_once(run, vault, words, echo):
    assert run(*words.split(), vault=vault).stdout.count(echo) == 1


@pytest.mark.parametrize("words", [["tell", "-i", "01", "users", "x", "--next"], ["comms", "draft", "users", "--next"]])
def test_an_option_without_its_value_leads_to_the_help_of_its_command(run, vault, words):
    done = run(*words, vault=vault)
    command = " ".join(word for word in words[:2] if not word.startswith("-"))
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, f"hint: incident {command} --help")
