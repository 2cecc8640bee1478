from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.shell import call

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

NOW = "2026-11-23T12:00:00Z"


@pytest.fixture
def vault(tmp_path: Path, run: Callable[..., subprocess.CompletedProcess[str]]) -> Path:
    """A vault of one's own, with one open incident."""
    assert run("init", str(tmp_path / "kb"), vault=None).returncode == 0
    folder = tmp_path / "kb"
    assert run("open", "Checkout is slow", "-s", "sev2", "--started", "-9m", vault=folder).returncode == 0
    return folder


@pytest.fixture
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command in this process, with what a shell gives it."""

    def run_command(
        *words: str, vault: Path | None, env: dict[str, str] | None = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return call(*_placed(vault, words), env=_environment(env), stdin=stdin)

    return run_command


@pytest.fixture
def start(incident: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Start the installed command as a shell does, where the process itself is the subject."""

    def start_command(
        *words: str, vault: Path | None, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(incident), *_placed(vault, words)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
            stdin=subprocess.DEVNULL,
            env=_environment(env),
        )

    return start_command


def _placed(vault: Path | None, words: Sequence[str]) -> list[str]:
    return ["--vault", str(vault), *words] if vault else [*words]


def _environment(more: dict[str, str] | None) -> dict[str, str]:
    return {**os.environ, "INCIDENT_NOW": NOW, "INCIDENT_USER": "alice", **(more or {})}


@pytest.fixture
def note(vault: Path) -> Path:
    """The note of that one incident."""
    return vault / "incidents" / "2026" / "INC-20261123-01.md"
