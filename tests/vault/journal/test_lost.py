"""Edits that an editor saved over: which are found, and which are gone for a good reason."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest
from tests.vault.small_vault import NEW, NOTE, OLD, edit, journal_of, make

from okb_incident.vault.disk.digest import digest
from okb_incident.vault.journal.lost import lost_edits
from okb_incident.vault.write.commit import Create, Edit, commit

if TYPE_CHECKING:
    from pathlib import Path

EVER = "2000-01-01T00:00:00Z"
NEVER = "9999-01-01T00:00:00Z"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return make(tmp_path / "vault")


def lost(note: Path, since: str = EVER) -> list[tuple[bytes, bytes]]:
    return [(each.before, each.after) for each in lost_edits(journal_of(note.parent), since).edits]


def test_an_edit_that_was_saved_over_is_lost_whatever_else_the_buffer_had(note: Path) -> None:
    edit(note)
    assert lost(note) == []
    note.write_bytes(OLD)
    assert lost(note) == [(OLD, NEW)]
    note.write_bytes(OLD.replace(b"All cards.", b"All cards but Amex."))
    (found,) = lost_edits(journal_of(note.parent), EVER).edits
    assert (found.before, found.after, found.change.path) == (OLD, NEW, note.name)
    assert lost(note, NEVER) == [], "what is long ago has been missed, or it has not"


def test_an_edit_of_which_something_is_left_is_not_lost(note: Path) -> None:
    edit(note, lambda data: data + b"- one\n- two\n")
    note.write_bytes(OLD + b"- two\n")
    assert lost(note) == []


def test_a_line_that_a_command_took_out_and_the_buffer_brought_back_is_an_edit_that_is_lost(note: Path) -> None:
    without = OLD.replace(b"All cards.\n", b"")
    edit(note, lambda _: without)
    note.write_bytes(OLD + b"- typed\n")
    assert lost(note) == [(OLD, without)]


def test_lost_edits_come_oldest_first(note: Path) -> None:
    edit(note)
    edit(note, lambda data: data + b"- more\n")
    note.write_bytes(OLD)
    assert lost(note) == [(OLD, NEW), (NEW, NEW + b"- more\n")]


def test_what_a_later_command_took_out_is_not_lost(note: Path) -> None:
    edit(note)
    edit(note, lambda _: OLD + b"- something else\n")
    assert lost(note) == []


def test_an_edit_that_was_undone_is_not_lost_and_its_undo_can_be(note: Path) -> None:
    done = edit(note)
    assert done.entry
    root = str(note.parent)
    commit(root, [Edit(note.name, lambda _: OLD)], command="incident undo", undoes=done.entry.id)
    assert lost(note) == []
    note.write_bytes(NEW)
    assert lost(note) == [(NEW, OLD)]


def test_an_undo_that_was_undone_hides_nothing(note: Path) -> None:
    root = str(note.parent)
    done = edit(note)
    assert done.entry
    undone = commit(root, [Edit(note.name, lambda _: OLD)], command="incident undo", undoes=done.entry.id)
    assert undone.entry
    commit(root, [Edit(note.name, lambda _: NEW)], command="incident undo", undoes=undone.entry.id)
    note.write_bytes(OLD)
    assert (OLD, NEW) in lost(note)


def test_a_note_that_is_gone_or_no_note_any_more_has_no_lost_edits(note: Path) -> None:
    edit(note)
    note.unlink()
    assert lost(note) == []
    note.mkdir()
    assert lost(note) == []


def test_what_was_made_or_whose_bytes_are_gone_is_not_looked_for(note: Path) -> None:
    commit(str(note.parent), [Create("new.md", NEW)], command="incident open")
    note.with_name("new.md").write_bytes(b"")
    edit(note)
    note.write_bytes(OLD)
    (displaced,) = journal_of(note.parent).displaced()
    os.unlink(displaced.path)
    os.unlink(journal_of(note.parent).place("images", displaced.held))
    assert lost(note) == []


def unreadable(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the system refuse to open files of these names."""
    ordinary = os.open

    def refuse(path: str, *given: int, **options: int) -> int:
        if os.path.basename(path).endswith(names):
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)
        return ordinary(path, *given, **options)

    monkeypatch.setattr(os, "open", refuse)


def test_what_cannot_be_read_now_is_named_and_does_not_pass_for_what_is_gone(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(note)
    edit(note, lambda data: data + b"- more\n")
    note.write_bytes(OLD)
    journal = journal_of(note.parent)
    first = digest(OLD)
    unreadable(monkeypatch, first)
    edits, unread = lost_edits(journal, EVER)
    assert [each.after for each in edits] == [NEW + b"- more\n"], "of the others it can be told"
    assert [(each.code, "Input/output error" in each.message) for each in unread] == [("unreadable", True)]
    assert unread[0].path.startswith(f".incident/{journal.machine}/")
    assert unread[0].path.endswith(first)


def test_another_copy_of_what_cannot_be_read_will_do(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(note)
    edit(note, lambda _: OLD)
    edit(note)
    note.write_bytes(OLD)
    (displaced, *_) = [each for each in journal_of(note.parent).displaced() if each.held == digest(OLD)]
    unreadable(monkeypatch, displaced.name)
    edits, unread = lost_edits(journal_of(note.parent), EVER)
    assert (edits[-1].after, unread) == (NEW, [])


@pytest.mark.parametrize(("mode", "named"), [(0o644, NOTE), (0o600, "a restricted note")])
def test_a_note_that_cannot_be_read_now_is_named_unless_it_is_restricted(
    note: Path, monkeypatch: pytest.MonkeyPatch, mode: int, named: str
) -> None:
    note.chmod(mode)
    edit(note)
    note.write_bytes(OLD)
    unreadable(monkeypatch, NOTE)
    edits, unread = lost_edits(journal_of(note.parent), EVER)
    assert ([each.path for each in unread], edits) == ([named], [])


def test_an_edit_that_only_moved_lines_is_never_called_lost(note: Path) -> None:
    note.write_bytes(b"one\ntwo\n")
    edit(note, lambda _: b"two\none\n")
    note.write_bytes(b"one\ntwo\n")
    assert lost(note) == []


def test_an_edit_whose_line_was_redacted_is_not_lost(note: Path) -> None:
    edit(note)
    note.write_bytes(OLD + b"- 02:22 [redacted]\n")
    assert lost(note) == []
    note.write_bytes(OLD + b"- 02:23 [redacted]\n")
    assert lost(note) == [(OLD, NEW)], "that was another line"


def test_nor_where_the_redacted_line_went_after_a_command_had_met_it(note: Path) -> None:
    edit(note)
    note.write_bytes(OLD + b"- 02:22 [redacted]\n")
    edit(note, lambda data: data + b"- 02:40 more\n")
    note.write_bytes(OLD)
    assert lost(note) == [(OLD + b"- 02:22 [redacted]\n", OLD + b"- 02:22 [redacted]\n- 02:40 more\n")]
