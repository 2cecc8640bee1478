"""The live board: cards in place, read anew every few seconds; keys scroll, `q` leaves, and a resize draws it again."""

from __future__ import annotations

import os
import re
import select
import sys
import termios
import time
import tty
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Group
from rich.text import Text

from okb_incident.cli.screen.device import console, cut, rows_of, signs
from okb_incident.cli.screen.tones import DIM, STRONG, due_tone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from okb_incident.cli.screen.lines import Line

TICK = 0.2
"""Seconds between two looks at the keys and at the size of the terminal."""
AROUND = 2
"""Rows that are not cards: the head and the foot."""
KEYS = {
    b"\x1b[A": "up", b"k": "up", b"\x1b[B": "down", b"j": "down", b"\x1bOA": "up", b"\x1bOB": "down",
    b"\x1b[5~": "page up", b"b": "page up", b"\x1b[6~": "page down", b" ": "page down", b"\x1b[H": "home",
    b"\x1b[1~": "home", b"g": "home", b"\x1b[F": "end", b"\x1b[4~": "end", b"G": "end", b"q": "quit", b"Q": "quit",
}  # fmt: skip

#: A key as a terminal sends it; several may have come since the last look.
KEY = re.compile(rb"\x1b\[[0-9;]*[~A-Za-z]|\x1bO.|.", re.DOTALL)


class Board(NamedTuple):
    """What the board shows.

    Attributes:
        head: The line above the cards.
        late: How much is late, in words; empty where nothing is.
        lines: Two lines for each incident.
    """

    head: str
    late: str
    lines: Sequence[Line]


def watch(look: Callable[[], Board], every: float) -> None:
    """Draw the board until `q` or Ctrl-C.

    Args:
        look: Returns the board, read anew.
        every: Seconds between two looks. Programs that write into a vault tell nobody, so looking is what is sure.
    """
    screen = console()
    with suppress(KeyboardInterrupt), _keys() as pressed, screen.screen() as drawn:
        board, top, seen = look(), 0, time.monotonic()
        while True:
            out = console()
            screen.width, height = out.width, out.height
            top = _within(top, len(board.lines), height)
            drawn.update(Group(*page(board, top, out.width, height)))
            size = (out.width, height)
            while (key := pressed()) is None and time.monotonic() - seen < every:
                if (now := console()).width != size[0] or now.height != size[1]:
                    break
            if key == "quit":
                return
            top += _step(key, len(board.lines), height)
            if time.monotonic() - seen >= every:
                board, seen = look(), time.monotonic()


def page(board: Board, top: int, cells: int, height: int) -> list[Text]:
    """Return the rows of one screen: the head, the cards from a place on, and the keys."""
    room = max(height - AROUND, 1)
    head = Text(signs(board.head), style=STRONG)
    head.append(signs(board.late), style=due_tone("late"))
    rows = [row for line in board.lines[top : top + room] for row in rows_of(line, cells)]
    count = len(board.lines) // 2
    first, last = top // 2 + 1, min(top + room, len(board.lines)) // 2
    where = f" · ↑↓ scroll, {first}–{last} of {count}" if len(board.lines) > room else ""
    if not board.lines:
        rows = [Text(cut("nothing is open, and nothing waits to be closed", cells))]
    head.truncate(cells)
    return [head, *rows, *[Text()] * (room - len(rows)), Text(cut(signs(f"q leaves{where}"), cells), style=DIM)]


def _within(top: int, lines: int, height: int) -> int:
    """Return the nearest place from which cards can be shown; a card is never torn at the head."""
    top = max(min(top, lines - (height - AROUND) + 1), 0)
    return top - top % 2


def _step(key: str | None, lines: int, height: int) -> int:
    screenful = max((height - AROUND) // 2 * 2, 2)
    steps = {"up": -2, "down": 2, "page up": -screenful, "page down": screenful, "home": -lines, "end": lines}
    return steps.get(key or "", 0)


@contextmanager
def _keys() -> Iterator[Callable[[], str | None]]:
    """Read keys as they are pressed; yield what returns the next one, or None after a moment without."""
    if not sys.stdin.isatty():

        def wait() -> None:
            time.sleep(TICK)

        yield wait
        return
    place = sys.stdin.fileno()
    before = termios.tcgetattr(place)
    waiting: list[bytes] = []

    def pressed() -> str | None:
        if not waiting:
            if not select.select([place], [], [], TICK)[0]:
                return None
            data = os.read(place, 256)
            waiting.extend(KEY.findall(data) if data else [b"q"])
        return KEYS.get(waiting.pop(0), "other")

    try:
        # What was typed ahead counts.
        tty.setcbreak(place, termios.TCSADRAIN)
        yield pressed
    finally:
        termios.tcsetattr(place, termios.TCSADRAIN, before)
