"""Pruning: what may still be written to is left alone, the rest takes less room, and only what is old enough goes."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.vault.small_vault import NEW, OLD, edit, images_are_complete, journal_of, make

from okb_incident.vault.disk.digest import digest
from okb_incident.vault.journal.prune import prune

if TYPE_CHECKING:
    from collections.abc import Callable

    from okb_incident.vault.journal.store import Journal

DAY = 86400.0


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return make(tmp_path / "vault")


@pytest.fixture
def pass_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let seconds pass by; nobody can give a file another time of its last change."""
    clock = time.time
    passed = [0.0]
    monkeypatch.setattr(time, "time", lambda: clock() + passed[0])

    def wait(seconds: float) -> None:
        passed[0] += seconds

    return wait


def names(journal: Journal, folder: str) -> set[str]:
    path = Path(journal.place(folder))
    return {each.name for each in path.iterdir()} if path.exists() else set()


def test_what_an_editor_may_still_hold_open_is_left_alone(note: Path, pass_by: Callable[[float], None]) -> None:
    edit(note)
    journal = journal_of(note.parent)
    before = names(journal, "displaced"), names(journal, "images")
    pass_by(3500)
    assert prune(journal) == (0, 0, 0, ())
    assert (names(journal, "displaced"), names(journal, "images")) == before


def test_after_an_hour_everything_is_packed_and_can_still_be_had(note: Path, pass_by: Callable[[float], None]) -> None:
    note.write_bytes(OLD + b"- the same line again and again\n" * 200)
    note.chmod(0o640)
    old = note.read_bytes()
    edit(note)
    journal = journal_of(note.parent)
    held = sum(path.stat().st_size for path in Path(journal.place()).rglob("*") if path.is_file())
    pass_by(3700)
    pruned = prune(journal)
    assert (pruned.packed, pruned.dropped, pruned.late) == (3, 0, ())
    assert names(journal, "displaced") == set()
    assert names(journal, "images") == {f"{digest(old)}.z", f"{digest(NEW)}.z"}
    assert images_are_complete(note.parent)
    now = sum(path.stat().st_size for path in Path(journal.place()).rglob("*") if path.is_file())
    assert pruned.freed == held - now > 0
    assert os.stat(journal.place("images", f"{digest(old)}.z")).st_mode & 0o777 == 0o640, "as private as it was"
    assert prune(journal) == (0, 0, 0, ())


def test_the_same_bytes_are_kept_once(note: Path, pass_by: Callable[[float], None]) -> None:
    for _ in range(3):
        edit(note)
        edit(note, lambda _: OLD)
    journal = journal_of(note.parent)
    pass_by(3700)
    assert prune(journal).packed == 8
    assert names(journal, "images") == {f"{digest(OLD)}.z", f"{digest(NEW)}.z"}
    assert images_are_complete(note.parent)


def test_what_was_saved_too_late_is_left_and_named(note: Path, pass_by: Callable[[float], None]) -> None:
    edit(note)
    journal = journal_of(note.parent)
    (displaced,) = Path(journal.place("displaced")).iterdir()
    displaced.write_bytes(b"saved too late\n")
    pass_by(3700)
    assert prune(journal).late == (f".incident/{journal.machine}/displaced/{displaced.name}",)
    assert displaced.read_bytes() == b"saved too late\n"


def test_only_images_that_no_younger_command_needs_are_thrown_away(
    note: Path, pass_by: Callable[[float], None]
) -> None:
    edit(note)
    pass_by(10 * DAY)
    edit(note, lambda data: data + b"- more\n")
    pass_by(3700)
    journal = journal_of(note.parent)
    kept = prune(journal, timedelta(days=30))
    assert (kept.packed, kept.dropped) == (5, 0)
    pruned = prune(journal, timedelta(days=5))
    assert (pruned.packed, pruned.dropped) == (0, 1)
    assert pruned.freed > 0
    old, young = journal.entries()
    assert journal.before(old, 0) is None
    assert journal.after(old, 0) == NEW, "the younger command began with it"
    assert journal.before(young, 0) == NEW
    assert journal.after(young, 0) == NEW + b"- more\n"
    assert prune(journal, timedelta(days=5)).dropped == 0


def test_a_tombstone_is_neither_packed_nor_thrown_away(note: Path, pass_by: Callable[[float], None]) -> None:
    edit(note)
    journal = journal_of(note.parent)
    stone = Path(journal.place("images", digest(OLD) + ".redacted"))
    stone.write_bytes(b"taken out\n")
    pass_by(10 * DAY)
    prune(journal, timedelta(days=1))
    assert stone.read_bytes() == b"taken out\n"
