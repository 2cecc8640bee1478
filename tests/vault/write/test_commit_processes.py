"""Several real processes, some of them killed, on one vault."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.vault.small_vault import images_are_complete, journal_of, notes_of

import okb_incident
from okb_incident.vault.disk import writer
from okb_incident.vault.write.commit import Create, commit

SOURCE = str(Path(okb_incident.__file__).parents[1])
OLD = b"---\ntype: incident\n---\n# Card payments fail\n"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "INC-20261123-01.md"
    path.write_bytes(OLD)
    return path


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def started(script: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a real process that runs a script with our package."""
    return subprocess.Popen([sys.executable, "-c", script, *arguments], env={**os.environ, "PYTHONPATH": SOURCE})


def test_eight_processes_take_two_hundred_numbers(tmp_path: Path) -> None:
    script = """
import sys
from okb_incident.vault.disk import lock, writer
from okb_incident.vault.read.scan import list_names
folder = sys.argv[1] + "/incidents/2026"
for turn in range(25):
    with lock.hold(sys.argv[1], wait=600):
        number = len(list_names(folder)) + 1
        writer.create(f"{folder}/INC-{number:03}.md", f"{sys.argv[2]} {turn}".encode())
"""
    processes = [started(script, str(tmp_path), str(number)) for number in range(8)]
    assert [process.wait() for process in processes] == [0] * 8
    folder = tmp_path / "incidents/2026"
    assert names(folder) == [f"INC-{number:03}.md" for number in range(1, 201)]
    contents = sorted(path.read_text() for path in folder.iterdir())
    assert contents == sorted(f"{number} {turn}" for number in range(8) for turn in range(25))


def test_without_a_lock_nobody_loses_a_number_either(tmp_path: Path) -> None:
    script = """
import sys
from okb_incident.vault.disk import writer
from okb_incident.vault.write.commit import Create, commit
from tests.vault.small_vault import images_are_complete, journal_of, notes_of
for turn in range(10):
    number = 1
    while True:
        try:
            writer.create(f"{sys.argv[1]}/incidents/INC-{number:03}.md", sys.argv[2].encode())
            break
        except writer.AlreadyThereError:
            number += 1
"""
    processes = [started(script, str(tmp_path), str(number)) for number in range(4)]
    assert [process.wait() for process in processes] == [0] * 4
    assert names(tmp_path / "incidents") == [f"INC-{number:03}.md" for number in range(1, 41)]


def test_eight_processes_lose_no_line_of_one_note(tmp_path: Path, note: Path) -> None:
    script = """
import sys
from okb_incident.vault.disk import lock
from okb_incident.vault.write.commit import Edit, commit
for turn in range(20):
    with lock.hold(sys.argv[1], wait=600):
        commit(sys.argv[1], [Edit(sys.argv[2], lambda data: data + f"- {sys.argv[3]} {turn}\\n".encode())], command="log")
"""
    processes = [started(script, str(tmp_path), note.name, str(number)) for number in range(8)]
    assert [process.wait() for process in processes] == [0] * 8
    lines = note.read_bytes().removeprefix(OLD).decode().splitlines()
    assert sorted(lines) == sorted(f"- {number} {turn}" for number in range(8) for turn in range(20))
    assert names(tmp_path) == [".incident", note.name]
    assert len(list(journal_of(tmp_path).entries())) == 160


def test_a_killed_writer_leaves_an_old_or_a_new_note(tmp_path: Path) -> None:
    """Each writer is killed after some changes and some milliseconds of computing, which a busy machine does not shorten."""
    note = tmp_path / "a.md"
    contents = [letter * 300_000 for letter in (b"a", b"b")]
    note.write_bytes(contents[0])
    script = """
import itertools, signal, sys
from okb_incident.vault.disk import lock
from okb_incident.vault.write.commit import Create, Edit, commit
for turn in itertools.count():
    if turn == int(sys.argv[3]):
        signal.setitimer(signal.ITIMER_PROF, float(sys.argv[4]))
    change = lambda data: (b"b" if data[:1] == b"a" else b"a") * 300_000
    with lock.hold(sys.argv[1]):
        commit(sys.argv[1], [Edit("a.md", change), Create(f"{sys.argv[2]}/{turn}.md", b"c" * 100_000)], command="test")
"""
    chance = random.Random(20261123)
    for number in range(15):
        whole, seconds = number % 3, chance.uniform(0.001, 0.08)
        process = started(script, str(tmp_path), str(number), str(whole), str(seconds))
        assert process.wait() == -signal.SIGPROF
        assert note.read_bytes() in contents
    commit(str(tmp_path), [Create("last.md", b"")], command="test")
    created = list(tmp_path.glob("*/*.md"))
    assert created
    assert all(path.read_bytes() == b"c" * 100_000 for path in created)
    assert note.read_bytes() == contents[len(created) % 2], "each note that was made is one change of the other"
    assert not [name for name in notes_of(tmp_path) if name.endswith(writer.TEMP_SUFFIX)]
    assert len(list(journal_of(tmp_path).entries())) == len(created) + 1
    assert images_are_complete(tmp_path)


def test_a_real_limit_leaves_the_note_whole(note: Path) -> None:
    script = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
from okb_incident.vault.write.commit import Create, Edit, commit
from okb_incident.errors import VaultError
for step in (Edit(sys.argv[2], lambda data: bytes(200_000)), Create("2.md", bytes(200_000))):
    try:
        commit(sys.argv[1], [step], command="test")
    except VaultError as error:
        assert "File too large" in error.message and "ulimit -f" in error.hint, error
    else:
        raise SystemExit(9)
"""
    assert started(script, str(note.parent), note.name).wait() == 0
    assert note.read_bytes() == OLD
    assert notes_of(note.parent) == [note.name]


@pytest.mark.parametrize("save", ["by rename", "in place"])
def test_an_editor_and_a_command_that_write_one_note_at_once_lose_nothing(note: Path, save: str) -> None:
    """Every text that the editor saved is in the note, in a conflict copy or among the displaced files."""
    script = """
import sys
from okb_incident.errors import ConflictError
from okb_incident.vault.disk import lock
from okb_incident.vault.write.commit import Edit, commit
for turn in range(40):
    try:
        with lock.hold(sys.argv[1]):
            commit(sys.argv[1], [Edit(sys.argv[2], lambda data: data + f"- ours {turn}\\n".encode())], command="log")
    except ConflictError:
        pass
"""
    process = started(script, str(note.parent), note.name)
    turn = 0
    while process.poll() is None:
        turn += 1
        data = note.read_bytes() + f"- theirs {turn};\n".encode()
        if save == "by rename":
            note.with_name(".saved").write_bytes(data)
            note.with_name(".saved").rename(note)
        else:
            note.write_bytes(data)
        time.sleep(0.003)
    assert process.wait() == 0
    commit(str(note.parent), [Create("last.md", b"")], command="test")
    everything = b"".join(path.read_bytes() for path in note.parent.rglob("*") if path.is_file())
    lost = [number for number in range(1, turn + 1) if f"- theirs {number};".encode() not in everything]
    assert lost == []
