"""A terminal at which somebody types: the installed command in a process of its own, and what it shows."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

from tests.cli.screen import environment, without_style

ENTER, CTRL_C, CTRL_D, UP = "\r", "\x03", "\x04", "\x1b[A"
MOMENT = 0.05
"""Seconds between two looks at a state that is waited for."""
WHERE = b"\x1b[6n"
"""The question on which row the cursor is."""
PROMPT = ">"
"""The end of the prompt; the blank behind it is where the cursor is put."""
HANG = 120
"""Seconds after which a program that does not show what is waited for is taken for hanging."""


def pasted(text: str) -> str:
    """Return what a terminal sends for a paste."""
    return f"\x1b[200~{text}\x1b[201~"


def wait_until_it_waits(process: int) -> None:
    """Wait until a program sleeps: Python notices a signal that comes just before it begins to read only with the next key."""
    end = time.monotonic() + HANG
    while Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "S":
        assert time.monotonic() < end, "the program does not wait for a line"
        time.sleep(MOMENT)


class Typist:
    """Somebody at a terminal. What is shown is compared without colours, and without what moves the cursor."""

    def __init__(
        self, incident: Path, vault: Path, *words: str, columns: int = 80, rows: int = 24, ahead: str = "", **more: str
    ) -> None:
        self.ours, theirs = pty.openpty()
        self.size(columns, rows)
        self.modes = termios.tcgetattr(theirs)
        if ahead:
            os.write(self.ours, ahead.encode())
        self.process = subprocess.Popen(
            [str(incident), *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment(vault, **more),
            cwd=vault,
            start_new_session=True,
            preexec_fn=take_terminal,  # noqa: PLW1509 - Ctrl-C reaches only the process whose terminal it is
        )
        os.close(theirs)
        self.encoding = more.get("PYTHONIOENCODING", "utf-8")
        self.raw = ""
        self._seen = ""
        self._new = ""
        self._is_closed = False

    def size(self, columns: int, rows: int) -> None:
        """Set the size of the window, of which the program is told."""
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self.ours, text.encode())

    def enter(self, line: str, *shown: str) -> str:
        """Type a line and Enter, and wait for what is shown then, and for the next prompt; return all of it."""
        self.type(line + ENTER)
        found = "".join(self.until(each) for each in shown)
        return found + self.until(PROMPT)

    def until(self, text: str) -> str:
        """Read until something is shown; return all that came up to it, since what was waited for before."""
        end = time.monotonic() + HANG
        while text not in self._new:
            if time.monotonic() > end or not self._read():
                raise AssertionError(f"{text!r} was not shown, but:\n{self._new}")
        found, _, self._new = self._new.partition(text)
        return found + text

    def interrupt(self) -> None:
        """Press Ctrl-C once the program waits for a line."""
        wait_until_it_waits(self.process.pid)
        self.type(CTRL_C)

    def look(self) -> None:
        """Read what is shown, and wait a moment where nothing is."""
        self._read(MOMENT)

    def shown(self) -> str:
        """Return what was shown since what was waited for before."""
        return self._new

    def _read(self, seconds: float = HANG) -> bool:
        if not select.select([self.ours], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.ours, 65536)
        except OSError:
            return False  # on Linux, the end of a terminal that nobody holds open any more
        if WHERE in data:
            # As a terminal does; where the row is not known there is no toolbar.
            os.write(self.ours, b"\x1b[1;1R")
        self.raw += data.decode(self.encoding, "replace")
        # A sequence may have been cut in two, so all of it is read anew.
        seen = without_style(self.raw).replace("\r", "")
        self._new += seen[len(self._seen) :]
        self._seen = seen
        return bool(data)

    def end(self) -> tuple[int, str]:
        """Wait until the program has ended; return its exit code and what it showed last."""
        end = time.monotonic() + HANG
        while self._read():
            assert time.monotonic() < end, f"it does not end, but shows:\n{self._new}"
        return self.process.wait(timeout=HANG), self._new

    def kill(self) -> None:
        """End the program as the kernel does for want of memory, and close the terminal."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(timeout=HANG)
        if not self._is_closed:
            os.close(self.ours)
        self._is_closed = True


def take_terminal() -> None:
    """Make the terminal that a command reads the one that sends it Ctrl-C, also where whoever runs the tests ignores that."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
