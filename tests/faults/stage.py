"""The stage of a trial: a vault in a folder of its own, and commands run on it in forked children.

A child is this process over again with everything imported already, so that a thousand runs take seconds. Nothing here may run
in a process with threads.
"""

from __future__ import annotations

import functools
import gc
import importlib
import io
import os
import pickle
import pkgutil
import random
import re
import shutil
import signal
import stat
import sys
import tempfile
import time
import traceback
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from tests.faults.faulty_os import FaultyOs, names_of_exchange
from tests.faults.shapes import FIRST

import okb_incident
from okb_incident.cli import main
from okb_incident.vault.disk import machine, stillness
from okb_incident.vault.disk.machine import FOLDER
from okb_incident.vault.disk.writer import TEMP_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.faults.shapes import Trial

PATIENCE = 10.0
"""Seconds of computing after which commands count as hanging; what only waits is left to the time limit of the test."""

NOW = time.time()
"""The time of every journal entry and id that a child writes, in seconds; its clock stands still."""

HOME = "~/"
"""How paths begin that are in the home of the user, not in the vault."""

Tree = dict[str, tuple[int, bytes | None]]
"""What is in a folder: by path the mode, and the bytes or None for a folder."""


class Run(NamedTuple):
    """How one command ended.

    Attributes:
        code: Its exit code.
        out: What it answered.
        err: What it said beside.
    """

    code: int
    out: str
    err: str


class Stage:
    """A folder with a vault and a home in it."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self.vault = str(self._folder / "vault")

    def set_up(self, tree: Mapping[str, tuple[int, bytes | None]]) -> None:
        """Put a vault on the stage, and a person to whom nothing belongs yet."""
        (self._folder / "home").mkdir(parents=True)
        if any(not path.startswith(HOME) for path in tree):
            os.mkdir(self.vault)
        for path, (mode, data) in tree.items():
            there = (
                f"{self._folder}/home/{path.removeprefix(HOME)}" if path.startswith(HOME) else f"{self.vault}/{path}"
            )
            os.makedirs(os.path.dirname(there), exist_ok=True)
            if data is None:
                os.mkdir(there)
            else:
                with open(there, "wb") as file:
                    file.write(data)
            os.chmod(there, mode)

    def play(self, *commands: Sequence[str], system: FaultyOs | None = None) -> list[Run]:
        """Run commands, one after the other, in one child.

        Args:
            commands: The words of each; ``{vault}`` stands for the folder.
            system: The system that the child sees; what it noted there, it knows here afterwards.

        Returns:
            How each ended; the last one of a child that was killed has the code 137, or minus the signal that ended it.
        """
        system = system or FaultyOs()
        answers = tempfile.mkdtemp(dir=self._folder)
        child = os.fork()
        if child == 0:
            self._be_child(commands, system, answers)
        _, status = os.waitpid(child, 0)
        ended = os.waitstatus_to_exitcode(status)
        runs = []
        for number in range(len(commands)):
            texts = [Path(f"{answers}/{name}.{number}") for name in ("code", "out", "err")]
            if texts[2].exists():
                code, out, err = (path.read_text() if path.exists() else "" for path in texts)
                runs.append(Run(int(code or ended), out, err))
        if (kept := Path(f"{answers}/system")).exists():
            vars(system).update(pickle.loads(kept.read_bytes()))
        shutil.rmtree(answers)
        return runs

    def _be_child(self, commands: Sequence[Sequence[str]], system: FaultyOs, answers: str) -> NoReturn:
        """Run the commands and end; nothing may return from here into the parent's program."""
        try:
            signal.setitimer(signal.ITIMER_PROF, PATIENCE)
            # Thousands of runs of the same code say nothing more about what was gone through, and take three times as long.
            sys.settrace(None)
            os.environ["HOME"] = f"{self._folder}/home"
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            _leave_nothing_to_chance(repr(commands))
            system.install()
            for number, words in enumerate(commands):
                for descriptor, name in ((1, "out"), (2, "err")):
                    os.dup2(os.open(f"{answers}/{name}.{number}", os.O_WRONLY | os.O_CREAT), descriptor)
                code = main.run(["--vault", self.vault, *(word.replace("{vault}", self.vault) for word in words)])
                sys.stdout.flush()
                Path(f"{answers}/code.{number}").write_text(f"{int(code)}")
            Path(f"{answers}/system").write_bytes(pickle.dumps(vars(system)))
        except BaseException:  # noqa: BLE001 - whatever it is, it must not go on in the parent's program
            traceback.print_exc()
        finally:
            os._exit(0)

    def people(self) -> Tree:
        """Return all that is in the vault, and the settings of the user."""
        home = {path: each for path, each in self.tree("home").items() if path.startswith(".config/okb-incident/")}
        return self.tree() | {f"{HOME}{path}": each for path, each in home.items()}

    def tree(self, below: str = "vault") -> Tree:
        """Give all that is in the vault, or in another folder of the stage."""
        found: Tree = {}
        top = f"{self._folder}/{below}/"
        for folder, folders, names in os.walk(top):
            folders.sort()
            for name in folders + sorted(names):
                path = os.path.join(folder, name)
                mode = stat.S_IMODE(os.lstat(path).st_mode)
                found[path.removeprefix(top)] = (mode, None if name in folders else Path(path).read_bytes())
        return found


