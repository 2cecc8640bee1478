"""The demo: a copy of the example vault, and one incident run from start to end with the real commands."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import quoted
from okb_incident.errors import ConflictError, VaultError
from okb_incident.rendering.locate import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A Friday afternoon in the last week of the example vault.
NOW = "2026-11-20T15:{minute:02d}:00Z"

DEFAULT_FOLDER = "incident-demo"
DIGESTS = ".incident/demo.json"
"""What the demo left of each file: a folder that still matches holds nothing of anybody else."""


class Step(NamedTuple):
    """One command of the demo.

    Attributes:
        minute: The minute of the hour to which the clock is pinned.
        about: One sentence on what is seen.
        words: What is typed after `incident`.
    """

    minute: int
    about: str
    words: tuple[str, ...]


STORY = (
    Step(
        0,
        "Search is slow. A title is enough; the rest can be added later.",
        ("open", "Search answers slowly", "-s", "sev2", "--service", "search", "--detected", "-4m"),
    ),
    Step(1, "Acknowledge it: erin is now the commander.", ("ack", "last")),
    Step(
        6,
        "Log what you see. Each entry gets its time.",
        ("log", "-i", "last", "index rebuild starves the query nodes"),
    ),
    Step(
        8,
        "Send a status update, and promise the next one.",
        ("tell", "last", "team", "Search takes ten seconds. We look at the index rebuild.", "--next", "30m"),
    ),
    Step(
        21,
        "The impact stopped three minutes ago.",
        ("mitigate", "-i", "last", "rebuild stopped, p99 back to 180 ms", "--at", "-3m"),
    ),
    Step(
        36,
        "Resolve it, with what fixed it and the cause.",
        ("resolve", "-i", "last", "p99 steady for 15 minutes", "--cause", "capacity"),
    ),
    Step(37, "The timeline, as the note holds it.", ("timeline", "last")),
)


def prepare_folder(folder: str | None) -> str:
    """Copy the example vault; an unchanged copy of an earlier demo is replaced.

    Args:
        folder: The folder that was named, or nothing for `incident-demo`, or the first free number behind it.

    Returns:
        The folder, absolute.

    Raises:
        ConflictError: The folder that was named exists and holds more than an unchanged demo.
        VaultError: It cannot be written.
    """
    if folder is None:
        target = next(path for path in _candidates() if _is_free(path))
    else:
        target = os.path.abspath(os.path.expanduser(folder))
        if not _is_free(target):
            raise ConflictError(
                f"{folder} exists and is not an unchanged demo; nothing was overwritten",
                field="--dir",
                value=folder,
                hint=f"incident --vault {quoted(folder)} list, to continue in it; incident demo --dir names another folder",
            )
    try:
        if os.path.lexists(target):
            shutil.rmtree(target)
        shutil.copytree(shipped("example-vault"), target)
    except OSError as error:
        raise VaultError(f"cannot write {target}: {error.strerror}", field="--dir", value=target) from None
    remember(target)
    return target


def remember(target: str) -> None:
    """Write down what the demo left, so that its next run can tell whether anything was changed."""
    path = os.path.join(target, DIGESTS)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(_digests(target), file)


def _candidates() -> Iterator[str]:
    yield os.path.abspath(DEFAULT_FOLDER)
    number = 2
    while True:
        yield os.path.abspath(f"{DEFAULT_FOLDER}-{number}")
        number += 1


def _is_free(target: str) -> bool:
    """Return whether nothing is there, or an earlier demo in which nothing was changed."""
    if not os.path.lexists(target):
        return True
    if os.path.islink(target) or not os.path.isdir(target):
        return False
    try:
        with open(os.path.join(target, DIGESTS), encoding="utf-8") as file:
            return bool(json.load(file) == _digests(target))
    except (OSError, ValueError):
        return False


def _digests(target: str) -> dict[str, str]:
    """Return the digest of every file but those in `.incident`; of a link where it leads."""
    found = {}
    for folder, folders, names in os.walk(target):
        if folder == target:
            folders[:] = [name for name in folders if name != ".incident"]
        for name in names:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                found[os.path.relpath(path, target)] = os.readlink(path)
                continue
            with open(path, "rb") as file:
                found[os.path.relpath(path, target)] = hashlib.file_digest(file, "sha256").hexdigest()
    return found
