"""Finding the vault: four places, in this order, and a person's own settings among them."""

from __future__ import annotations

import os
import sys

import platformdirs
import pytest

from okb_incident.command import Command
from okb_incident.errors import VaultError
from okb_incident.vault.read.locate import find_vault, user_settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch, tmp_path):
    monkeypatch.delenv("INCIDENT_VAULT", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


def vault(folder, settings="format = 1\n"):
    folder.mkdir(parents=True)
    (folder / "incident.toml").write_text(settings, encoding="utf-8")
    return folder


def person(text):
    path = user_settings().path
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


@pytest.mark.parametrize("configured", [None, "", "/somewhere/config"])
@pytest.mark.parametrize("platform", ["linux", "another"])
def test_a_persons_settings_lie_where_the_platform_keeps_them(monkeypatch, configured, platform):
    if configured is None:
        monkeypatch.delenv("XDG_CONFIG_HOME")
    else:
        monkeypatch.setenv("XDG_CONFIG_HOME", configured)
    monkeypatch.setattr(sys, "platform", platform)
    assert user_settings().path == os.path.join(platformdirs.user_config_dir("okb-incident"), "settings.toml")


def test_no_settings_of_a_person_are_no_fault():
    settings = user_settings()
    assert (settings.vault, settings.user, settings.zone) == (None, None, None)


def test_a_persons_settings_are_read():
    person('vault = "~/kb"\nuser = "alice"\nzone = "Europe/Berlin"\n')
    settings = user_settings()
    assert (settings.vault, settings.user, settings.zone) == ("~/kb", "alice", "Europe/Berlin")


def test_the_vault_is_the_one_given_then_the_environments_then_the_nearest_then_ones_own(monkeypatch, tmp_path):
    given, variable, near, own = (vault(tmp_path / name) for name in ("given", "variable", "near", "own"))
    (near / "deep" / "er").mkdir(parents=True)
    person(f'vault = "{own}"\n')
    assert find_vault(None, user_settings()).root == str(own)
    monkeypatch.chdir(near)
    assert find_vault(None, user_settings()).found_by == "the current folder"
    monkeypatch.chdir(near / "deep" / "er")
    found = find_vault(None, user_settings())
    assert (found.root, found.found_by) == (str(near), "a parent of the current folder")
    monkeypatch.setenv("INCIDENT_VAULT", str(variable))
    assert find_vault(None, user_settings()).root == str(variable)
    assert find_vault(str(given), user_settings()).root == str(given)


def test_where_no_vault_is_found_all_four_places_are_named():
    with pytest.raises(VaultError) as caught:
        find_vault(None, user_settings())
    assert all(
        place in caught.value.message for place in ("--vault", "INCIDENT_VAULT", "a folder above", "settings.toml")
    )
    assert "incident init" in str(caught.value.hint)


def test_a_vault_that_was_named_and_is_none(tmp_path):
    with pytest.raises(VaultError, match="which is not a folder"):
        find_vault(str(tmp_path / "missing"), user_settings())
    with pytest.raises(VaultError, match="which is not a vault: it has no incident.toml") as caught:
        find_vault(str(tmp_path), user_settings())
    assert caught.value.hint == Command("init", tmp_path)