def _leave_nothing_to_chance(seed: str) -> None:
    """Let the same commands write the same ids, so that two faults which leave the same state leave the same bytes."""
    os.urandom = random.Random(seed).randbytes
    time.time = lambda: NOW
    time.time_ns = lambda: int(NOW * 1e9)
    vars(machine)["sign_of"] = lambda _: b"inode 1\n"


def quick_folder() -> tempfile.TemporaryDirectory[str]:
    """Give a folder for stages, in memory where that is possible: nothing is synced here anyway."""
    return tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)


def prepared(trial: Trial, folder: str) -> Tree:
    """Make the vault on which a trial is run."""
    stage = Stage(folder)
    stage.set_up({})
    for done in stage.play(*trial.before) if trial.before else ():
        assert done.code == 0, done
    tree = {path: each for path, each in stage.people().items() if not (trial.clone and path.startswith(FOLDER))}
    if trial.typed[0]:
        (path,) = (path for path in tree if path.endswith(f"/{FIRST}.md"))
        mode, data = tree[path]
        old, new = (text.encode() for text in trial.typed)
        assert data is not None
        assert old in data, data
        tree[path] = (mode, data.replace(old, new))
    return {(trial.moved[1] if path == trial.moved[0] else path): each for path, each in tree.items()}


def notes(tree: Tree) -> Tree:
    """Return what belongs to people: all but our own folder and our temps, with each uid and each measured time made equal."""
    return {
        path: (mode, data and re.sub(rb"(?m)(?<=^uid: ).*$|(?<=exit 0 after )\d+s", b"any", data))
        for path, (mode, data) in tree.items()
        if data is not None and not path.startswith(f"{FOLDER}/") and not is_temp(path)
    }


def is_temp(path: str) -> bool:
    """Say whether a path is a temp file of ours."""
    name = os.path.basename(path)
    return name.startswith(".") and name.endswith(TEMP_SUFFIX)


def temps(tree: Tree) -> list[str]:
    """Give the temp files that were left behind."""
    return [path for path in tree if is_temp(path)]


def prepare_process() -> None:
    """Pin clock and person, and do once what every child would have to do again: imports, the parser, a first run."""
    for name in [name for name in os.environ if name.startswith(("INCIDENT_", "XDG_"))]:
        del os.environ[name]
    os.environ |= {"INCIDENT_NOW": "2026-11-23T12:00:00Z", "INCIDENT_USER": "alice"}
    for each in pkgutil.walk_packages(okb_incident.__path__, "okb_incident."):
        importlib.import_module(each.name)
    vars(main)["get_command"] = functools.cache(vars(main)["get_command"])
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        os.environ["HOME"] = folder
        for words in (("init", folder), ("open", "Trouble"), ("ack", "last"), ("list", "--all", "--json")):
            main.run(["--vault", folder, *words])
    names_of_exchange()
    # The notes of a stage are as young as the stage, and nobody is saving them.
    stillness.AT_MOST = 0.0
    gc.freeze()
