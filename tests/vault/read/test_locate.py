"""The settings file of a vault: data that may come from a stranger, and is read as no more than that."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from okb_incident.errors import SettingsError, VaultError
from okb_incident.vault.read.locate import UserSettings, find_vault, user_settings
from okb_incident.vault.read.settings_file import LARGEST_SETTINGS, load_settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "incident.toml"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'zone = "UTC"\nzone = "UTC"\n', "is not valid TOML: "),
        (b'zone = "U\0TC"', "is not valid TOML: "),
        (b'zone = "UTC"\n# caf\xe9\n', ":2 has the byte 0xe9, which is not UTF-8"),
        ('zone = "UTC"'.encode("utf-16"), "has the byte 0xff, which is not UTF-8"),
        (b"a = " + b"[" * 30_000, "too many brackets within one another"),
        (b"a = " + b"{a=" * 10_000, "too many brackets within one another"),
        (b"a." * 30_000 + b"a = 1", "more than 100 dots in one line (at line 1)"),
        (b"\n[" + b"a." * 30_000 + b"a]", "more than 100 dots in one line (at line 2)"),
        (b"format = " + b"9" * 5_000, "Exceeds the limit (4300 digits)"),
        (b"format = 0x" + b"f" * 5_000, ":1: format is a number of thousands of digits; it must be a number such as 1"),
        (b"format = 1e999", ":1: format is inf; it must be a number such as 1"),
        (b"# x\n\nformat = 2026-01-01\n", ":3: format is datetime.date(2026, 1, 1); it must be a number"),
        (
            b'[folders]\nincidents = "../out"\n',
            ":2: folders.incidents is '../out'; it must be a folder inside the vault",
        ),
        (b'[severities]\nSEV1 = ["x"]\n', ":2: severities.SEV1 is ['x']; it must be a text"),
        (b"[[vocabulary]]\n", "vocabulary is [{}]; it must be a table, written as [vocabulary]"),
        (b"x" * (LARGEST_SETTINGS + 1), "has 65,537 bytes; settings have at most 64 KiB"),
    ],
    ids=lambda value: value[:24] if isinstance(value, bytes) else "",
)
def test_settings_that_cannot_be_used_are_an_error_with_place_and_remedy(file: Path, data: bytes, said: str) -> None:
    file.write_bytes(data)
    began = time.process_time()
    with pytest.raises(SettingsError) as caught:
        load_settings(str(file))
    assert said in caught.value.message
    assert caught.value.message.startswith(str(file))
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 500
    assert time.process_time() - began < 2


def test_a_byte_order_mark_and_a_comment_of_dots_do_no_harm(file: Path) -> None:
    file.write_text("\ufeff# " + "." * 200 + '\nzone = "Europe/Zurich"\n')
    assert load_settings(str(file))[0].zone_name == "Europe/Zurich"


@pytest.mark.parametrize("what", ["fifo", "folder", "link", "link to a device", "link to itself", "link to nothing"])
@pytest.mark.parametrize("how", ["named", "near"])
def test_only_a_plain_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, how: str) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    file = vault / "incident.toml"
    (tmp_path / "secret").write_text('password = "x"\n')
    if what == "fifo":
        os.mkfifo(file)
    elif what == "folder":
        file.mkdir()
    else:
        targets = {"link": "../secret", "link to a device": "/dev/zero", "link to itself": "incident.toml"}
        file.symlink_to(targets.get(what, "nothing"))
    monkeypatch.chdir(vault)
    with pytest.raises(SettingsError, match="not a file") as caught:
        find_vault(str(vault) if how == "named" else None, UserSettings("settings.toml"))
    assert "password" not in caught.value.message


def test_a_folder_without_settings_is_no_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(VaultError, match="no vault here"):
        find_vault(None, UserSettings("settings.toml"))


def test_the_settings_of_a_person_may_be_a_link_and_are_read_as_carefully(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "config" / "okb-incident"
    folder.mkdir(parents=True)
    real = tmp_path / "dotfiles.toml"
    real.write_text('user = "alice"\n')
    (folder / "settings.toml").symlink_to(real)
    assert user_settings().user == "alice"
    real.write_text("\nuser = 1\n")
    with pytest.raises(SettingsError, match=r'settings\.toml:2: user is 1; it must be a text such as "alice"'):
        user_settings()
    real.write_text("zone = 'Mars'\n")
    with pytest.raises(SettingsError, match=r"settings\.toml:1: zone is 'Mars'; it must be an IANA time zone"):
        user_settings()
    real.write_text("a." * 10_000 + "a = 1")
    with pytest.raises(SettingsError, match="dots"):
        user_settings()
