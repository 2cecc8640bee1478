"""An editor goes on saving a file after a command has put another one in its place."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.vault.small_vault import NEW, NOTE, OLD, edit, images_are_complete, journal_of, make, notes_of

from okb_incident.vault.disk import exchange, stillness
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import read_now
from okb_incident.vault.disk.stillness import Patience, stamp_of
from okb_incident.vault.journal.late import as_problem, late_saves
from okb_incident.vault.journal.recent import FILES, NOTES, is_ours, recent, remember, written_into
from okb_incident.vault.write.commit import Move, Remove, commit
from okb_incident.vault.write.late_saves import bring_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from okb_incident.vault.journal.store import Journal

THEIRS = OLD.replace(b"All cards.", b"All cards but Amex.")
BOTH = NEW.replace(b"All cards.", b"All cards but Amex.")


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return make(tmp_path / "vault")


def displaced(note: Path) -> Path:
    """Return the file that the last command displaced."""
    return max(Path(journal_of(note.parent).place("displaced")).iterdir())


def add(line: bytes, data: bytes) -> bytes:
    return data + line


def copies(note: Path) -> list[bytes]:
    return [path.read_bytes() for path in note.parent.rglob("* (conflicted copy *).md")]


def brought_in(note: Path) -> tuple[str, ...]:
    """Bring in what the stamps alone tell of, as every writing command does."""
    journal = journal_of(note.parent)
    return bring_in(journal, written_into(journal))


def at_the_swap(patch: pytest.MonkeyPatch, doing: Callable[[], object]) -> None:
    ordinary = exchange.exchange

    def meanwhile(temp: str, path: str) -> None:
        doing()
        ordinary(temp, path)

    patch.setattr(exchange, "exchange", meanwhile)


def test_a_series_of_commands_leaves_nothing_to_look_at_and_knows_its_own_bytes(note: Path) -> None:
    for number in range(3):
        edit(note, partial(add, b"- line %d\n" % number))
        journal = journal_of(note.parent)
        assert is_ours(journal, str(note), stamp_of(read_now(str(note))))
        assert written_into(journal) == []
    note.write_bytes(note.read_bytes())
    assert not is_ours(journal, str(note), stamp_of(read_now(str(note)))), "the same bytes, saved by somebody else"


def test_bytes_that_a_command_left_are_not_waited_for(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(note)
    monkeypatch.setattr(stillness, "TOUCHED", 1.0)
    monkeypatch.setattr(Patience, "pause", lambda _: pytest.fail("it waited"))
    later = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: later)
    edit(note, lambda data: data + b"- again\n")
    assert note.read_bytes() == NEW + b"- again\n"


def test_what_somebody_saved_a_moment_ago_is_waited_for(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(note)
    monkeypatch.setattr(stillness, "TOUCHED", float("inf"))
    whole = NEW + b"- typed by hand\n"
    note.write_bytes(whole[:-40])
    pauses = []

    def pause(_: Patience) -> None:
        pauses.append(1)
        if len(pauses) == 1:
            note.write_bytes(whole)
        monkeypatch.setattr(stillness, "STILL", 0.0 if len(pauses) > 3 else 600.0)
        monkeypatch.setattr(stillness, "AT_MOST", 600.0)

    monkeypatch.setattr(Patience, "pause", pause)
    edit(note, lambda data: data + b"- by a command\n")
    assert note.read_bytes() == whole + b"- by a command\n"
    assert len(pauses) == 4


def test_a_save_that_goes_on_in_the_displaced_file_is_named_and_merged(note: Path) -> None:
    edit(note)
    displaced(note).write_bytes(THEIRS)
    journal = journal_of(note.parent)
    (late,) = late_saves(journal, written_into(journal))
    assert str(as_problem(late, journal)).startswith(
        f"{NOTE}: late-edit: an editor went on saving it after incident log"
    )
    (said,) = brought_in(note)
    assert said == (
        f"an editor went on saving {NOTE} after incident log had put another file in its place; the rest is merged into it now"
    )
    assert note.read_bytes() == BOTH
    assert notes_of(note.parent) == [NOTE]
    assert images_are_complete(note.parent)
    assert (written_into(journal), list(late_saves(journal)), brought_in(note)) == ([], [], ())
    assert [entry.command for entry in journal.entries()] == ["incident log", "late save"]


def test_a_save_that_goes_on_once_more_is_merged_once_more(note: Path) -> None:
    edit(note)
    file = displaced(note)
    with file.open("r+b") as editor:
        editor.truncate()
        editor.write(THEIRS)
        editor.flush()
        brought_in(note)
        editor.write(b"- 02:25 Amex is back\n")
        editor.flush()
        brought_in(note)
    data = note.read_bytes()
    for words in (b"but Amex", b"Amex is back", b"40 tickets", b"first call"):
        assert data.count(words) == 1, words
    assert copies(note) == []


def test_what_was_saved_by_hand_before_the_command_is_known_all_the_same(note: Path) -> None:
    by_hand = OLD + b"- 02:21 typed by hand\n"
    note.write_bytes(by_hand)
    edit(note, lambda data: data + b"- by a command\n")
    displaced(note).write_bytes(by_hand.replace(b"All cards.", b"All cards but Amex."))
    brought_in(note)
    assert b"but Amex" in note.read_bytes()
    assert b"by a command" in note.read_bytes()
    assert copies(note) == []


def test_what_cannot_be_merged_lies_beside_the_note(note: Path) -> None:
    edit(note, lambda data: data.replace(b"All cards.", b"No card works."))
    displaced(note).write_bytes(THEIRS)
    (said,) = brought_in(note)
    (copy,) = note.parent.glob("* (conflicted copy *).md")
    assert said.endswith(f"the rest is in {copy.name}")
    assert copies(note) == [THEIRS]
    assert b"No card works." in note.read_bytes()
    assert brought_in(note) == ()


def test_what_breaks_off_in_its_properties_lies_beside_the_note(note: Path) -> None:
    edit(note)
    part = b"---\ntype: incident\ntitle: typed by"
    displaced(note).write_bytes(part)
    brought_in(note)
    assert (note.read_bytes(), copies(note)) == (NEW, [part])


@pytest.mark.parametrize("data", [b"", b"\n\n", OLD[:40]])
def test_what_holds_nothing_new_is_left(note: Path, data: bytes) -> None:
    edit(note)
    displaced(note).write_bytes(data)
    assert brought_in(note) == ()
    assert (note.read_bytes(), copies(note)) == (NEW, [])
    displaced(note).write_bytes(THEIRS)
    brought_in(note)
    assert note.read_bytes() == BOTH


def test_of_a_note_that_is_gone_it_lies_where_the_note_was(note: Path) -> None:
    edit(note)
    commit(str(note.parent), [Remove(NOTE)], command="incident undo")
    displaced(note).write_bytes(THEIRS)
    brought_in(note)
    assert copies(note) == [THEIRS]
    assert not note.exists()


def test_of_a_note_that_moved_it_goes_where_the_note_is(note: Path) -> None:
    edit(note)
    file = displaced(note)
    commit(str(note.parent), [Move(NOTE, "restricted/a.md", bytes, 0o600)], command="incident restrict")
    file.write_bytes(THEIRS)
    (said,) = brought_in(note)
    assert said.startswith("an editor went on saving a restricted note after incident log")
    assert (note.parent / "restricted/a.md").read_bytes() == BOTH
    assert notes_of(note.parent) == ["restricted/a.md"]
    assert (note.parent / "restricted/a.md").stat().st_mode & 0o777 == 0o600


def test_what_is_displaced_in_the_middle_of_a_save_is_found_when_it_ends(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stillness, "AT_MOST", 0.0)
    editor = note.open("r+b", buffering=0)

    def save() -> None:
        editor.truncate()
        editor.write(THEIRS[:60])

    with monkeypatch.context() as patch:
        at_the_swap(patch, save)
        edit(note)
    assert note.read_bytes() == NEW
    # Whether it went on or not: it was in the middle, and more than the beginning of the old text.
    monkeypatch.setattr(stillness, "AT_MOST", 1.5)
    with editor:
        editor.write(THEIRS[60:])
    brought_in(note)
    assert note.read_bytes() == BOTH
    assert copies(note) == []


def test_a_save_that_ended_while_it_was_not_waited_for_any_more_is_found(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stillness, "AT_MOST", 0.0)
    with monkeypatch.context() as patch:
        at_the_swap(patch, lambda: note.write_bytes(THEIRS))
        edit(note)
    assert note.read_bytes() == NEW
    assert displaced(note).read_bytes() == THEIRS
    monkeypatch.setattr(stillness, "AT_MOST", 1.5)
    brought_in(note)
    assert note.read_bytes() == BOTH


def test_a_save_that_does_not_end_is_left_for_the_next_command(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(note)
    displaced(note).write_bytes(THEIRS)
    with monkeypatch.context() as patch:
        patch.setattr(stillness, "TOUCHED", float("inf"))
        patch.setattr(stillness, "AT_MOST", 0.0)
        (said,) = brought_in(note)
    assert said.endswith("it is still saving, and the next command brings in the rest")
    assert note.read_bytes() == NEW
    brought_in(note)
    assert note.read_bytes() == BOTH


def test_what_cannot_be_brought_in_now_is_said_and_tried_again(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(note)
    displaced(note).write_bytes(THEIRS)
    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        (said,) = brought_in(note)
    assert "cannot be brought in yet" in said
    assert "No space left" in said
    edit(note, lambda data: data + b"- another\n")
    brought_in(note)
    assert note.read_bytes() == BOTH + b"- another\n"


# -- what is remembered --------------------------------------------------------------------------------------------------


@pytest.fixture
def journal(note: Path) -> Journal:
    edit(note)
    return journal_of(note.parent)


def test_what_was_looked_at_long_ago_is_forgotten_and_what_waits_is_not(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    (name,) = recent(journal).displaced
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    Path(journal.place("displaced", name)).write_bytes(THEIRS)
    remember(journal, {}, {})
    assert written_into(journal) == [name]
    stamp = stamp_of(read_now(journal.place("displaced", name)))
    remember(journal, {}, {name: stamp})
    monkeypatch.setattr(time, "time", lambda: later + 61)
    remember(journal, {}, {})
    assert recent(journal).displaced == {}


def test_not_more_is_remembered_than_a_command_can_look_at(journal: Journal) -> None:
    stamp = stamp_of(read_now(journal.place("recent")))
    names = {f"{number:026}.0-{digest(b'')}": stamp for number in range(FILES + 9)}
    remember(journal, {f"/vault/{number}.md": stamp for number in range(NOTES + 9)}, names)
    kept = recent(journal)
    assert list(kept.displaced) == list(names)[-FILES:]
    assert len(kept.notes) == NOTES
    assert is_ours(journal, f"/vault/{NOTES + 8}.md", stamp)


@pytest.mark.parametrize("rest", [b"", b"note 1 2", b"note a b c d e\n", b"\xff\n", b"note 1 2 3 4 /cut/off"])
def test_lines_that_are_cut_off_or_garbage_are_none(journal: Journal, rest: bytes) -> None:
    before = recent(journal)
    place = Path(journal.place("recent"))
    place.write_bytes(place.read_bytes() + rest)
    assert recent(journal) == before
    place.unlink()
    assert recent(journal) == ({}, {})
    place.mkdir()
    assert recent(journal) == ({}, {})


def test_a_name_with_a_line_break_is_not_remembered_and_does_no_harm(journal: Journal) -> None:
    stamp = stamp_of(read_now(journal.place("recent")))
    before = recent(journal).notes
    remember(journal, {"/vault/a\nnote 1 1 1 1 /vault/b.md": stamp}, {})
    assert recent(journal).notes == before
