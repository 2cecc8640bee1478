"""What the next command makes of one that was cut off while somebody else wrote the same notes."""

from __future__ import annotations

import errno
import itertools
import os
from typing import TYPE_CHECKING, Any

import pytest
from tests.vault.small_vault import NEW, NOTE, OLD, edit, images_are_complete, journal_of, make, notes_of

from okb_incident.errors import OkbError
from okb_incident.vault.disk import exchange
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.write import recovery
from okb_incident.vault.write.commit import Create, Edit, Remove, commit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

THEIRS = OLD.replace(b"All cards.", b"All cards but Amex.")
CALLS = [
    "open",
    "read",
    "write",
    "fsync",
    "close",
    "link",
    "rename",
    "replace",
    "unlink",
    "mkdir",
    "lstat",
    "stat",
    "chmod",
]


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return make(tmp_path / "vault")


def cut_off(root: Path, steps: list[Any], die: Callable[[pytest.MonkeyPatch], None]) -> int:
    """Carry out a command in a process that dies of something; give its exit code."""
    process = os.fork()
    if not process:
        code = 1
        with pytest.MonkeyPatch.context() as patch:
            die(patch)
            try:
                commit(str(root), steps, command="incident test")
                code = 0
            except OkbError as error:
                code = error.exit_code
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def at_call(number: int) -> Callable[[pytest.MonkeyPatch], None]:
    """Die at the n-th call of the system after an editor saved at the first swap."""

    def die(patch: pytest.MonkeyPatch) -> None:
        ordinary = exchange.exchange
        count = itertools.count(1)

        def watched(call: Any) -> Any:
            def counted(*arguments: Any, **options: Any) -> Any:
                if next(count) == number:
                    os._exit(137)
                return call(*arguments, **options)

            return counted

        def editor_then_swap(temp: str, path: str) -> None:
            with open(path + ".saved", "wb") as file:
                file.write(THEIRS)
            os.rename(path + ".saved", path)
            patch.setattr(exchange, "exchange", ordinary)
            for name in CALLS:
                patch.setattr(os, name, watched(getattr(os, name)))
            patch.setattr(exchange, "_swap", watched(exchange._swap))
            ordinary(temp, path)

        patch.setattr(exchange, "exchange", editor_then_swap)

    return die


@pytest.mark.parametrize("without_exchange", [False, True])
@pytest.mark.parametrize("base_is_known", [False, True])
def test_a_save_at_the_swap_survives_a_crash_at_any_later_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without_exchange: bool, base_is_known: bool
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    if without_exchange:
        monkeypatch.setattr(exchange, "_swap", refuse)
    for number in itertools.count(1):
        monkeypatch.setattr(exchange, "_without", set())
        root = tmp_path / f"{number}"
        note = make(root)
        if base_is_known:
            # Not an empty one, which is waited for half a second each time.
            note.write_bytes(b"before\n")
            edit(note, lambda _: OLD)
        code = cut_off(root, [Edit(NOTE, lambda _: NEW)], at_call(number))
        commit(str(root), [Create("next.md", b"")], command="incident open")
        copies = [name for name in notes_of(root) if "conflicted copy" in name]
        assert set(notes_of(root)) == {NOTE, "next.md", *copies}
        texts = [note.read_bytes(), *((root / copy).read_bytes() for copy in copies)]
        assert any(b"but Amex" in text for text in texts), "what the editor saved is where people look"
        if b"40 tickets" in note.read_bytes():
            assert len(list(journal_of(root).entries())) == 2 + base_is_known
        assert base_is_known is False or not copies
        assert images_are_complete(root)
        if code == 0:
            break
        assert code == 137
    assert number > 20


def before_the_second_swap(patch: pytest.MonkeyPatch) -> None:
    ordinary = exchange.exchange
    swaps = itertools.count()

    def die(temp: str, path: str) -> None:
        if next(swaps):
            os._exit(137)
        ordinary(temp, path)

    patch.setattr(exchange, "exchange", die)


def half_done(note: Path) -> Path:
    """Let a command that changes two notes die between the two; give the other one."""
    other = note.with_name("other.md")
    other.write_bytes(OLD)
    steps = [Edit(NOTE, lambda _: NEW), Edit(other.name, lambda _: NEW)]
    assert cut_off(note.parent, steps, before_the_second_swap) == 137
    assert (note.read_bytes(), other.read_bytes()) == (NEW, OLD)
    return other


def next_command(note: Path) -> str:
    done = commit(str(note.parent), [Create("next.md", b"")], command="incident open")
    note.with_name("next.md").unlink()
    return " ".join(done.notes)


def test_what_is_half_done_is_finished_and_said(note: Path) -> None:
    other = half_done(note)
    said = next_command(note)
    assert "incident test of " in said
    assert "cut off half way, and is finished now" in said
    assert (note.read_bytes(), other.read_bytes()) == (NEW, NEW)
    assert notes_of(note.parent) == [NOTE, "other.md"]
    assert images_are_complete(note.parent)
    assert next_command(note) == ""


