from __future__ import annotations

import errno
import fcntl
import os
import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import okb_incident
from okb_incident.errors import ConflictError, ExitCode, VaultError
from okb_incident.vault.disk import lock

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = str(Path(okb_incident.__file__).parents[1])

HOLDER = """
import sys
from okb_incident.vault.disk import lock
with lock.hold(sys.argv[1], "incident resolve"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(vault: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold the lock until its input or the process itself is ended."""
    command = [sys.executable, "-c", HOLDER, str(vault)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, text=True, env={**os.environ, "PYTHONPATH": SOURCE}
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def test_the_lock_lies_in_a_folder_that_git_ignores(tmp_path: Path) -> None:
    with lock.hold(str(tmp_path)):
        assert sorted(path.name for path in (tmp_path / ".incident").iterdir()) == [".gitignore", "lock"]
        assert (tmp_path / ".incident/.gitignore").read_text() == "*\n"


def test_what_a_person_wrote_into_the_gitignore_stays(tmp_path: Path) -> None:
    (tmp_path / ".incident").mkdir()
    (tmp_path / ".incident/.gitignore").write_text("mine\n")
    with lock.hold(str(tmp_path)):
        assert (tmp_path / ".incident/.gitignore").read_text() == "mine\n"


def test_the_lock_says_who_holds_it_and_nothing_afterwards(tmp_path: Path) -> None:
    assert lock.holder(str(tmp_path)) is None
    with lock.hold(str(tmp_path), "incident\nopen"):
        by = lock.holder(str(tmp_path))
        assert by is not None
        assert (by.process, by.command) == (os.getpid(), "incident open")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", by.since)
    assert lock.holder(str(tmp_path)) is None


def test_the_file_is_never_deleted(tmp_path: Path) -> None:
    with lock.hold(str(tmp_path)):
        inode = (tmp_path / ".incident/lock").stat().st_ino
    with lock.hold(str(tmp_path)):
        assert (tmp_path / ".incident/lock").stat().st_ino == inode
    assert (tmp_path / ".incident/lock").stat().st_ino == inode


def test_a_busy_lock_names_who_holds_it(tmp_path: Path) -> None:
    with another_process(tmp_path) as process:
        begun = time.monotonic()
        with pytest.raises(ConflictError) as caught, lock.hold(str(tmp_path), wait=0.3):
            pytest.fail("two hold the lock")
        assert time.monotonic() - begun > 0.25
        since = lock.holder(str(tmp_path))
    assert since is not None
    assert f"by process {process.pid} (incident resolve) since {since.since}" in caught.value.message
    assert f"kill {process.pid}" in caught.value.message
    assert caught.value.exit_code is ExitCode.CONFLICT


def test_a_command_waits_for_the_one_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with another_process(tmp_path) as process:
        waited = []

        def end_the_other(seconds: float) -> None:
            waited.append(seconds)
            process.communicate()

        monkeypatch.setattr(time, "sleep", end_the_other)
        with lock.hold(str(tmp_path), wait=600):
            by = lock.holder(str(tmp_path))
            assert by is not None
            assert by.process == os.getpid()
        assert len(waited) == 1


class Hands:
    """A lock that changes hands, and a clock that moves only while somebody waits for it."""

    def __init__(self, *, every: float) -> None:
        self.now = 100.0
        self._every = every

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds

    def waited(self, waiting: lock.Waiting, until: float = 1000.0) -> float:
        """Return how long somebody waits who gives up by themselves, or is let in after that many seconds."""
        while self.now - 100 < until and waiting.goes_on(b"%d incident log\n" % ((self.now - 100) // self._every)):
            pass
        return self.now - 100

    def waiting(self) -> lock.Waiting:
        return lock.Waiting(lock.WAIT, clock=lambda: self.now, sleep=self.sleep)


def test_who_holds_it_is_told_though_the_system_fails_to_close_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = os.close

    def fail(descriptor: int) -> None:
        ordinary(descriptor)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with lock.hold(str(tmp_path)):
        pass
    monkeypatch.setattr(os, "close", fail)
    assert lock.holder(str(tmp_path)) is None


def test_one_holder_is_waited_for_five_seconds() -> None:
    hands = Hands(every=1000)
    assert hands.waited(hands.waiting()) == pytest.approx(5)


def test_each_holder_is_waited_for_anew_and_all_of_them_for_a_minute() -> None:
    hands = Hands(every=4.9)
    assert hands.waited(hands.waiting(), until=40) == pytest.approx(40, abs=0.02), "nobody has given up by then"
    hands = Hands(every=4.9)
    assert hands.waited(hands.waiting()) == pytest.approx(60)
    hands = Hands(every=5.1)
    assert hands.waited(hands.waiting()) == pytest.approx(5)


def test_a_holder_that_does_not_say_who_it_is_counts_as_one() -> None:
    hands = Hands(every=1000)
    waiting = hands.waiting()
    while waiting.goes_on(b""):
        pass
    assert hands.now - 100 == pytest.approx(5)
    # Between two holders the file says nothing for a moment, which is no third one.
    hands = Hands(every=1000)
    waiting = hands.waiting()
    says = [b"1 incident log\n", b""]
    while waiting.goes_on(says[int(hands.now) % 2]):
        pass
    assert hands.now - 100 == pytest.approx(5)


def test_a_command_waits_longer_than_for_one_where_the_lock_goes_from_hand_to_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    with another_process(tmp_path) as process:

        def sleep(seconds: float) -> None:
            now[0] += max(seconds, 1.0)
            (tmp_path / ".incident/lock").write_text(f"{now[0]:.0f} 2026-11-23T02:01:40Z incident log\n")
            if now[0] > 130:
                process.communicate()

        monkeypatch.setattr(time, "sleep", sleep)
        monkeypatch.setattr(time, "monotonic", lambda: now[0])
        with lock.hold(str(tmp_path)):
            assert now[0] > 130


def test_a_killed_holder_blocks_nobody(tmp_path: Path) -> None:
    with another_process(tmp_path) as process:
        process.kill()
        process.wait()
        assert (tmp_path / ".incident/lock").read_text(), "it had no time to clear its name"
        assert lock.holder(str(tmp_path)) is None
        with lock.hold(str(tmp_path), wait=0):
            pass


def test_an_error_gives_the_lock_back(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), lock.hold(str(tmp_path)):
        raise KeyboardInterrupt
    with lock.hold(str(tmp_path), wait=0):
        pass


def test_threads_exclude_each_other_too(tmp_path: Path) -> None:
    inside, most = [], []

    def work() -> None:
        for _ in range(10):
            with lock.hold(str(tmp_path), wait=600):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.001)
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 40


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\xff\xfe\x00",
        b"somebody",
        b"12 2026-11-23T02:01:40Z",
        b"x y z",
        b"1 2 \x1b]0;title\x07",
        b"9" * 10**6,
    ],
)
def test_garbage_in_the_lock_file_is_no_matter(tmp_path: Path, content: bytes) -> None:
    with lock.hold(str(tmp_path)):
        (tmp_path / ".incident/lock").write_bytes(content)
        with pytest.raises(ConflictError, match="by another process, and still was after"):
            lock.hold(str(tmp_path), wait=0.01).__enter__()
    with lock.hold(str(tmp_path)):
        assert lock.holder(str(tmp_path))


