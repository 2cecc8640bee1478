"""The demo: the example vault in a folder of one's own, and one incident walked through its life with the real commands."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from okb_incident.command import quoted
from okb_incident.errors import ConflictError, VaultError
from okb_incident.rendering.locate import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A Friday afternoon in the last week of the example vault.
NOW = "2026-11-20T15:{minute:02d}:00Z"

#: What is typed, and at which minute of that hour.
STORY = (
    (0, ("list",)),
    (0, ("open", "Search answers slowly", "-s", "sev2", "--service", "search", "--detected", "-4m")),
    (1, ("ack", "last")),
    (3, ("assess", "last", "--users", "~300", "--urgency", "high", "--business-impact", "high")),
    (5, ("tell", "last", "team", "Search answers in ten seconds; we look at the index rebuild.", "--next", "30m")),
    (6, ("log", "-i", "last", "hypothesis:", "h1", "index", "rebuild", "starves", "the", "query", "nodes")),
    (14, ("identify", "-i", "last", "the index rebuild runs on the query nodes")),
    (21, ("mitigate", "-i", "last", "rebuild stopped, p99 back to 180 ms", "--at", "-3m")),
    (24, ("comms", "draft", "last", "users", "status-update", "Search is as fast as before; we keep watching.")),
    (25, ("comms", "send", "last", "u2")),
    (52, ("resolve", "-i", "last", "p99 steady for half an hour", "--cause", "capacity")),
    (
        52,
        (
            "follow-up",
            "add",
            "-i",
            "last",
            "rebuild the index at night",
            "--kind",
            "process",
            "--owner",
            "bob",
            "--due",
            "14d",
        ),
    ),
    (53, ("review", "new", "last", "--reviewer", "carol")),
    (53, ("show", "last")),
    (54, ("report",)),
)


def copy_example(folder: str) -> str:
    """Copy the example vault.

    Returns:
        The folder, absolute.

    Raises:
        ConflictError: It exists; nothing is overwritten.
        VaultError: It cannot be written.
    """
    target = os.path.abspath(folder)
    if os.path.lexists(target):
        raise ConflictError(
            f"{folder} exists already, and nothing is overwritten",
            field="--dir",
            value=folder,
            hint=f"incident --vault {quoted(folder)} list, to go on in it; incident demo --dir names another, to begin anew",
        )
    try:
        shutil.copytree(shipped("example-vault"), target)
    except OSError as error:
        raise VaultError(f"{folder} cannot be written: {error.strerror}", field="--dir", value=folder) from None
    return target


def story() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the commands of the demo, each with the moment to which the clock is pinned."""
    for minute, words in STORY:
        yield NOW.format(minute=minute), words
