from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.hostile.hold import BATCH, COMPUTING, Ran, environment, unmeasured
from tests.limits import computing_at_most
from tests.shell import call

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@pytest.fixture(scope="session")
def command() -> Callable[..., Ran]:
    """Return ``command(vault, *words)``, which runs one in this process, with a limit on what it may compute."""

    def run(vault: Path, *words: str, **variables: str) -> Ran:
        with unmeasured(), computing_at_most(COMPUTING):
            done = call(*words, env=environment(vault, **variables), cwd=vault)
        return Ran(words, done.returncode, done.stdout, done.stderr)

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
            check=False,
        )
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert (done.returncode, len(lines)) == (0, len(commands)), f"{commands[len(lines)]}: {done.stderr[-3000:]}"
        return [Ran(**line) for line in lines]

    return run
