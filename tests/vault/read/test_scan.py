from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from okb_incident.errors import ExitCode, VaultError
from okb_incident.vault.disk.conflict_copy import conflict_copy_of
from okb_incident.vault.read.scan import DEEPEST, list_names, scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    (tmp_path / "vault").mkdir()
    return tmp_path / "vault"


def put(vault: Path, *paths: str) -> None:
    for path in paths:
        (vault / path).parent.mkdir(parents=True, exist_ok=True)
        (vault / path).write_text("x")


def found(vault: Path, **options: Sequence[str]) -> list[str]:
    return [note.path for note in scan(str(vault), **options).notes]


def reported(vault: Path, **options: Sequence[str]) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in scan(str(vault), **options).problems]


def test_notes_are_found_folder_by_folder_in_the_order_of_their_names(vault: Path) -> None:
    put(vault, "b.md", "a.md", "incidents/2026/z.md", "incidents/2026/y.md", "incidents/2025/x.md", "Home/h.md")
    assert found(vault) == [
        "a.md",
        "b.md",
        "Home/h.md",
        "incidents/2025/x.md",
        "incidents/2026/y.md",
        "incidents/2026/z.md",
    ]
    assert reported(vault) == []


def test_a_found_note_says_what_its_file_is(vault: Path) -> None:
    put(vault, "a.md")
    status = (vault / "a.md").stat()
    note = scan(str(vault)).notes[0]
    assert note[1:] == (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
    assert (note.mtime_ns, note.ctime_ns, note.size, note.inode) == note[1:]


def test_hidden_parts_other_files_and_templates_are_left_out_in_silence(vault: Path) -> None:
    put(
        vault,
        "a.md",
        ".a.md",
        ".obsidian/b.md",
        "x/.trash/c.md",
        "picture.png",
        "note.md.bak",
        "md",
        "templates/d.md",
        "templates/incident/e.md",
        "x/templates/f.md",
        "meta/Templates/g.md",
    )
    os.mkfifo(vault / "pipe")
    assert found(vault, templates=["./templates/", "meta/Templates"]) == ["a.md", "x/templates/f.md"]
    assert reported(vault, templates=["templates"]) == []


def test_names_of_any_writing_are_found(vault: Path) -> None:
    names = [
        "é.md",
        "e\u0301.md",
        "🚨 Störung.md",
        "日本語.md",
        "a b [c] #d^e.md",
        "x" * 252 + ".md",
        "-rf.md",
        "a\nb.md",
    ]
    put(vault, *names, "Ünter/ö.md")
    assert sorted(found(vault)) == sorted([*names, "Ünter/ö.md"])
    assert reported(vault) == []


def test_a_name_that_is_not_utf_8_is_reported_in_a_form_that_can_be_printed(vault: Path) -> None:
    base = os.fsencode(vault)
    os.mkdir(base + b"/caf\xe9")
    for name in (b"/x\xff.md", b"/caf\xe9/a.md", b"/x\xff.png"):
        os.close(os.open(base + name, os.O_CREAT))
    assert found(vault) == []
    assert reported(vault) == [("caf\\xe9", "bad-name"), ("x\\xff.md", "bad-name")]


def test_a_folder_with_the_name_of_a_note_is_a_folder(vault: Path) -> None:
    put(vault, "a.md/b.md")
    assert found(vault) == ["a.md/b.md"]


def test_a_fifo_with_the_name_of_a_note_is_reported(vault: Path) -> None:
    os.mkfifo(vault / "a.md")
    assert found(vault) == []
    assert [str(problem) for problem in scan(str(vault)).problems] == ["a.md: not-a-file: is a FIFO, not a file"]


# -- links ---------------------------------------------------------------------------------------------------------------


def test_a_note_with_a_link_to_it_counts_once(vault: Path) -> None:
    put(vault, "incidents/a.md")
    (vault / "b.md").symlink_to("incidents/a.md")
    (vault / "all").symlink_to("incidents")
    assert found(vault) == ["incidents/a.md"]
    assert reported(vault) == []


def test_a_link_to_a_file_that_no_scan_finds_is_a_note(vault: Path) -> None:
    put(vault, ".store/aa11", "templates/t.md", "other/o.md")
    for name, target in {"a.md": ".store/aa11", "t.md": "templates/t.md", "o.md": "other/o.md"}.items():
        (vault / "incidents").mkdir(exist_ok=True)
        (vault / "incidents" / name).symlink_to(f"../{target}")
    assert found(vault, folders=["incidents"], templates=["templates"]) == [
        "incidents/a.md",
        "incidents/o.md",
        "incidents/t.md",
    ]
    assert scan(str(vault)).notes[0].inode == (vault / ".store/aa11").stat().st_ino


def test_links_that_lead_nowhere_good_are_reported(vault: Path, tmp_path: Path) -> None:
    put(tmp_path, "outside/o.md")
    put(vault, ".hidden/h.md", ".hidden/f/x.md")
    os.mkfifo(vault / ".hidden/fifo")
    for name, target in {
        "a.md": "../outside/o.md",
        "b.md": "b.md",
        "c.md": "missing.md",
        "d.md": "/dev/zero",
        "e.md": ".hidden/fifo",
        "f": "../outside",
        "g": ".hidden",
        "h.md": ".hidden/f",
        "i.png": "../outside/o.md",
        "j": "missing",
        "x.sync-conflict-20261123-020140-ABCDEFG.md": ".hidden/h.md",
    }.items():
        (vault / name).symlink_to(target)
    assert found(vault) == []
    assert reported(vault) == [
        ("a.md", "link-outside"),
        ("b.md", "unreadable"),
        ("c.md", "unreadable"),
        ("d.md", "link-outside"),
        ("e.md", "not-a-file"),
        ("f", "link-outside"),
        ("g", "link-not-followed"),
        ("h.md", "link-not-followed"),
        ("x.sync-conflict-20261123-020140-ABCDEFG.md", "conflict-copy"),
    ]


def test_a_cycle_of_links_ends(vault: Path) -> None:
    put(vault, "x/a.md")
    (vault / "x/up").symlink_to("..")
    (vault / "x/self").symlink_to(".")
    (vault / "x/absolute").symlink_to(vault)
    assert found(vault) == ["x/a.md"]


# -- conflict copies -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "tool"),
    [
        ("INC-20261123-01 (Conflicted copy PHONE 202611230201).md", "Obsidian"),
        ("INC-20261123-01.sync-conflict-20261123-020140-ABC2DEF.md", "Syncthing"),
        ("INC-20261123-01.sync-conflict-20261123-020140.md", "Syncthing"),
        ("INC-20261123-01 (WORKSTATION's conflicted copy 2026-11-23).md", "Dropbox"),
        ("INC-20261123-01 (alice’s conflicted copy 2026-11-23 (1)).md", "Dropbox"),
        ("INC-20261123-01 (conflicted copy 2026-11-23 020140).md", "Nextcloud"),
        ("INC-20261123-01_nas_Nov-23-0201-2026_CaseConflict_1.md", "Synology"),
        ("INC-20261123-01_nas_Nov-23-0201-2026_Conflict.md", "Synology"),
        ("INC-20261123-01.Conflict.md", "Resilio"),
        ("conflict-files-obsidian-git.md", "Git"),
    ],
)
def test_conflict_copies_are_reported_and_not_found(vault: Path, name: str, tool: str) -> None:
    put(vault, name, "INC-20261123-01.md")
    assert found(vault) == ["INC-20261123-01.md"]
    problem = scan(str(vault)).problems[0]
    assert (problem.path, problem.code) == (name, "conflict-copy")
    assert tool in problem.message
    assert problem.hint


