"""Whatever is done can be taken back to the byte, and no byte of what proves it can be changed unseen."""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okb_incident.cli.main import run
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.journal.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator


VERBS = [
    ["open", "Replica behind"],
    ["open", "Disk full", "-s", "sev3", "--ack"],
    ["ack", "01"],
    ["log", "-i", "01", "pool exhausted"],
    ["log", "-i", "02", "--at", "-5m", "decision: wait"],
    ["severity", "01", "sev1"],
    ["severity", "02", "sev2", "worse"],
    ["set", "01", "users_affected=~1200", "cause=change"],
    ["set", "01", "cause="],
    ["set", "02", "services=checkout,search"],
    ["identify", "01", "deploy", "4f2a"],
    ["mitigate", "01", "rolled", "back"],
    ["resolve", "01"],
    ["close", "01"],
    ["reopen", "01", "it", "is", "back"],
    ["decline", "02", "false", "alarm"],
    ["restrict", "INC-20261123-01"],
    ["restrict", "INC-20261123-01", "--off"],
    ["report", "--save"],
    ["undo", "--yes"],
]
# An undo of its own is a command as well; and now and then the writer types somewhere else in the note.
steps = st.lists(st.sampled_from(VERBS), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with two incidents, one of them as a writer left it."""
    root = tmp_path_factory.mktemp("undo") / "kb"
    assert incident(None, "init", str(root)) == 0
    for title in ("Checkout is slow", "Search is down"):
        assert incident(root, "open", title, "-s", "sev3") == 0
    note = root / "incidents/2026/INC-20261123-02.md"
    note.write_bytes(note.read_bytes().replace(b"\n", b"\r\n").replace(b"uid:", b"labels: [a,  b]  # mine\r\nuid:"))
    shutil.rmtree(root / ".incident")
    return root


def incident(root: Path | None, *arguments: str) -> int:
    """Run a command in this process, a minute after another."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return run([*(["--vault", str(root)] if root else []), "--as", "alice", *arguments])


@pytest.fixture(scope="module", autouse=True)
def _a_fixed_day() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INCIDENT_NOW", "2026-11-23T09:00:00Z")
        yield


def notes(root: Path) -> dict[str, tuple[bytes, int]]:
    """Give all notes with bytes and mode."""
    return {
        str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mode)
        for path in sorted(root.rglob("*.md"))
        if ".incident" not in path.parts
    }


def undo_all(root: Path) -> None:
    while (code := incident(root, "undo", "--yes")) == 0:
        pass
    assert code == 4, "in the end there is nothing left to take back"


@given(steps)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_after_taking_back_all_every_byte_is_as_it_was(first, commands):
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "kb"
        shutil.copytree(first, root)
        before = notes(root)
        for command in commands:
            assert incident(root, *command) in {0, 2, 4, 7}
        undo_all(root)
        assert notes(root) == before
        assert verify(Journal.here(str(root))).problems == ()


@given(steps, st.integers(0, 12))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_a_writer_typed_in_between_outlives_the_undoing(first, commands, place):
    typed = "\n## Thoughts of the writer\n\nCards fail, wallets work.\n"
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "kb"
        shutil.copytree(first, root)
        before = notes(root)
        for number, command in enumerate(commands):
            if number == min(place, len(commands) - 1):
                for note in root.rglob("INC-20261123-01.md"):
                    note.write_text(note.read_text() + typed)
            incident(root, *command)
        undo_all(root)
        after = notes(root)
        assert after.keys() == before.keys()
        assert typed.encode() in after["incidents/2026/INC-20261123-01.md"][0]
        mended = after["incidents/2026/INC-20261123-01.md"][0].replace(typed.encode(), b"")
        assert mended == before["incidents/2026/INC-20261123-01.md"][0]


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_changed_byte_anywhere_in_the_journal_is_found(journalled, data):
    # What changes in a displaced file is taken for an editor's late save, and brought in; the other three are memories.
    files = [
        path
        for path in sorted(journalled.rglob("*"))
        if path.is_file() and path.parent.name != "displaced" and path.name not in {"ids", "recent", "machine"}
    ]
    path = data.draw(st.sampled_from(files))
    whole = path.read_bytes()
    place, flip = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(1, 255))
    path.write_bytes(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :])
    try:
        problems = verify(Journal.here(str(journalled.parents[1]))).problems
        assert any(path.name in problem.path for problem in problems)
    finally:
        path.write_bytes(whole)


@pytest.fixture(scope="module")
def journalled(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of a vault in which something was done."""
    root = tmp_path_factory.mktemp("flips") / "kb"
    shutil.copytree(first, root)
    for command in VERBS[:9]:
        incident(root, *command)
    return Path(Journal.here(str(root)).place())