def test_what_is_finished_late_follows_on_the_entry_that_was_there_when_it_began(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command came in between: named as the entry before, it would stand before and after the late one at once."""
    edit(note, lambda data: data + b"- 02:21 first\n")
    (first,) = journal_of(note.parent).entries()
    note.write_bytes(OLD)
    other = half_done(note)
    with monkeypatch.context() as patch:
        patch.setattr(recovery, "_recover", refuse_for_now)
        assert "cannot be finished yet" in next_command(note)
    assert (note.read_bytes(), other.read_bytes()) == (NEW, OLD)
    assert "finished now" in next_command(note)
    journal = Journal.here(str(note.parent))
    entries = list(journal.entries())
    assert [entry.command.split()[1] for entry in entries] == ["log", "test", "open", "open"]
    assert [before.id for before in entries[1].previous] == [first.id]
    for entry in entries:
        assert all(before.id < entry.id for before in entry.previous), "no entry follows on a later one"


def refuse_for_now(*_: object) -> list[str]:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_what_somebody_saved_in_a_half_done_note_is_not_overwritten(note: Path) -> None:
    other = half_done(note)
    other.write_bytes(THEIRS)
    said = next_command(note)
    (copy,) = set(notes_of(note.parent)) - {NOTE, "other.md"}
    assert copy in said
    assert {other.read_bytes(), (note.parent / copy).read_bytes()} == {NEW, THEIRS}


def test_a_half_done_note_that_is_deleted_meanwhile_stays_deleted_and_its_text_is_kept(note: Path) -> None:
    half_done(note).unlink()
    assert "is taken or gone; its new" in next_command(note)
    (copy,) = set(notes_of(note.parent)) - {NOTE}
    assert (note.parent / copy).read_bytes() == NEW
    journal_of(note.parent)
    assert next_command(note) == ""


def test_a_name_that_is_taken_meanwhile_stays_theirs(note: Path) -> None:
    def die(patch: pytest.MonkeyPatch) -> None:
        ordinary = os.link
        patch.setattr(os, "link", lambda temp, path: os._exit(137) if path.endswith("new.md") else ordinary(temp, path))

    steps = [Edit(NOTE, lambda _: NEW), Create("new.md", b"ours")]
    assert cut_off(note.parent, steps, die) == 137
    note.with_name("new.md").write_bytes(b"theirs")
    assert "is taken or gone; its new" in next_command(note)
    assert (note.read_bytes(), note.with_name("new.md").read_bytes()) == (NEW, b"theirs")
    (copy,) = set(notes_of(note.parent)) - {NOTE, "new.md"}
    assert (note.parent / copy).read_bytes() == b"ours"
    assert next_command(note) == ""


def test_a_new_note_that_is_changed_or_deleted_before_recovery_stops_nobody(note: Path) -> None:
    root = note.parent
    for number, meanwhile in enumerate((lambda path: path.write_bytes(b"theirs"), lambda path: path.unlink())):
        path = root / f"{number}.md"
        steps = [Create(path.name, b"ours"), Edit(NOTE, lambda data: data + b"x"), Remove("goes.md")]
        note.with_name("goes.md").write_bytes(b"goes")
        assert cut_off(root, steps, _before_the_journal_closes) == 137
        meanwhile(path)
        next_command(note)
        assert next_command(note) == ""
        assert not path.exists() or path.read_bytes() == b"theirs"
    assert notes_of(root) == ["0.md", NOTE]


def _before_the_journal_closes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Journal, "keep_displaced", lambda *_, **__: os._exit(137))


@pytest.mark.parametrize("function", ["open", "read", "listdir", "unlink", "lstat"])
def test_what_cannot_be_looked_at_now_is_left_for_later(
    note: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    """No call that fails while recovering may cost what somebody saved, or half of a command."""
    for at in itertools.count(1):
        note.write_bytes(OLD)
        other = half_done(note)
        with monkeypatch.context() as patch:
            ordinary, count = getattr(os, function), itertools.count(1)

            def call(*arguments: Any, **options: Any) -> Any:
                if next(count) == at:  # noqa: B023 - called within the turn
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                return ordinary(*arguments, **options)  # noqa: B023

            patch.setattr(os, function, call)
            try:
                commit(str(note.parent), [Create(f"{at}.md", b"")], command="incident open")
            except OkbError as error:
                assert error.message
        next_command(note)
        assert (note.read_bytes(), other.read_bytes()) == (NEW, NEW)
        assert not [name for name in notes_of(note.parent) if name.startswith(".") or "copy" in name]
        # An entry that is finished late stands beside the one that came meanwhile: both name the same one before.
        assert os.listdir(Journal.here(str(note.parent)).place("intent")) == []
        if next(count) <= at:
            break