@pytest.mark.parametrize(
    "name",
    [
        "INC-20261123-01 2.md",
        "INC-20261123-01-LAPTOP.md",
        "Conflict.md",
        "Merge conflict in the config.md",
        "Lessons (conflict resolution).md",
        "What is a conflicted copy.md",
        "Notes (conflicted copy) and how to merge them.md",
        "sync-conflict.md",
    ],
)
def test_a_name_that_a_person_may_choose_is_no_conflict_copy(vault: Path, name: str) -> None:
    put(vault, name)
    assert conflict_copy_of(name) is None
    assert found(vault) == [name]


# -- how far it reaches --------------------------------------------------------------------------------------------------


def test_only_the_named_folders_are_searched_and_none_twice(vault: Path, tmp_path: Path) -> None:
    put(vault, "incidents/a.md", "incidents/restricted/b.md", "people/p.md", "home.md")
    put(tmp_path, "outside/o.md")
    (vault / "link").symlink_to("people")
    assert found(vault, folders=["incidents/restricted", "incidents", "incidents/"]) == [
        "incidents/restricted/b.md",
        "incidents/a.md",
    ]
    assert found(vault, folders=["not-yet"]) == []
    assert found(vault, folders=["link"]) == ["people/p.md"]
    assert found(vault, folders=["."]) == found(vault)
    assert reported(vault, folders=["../outside"]) == [("../outside", "link-outside")]


