from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from okb_incident.errors import ExitCode, InvalidNoteError, VaultError
from okb_incident.vault.disk import writer
from okb_incident.vault.disk.files import LARGEST_NOTE, place
from okb_incident.vault.disk.writer import AlreadyThereError, create

if TYPE_CHECKING:
    from pathlib import Path

OLD = b"---\ntype: incident\n---\n# Card payments fail\n"
NEW = OLD + b"- 02:22 support has 40 tickets\n"


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def test_a_new_note_obeys_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        create(str(tmp_path / "a.md"), NEW)
        create(str(tmp_path / "b.md"), NEW, mode=0o600)
    finally:
        os.umask(before)
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a.md", "b.md")] == [0o640, 0o600]
    assert (tmp_path / "a.md").read_bytes() == NEW
    assert names(tmp_path) == ["a.md", "b.md"]
    assert (tmp_path / "a.md").stat().st_nlink == 1


def test_missing_folders_are_made(tmp_path: Path) -> None:
    create(place(str(tmp_path), "incidents/2026/a.md"), NEW)
    create(place(str(tmp_path), "incidents/2026/b.md"), NEW)
    assert names(tmp_path / "incidents/2026") == ["a.md", "b.md"]


@pytest.mark.parametrize("obstacle", ["note", "folder", "dangling link"])
def test_what_is_there_is_never_overwritten(tmp_path: Path, obstacle: str) -> None:
    path = tmp_path / "a.md"
    if obstacle == "note":
        path.write_bytes(OLD)
    elif obstacle == "folder":
        path.mkdir()
    else:
        path.symlink_to("elsewhere.md")
    with pytest.raises(AlreadyThereError, match="exists already") as caught:
        create(place(str(tmp_path), "a.md"), NEW)
    assert caught.value.exit_code is ExitCode.CONFLICT
    assert names(tmp_path) == ["a.md"]
    if obstacle == "note":
        assert path.read_bytes() == OLD


def test_a_file_in_the_place_of_a_folder_is_a_clear_fault(tmp_path: Path) -> None:
    (tmp_path / "incidents").write_bytes(OLD)
    for path in ("incidents/a.md", "incidents/2026/a.md"):
        with pytest.raises(VaultError, match="Not a directory") as caught:
            create(place(str(tmp_path), path), NEW)
        assert "a file where a folder should be" in str(caught.value.hint)
    assert names(tmp_path) == ["incidents"]


@pytest.mark.parametrize("name", ["x" * 252 + ".md", "🚨" * 63 + ".md", "a b [c] #d.md", "-rf.md"])
def test_every_name_that_the_file_system_allows_can_be_written(tmp_path: Path, name: str) -> None:
    create(str(tmp_path / name), OLD)
    assert (tmp_path / name).read_bytes() == OLD
    assert names(tmp_path) == [name]


@pytest.mark.parametrize(("name", "words"), [("x" * 253 + ".md", "File name too long"), ("a\0.md", "a character")])
def test_a_name_that_it_does_not_allow_is_a_clear_fault(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(VaultError, match=words) as caught:
        create(f"{tmp_path}/{name}", OLD)
    assert caught.value.exit_code is ExitCode.SETTINGS
    assert names(tmp_path) == []


def test_a_file_does_not_become_larger_than_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidNoteError, match="would become larger than 16 MiB"):
        create(str(tmp_path / "a.md"), bytes(LARGEST_NOTE + 1))
    assert names(tmp_path) == []


def test_a_temp_is_recognised_and_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    ordinary = os.link

    def look(temp: str, path: str) -> None:
        seen.append(os.path.split(temp))
        ordinary(temp, path)

    monkeypatch.setattr(os, "link", look)
    create(str(tmp_path / "a.md"), NEW)
    folder, name = seen[0]
    assert folder == str(tmp_path)
    assert name.startswith(".a.md.")
    assert name.endswith(writer.TEMP_SUFFIX)
