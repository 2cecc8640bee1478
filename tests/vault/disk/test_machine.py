"""Which machine this is, and which of the folders in a vault is its own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from okb_incident.vault.disk import machine

WEB, DB = "1" * 32, "2" * 32


class Host:
    """The host on which a command runs, as the tests have it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, patch

    def __call__(self, name: str, known: str | None) -> str:
        """Be another host; give the name of this machine."""
        place = self.folder / f"id of {known}"
        if known is not None:
            place.write_text(f"{known}\n")
        self.patch.setattr(machine, "MACHINE_IDS", (str(self.folder / "missing"), str(place)))
        self.patch.setattr(os, "uname", lambda: SimpleNamespace(nodename=name))
        return machine.this_machine()


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    (tmp_path / "hosts").mkdir()
    return Host(tmp_path / "hosts", monkeypatch)


@pytest.fixture
def vault(tmp_path: Path) -> str:
    (tmp_path / "kb" / machine.FOLDER).mkdir(parents=True)
    return str(tmp_path / "kb")


def made(vault: str, name: str, *, here: bool = True, intents: tuple[str, ...] = ()) -> str:
    """Make the folder of a machine; one that was not made here came with a sync tool."""
    folder = Path(vault, machine.FOLDER, name)
    folder.mkdir()
    (folder / machine.SIGN).write_bytes(machine.sign_of(str(folder)) if here else b"inode 1\n")
    for each in intents:
        (folder / "intent").mkdir(exist_ok=True)
        (folder / "intent" / each).touch()
    return name


def test_a_machine_is_its_host_name_and_a_part_of_the_digest_of_its_id(host: Host) -> None:
    web, db = host("web", WEB), host("web", DB)
    assert web.startswith("web-")
    assert db.startswith("web-")
    assert len(web) == len("web-") + 8
    assert web != db
    assert WEB[:8] not in web


@pytest.mark.parametrize("known", [None, "uninitialized", "0", "x" * 32])
def test_without_an_id_it_is_the_host_name_alone(host: Host, known: str | None) -> None:
    assert host("web.example.org", known) == "web-example-org"
    assert host("...", known) == "machine"


def test_the_own_folder_is_the_one_of_the_name_and_before_it_exists_would_be(host: Host, vault: str) -> None:
    name = host("web", WEB)
    assert machine.own_folder(vault) == name
    made(vault, name)
    made(vault, "web")
    assert machine.own_folder(vault) == name


def test_a_renamed_host_finds_its_own(host: Host, vault: str) -> None:
    old = made(vault, host("web", WEB))
    host("www", WEB)
    assert machine.own_folder(vault) == old


def test_a_machine_of_the_same_name_and_another_id_has_another_folder(host: Host, vault: str) -> None:
    made(vault, host("web", WEB))
    name = host("web", DB)
    assert machine.own_folder(vault) == name


@pytest.mark.parametrize("sign", [b"inode 1\n", None], ids=["of another", "none"])
def test_a_copy_of_the_image_of_a_machine_does_not_take_its_folder(host: Host, vault: str, sign: bytes | None) -> None:
    other = made(vault, host("web", WEB), here=False)
    if sign is None:
        os.unlink(f"{vault}/{machine.FOLDER}/{other}/{machine.SIGN}")
    name = host("clone", WEB)
    assert machine.own_folder(vault) == name != other


def test_a_folder_that_a_sync_tool_brought_is_not_the_own_of_a_renamed_host(host: Host, vault: str) -> None:
    old = made(vault, host("web", WEB))
    folder = Path(vault, machine.FOLDER, old)
    shutil.copytree(folder, f"{folder}.new")
    shutil.rmtree(folder)
    os.rename(f"{folder}.new", folder)
    name = host("www", WEB)
    assert machine.own_folder(vault) == name


def test_the_folder_of_an_older_version_is_its_own(host: Host, vault: str) -> None:
    os.mkdir(f"{vault}/{machine.FOLDER}/web")
    host("web", WEB)
    assert machine.own_folder(vault) == "web"
    name = host("db", WEB)
    assert machine.own_folder(vault) == name


def test_no_link_and_no_file_is_a_folder_of_a_machine(host: Host, vault: str, tmp_path: Path) -> None:
    os.symlink(tmp_path, f"{vault}/{machine.FOLDER}/web")
    Path(vault, machine.FOLDER, "lock").touch()
    assert machine.folders(vault) == []
    name = host("web", WEB)
    assert machine.own_folder(vault) == name


def test_what_other_machines_left_unfinished_is_known_by_their_names(host: Host, vault: str) -> None:
    made(vault, host("web", WEB), intents=("01M8326CX0M4W7Y2N8R5T6V9ZB",))
    left = made(vault, "db-12345678", intents=("01M8326CX0M4W7Y2N8R5T6V9ZB",))
    made(vault, "cut-12345678", intents=(".01M8326CX0M4W7Y2N8R5T6V9ZB.1.tmp-incident",))
    made(vault, "idle-12345678")
    assert machine.unfinished_elsewhere(vault) == [left]
    assert machine.unfinished_elsewhere(f"{vault}/none") == []


def test_the_only_machine_looks_into_no_folder_of_others(
    host: Host, vault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(vault, host("web", WEB), intents=("01M8326CX0M4W7Y2N8R5T6V9ZB",))
    monkeypatch.setattr(os, "listdir", None)
    monkeypatch.setattr(os, "lstat", None)
    assert machine.unfinished_elsewhere(vault) == []
