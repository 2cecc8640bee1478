"""Asking git what it knows of a note, without letting the vault's repository run anything."""

from __future__ import annotations

import os
import subprocess
from typing import NamedTuple

# A repository may name programs of its own, for hooks, for watching files, for showing diffs; none of them is run.
_NOTHING_OF_ITS_OWN = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=", "-c", "log.showSignature=false")
_PATIENCE = 10.0
_FORM = "%H%x00%aI%x00%an%x00%s"


class Recorded(NamedTuple):
    """A commit that touched a note.

    Attributes:
        id: Its hash.
        at: When its author made it, in ISO 8601 with an offset.
        by: Its author's name.
        subject: The first line of its message.
    """

    id: str
    at: str
    by: str
    subject: str


def commits_of(folder: str, path: str) -> list[Recorded]:
    """List the commits that touched a file, newest first; none where there is no repository, or no git.

    Args:
        folder: A folder of the work tree.
        path: The file, relative to the folder.
    """
    text = _ask(folder, "log", f"--format={_FORM}", "--no-ext-diff", "--no-textconv", "--", f":(literal){path}")
    if text is None:
        text = ""
    found = [line.split("\0") for line in text.splitlines()]
    return [Recorded(*fields) for fields in found if len(fields) == len(Recorded._fields)]


def bytes_at(folder: str, commit: str, path: str) -> bytes | None:
    """Give a file as a commit has it, None where the commit has no such file.

    Args:
        folder: A folder of the work tree.
        commit: The commit's hash.
        path: The file, relative to the folder.
    """
    done = _run(folder, "cat-file", "blob", f"{commit}:./{path}")
    return done.stdout if done is not None and done.returncode == 0 else None


def _ask(folder: str, *arguments: str) -> str | None:
    done = _run(folder, *arguments)
    return done.stdout.decode(errors="replace") if done is not None and done.returncode == 0 else None


def _run(folder: str, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    try:
        return subprocess.run(
            ["git", *_NOTHING_OF_ITS_OWN, "--no-pager", *arguments],
            cwd=folder,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
