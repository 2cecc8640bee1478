"""A vault is made where nothing is in its way, and completed where something is missing."""

from __future__ import annotations

import os

import pytest

from okb_incident.errors import ConflictError, VaultError
from okb_incident.vault.disk.writer import TEMP_SUFFIX
from okb_incident.workflow.care.init_vault import init_vault


def test_what_is_missing_is_made_and_what_is_there_stays(tmp_path):
    root = tmp_path / "kb"
    (root / "services").mkdir(parents=True)
    made = init_vault(str(root), zone="Europe/Berlin")
    assert made.made == ("incident.toml", "incidents", "people", "operations")
    assert made.zone == "Europe/Berlin"
    settings = (root / "incident.toml").read_bytes()
    os.rmdir(root / "people")
    again = init_vault(str(root))
    assert (again.made, again.zone) == (("people",), "Europe/Berlin")
    assert (root / "incident.toml").read_bytes() == settings


def test_a_vault_keeps_its_zone(tmp_path):
    init_vault(str(tmp_path / "kb"), zone="Europe/Berlin")
    assert init_vault(str(tmp_path / "kb"), zone="Europe/Berlin").made == ()
    with pytest.raises(ConflictError) as caught:
        init_vault(str(tmp_path / "kb"), zone="UTC")
    assert (caught.value.field, caught.value.value) == ("--zone", "UTC")


@pytest.mark.parametrize("name", ["kb", "kb/services"])
def test_a_file_in_the_way_is_one_error_and_stays(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    with pytest.raises(VaultError):
        init_vault(str(tmp_path / "kb"))
    assert path.read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_one_error(tmp_path):
    (tmp_path / "incident.toml").write_text('format = 1\n[folders]\nservices = "file/services"\n')
    (tmp_path / "file").write_text("mine")
    with pytest.raises(VaultError) as caught:
        init_vault(str(tmp_path))
    assert caught.value.field == "DIR"


def test_what_a_crash_left_of_an_earlier_attempt_goes(tmp_path):
    root = tmp_path / "kb"
    root.mkdir()
    (root / f".incident.toml.0000{TEMP_SUFFIX}").write_text("half")
    init_vault(str(root))
    assert sorted(path.name for path in root.iterdir() if path.name.startswith(".incident.")) == []
