"""How long a note is waited for that somebody may be saving; the clock moves only while somebody sleeps."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import pytest

from okb_incident.vault.disk import stillness
from okb_incident.vault.disk.stillness import Patience, Stamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WHOLE = b"---\ntype: incident\n---\n# Card payments fail\n\n## Timeline\n"
NOW = 1_790_000_000 * 10**9


class Waiter:
    """Somebody who reads, and what others do meanwhile.

    Attributes:
        slept: Seconds that were slept.
        later: By seconds of sleep, what happens then.
    """

    def __init__(self) -> None:
        self.slept = 0.0
        self.later: dict[float, Callable[[], object]] = {}

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        for at in [at for at in self.later if at <= self.slept + 1e-9]:
            self.later.pop(at)()

    def patience(self, is_known: Callable[[str, Stamp], bool] = lambda _path, _stamp: False) -> Patience:
        now_ns = lambda: NOW + int(self.slept * 1e9)  # noqa: E731
        return Patience(is_known, clock=lambda: self.slept, sleep=self.sleep, now_ns=now_ns)


@pytest.fixture(autouse=True)
def _as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stillness, "TOUCHED", 1.0)


@pytest.fixture
def waiter() -> Waiter:
    return Waiter()


def write(path: Path, data: bytes, age: float = 0) -> Path:
    """Write a note that was changed some seconds ago."""
    path.write_bytes(data)
    os.utime(path, ns=(NOW, NOW - int(age * 1e9)))
    return path


@pytest.mark.parametrize(
    ("data", "age", "slept"),
    [
        (WHOLE, 10, 0),
        (WHOLE, 1.001, 0),
        (WHOLE, 0.999, 0.3),
        (WHOLE, 0, 0.3),
        (WHOLE, -3600, 0.3),
        (b"", 10, 0.3),
        (WHOLE[:15], 10, 0.3),
    ],
    ids=["long ago", "a second ago", "less than a second ago", "now", "in the future", "empty", "unterminated"],
)
def test_what_may_be_being_saved_is_believed_when_it_has_kept_still(
    tmp_path: Path, waiter: Waiter, data: bytes, age: float, slept: float
) -> None:
    path = write(tmp_path / "a.md", data, age)
    assert waiter.patience().read(str(path)).data == data
    assert waiter.slept == pytest.approx(slept)


def test_each_piece_of_a_save_begins_the_waiting_anew(tmp_path: Path, waiter: Waiter) -> None:
    path = write(tmp_path / "a.md", b"")
    for at, end in ((0.2, 10), (0.4, 30), (0.6, len(WHOLE))):
        waiter.later[at] = partial(path.write_bytes, WHOLE[:end])
    patience = waiter.patience()
    assert patience.read(str(path)).data == WHOLE
    assert waiter.slept == pytest.approx(0.9)
    assert patience.has_settled(str(path))


def test_the_same_bytes_saved_again_are_a_save_in_progress(tmp_path: Path, waiter: Waiter) -> None:
    path = write(tmp_path / "a.md", WHOLE)
    waiter.later[0.2] = lambda: os.utime(path, ns=(NOW, NOW + 10**8))
    waiter.patience().read(str(path))
    assert waiter.slept == pytest.approx(0.5)


def test_a_note_that_never_keeps_still_is_read_in_the_end(tmp_path: Path, waiter: Waiter) -> None:
    path = write(tmp_path / "a.md", WHOLE)

    def go_on() -> None:
        with path.open("ab") as file:
            file.write(b"more\n")
        waiter.later[waiter.slept + 0.1] = go_on

    go_on()
    patience = waiter.patience()
    assert patience.read(str(path)).data.endswith(b"more\n")
    assert waiter.slept == pytest.approx(1.5, abs=0.03)
    assert not patience.has_settled(str(path))


def test_all_notes_of_a_command_are_waited_for_together(tmp_path: Path, waiter: Waiter) -> None:
    paths = [write(tmp_path / f"{number}.md", WHOLE) for number in range(9)]
    patience = waiter.patience()
    for path in paths:
        os.utime(path, ns=(NOW, NOW + int(waiter.slept * 1e9)))
        patience.read(str(path))
    assert waiter.slept == pytest.approx(1.5, abs=0.03)


def test_what_was_waited_for_is_not_waited_for_again(tmp_path: Path, waiter: Waiter) -> None:
    path = write(tmp_path / "a.md", WHOLE)
    patience = waiter.patience()
    patience.read(str(path))
    patience.read(str(path))
    assert waiter.slept == pytest.approx(0.3)


def test_our_own_bytes_are_believed_at_once_however_they_look(tmp_path: Path, waiter: Waiter) -> None:
    path = write(tmp_path / "a.md", WHOLE[:15])
    seen: list[tuple[str, Stamp]] = []

    def is_known(where: str, stamp: Stamp) -> bool:
        seen.append((where, stamp))
        return True

    waiter.patience(is_known).read(str(path))
    status = path.stat()
    assert seen == [(str(path), Stamp(status.st_ino, status.st_mtime_ns, status.st_ctime_ns, 15))]
    assert waiter.slept == 0


def test_a_note_that_nobody_touched_is_not_even_looked_up(tmp_path: Path, waiter: Waiter) -> None:
    path = write(tmp_path / "a.md", WHOLE, age=10)
    waiter.patience(lambda _path, _stamp: pytest.fail("it was looked up")).read(str(path))
