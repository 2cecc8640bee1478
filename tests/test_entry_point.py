"""Started in a vault, which may come from a stranger, the command imports nothing from it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

#: Modules that a command of ours imports, of Python's own, of others and of ours, and one that is the first line of most files.
NAMES = ("yaml", "typer", "json", "re", "typing", "datetime", "__future__", "fcntl")
COMMANDS = (("--version",), ("list",), ("open", "Card payments fail"))


@pytest.fixture
def vault(incident: Path, tmp_path: Path) -> Path:
    """A vault with modules in it that leave a trace when they are run."""
    run(tmp_path, str(incident), "init", ".")
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write({name + chr(10)!r})\n")
    return tmp_path


def run(folder: Path, *words: str, **variables: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTHON"))}
    done = subprocess.run(
        words,
        cwd=folder,
        env={**kept, "INCIDENT_USER": "alice", **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize("options", [["-m"], ["-P", "-m"]], ids=" ".join)
def test_nothing_of_a_vault_is_imported(vault: Path, options: list[str], command: tuple[str, ...]) -> None:
    run(vault, sys.executable, *options, "okb_incident", *command)
    assert not (vault / "ran").exists()


def test_nor_where_the_path_of_modules_has_an_empty_part(vault: Path) -> None:
    run(vault, sys.executable, "-m", "okb_incident", "list", PYTHONPATH=":/nowhere")
    assert not (vault / "ran").exists()


def test_nor_by_the_installed_command(vault: Path, incident: Path) -> None:
    run(vault, str(incident), "list")
    assert not (vault / "ran").exists()


def test_a_folder_of_python_itself_may_be_the_current_one(vault: Path, incident: Path) -> None:
    for folder in (Path(os.__file__).parent, Path(sys.executable).parent):
        assert "no open incident" not in run(folder, str(incident), "--vault", str(vault), "list")
        run(folder, sys.executable, "-m", "okb_incident", "--vault", str(vault), "list")
