from __future__ import annotations

import errno
import hashlib
import os
import resource
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from okb_incident.core.values.problem import Problem
from okb_incident.errors import ExitCode, InvalidNoteError, NotFoundError
from okb_incident.vault.disk import files
from okb_incident.vault.disk.files import (
    LARGEST_NOTE,
    FileState,
    NotAFileError,
    OutsideError,
    TooLargeError,
    UnreadableError,
    inside,
    place,
    read_now,
)
from okb_incident.vault.disk.stillness import read_bytes
from okb_incident.vault.read.many import read_many

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOTE = b"---\ntype: incident\nid: INC-20261123-01\n---\n# Card payments fail\n"


class Clock:
    """A clock that moves only while somebody sleeps, so that a busy machine does not use up the product's patience.

    Attributes:
        slept: Seconds that somebody has slept.
        meanwhile: What happens during the first sleep.
    """

    def __init__(self) -> None:
        self.slept = 0.0
        self.meanwhile: Callable[[], object] = list

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        happening, self.meanwhile = self.meanwhile, list
        happening()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock, now = Clock(), time.time_ns()
    monkeypatch.setattr(time, "sleep", clock.sleep)
    monkeypatch.setattr(time, "monotonic", lambda: clock.slept)
    monkeypatch.setattr(time, "time_ns", lambda: now + int(clock.slept * 1e9))
    return clock


def state_of(data: bytes) -> FileState:
    return FileState(data, 0, 0, len(data), 0, 0o644, (0, 0), 1, still=True)


