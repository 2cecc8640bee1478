from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import NOW
from tests.shell import call

from okb_incident.cli.completion.complete import complete

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TOML = """
[teams.payments]
kind = "technical"
members = ["gita", "bob"]
contact = "#payments"

[teams.support]
kind = "support"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with an open incident that nobody has acknowledged, and one that is resolved; no index has been made of it."""
    folder = tmp_path_factory.mktemp("made") / "kb"
    env = {**os.environ, "INCIDENT_NOW": NOW, "INCIDENT_USER": "alice", "INCIDENT_VAULT": str(folder)}
    call("init", str(folder), env=env)
    with (folder / "incident.toml").open("a") as file:
        file.write(TOML)
    for words in (
        ("open", "Search is down", "-s", "sev1", "--service", "search", "--ack"),
        ("resolve", "01"),
        ("open", "Card payments fail", "-s", "sev2", "--service", "checkout", "--service", "Card terminal"),
    ):
        assert call(*words, env=env).returncode == 0
    return folder


@pytest.fixture
def kb(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That vault, for one test."""
    monkeypatch.setenv("INCIDENT_VAULT", str(tmp_path / "kb"))
    monkeypatch.setenv("INCIDENT_NOW", NOW)
    monkeypatch.setenv("INCIDENT_USER", "alice")
    return shutil.copytree(made, tmp_path / "kb", symlinks=True)


@pytest.fixture
def offered() -> Callable[..., list[str]]:
    """Return the words that are offered for a line; a line that ends in a blank asks for the next word."""

    def words(line: str) -> list[str]:
        *before, current = line.split(" ")
        return [word for word, _ in complete(before, current).words]

    return words


@pytest.fixture
def described() -> Callable[..., dict[str, str]]:
    """Return the words that are offered for a line, each with what it means."""

    def words(line: str) -> dict[str, str]:
        *before, current = line.split(" ")
        return dict(complete(before, current).words)

    return words


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is in no vault."""
    for name in ("INCIDENT_VAULT", "INCIDENT_ID"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert os.listdir(folder) == []
    return folder
