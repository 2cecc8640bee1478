"""What a command loads, by the names of the modules: a number of milliseconds depends on the neighbours, a name does not."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# Each of these more than doubles the time of a command that needs nothing of it. All can be loaded here: what is no dependency is never
# found, whatever a command loads.
HEAVY = ("rich", "prompt_toolkit", "jinja2", "asyncio", "importlib.metadata", "frontmatter", "tomlkit")
# What was taken off the hot path, a fiftieth to a tenth of the time of `open` each (docs/decisions.md): a library that knows
# where settings lie, what writes the methods of a class, and what only a broken note or a program needs.
SPARED = (
    "platformdirs",
    "tempfile",
    "random",
    "dataclasses",
    "okb_incident.core.incident.describe",
    "okb_incident.vault.yaml.salvage",
)
# `open` reads no note.
READING = (
    "yaml",
    "okb_incident.core.timeline.timeline",
    "okb_incident.core.incident.change",
    "okb_incident.vault.note.note",
)
COMMAND_LINE = ("typer", "argparse")

# Above bare Python: our entry point, and what the script that pip writes imports itself.
FEW_MODULES = 25


class Installed:
    """The installed command with a vault of its own; it tells which modules each run loads."""

    def __init__(self, incident: Path, folder: Path) -> None:
        self.incident = incident
        self.folder = folder
        measured = {name for name in os.environ if name.startswith("COVERAGE_")}
        self.environment = {name: value for name, value in os.environ.items() if name not in measured} | {
            "INCIDENT_USER": "alice",
            "INCIDENT_VAULT": str(folder),
            "NO_COLOR": "1",
        }
        self.bare = self.python("-c", "pass")[1]

    def __call__(
        self, *arguments: str, code: int = 0, variables: Mapping[str, str] | None = None
    ) -> tuple[str, set[str]]:
        """Run the command; give its answer and the modules it loaded beyond those of Python itself."""
        answer, modules = self.python(str(self.incident), *arguments, code=code, variables=variables)
        return answer, modules - self.bare

    def python(
        self, *arguments: str, code: int = 0, variables: Mapping[str, str] | None = None
    ) -> tuple[str, set[str]]:
        """Run the interpreter of the command; return its answer and all modules that it loaded."""
        done = subprocess.run(
            [self._python(), "-X", "importtime", *arguments],
            env={**self.environment, **(variables or {})},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        lines = done.stderr.splitlines()
        told = [line for line in lines if line.startswith("import time:")]
        assert done.returncode == code, "\n".join(line for line in lines if line not in told)
        return done.stdout, {line.rpartition("|")[2].strip() for line in told}

    def _python(self) -> str:
        """Give the interpreter that the command's own first line names."""
        with self.incident.open(encoding="utf-8") as script:
            named = script.readline().removeprefix("#!").strip()
        return named if os.access(named, os.X_OK) else sys.executable


@pytest.fixture(scope="module")
def installed(incident: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(incident, tmp_path_factory.mktemp("start-up"))


@pytest.fixture(scope="module")
def at_work(installed: Installed) -> Installed:
    """The same, with a vault and an incident in it."""
    installed("init", str(installed.folder))
    installed("open", "Card payments fail", "-s", "SEV2")
    return installed


def among(modules: Iterable[str], names: Iterable[str]) -> set[str]:
    return {module for module in modules for name in names if module == name or module.startswith(f"{name}.")}


def test_the_version_is_told_before_the_command_line_is_loaded(installed: Installed) -> None:
    answer, modules = installed("--version")
    assert answer.startswith("incident ")
    assert among(modules, (*COMMAND_LINE, *HEAVY, "yaml", "okb_incident.cli")) == set()
    assert len(modules) < FEW_MODULES, sorted(modules)


@pytest.mark.parametrize("module", [*HEAVY, *SPARED, *READING, *COMMAND_LINE])
def test_what_must_not_be_loaded_would_be_seen(installed: Installed, module: str) -> None:
    _, modules = installed.python("-c", f"import {module}")
    assert module in among(modules, (module,))


@pytest.mark.parametrize(
    "command",
    [
        ["open", "Latency on checkout", "-s", "SEV3"],
        ["ack", "last"],
        ["log", "-i", "last", "rolled", "back"],
        ["list"],
        ["list", "--json"],
    ],
    ids=" ".join,
)
def test_the_hot_path_loads_nothing_heavy(at_work: Installed, command: list[str]) -> None:
    answer, modules = at_work(*command)
    assert "INC-" in answer
    assert among(modules, HEAVY) == set()


@pytest.mark.parametrize(
    ("command", "spared"),
    [
        (["open", "Latency on checkout", "-s", "SEV3"], (*SPARED, *READING)),
        (["ack", "last"], SPARED),
        (["log", "-i", "last", "rolled", "back"], SPARED),
    ],
    ids=["open", "ack", "log"],
)
def test_the_hot_path_does_without(at_work: Installed, command: list[str], spared: tuple[str, ...]) -> None:
    _, modules = at_work(*command)
    assert among(modules, spared) == set()


def test_open_starts_no_other_program(at_work: Installed) -> None:
    _, modules = at_work("open", "Latency on checkout", "-s", "SEV3")
    # The one module of ours that starts a program for a template, and the one that asks git who acts.
    assert among(modules, ("okb_incident.rendering.confined", "okb_incident.integrations.git")) == set()


@pytest.mark.parametrize("command", [["--help"], ["open", "--help"]], ids=" ".join)
def test_help_loads_neither_a_vault_nor_a_renderer(installed: Installed, command: list[str]) -> None:
    answer, modules = installed(*command)
    assert "open" in answer
    assert among(modules, (*HEAVY, "yaml", "okb_incident.vault")) == set()


def test_a_mistyped_option_is_answered_without_a_vault(installed: Installed) -> None:
    _, modules = installed("open", "--severty", "SEV2", code=2)
    assert among(modules, (*HEAVY, "yaml", "okb_incident.vault")) == set()


def completed(installed: Installed, *words: str) -> tuple[list[str], set[str]]:
    """Return what zsh would be offered, and the modules that it takes."""
    answer, modules = installed(*words, variables={"_INCIDENT_COMPLETE": "zsh"})
    return [line.partition(":")[0] for line in answer.splitlines()], modules


@pytest.mark.parametrize(
    ("words", "offered"),
    [(("op",), "open"), (("tell", "us"), "users"), (("ack", "INC"), "INC-"), (("help", "nam"), "naming")],
    ids=" ".join,
)
def test_completion_of_a_word_does_without_the_parser(at_work: Installed, words: tuple[str, ...], offered: str) -> None:
    answer, modules = completed(at_work, *words)
    assert any(line.startswith(offered) for line in answer)
    assert among(modules, (*HEAVY, *SPARED, *COMMAND_LINE)) == set()


def test_completion_of_a_command_loads_no_vault(installed: Installed) -> None:
    answer, modules = completed(installed, "")
    assert "open" in answer
    assert among(modules, ("okb_incident.vault", "tomllib", "okb_incident.core.settings")) == set()


def test_completion_of_an_option_loads_nothing_heavy(installed: Installed) -> None:
    answer, modules = completed(installed, "open", "--sev")
    assert "--severity" in answer
    assert among(modules, (*HEAVY, "yaml")) == set()
