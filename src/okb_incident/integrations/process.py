"""Other programs, run for a person: with their output passed on as it comes, or kept to be looked at."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING, NamedTuple

from okb_incident.core.text.terminal_text import shorten
from okb_incident.errors import OkbError

if TYPE_CHECKING:
    from collections.abc import Sequence

KEPT_BYTES = 16 * 1024
"""Of the end of an output, whatever its length."""


class NoCommandError(OkbError):
    """There is no such command, or it cannot be run."""

    code = "no-command"


class Ended(NamedTuple):
    """A program that has ended.

    Attributes:
        code: Its exit code; 128 and the signal's number where a signal ended it.
        seconds: How long it ran.
        tail: The end of what it printed, both streams in the order in which they came.
    """

    code: int
    seconds: float
    tail: bytes

    @property
    def signal(self) -> str | None:
        """Return the name of the signal that ended it; None where it ended by itself."""
        try:
            return signal.Signals(self.code - 128).name if self.code > 128 else None
        except ValueError:
            return None


def pass_through(argv: Sequence[str]) -> Ended:
    """Run a program with our streams, and keep the end of what it prints; no shell reads its arguments.

    Ctrl-C reaches the program as well, and it decides.

    Raises:
        NoCommandError: There is no such program, or it cannot be run.
    """
    tail = bytearray()
    one_at_a_time = Lock()

    def pass_on(source: IO[bytes], to: IO[bytes]) -> None:
        while chunk := _read(source):
            with one_at_a_time:
                tail.extend(chunk)
                del tail[:-KEPT_BYTES]
                try:
                    to.write(chunk)
                    to.flush()
                except OSError:
                    # The reader has gone, as `| head` does, or its disk is full; the program goes on.
                    continue

    # A handler, unlike SIG_IGN, is not passed on to the program.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    began = time.monotonic()
    try:
        with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            threads = [
                Thread(target=pass_on, args=streams)
                for streams in ((process.stdout, sys.stdout.buffer), (process.stderr, sys.stderr.buffer))
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            code = process.wait()
    except OSError as error:
        raise _cannot_run(argv[0], error) from None
    finally:
        signal.signal(signal.SIGINT, before)
    return Ended(128 - code if code < 0 else code, time.monotonic() - began, bytes(tail))


def _read(source: IO[bytes]) -> bytes:
    """Read what a program has printed; where the system fails, that is all that will be known of it."""
    try:
        return os.read(source.fileno(), 65536)
    except OSError:
        return b""


def capture(argv: Sequence[str], *, seconds: float) -> Ended:
    """Run a program and keep the end of what it prints.

    Args:
        argv: The program and its arguments.
        seconds: For which it may run; it is killed then.

    Raises:
        NoCommandError: There is no such program, it cannot be run, or it took too long.
    """
    began = time.monotonic()
    try:
        done = subprocess.run(
            argv,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoCommandError(
            f"{shorten(argv[0])!r} took longer than {seconds:g} s", field="CMD", value=argv[0]
        ) from None
    except OSError as error:
        raise _cannot_run(argv[0], error) from None
    code = 128 - done.returncode if done.returncode < 0 else done.returncode
    return Ended(code, time.monotonic() - began, done.stdout[-KEPT_BYTES:])


def _cannot_run(name: str, error: OSError) -> NoCommandError:
    if isinstance(error, FileNotFoundError):
        return NoCommandError(
            f"there is no command {shorten(name)!r}", field="CMD", value=name, hint="sh -c '…' runs a line of shell"
        )
    return NoCommandError(f"{shorten(name)!r} cannot be run: {error.strerror}", field="CMD", value=name)
