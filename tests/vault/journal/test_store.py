from __future__ import annotations

import errno
import os
import shutil
import time
from datetime import date
from pathlib import Path

import pytest
from tests.vault.small_vault import NEW, NOTE, OLD, edit, images_are_complete, journal_of, make, notes_of

from okb_incident.core.settings.settings import Settings
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.journal.store import Journal, names_once_given
from okb_incident.vault.vault import Vault
from okb_incident.vault.write.commit import Create, Move, Remove, commit

NOVEMBER_30 = 1_796_083_199.0  # 2026-11-30T23:59:59Z


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return make(tmp_path / "vault")


def more(data: bytes) -> bytes:
    return data + b"- more\n"


# -- entries -------------------------------------------------------------------------------------------------------------


def test_ids_increase_and_the_chain_holds_over_months_and_when_the_clock_goes_back(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for moment in (0, 2, -5, 2, -3_000_000, 4):
        monkeypatch.setattr(time, "time", lambda moment=moment: NOVEMBER_30 + moment)
        edit(note, more)
    journal = journal_of(note.parent)
    names = [name for name, _ in journal.files()]
    assert names == sorted(set(names))
    assert len(names) == 6
    assert [entry.at[:10] for entry in journal.entries()] == [
        "2026-11-30",
        "2026-12-01",
        "2026-11-30",
        "2026-12-01",
        "2026-10-27",
        "2026-12-01",
    ]
    folders = {
        month: len(os.listdir(journal.place("journal", month))) for month in os.listdir(journal.place("journal"))
    }
    assert folders == {"2026-11": 1, "2026-12": 5}, "later entries never stand in an earlier month"


def test_an_id_is_new_even_beside_an_intent_that_cannot_be_finished_yet(
    note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: NOVEMBER_30)
    edit(note, more)
    journal = journal_of(note.parent)
    monkeypatch.setattr(time, "time", lambda: NOVEMBER_30 - 1000)
    stuck = journal.begin("incident log", None, [])
    assert journal.begin("incident log", None, []).id > stuck.id


@pytest.mark.parametrize("name", ["~zz.tmp", "zzz", "01M8326CX0M4W7Y2N8R5T6V9ZB (conflicted copy)", ".DS_Store"])
def test_foreign_files_in_the_journal_stop_nobody(note: Path, name: str) -> None:
    edit(note)
    journal = journal_of(note.parent)
    month = os.listdir(journal.place("journal"))[0]
    for folder in ("journal", "intent", f"journal/{month}", "displaced", "images"):
        Path(journal.place(folder, name)).write_bytes(b"theirs")
    assert edit(note, more).notes == ()
    assert len(list(journal.entries())) == 2
    assert len(os.listdir(journal.place("journal"))) == 2, "the month and the foreign file"


def test_an_entry_that_cannot_be_read_stops_nobody(note: Path) -> None:
    edit(note)
    journal = journal_of(note.parent)
    ((name, _),) = journal.files()
    month = os.listdir(journal.place("journal"))[0]
    os.rename(journal.place("journal", month, name), journal.place("gone"))
    os.mkdir(journal.place("journal", month, name))
    done = edit(note, more)
    assert done.entry is not None
    assert done.entry.id > name
    assert [entry.id for entry in journal.entries()] == [done.entry.id]


def test_half_an_intent_is_forgotten(note: Path) -> None:
    edit(note)
    journal = journal_of(note.parent)
    Path(journal.place("intent", "01M8326CX0M4W7Y2N8R5T6V9ZB")).write_bytes(b"incident journal 1\nid 01M8")
    Path(journal.place("intent", ".01M8326CX0M4W7Y2N8R5T6V9ZB.new.tmp-incident")).write_bytes(b"")
    assert edit(note, more).notes == ()
    journal_of(note.parent)


def test_the_journal_can_be_deleted_at_any_time(note: Path) -> None:
    edit(note)
    shutil.rmtree(note.parent / ".incident")
    edit(note, more)
    assert len(list(journal_of(note.parent).entries())) == 1


# -- images --------------------------------------------------------------------------------------------------------------


def test_an_image_that_a_power_cut_emptied_is_written_again(note: Path) -> None:
    edit(note)
    path = Path(journal_of(note.parent).place("images", digest(NEW)))
    path.write_bytes(b"")
    edit(note, lambda _: OLD)
    edit(note)
    assert path.read_bytes() == NEW
    path.write_bytes(bytes(len(NEW)))
    assert journal_of(note.parent).image(digest(NEW)) is None, "what has not the hash is not the image"


def test_what_is_kept_on_another_file_system_has_its_bytes(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = os.rename

    def refuse(path: str, target: str) -> None:
        if (".incident" in path) != (".incident" in target):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), path)
        ordinary(path, target)

    monkeypatch.setattr(os, "rename", refuse)
    note.chmod(0o600)
    done = edit(note)
    assert done.entry is not None
    assert notes_of(note.parent) == [NOTE]
    assert images_are_complete(note.parent)
    (kept,) = journal_of(note.parent).displaced()
    assert os.stat(kept.path).st_mode & 0o777 == 0o600


