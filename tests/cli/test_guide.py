"""Guidance from the shell: what is due, a brief, the board, the state of things, and what audiences hear."""

from __future__ import annotations

import json
import re
import shlex
from unittest.mock import patch

import pytest

from okb_incident.cli.run import RunOptions

NOW = "2026-11-23T02:00:00Z"
LATER = "2026-11-23T04:00:00Z"


@pytest.fixture
def vault(run, tmp_path):
    """Give a vault without incidents."""
    assert run("init", str(tmp_path / "kb"), vault=None).returncode == 0
    return tmp_path / "kb"


@pytest.fixture
def two(run, vault):
    """Give a vault with two open incidents, one of them taken."""
    at = {"INCIDENT_NOW": NOW}
    assert run("open", "Cards fail", "-s", "sev1", vault=vault, env=at).returncode == 0
    assert run("open", "Search slow", "-s", "sev4", "--ack", vault=vault, env=at).returncode == 0
    return vault


def test_what_is_due_is_told_with_its_command_and_overdue_first(run, two):
    said = run("next", "--all", vault=two, env={"INCIDENT_NOW": LATER}).stdout.splitlines()
    assert said[0].split() == ["1h55m", "late", "INC-20261123-01:", "acknowledge", "it"]
    assert said[1].strip() == f"incident --vault {two} ack -i INC-20261123-01"
    due = json.loads(run("next", "01", "--json", vault=two, env={"INCIDENT_NOW": LATER}).stdout)
    assert due[0] == {
        "id": "INC-20261123-01",
        "item": "acknowledge",
        "what": "acknowledge it",
        "by": "2026-11-23T02:05:00Z",
        "overdue_seconds": 6900,
        "command": f"incident --vault {two} ack -i INC-20261123-01",
        "argv": ["incident", "--vault", str(two), "ack", "-i", "INC-20261123-01"],
        "instead": None,
        "nature": None,
        "who": None,
        "other_than": None,
        "to": [],
    }


def test_a_check_exits_with_nine_only_where_something_is_overdue(run, two):
    for words in (("next", "--all"), ("status",), ("comms", "due")):
        assert run(*words, "--check", vault=two, env={"INCIDENT_NOW": NOW}).returncode == 0, words
        assert run(*words, "--check", vault=two, env={"INCIDENT_NOW": LATER}).returncode == 9, words
        assert run(*words, vault=two, env={"INCIDENT_NOW": LATER}).returncode == 0, words


def test_the_board_is_printed_once_where_there_is_no_terminal(run, two):
    rows = run("status", "--live", vault=two, env={"INCIDENT_NOW": LATER}).stdout.splitlines()
    assert rows[0].split() == ["INC-20261123-01", "SEV1", "triage", "2h00m", "Cards", "fail"]
    assert rows[1].startswith("  1h55m late: acknowledge it (+5 late) · no commander · open 2h00m")
    assert len(run("status", "--live", "--where", "severity=sev4", vault=two).stdout.splitlines()) == 2
    objects = json.loads(run("status", "--live", "--json", vault=two, env={"INCIDENT_NOW": LATER}).stdout)
    assert [(each["id"], each["status_seconds"]) for each in objects] == [
        ("INC-20261123-01", 7200),
        ("INC-20261123-02", 7200),
    ]
    assert run("status", "--live", "--where", "severity=sev3", vault=two).stderr.endswith(
        "nothing waits to be closed\n"
    )


def test_status_says_how_long_and_what_is_overdue(run, two):
    said = run("status", vault=two, env={"INCIDENT_NOW": LATER}).stdout.splitlines()
    assert said[0] == "INC-20261123-01  SEV1  triage 2h00m, open for 2h00m: Cards fail"
    assert said[-1].endswith("late in INC-20261123-01; incident --vault " + str(two) + " next lists them")
    assert run("resolve", "02", vault=two, env={"INCIDENT_NOW": LATER}).returncode == 0
    assert "1 resolved, to be closed" in run("status", vault=two, env={"INCIDENT_NOW": LATER}).stdout
    value = json.loads(run("status", "--json", vault=two, env={"INCIDENT_NOW": LATER}).stdout)
    assert value["resolved"] == ["INC-20261123-02"]
    assert value["open"][0]["overdue"][0] == "acknowledge"


