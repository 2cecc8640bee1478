from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.vault.small_vault import NEW, NOTE, OLD, edit, images_are_complete, journal_of, make, notes_of

from okb_incident.errors import ConflictError, ExitCode, InvalidNoteError, NotFoundError
from okb_incident.vault.disk import exchange, writer
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import LARGEST_NOTE, TooLargeError
from okb_incident.vault.disk.writer import AlreadyThereError
from okb_incident.vault.write.commit import Create, Edit, Move, Remove, commit

if TYPE_CHECKING:
    from collections.abc import Callable

    from okb_incident.vault.write.steps import Step


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return make(tmp_path / "vault")


# -- editing -------------------------------------------------------------------------------------------------------------


def test_an_edit_puts_the_changed_bytes_in_place(note: Path) -> None:
    done = edit(note, lambda data: data + b"x")
    assert note.read_bytes() == OLD + b"x" == done.data[NOTE]
    assert done.notes == ()
    assert notes_of(note.parent) == [NOTE]


def test_the_journal_has_who_did_what_and_both_texts(note: Path) -> None:
    done = edit(note)
    journal = journal_of(note.parent)
    (entry,) = journal.entries()
    assert entry == done.entry
    assert (entry.command, entry.by, entry.previous, entry.undoes) == ("incident log", "alice", (), None)
    (change,) = entry.changes
    assert change == ("edit", 0o644, digest(OLD), digest(NEW), None, NOTE)
    assert (journal.before(entry, 0), journal.after(entry, 0)) == (OLD, NEW)


@pytest.mark.parametrize("mode", [0o640, 0o600, 0o664, 0o444, 0o755])
def test_mode_and_owner_stay(note: Path, mode: int) -> None:
    with suppress(PermissionError):  # only root may give a note away
        os.chown(note, 1234, 4321)
    note.chmod(mode)
    before = note.stat()
    edit(note)
    after = note.stat()
    assert stat.S_IMODE(after.st_mode) == mode
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


