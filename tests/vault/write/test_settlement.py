"""Somebody saves in the moment between the last look and the swap."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.vault.small_vault import NEW, NOTE, OLD, edit, images_are_complete, journal_of, make, notes_of

from okb_incident.errors import ConflictError, ExitCode, NotFoundError
from okb_incident.vault.disk import exchange
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.stillness import Patience
from okb_incident.vault.disk.writer import NotDurableError
from okb_incident.vault.read.scan import scan
from okb_incident.vault.write.commit import Edit, Move, Remove, commit
from okb_incident.vault.write.settlement import is_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from okb_incident.vault.journal.entry import JournalEntry

THEIRS = OLD.replace(b"All cards.", b"All cards but Amex.")
MERGED = NEW.replace(b"All cards.", b"All cards but Amex.")
CLASHING = OLD.replace(b"# Card payments fail", b"# Nothing can be paid")
OURS_CLASHING = OLD.replace(b"# Card payments fail", b"# No card works")


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return make(tmp_path / "vault")


def save_in_place(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def save_by_rename(path: Path, data: bytes) -> None:
    path.with_name(".saved").write_bytes(data)
    path.with_name(".saved").rename(path)


ENDINGS: list[Callable[[], object]] = []
"""What slow editors have still to do."""


def save_slowly(path: Path, data: bytes, *, first: int = 10) -> None:
    """Begin to save in place, and go on when somebody waits for it."""
    file = path.open("wb", buffering=0)
    file.write(data[:first])

    def end() -> None:
        with file:
            file.write(data[first:])

    ENDINGS.append(end)


SAVES = [save_in_place, save_by_rename, save_slowly]


@pytest.fixture
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an editor go on while it is waited for, however slow the machine."""
    ordinary = Patience.pause

    def pause(patience: Patience) -> None:
        if ENDINGS:
            ENDINGS.pop(0)()
        ordinary(patience)

    monkeypatch.setattr(Patience, "pause", pause)


def at_the_swap(patch: pytest.MonkeyPatch, *doings: Callable[[], None]) -> None:
    """Let somebody do something just before the first swap, just before the second, and so on."""
    ordinary = exchange.exchange
    coming = list(doings)

    def meanwhile(temp: str, path: str) -> None:
        if coming:
            coming.pop(0)()
        ordinary(temp, path)

    patch.setattr(exchange, "exchange", meanwhile)


def last_entry(note: Path) -> JournalEntry:
    return list(journal_of(note.parent).entries())[-1]


def displaced(note: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(Path(journal_of(note.parent).place("displaced")).iterdir())]


@pytest.mark.usefixtures("_patience")
@pytest.mark.parametrize("save", SAVES)
def test_what_was_saved_elsewhere_in_the_note_is_merged_in(
    note: Path, monkeypatch: pytest.MonkeyPatch, save: Callable[[Path, bytes], None]
) -> None:
    at_the_swap(monkeypatch, lambda: save(note, THEIRS))
    done = edit(note)
    assert note.read_bytes() == done.data[NOTE] == MERGED
    assert notes_of(note.parent) == [NOTE]
    change = last_entry(note).changes[0]
    assert (change.before, change.after, change.held) == tuple(map(digest, (THEIRS, MERGED, NEW)))
    assert displaced(note) == [THEIRS, NEW]
    assert images_are_complete(note.parent)