def test_a_brief_comes_as_text_as_markdown_and_for_programs(run, two):
    env = {"INCIDENT_NOW": LATER}
    assert run("show", "01", vault=two, env=env).stdout.splitlines()[:2] == [
        "INC-20261123-01 SEV1 triage for 2h00m",
        "Cards fail",
    ]
    assert run("show", "01", "--markdown", vault=two, env=env).stdout.startswith(
        "**INC-20261123-01 SEV1 triage for 2h00m**"
    )
    assert json.loads(run("show", "01", "--json", vault=two, env=env).stdout)["title"] == "Cards fail"


def test_a_message_is_a_note_a_line_and_a_promise(run, two):
    env = {"INCIDENT_NOW": NOW}
    done = run("tell", "01", "users", "Cards fail. <% x %> Wallets work.", "--next", "30m", vault=two, env=env)
    assert done.returncode == 0, done.stderr
    note = (two / "incidents/2026/INC-20261123-01 update 1 users service-notice.md").read_text()
    assert "state: sent\nauthor: alice\nsent: 2026-11-23T02:00:00\nnext_update: 2026-11-23T02:30:00\ndigest: " in note
    assert "\n\nCards fail. &lt;% x %> Wallets work.\n\nWe are sorry" in note
    assert note.endswith("We will post the next update by 02:30 UTC, or sooner if anything changes.\n")
    incident = (two / "incidents/2026/INC-20261123-01.md").read_text()
    assert "next_update: 2026-11-23T02:30:00\n" in incident
    assert (
        "**comms** @alice: users/service-notice → [[INC-20261123-01 update 1 users service-notice|users 1]],"
        " next by 2026-11-23T02:30:00\n"
    ) in incident
    assert run("tell", "01", "team", "We look", "--next", "20m", vault=two, env=env).returncode == 0
    assert run("tell", "01", "users", "Still", "--channel", "page", vault=two, env=env).returncode == 0
    assert (two / "incidents/2026/INC-20261123-01 update 3 users status-update.md").exists()
    # The users' promise is kept, that to the team is still owed.
    assert "next_update: 2026-11-23T02:20:00\n" in (two / "incidents/2026/INC-20261123-01.md").read_text()
    assert run("check", vault=two).stdout == "nothing is wrong\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "AUDIENCE is missing: who gets the update?"),
        (("managment", "x"), 2, "unknown audience 'managment'"),
        (("users",), 2, "TEXT is missing: what is the message to users?"),
        (("INC-20261123-09", "users", "x"), 4, "no incident"),
        (("01", "users", "x", "--next", "yesterday"), 2, "--next"),
    ],
)
def test_what_cannot_be_told(run, two, words, code, said):
    done = run("tell", *words, vault=two, env={"INCIDENT_NOW": NOW})
    assert done.returncode == code
    assert said in done.stderr
    assert not list((two / "incidents/2026").glob("*update*"))


def test_nobody_is_told_of_a_false_alarm_any_more(run, two):
    run("decline", "01", "the probe was wrong", vault=two, env={"INCIDENT_NOW": NOW})
    done = run("tell", "01", "users", "x", vault=two, env={"INCIDENT_NOW": NOW})
    assert done.returncode == 7
    assert not list((two / "incidents/2026").glob("*update*"))


def test_a_message_of_a_restricted_incident_is_as_secret_as_that(run, two):
    run("restrict", "INC-20261123-01", vault=two)
    done = run("tell", "INC-20261123-01", "management", "An intruder", vault=two, env={"INCIDENT_NOW": NOW})
    assert done.returncode == 0, done.stderr
    (note,) = two.glob("incidents/restricted/**/*update 1 management briefing.md")
    assert note.stat().st_mode & 0o777 == 0o600
    assert "INC-20261123-01" not in run("comms", "due", vault=two, env={"INCIDENT_NOW": LATER}).stdout
    assert "INC-20261123-01" in run("comms", "due", "--restricted", vault=two, env={"INCIDENT_NOW": LATER}).stdout


