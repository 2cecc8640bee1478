"""Asking git what it knows of a note, without letting the vault's repository run anything."""

from __future__ import annotations

import os
import subprocess
from typing import NamedTuple

# A repository may name programs of its own, for hooks, for watching files, for showing diffs; none of them is run.
_NOTHING_OF_ITS_OWN = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=", "-c", "log.showSignature=false")
# What a partial clone lacks it would fetch, by whatever program the repository names for that.
_NOBODY_ELSE = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "none"}
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
    # Only this ends a line: a name may hold what Python takes for the end of one.
    found = [line.split("\0") for line in text.split("\n")]
    return [Recorded(*fields) for fields in found if len(fields) == len(Recorded._fields)]


def _ask(folder: str, *arguments: str) -> str:
    """Return what git answers; nothing where it does not."""
    try:
        done = subprocess.run(
            ["git", *_NOTHING_OF_ITS_OWN, "--no-pager", *arguments],
            cwd=folder,
            env={**os.environ, **_NOBODY_ELSE},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if done.returncode else done.stdout.decode(errors="replace")


def user_name() -> str | None:
    """Ask git for the user's own name; a vault's repository may not decide it, so only the global settings count."""
    try:
        done = subprocess.run(
            ["git", "config", "--global", "user.name"],
            capture_output=True,
            text=True,
            timeout=2,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    return done.stdout.strip() or None
