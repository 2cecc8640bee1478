"""What only a terminal gets: a table with colours, a numbered choice, a scribe that takes line after line."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import threading

import pytest
from tests.cli.conftest import NOW

STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def on_terminal(incident):
    """Run the command on a terminal of its own, with what a person types there; give its exit code and what was shown."""

    def run(*words, vault, typed="", env=None):
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [str(incident), "--vault", str(vault), *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={
                **os.environ,
                "INCIDENT_NOW": NOW,
                "INCIDENT_USER": "alice",
                "TERM": "xterm",
                "COLUMNS": "120",
                **(env or {}),
            },
        )
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = bytearray()

        def read():
            try:
                while more := os.read(ours, 4096):
                    shown.extend(more)
            except OSError:
                pass  # on Linux, the end of a terminal that nobody holds open any more

        reader = threading.Thread(target=read)
        reader.start()
        code = process.wait()
        reader.join()
        os.close(ours)
        return code, STYLE.sub("", shown.decode()).replace("\r\n", "\n")

    return run


@pytest.fixture
def two(run, vault):
    """The vault with a second open incident, so that none is meant by itself."""
    assert run("open", "Search is down", "-s", "sev1", vault=vault).returncode == 0
    return vault


def test_a_table_on_a_terminal_has_a_head_and_every_incident(on_terminal, two):
    code, shown = on_terminal("list", vault=two)
    assert code == 0
    assert re.search(r"^1123-02 .*SEV1 .*triage .*Search is down", shown, re.MULTILINE)
    assert re.search(r"^1123-01 .*SEV2 .*triage .*Checkout is slow", shown, re.MULTILINE)


def test_a_pinned_clock_is_announced(on_terminal, vault):
    _, shown = on_terminal("status", vault=vault)
    assert "the clock is pinned by INCIDENT_NOW to 2026-11-23T12:00:00 UTC" in shown


def test_where_two_can_be_meant_a_terminal_offers_a_choice(on_terminal, run, two):
    code, shown = on_terminal("ack", vault=two, typed="2\n")
    assert code == 0
    chosen = re.search(r"^  2  .*(INC-20261123-0\d)", shown, re.MULTILINE)
    assert chosen is not None
    assert f" · {chosen[1]} " in shown.split("Which one?")[1]
    assert run("list", "--where", "status=investigating", vault=two).stdout.count("INC-") == 1


@pytest.mark.parametrize("typed", ["\n", "3\n", "0\n", "x\n"])
def test_what_is_no_number_of_it_chooses_nothing(on_terminal, run, two, typed):
    code, shown = on_terminal("ack", vault=two, typed=typed)
    assert code == 4
    assert "ack -i INC-20261123-01" in shown
    assert run("list", "--where", "status=investigating", vault=two).stdout.count("INC-") == 0


def test_no_input_asks_nothing(on_terminal, two):
    code, shown = on_terminal("--no-input", "ack", vault=two)
    assert code == 4
    assert "Which one?" not in shown


def test_the_scribe_takes_each_line_and_goes_on_after_one_that_is_refused(on_terminal, vault, note):
    lines = "pool exhausted\n\nrole: nobody at all\ndecision: roll back\n\x04"
    code, shown = on_terminal("log", vault=vault, typed=lines)
    assert code == 0
    assert "one line per entry; Ctrl-D ends" in shown
    text = note.read_text()
    assert "**note** @alice: pool exhausted" in text
    assert "**decision** @alice: roll back" in text
    assert "error" in shown
    assert "nobody at all" not in text


@pytest.mark.parametrize(
    ("typed", "kind", "is_told"),
    [
        ("yes\n", "**decision** @alice: roll back", False),
        ("no\n", "**note** @alice: decison: roll back", False),
        ("\n", "**note** @alice: decison: roll back", True),
        ("\x04", "**note** @alice: decison: roll back", True),
    ],
)
def test_a_mistyped_kind_is_asked_about_and_the_words_are_kept(on_terminal, vault, note, typed, kind, is_told):
    code, shown = on_terminal("log", "decison: roll back", vault=vault, typed=typed)
    assert code == 0
    assert "'decison' is not a kind of entry; log it as decision?" in shown
    assert kind in note.read_text()
    assert ("if decision was meant: incident" in shown) is is_told


def test_the_scribe_asks_nothing_of_the_lines_that_follow(on_terminal, vault, note):
    code, shown = on_terminal("log", vault=vault, typed="decison: roll back\nyes\n\x04")
    assert code == 0
    assert "if decision was meant" in shown
    assert "**note** @alice: yes" in note.read_text()


def test_a_bare_time_is_echoed_on_the_clock_of_the_terminal_too(on_terminal, vault):
    tokyo = {"TZ": "Asia/Tokyo"}
    _, shown = on_terminal("log", "--at", "11:57", "slow", vault=vault, env=tokyo)
    assert "logged 11:57 UTC = 20:57 JST on this machine (3m ago)" in shown
    _, shown = on_terminal("mitigate", "--at", "11:58", vault=vault, env=tokyo)
    assert "mitigated 11:58 UTC = 20:58 JST on this machine (2m ago)" in shown
    for words, env in ((("--at", "11:57"), {"TZ": "UTC"}), (("--at", "-3m"), tokyo)):
        _, shown = on_terminal("log", *words, "slow", vault=vault, env=env)
        assert "logged 11:57 UTC (3m ago)" in shown


def test_the_demo_waits_for_enter_before_each_step_and_fits_60_rows(on_terminal, vault, tmp_path):
    folder = tmp_path / "demo"
    code, shown = on_terminal("demo", "--dir", str(folder), vault=vault, typed="\n" * 7, env={"COLUMNS": "80"})
    assert code == 0, shown
    assert shown.count("[Enter for the next step, Ctrl-C to stop]") == 7
    assert "pinned" not in shown
    # Enter's own rows are taken back again where the terminal can.
    left = re.sub(r"\n.*Ctrl-C to stop\] \x1b\[A\x1b\[K\x1b\[A\x1b\[K", "", shown)
    assert "Enter" not in left
    assert sum(max(1, -(-len(row) // 80)) for row in left.lstrip().splitlines()) <= 60


def test_who_leaves_the_demo_at_a_step_may_start_it_again(on_terminal, vault, tmp_path):
    folder = tmp_path / "demo"
    code, shown = on_terminal("demo", "--dir", str(folder), vault=vault, typed="\n\n\x04")
    assert (code, "acknowledged" in shown, "logged" in shown) == (130, True, False)
    code, shown = on_terminal("demo", "--dir", str(folder), vault=vault, typed="\n" * 7)
    assert code == 0, shown


@pytest.fixture
def newcomer(tmp_path, monkeypatch):
    """Somebody who has a name in git and a zone, and no settings of ours."""
    (tmp_path / "gitconfig").write_text("[user]\n  name = Ada Lovelace\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("TZ", "Europe/Zurich")
    return {"INCIDENT_USER": ""}


def test_init_asks_a_newcomer_and_enter_takes_what_is_suggested(on_terminal, newcomer, vault, tmp_path):
    code, shown = on_terminal("init", str(tmp_path / "new"), vault=vault, typed="\n" * 4, env=newcomer)
    assert code == 0, shown
    own = tmp_path / "config" / "okb-incident" / "settings.toml"
    assert own.read_text() == 'user = "Ada Lovelace"\nzone = "Europe/Zurich"\n'
    assert 'zone = "UTC"' in (tmp_path / "new" / "incident.toml").read_text()
    assert "saved your name Ada Lovelace and your time zone Europe/Zurich in" in shown
    assert "Obsidian" not in shown
    # Once the settings have the answers, only what is of the vault is asked.
    code, shown = on_terminal("init", str(tmp_path / "second"), vault=vault, typed="\n\n", env=newcomer)
    assert (code, shown.count("?")) == (0, 2), shown


def test_init_takes_other_answers_and_asks_again_for_a_zone_that_is_none(on_terminal, newcomer, vault, tmp_path):
    (tmp_path / "new" / ".obsidian").mkdir(parents=True)
    typed = "erin\nMars\nAsia/Tokyo\nEurope/Paris\ny\ny\n"
    code, shown = on_terminal("init", str(tmp_path / "new"), vault=vault, typed=typed, env=newcomer)
    assert code == 0, shown
    own = tmp_path / "config" / "okb-incident" / "settings.toml"
    assert own.read_text() == f'user = "erin"\nzone = "Asia/Tokyo"\nvault = "{tmp_path / "new"}"\n'
    assert 'zone = "Europe/Paris"' in (tmp_path / "new" / "incident.toml").read_text()
    assert (tmp_path / "new" / "incidents" / "boards" / "Incidents.base").exists()
    code, shown = on_terminal("init", str(tmp_path / "new"), vault=vault, env=newcomer)
    assert (code, shown.count("?")) == (0, 0), shown


def test_who_leaves_a_question_of_init_gets_nothing(on_terminal, newcomer, vault, tmp_path):
    code, shown = on_terminal("init", str(tmp_path / "new"), vault=vault, typed="erin\n\x04", env=newcomer)
    assert code == 130, shown
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "config").exists()


def headline(vault, number=1):
    """Return the first line of a message to users."""
    (path,) = vault.rglob(f"* update {number} users *")
    return path.read_text().partition("\n**")[2].partition("**")[0]


@pytest.fixture
def shop(vault):
    """The vault with two services that customers know, and an incident of both whose title is internal."""
    for name, public in (("checkout", "the shop"), ("payments", "card payments")):
        (vault / f"services/{name}.md").write_text(f"---\ntype: service\npublic_name: {public}\n---\n")
    (note,) = vault.rglob("INC-20261123-01.md")
    note.write_text(note.read_text().replace("\nstatus:", "\nservices:\n  - checkout\n  - payments\nstatus:", 1))
    return vault


def test_the_first_message_to_users_asks_for_the_public_headline_and_enter_takes_the_one_of_the_services(
    on_terminal, run, shop
):
    code, shown = on_terminal("tell", "-i", "01", "users", "Cards fail.", vault=shop, typed="\n")
    assert code == 0
    assert "Public headline? Enter for 'Problem with the shop and card payments': " in shown
    assert headline(shop) == "Investigating: Problem with the shop and card payments"
    # It was asked once; the next message does not ask again.
    code, shown = on_terminal("tell", "-i", "01", "users", "Cards still fail.", vault=shop)
    assert (code, "Public headline?" in shown) == (0, False)
    assert headline(shop, 2) == "Investigating: Problem with the shop and card payments"


def test_the_public_headline_that_is_typed_stays(on_terminal, shop):
    code, _ = on_terminal("tell", "-i", "01", "users", "Cards fail.", vault=shop, typed="Card payments fail for some\n")
    assert code == 0
    assert headline(shop) == "Investigating: Card payments fail for some"
    (note,) = shop.rglob("INC-20261123-01.md")
    assert "\npublic_title: Card payments fail for some\n" in note.read_text()
    code, shown = on_terminal("tell", "-i", "01", "stakeholders", "Cards fail.", vault=shop)
    assert (code, "Public headline?" in shown) == (0, False)


@pytest.mark.parametrize("asked", [False, True], ids=["no terminal", "--no-input"])
def test_a_script_gets_the_headline_that_enter_takes(on_terminal, run, shop, asked):
    words = ("tell", "-i", "01", "users", "Cards fail.")
    if asked:
        code, shown = on_terminal("--no-input", *words, vault=shop)
        assert (code, "Public headline?" in shown) == (0, False)
    else:
        assert run(*words, vault=shop).returncode == 0
    assert headline(shop) == "Investigating: Problem with the shop and card payments"


def test_a_headline_that_the_incident_has_already_is_not_asked_for(on_terminal, run, shop):
    assert run("set", "-i", "01", "public_title=Card payments fail", vault=shop).returncode == 0
    code, shown = on_terminal("tell", "-i", "01", "users", "Cards fail.", vault=shop)
    assert (code, "Public headline?" in shown) == (0, False)
    assert headline(shop) == "Investigating: Card payments fail"


def test_who_leaves_the_question_for_a_headline_sends_nothing(on_terminal, shop):
    code, shown = on_terminal("tell", "-i", "01", "users", "Cards fail.", vault=shop, typed="\x04")
    assert (code, list(shop.rglob("* update 1 users *"))) == (130, [])
    assert "Traceback" not in shown