def test_a_dry_run_tells_nobody(run, two):
    done = run("tell", "01", "users", "x", "--dry-run", vault=two, env={"INCIDENT_NOW": NOW})
    assert "+- 2026-11-23T02:00:00 **comms**" in done.stdout
    assert not list((two / "incidents/2026").glob("*update*"))


def test_who_is_owed_nothing(run, vault):
    assert run("comms", "due", vault=vault).stdout == "no update is due\n"
    assert run("next", vault=vault).stdout == "nothing is due\n"


def write_review(vault) -> None:
    """Write into a review what only people can say."""
    (note,) = (vault / "incidents").rglob("* review.md")
    text = re.sub(r"^%% (?!computed).*%%$", "It is said.", note.read_text(), flags=re.MULTILINE)
    text = re.sub(r"^-$", "- something", text, flags=re.MULTILINE)
    note.write_text(
        re.sub(r"^## (Went \w+)$", r"## \1\n- something", text, flags=re.MULTILINE).replace("Why?", "Why? So.")
    )


class Somebody:
    """A person who does what `next` says, and answers whatever is asked."""

    def line(self, prompt, allowed=()):
        if allowed:
            return allowed[0]
        return "40m" if "when will it be over" in prompt else "now" if prompt.startswith("--at") else "as it stands"


def obeyed(run, vault, command: str, now: str, person: str = "alice"):
    """Run a command that `next` names, at a terminal where it can ask."""
    program, *words = shlex.split(command)
    assert program == "incident"
    if words[2:4] == ["review", "edit"]:
        write_review(vault)
    # Nobody approves what they have written themselves.
    who = "dan" if "approve" in words else person
    with (
        patch.object(RunOptions, "may_ask", new=True),
        patch("okb_incident.cli.verb.person", Somebody),
        patch("okb_incident.cli.missing.person", Somebody),
    ):
        return run(*words, vault=vault, env={"INCIDENT_NOW": now, "INCIDENT_USER": who, "EDITOR": "true"})


@pytest.mark.parametrize(
    ("severity", "category"),
    [("sev1", "system"), ("sev2", "performance"), ("sev4", "service")],
)
def test_each_command_that_is_named_does_what_was_due_until_nothing_is(run, vault, severity, category):
    """From the first sign to its rest, by doing what `next` says and nothing else."""
    words = ["open", "Cards fail", *(["-s", severity] if severity != "undetermined" else [])]
    words += ["--category", category] if category else []
    assert run(*words, vault=vault, env={"INCIDENT_NOW": NOW}).returncode == 0
    which = "INC-20261123-01"
    for step in range(60):
        now = f"2026-11-23T{2 + step // 60:02d}:{step % 60:02d}:30Z"
        due = json.loads(run("next", which, "--json", vault=vault, env={"INCIDENT_NOW": now}).stdout)
        # A message that is owed in an hour is owed again after it was sent; only what comes before the end counts here.
        pressing = [each for each in due if not each["item"].startswith("update") or (each["overdue_seconds"] or 0) > 0]
        if not pressing:
            break
        first = pressing[0]
        done = obeyed(run, vault, first["command"], now)
        assert done.returncode == 0, (first, done.stderr)
        after = json.loads(run("next", which, "--json", vault=vault, env={"INCIDENT_NOW": now}).stdout)
        gone = first["item"] not in {each["item"] for each in after}
        later = [each["by"] for each in after if each["item"] == first["item"]]
        assert gone or (first["item"].startswith("update") and later[0] > first["by"]), first
    shown = json.loads(run("show", which, "--json", vault=vault).stdout)
    assert shown["status"] == "closed"
    assert run("check", vault=vault).stdout == "nothing is wrong\n"
