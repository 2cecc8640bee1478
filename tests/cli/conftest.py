from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
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
def run(incident: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the installed command as a shell would."""

    def run_command(
        *words: str, vault: Path | None, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "INCIDENT_NOW": NOW, "INCIDENT_USER": "alice", **(env or {})}
        where = ["--vault", str(vault)] if vault else []
        return subprocess.run(
            [str(incident), *where, *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
            env=environment,
        )

    return run_command


@pytest.fixture
def note(vault: Path) -> Path:
    """The note of that one incident."""
    return vault / "incidents" / "2026" / "INC-20261123-01.md"
