"""Setting up: vaults, templates and the demo, and what they refuse."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from okb_incident.core.values.properties import ORDER
from okb_incident.core.values.status import Status


def test_a_folder_becomes_a_vault_once_and_nothing_of_it_is_touched_again(run, tmp_path):
    first = json.loads(run("init", str(tmp_path / "kb"), "--zone", "Europe/Zurich", "--json", vault=None).stdout)
    assert (first["vault"], first["zone"]) == (str(tmp_path / "kb"), "Europe/Zurich")
    assert "incident.toml" in first["made"]
    before = (tmp_path / "kb" / "incident.toml").read_bytes()
    again = run("init", str(tmp_path / "kb"), vault=None)
    assert "Nothing was changed." in again.stdout
    assert (tmp_path / "kb" / "incident.toml").read_bytes() == before


@pytest.fixture
def own(tmp_path, monkeypatch):
    """The user's own settings, which are not there yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "okb-incident" / "settings.toml"


@pytest.mark.parametrize(
    ("folder", "zone", "code", "said"),
    [("kb", "Mars", 2, "Mars"), ("a file", "UTC", 3, "a file"), ("a file/kb", "UTC", 3, "a file/kb")],
)
def test_what_cannot_become_a_vault(run, tmp_path, folder, zone, code, said):
    (tmp_path / "a file").write_text("mine\n")
    done = run("init", str(tmp_path / folder), "--zone", zone, vault=None)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert (tmp_path / "a file").read_text() == "mine\n"
    assert not (tmp_path / "kb").exists()


def test_the_template_of_the_vault_wins_and_the_list_says_what_it_hides(run, vault):
    folder = vault / "templates" / "incident"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "incident.md").write_text("# {{title}}, ours\n")
    listed = {each["name"]: each for each in json.loads(run("templates", "--json", vault=vault).stdout)}
    assert listed["incident"]["from"] == "vault"
    assert [path.endswith("templates/incident.md") for path in listed["incident"]["hides"]] == [True]
    assert "vault" in run("templates", vault=vault).stdout
    shown = run("templates", "show", "incident", vault=vault)
    assert shown.stdout == "# {{title}}, ours\n"
    assert "(vault)" in shown.stderr


def test_a_template_that_there_is_not(run, vault):
    done = run("templates", "show", "invoice", vault=vault)
    assert done.returncode == 4
    assert "there is no template 'invoice'; there is assessment, five-whys, incident" in done.stderr


def test_every_setting_says_where_it_comes_from(run, vault):
    shown = json.loads(run("config", "show", "--json", vault=vault).stdout)
    assert shown["zone"]["value"] == "UTC"
    assert shown["folders.people"]["source"] == "default"
    assert set(shown["zone"]) == {"value", "source", "meaning"}


WRONG = """\
format = 1
zone = "Mars"

[policy.SEV1]
acknowledge = "soon"
updates = { users = 10 }

[teams.payments]
kind = "good"
"""


def test_every_setting_that_cannot_be_used_is_named_at_once(run, vault):
    (vault / "incident.toml").write_text(WRONG)
    done = run("config", "check", vault=vault)
    assert done.returncode == 3
    assert [line.removeprefix(f"{vault}/") for line in done.stdout.splitlines()] == [
        'incident.toml:2: zone is \'Mars\'; it must be an IANA time zone such as "UTC" or "Europe/Zurich"',
        'incident.toml:5: policy.SEV1.acknowledge is \'soon\'; it must be a length of time such as "30m", "4h" or "7d"',
        'incident.toml:6: policy.SEV1.updates.users is 10; it must be a length of time such as "30m", "4h" or "7d"',
        "incident.toml:9: teams.payments.kind is 'good'; it must be one of technical, support, security, management",
    ]
    assert [fault["key"] for fault in json.loads(run("config", "check", "--json", vault=vault).stdout)["faults"]] == [
        "zone",
        "policy.SEV1.acknowledge",
        "policy.SEV1.updates.users",
        "teams.payments.kind",
    ]
    refused = run("list", vault=vault)
    assert refused.returncode == 3
    assert "config check names every key" in refused.stderr