# -- names ---------------------------------------------------------------------------------------------------------------

DAY = date(2026, 11, 23)
SECOND = "incidents/2026/INC-20261123-02.md"


def next_number(root: Path) -> int:
    settings = Settings()
    return Vault(str(root), settings).next_number(settings.ids.write(DAY, 1))


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    root.mkdir()
    for number in (1, 2):
        commit(str(root), [Create(f"incidents/2026/INC-20261123-0{number}.md", OLD)], command="incident open")
    assert next_number(root) == 3
    return root


def test_an_id_is_not_given_again_after_its_note_was_deleted_by_hand(vault: Path) -> None:
    (vault / SECOND).unlink()
    assert next_number(vault) == 3


def test_an_id_is_not_given_again_after_its_note_was_removed(vault: Path) -> None:
    commit(str(vault), [Remove(SECOND)], command="incident undo")
    assert next_number(vault) == 3


def test_nor_is_one_that_was_made_by_hand_and_removed_by_a_command(vault: Path) -> None:
    (vault / "incidents/2026/INC-20261123-07.md").write_bytes(OLD)
    commit(str(vault), [Remove("incidents/2026/INC-20261123-07.md")], command="incident undo")
    assert next_number(vault) == 8


def test_nor_one_that_moved_and_was_deleted_there(vault: Path) -> None:
    there = "incidents/restricted/INC-20261123-02.md"
    commit(str(vault), [Move(SECOND, there, lambda data: data, 0o600)], command="incident restrict")
    (vault / there).unlink()
    assert next_number(vault) == 3


def test_nor_one_that_another_machine_gave(vault: Path) -> None:
    journal = Journal.here(str(vault))
    os.rename(journal.place(), Journal(str(vault), "another").place())
    (vault / SECOND).unlink()
    assert next_number(vault) == 3


def test_nor_one_whose_note_was_deleted_before_its_entry_could_be_closed(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = "incidents/2026/INC-20261123-03.md"
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "keep_image", refuse)
        commit(str(vault), [Create(path, OLD)], command="incident open")
    (vault / path).unlink()
    commit(str(vault), [Create("other.md", OLD)], command="incident open")
    assert next_number(vault) == 4


def test_a_line_that_was_cut_off_spoils_no_other(vault: Path) -> None:
    with open(journal_of(vault).place("ids"), "ab") as register:
        register.write(b"\nINC-20261")
    commit(str(vault), [Create("incidents/2026/INC-20261123-03.md", OLD)], command="incident open")
    assert "INC-20261123-03" in names_once_given(str(vault), "INC-20261123-")


def test_only_names_that_begin_so_are_meant(vault: Path) -> None:
    commit(str(vault), [Create("incidents/2026/INC-20261124-01.md", OLD)], command="incident open")
    commit(str(vault), [Create("incidents/2026/INC-20261123-02 review.md", OLD)], command="incident review")
    assert sorted(names_once_given(str(vault), "INC-20261123-")) == [
        "INC-20261123-01",
        "INC-20261123-02",
        "INC-20261123-02 review",
    ]
    assert next_number(vault) == 3