def refuse_to_open(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the system refuse to open any file, with one of its numbers."""

    def refuse(*_: Any) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)


# -- reading one ---------------------------------------------------------------------------------------------------------


def test_a_note_is_read_with_what_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(NOTE)
    path.chmod(0o640)
    os.link(path, tmp_path / "b.md")
    status = path.stat()
    state = read_bytes(str(path))
    assert state.data == NOTE
    assert (state.mode, state.size, state.inode, state.links) == (0o640, len(NOTE), status.st_ino, 2)
    assert (state.mtime_ns, state.ctime_ns) == (status.st_mtime_ns, status.st_ctime_ns)
    assert state.owner == (status.st_uid, status.st_gid)
    assert state.digest == hashlib.sha256(NOTE).hexdigest()


def test_a_missing_note_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="does not exist") as caught:
        read_bytes(str(tmp_path / "a.md"))
    assert caught.value.exit_code is ExitCode.NOT_FOUND


def test_a_fifo_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    os.mkfifo(path)
    with pytest.raises(NotAFileError, match=r"a\.md is a FIFO, not a file") as caught:
        read_bytes(str(path))
    assert (caught.value.exit_code, caught.value.code) == (ExitCode.INVALID, "not-a-file")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    with pytest.raises(NotAFileError, match="is a folder"):
        read_bytes(str(tmp_path / "a.md"))


def test_an_endless_device_is_refused() -> None:
    with pytest.raises(NotAFileError, match="is a device"):
        read_bytes("/dev/zero")


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("a.md")
        with pytest.raises(NotAFileError, match="a socket"):
            read_bytes(str(tmp_path / "a.md"))


@pytest.mark.parametrize("target", ["/dev/zero", "/etc/hostname", "a.md", "missing"])
def test_a_link_is_not_followed(tmp_path: Path, target: str) -> None:
    (tmp_path / "a.md").symlink_to(target)
    with pytest.raises(NotAFileError, match="a link"):
        read_bytes(str(tmp_path / "a.md"))


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    with path.open("wb") as file:
        file.truncate(LARGEST_NOTE + 1)
    with pytest.raises(TooLargeError, match="larger than 16 MiB"):
        read_bytes(str(path))
    with path.open("wb") as file:
        file.truncate(LARGEST_NOTE)
    assert len(read_bytes(str(path)).data) == LARGEST_NOTE


@pytest.mark.parametrize("path", ["a\0.md", "a\ud800.md"])
def test_a_name_that_no_file_may_have_is_a_plain_fault(tmp_path: Path, path: str) -> None:
    with pytest.raises(UnreadableError, match="a character that no file name may have"):
        read_bytes(str(tmp_path) + "/" + path)
    for resolve in (inside, place):
        with pytest.raises(UnreadableError, match="a character that no file name may have"):
            resolve(str(tmp_path), path + "/x")


@pytest.mark.parametrize(
    ("number", "hint"),
    [(errno.EACCES, "ls -l"), (errno.EMFILE, "ulimit -n"), (errno.EIO, "system's log"), (errno.ETXTBSY, None)],
)
def test_a_refusal_of_the_system_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, hint: str | None
) -> None:
    refuse_to_open(monkeypatch, number)
    with pytest.raises(InvalidNoteError, match=r"a\.md cannot be read: " + os.strerror(number)) as caught:
        read_bytes(str(tmp_path / "a.md"))
    assert (caught.value.hint is None) if hint is None else hint in str(caught.value.hint)


def test_a_disk_error_in_the_middle_is_a_plain_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(NOTE)
    before = len(os.listdir("/proc/self/fd"))

    def fail(*_: Any) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "read", fail)
    with pytest.raises(UnreadableError, match="Input/output error"):
        read_bytes(str(path))
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_file_system_that_gives_little_at_a_time_gives_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(NOTE)
    ordinary = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, count: ordinary(descriptor, min(count, 7)))
    state = read_now(str(path))
    assert state.data == NOTE
    assert state.still


# -- a note that is just being saved -------------------------------------------------------------------------------------


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_every_beginning_of_a_note_looks_torn(bom: bytes, end: bytes) -> None:
    whole = NOTE.replace(b"\n", end)
    closed = whole.index(b"---", 3) + 3
    for cut in range(3, closed):
        assert state_of(bom + whole[:cut]).looks_torn, whole[:cut]
    for cut in (closed, closed + len(end), len(whole)):
        assert not state_of(bom + whole[:cut]).looks_torn, whole[:cut]


@pytest.mark.parametrize(
    "data", [b"text", b"-", b"# Title\n---\n", b"----\nrule\n", b"---\n---\n", b"--- \na: 1\n---\t"]
)
def test_what_needs_no_second_look(data: bytes) -> None:
    assert not state_of(data).looks_torn


@pytest.mark.parametrize("torn", [b"", NOTE[:20]])
def test_a_save_in_place_is_waited_for(tmp_path: Path, torn: bytes, clock: Clock) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(torn)
    clock.meanwhile = lambda: path.write_bytes(NOTE)
    assert read_bytes(str(path)).data == NOTE
    assert clock.slept == pytest.approx(0.325), "it has kept still after the save"


def test_a_note_that_stays_empty_is_believed_when_it_has_kept_still(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a.md"
    path.touch()
    assert read_bytes(str(path)).data == b""
    assert clock.slept == pytest.approx(0.3)


def test_a_whole_note_that_is_only_looked_at_is_not_waited_for(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(NOTE)
    assert read_bytes(str(path)).data == NOTE
    assert clock.slept == 0


@pytest.mark.parametrize("function", ["read", "fstat"])
def test_a_note_that_grows_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(NOTE)
    ordinary = getattr(os, function)
    calls: list[Any] = []

    def and_somebody_appends(descriptor: int, *arguments: int) -> Any:
        answer = ordinary(descriptor, *arguments)
        calls.append(answer)
        if len(calls) == 1:
            with path.open("ab") as file:
                file.write(b"more\n")
        return answer

    monkeypatch.setattr(os, function, and_somebody_appends)
    assert read_bytes(str(path)).data == NOTE + b"more\n"
    calls.clear()
    assert not read_now(str(path)).still


# -- paths ---------------------------------------------------------------------------------------------------------------


def test_links_within_the_vault_are_followed(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    (vault / "store").mkdir(parents=True)
    (vault / "store" / "a.md").write_bytes(NOTE)
    (vault / "incidents").symlink_to("store")
    (vault / "incidents" / "b.md").symlink_to("a.md")
    (tmp_path / "home").symlink_to("vault")
    for root in (vault, tmp_path / "home"):
        assert inside(str(root), "incidents/b.md") == str(vault / "store/a.md")
        assert place(str(root), "incidents/2026/c.md") == str(vault / "store/2026/c.md")
    assert inside("/", str(vault)) == str(vault)


@pytest.mark.parametrize("path", ["../other/a.md", "out/a.md", "a.md", "/etc/hostname", "../vault-2/a.md"])
def test_what_lies_outside_is_refused(tmp_path: Path, path: str) -> None:
    for name in ("vault", "other", "vault-2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").touch()
    vault = tmp_path / "vault"
    (vault / "a.md").unlink()
    (vault / "out").symlink_to("../other")
    (vault / "a.md").symlink_to("/etc/passwd")
    with pytest.raises(OutsideError, match="leads out of the vault") as caught:
        inside(str(vault), path)
    assert caught.value.as_problem("a.md").code == "link-outside"
    if path != "a.md":  # a file to come is put where the link is, and fails there because the name is taken
        with pytest.raises(OutsideError):
            place(str(vault), path)


@pytest.mark.parametrize("path", ["incidents/..", "..", "incidents/", "../x"])
def test_a_file_to_come_needs_a_name_in_the_vault(tmp_path: Path, path: str) -> None:
    with pytest.raises(OutsideError):
        place(str(tmp_path), path)


def test_a_link_to_itself_or_to_nothing_is_a_plain_fault(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to("a.md")
    (tmp_path / "b.md").symlink_to("missing.md")
    with pytest.raises(UnreadableError, match="symbolic links") as caught:
        inside(str(tmp_path), "a.md")
    assert caught.value.code == "unreadable"
    with pytest.raises(NotFoundError):
        inside(str(tmp_path), "b.md")


# -- reading many --------------------------------------------------------------------------------------------------------


def test_many_are_read_in_order_with_their_faults_as_values(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(NOTE)
    os.mkfifo(tmp_path / "b.md")
    (tmp_path / ".store").write_bytes(b"linked")
    (tmp_path / "c.md").symlink_to(".store")
    (tmp_path / "d.md").symlink_to("/etc/passwd")
    (tmp_path / "f.md").symlink_to("gone.md")
    (tmp_path / "g.md").write_bytes(b"last")
    answers = list(read_many(str(tmp_path), ["a.md", "b.md", "c.md", "d.md", "e.md", "f.md", "g.md"]))
    assert [path for path, _ in answers] == ["a.md", "b.md", "c.md", "d.md", "g.md"]
    assert [answer.data if isinstance(answer, FileState) else answer.code for _, answer in answers] == [
        NOTE,
        "not-a-file",
        b"linked",
        "link-outside",
        b"last",
    ]
    fault = answers[1][1]
    assert isinstance(fault, Problem)
    assert str(fault) == "b.md: not-a-file: is a FIFO, not a file"


def test_many_are_read_in_order_however_few_may_be_open_at_once(tmp_path: Path) -> None:
    paths = [f"{number}.md" for number in range(200)]
    for path in paths:
        (tmp_path / path).write_text(path)
    open_before = len(os.listdir("/proc/self/fd"))
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(map(int, os.listdir("/proc/self/fd"))) + 8, limits[1]))
    try:
        answers = list(read_many(str(tmp_path), paths))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert [path for path, _ in answers] == paths
    assert [answer.data.decode() for _, answer in answers if isinstance(answer, FileState)] == paths
    assert len(os.listdir("/proc/self/fd")) == open_before


def test_who_stops_reading_many_leaves_no_file_open(tmp_path: Path) -> None:
    paths = [f"{number}.md" for number in range(100)]
    for path in paths:
        (tmp_path / path).write_bytes(NOTE)
    open_before = len(os.listdir("/proc/self/fd"))
    reading = read_many(str(tmp_path), paths)
    assert next(reading)[0] == "0.md"
    reading.close()
    assert len(os.listdir("/proc/self/fd")) == open_before


def test_many_notes_that_have_long_been_empty_cost_no_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [f"{number}.md" for number in range(1000)]
    for path in paths:
        (tmp_path / path).touch()
    now = time.time_ns() + 10**10  # ten seconds later
    monkeypatch.setattr(time, "time_ns", lambda: now)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("it waited"))
    assert [path for path, _ in read_many(str(tmp_path), paths)] == paths


def test_many_notes_that_are_being_saved_cost_no_more_than_one(tmp_path: Path, clock: Clock) -> None:
    paths = [f"{number:03}.md" for number in range(200)]
    for path in paths:
        (tmp_path / path).touch()
    (tmp_path / "whole.md").write_bytes(NOTE)
    clock.meanwhile = lambda: (tmp_path / paths[7]).write_bytes(NOTE)
    answers = list(read_many(str(tmp_path), [*paths, "whole.md"]))
    assert clock.slept == pytest.approx(0.3)
    assert answers[0][0] == "whole.md"
    assert sorted(path for path, _ in answers) == [*paths, "whole.md"]
    assert [path for path, state in answers if isinstance(state, FileState) and state.data] == ["whole.md", paths[7]]


def test_the_kinds_of_files_have_names() -> None:
    assert files.kind(0o140000) == "a socket"
    assert files.kind(0) == "something unknown"


def test_a_thousand_notes_are_read_in_order_and_each_once(tmp_path):
    paths = [f"{number}.md" for number in range(1100)]
    for path in paths:
        (tmp_path / path).write_text(path)
    (tmp_path / "700.md").unlink()
    answers = list(read_many(str(tmp_path), paths))
    assert [(path, state.data.decode()) for path, state in answers if isinstance(state, FileState)] == [
        (path, path) for path in paths if path != "700.md"
    ]
