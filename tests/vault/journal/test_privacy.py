"""What the journal keeps of notes that not everybody may read, and of secrets that nobody may."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.vault.small_vault import NEW, NOTE, OLD, edit, journal_of, make

from okb_incident.vault.disk.digest import digest
from okb_incident.vault.journal.privacy import make_private, take_out
from okb_incident.vault.journal.prune import prune
from okb_incident.vault.write.commit import Edit, commit

if TYPE_CHECKING:
    from okb_incident.vault.journal.store import Journal

SECRET = b"40 tickets"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return make(tmp_path / "vault")


@pytest.fixture
def journal(note: Path) -> Journal:
    edit(note)
    edit(note, lambda data: data + b"- more\n")
    return journal_of(note.parent)


def kept(journal: Journal) -> list[Path]:
    return [path for folder in ("displaced", "images") for path in sorted(Path(journal.place(folder)).iterdir())]


def modes(journal: Journal) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in kept(journal)}


def wait_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    later = time.time() + 4000
    monkeypatch.setattr(time, "time", lambda: later)


def test_only_what_is_kept_of_the_notes_themselves_is_closed(note: Path, journal: Journal) -> None:
    other = note.with_name("other.md")
    other.write_bytes(b"of another matter\n")
    commit(str(note.parent), [Edit(other.name, lambda data: data + b"more\n")], command="incident log")
    make_private(journal, {NOTE})
    closed = {path.name.rpartition("-")[2] for path in kept(journal) if path.stat().st_mode & 0o777 == 0o600}
    assert closed == {digest(OLD), digest(NEW), digest(NEW + b"- more\n")}
    assert modes(journal) == {0o600, 0o644}


def test_packed_images_are_closed_too(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_an_hour(monkeypatch)
    prune(journal)
    make_private(journal, {NOTE})
    assert modes(journal) == {0o600}


def test_of_notes_that_no_command_touched_nothing_is_kept(note: Path, journal: Journal) -> None:
    make_private(journal, {"never.md"})
    assert modes(journal) == {0o644}
    make_private(journal_of(note.parent), set())


def test_a_secret_is_taken_out_of_displaced_files_and_images_and_a_tombstone_tells(journal: Journal) -> None:
    taken = take_out(journal, SECRET, "alice")
    assert set(taken) == {digest(NEW), digest(NEW + b"- more\n")}
    assert not [path for path in kept(journal) if SECRET in path.read_bytes()]
    stone = Path(journal.place("images", digest(NEW) + ".redacted")).read_text()
    assert stone.startswith("taken out 20")
    assert stone.endswith(f" by alice\nsha256 {digest(NEW)}\n")
    assert journal.image(digest(OLD), *next(iter(journal.entries())).marks(0)) == OLD, (
        "what had no secret is still there"
    )


def test_a_secret_is_found_in_a_pack(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_an_hour(monkeypatch)
    prune(journal)
    assert set(take_out(journal, SECRET, "alice")) == {digest(NEW), digest(NEW + b"- more\n")}
    assert not os.path.lexists(journal.place("images", f"{digest(NEW)}.z"))
    assert take_out(journal, SECRET, "alice") == []


def test_a_secret_that_was_saved_too_late_is_found(journal: Journal) -> None:
    displaced = min(Path(journal.place("displaced")).iterdir())
    displaced.write_bytes(b"hunter2-hunter2\n")
    assert take_out(journal, b"hunter2-hunter2", "alice") == [digest(OLD)]
    assert not displaced.exists()


def test_a_tombstone_is_left_standing_whatever_word_is_taken_out(journal: Journal) -> None:
    take_out(journal, SECRET, "alice")
    assert take_out(journal, b"alice", "alice") == []
    assert os.path.lexists(journal.place("images", digest(NEW) + ".redacted"))


def test_what_is_no_file_among_the_images_stops_nobody(journal: Journal) -> None:
    os.mkdir(journal.place("images", "theirs"))
    assert take_out(journal, SECRET, "alice")
