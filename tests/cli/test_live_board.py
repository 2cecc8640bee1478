"""The live board: what fits on the screen, scrolling, leaving, and a resize."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from tests.cli.screen import environment, vault_of, without_style

from okb_incident.cli.screen.lines import Line
from okb_incident.cli.screen.live import KEY, Board, page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def board(count: int) -> Board:
    lines = [
        Line.of(f"1128-{number // 2 + 1:02d} {'which' if number % 2 == 0 else 'late'}") for number in range(2 * count)
    ]
    return Board("15:39 UTC   3 open", "   2 late", lines)


@pytest.mark.parametrize(("cells", "height"), [(60, 20), (80, 24), (30, 5), (20, 3)])
def test_a_page_is_as_high_as_the_screen_and_no_wider(cells, height):
    rows = [row.plain for row in page(board(30), 0, cells, height)]
    assert len(rows) == height
    assert max(map(cell_len, rows)) <= cells
    assert rows[0].startswith("15:39 UTC")
    assert rows[1] == "1128-01 which"


def test_the_foot_says_how_to_leave_and_where_one_is():
    assert page(board(30), 0, 80, 24)[-1].plain == "q leaves · ↑↓ scroll, 1–11 of 30"
    assert page(board(30), 38, 80, 24)[-1].plain == "q leaves · ↑↓ scroll, 20–30 of 30"
    assert page(board(3), 0, 80, 24)[-1].plain == "q leaves"
    assert page(board(0), 0, 80, 24)[1].plain == "nothing is open, and nothing waits to be closed"


def test_keys_that_came_together_are_told_apart():
    assert KEY.findall(b"j\x1b[B\x1b[6~\x1bOAq") == [b"j", b"\x1b[B", b"\x1b[6~", b"\x1bOA", b"q"]


class Screen:
    """A terminal on which the installed command shows its board; a limit guards against a hang."""

    def __init__(self, incident: Path, vault: Path, typed: bytes = b"") -> None:
        self.ours, theirs = pty.openpty()
        self.size(80, 24)
        os.write(self.ours, typed)
        self.process = subprocess.Popen(
            [str(incident), "status", "--live", "--every", "1"],
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
            env=environment(vault),
            start_new_session=True,
        )
        os.close(theirs)
        self.seen = ""

    def size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until(self, text: str) -> str:
        """Read until something is shown; return all that came since the last look."""
        found = ""
        while text not in found:
            found += without_style(os.read(self.ours, 65536).decode("utf-8", "replace"))
        return found

    def end(self) -> int:
        try:
            while os.read(self.ours, 65536):
                pass
        except OSError:
            pass  # on Linux, the end of a terminal that nobody holds open any more
        return self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vault_of(tmp_path_factory.mktemp("board"), 30)


@pytest.fixture
def screen(incident, vault) -> Iterator[Screen]:
    made = Screen(incident, vault)
    yield made
    if made.process.poll() is None:
        made.process.kill()
    os.close(made.ours)


def test_keys_scroll_and_q_leaves(screen):
    screen.until("1–11 of 30")
    os.write(screen.ours, b"jj")
    screen.until("3–13 of 30")
    os.write(screen.ours, b"G")
    screen.until("20–30 of 30")
    os.write(screen.ours, b"g")
    screen.until("1–11 of 30")
    os.write(screen.ours, b"q")
    assert screen.end() == 0


def test_a_resize_draws_the_board_anew(screen):
    screen.until("1–11 of 30")
    screen.size(60, 20)
    shown = screen.until("1–9 of 30")
    assert max(map(cell_len, shown.replace("\r", "").splitlines())) <= 80
    os.write(screen.ours, b"q")
    assert screen.end() == 0


def test_the_terminal_is_left_as_it_was(screen):
    before = termios.tcgetattr(screen.ours)
    screen.until("1–11 of 30")
    assert termios.tcgetattr(screen.ours) != before
    os.write(screen.ours, b"q")
    assert screen.end() == 0


def test_a_key_that_was_typed_ahead_counts(incident, vault):
    typed = Screen(incident, vault, b"q")
    assert typed.end() == 0
    os.close(typed.ours)
