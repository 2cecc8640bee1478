"""Every verb in the same way: what it offers to repeat does the same later, and what is wrong is told in the same order."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING

import pytest
from tests.verbs import TYPED
from typer.main import get_command

from okb_incident.cli.main import app
from okb_incident.cli.table import VERBS, is_group, usage_of

if TYPE_CHECKING:
    from pathlib import Path

TITLES = ("Pay; $(touch pwned) 'n' \"shop\"", "Search & find `touch pwned` \\ #1")
FIRST, SECOND = "INC-20261123-01", "INC-20261123-02"
BEFORE, LATER, AFTERWARDS = "2026-11-23T02:00:00Z", "2026-11-23T03:00:00Z", "2026-11-23T03:07:00Z"
TEN_MINUTES_BEFORE = "2026-11-23T02:50:00"

#: Verbs that show every incident where none is named, and those that open an editor.
OF_ALL = {"next", "status", "check", "action list", "follow-up list"}
EDITORS = {"edit", "comms edit", "review edit"}
# What asks for lines on a terminal and does nothing without one.
PROMPTS = {"console"}

#: Verbs that act on what is over.
OVER = {"reopen", "close"}
REVIEWED = {name for name in TYPED if name.startswith("review ")}


def every_verb():
    """Return the names of all verbs that take a reference."""
    for verb in VERBS:
        names = [f"{verb.name} {below}" for below in verb.words] if is_group(verb.name) else [verb.name]
        yield from (name for name in names if usage_of(name).startswith("[REF]"))


def options_of(name: str) -> set[str]:
    command = get_command(app)
    for word in name.split():
        command = command.commands[word]  # type: ignore[attr-defined]
    return {option for each in command.params for option in each.opts}


def typed(name: str) -> list[str]:
    words = list(TYPED[name])
    at = ["--at", "-10m"] if "--at" in options_of(name) else []
    # Behind two dashes everything is a word.
    return [*at, *words] if "--" in words else [*words, *at]


def fixed(words: list[str]) -> list[str]:
    """Put moments in full in the place of those that depend on the clock of the first try."""
    full = {
        "-10m": TEN_MINUTES_BEFORE,
        "detected=-20m": "detected=2026-11-23T02:40:00",
        "-30m": "2026-11-23T02:30:00",
        "30m": "2026-11-23T03:30:00",
        "40m": "2026-11-23T03:40:00",
        "45m": "2026-11-23T03:45:00" if "--next" in words else "45m",
        "3d": "2026-11-26",
        "7d": "2026-11-30",
        "14d": "2026-12-07",
        "tomorrow": "2026-11-24",
    }
    return [full.get(word, word) for word in words]


def test_every_verb_that_takes_a_reference_is_tried_here():
    assert set(every_verb()) == {*TYPED, *OF_ALL, *EDITORS, *PROMPTS}


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    """Vaults with two incidents that a verb cannot choose between: at work, over, and reviewed."""
    from tests.cli.conftest import _environment
    from tests.shell import call

    folder = tmp_path_factory.mktemp("states")

    def run(vault: Path, *words: str, by: str = "alice", now: str = BEFORE) -> None:
        done = call("--vault", str(vault), "--as", by, *words, env=_environment({"INCIDENT_NOW": now}))
        assert done.returncode == 0, (words, done.stderr)

    work = folder / "work"
    call("init", str(work), env=_environment({}))
    for name in ("bob", "carol", "dan", "gita", "erin"):
        (work / "people" / f"{name}.md").write_text("---\ntype: person\n---\n")
    for incident, title in zip((FIRST, SECOND), TITLES, strict=True):
        run(work, "open", title, "--started", "-5m", "--service", "checkout")
        run(work, "role", incident, "commander", "frank")
        run(work, "log", "-i", incident, "seen", by="eve")
        run(work, "action", "add", incident, "roll back")
        run(work, "resource", "request", incident, "a specialist")
        run(work, "follow-up", "add", incident, "an alarm", "--kind", "tool")
        run(work, "comms", "draft", incident, "team", "status-update", "It is slow.")
        run(work, "tell", incident, "team", "It is slow.")
    over = folder / "over"
    shutil.copytree(work, over)
    for incident in (FIRST, SECOND):
        run(over, "action", "done", incident, "a1")
        run(over, "resolve", incident, "--summary", "It was slow.", "--cause", "change", now="2026-11-23T02:30:00Z")
    reviewed = folder / "reviewed"
    shutil.copytree(over, reviewed)
    for incident in (FIRST, SECOND):
        run(reviewed, "review", "new", incident, now="2026-11-23T02:40:00Z")
    return {"work": work, "over": over, "reviewed": reviewed}


@pytest.fixture
def state(states, tmp_path):
    """Return a copy of the vault that a verb is tried in, and what was done before in both incidents."""

    def copied(name: str, copy: str) -> Path:
        which = "over" if name in OVER or name == "review new" else "reviewed" if name in REVIEWED else "work"
        vault: Path = tmp_path / copy / "kb"
        shutil.copytree(states[which], vault)
        return vault

    return copied


STEPS = {
    "review approve": [("review", "submit", "--force", "--reason", "x")],
    "review close": [
        ("review", "submit", "--force", "--reason", "x"),
        ("review", "approve", "--force", "--reason", "x"),
    ],
}


def notes(vault: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(vault)): path.read_bytes()
        for path in sorted(vault.rglob("*.md"))
        if ".incident" not in path.parts
    }


@pytest.mark.parametrize("name", sorted(TYPED))
def test_a_candidate_does_later_what_was_typed(run, state, name, monkeypatch):
    by = {"INCIDENT_USER": "eve"}
    words = typed(name)
    refused, asked, named = (state(name, copy) for copy in ("refused", "asked", "named"))
    for vault in (refused, asked, named):
        for verb, below, *more in STEPS.get(name, ()):
            for incident in (FIRST, SECOND):
                assert (
                    run(verb, below, "-i", incident, *more, vault=vault, env={"INCIDENT_NOW": BEFORE}).returncode == 0
                )
    monkeypatch.chdir(refused.parent)
    done = run(*name.split(), *words, vault=refused, env={"INCIDENT_NOW": LATER, **by})
    assert done.returncode == 4, done.stderr
    offered = [shlex.split(line) for line in done.stderr.splitlines() if line.startswith("    incident ")]
    assert [line[1:3] for line in offered] == [["--vault", str(refused)]] * 2
    assert [line[3 + len(name.split()) :][:2] for line in offered] == [["-i", SECOND], ["-i", FIRST]]
    assert not [line for line in done.stderr.splitlines() if "incident --vault" in line and "Pay;" in line]
    later = {"INCIDENT_NOW": AFTERWARDS, **by}
    again = run(*offered[1][3:], vault=asked, env=later)
    once = run(*name.split(), "-i", FIRST, *fixed(words), vault=named, env=later)
    assert (again.returncode, again.stdout.replace("/asked/", "/named/")) == (once.returncode, once.stdout)
    assert again.returncode in ({0, 5} if name in {"review check", "review public"} else {0}), again.stderr
    assert notes(asked) == notes(named)
    assert notes(refused) != notes(asked) or not _writes(name)


def _writes(name: str) -> bool:
    return "--dry-run" in options_of(name) or name in {"run", "comms approve", "review set", "review feedback"}


@pytest.mark.parametrize("name", sorted(name for name in TYPED if "--at" in options_of(name)))
def test_a_moment_that_cannot_be_read_is_told_first(run, tmp_path, name):
    run("init", str(tmp_path / "kb"), vault=None)
    words = [word if word != "-10m" else "garbage" for word in typed(name)]
    done = run(*name.split(), *words, vault=tmp_path / "kb")
    assert (done.returncode, done.stderr.splitlines()[0][:42]) == (2, "incident: error: --at: 'garbage' is not a ")


@pytest.mark.parametrize("name", sorted(TYPED))
def test_where_there_is_no_incident_every_verb_says_so(run, tmp_path, name):
    run("init", str(tmp_path / "kb"), vault=None)
    done = run(*name.split(), *typed(name), vault=tmp_path / "kb")
    assert done.returncode == 4
    assert done.stderr.startswith(f"incident: error: no incident for {name}")


@pytest.mark.parametrize("name", sorted(name for name in TYPED if _writes(name)))
def test_a_word_of_a_title_in_the_environment_never_decides_what_is_written(run, state, name):
    vault = state(name, "kept")
    before = notes(vault)
    done = run(*name.split(), *typed(name), vault=vault, env={"INCIDENT_NOW": LATER, "INCIDENT_ID": "search"})
    assert done.returncode == 4
    assert re.search("no incident 'search'", done.stderr)
    assert notes(vault) == before


def test_of_many_candidates_five_are_listed(run, vault):
    for number in range(2, 9):
        assert run("open", f"Disk {number} is full", vault=vault).returncode == 0
    done = run("contain", "the account", vault=vault, env={"INCIDENT_USER": "eve"})
    assert len(re.findall(r"^    incident ", done.stderr, re.MULTILINE)) == 5
    assert f"  3 more: incident --vault {vault} list\n" in done.stderr