def test_a_vault_that_is_not_there_is_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="no vault in it") as caught:
        scan(str(tmp_path / "missing"))
    assert caught.value.exit_code is ExitCode.SETTINGS


def test_a_vault_may_be_reached_by_a_link(vault: Path, tmp_path: Path) -> None:
    put(vault, "a.md")
    (tmp_path / "home").symlink_to("vault")
    assert found(tmp_path / "home") == ["a.md"]


def test_folders_without_end_are_cut(vault: Path) -> None:
    deep = "/".join(["d"] * (DEEPEST + 2))
    put(vault, f"{deep}/lost.md", "/".join(["d"] * DEEPEST) + "/kept.md")
    assert found(vault) == ["d/" * DEEPEST + "kept.md"]
    assert reported(vault) == [("d/" * DEEPEST + "d", "too-deep")]


def test_a_folder_that_cannot_be_searched_is_reported_and_the_others_are_read(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(vault, "a/a.md", "b/b.md", "gone/g.md")
    ordinary = os.open

    def refuse(path: str, *arguments: int) -> int:
        number = {"a": errno.EACCES, "gone": errno.ENOENT}.get(os.path.basename(path))
        if number:
            raise OSError(number, os.strerror(number))
        return ordinary(path, *arguments)

    monkeypatch.setattr(os, "open", refuse)
    result = scan(str(vault))
    assert [note.path for note in result.notes] == ["b/b.md"]
    assert [str(problem) for problem in result.problems] == ["a: unreadable: cannot be searched: Permission denied"]


def test_a_folder_that_becomes_a_link_meanwhile_is_not_followed(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(vault, "a/a.md")
    put(tmp_path, "outside/o.md")
    ordinary = os.open

    def swap(path: str, *arguments: int) -> int:
        if path.endswith("/a"):
            (vault / "a").rename(tmp_path / "moved")
            (vault / "a").symlink_to("../outside")
        return ordinary(path, *arguments)

    monkeypatch.setattr(os, "open", swap)
    assert found(vault) == []


def test_a_note_that_is_deleted_meanwhile_is_no_fault(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(vault, "a.md", "b.md", "f/x.md")
    os.mkfifo(vault / "c.md")
    ordinary = os.scandir

    @contextmanager
    def then_delete(descriptor: int) -> Iterator[list[os.DirEntry[str]]]:
        with ordinary(descriptor) as listing:
            entries = list(listing)
        for name in ("a.md", "c.md"):
            (vault / name).unlink(missing_ok=True)
        yield entries

    monkeypatch.setattr(os, "scandir", then_delete)
    assert found(vault) == ["b.md", "f/x.md"]
    assert reported(vault) == []


def test_a_scan_leaves_no_file_open(vault: Path) -> None:
    put(vault, "a/a.md", "b/b.md")
    before = len(os.listdir("/proc/self/fd"))
    scan(str(vault))
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("folder", sorted(path.name for path in DATA.iterdir() if path.is_dir()))
def test_real_vaults_are_found_whole(folder: str) -> None:
    expected = sorted(
        path.relative_to(DATA / folder).as_posix()
        for path in (DATA / folder).rglob("*.md")
        if not any(part.startswith(".") for part in path.relative_to(DATA / folder).parts)
    )
    assert expected
    assert sorted(found(DATA / folder)) == expected
    assert reported(DATA / folder) == []


# -- names only ----------------------------------------------------------------------------------------------------------


def test_the_names_of_one_folder_are_those_that_are_taken(vault: Path) -> None:
    put(vault, "b.md", "a.md", ".c.md", "d.txt", "e/f.md")
    (vault / "g.md").mkdir()
    (vault / "h.md").symlink_to("missing")
    assert list_names(str(vault)) == ["a.md", "b.md", "g.md", "h.md"]


def test_a_folder_that_does_not_exist_yet_has_no_names(vault: Path) -> None:
    assert list_names(str(vault / "incidents")) == []


def test_a_file_where_the_folder_should_be_is_a_clear_fault(vault: Path) -> None:
    put(vault, "incidents")
    with pytest.raises(VaultError, match="cannot be listed: Not a directory") as caught:
        list_names(str(vault / "incidents"))
    assert "a file where a folder should be" in (caught.value.hint or "")