def test_what_was_saved_twice_is_merged_in_twice(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = THEIRS + b"- 02:25 Amex is back\n"
    at_the_swap(monkeypatch, lambda: save_by_rename(note, THEIRS), lambda: save_by_rename(note, later))
    edit(note)
    for words in (b"but Amex", b"Amex is back", b"40 tickets"):
        assert note.read_bytes().count(words) == 1
    assert displaced(note) == [THEIRS, later, MERGED]
    assert notes_of(note.parent) == [NOTE]
    assert images_are_complete(note.parent)


def test_an_editor_that_saves_at_every_swap_gets_a_conflict_copy(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [OLD.replace(b"All cards.", f"All cards but {number}.".encode()) for number in range(9)]
    at_the_swap(monkeypatch, *(lambda text=text: save_by_rename(note, text) for text in texts))
    with pytest.raises(ConflictError) as caught:
        edit(note)
    assert caught.value.exit_code is ExitCode.CONFLICT
    assert b"40 tickets" in note.read_bytes()
    (copy,) = [name for name in notes_of(note.parent) if "conflicted copy" in name]
    assert (note.parent / copy).read_bytes() in texts


@pytest.mark.usefixtures("_patience")
@pytest.mark.parametrize("save", SAVES)
def test_what_was_saved_in_the_same_place_is_kept_beside_the_note(
    note: Path, monkeypatch: pytest.MonkeyPatch, save: Callable[[Path, bytes], None]
) -> None:
    at_the_swap(monkeypatch, lambda: save(note, CLASHING))
    with pytest.raises(ConflictError, match="it has this command's text now") as caught:
        edit(note, lambda _: OURS_CLASHING)
    assert caught.value.exit_code is ExitCode.CONFLICT
    (copy,) = set(notes_of(note.parent)) - {NOTE}
    assert copy in caught.value.message
    assert (note.read_bytes(), (note.parent / copy).read_bytes()) == (OURS_CLASHING, CLASHING)
    assert [found.path for found in scan(str(note.parent)).notes] == [NOTE], "a copy is no second incident"
    change = last_entry(note).changes[0]
    assert (change.before, change.after, change.held) == (digest(CLASHING), digest(OURS_CLASHING), None)
    assert displaced(note) == [CLASHING]
    assert images_are_complete(note.parent)


def test_what_does_not_clash_is_in_the_note_all_the_same(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = CLASHING + b"- 02:25 somebody was told that this line is there\n"
    at_the_swap(monkeypatch, lambda: save_by_rename(note, theirs))
    with pytest.raises(ConflictError, match="it has this command's text now"):
        edit(note, lambda _: OURS_CLASHING + b"- 02:22 ours\n")
    (copy,) = set(notes_of(note.parent)) - {NOTE}
    assert (note.parent / copy).read_bytes() == theirs
    text = note.read_bytes()
    for line in (b"# No card works", b"- 02:22 ours", b"somebody was told that this line is there"):
        assert text.count(line) == 1
    assert b"# Nothing can be paid" not in text
    change = last_entry(note).changes[0]
    assert (change.before, change.after) == (digest(theirs), digest(text))
    assert images_are_complete(note.parent)


def test_a_conflict_copy_of_a_note_with_a_long_name_has_a_shorter_one(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = note.with_name("🚨" * 63 + ".md")
    note.rename(long)
    at_the_swap(monkeypatch, lambda: save_by_rename(long, CLASHING))
    with pytest.raises(ConflictError):
        edit(long, lambda _: OURS_CLASHING)
    (copy,) = set(notes_of(note.parent)) - {long.name}
    assert (note.parent / copy).read_bytes() == CLASHING
    assert len(scan(str(note.parent)).notes) == 1


def test_the_same_text_saved_by_both_is_no_conflict(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_the_swap(monkeypatch, lambda: save_by_rename(note, NEW))
    edit(note)
    assert note.read_bytes() == NEW
    assert notes_of(note.parent) == [NOTE]
    journal_of(note.parent)


def test_a_note_that_is_closed_to_others_at_that_moment_stays_closed(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_swap(monkeypatch, lambda: note.chmod(0o600))
    edit(note)
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    kept = [path for path in Path(journal_of(note.parent).place()).rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept if path.parent.name in {"images", "displaced"}} == {
        0o600
    }


def test_a_note_that_is_deleted_at_that_moment_stays_deleted(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_the_swap(monkeypatch, note.unlink)
    with pytest.raises(NotFoundError):
        edit(note)
    assert notes_of(note.parent) == []
    assert list(journal_of(note.parent).entries()) == []


def test_a_note_that_is_deleted_while_a_save_is_merged_in_leaves_that_save(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        at_the_swap(patch, lambda: save_by_rename(note, THEIRS), note.unlink)
        with pytest.raises(NotDurableError, match="could not be merged yet"):
            edit(note)
    other = note.with_name("other.md")
    other.write_bytes(OLD)
    said = " ".join(edit(other).notes)
    copies = set(notes_of(note.parent)) - {"other.md"}
    assert all("conflicted copy" in copy and copy in said for copy in copies)
    assert THEIRS in {(note.parent / copy).read_bytes() for copy in copies}


def test_a_removed_note_that_was_saved_at_that_moment_is_kept(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _save_before_rename(monkeypatch, note)
    with pytest.raises(ConflictError, match="is gone now"):
        commit(str(note.parent), [Remove(NOTE)], command="incident undo")
    (copy,) = notes_of(note.parent)
    assert (note.parent / copy).read_bytes() == THEIRS


def test_what_was_saved_while_a_note_moved_goes_where_it_went_and_is_as_private(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _save_before_rename(monkeypatch, note)
    with pytest.raises(ConflictError):
        commit(str(note.parent), [Move(NOTE, "restricted/a.md", lambda data: data, 0o600)], command="incident restrict")
    copy, moved = notes_of(note.parent)
    assert moved == "restricted/a.md"
    assert copy.startswith("restricted/a (conflicted copy ")
    for path in (copy, moved):
        assert stat.S_IMODE((note.parent / path).stat().st_mode) == 0o600
    assert (note.parent / copy).read_bytes() == THEIRS


def _save_before_rename(monkeypatch: pytest.MonkeyPatch, note: Path) -> None:
    ordinary = os.rename

    def meanwhile(path: str, target: str) -> None:
        if path == str(note):
            note.write_bytes(THEIRS)
        ordinary(path, target)

    monkeypatch.setattr(os, "rename", meanwhile)


@pytest.mark.usefixtures("_patience")
def test_a_note_that_an_editor_has_just_emptied_does_not_lose_what_is_left_after_a_secret(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor empties a note before it saves; empty is no text to take over in place of the redacted one."""
    redacted = OLD.replace(b"first call", b"[redacted]")
    with monkeypatch.context() as patch:
        at_the_swap(patch, lambda: save_in_place(note, b""))
        commit(str(note.parent), [Edit(NOTE, lambda _: redacted)], command="incident redact", purges=())
    assert note.read_bytes() == redacted
    assert notes_of(note.parent) == [NOTE]
    assert last_entry(note).changes[0].after == digest(redacted)


@pytest.mark.parametrize("found", [b"", b"\n", b" \n\n", OLD[:10], OLD.removesuffix(b"\n")])
def test_what_an_editor_has_only_begun_is_no_save(found: bytes) -> None:
    assert is_part(found, OLD)
    assert not is_part(THEIRS, OLD)


def test_of_several_conflicts_each_is_named(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = note.with_name("other.md")
    other.write_bytes(OLD)
    at_the_swap(monkeypatch, lambda: save_by_rename(note, CLASHING), lambda: save_by_rename(other, CLASHING))
    steps = [Edit(path.name, lambda _: OURS_CLASHING) for path in (note, other)]
    with pytest.raises(ConflictError) as caught:
        commit(str(note.parent), steps, command="incident relate")
    copies = [name for name in notes_of(note.parent) if "conflicted copy" in name]
    assert len(copies) == 2
    assert all(copy in caught.value.message for copy in copies)
