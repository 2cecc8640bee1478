"""Several real processes, some of them killed, on one vault."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

import okb_incident
from okb_incident.vault import writer

SOURCE = str(Path(okb_incident.__file__).parents[1])
OLD = b"---\ntype: incident\n---\n# Card payments fail\n"

pytestmark = pytest.mark.timeout(60)


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


def test_without_a_lock_nobody_loses_a_number_either(tmp_path: Path) -> None:
    script = """
import sys
from okb_incident.vault import writer
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
    assert [process.wait(50) for process in processes] == [0] * 4
    assert names(tmp_path / "incidents") == [f"INC-{number:03}.md" for number in range(1, 41)]


def test_a_killed_writer_leaves_an_old_or_a_new_note(tmp_path: Path) -> None:
    note = tmp_path / "a.md"
    contents = [letter * 300_000 for letter in (b"a", b"b")]
    note.write_bytes(contents[0])
    script = """
import itertools, sys
from okb_incident.vault import lock, writer
print("ready", flush=True)
for turn in itertools.count():
    with lock.hold(sys.argv[1]):
        writer.edit(f"{sys.argv[1]}/a.md", lambda data: (b"b" if data[:1] == b"a" else b"a") * 300_000)
        writer.create(f"{sys.argv[1]}/{sys.argv[2]}/{turn}.md", b"c" * 100_000)
"""
    chance = random.Random(20261123)
    for turn in range(15):
        command = [sys.executable, "-c", script, str(tmp_path), str(turn)]
        environment = {**os.environ, "PYTHONPATH": SOURCE}
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0.001, 0.06))
            process.kill()
        assert note.read_bytes() in contents
    created = list(tmp_path.glob("*/*.md"))
    assert created
    assert all(path.read_bytes() == b"c" * 100_000 for path in created)
    others = [path.name for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".md"]
    assert all(name.endswith(writer.TEMP_SUFFIX) or name in {"lock", ".gitignore"} for name in others)


def test_a_real_limit_leaves_the_note_whole(note: Path) -> None:
    script = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
from okb_incident.vault.writer import edit, create
from okb_incident.errors import VaultError
for write in (lambda: edit(sys.argv[1], lambda data: bytes(200_000)), lambda: create(sys.argv[1] + "2", bytes(200_000))):
    try:
        write()
    except VaultError as error:
        assert "File too large" in error.message and "ulimit -f" in error.hint, error
    else:
        raise SystemExit(9)
"""
    assert started(script, str(note)).wait(20) == 0
    assert note.read_bytes() == OLD
    assert names(note.parent) == [note.name]
