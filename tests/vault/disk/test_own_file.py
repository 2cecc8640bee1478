from __future__ import annotations

import fcntl
import os
import stat
from typing import TYPE_CHECKING

import pytest

from okb_incident.errors import BusyError, VaultError
from okb_incident.vault.disk import own_file, writer
from okb_incident.vault.disk.own_file import change_own, read_own

if TYPE_CHECKING:
    from pathlib import Path


def more(data: bytes) -> bytes:
    return data + b"more\n"


def test_a_missing_file_is_made_with_its_folder_for_its_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.toml"
    assert read_own(str(path)) == b""
    assert change_own(str(path), more) == (b"", b"more\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["settings.toml"]


def test_a_link_stays_a_link_and_a_mode_stays(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles.toml", tmp_path / "settings.toml"
    real.write_text("mine\n")
    real.chmod(0o640)
    link.symlink_to(real)
    change_own(str(link), more)
    assert link.is_symlink()
    assert (real.read_bytes(), stat.S_IMODE(real.stat().st_mode)) == (b"mine\nmore\n", 0o640)


def test_what_an_editor_saves_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("mine\n")
    seen: list[bytes] = []

    def saved_meanwhile(data: bytes) -> bytes:
        if not seen:
            path.write_text("saved\n")
        seen.append(data)
        return more(data)

    assert change_own(str(path), saved_meanwhile).new == b"saved\nmore\n"
    assert seen == [b"mine\n", b"saved\n"]
    assert os.listdir(tmp_path) == ["settings.toml"]


def test_an_editor_that_never_rests_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    count = iter(range(100))

    def always(data: bytes) -> bytes:
        path.write_text(f"{next(count)}\n")
        return more(data)

    with pytest.raises(BusyError, match="left as it is"):
        change_own(str(path), always)
    assert path.read_text() == f"{own_file.ATTEMPTS - 1}\n"
    assert os.listdir(tmp_path) == ["settings.toml"]


def test_only_one_command_at_a_time_changes_it(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    with writer.opened(str(tmp_path)) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(BusyError, match="being written by another process"):
            change_own(str(path), more, wait=0)
    assert not path.exists()
    change_own(str(path), more, wait=0)
    assert path.exists()


def test_what_a_crash_left_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    (tmp_path / ".settings.toml.new.tmp-incident").write_text("half")
    (tmp_path / ".mine").write_text("mine")
    change_own(str(path), more)
    assert sorted(os.listdir(tmp_path)) == [".mine", "settings.toml"]


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(VaultError, match="could not be written"):
        change_own(str(tmp_path / "file" / "settings.toml"), more)
