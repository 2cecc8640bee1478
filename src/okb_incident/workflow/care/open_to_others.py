"""What others may read and should not: the journal's folder, and what is in that of restricted incidents."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from okb_incident.core.values.problem import Problem
from okb_incident.errors import ConflictError
from okb_incident.vault.disk.closed import close_folder, is_open_to_others
from okb_incident.vault.disk.machine import FOLDER
from okb_incident.vault.journal.entry import PRIVATE

if TYPE_CHECKING:
    from okb_incident.workflow.session import Session

SHARED = 0o077
"""The bits that a note of a restricted incident does not have."""


def found(session: Session) -> list[Problem]:
    """Return a finding for each of the two folders that is open, or holds something open; none names or counts incidents."""
    root, restricted = session.vault.root, session.vault.settings.folders.restricted
    problems = []
    if is_open_to_others(f"{root}/{FOLDER}"):
        problems.append(Problem(FOLDER, None, "open-to-others", "can be read by others; the journal is in it"))
    if _open_in(f"{root}/{restricted}"):
        problems.append(Problem(restricted, None, "open-to-others", "others can read the folder, or something in it"))
    return problems


def close(session: Session, folder: str) -> str:
    """Close a folder and the notes in it.

    Raises:
        ConflictError: Something belongs to another user, who alone can close it.
    """
    path = f"{session.vault.root}/{folder}"
    paths = [path] if folder == FOLDER else _open_in(path)
    for each in paths:
        if os.path.isdir(each):
            close_folder(each, session.vault.root)
        else:
            with suppress(OSError):
                os.chmod(each, PRIVATE)
    left = [path] * is_open_to_others(path) if folder == FOLDER else _open_in(path)
    if left:
        raise ConflictError(f"some of them belong to another user, who can close them with: chmod -R o= {folder}")
    return f"{folder} is closed to others"


def _open_in(folder: str) -> list[str]:
    """Return the paths of a folder, itself among them, that others may read; folders first."""
    paths = [folder] if is_open_to_others(folder) else []
    for above, folders, names in os.walk(folder):
        paths += [path for name in folders if is_open_to_others(path := f"{above}/{name}")]
        paths += [path for name in names if name.endswith(".md") and _mode(path := f"{above}/{name}") & SHARED]
    return paths


def _mode(path: str) -> int:
    """Return the mode of a file; none of a link, nor of what has gone meanwhile."""
    with suppress(OSError):
        mode = os.lstat(path).st_mode
        return mode if stat.S_ISREG(mode) else 0
    return 0
