"""What a hook could not take waits: for another try, without a secret that was taken out, and unseen where it is restricted."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from okb_incident.errors import VaultError
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.write.outbox import Outbox, target_of


@pytest.fixture
def hook(desk, tmp_path, monkeypatch):
    """Let the user have a hook for messages that fails until it is told not to."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    script = tmp_path / "page"
    script.write_text("#!/bin/sh\nexit 3\n")
    script.chmod(0o755)
    settings = tmp_path / "config/okb-incident/settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'[[hooks]]\non = ["comms"]\nrun = ["{script}"]\nrestricted = true\ntimeout = "2m"\n')
    return script


def works(hook: Path) -> None:
    hook.write_text('#!/bin/sh\ncat > "$0.got"\n')


def waiting(desk) -> list[Path]:
    return sorted(Path(Journal.here(str(desk.root)).place("outbox")).glob("*.json"))


def test_a_message_waits_until_its_hook_can_take_it(desk, hook):
    assert "what was not delivered is kept" in desk("tell", "01", "team", "We look.", code=8).err
    (kept,) = waiting(desk)
    assert kept.stat().st_mode & 0o777 == 0o600
    # What is run stands in the user's own settings; a file of the vault names it by a digest alone.
    assert str(hook) not in kept.read_text()
    assert desk("comms", "outbox", "--retry", code=8).out.count("team/status-update") == 1
    works(hook)
    assert desk("comms", "outbox", "--retry").out == "everything is delivered\n"
    assert waiting(desk) == []
    told = json.loads(Path(f"{hook}.got").read_text())
    assert told["message"]["text"] == "**Investigating: Checkout is slow (SEV3)**\n\nWe look."
    assert told["message"]["audience"] == "team"


def test_one_failure_keeps_no_other_from_its_way_and_a_hook_that_is_gone_waits_on(desk, hook, tmp_path):
    desk("tell", "01", "team", "One.", code=8)
    works(hook)
    desk("tell", "01", "team", "Two.")
    assert len(waiting(desk)) == 1
    (tmp_path / "config/okb-incident/settings.toml").write_text("")
    answer = desk("comms", "outbox", "--retry", code=8)
    assert "no hook of your settings takes this message any more" in answer.err
    assert "gone from your settings" in answer.out
    assert len(waiting(desk)) == 1


def test_a_correction_is_handed_over_too(desk, hook):
    desk("tell", "01", "team", "One.", code=8)
    works(hook)
    desk("comms", "amend", "01", "u1", "Two.")
    assert json.loads(Path(f"{hook}.got").read_text())["message"]["kind"] == "correction"


def test_a_secret_is_taken_out_of_what_waits(desk, hook):
    desk("tell", "01", "team", "The key is Tür-4f2a.", code=8)
    desk("redact", "INC-20261123-01", "--text", "Tür-4f2a")
    (kept,) = waiting(desk)
    assert json.loads(kept.read_text())["message"]["text"].endswith("\n\nThe key is REDACTED.")


def test_a_message_of_a_restricted_incident_is_listed_for_who_asks(desk, hook):
    desk("restrict", "INC-20261123-01")
    desk("tell", "INC-20261123-01", "team", "We look.", code=8)
    assert desk("comms", "outbox").out == "everything is delivered\n"
    assert "INC-20261123-01" in desk("comms", "outbox", "--restricted").out


def test_what_is_no_message_of_ours_is_left_alone(desk, hook):
    desk("tell", "01", "team", "One.", code=8)
    (kept,) = waiting(desk)
    kept.with_name(f"{kept.name[:26]}-000000000000.json").write_text("[]")
    kept.with_name("notes.txt").write_text("mine")
    kept.with_name(f"{kept.name[:26]}-111111111111.json").write_text("no json")
    assert len(Outbox.here(str(desk.root)).waiting()) == 1


def test_a_link_in_its_place_is_refused(desk, tmp_path):
    folder = Journal.here(str(desk.root)).place("outbox")
    os.symlink(tmp_path, folder)
    with pytest.raises(VaultError, match="is a link; the outbox is only written inside the vault"):
        Outbox.here(str(desk.root))


def test_two_commands_are_two_targets():
    assert target_of(("a", "b")) != target_of(("ab",))


@pytest.mark.parametrize(
    ("words", "why", "left"),
    [
        (("set", "01", "nature=drill"), "a drill, so it waits no longer", 0),
        (
            ("comms", "withhold", "01", "users", "no"),
            "not for users: it was decided not to tell them, so it waits no",
            0,
        ),
        (("set", "01", "tlp=red"), "not for users: it is TLP:RED", 1),
        (("restrict", "01"), "not for users: it is restricted", 1),
        (None, "in a note that cannot be read now", 1),
    ],
)
def test_what_waits_is_held_back_if_the_incident_must_not_be_told_of_any_more(desk, hook, words, why, left):
    desk("tell", "01", "users", "Cards fail.", code=8)
    works(hook)
    if words:
        desk(*words)
    else:
        desk.note.unlink()
        desk.note.mkdir()
    answer = desk("comms", "outbox", "--retry", "--restricted", code=8 if left else 0)
    assert f"a message was not delivered: its incident is {why}" in answer.err
    assert not Path(f"{hook}.got").exists()
    assert len(waiting(desk)) == left


def test_a_hook_that_hears_of_no_restricted_incident_gets_no_message_of_one_that_became_it(desk, hook, tmp_path):
    desk("tell", "01", "team", "One.", code=8)
    desk("restrict", "01")
    works(hook)
    settings = tmp_path / "config/okb-incident/settings.toml"
    settings.write_text(settings.read_text().replace("restricted = true\n", ""))
    assert "and the hook hears of no restricted incident" in desk("comms", "outbox", "--retry", code=8).err
    settings.write_text(settings.read_text() + "restricted = true\n")
    desk("comms", "outbox", "--retry")
    assert waiting(desk) == []


def test_a_decision_to_tell_lets_go_what_waits(desk, hook):
    desk("tell", "01", "users", "Cards fail.", code=8)
    desk("set", "01", "tlp=red")
    desk("tell", "01", "users", "Cards fail.", "--disclose", code=8)
    works(hook)
    assert desk("comms", "outbox", "--retry").out == "everything is delivered\n"
