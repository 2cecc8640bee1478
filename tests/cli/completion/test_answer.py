"""The answer to a shell: its form for each, and silence whatever is broken."""

from __future__ import annotations

import os

import pytest

from okb_incident.cli.completion import answer
from okb_incident.cli.completion.answer import answer_shell
from okb_incident.core.timeline.kinds import KINDS

CARDS, SEARCH = "INC-20261123-02", "INC-20261123-01"
BREAKS = " \t\n\"'@><=;|&(:"


@pytest.fixture
def asked(monkeypatch, capfdbinary):
    """Ask as a shell does; return the lines of the answer."""

    def ask(shell, *arguments):
        monkeypatch.setenv("_INCIDENT_COMPLETE", shell)
        assert answer_shell(arguments) == 0
        told = capfdbinary.readouterr()
        assert told.err == b""
        return told.out.decode(errors="surrogateescape").splitlines()

    return ask


def test_zsh_gets_words_with_their_meanings_behind_a_colon(kb, asked):
    assert asked("zsh", "ack", "") == ["-", f"{CARDS}:SEV2 triage, Card payments fail"]
    assert asked("zsh", "log", "hyp") == ["-", f"hypothesis\\::{KINDS['hypothesis'].meaning}"]
    assert asked("zsh", "set", "tlp=tlp:g") == ["-", "tlp=TLP\\:GREEN"]


def test_fish_gets_words_with_their_meanings_behind_a_tab(kb, asked):
    assert asked("fish", "ack", "") == ["-", f"{CARDS}\tSEV2 triage, Card payments fail"]
    assert asked("fish", "set", "tlp=tlp:g") == ["-", "tlp=TLP:GREEN"]


def test_bash_gets_words_alone(kb, asked):
    assert asked("bash", "incident ack ", BREAKS) == ["-", CARDS]
    assert asked("bash", "incident log --file ", BREAKS) == ["files"]
    assert asked("bash", "incident restore 02 Card", BREAKS) == ["-", "Card\\ terminal"]


def test_bash_keeps_what_it_breaks_words_at(kb, asked):
    assert asked("bash", "incident set tlp=tlp:g", BREAKS) == ["-", "GREEN"]
    assert asked("bash", "incident set tlp=tlp:g", " ") == ["-", "tlp=TLP:GREEN"]


def test_a_name_that_a_shell_would_obey_is_quoted(kb, asked, run):
    run("open", "x", "--service", "a$(touch pwned)'b", vault=kb)
    assert asked("bash", "incident open x --service a", BREAKS) == ["-", "a\\$\\(touch\\ pwned\\)\\'b"]
    assert asked("bash", 'incident open x --service "a', BREAKS) == ["-", "a\\$(touch pwned)'b"]


@pytest.mark.parametrize("arguments", [(), ("",), ("incident ack ",), ("incident ack ", BREAKS, "more")])
def test_a_shell_that_asks_wrongly_gets_an_answer_or_none(kb, asked, arguments):
    asked("bash", *arguments)
    asked("zsh", *arguments)


@pytest.mark.parametrize("shell", ["complete_bash", "powershell", ""])
def test_a_script_of_another_version_is_offered_nothing(kb, asked, shell):
    assert asked(shell, "ack", "") == []


def test_a_fault_of_ours_is_never_shown(kb, asked, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("of ours")

    monkeypatch.setattr(answer, "complete", fail)
    assert asked("zsh", "ack", "") == []


def test_a_reader_that_has_gone_is_no_fault(kb, start):
    assert start("ack", "", vault=None, env={"_INCIDENT_COMPLETE": "zsh"}).returncode == 0


LINES = (
    ("",),
    ("ack", ""),
    ("show", ""),
    ("role", "tech", ""),
    ("open", "x", "--service", ""),
    ("open", "x", "--set", "severity="),
    ("action", "done", ""),
    ("comms", "send", ""),
    ("amend", ""),
    ("undo", ""),
    ("doctor", "--machine", ""),
    ("follow-up", "add", "x", "--note", ""),
    ("templates", "show", ""),
    ("config", "show", ""),
    ("tell", "u"),
)


def break_settings(kb):
    (kb / "incident.toml").write_text("severities = [")


def break_a_note(kb):
    (kb / f"incidents/2026/{SEARCH}.md").write_bytes(b"---\nstatus: [\xff\x00\n\ttype: incident\n")


def put_a_folder_in_the_place_of_a_note(kb):
    (kb / f"incidents/2026/{SEARCH}.md").unlink()
    (kb / f"incidents/2026/{SEARCH}.md").mkdir()


def break_a_template(kb):
    folder = kb / "templates/incident"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "incident.md").write_bytes(b"\xff{% broken")


def break_the_index(kb):
    for folder, _, files in os.walk(os.environ["XDG_CACHE_HOME"]):
        for name in files:
            with open(os.path.join(folder, name), "wb") as file:
                file.write(b"no database")


def break_the_journal(kb):
    for folder, _, files in os.walk(kb / ".incident"):
        for name in files:
            with open(os.path.join(folder, name), "wb") as file:
                file.write(b"\xff")


def take_all_away(kb):
    os.rename(kb, kb.with_name("gone"))


@pytest.mark.parametrize(
    "damage",
    [
        break_settings,
        break_a_note,
        put_a_folder_in_the_place_of_a_note,
        break_a_template,
        break_the_index,
        break_the_journal,
        take_all_away,
    ],
)
def test_whatever_is_broken_the_rest_is_offered_and_nothing_is_said(kb, run, asked, damage):
    run("list", vault=kb)
    damage(kb)
    for line in LINES:
        asked("zsh", *line)
    assert asked("zsh", "tell", "us") == ["-", "users:external"]
    if damage not in {take_all_away, break_settings}:
        assert asked("fish", "ack", "") == ["-", f"{CARDS}\tSEV2 triage, Card payments fail"]


def test_settings_of_a_person_that_are_broken_are_passed_over(kb, asked, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "okb-incident").mkdir()
    (tmp_path / "okb-incident/settings.toml").write_text("user = [")
    assert asked("zsh", "tell", "us") == ["-", "users:external"]
    assert asked("zsh", "ack", "") == ["-"]


def test_a_folder_that_was_deleted_is_no_vault(kb, asked, monkeypatch, tmp_path):
    monkeypatch.delenv("INCIDENT_VAULT")
    (tmp_path / "deleted").mkdir()
    monkeypatch.chdir(tmp_path / "deleted")
    (tmp_path / "deleted").rmdir()
    assert asked("zsh", "ack", "") == ["-"]
    monkeypatch.chdir("/")


def test_nothing_is_written_by_asking(kb, asked):
    def files():
        return {path: path.stat().st_mtime_ns for path in sorted(kb.rglob("*")) if path.is_file()}

    before = files()
    for line in LINES:
        asked("zsh", *line)
    assert files() == before
