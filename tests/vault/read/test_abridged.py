"""What is remembered of long notes, and when it is believed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from okb_incident.core.settings.settings import Settings
from okb_incident.vault.disk.files import read_now
from okb_incident.vault.index.answer import forget
from okb_incident.vault.read.abridged import LONG, abridge, read_abridged, remembered
from okb_incident.vault.vault import Vault

PATH = "incidents/2026/INC-20261123-01.md"
HEAD = "---\ntype: incident\nid: INC-20261123-01\ntitle: Cards\nstatus: triage\n---\n\n## Timeline\n\n"
NOTE = "- 2026-11-23T02:10:00 **note** @bob: the canary sings\n"
END = "- 2026-11-23T02:11:00 **decision** @bob: roll back\n"


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "kb/incidents/2026").mkdir(parents=True)
    return str(tmp_path / "kb")


def write(root: str, text: str) -> None:
    Path(root, PATH).write_text(text, "utf-8")


def kept(tmp_path: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (tmp_path / "cache").rglob("*.long.*"))


def abridged(root: str, *, restricted: bool = False) -> bytes:
    return abridge(root, PATH, read_now(f"{root}/{PATH}"), restricted=restricted)


@pytest.fixture
def aged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust stamps at once; no program can set the time of a file's last change back."""
    monkeypatch.setattr("okb_incident.vault.read.abridged.TRUSTED_AFTER", -(10**12))


@pytest.mark.usefixtures("aged")
def test_a_long_note_is_read_once_while_it_stays_as_it_is(root: str, tmp_path: Path) -> None:
    write(root, HEAD + NOTE * (LONG // len(NOTE)) + END)
    data = abridged(root)
    assert data.decode() == HEAD + NOTE * 2 + END
    assert remembered(root, PATH) == data
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "cache").rglob("*.long.*")] == [0o600]


@pytest.mark.usefixtures("aged")
@pytest.mark.parametrize("change", ["longer", "same length", "another file", "short"])
def test_what_changed_is_not_believed(root: str, change: str) -> None:
    text = HEAD + NOTE * (LONG // len(NOTE)) + END
    write(root, text)
    abridged(root)
    note = Path(root, PATH)
    stamps = note.stat()
    if change == "another file":
        note.rename(note.with_suffix(".old"))
    new = {"longer": text + END, "same length": text.replace("roll back", "fail over"), "short": HEAD}.get(change, text)
    note.write_text(new, "utf-8")
    # Whoever sets the time of the last writing back cannot set back that of the last change.
    os.utime(note, ns=(stamps.st_atime_ns, stamps.st_mtime_ns))
    assert remembered(root, PATH) is None


def test_what_was_written_just_now_is_not_remembered(root: str, tmp_path: Path) -> None:
    write(root, HEAD + NOTE * (LONG // len(NOTE)) + END)
    assert END in abridged(root).decode()
    assert not kept(tmp_path)


def test_of_a_restricted_incident_nothing_is_kept(root: str, tmp_path: Path, aged: None) -> None:
    write(root, HEAD + NOTE * (LONG // len(NOTE)) + END)
    assert END in abridged(root, restricted=True).decode()
    assert not kept(tmp_path)


#: What happens to a note of which something is kept.
CHANGES = {
    "restricted by hand": lambda note: note.write_text(
        note.read_text().replace("status:", "visibility: restricted\nstatus:")
    ),
    "moved among the restricted": lambda note: note.rename(note.parents[1] / "restricted" / note.name),
    "deleted": lambda note: note.unlink(),
    "closed": lambda note: note.write_text(note.read_text().replace("status: triage", "status: closed")),
}


@pytest.mark.usefixtures("aged")
@pytest.mark.parametrize("change", CHANGES)
def test_what_is_kept_of_a_note_goes_with_the_next_look_that_does_not_show_it(
    root: str, tmp_path: Path, change: str
) -> None:
    write(root, HEAD + NOTE * (LONG // len(NOTE)) + END)
    Path(root, "incidents/restricted").mkdir()
    abridged(root)
    vault = Vault(root, Settings())
    assert [each.path for each in vault.look().incidents] == [PATH]
    assert b"canary" in kept(tmp_path)
    CHANGES[change](Path(root, PATH))
    assert vault.look(include_restricted=True).incidents or change in {"deleted", "closed"}
    assert not kept(tmp_path)


@pytest.mark.usefixtures("aged")
def test_whoever_forgets_a_vault_forgets_its_long_notes(root: str, tmp_path: Path) -> None:
    write(root, HEAD + NOTE * (LONG // len(NOTE)) + END)
    abridged(root)
    forget(root)
    assert not list((tmp_path / "cache").rglob("*.long.*"))


@pytest.mark.usefixtures("aged")
def test_a_damaged_memory_and_a_link_are_not_believed(root: str, tmp_path: Path) -> None:
    write(root, HEAD + NOTE * (LONG // len(NOTE)) + END)
    abridged(root)
    (memory,) = (tmp_path / "cache").rglob("*.long.*")
    memory.write_bytes(b"")
    assert remembered(root, PATH) is None
    memory.unlink()
    memory.symlink_to(Path(root, PATH))
    assert remembered(root, PATH) is None


@pytest.mark.usefixtures("aged")
def test_the_second_look_reads_the_memory_and_sees_the_same(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, HEAD + NOTE * (LONG // len(NOTE)) + END)
    vault = Vault(root, Settings())
    first = vault.look().incidents
    text = read_abridged(root, first[0], vault.settled)
    monkeypatch.setattr("okb_incident.vault.disk.files.LARGEST_NOTE", 1000)
    assert vault.look().incidents == first
    assert read_abridged(root, first[0], vault.settled) == text


def test_a_short_note_stays_as_it_is(root: str, tmp_path: Path) -> None:
    write(root, HEAD + NOTE * 3 + END)
    assert abridged(root).decode() == HEAD + NOTE * 3 + END
    assert remembered(root, PATH) is None
    assert not kept(tmp_path)
