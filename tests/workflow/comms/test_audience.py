"""Who hears what: nothing of a drill is delivered, and nothing of a confidential incident goes outside unless somebody decides so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

LATE = "2026-11-23T15:00:00Z"
DRILL, SECRET = "INC-20261123-02", "INC-20261123-03"
NOTICE = "DRILL: this is an exercise, not a real incident."


@pytest.fixture
def heard(desk, tmp_path, monkeypatch):
    """Give what each of the user's hooks was handed: one for messages, which fails, one for all else, one for restricted incidents."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = tmp_path / "config/okb-incident/settings.toml"
    settings.parent.mkdir(parents=True)
    lines = []
    for name, on, end, more in (
        ("messages", '["comms", "changed"]', "exit 3", ""),
        ("changes", '["changed", "opened"]', "exit 0", ""),
        ("all", '["changed"]', "exit 0", "restricted = true\n"),
    ):
        script = tmp_path / name
        script.write_text(f'#!/bin/sh\ncat >> "$0.got"\necho >> "$0.got"\n{end}\n')
        script.chmod(0o755)
        lines.append(f'[[hooks]]\non = {on}\nrun = ["{script}"]\ntimeout = "2m"\n{more}')
    settings.write_text("".join(lines))

    def got(name: str) -> list[dict[str, Any]]:
        path = Path(tmp_path / f"{name}.got")
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    return got


@pytest.fixture
def drill(desk, heard):
    desk("open", "Failover", "-s", "sev2", "--drill", "--ack")
    return DRILL


def messages(desk, folder="2026"):
    return {
        path.name.split(" ")[2]: path.read_text()
        for path in sorted((desk.root / "incidents" / folder).glob("* update *"))
    }


def test_a_message_of_a_drill_is_recorded_and_handed_to_nobody(desk, heard, drill):
    desk("tell", "-i", drill, "users", "Cards fail.")
    desk("comms", "draft", drill, "users", "status-update", "Still.")
    text = desk("comms", "send", drill, "u2").out
    desk("comms", "amend", drill, "u2", "Wallets too.")
    assert [each["command"] for each in heard("messages")] == ["open"]
    assert {each["command"] for each in heard("changes")} == {"open", "tell", "comms send", "comms amend"}
    assert all(each["message"] is None and "comms" not in each["events"] for each in heard("changes"))
    assert text.startswith(f"{NOTICE}\n\n**Investigating: Problem with our service**\n\nStill.")
    assert desk("comms", "outbox").out == "everything is delivered\n"
    one, two = messages(desk).values()
    for note in (one, two):
        assert f"\n# Users {1 if note is one else 2}: DRILL: Problem with our service\n\n{NOTICE}\n\n" in note
        assert ": DRILL: Failover" in note.partition("aliases:")[2].partition("created:")[0]
    # What was frozen is what was printed.
    assert not any(each["changed_since"] for each in json.loads(desk("comms", "list", drill, "--json").out))


def test_a_draft_that_is_older_than_the_drill_says_so_when_it_is_sent(desk, heard):
    desk("comms", "draft", "01", "team", "status-update", "We look.")
    desk("comms", "approve", "01", "u1")
    desk("set", "01", "nature=drill")
    assert desk("comms", "send", "01", "u1").out.startswith(NOTICE)
    assert [each["changed_since"] for each in json.loads(desk("comms", "list", "01", "--json").out)] == [False]
    assert heard("messages") != []
    assert all(each["message"] is None for each in heard("messages"))


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("show", DRILL),
        ("status",),
        ("show", DRILL, "--markdown"),
        ("status", "--live"),
        ("next", DRILL),
        ("next", "--all"),
        ("timeline", DRILL),
        ("timeline", DRILL, "--table"),
        ("timeline", DRILL, "--mermaid"),
        ("timeline", DRILL, "--public"),
        ("report",),
        ("report", "--format", "markdown"),
        ("search", "failover"),
        ("similar", "failover"),
        ("who",),
        ("action", "list", DRILL),
        ("comms", "list", DRILL),
        ("comms", "show", DRILL),
        ("comms", "due"),
    ],
)
def test_every_view_of_a_drill_carries_the_word(desk, drill, words):
    desk("tell", "-i", drill, "users", "Cards fail.")
    desk("log", "-i", drill, "--external", "we look")
    desk("action", "add", "-i", drill, "roll back")
    desk("ack", "01")
    assert "DRILL" in desk(*words).out


