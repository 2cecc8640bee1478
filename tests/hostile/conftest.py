from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

BATCH = Path(__file__).parent / "batch.py"
NOW = "2026-11-23T02:00:00Z"
DOCUMENTED = {0, 2, 3, 4, 5, 6, 7}
COMPUTING = 10
"""Seconds of processor time that a command of the suite may use on a shared machine and with coverage measured; the goal is
2 s, and `measure.py` prints how far each command is from it."""

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


class Ran(NamedTuple):
    """How a command ended.

    Attributes:
        words: What was typed.
        code: Its exit code; negative for a signal.
        out: The answer.
        err: The commentary.
        changed: What it changed, of a batch that looks.
    """

    words: Sequence[str]
    code: int
    out: str
    err: str
    changed: Sequence[str] = ()

    def check(self, codes: set[int] = DOCUMENTED) -> Ran:
        """Hold what holds for every command whatever it meets."""
        said = f"{self.words}: {self.code}\n{self.err[:2000]}"
        assert self.code in codes, said
        assert "Traceback" not in self.err, said
        assert "something unforeseen" not in self.err, said
        assert not CONTROL.search(self.out), said + repr(CONTROL.findall(self.out)[:9])
        assert not CONTROL.search(self.err), said + repr(CONTROL.findall(self.err)[:9])
        return self


def environment(vault: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("INCIDENT_")}
    return {
        **kept,
        "INCIDENT_VAULT": str(vault),
        "INCIDENT_NOW": NOW,
        "INCIDENT_USER": "bob",
        "LC_ALL": "C.UTF-8",
        **more,
    }


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (COMPUTING, COMPUTING))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@pytest.fixture(scope="session")
def command(incident: Path) -> Callable[..., Ran]:
    """Give ``command(vault, *words)``: runs one in a process of its own, with a limit on what it may compute."""

    def run(vault: Path, *words: str, **variables: str) -> Ran:
        done = subprocess.run(
            [str(incident), *words],
            env=environment(vault, **variables),
            cwd=vault,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=100,
            check=False,
            preexec_fn=limited,
        )
        return Ran(
            words,
            done.returncode,
            done.stdout.decode("utf-8", "surrogateescape"),
            done.stderr.decode("utf-8", "surrogateescape"),
        )

    return run


@pytest.fixture(scope="session")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Ran]]:
    """Give ``batch(vault, commands)``: runs many in one process of their own, which no note may end."""

    def run(vault: Path, commands: Sequence[Sequence[str]]) -> list[Ran]:
        listed = tmp_path_factory.mktemp("batch") / "commands.json"
        listed.write_text(json.dumps(commands))
        done = subprocess.run(
            [sys.executable, BATCH, listed, vault],
            env=environment(vault),
            cwd=vault,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert (done.returncode, len(lines)) == (0, len(commands)), f"{commands[len(lines)]}: {done.stderr[-3000:]}"
        return [Ran(**line) for line in lines]

    return run


def fingerprint(root: Path) -> Mapping[str, Any]:
    """Give all that no reading command may change: of every name what it is, of every file its bytes and times."""
    found: dict[str, Any] = {}
    for folder, folders, names in os.walk(os.fsencode(root)):
        for name in (*folders, *names):
            path = os.path.join(folder, name)
            status = os.lstat(path)
            what: Any = status.st_mode, status.st_mtime_ns, status.st_size
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    what = *what, hashlib.sha256(file.read()).digest()
            found[path.decode("latin-1")] = what
    return found
