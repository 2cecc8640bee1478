"""The demo: one incident in a folder of its own, which may be made again and again and touches nothing of anybody."""

from __future__ import annotations

import json

import pytest

AFTER = {"INCIDENT_NOW": "2026-11-20T15:40:00Z", "INCIDENT_USER": "erin"}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "code", "said"),
    [("there", 6, "is not an unchanged demo; nothing was overwritten"), ("a file/x", 3, "could not be written")],
)
def test_the_demo_overwrites_nothing(run, here, folder, code, said):
    (here / "there").mkdir()
    (here / "a file").write_text("mine\n")
    done = run("demo", "--dir", str(here / folder), vault=None)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert list((here / "there").iterdir()) == []


def test_the_demo_tells_its_story_on_60_lines_and_may_be_run_again(run, here):
    answers = []
    for _ in range(3):
        done = run("demo", vault=None)
        assert (done.returncode, done.stderr) == (0, "")
        assert len(done.stdout.splitlines()) <= 60
        answers.append(done.stdout)
        assert [each.name for each in here.iterdir()] == ["incident-demo"]
    assert answers[0] == answers[1] == answers[2]
    assert "opened SEV2 · INC-20261120-02 Search is slow" in answers[0]


def test_who_only_reads_in_the_demo_changes_nothing_in_it(run, here):
    assert run("demo", vault=None).returncode == 0
    for words in (["next"], ["report"], ["list", "--all"], ["show", "last"], ["undo", "--dry-run"]):
        done = run(*words, vault=here / "incident-demo", env=AFTER)
        assert done.returncode == 0, done.stderr
    assert "to incident-demo." in run("demo", vault=None).stdout


def test_a_demo_in_which_something_was_done_is_left_as_it_is(run, here):
    assert run("demo", vault=None).returncode == 0
    assert run("log", "-i", "last", "mine", vault=here / "incident-demo").returncode == 0
    before = {each: each.read_bytes() for each in (here / "incident-demo").rglob("*") if each.is_file()}
    for _ in range(2):
        assert "to incident-demo-2." in run("demo", vault=None).stdout
    assert {each: each.read_bytes() for each in (here / "incident-demo").rglob("*") if each.is_file()} == before
    assert run("demo", "--dir", "incident-demo", vault=None).returncode == 6
    assert sorted(each.name for each in here.iterdir()) == ["incident-demo", "incident-demo-2"]


def test_the_demo_uses_no_vault_person_and_hook_of_ones_own(run, here, vault, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(here / "config"))
    settings = here / "config" / "okb-incident" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        f'zone = "Asia/Tokyo"\nvault = "{vault}"\n[[hooks]]\non = ["comms"]\nrun = ["touch", "{here}/delivered"]\n'
    )
    mine = {"INCIDENT_VAULT": str(vault), "INCIDENT_ID": "INC-20261123-01", "INCIDENT_USER": "alice"}
    assert run("tell", "team", "We look.", vault=vault).returncode == 0
    assert (here / "delivered").exists(), "the hook is one that is run"
    (here / "delivered").unlink()
    before = {each: each.read_bytes() for each in vault.rglob("*") if each.is_file()}
    done = run("demo", vault=None, env=mine)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Tokyo" not in done.stdout
    assert "@alice" not in done.stdout
    assert "INCIDENT_USER=erin" in done.stdout
    assert "unset INCIDENT_VAULT && cd incident-demo" in done.stdout
    assert {each: each.read_bytes() for each in vault.rglob("*") if each.is_file()} == before
    assert not (here / "delivered").exists()


def test_a_vault_does_not_get_the_incidents_of_a_demo(run, vault, monkeypatch):
    (vault / "below").mkdir()
    monkeypatch.chdir(vault / "below")
    done = run("demo", vault=None)
    assert done.returncode == 6
    assert "which would count the incidents of the demo" in done.stderr
    assert len(json.loads(run("list", "--all", "--json", vault=vault).stdout)) == 1
    assert list((vault / "below").iterdir()) == []
