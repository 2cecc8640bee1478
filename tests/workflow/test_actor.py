"""Who acts: the name that `open` reads from git's settings is the one that git would say."""

from __future__ import annotations

import pytest

from okb_incident.core.settings.settings import Settings
from okb_incident.integrations.git import user_name
from okb_incident.vault.read.locate import UserSettings
from okb_incident.vault.vault import Vault
from okb_incident.workflow.actor import actor_on_file, find_actor


@pytest.fixture
def who(monkeypatch, tmp_path):
    """Return who acts as git says it, and as it is read from a file, with these settings of git's."""
    for name in ("INCIDENT_USER", "GIT_CONFIG_GLOBAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("LOGNAME", "carol")
    (tmp_path / "kb").mkdir()
    vault, user = Vault(str(tmp_path / "kb"), Settings()), UserSettings(str(tmp_path / "none.toml"))

    def asked(text=None, *, given=None, common=None):
        for path, content in ((tmp_path / ".gitconfig", text), (tmp_path / "config/git/config", common)):
            if content is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8", errors="surrogateescape")
        on_file = actor_on_file(given, user, vault)
        return find_actor(given, user, vault).handle, on_file and on_file.handle

    return asked


@pytest.mark.parametrize(
    "text",
    [
        "[user]\n\tname = Alice Miller\n\temail = a@example.com\n",
        "[user]\nname=bob\n[alias]\n\tname = log\n",
        "[USER]\n  Name = bob\n  name = carl\n",
        "[core]\n\tname = nobody\n",
        "[user]\n\tname =\n",
        "",
    ],
)
def test_a_plain_name_is_read_as_git_reads_it(who, text):
    asked, on_file = who(text)
    assert asked == on_file


@pytest.mark.parametrize(
    "text",
    [
        '[user]\n\tname = "Alice" Miller\n',
        "[user]\n\tname = Alice # on call\n",
        "[user]\n\tname = Alice \\\n Miller\n",
        "[user]\n\tname = Alice\n[include]\n\tpath = other\n",
        '[user]\n\tname = Alice\n[includeIf "gitdir:~/work/"]\n\tpath = other\n',
        "[user]\n\tname = \udcff\n",
    ],
)
def test_what_only_git_can_read_names_nobody(who, text):
    assert who(text)[1] is None


def test_the_own_settings_count_before_the_common_ones_and_the_login_is_last(who):
    assert who() == ("carol", "carol")
    assert who(common="[user]\n\tname = dora\n") == ("dora", "dora")
    assert who("[user]\n\tname = erin\n", common="[user]\n\tname = dora\n") == ("erin", "erin")
    assert who(given="@frank") == ("frank", "frank")


def test_a_file_that_the_environment_names_is_the_only_one(who, monkeypatch, tmp_path):
    (tmp_path / "mine").write_text("[user]\n\tname = gina\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "mine"))
    assert who("[user]\n\tname = erin\n") == ("gina", "gina")
    assert user_name() == "gina"