def test_a_lock_file_that_is_deleted_meanwhile_keeps_nobody_out_and_fools_nobody(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ordinary = fcntl.flock
    calls = []

    def then_somebody_deletes(descriptor: int, operation: int) -> None:
        ordinary(descriptor, operation)
        calls.append(operation)
        if len(calls) == 1:
            (tmp_path / ".incident/lock").unlink()
        if len(calls) == 2:
            (tmp_path / ".incident/lock").unlink()
            (tmp_path / ".incident/lock").touch()

    monkeypatch.setattr(fcntl, "flock", then_somebody_deletes)
    with lock.hold(str(tmp_path)):
        assert len(calls) == 3
        with pytest.raises(ConflictError):
            lock.hold(str(tmp_path), wait=0).__enter__()


def fail(number: int) -> Any:
    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_vault_that_cannot_be_written_is_a_clear_fault(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "mkdir", fail(number))
        with pytest.raises(VaultError, match=os.strerror(number)) as first:
            lock.hold(str(tmp_path)).__enter__()
    with lock.hold(str(tmp_path)):
        pass
    monkeypatch.setattr(os, "open", fail(number))
    with pytest.raises(
        VaultError, match=f"cannot be locked for writing, at .incident/lock: {os.strerror(number)}"
    ) as later:
        lock.hold(str(tmp_path)).__enter__()
    assert first.value.exit_code is later.value.exit_code is ExitCode.SETTINGS
    assert first.value.hint == later.value.hint
    assert first.value.hint


def test_a_file_system_without_locks_is_a_clear_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(os.listdir("/proc/self/fd"))
    monkeypatch.setattr(fcntl, "flock", fail(errno.ENOLCK))
    with pytest.raises(VaultError, match="No locks available"):
        lock.hold(str(tmp_path)).__enter__()
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("obstacle", ["file", "link"])
def test_something_else_in_its_place_is_a_clear_fault(tmp_path: Path, obstacle: str) -> None:
    if obstacle == "file":
        (tmp_path / ".incident").touch()
    else:
        (tmp_path / ".incident").mkdir()
        (tmp_path / ".incident/lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(VaultError):
        lock.hold(str(tmp_path)).__enter__()
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_a_link_is_refused_and_nothing_is_written_where_it_leads(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    vault = tmp_path / "vault"
    outside.mkdir()
    vault.mkdir()
    (vault / ".incident").symlink_to(outside)
    with pytest.raises(VaultError, match=r"\.incident is a link, and could lead out of the vault"):
        lock.hold(str(vault)).__enter__()
    assert list(outside.iterdir()) == []


def test_a_full_disk_does_not_stand_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "pwrite", fail(errno.ENOSPC))
    with lock.hold(str(tmp_path)), pytest.raises(ConflictError, match="another process"):
        lock.hold(str(tmp_path), wait=0).__enter__()
