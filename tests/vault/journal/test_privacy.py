"""What the journal keeps of notes that not everybody may read, and of secrets that nobody may."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.vault.small_vault import NEW, NOTE, OLD, edit, journal_of, make

from okb_incident.vault.disk.digest import digest
from okb_incident.vault.journal.privacy import kept_files, make_private, purge
from okb_incident.vault.journal.prune import prune
from okb_incident.vault.write.commit import Edit, commit

if TYPE_CHECKING:
    from okb_incident.vault.journal.store import Journal

SECRET = b"40 tickets"


def never(_: bytes) -> bool:
    return False


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
    make_private(journal, {NOTE}, never)
    closed = {path.name.rpartition("-")[2] for path in kept(journal) if path.stat().st_mode & 0o777 == 0o600}
    assert closed == {digest(OLD), digest(NEW), digest(NEW + b"- more\n")}
    assert modes(journal) == {0o600, 0o644}


def test_packed_images_are_closed_too(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_an_hour(monkeypatch)
    prune(journal)
    make_private(journal, {NOTE}, never)
    assert modes(journal) == {0o600}


def test_what_is_kept_under_another_name_is_told_by_its_text(journal: Journal) -> None:
    make_private(journal, {"moved.md"}, lambda data: data.endswith(b"- more\n"))
    closed = {path.name.rpartition("-")[2] for path in kept(journal) if path.stat().st_mode & 0o777 == 0o600}
    assert closed == {digest(NEW + b"- more\n")}


def test_of_notes_that_no_command_touched_nothing_is_kept(note: Path, journal: Journal) -> None:
    make_private(journal, {"never.md"}, never)
    assert modes(journal) == {0o644}
    make_private(journal_of(note.parent), set(), never)


def held(journal: Journal) -> list[str]:
    """Return the paths of what is kept and holds the secret."""
    return [each.path for each in kept_files(journal) if SECRET in each.data]


def test_images_displaced_files_and_what_was_left_half_made_are_given_with_their_words(journal: Journal) -> None:
    half = Path(journal.place("images", digest(NEW) + ".new"))
    half.write_bytes(NEW[:-1])
    assert {path.rpartition("/")[2].partition("-")[0] for path in held(journal)} >= {digest(NEW), half.name}
    assert any("/displaced/" in path for path in held(journal))
    assert {each.known for each in kept_files(journal) if each.data == OLD} == {digest(OLD)}


def test_a_secret_is_found_in_a_pack(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_an_hour(monkeypatch)
    prune(journal)
    assert {path.rpartition(".")[2] for path in held(journal)} == {"z"}


def test_what_holds_it_is_removed_and_the_rest_stays(journal: Journal) -> None:
    paths = held(journal)
    purge(journal.root, paths)
    assert held(journal) == []
    purge(journal.root, paths)
    assert journal.image(digest(OLD), *next(iter(journal.entries())).marks(0)) == OLD


def test_a_temp_beside_a_note_is_removed(note: Path) -> None:
    temp = note.with_name(f".{NOTE}.01.0.tmp-incident")
    temp.write_bytes(NEW)
    purge(str(note.parent), [temp.name])
    assert not temp.exists()


@pytest.mark.parametrize(
    "path",
    [
        NOTE,
        f"./{NOTE}",
        ".incident/machine/journal/01M8326CX0M4W7Y2N8R5T6V9ZB",
        ".incident/machine/images/../../../INC-20261123-01.md",
        ".incident/machine/images/sub/x",
        "../outside/.x.tmp-incident",
        "link/.x.tmp-incident",
        ".incident/linked/images/x",
    ],
)
def test_an_intent_from_elsewhere_removes_no_note_and_nothing_outside(note: Path, path: str) -> None:
    root = note.parent
    outside = root.parent / "outside"
    outside.mkdir()
    (root / "link").symlink_to(outside)
    for place in (
        outside / ".x.tmp-incident",
        outside / "images/x",
        root / ".incident/machine/journal/01M8326CX0M4W7Y2N8R5T6V9ZB",
        root / ".incident/machine/images/sub/x",
    ):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(OLD)
    (root / ".incident/linked").symlink_to(outside)
    before = {each: each.read_bytes() for top in (root, outside) for each in top.rglob("*") if each.is_file()}
    purge(str(root), [path])
    assert {each: each.read_bytes() for top in (root, outside) for each in top.rglob("*") if each.is_file()} == before


def test_what_is_no_file_among_the_images_stops_nobody(journal: Journal) -> None:
    os.mkdir(journal.place("images", "theirs"))
    assert held(journal)