def test_what_differs_from_the_defaults_comes_with_its_line(run, vault):
    with (vault / "incident.toml").open("a") as file:
        file.write(
            '\ncolour = "red"\n[policy.SEV1]\nacknowledge = "3m"\nresolve = "4h"\n[teams."on call"]\nkind = "support"\n'
        )
    done = run("config", "check", vault=vault)
    assert done.returncode == 0
    assert "colour is unknown to this version" in done.stdout
    lines = done.stdout.splitlines()
    assert "policy.SEV1.acknowledge = 3m  (default 5m)  incident.toml:10" in lines
    assert not [line for line in lines if line.startswith("policy.SEV1.resolve")]
    changed = run("config", "show", vault=vault).stdout
    assert "policy.SEV1.acknowledge = 3m  (default 5m)  incident.toml:10" in changed
    assert "policy.SEV1.mitigate" not in changed
    assert "policy.SEV1.mitigate = 1h  within" in run("config", "show", "--all", vault=vault).stdout
    shown = run("config", "show", "policy.SEV1", vault=vault).stdout
    assert "incident.toml:10" in shown
    assert "policy.SEV2" not in shown
    assert "no setting begins with" in run("config", "show", "nonsense", vault=vault).stderr


def test_settings_that_differ_in_nothing_say_so(run, vault):
    assert run("config", "check", vault=vault).stdout == "all is as by default\n"


def test_config_set_keeps_the_comments_of_the_file_and_may_be_undone(run, vault):
    settings = vault / "incident.toml"
    before = settings.read_text()
    done = run("config", "set", "policy.SEV1.acknowledge", "7m", vault=vault)
    assert done.returncode == 0, done.stderr
    assert [line for line in before.splitlines() if line not in settings.read_text().splitlines()] == []
    shown = json.loads(run("config", "show", "policy.SEV1.acknowledge", "--json", vault=vault).stdout)
    assert shown["policy.SEV1.acknowledge"]["value"] == "7m"
    assert run("undo", vault=vault).returncode == 0
    assert settings.read_text() == before


def test_config_set_shows_with_dry_run_what_it_would_change_and_writes_nothing(run, vault, own):
    before = {each: each.read_bytes() for each in vault.rglob("*") if each.is_file()}
    done = run("config", "set", "policy.SEV1.acknowledge", "7m", "--dry-run", vault=vault)
    assert '+acknowledge = "7m"' in done.stdout.splitlines()
    assert {each: each.read_bytes() for each in vault.rglob("*") if each.is_file()} == before
    done = run("config", "set", "--user", "zone", "Asia/Tokyo", "--dry-run", "--json", vault=vault)
    assert '+zone = "Asia/Tokyo"' in json.loads(done.stdout)["diff"].splitlines()
    assert not own.exists()
    assert run("config", "set", "--user", "zone", "Asia/Tokyo", vault=vault).stdout.startswith("set zone to Asia/Tokyo")
    again = run("config", "set", "--user", "zone", "Asia/Tokyo", "--dry-run", vault=vault)
    assert again.stdout == "nothing would change\n"
    assert "already has this value" in run("config", "set", "--user", "zone", "Asia/Tokyo", vault=vault).stdout


def test_config_set_replaces_a_value_that_keeps_the_vault_from_being_used(run, vault):
    (vault / "incident.toml").write_text('format = 1\n[policy.SEV1]\nacknowledge = "soon"\n')
    assert run("list", vault=vault).returncode == 3
    assert run("config", "set", "policy.SEV1.acknowledge", "5m", vault=vault).returncode == 0
    assert run("list", vault=vault).returncode == 0


