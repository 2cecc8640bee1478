from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from okb_incident.errors import ConflictError, ExitCode, InvalidNoteError, NotFoundError, VaultError
from okb_incident.vault import writer
from okb_incident.vault.files import LARGEST_NOTE, NotAFileError, TooLargeError, inside, place, read_bytes
from okb_incident.vault.writer import AlreadyThereError, StaleError, create, edit, replace

if TYPE_CHECKING:
    from collections.abc import Callable
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


# -- editing -------------------------------------------------------------------------------------------------------------


def test_an_edit_puts_the_changed_bytes_in_place(note: Path) -> None:
    written = edit(str(note), lambda data: data + b"x")
    assert note.read_bytes() == OLD + b"x" == written.data
    assert (written.old, written.changed, written.notes) == (OLD, True, ())
    assert names(note.parent) == [note.name]


@pytest.mark.parametrize("mode", [0o640, 0o600, 0o664, 0o444, 0o755])
def test_mode_and_owner_stay(note: Path, mode: int) -> None:
    with suppress(PermissionError):  # only root may give a note away
        os.chown(note, 1234, 4321)
    note.chmod(mode)
    before = note.stat()
    edit(str(note), renew)
    after = note.stat()
    assert stat.S_IMODE(after.st_mode) == mode
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


def test_a_colleagues_note_can_be_edited(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    note.chmod(0o664)
    monkeypatch.setattr(os, "fchown", refuse)
    edit(str(note), renew)
    assert note.read_bytes() == NEW
    assert stat.S_IMODE(note.stat().st_mode) == 0o664


def test_equal_bytes_are_not_written(note: Path) -> None:
    before = note.stat()
    written = edit(str(note), lambda data: data)
    after = note.stat()
    assert (after.st_mtime_ns, after.st_ctime_ns, after.st_ino) == (
        before.st_mtime_ns,
        before.st_ctime_ns,
        before.st_ino,
    )
    assert not written.changed


def test_nobody_else_can_read_a_temp_of_a_private_note(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note.chmod(0o600)
    ordinary = os.write
    seen = []

    def look(descriptor: int, data: bytes) -> int:
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        return ordinary(descriptor, data)

    monkeypatch.setattr(os, "write", look)
    edit(str(note), renew)
    assert seen == [0o600]


def test_a_hard_link_is_noticed(note: Path, tmp_path: Path) -> None:
    os.link(note, tmp_path / "other.md")
    written = edit(str(note), renew)
    assert (note.read_bytes(), (tmp_path / "other.md").read_bytes()) == (NEW, OLD)
    assert len(written.notes) == 1
    assert "2 names (hard links)" in written.notes[0]
    assert edit(str(note), renew).notes == ()


def test_a_link_stays_a_link_and_its_target_is_edited(tmp_path: Path, note: Path) -> None:
    (tmp_path / "folder").mkdir()
    link = tmp_path / "folder/link.md"
    link.symlink_to("../" + note.name)
    with pytest.raises(NotAFileError):
        edit(str(link), renew)
    edit(inside(str(tmp_path), "folder/link.md"), renew)
    assert link.is_symlink()
    assert note.read_bytes() == NEW
    assert names(tmp_path / "folder") == ["link.md"]


@pytest.mark.parametrize("kind", ["folder", "fifo"])
def test_what_is_no_file_is_not_edited(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.md"
    (path.mkdir if kind == "folder" else lambda: os.mkfifo(path))()
    with pytest.raises(InvalidNoteError):
        edit(str(path), renew)
    assert names(tmp_path) == ["a.md"]


def test_a_missing_note_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        edit(str(tmp_path / "a.md"), renew)
    assert names(tmp_path) == []


def test_a_note_does_not_become_larger_than_can_be_read(note: Path) -> None:
    with pytest.raises(TooLargeError, match="would become larger than 16 MiB"):
        edit(str(note), lambda _: bytes(LARGEST_NOTE + 1))
    assert note.read_bytes() == OLD
    assert names(note.parent) == [note.name]


# -- somebody else writes the same note ----------------------------------------------------------------------------------


def save_in_place(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def save_by_rename(path: Path, data: bytes) -> None:
    path.with_name("saved").write_bytes(data)
    path.with_name("saved").rename(path)


def save_by_moving_the_old_one_away(path: Path, data: bytes) -> None:
    path.rename(path.with_name("backup~"))
    path.write_bytes(data)
    path.with_name("backup~").unlink()


@pytest.mark.parametrize("save", [save_in_place, save_by_rename, save_by_moving_the_old_one_away])
def test_an_editor_that_saves_between_reading_and_swap_is_not_overwritten(
    note: Path,
    save: Callable[[Path, bytes], None],
) -> None:
    calls = []

    def change(data: bytes) -> bytes:
        calls.append(data)
        if len(calls) == 1:
            save(note, OLD + b"theirs\n")
        return data + b"ours\n"

    assert edit(str(note), change).data == OLD + b"theirs\nours\n"
    assert note.read_bytes() == OLD + b"theirs\nours\n"
    assert calls == [OLD, OLD + b"theirs\n"]
    assert names(note.parent) == [note.name]


def test_a_mode_that_is_set_meanwhile_stays(note: Path) -> None:
    def change(data: bytes) -> bytes:
        note.chmod(0o600)
        return data + b"x"

    edit(str(note), change)
    assert stat.S_IMODE(note.stat().st_mode) == 0o600


def test_a_note_that_is_deleted_meanwhile_stays_deleted(note: Path) -> None:
    def change(data: bytes) -> bytes:
        note.unlink()
        return data + b"x"

    with pytest.raises(NotFoundError):
        edit(str(note), change)
    assert names(note.parent) == []


def test_an_editor_that_never_rests_is_left_alone(note: Path) -> None:
    def change(data: bytes) -> bytes:
        note.write_bytes(data + b"theirs\n")
        return data + b"ours\n"

    with pytest.raises(ConflictError, match="during each of 3 attempts") as caught:
        edit(str(note), change, attempts=3)
    assert caught.value.exit_code is ExitCode.CONFLICT
    assert note.read_bytes() == OLD + b"theirs\n" * 3
    assert names(note.parent) == [note.name]


def test_bytes_that_were_read_too_long_ago_are_not_replaced(note: Path) -> None:
    old = read_bytes(str(note))
    note.write_bytes(b"theirs")
    with pytest.raises(StaleError):
        replace(str(note), old, NEW)
    assert note.read_bytes() == b"theirs"


# -- creating ------------------------------------------------------------------------------------------------------------


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
    edit(str(tmp_path / name), renew)
    assert (tmp_path / name).read_bytes() == NEW
    assert names(tmp_path) == [name]


@pytest.mark.parametrize(("name", "words"), [("x" * 253 + ".md", "File name too long"), ("a\0.md", "a character")])
def test_a_name_that_it_does_not_allow_is_a_clear_fault(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(VaultError, match=words) as caught:
        create(f"{tmp_path}/{name}", OLD)
    assert caught.value.exit_code is ExitCode.SETTINGS
    assert names(tmp_path) == []


def test_a_temp_is_recognised_and_hidden(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    ordinary = os.replace

    def look(temp: str, path: str) -> None:
        seen.append(os.path.split(temp))
        ordinary(temp, path)

    monkeypatch.setattr(os, "replace", look)
    edit(str(note), renew)
    folder, name = seen[0]
    assert folder == str(note.parent)
    assert name.startswith(f".{note.name}.")
    assert name.endswith(writer.TEMP_SUFFIX)
