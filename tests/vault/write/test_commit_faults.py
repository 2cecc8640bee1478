"""What reaches the disk, in which order, and what is left when the system refuses, or the power goes, at any moment."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.vault.small_vault import NEW, NOTE, OLD, edit, images_are_complete, journal_of, make, notes_of

from okb_incident.errors import ExitCode, OkbError, VaultError
from okb_incident.vault.disk import exchange
from okb_incident.vault.disk.writer import NotDurableError
from okb_incident.vault.write.commit import Create, Edit, Move, Remove, commit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Only against waiting without end: how fast a loaded machine is says nothing.
pytestmark = pytest.mark.timeout(3600)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return make(tmp_path / "vault")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where that is possible: these tests cut no power, so nothing has to reach a real disk."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as path:
        yield Path(path)


# -- order ---------------------------------------------------------------------------------------------------------------


def test_the_intent_then_the_bytes_then_the_name_then_the_folder_reach_the_disk(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(note)  # makes the folders of the journal
    done: list[str] = []

    def watch(module: Any, function: str) -> None:
        ordinary = getattr(module, function)

        def call(*arguments: Any, **options: Any) -> Any:
            what = str(arguments[-1] if function != "fsync" else os.readlink(f"/proc/self/fd/{arguments[0]}"))
            name = "temp" if what.endswith("tmp-incident") else os.path.basename(what)
            done.append(f"{function} {'entry' if len(name) == 26 else name}")
            return ordinary(*arguments, **options)

        monkeypatch.setattr(module, function, call)

    for function in ("fsync", "link", "rename", "replace", "mkdir"):
        watch(os, function)
    watch(exchange, "exchange")
    commit(str(note.parent), [Create("2026/a.md", OLD)], command="incident open")
    opened = ["fsync temp", "link entry", "fsync intent", "fsync temp", "rename temp"]
    assert done[: -len(done) + 9] == ["mkdir 2026", "fsync vault", *opened, "link a.md", "fsync 2026"]
    done.clear()
    edit(note, lambda data: data + b"x")
    assert done[:7] == [*opened, f"exchange {NOTE}", "fsync vault"]
    synced = [call.split(" ")[1] for call in done[7:] if call.startswith("fsync")]
    assert [name.endswith(".new") for name in synced] == [True], "an image is whole before it has its name"
    done.clear()
    commit(str(note.parent), [Edit(NOTE, lambda data: data + b"x"), Remove("2026/a.md")], command="incident merge")
    swapped = done.index(f"exchange {NOTE}")
    assert sorted(done[swapped - 2 : swapped]) == ["fsync 2026", "fsync vault"], "drafts survive before the first swap"


def is_folder_of_notes(descriptor: int) -> bool:
    path = os.readlink(f"/proc/self/fd/{descriptor}")
    return stat.S_ISDIR(os.fstat(descriptor).st_mode) and ".incident" not in path


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_a_folder_that_does_not_reach_the_disk_is_said(
    note: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    commit(str(note.parent), [Create("first.md", b"")], command="incident open")
    ordinary = os.fsync

    def refuse(descriptor: int) -> None:
        if is_folder_of_notes(descriptor):
            raise OSError(number, os.strerror(number))
        ordinary(descriptor)

    new = Create("new.md", NEW)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        for write in (lambda: edit(note), lambda: commit(str(note.parent), [new], command="incident open")):
            with pytest.raises(NotDurableError, match="is written, but the disk did not confirm") as caught:
                write()
            assert caught.value.exit_code is ExitCode.SETTINGS
        assert note.read_bytes() == note.with_name("new.md").read_bytes() == NEW
    assert edit(note, lambda data: data + b"x").notes == ()
    assert notes_of(note.parent) == [NOTE, "first.md", "new.md"]
    assert len(list(journal_of(note.parent).entries())) == 4
    assert images_are_complete(note.parent)


def test_an_intent_that_does_not_reach_the_disk_lets_nothing_be_written(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(note)
    ordinary = os.fsync

    def refuse(descriptor: int) -> None:
        if os.readlink(f"/proc/self/fd/{descriptor}").endswith("/intent"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        ordinary(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(VaultError, match="could not be written") as caught:
            edit(note, lambda data: data + b"x")
    assert not isinstance(caught.value, NotDurableError), "that would say that the note is written"
    assert note.read_bytes() == NEW
    assert len(list(journal_of(note.parent).entries())) == 1


def test_a_file_system_whose_folders_cannot_be_synced_can_be_used(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = os.fsync

    def refuse(descriptor: int) -> None:
        if is_folder_of_notes(descriptor):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        ordinary(descriptor)

    monkeypatch.setattr(os, "fsync", refuse)
    commit(str(note.parent), [Edit(NOTE, lambda _: NEW), Create("2026/new.md", NEW)], command="incident relate")
    assert note.read_bytes() == (note.parent / "2026/new.md").read_bytes() == NEW


def test_a_disk_that_takes_little_at_a_time_gets_all(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: ordinary(descriptor, data[:7]))
    edit(note)
    commit(str(note.parent), [Create("new.md", NEW)], command="incident open")
    assert note.read_bytes() == NEW
    assert images_are_complete(note.parent)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EXDEV])
def test_what_fails_after_the_swap_is_made_good_by_the_next_command(
    note: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    ordinary = exchange.exchange

    def then_full(temp: str, path: str) -> None:
        ordinary(temp, path)
        for function in ("rename", "write", "mkdir", "link"):
            patch.setattr(os, function, refuse)

    with monkeypatch.context() as patch:
        patch.setattr(exchange, "exchange", then_full)
        assert edit(note).data[NOTE] == NEW
    assert note.read_bytes() == NEW
    assert edit(note, lambda data: data + b"x").notes == ()
    assert notes_of(note.parent) == [NOTE]
    assert len(list(journal_of(note.parent).entries())) == 2
    assert images_are_complete(note.parent)


# -- every call, several notes -------------------------------------------------------------------------------------------


class Command(NamedTuple):
    """A command: the notes before it, what it does, and the notes after it."""

    before: dict[str, bytes]
    steps: list[Any]
    after: dict[str, bytes]


COMMANDS = {
    "edit": Command({NOTE: OLD}, [Edit(NOTE, lambda _: NEW)], {NOTE: NEW}),
    "create": Command({}, [Create("2026/a.md", OLD)], {"2026/a.md": OLD}),
    "remove": Command({NOTE: OLD}, [Remove(NOTE)], {}),
    "several": Command(
        {NOTE: OLD, "moves.md": b"moves", "goes.md": b"goes"},
        [
            Create("2026/a.md", OLD),
            Remove("goes.md"),
            Edit(NOTE, lambda _: NEW),
            Move("moves.md", "restricted/moved.md", lambda data: data + b" on", 0o600),
        ],
        {NOTE: NEW, "2026/a.md": OLD, "restricted/moved.md": b"moves on"},
    ),
}


def laid_out(root: Path, command: Command) -> None:
    root.mkdir()
    for path, data in command.before.items():
        (root / path).write_bytes(data)


def held(root: Path) -> dict[str, bytes]:
    """Give what people see: every note of a vault, none of our temps."""
    return {path: (root / path).read_bytes() for path in notes_of(root) if not os.path.basename(path).startswith(".")}


def carried_out(root: Path, command: Command) -> None:
    commit(str(root), command.steps, command="incident test")


def assert_settled(root: Path, command: Command) -> None:
    """Assert that the next command finds all old or all new and leaves no trace of what was cut off; remove the vault."""
    commit(str(root), [Create("next.md", b"next")], command="incident open")
    now = held(root)
    assert now.pop("next.md") == b"next"
    assert now in (command.before, command.after)
    assert notes_of(root) == sorted([*now, "next.md"]), "no temps"
    entries = list(journal_of(root).entries())
    assert len(entries) == (2 if now == command.after else 1)
    assert images_are_complete(root)
    shutil.rmtree(root)


CALLS = [
    "open",
    "fstat",
    "read",
    "write",
    "fchmod",
    "fchown",
    "fsync",
    "close",
    "link",
    "rename",
    "replace",
    "unlink",
    "mkdir",
    "lstat",
    "stat",
    "listdir",
    "chmod",
]
CLOSE = os.close


CHANGES_NOTHING = {"fstat", "read", "fsync", "close", "lstat", "stat", "listdir"}


class Watch:
    """Do something at the k-th of the system's calls, or from there on.

    Attributes:
        count: The number of calls so far.
        changing: The calls, by number, that may have changed something on the disk.
    """

    def __init__(
        self, patch: pytest.MonkeyPatch, at: int, fault: Callable[[], None], *, for_good: bool = False
    ) -> None:
        self.count = 0
        self.changing: list[int] = []
        self.at, self.fault, self.for_good = at, fault, for_good
        for name in CALLS:
            patch.setattr(os, name, self._watched(name, getattr(os, name)))
        patch.setattr(exchange, "_swap", self._watched("_swap", exchange._swap))

    def _watched(self, name: str, ordinary: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            self.count += 1
            if name not in CHANGES_NOTHING and not (name == "open" and not arguments[1] & os.O_CREAT):
                self.changing.append(self.count)
            if self.count == self.at or (self.for_good and self.count > self.at):
                if ordinary is CLOSE:
                    ordinary(*arguments)  # Linux closes the file even where it reports an error
                self.fault()
            return ordinary(*arguments, **options)

        return call


def refusing(number: int) -> Callable[..., None]:
    def fault(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    return fault


def in_turn(numbers: tuple[int, int], at: int, *, for_good: bool, long: bool) -> tuple[int, ...]:
    """Return the errors that a call meets: both in the long lane, else one of them once and the other from there on.

    No code under test asks for either number, so both lead into the same branches.
    """
    return numbers if long else (numbers[(at + for_good) % 2],)


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("name", COMMANDS)
def test_whatever_fails_all_notes_are_old_or_new_and_the_next_command_works(
    folder: Path, monkeypatch: pytest.MonkeyPatch, long: bool, name: str, for_good: bool
) -> None:
    command = COMMANDS[name]
    open_files = len(os.listdir("/proc/self/fd"))
    failed = 0
    for at in itertools.count(1):
        for number in in_turn((errno.ENOSPC, errno.EMFILE), at, for_good=for_good, long=long):
            root = folder / f"{at} {number}"
            laid_out(root, command)
            error: OkbError | None = None
            with monkeypatch.context() as patch:
                watch = Watch(patch, at, refusing(number), for_good=for_good)
                try:
                    carried_out(root, command)
                except OkbError as caught:
                    error = caught
            now = held(root)
            if error is None:
                assert now == command.after
            elif isinstance(error, NotDurableError):
                assert now == command.after or "together with" in error.message
            else:
                assert now == command.before, "it says that nothing was written"
                assert error.exit_code in {ExitCode.SETTINGS, ExitCode.INVALID, ExitCode.NOT_FOUND, ExitCode.CONFLICT}
            assert error is None or error.hint or number == errno.EMFILE
            failed += error is not None
            assert_settled(root, command)
        if watch.count < at:
            break
    assert failed > 5
    assert len(os.listdir("/proc/self/fd")) == open_files


def moments_to_kill(folder: Path, command: Command, *, long: bool) -> list[int]:
    """Return the calls before which a command is killed, and last a call that the command does not reach.

    The everyday suite leaves out a call that follows one which changed nothing: a kill there leaves the disk as a kill one
    call earlier does.
    """
    root = folder / "clean"
    laid_out(root, command)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange, "_without", set())
        watch = Watch(patch, 0, lambda: None)
        carried_out(root, command)
    end = watch.count + 1
    return list(range(1, end + 1)) if long else sorted({1, *(at + 1 for at in watch.changing), end})


@pytest.mark.parametrize("without_exchange", [False, True])
@pytest.mark.parametrize("name", COMMANDS)
def test_whenever_a_command_is_killed_the_next_one_finds_all_old_or_all_new(
    folder: Path, monkeypatch: pytest.MonkeyPatch, long: bool, name: str, without_exchange: bool
) -> None:
    command = COMMANDS[name]
    if without_exchange:
        monkeypatch.setattr(exchange, "_swap", refusing(errno.EINVAL))
        monkeypatch.setattr(exchange, "_without", set())
    moments = moments_to_kill(folder, command, long=long)
    assert len(moments) > 10
    for at in moments:
        root = folder / f"{at}"
        laid_out(root, command)
        process = os.fork()
        if not process:
            with pytest.MonkeyPatch.context() as patch:
                Watch(patch, at, lambda: os._exit(137))
                carried_out(root, command)
                os._exit(0)
        _, status = os.waitpid(process, 0)
        assert os.waitstatus_to_exitcode(status) == (0 if at == moments[-1] else 137)
        if at == moments[-1]:
            assert held(root) == command.after
        assert_settled(root, command)


def test_without_an_exchange_whatever_fails_a_note_is_old_or_new(
    folder: Path, monkeypatch: pytest.MonkeyPatch, long: bool
) -> None:
    command = COMMANDS["several"]
    for at, for_good in itertools.product(range(1, 400), (False, True)):
        for number in in_turn((errno.EINVAL, errno.ENOSYS), at, for_good=for_good, long=long):
            root = folder / f"{at} {for_good} {number}"
            laid_out(root, command)
            error: OkbError | None = None
            with monkeypatch.context() as patch:
                patch.setattr(exchange, "_without", set())
                patch.setattr(exchange, "_swap", refusing(number))
                # The exchange itself is refused under the watch.
                watch = Watch(patch, at, refusing(errno.EIO), for_good=for_good)
                try:
                    carried_out(root, command)
                except OkbError as caught:
                    error = caught
            if error is None:
                assert held(root) == command.after
            assert_settled(root, command)
        if watch.count < at:
            break
    assert watch.count < at, "there are more calls than were tried"


@pytest.mark.parametrize("function", ["write", "fsync", "fchmod", "link"])
def test_a_command_that_is_interrupted_before_the_swap_leaves_nothing_behind(
    note: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, function, interrupt)
        with pytest.raises(KeyboardInterrupt):
            edit(note)
    assert notes_of(note.parent) == [NOTE]
    assert note.read_bytes() == OLD
    edit(note)
    assert len(list(journal_of(note.parent).entries())) == 1


def test_a_command_that_is_interrupted_after_the_swap_is_written_down_by_the_next(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = exchange.exchange

    def interrupt(temp: str, path: str) -> None:
        ordinary(temp, path)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(exchange, "exchange", interrupt)
        with pytest.raises(KeyboardInterrupt):
            edit(note)
    assert note.read_bytes() == NEW
    edit(note, lambda data: data + b"x")
    assert notes_of(note.parent) == [NOTE]
    assert len(list(journal_of(note.parent).entries())) == 2
    assert images_are_complete(note.parent)