def test_config_set_writes_into_no_vault_of_a_newer_format(run, vault):
    (vault / "incident.toml").write_text("format = 2\n")
    done = run("config", "set", "plausible_days", "10", vault=vault)
    assert (done.returncode, (vault / "incident.toml").read_text()) == (3, "format = 2\n"), done.stderr
    assert "reading it works" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["policy.SEV1.ack", "5m"], 2, "policy.SEV1.acknowledge"),
        (["policy.SEV1.acknowledge", "never"], 2, "it must be a length of time"),
        (["zone", "Europe/Zurich"], 6, "fixed when a vault is created"),
        (["--user", "zone", "Mars"], 2, "it must be an IANA time zone"),
        (["--user", "name", "alice"], 2, "choose from vault, user, zone"),
        (["--user", "vault", "/nowhere"], 3, "which is not a folder"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_and_the_file_stays(run, vault, words, code, said):
    before = (vault / "incident.toml").read_text()
    done = run("config", "set", *words, vault=vault)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert (vault / "incident.toml").read_text() == before


def test_init_keeps_who_i_am_and_which_vault_is_mine(run, tmp_path, own):
    own.parent.mkdir(parents=True)
    own.write_text("# mine\n")
    done = run("init", str(tmp_path / "kb"), "--me", "erin", "--my-zone", "Asia/Tokyo", "--default", vault=None)
    assert done.returncode == 0, done.stderr
    assert own.read_text() == f'# mine\nuser = "erin"\nzone = "Asia/Tokyo"\nvault = "{tmp_path / "kb"}"\n'
    saved = f"saved your name erin, your time zone Asia/Tokyo and this vault for every folder in {own}"
    assert done.stdout.splitlines()[1:] == [saved, "next: incident open"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--my-zone", "Mars"], 2, "--my-zone: 'Mars'"),
        (["--me", " "], 2, "--me needs a name"),
        ([], 3, "not valid TOML"),
    ],
)
def test_what_init_refuses_it_refuses_before_anything_is_written(run, tmp_path, own, words, code, said):
    own.parent.mkdir(parents=True)
    own.write_text("# mine\n" if words else "[")
    before = own.read_bytes()
    done = run("init", str(tmp_path / "kb"), *words, vault=None)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert not (tmp_path / "kb").exists()
    assert own.read_bytes() == before


#: What Obsidian documents of bases, as far as our board uses it.
OF_BASES = {"file.inFolder", "file.name", "now", "if", "relative"}


def test_the_board_for_obsidian_names_properties_that_notes_have(run, vault):
    done = run("init", str(vault), "--obsidian", vault=None)
    made = ["incidents/boards/Incidents.base", "templates/incident/incident.md", "templates/incident/review.md"]
    assert f"added for Obsidian: {', '.join(made)}" in done.stdout
    text = (vault / made[0]).read_text()
    board = yaml.safe_load(text)
    assert [view["name"] for view in board["views"]] == ["Open", "To close", "All"]
    named = {name for view in board["views"] for name in view["order"]}
    assert {name.removeprefix("formula.") for name in named if name.startswith("formula.")} <= board["formulas"].keys()
    assert named - {"file.name"} - {name for name in named if name.startswith("formula.")} <= {*ORDER}
    expressions = [*board["filters"]["and"], *board["formulas"].values()]
    expressions += [one for view in board["views"] for one in view.get("filters", {}).get("and", ())]
    functions = {name for one in expressions for name in re.findall(r"([\w.]+)\(", one)}
    assert {name if name in OF_BASES else name.rpartition(".")[2] for name in functions} <= OF_BASES
    statuses = {word for one in expressions for word in re.findall(r'status [!=]= "(\w+)"', one)}
    assert statuses <= {str(status) for status in Status}
    over = {str(status) for status in Status if not status.is_open}
    assert {word for one in board["views"][0]["filters"]["and"] for word in re.findall(r'"(\w+)"', one)} == over


def test_what_a_vault_has_for_obsidian_stays_and_the_rest_is_a_vault_as_before(run, vault):
    assert run("init", str(vault), "--obsidian", vault=None).returncode == 0
    board = vault / "incidents" / "boards" / "Incidents.base"
    board.write_text("mine\n")
    assert "Nothing was changed." in run("init", str(vault), "--obsidian", vault=None).stdout
    assert board.read_text() == "mine\n"
    assert run("check", vault=vault).returncode == 0
    assert run("templates", "check", vault=vault).returncode == 0
    assert len(json.loads(run("list", "--all", "--json", vault=vault).stdout)) == 1
    # The board is taken back like any other file that a command made.
    board.unlink()
    assert run("init", str(vault), "--obsidian", vault=None).returncode == 0
    assert run("undo", "--yes", vault=vault).returncode == 0
    assert not board.exists()
