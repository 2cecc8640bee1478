"""The installed command under strace, which can make any call to the kernel fail, or end or stop the process before it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.faults.faulty_os import KILLED
from tests.faults.stage import Run

if TYPE_CHECKING:
    from tests.faults.stage import Stage

WRITING = (
    "openat", "write", "pwrite64", "fsync", "fdatasync", "fchmod", "fchown", "ftruncate", "link", "linkat", "unlink", "unlinkat",
    "rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "flock", "close",
)  # fmt: skip
INCIDENT = str(Path(sys.executable).parent / "incident")


class Call(NamedTuple):
    """A call to the kernel.

    Attributes:
        name: Which.
        number: The how manyth of that name in the process.
    """

    name: str
    number: int

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


def need(*programs: str) -> None:
    """End with a sentence where a program, or the right to use it, is missing."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        sys.exit(f"not run: {', '.join(missing)} is not installed")


def command(stage: Stage, words: tuple[str, ...], *options: str) -> list[str]:
    """Give the words that run a command under strace."""
    typed = [word.replace("{vault}", stage.vault) for word in words]
    return [
        "strace",
        "-f",
        "-o",
        f"{os.path.dirname(stage.vault)}/trace",
        *options,
        INCIDENT,
        "--vault",
        stage.vault,
        *typed,
    ]


def run(stage: Stage, words: tuple[str, ...], *options: str) -> Run:
    """Run a command to its end, which may be a violent one."""
    environment = {**os.environ, "HOME": f"{os.path.dirname(stage.vault)}/home"}
    done = subprocess.run(
        command(stage, words, *options),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    return Run(KILLED if done.returncode == -9 else done.returncode, done.stdout, done.stderr)


def calls(stage: Stage, words: tuple[str, ...]) -> list[Call]:
    """Run a command as it is, and give its calls that write, from the first one that makes or opens a file to write in the vault."""
    done = run(stage, words, "-e", f"trace={','.join(WRITING)}")
    assert done.code == 0, done
    seen: dict[str, int] = {}
    found: list[Call] = []
    ours: set[str] = set()
    for line in Path(os.path.dirname(stage.vault), "trace").read_text().splitlines():
        entry = re.match(r"\d+ +(\w+)\((\d*)", line)
        if not entry:
            continue
        name, descriptor = entry.groups()
        seen[name] = seen.get(name, 0) + 1
        if name == "openat" and stage.vault in line:
            ours.add(line.rpartition("= ")[2])
        begun = bool(found) or ("O_CREAT" in line or "mkdir" in name)
        if begun and (stage.vault in line or descriptor in ours):
            found.append(Call(name, seen[name]))
        if name == "close":
            ours.discard(descriptor)
    return found


def folder() -> tempfile.TemporaryDirectory[str]:
    """Give a folder on a disk, where syncing means something."""
    return tempfile.TemporaryDirectory(dir="/var/tmp", ignore_cleanup_errors=True)
