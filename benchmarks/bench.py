"""A bench: a copy of a vault, an empty one beside it, and commands run in an environment of their own and timed."""

from __future__ import annotations

import os
import shlex
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FLOOR = """
import os, sys
def walk(folder):
    for entry in os.scandir(folder):
        if entry.name.startswith('.'): continue
        if entry.is_dir(follow_symlinks=False): walk(entry.path)
        elif entry.name.endswith('.md'): entry.stat(follow_symlinks=False)
walk(sys.argv[1])
"""
#: What somebody writes who has no index: every note through python-frontmatter, and a count by severity.
NAIVE = """
import collections, os, sys, frontmatter
found = collections.Counter()
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith('.md'):
            try: found[frontmatter.load(os.path.join(folder, name)).get('severity')] += 1
            except Exception: pass
print(found)
"""


#: Starts a command and tells its memory. The system counts what a process held before it became the command, too, so that
#: must be less than a bare Python holds.
MEMORY = """
import os, sys
quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (1, 2)]
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
print(os.wait4(child, 0)[2].ru_maxrss)
"""


@dataclass(frozen=True)
class Run:
    """What one process cost, its reaped children included.

    Attributes:
        cpu: Seconds of the processor.
        wall: Seconds on the clock.
    """

    cpu: float
    wall: float


class Bench:
    """The copy, the empty vault, and what was wrong so far."""

    def __init__(self, vault: Path, incident: list[str], python: str, scratch: Path) -> None:
        self.incident = incident
        self.python = python
        self.here, self.empty, self.cache = scratch / "here", scratch / "empty", scratch / "cache"
        self.faults: list[str] = []
        home = scratch / "home"
        home.mkdir(parents=True)
        (home / ".gitconfig").write_text("[user]\n\tname = alice\n", encoding="utf-8")
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("INCIDENT_", "PYTHON", "XDG_"))
        }
        # A user's Python keeps what it has compiled.
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        self.environment = {**kept, "HOME": str(home), "XDG_CACHE_HOME": str(self.cache), "NO_COLOR": "1"}
        shutil.copytree(vault, self.here)
        self.ask("init", str(self.empty))
        self.ask("init", str(self.here))

    def on(self, vault: Path, *arguments: str) -> list[str]:
        """Give the command line of a command in a vault."""
        return [*self.incident, "--vault", str(vault), *arguments]

    def ask(self, *arguments: str, vault: Path | None = None) -> str:
        """Run a command that is not timed and give what it prints."""
        command = self.on(vault, *arguments) if vault else [*self.incident, *arguments]
        done = subprocess.run(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"not a valid comparison: {shlex.join(command)} exits {done.returncode}:\n{done.stderr[-2000:]}")
        return done.stdout

    def time(self, command: list[str], code: int = 0) -> Run:
        """Run a command and say what it cost; a wrong exit code is a fault."""
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != code:
            self.faults.append(f"{shlex.join(command)} exits {process.returncode} instead of {code}")
        return Run(used.ru_utime + used.ru_stime, time.perf_counter() - start)

    def memory(self, command: list[str]) -> float:
        """Run a command and give the most memory that it held, in MiB."""
        reporter = [self.python, "-I", "-S", "-c", MEMORY, *command]
        told = subprocess.run(reporter, env=self.environment, capture_output=True, text=True, check=True)
        return int(told.stdout) / 1024

    def hold(self, what: str, answer: object, truth: object) -> None:
        """Note a fault if an answer is not the true one."""
        if answer != truth:
            self.faults.append(f"{what}: {answer}, but the truth is {truth}")

    def without_index(self) -> None:
        """Delete the index, as if the command had never run."""
        shutil.rmtree(self.cache, ignore_errors=True)

    def settle(self) -> None:
        """Wait until no note is so young that it is read again, and let the index take that in."""
        time.sleep(2.2)
        self.ask("list", vault=self.here)


def middle(values: list[float]) -> float:
    """Give the median, which one busy moment of the machine does not move."""
    return statistics.median(values)