def test_what_hooks_are_told_of_a_drill_carries_the_word(desk, heard, drill):
    desk("severity", drill, "sev1")
    for each in heard("changes"):
        assert each["drill"] is True
        assert each["incident"]["title"] == "DRILL: Failover"
        assert each["said"].startswith("DRILL: ")
    desk("log", "-i", "01", "we look")
    assert heard("changes")[-1]["incident"]["title"] == "Checkout is slow"
    assert heard("changes")[-1]["drill"] is False


def test_a_drill_is_overdue_and_makes_no_check_fail(desk, drill, monkeypatch):
    desk("resolve", "01")
    monkeypatch.setenv("INCIDENT_NOW", LATE)
    for words in (("status",), ("next", "--all"), ("next", drill), ("comms", "due")):
        assert "overdue" in desk(*words, "--check").out
    assert json.loads(desk("status", "--check", "--json").out)["overdue"] == 0
    desk("set", drill, "nature=")
    for words in (("status",), ("next", "--all"), ("comms", "due")):
        desk(*words, "--check", code=9)


@pytest.fixture
def secret(desk, heard):
    desk("open", "Odd", "-s", "sev4")
    desk("open", "Keys leaked", "-s", "sev1", "--category", "security", "--set", "tlp=red")
    return SECRET


def test_users_and_stakeholders_hear_of_a_restricted_incident_only_by_decision(desk, heard, secret):
    before = desk.all()
    refused = desk("tell", secret, "users", "Keys leaked.", "--next", "30m", code=7)
    assert desk.all() == before
    command = f"tell -i {secret} users 'Keys leaked.' --next 2026-11-23T12:30:00 --disclose"
    assert f"nothing was sent to users about {secret}: it is restricted and TLP:RED" in refused.err
    assert command in refused.err
    assert f"comms withhold -i {secret} users" in refused.err
    desk("tell", secret, "users", "Keys leaked.", "--dry-run", code=7)
    desk("tell", secret, "team", "We look.")
    desk("tell", secret, "management", "We look.")
    answer = desk("tell", secret, "users", "Keys leaked.", "--disclose", "--reason", "they must change passwords")
    assert "2 of your hooks did not get the message" in answer.err
    assert [each["message"]["audience"] for each in heard("all") if each["command"] == "tell"] == [
        "team",
        "management",
        "users",
    ]
    lines = desk("timeline", secret).out
    assert "users are told although it is restricted and TLP:RED, because they must change passwords" in lines


def test_the_note_of_a_message_about_a_restricted_incident_is_marked_and_closed_like_it(desk, secret):
    """Moved elsewhere by hand, it is still known as restricted by what its properties say."""
    desk("tell", secret, "team", "We look.")
    desk("tell", "INC-20261123-02", "team", "Nothing found.", code=8)
    ((said, path),) = [
        (path.read_text(), path) for path in (desk.root / "incidents/restricted/2026").glob(f"{secret} update *")
    ]
    assert said.partition("\n---\n")[0].splitlines().count("visibility: restricted") == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert "visibility:" not in messages(desk)["1"]


def test_a_draft_is_held_back_as_well_and_so_is_a_correction(desk, secret):
    desk("comms", "draft", secret, "stakeholders", "impact-assessment", "Keys leaked.")
    refused = desk("comms", "send", secret, "u1", "--channel", "mail", code=7)
    assert f"comms send -i {secret} u1 --channel mail --disclose" in refused.err
    assert "state: draft" in messages(desk, "restricted/2026")["1"]
    assert desk("comms", "send", secret, "u1", "--disclose").out.startswith(
        "**Investigating: Problem with our service**\n\nKeys leaked."
    )
    refused = desk("comms", "amend", secret, "u1", "One key.", code=7)
    assert f"comms amend -i {secret} u1 'One key.' --disclose" in refused.err
    desk("comms", "amend", secret, "u1", "One key.", "--disclose")
    assert desk("timeline", secret).out.count("stakeholders are told although") == 2


@pytest.mark.parametrize("words", ["tlp: TLP: Amber", "tlp: amber\nbroken: [", "tlp: ambre", "visibility: restricted"])
def test_what_a_writer_marks_by_hand_holds_though_the_block_is_broken(desk, words):
    desk.type("\nseverity:", f"\n{words}\nseverity:")
    assert "nothing was sent to users" in desk("tell", "-i", "INC-20261123-01", "users", "Hello.", code=7).err
    desk("tell", "-i", "INC-20261123-01", "team", "Hello.")


def test_a_copy_in_the_restricted_folder_keeps_the_open_one_inside_too(desk):
    folder = desk.root / "incidents/restricted/2026"
    folder.mkdir(parents=True)
    (folder / desk.note.name).write_text(desk.note.read_text())
    assert "it is restricted" in desk("tell", "-i", "INC-20261123-01", "users", "Hello.", code=7).err


