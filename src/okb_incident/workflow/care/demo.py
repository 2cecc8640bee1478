"""The demo: a copy of the example vault, and one incident run from start to end with the real commands."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import quoted
from okb_incident.errors import ConflictError
from okb_incident.rendering.locate import shipped
from okb_incident.vault.disk import copied_folder
from okb_incident.vault.disk.copied_folder import seal
from okb_incident.vault.read.places import forget_places
from okb_incident.vault.read.settings_file import SETTINGS_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A Friday afternoon in the last week of the example vault.
NOW = "2026-11-20T15:{minute:02d}:00Z"

DEFAULT_FOLDER = "incident-demo"

__all__ = ["DEFAULT_FOLDER", "NOW", "STORY", "Step", "prepare_folder", "seal"]


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
        "Declare it. A title is enough; each answer ends with what is due next.",
        ("open", "Search is slow", "-s", "sev2", "--service", "search", "--detected", "-4m"),
    ),
    Step(1, "Acknowledge it. You are erin here, and become the incident commander.", ("ack", "last")),
    Step(
        6,
        "Log what you see. Each entry gets its time and your name.",
        ("log", "-i", "last", "index rebuild starves the query nodes"),
    ),
    Step(
        8,
        "Send a status update and promise the next one; the message is a note, too.",
        ("tell", "last", "team", "Search takes ten seconds. We look at the index rebuild.", "--next", "30m"),
    ),
    Step(
        21,
        "Mitigate: the impact stopped three minutes ago.",
        ("mitigate", "-i", "last", "rebuild stopped, p99 back to 180 ms", "--at", "-3m"),
    ),
    Step(
        36,
        "Resolve it, with the cause. The recovery is verified within a week.",
        ("resolve", "-i", "last", "p99 steady for 15 minutes", "--cause", "capacity"),
    ),
    Step(37, "The note now holds this timeline, as plain Markdown.", ("timeline", "last")),
)


def prepare_folder(folder: str | None) -> str:
    """Copy the example vault; an unchanged copy of an earlier demo is replaced.

    Args:
        folder: The folder that was named, or nothing for `incident-demo`, or the first free number behind it.

    Returns:
        The folder, absolute.

    Raises:
        ConflictError: The folder that was named exists and holds more than an unchanged demo, or is inside a vault.
        VaultError: It cannot be written.
    """
    target = os.path.abspath(os.path.expanduser(folder or DEFAULT_FOLDER))
    _refuse_inside_vault(target)
    if folder is None:
        target = next(path for path in _candidates(target) if _is_free(path))
    elif not _is_free(target):
        raise ConflictError(
            f"{folder} exists and is not an unchanged demo; nothing was overwritten",
            field="--dir",
            value=folder,
            hint=f"incident --vault {quoted(folder)} list, to continue in it; incident demo --dir names another folder",
        )
    if os.path.lexists(target):
        copied_folder.remove(target)
    copied_folder.fill(target, shipped("example-vault"))
    # Notes of an earlier demo in the same place are remembered, and would use up its numbers.
    forget_places(target)
    return target


def _refuse_inside_vault(target: str) -> None:
    """Refuse a folder inside a vault, whose lists and reports would count the demo's incidents."""
    above = os.path.dirname(target)
    while not os.path.lexists(os.path.join(above, SETTINGS_FILE)):
        if above == os.path.dirname(above):
            return
        above = os.path.dirname(above)
    raise ConflictError(
        f"{target} is inside the vault {above}, which would count the incidents of the demo",
        field="--dir",
        value=target,
        hint="incident demo --dir ~/incident-demo",
    )


def _candidates(first: str) -> Iterator[str]:
    yield first
    number = 2
    while True:
        yield f"{first}-{number}"
        number += 1


def _is_free(target: str) -> bool:
    """Return whether nothing is there, or an earlier demo in which nothing was changed."""
    return not os.path.lexists(target) or copied_folder.is_unchanged(target)