def test_a_colleagues_note_can_be_edited(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    note.chmod(0o664)
    monkeypatch.setattr(os, "fchown", refuse)
    edit(note)
    assert note.read_bytes() == NEW
    assert stat.S_IMODE(note.stat().st_mode) == 0o664


def test_equal_bytes_are_not_written(note: Path) -> None:
    before = note.stat()
    done = edit(note, lambda data: data)
    after = note.stat()
    assert (after.st_mtime_ns, after.st_ctime_ns, after.st_ino) == (
        before.st_mtime_ns,
        before.st_ctime_ns,
        before.st_ino,
    )
    assert done.entry is None
    assert done.data == {NOTE: OLD}
    assert not (note.parent / ".incident").exists()


def test_of_several_notes_only_those_that_change_are_written(note: Path) -> None:
    other = note.with_name("other.md")
    other.write_bytes(OLD)
    before = other.stat().st_ino
    steps = [Edit(NOTE, lambda _: NEW), Edit(other.name, lambda data: data)]
    done = commit(str(note.parent), steps, command="incident relate")
    assert done.entry is not None
    assert [change.path for change in done.entry.changes] == [NOTE]
    assert done.data == {NOTE: NEW, "other.md": OLD}
    assert other.stat().st_ino == before


def test_nobody_else_can_read_anything_of_a_private_note_at_any_moment(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note.chmod(0o600)
    ordinary = os.write
    seen = set()

    def look(descriptor: int, data: bytes) -> int:
        name = os.readlink(f"/proc/self/fd/{descriptor}")
        seen.add((os.path.basename(os.path.dirname(name)), stat.S_IMODE(os.fstat(descriptor).st_mode)))
        return ordinary(descriptor, data)

    monkeypatch.setattr(os, "write", look)
    edit(note)
    edit(note, lambda data: data + b"- 02:25 more\n")
    machine = journal_of(note.parent).machine
    assert seen == {(folder, 0o600) for folder in ("vault", "intent", "images", machine)}
    journal = Path(journal_of(note.parent).place())
    kept = [path for path in journal.rglob("*") if path.is_file()]
    assert len(kept) == 9
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}


def test_a_note_that_becomes_private_takes_its_image_along(note: Path) -> None:
    edit(note)
    commit(str(note.parent), [Move(NOTE, "restricted/a.md", lambda data: data, 0o600)], command="incident restrict")
    moved = note.parent / "restricted/a.md"
    assert (moved.read_bytes(), stat.S_IMODE(moved.stat().st_mode)) == (NEW, 0o600)
    assert notes_of(note.parent) == ["restricted/a.md"]
    image = journal_of(note.parent).place("images", digest(NEW))
    assert stat.S_IMODE(os.stat(image).st_mode) == 0o600


def test_a_hard_link_is_noticed(note: Path, tmp_path: Path) -> None:
    os.link(note, tmp_path / "other.md")
    done = edit(note)
    assert (note.read_bytes(), (tmp_path / "other.md").read_bytes()) == (NEW, OLD)
    assert len(done.notes) == 1
    assert "2 names (hard links)" in done.notes[0]
    assert edit(note, lambda data: data + b"x").notes == ()


def test_a_link_stays_a_link_and_its_target_is_edited(note: Path) -> None:
    folder = note.parent / "folder"
    folder.mkdir()
    (folder / "link.md").symlink_to("../" + NOTE)
    commit(str(note.parent), [Edit("folder/link.md", lambda _: NEW)], command="incident log")
    assert (folder / "link.md").is_symlink()
    assert note.read_bytes() == NEW
    assert notes_of(note.parent) == [NOTE, "folder/link.md"]


@pytest.mark.parametrize("kind", ["folder", "fifo"])
def test_what_is_no_file_is_not_edited(note: Path, kind: str) -> None:
    path = note.with_name("a.md")
    (path.mkdir if kind == "folder" else lambda: os.mkfifo(path))()
    with pytest.raises(InvalidNoteError):
        edit(path)


def test_a_missing_note_is_not_created(note: Path) -> None:
    with pytest.raises(NotFoundError):
        edit(note.with_name("a.md"))
    assert notes_of(note.parent) == [NOTE]


def test_a_note_does_not_become_larger_than_can_be_read(note: Path) -> None:
    with pytest.raises(TooLargeError, match="would become larger than 16 MiB"):
        edit(note, lambda _: bytes(LARGEST_NOTE + 1))
    assert note.read_bytes() == OLD
    assert notes_of(note.parent) == [NOTE]


def test_a_temp_is_recognised_and_hidden(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    ordinary = exchange.exchange

    def look(temp: str, path: str) -> None:
        seen.append(os.path.split(temp))
        ordinary(temp, path)

    monkeypatch.setattr(exchange, "exchange", look)
    edit(note)
    folder, name = seen[0]
    assert folder == str(note.parent)
    assert name.startswith(f".{note.name}.")
    assert name.endswith(writer.TEMP_SUFFIX)


@pytest.mark.parametrize("name", ["x" * 252 + ".md", "🚨" * 63 + ".md", "a b [c] #d.md", "-rf.md", "a\nb\\n.md"])
def test_every_name_that_the_file_system_allows_can_be_written(note: Path, name: str) -> None:
    root = str(note.parent)
    commit(root, [Create(name, OLD)], command="incident open")
    commit(root, [Edit(name, lambda _: NEW)], command="incident log")
    assert (note.parent / name).read_bytes() == NEW
    commit(root, [Remove(name)], command="incident undo")
    assert notes_of(note.parent) == [NOTE]
    assert images_are_complete(note.parent)


# -- somebody else writes the same note before the last look -------------------------------------------------------------


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
def test_an_editor_that_saves_between_reading_and_the_last_look_is_not_overwritten(
    note: Path, save: Callable[[Path, bytes], None]
) -> None:
    calls = []

    def change(data: bytes) -> bytes:
        calls.append(data)
        if len(calls) == 1:
            save(note, OLD + b"theirs\n")
        return data + b"ours\n"

    assert edit(note, change).data[NOTE] == OLD + b"theirs\nours\n"
    assert note.read_bytes() == OLD + b"theirs\nours\n"
    assert calls == [OLD, OLD + b"theirs\n"]
    assert notes_of(note.parent) == [NOTE]
    assert len(list(journal_of(note.parent).entries())) == 1


def test_a_mode_that_is_set_meanwhile_stays(note: Path) -> None:
    def change(data: bytes) -> bytes:
        note.chmod(0o600)
        return data + b"x"

    edit(note, change)
    assert stat.S_IMODE(note.stat().st_mode) == 0o600


def test_a_note_that_is_opened_to_others_meanwhile_stays_open(note: Path) -> None:
    """Settling the swap keeps a private note private, so only the last look can see this."""
    note.chmod(0o600)

    def change(data: bytes) -> bytes:
        note.chmod(0o644)
        return data + b"x"

    edit(note, change)
    assert note.read_bytes() == OLD + b"x"
    assert stat.S_IMODE(note.stat().st_mode) == 0o644


def test_the_new_text_of_a_note_that_is_closed_meanwhile_is_never_open(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = exchange.exchange
    modes = []

    def swap(temp: str, path: str) -> None:
        modes.append(stat.S_IMODE(os.stat(temp).st_mode))
        ordinary(temp, path)

    def change(data: bytes) -> bytes:
        note.chmod(0o600)
        return data + b"x"

    monkeypatch.setattr(exchange, "exchange", swap)
    edit(note, change)
    assert modes == [0o600]


def test_a_note_that_is_deleted_meanwhile_stays_deleted(note: Path) -> None:
    def change(data: bytes) -> bytes:
        note.unlink()
        return data + b"x"

    with pytest.raises(NotFoundError):
        edit(note, change)
    assert notes_of(note.parent) == []


def test_an_editor_that_never_rests_is_left_alone(note: Path) -> None:
    def change(data: bytes) -> bytes:
        note.write_bytes(data + b"theirs\n")
        return data + b"ours\n"

    with pytest.raises(ConflictError, match="during each of 5 attempts") as caught:
        edit(note, change)
    assert caught.value.exit_code is ExitCode.CONFLICT
    assert note.read_bytes() == OLD + b"theirs\n" * 5
    assert notes_of(note.parent) == [NOTE]
    assert list(journal_of(note.parent).entries()) == []


# -- several notes, new ones, and ones that go ---------------------------------------------------------------------------


def test_a_command_can_make_change_move_and_remove_notes(note: Path) -> None:
    root = note.parent
    (root / "moves.md").write_bytes(b"moves")
    (root / "goes.md").write_bytes(b"goes")
    steps: list[Step] = [
        Create("2026/new.md", b"new", 0o600),
        Edit(NOTE, lambda _: NEW),
        Move("moves.md", "restricted/moved.md", lambda data: data + b" on", 0o600),
        Remove("goes.md"),
    ]
    done = commit(str(root), steps, command="incident merge", by="alice", undoes="01M8326CX0M4W7Y2N8R5T6V9ZB")
    assert notes_of(root) == ["2026/new.md", NOTE, "restricted/moved.md"]
    assert done.data == {"2026/new.md": b"new", NOTE: NEW, "restricted/moved.md": b"moves on"}
    assert done.entry is not None
    assert done.entry.undoes == "01M8326CX0M4W7Y2N8R5T6V9ZB"
    assert [(change.kind, change.path) for change in done.entry.changes] == [
        ("create", "2026/new.md"),
        ("edit", NOTE),
        ("create", "restricted/moved.md"),
        ("remove", "moves.md"),
        ("remove", "goes.md"),
    ]
    assert journal_of(root).before(done.entry, 4) == b"goes"
    assert images_are_complete(root)
    assert (root / "2026/new.md").stat().st_nlink == 1


def test_a_name_that_is_taken_refuses_the_whole_command(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[Step] = [Edit(NOTE, lambda _: NEW), Create("new.md", b"ours")]
    ordinary = exchange.exchange

    def meanwhile(temp: str, path: str) -> None:
        ordinary(temp, path)
        note.with_name("new.md").write_bytes(b"theirs")

    with monkeypatch.context() as patch:
        patch.setattr(exchange, "exchange", meanwhile)
        with pytest.raises(AlreadyThereError):
            commit(str(note.parent), steps, command="incident relate")
    assert (note.read_bytes(), note.with_name("new.md").read_bytes()) == (OLD, b"theirs")
    assert notes_of(note.parent) == [NOTE, "new.md"]
    assert list(journal_of(note.parent).entries()) == []
    with pytest.raises(AlreadyThereError):
        commit(str(note.parent), steps, command="incident relate")


def test_a_note_that_was_saved_while_a_command_takes_back_is_kept_whole(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = os.link

    def meanwhile(temp: str, path: str) -> None:
        if not path.endswith("new.md"):
            ordinary(temp, path)
            return
        note.write_bytes(b"theirs")
        raise OSError(errno.EIO, os.strerror(errno.EIO), path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", meanwhile)
        with pytest.raises(writer.NotDurableError, match="together with what belongs to it"):
            commit(str(note.parent), [Edit(NOTE, lambda _: NEW), Create("new.md", b"ours")], command="incident relate")
    assert note.read_bytes() == b"theirs"
    done = edit(note, lambda data: data + b" and more")
    assert "finished now" in done.notes[0]
    assert (note.read_bytes(), note.with_name("new.md").read_bytes()) == (b"theirs and more", b"ours")
    assert notes_of(note.parent) == [NOTE, "new.md"]
