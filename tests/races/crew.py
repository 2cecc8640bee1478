"""Many workers on one vault at once, and what they were told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.vault.disk.writer import TEMP_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("INCIDENT_", "COV"))},
    "INCIDENT_NOW": "2026-11-23T12:00:00Z",
    "INCIDENT_USER": "alice",
}


class Told(NamedTuple):
    """How one command ended.

    Attributes:
        words: What was typed.
        code: Its exit code.
        out: What it answered.
        err: What it said beside.
        seconds: How long it took, waiting for the lock included.
    """

    words: list[str]
    code: int
    out: str
    err: str
    seconds: float


def started(vault: Path, name: str, times: int, *words: str) -> subprocess.Popen[str]:
    """Set a worker to work; it goes on until its input is closed where no times are given."""
    command = [sys.executable, "-m", "tests.races.worker", str(vault), name, str(times), *words]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT, text=True)


def answers(worker: subprocess.Popen[str]) -> list[Told]:
    """Wait for a worker, and give what they were told; no input any more tells them to stop."""
    out, _ = worker.communicate()
    assert worker.returncode == 0, f"a worker ended with {worker.returncode}"
    return [Told(**json.loads(line)) for line in out.splitlines()]


def incident(vault: Path, *words: str) -> str:
    """Run the command as it is installed, which must succeed, and give its answer."""
    done = ended(vault, *words)
    assert done.returncode == 0, f"{words} ended with {done.returncode}: {done.stderr}"
    return done.stdout


def ended(vault: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as it is installed."""
    command = [str(Path(sys.executable).parent / "incident"), "--vault", str(vault), *words]
    return subprocess.run(
        command, env=ENVIRONMENT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def texts(vault: Path) -> Iterator[bytes]:
    """Give all that is kept in a vault: notes, conflict copies, and pre-images, also compressed ones."""
    for path in vault.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            yield data
            try:
                yield zlib.decompress(data)
            except zlib.error:
                continue


def what_is_left(vault: Path) -> list[str]:
    """Say what should not be in a vault when all is quiet; the journal, where there is one, must be whole.

    An editor that saved into a file which a command had just put aside is no fault: the journal names what it saved.
    """
    done = ended(vault, "doctor", "--only", "journal")
    found = [line for line in done.stderr.splitlines() if ": late-edit: " not in line]
    return found + [str(path) for path in vault.rglob(f".*{TEMP_SUFFIX}")]