def due(desk, which):
    return {each["item"]: each for each in json.loads(desk("next", which, "--json").out)}


def test_next_asks_for_the_decision_until_it_is_made(desk, secret):
    users = due(desk, secret)["update users"]
    assert users["what"] == "decide whether to inform users: it is restricted and TLP:RED"
    assert users["argv"][3:] == ["tell", "-i", secret, "users", "--next", "20m", "--disclose"]
    assert users["instead"]["argv"][3:] == ["comms", "withhold", "-i", secret, "users"]
    desk("comms", "withhold", secret, "users", "the intruder would be warned")
    desk("tell", secret, "stakeholders", "Keys leaked.", "--disclose")
    assert "update users" not in due(desk, secret)
    assert due(desk, secret)["update stakeholders"]["what"] == "tell stakeholders the current state"
    assert due(desk, secret)["update stakeholders"]["instead"] is None
    again = desk("comms", "withhold", secret, "users", "the intruder would be warned").out
    assert "nothing to change" in again


def test_a_decision_not_to_tell_binds_everybody_until_another_is_made(desk):
    desk("comms", "withhold", "01", "users", "nobody is hit")
    refused = desk("tell", "01", "users", "Cards fail.", who="bob", code=7)
    assert "nothing was sent to users about INC-20261123-01: it was decided not to tell them" in refused.err
    assert "tell -i INC-20261123-01 users 'Cards fail.' --disclose" in refused.err
    assert "withhold" not in refused.err
    desk("tell", "01", "users", "Cards fail.", "--disclose", who="bob")
    desk("tell", "01", "users", "Still.", who="bob")
    assert "users are told although it was decided not to tell them" in desk("timeline", "01").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "AUDIENCE is missing: who is not informed?"),
        (("users",), "REASON is missing: why are users not informed?"),
        (("team", "x"), "unknown audience 'team'; choose from users, stakeholders"),
    ],
)
def test_what_withhold_cannot_do_without(desk, words, said):
    assert said in desk("comms", "withhold", *words, code=2).err


def test_a_security_incident_says_when_it_is_opened_how_to_name_it(desk, heard):
    opened = desk("open", "Keys leaked", "-s", "sev1", "--category", "security")
    which = "INC-20261123-02"
    assert f"opened SEV1, category security, restricted · {which} Keys leaked" in opened.out
    assert "lists leave it out, only its full id names it" in opened.err
    # What it needs is set in it, and in no other incident.
    assert f"set -i {which} tlp" in opened.err
    restricted = desk("restrict", "INC-20261123-01").err
    assert "lists leave it out" in restricted
    assert "show -i INC-20261123-01" in restricted
    assert "restricted" not in desk("open", "Odd").err


def test_nobody_acknowledged_it_concerns_who_has_a_role_in_it(desk, secret, monkeypatch):
    desk("role", secret, "tech", "bob")
    settings = desk.root / "incident.toml"
    settings.write_text(settings.read_text() + '\n[teams.secops]\nmembers = ["Gita"]\n')
    desk("team", "activate", secret, "secops")
    for each in ("01", "02"):
        desk("resolve", each)
        desk("close", each, "--force", "--reason", "x")
    for who in ("bob", "gita", "alice"):
        desk("status", "--check", who=who)
    monkeypatch.setenv("INCIDENT_NOW", LATE)
    plain = desk("status", "--check", who="alice")
    assert (plain.out, plain.err) == ("nothing is open\n", "")
    desk("next", "--check", who="alice")
    for who in ("bob", "gita"):
        for words in (("status", "--check"), ("next", "--check"), ("status", "--check", "--json")):
            answer = desk(*words, who=who, code=9)
            assert "not acknowledged: a restricted incident in which you have a role" in answer.err
            assert "Keys" not in answer.out + answer.err
            assert secret not in answer.out + answer.err
        assert desk("status", who=who).err == ""
    assert "Keys leaked" in desk("status", "--check", "--restricted", who="bob", code=9).out
    desk("ack", secret, who="bob")
    for who in ("bob", "gita"):
        desk("status", "--check", who=who)


def test_only_a_hook_for_restricted_incidents_hears_of_one_that_becomes_restricted(desk, heard):
    desk("set", "01", "detected_by=security", "tlp=red")
    assert heard("changes") == []
    (told,) = heard("all")
    assert (told["command"], told["incident"]["id"]) == ("set", "INC-20261123-01")
