"""What reaches the disk, in which order, and what is left when the system refuses."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest

from okb_incident.errors import ExitCode
from okb_incident.vault.writer import NotDurableError, create, edit

if TYPE_CHECKING:
    from pathlib import Path

OLD = b"---\ntype: incident\n---\n# Card payments fail\n"
NEW = OLD + b"- 02:22 support has 40 tickets\n"

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "INC-20261123-01.md"
    path.write_bytes(OLD)
    return path


def renew(_: bytes) -> bytes:
    return NEW


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def test_bytes_reach_the_disk_before_the_name_and_the_folder_after_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    def noted(function: str) -> Any:
        ordinary = getattr(os, function)

        def call(*arguments: Any, **options: Any) -> Any:
            what = arguments[0] if function != "fsync" else os.readlink(f"/proc/self/fd/{arguments[0]}")
            done.append(f"{function} {'temp' if str(what).endswith('tmp-incident') else os.path.basename(str(what))}")
            return ordinary(*arguments, **options)

        return call

    for function in ("fsync", "link", "replace", "mkdir"):
        monkeypatch.setattr(os, function, noted(function))
    create(str(tmp_path / "incidents/2026/a.md"), OLD)
    assert done == [
        "mkdir incidents",
        f"fsync {tmp_path.name}",
        "mkdir 2026",
        "fsync incidents",
        "fsync temp",
        "link temp",
        "fsync 2026",
    ]
    done.clear()
    edit(str(tmp_path / "incidents/2026/a.md"), renew)
    assert done == ["fsync temp", "replace temp", "fsync 2026"]


def is_folder(descriptor: int) -> bool:
    return stat.S_ISDIR(os.fstat(descriptor).st_mode)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_a_folder_that_does_not_reach_the_disk_is_said(
    note: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    ordinary = os.fsync

    def refuse(descriptor: int) -> None:
        if is_folder(descriptor):
            raise OSError(number, os.strerror(number))
        ordinary(descriptor)

    monkeypatch.setattr(os, "fsync", refuse)
    for write in (lambda: edit(str(note), renew), lambda: create(str(note.with_name("new.md")), NEW)):
        with pytest.raises(NotDurableError, match="is written, but the disk did not confirm") as caught:
            write()
        assert caught.value.exit_code is ExitCode.SETTINGS
    assert note.read_bytes() == note.with_name("new.md").read_bytes() == NEW
    assert names(note.parent) == sorted([note.name, "new.md"])


def test_a_file_system_whose_folders_cannot_be_synced_can_be_used(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = os.fsync

    def refuse(descriptor: int) -> None:
        if is_folder(descriptor):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        ordinary(descriptor)

    monkeypatch.setattr(os, "fsync", refuse)
    edit(str(note), renew)
    assert note.read_bytes() == NEW


def test_a_disk_that_takes_little_at_a_time_gets_all(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: ordinary(descriptor, data[:7]))
    edit(str(note), renew)
    assert note.read_bytes() == NEW


@pytest.mark.parametrize("function", ["write", "fsync", "fchmod", "replace", "link"])
def test_an_interrupted_command_leaves_nothing_behind(
    note: Path,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, function, interrupt)
        with pytest.raises(KeyboardInterrupt):
            create(str(note.with_name("new.md")), NEW) if function == "link" else edit(str(note), renew)
    assert names(note.parent) == [note.name]
    assert note.read_bytes() == OLD
