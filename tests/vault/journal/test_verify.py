"""Whether a journal is the one that was written; each kind of finding, and what is none."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.vault.small_vault import NEW, NOTE, OLD, edit, journal_of, make

from okb_incident.command import Command
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.journal.entry import Previous, read_entry
from okb_incident.vault.journal.privacy import kept_files, purge
from okb_incident.vault.journal.prune import prune
from okb_incident.vault.journal.verify import verify

if TYPE_CHECKING:
    from okb_incident.vault.journal.store import Journal


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return make(tmp_path / "vault")


def _with(line: bytes, data: bytes) -> bytes:
    return data + line


@pytest.fixture
def journal(note: Path) -> Journal:
    """A journal with three entries."""
    edit(note)
    for line in (b"- 0\n", b"- 1\n"):
        edit(note, partial(_with, line))
    return journal_of(note.parent)


def places(journal: Journal) -> list[Path]:
    """Give the files of the entries, oldest first."""
    return sorted(Path(journal.place("journal")).glob("*/*"))


def found(journal: Journal) -> list[tuple[str, str, str]]:
    """Give name of the file, code and sentence of each finding."""
    return [(os.path.basename(each.path), each.code, each.message) for each in verify(journal).problems]


def test_what_is_whole_is_whole_and_its_end_can_be_kept_elsewhere(journal: Journal) -> None:
    verified = verify(journal)
    assert (verified.machine, verified.entries, verified.problems) == (journal.machine, 3, ())
    assert verified.images == 7, "three displaced files, three images, and one of what had been written by hand"
    last = places(journal)[-1]
    assert verified.last == (last.name, digest(last.read_bytes()))


def test_a_journal_without_entries_is_whole(note: Path) -> None:
    verified = verify(journal_of(note.parent))
    assert (verified.entries, verified.images, verified.last, verified.problems) == (0, 0, None, ())


def test_a_changed_entry_is_found_in_itself_and_by_the_one_after_it(journal: Journal) -> None:
    first, second, _ = places(journal)
    first.write_bytes(first.read_bytes().replace(b"by alice", b"by mallory"))
    assert found(journal) == [
        (first.name, "journal-entry", "is not the entry that was written: its sum does not fit it"),
        (second.name, "journal-chain", f"names {first.name} before it, which is missing or was changed"),
    ]


def test_an_entry_rewritten_with_a_sum_that_fits_is_found_by_the_one_after_it(journal: Journal) -> None:
    first, second, _ = places(journal)
    first.write_bytes(read_entry(first.read_bytes())._replace(by="mallory").write())
    assert found(journal) == [
        (second.name, "journal-chain", f"names {first.name} before it, which is missing or was changed")
    ]


def test_a_removed_entry_is_missed(journal: Journal) -> None:
    _, second, third = places(journal)
    second.unlink()
    missing = f"names {second.name} before it, which is missing or was changed"
    assert found(journal)[0] == (third.name, "journal-chain", missing)


def test_a_removed_first_entry_is_missed(journal: Journal) -> None:
    first, second, _ = places(journal)
    first.unlink()
    missing = f"names {first.name} before it, which is missing or was changed"
    assert found(journal) == [(second.name, "journal-chain", missing)]


def test_a_renamed_entry_is_found(journal: Journal) -> None:
    _, second, third = places(journal)
    other = second.name[:-1] + ("0" if second.name[-1] != "0" else "1")
    second.rename(second.with_name(other))
    assert (other, "journal-entry", f"is the entry {second.name} under another name") in found(journal)
    missing = f"names {second.name} before it, which is missing or was changed"
    assert (third.name, "journal-chain", missing) in found(journal)


def test_an_inserted_entry_is_named_by_none(journal: Journal) -> None:
    first, second, third = places(journal)
    forged = read_entry(second.read_bytes())
    name = second.name[:-1] + ("0" if second.name[-1] != "0" else "1")
    second.with_name(name).write_bytes(forged._replace(id=name, by="mallory").write())
    assert found(journal) == [(name, "journal-chain", "is named by no entry after it")]
    assert first.exists()
    assert third.exists()


def test_a_second_beginning_is_found(journal: Journal) -> None:
    first, second, third = places(journal)
    cut = read_entry(second.read_bytes())._replace(previous=()).write()
    second.write_bytes(cut)
    third.write_bytes(read_entry(third.read_bytes())._replace(previous=(Previous(second.name, digest(cut)),)).write())
    assert found(journal) == [
        (second.name, "journal-chain", "names no entry before it, and is not the first"),
        (first.name, "journal-chain", "is named by no entry after it"),
    ]


def test_a_changed_image_is_found(journal: Journal) -> None:
    image = Path(journal.place("images", digest(NEW)))
    image.write_bytes(NEW.replace(b"40", b"41"))
    assert found(journal) == [(image.name, "journal-image", "does not hold what its name says")]


def test_what_cannot_be_read_as_an_image_is_found(journal: Journal) -> None:
    image = Path(journal.place("images", digest(NEW)))
    image.unlink()
    image.mkdir()
    assert found(journal) == [(image.name, "journal-image", "does not hold what its name says")]


@pytest.mark.parametrize("spoil", [lambda _: b"no pack at all", lambda data: data[:20], lambda _: b""])
def test_a_changed_pack_is_found(journal: Journal, monkeypatch: pytest.MonkeyPatch, spoil) -> None:
    later = time.time() + 4000
    monkeypatch.setattr(time, "time", lambda: later)
    prune(journal)
    assert found(journal) == []
    pack = Path(journal.place("images", digest(OLD) + ".z"))
    pack.write_bytes(spoil(pack.read_bytes()))
    assert found(journal) == [(pack.name, "journal-image", "does not hold what its name says")]


def test_what_was_saved_into_a_displaced_file_is_found_with_what_to_do(journal: Journal) -> None:
    displaced = min(Path(journal.place("displaced")).iterdir())
    displaced.write_bytes(OLD + b"too late\n")
    (problem,) = verify(journal).problems
    assert (problem.path, problem.code) == (NOTE, "late-edit")
    assert "went on saving it after incident log had put another file in its place" in problem.message
    assert problem.hint == Command("doctor", options=("--fix",))


@pytest.mark.parametrize("data", [b"", b"\n", OLD[:30]])
def test_a_displaced_file_that_an_editor_emptied_or_saved_in_part_holds_nothing_new(
    journal: Journal, data: bytes
) -> None:
    displaced = min(Path(journal.place("displaced")).iterdir())
    displaced.write_bytes(data)
    assert verify(journal).problems == ()


def test_what_was_taken_out_because_of_a_secret_is_no_finding(journal: Journal) -> None:
    purge(journal.root, [each.path for each in kept_files(journal) if b"40 tickets" in each.data])
    assert found(journal) == []
