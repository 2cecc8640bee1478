from __future__ import annotations

import errno
import os
import random
import resource
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import okb_incident
from okb_incident.errors import ConflictError, ExitCode, InvalidNoteError, NotFoundError, OkbError, VaultError
from okb_incident.vault import writer
from okb_incident.vault.files import LARGEST_NOTE, NotAFileError, TooLargeError, inside, place, read_bytes
from okb_incident.vault.writer import AlreadyThereError, NotDurableError, StaleError, create, edit, replace

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = str(Path(okb_incident.__file__).parents[1])
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


def started(script: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a real process that runs a script with our package."""
    return subprocess.Popen([sys.executable, "-c", script, *arguments], env={**os.environ, "PYTHONPATH": SOURCE})


# -- editing -------------------------------------------------------------------------------------------------------------


def test_an_edit_puts_the_changed_bytes_in_place(note: Path) -> None:
    written = edit(str(note), lambda data: data + b"x")
    assert note.read_bytes() == OLD + b"x" == written.data
    assert (written.old, written.changed, written.notes) == (OLD, True, ())
    assert names(note.parent) == [note.name]


@pytest.mark.parametrize("mode", [0o640, 0o600, 0o664, 0o444, 0o755])
def test_mode_and_owner_stay(note: Path, mode: int) -> None:
    if os.geteuid() == 0:
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


# -- what reaches the disk, and in which order ---------------------------------------------------------------------------


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


# -- faults --------------------------------------------------------------------------------------------------------------

CALLS = ["open", "fstat", "read", "write", "fchmod", "fchown", "fsync", "close", "replace", "link", "mkdir"]


class Fault:
    """The k-th of the system calls that are watched fails, or all from there on."""

    def __init__(self, patch: pytest.MonkeyPatch, at: int, number: int, *, for_good: bool = False) -> None:
        self.count = 0
        for name in CALLS:
            patch.setattr(os, name, self._watched(getattr(os, name), at, number, for_good=for_good))

    def _watched(self, ordinary: Any, at: int, number: int, *, for_good: bool) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            self.count += 1
            if self.count == at or (for_good and self.count > at):
                if ordinary is CLOSE:
                    ordinary(*arguments)  # Linux closes the file even where it reports an error
                raise OSError(number, os.strerror(number))
            return ordinary(*arguments, **options)

        return call


CLOSE = os.close


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES, errno.EMFILE, errno.EDQUOT])
@pytest.mark.parametrize("command", ["edit", "create"])
def test_whatever_fails_a_note_is_old_or_new_and_the_next_command_works(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    number: int,
    for_good: bool,
) -> None:
    open_files = len(os.listdir("/proc/self/fd"))
    failed = 0
    for at in range(1, 100):
        folder = tmp_path / f"{at}"
        folder.mkdir()
        note = folder / "2026/a.md"
        if command == "edit":
            note.parent.mkdir()
            note.write_bytes(OLD)
        error: OkbError | None = None
        with monkeypatch.context() as patch:
            fault = Fault(patch, at, number, for_good=for_good)
            try:
                edit(str(note), renew) if command == "edit" else create(str(note), NEW)
            except OkbError as caught:
                error = caught
        there = note.read_bytes() if note.exists() else None
        assert there in ({OLD, NEW} if command == "edit" else {None, NEW})
        assert [path.name for path in folder.glob("*/*")] == ([note.name] if there else [])
        if error is None or isinstance(error, NotDurableError):
            assert there == NEW
        else:
            assert there == (OLD if command == "edit" else None), "it says that nothing was written"
            assert error.exit_code in {ExitCode.SETTINGS, ExitCode.INVALID}
            assert error.hint or number == errno.EMFILE
            failed += 1
        if there is None:
            create(str(note), NEW)
        assert edit(str(note), lambda data: data + b"x").data == (there or NEW) + b"x"
        if fault.count < at:
            break
    assert failed > 5
    assert fault.count < at, "there are more calls than were tried"
    assert len(os.listdir("/proc/self/fd")) == open_files


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


def test_a_real_limit_leaves_the_note_whole(note: Path) -> None:
    script = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
from okb_incident.vault.writer import edit, create
from okb_incident.errors import VaultError
for write in (lambda: edit(sys.argv[1], lambda data: bytes(200_000)), lambda: create(sys.argv[1] + "2", bytes(200_000))):
    try:
        write()
    except VaultError as error:
        assert "File too large" in error.message and "ulimit -f" in error.hint, error
    else:
        raise SystemExit(9)
"""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 50_000
    assert started(script, str(note)).wait(20) == 0
    assert note.read_bytes() == OLD
    assert names(note.parent) == [note.name]


# -- several real processes ----------------------------------------------------------------------------------------------


def test_eight_processes_take_two_hundred_numbers(tmp_path: Path) -> None:
    script = """
import sys
from okb_incident.vault import lock, writer
from okb_incident.vault.scan import list_names
folder = sys.argv[1] + "/incidents/2026"
for turn in range(25):
    with lock.hold(sys.argv[1], wait=50):
        number = len(list_names(folder)) + 1
        writer.create(f"{folder}/INC-{number:03}.md", f"{sys.argv[2]} {turn}".encode())
"""
    processes = [started(script, str(tmp_path), str(number)) for number in range(8)]
    assert [process.wait(50) for process in processes] == [0] * 8
    folder = tmp_path / "incidents/2026"
    assert names(folder) == [f"INC-{number:03}.md" for number in range(1, 201)]
    contents = sorted(path.read_text() for path in folder.iterdir())
    assert contents == sorted(f"{number} {turn}" for number in range(8) for turn in range(25))


def test_without_a_lock_nobody_loses_a_number_either(tmp_path: Path) -> None:
    script = """
import sys
from okb_incident.vault import writer
for turn in range(10):
    number = 1
    while True:
        try:
            writer.create(f"{sys.argv[1]}/incidents/INC-{number:03}.md", sys.argv[2].encode())
            break
        except writer.AlreadyThereError:
            number += 1
"""
    processes = [started(script, str(tmp_path), str(number)) for number in range(4)]
    assert [process.wait(50) for process in processes] == [0] * 4
    assert names(tmp_path / "incidents") == [f"INC-{number:03}.md" for number in range(1, 41)]


def test_eight_processes_lose_no_line_of_one_note(tmp_path: Path, note: Path) -> None:
    script = """
import sys
from okb_incident.vault import lock, writer
for turn in range(20):
    with lock.hold(sys.argv[1], wait=50):
        writer.edit(sys.argv[2], lambda data: data + f"- {sys.argv[3]} {turn}\\n".encode())
"""
    processes = [started(script, str(tmp_path), str(note), str(number)) for number in range(8)]
    assert [process.wait(50) for process in processes] == [0] * 8
    lines = note.read_bytes().removeprefix(OLD).decode().splitlines()
    assert sorted(lines) == sorted(f"- {number} {turn}" for number in range(8) for turn in range(20))
    assert names(tmp_path) == [".incident", note.name]


def test_a_killed_writer_leaves_an_old_or_a_new_note(tmp_path: Path) -> None:
    note = tmp_path / "a.md"
    contents = [letter * 300_000 for letter in (b"a", b"b")]
    note.write_bytes(contents[0])
    script = """
import itertools, sys
from okb_incident.vault import lock, writer
print("ready", flush=True)
for turn in itertools.count():
    with lock.hold(sys.argv[1]):
        writer.edit(f"{sys.argv[1]}/a.md", lambda data: (b"b" if data[:1] == b"a" else b"a") * 300_000)
        writer.create(f"{sys.argv[1]}/{sys.argv[2]}/{turn}.md", b"c" * 100_000)
"""
    chance = random.Random(20261123)
    for turn in range(15):
        command = [sys.executable, "-c", script, str(tmp_path), str(turn)]
        environment = {**os.environ, "PYTHONPATH": SOURCE}
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0.001, 0.06))
            process.kill()
        assert note.read_bytes() in contents
    created = list(tmp_path.glob("*/*.md"))
    assert created
    assert all(path.read_bytes() == b"c" * 100_000 for path in created)
    others = [path.name for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".md"]
    assert all(name.endswith(writer.TEMP_SUFFIX) or name in {"lock", ".gitignore"} for name in others)
