from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from okb_incident.errors import ConflictError
from okb_incident.vault.disk.copied_folder import RECORD, fill, is_unchanged, remove, seal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A finished copy of a folder with a file, a folder and a file in it."""
    (tmp_path / "from" / "notes").mkdir(parents=True)
    (tmp_path / "from" / "a.md").write_text("a\n")
    (tmp_path / "from" / "notes" / "b.md").write_text("b\n")
    fill(str(tmp_path / "copy"), str(tmp_path / "from"))
    seal(str(tmp_path / "copy"))
    return tmp_path / "copy"


def tree(folder: Path) -> dict[str, bytes | str]:
    return {
        str(path.relative_to(folder)): os.readlink(path) if path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def test_a_copy_holds_what_was_copied_and_can_be_removed(copied: Path) -> None:
    assert {name for name in tree(copied) if name != RECORD} == {"a.md", "notes/b.md"}
    assert is_unchanged(str(copied))
    remove(str(copied))
    assert [path.name for path in copied.parent.iterdir()] == ["from"]


CHANGES = {
    "a file is edited": "echo mine > a.md",
    "a file is deleted": "rm a.md",
    "a file is new": "echo mine > notes/mine.md",
    "a file in .incident is new": "echo mine > .incident/mine",
    "a folder is new": "mkdir mine",
    "a file is a link now": "rm a.md && ln -s ../from/a.md",
    "a folder is a link now": "mv notes .. && ln -s ../notes",
    "there is a FIFO": "mkfifo fifo",
    "the record is gone": f"rm {RECORD}",
    "the record is no JSON": f"echo '{{' > {RECORD}",
    "the record is empty": f"echo '{{}}' > {RECORD}",
    "all is gone but an empty record": f"rm -r a.md notes && echo '{{}}' > {RECORD}",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_copy_in_which_something_was_changed_is_left_as_it_is(copied: Path, change: str) -> None:
    subprocess.run(["sh", "-ec", CHANGES[change]], cwd=copied, check=True)
    assert not is_unchanged(str(copied))
    before = tree(copied.parent)
    with pytest.raises(ConflictError):
        remove(str(copied))
    assert tree(copied.parent) == before


def test_a_link_to_a_copy_is_left_as_it_is(copied: Path) -> None:
    link = copied.parent / "link"
    link.symlink_to(copied)
    assert not is_unchanged(str(link))
    with pytest.raises(ConflictError):
        remove(str(link))
    assert link.is_symlink()
    assert is_unchanged(str(copied))


def test_a_file_that_arrives_while_a_copy_is_removed_is_kept(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fwalk = os.fwalk

    def arriving(top: str, *, topdown: bool) -> object:
        with open(os.path.join(top, "notes", "mine.md"), "w") as file:
            file.write("mine\n")
        return fwalk(top, topdown=topdown)

    monkeypatch.setattr(os, "fwalk", arriving)
    with pytest.raises(Exception, match="could not be written"):
        remove(str(copied))
    assert [path.read_text() for path in copied.parent.rglob("mine.md")] == ["mine\n"]


def test_nothing_is_copied_into_what_is_there(copied: Path) -> None:
    before = tree(copied.parent)
    with pytest.raises(ConflictError):
        fill(str(copied), str(copied.parent / "from"))
    assert tree(copied.parent) == before
