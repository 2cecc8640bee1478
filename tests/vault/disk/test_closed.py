"""Folders that are closed to others."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from okb_incident.vault.disk import lock
from okb_incident.vault.disk.closed import close_folder, is_open_to_others
from okb_incident.vault.disk.writer import make_folders

if TYPE_CHECKING:
    from pathlib import Path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    (tmp_path / "kb").mkdir()
    return tmp_path / "kb"


@pytest.mark.parametrize(
    ("of_vault", "before", "after"),
    [
        (0o755, 0o755, 0o750),
        (0o700, 0o755, 0o700),
        (0o770, 0o755, 0o770),
        (0o2775, 0o2757, 0o2770),
        (0o777, 0o701, 0o770),
        (0o775, 0o700, 0o700),
        (0o775, 0o550, 0o550),
    ],
)
def test_a_folder_is_closed_to_others_and_for_the_group_as_the_vault(
    vault: Path, of_vault: int, before: int, after: int
) -> None:
    folder = vault / "folder"
    folder.mkdir()
    vault.chmod(of_vault)
    folder.chmod(before)
    assert is_open_to_others(str(folder)) is bool(before & 0o007)
    close_folder(str(folder), str(vault))
    assert mode(folder) == after
    assert not is_open_to_others(str(folder))


def test_what_is_no_folder_stays_as_it_is(vault: Path) -> None:
    (vault / "outside").mkdir(0o755)
    (vault / "outside").chmod(0o755)
    (vault / "link").symlink_to(vault / "outside")
    (vault / "note.md").touch()
    (vault / "note.md").chmod(0o644)
    for name in ("link", "note.md", "missing"):
        close_folder(str(vault / name), str(vault))
    assert mode(vault / "outside") == 0o755
    assert mode(vault / "note.md") == 0o644
    assert not is_open_to_others(str(vault / "link"))
    assert not is_open_to_others(str(vault / "missing"))


def test_a_folder_that_is_closed_already_costs_one_look(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (vault / "folder").mkdir(0o700)
    monkeypatch.setattr(os, "chmod", None)
    monkeypatch.setattr(os, "stat", None)
    close_folder(str(vault / "folder"), str(vault))


def test_what_is_made_in_a_closed_folder_is_closed(vault: Path) -> None:
    for name, bits in (("closed", 0o750), ("open", 0o755)):
        (vault / name).mkdir()
        (vault / name).chmod(bits)
        make_folders(str(vault / name / "a" / "b"))
    assert mode(vault / "closed" / "a" / "b") & 0o007 == 0
    assert mode(vault / "open" / "a" / "b") & 0o005 == 0o005


@pytest.mark.parametrize("umask", [0o002, 0o022, 0o077])
@pytest.mark.parametrize("of_vault", [0o700, 0o750, 0o770, 0o775])
def test_a_new_folder_of_the_journal_has_the_group_bits_of_the_vault_whatever_the_umask(
    vault: Path, of_vault: int, umask: int
) -> None:
    vault.chmod(of_vault)
    before = os.umask(umask)
    try:
        with lock.hold(str(vault)):
            assert mode(vault / ".incident") == of_vault & 0o770
        make_folders(str(vault / "services"))
    finally:
        os.umask(before)
    closed = 0 if of_vault & 0o007 else ~of_vault
    assert mode(vault / "services") & (umask | closed) == 0, "no wider than the vault, nor than the umask allows"


def test_whoever_takes_the_lock_closes_its_folder(vault: Path) -> None:
    with lock.hold(str(vault)):
        assert mode(vault / ".incident") & 0o007 == 0
    (vault / ".incident").chmod(0o755)
    with lock.hold(str(vault)):
        assert mode(vault / ".incident") & 0o007 == 0
