"""Reading many notes: those that a scan has found."""

from __future__ import annotations

import os
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from okb_incident.errors import NotFoundError
from okb_incident.vault.disk.files import (
    FileState,
    NotAFileError,
    UnreadableError,
    inside,
    open_ahead,
    read_now,
)
from okb_incident.vault.disk.stillness import Patience

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from okb_incident.core.values.problem import Problem

    Read = tuple[str, FileState | Problem | None]

FRESH = 2.0
"""Seconds since its last change within which a scan takes a half-written look for a save in progress."""

AHEAD = 64
"""Notes that are open at once while the system fetches them; far below the number of files that a process may open."""


def read_many(root: str, paths: Sequence[str]) -> Generator[tuple[str, FileState | Problem]]:
    """Read the notes that a scan has found.

    All of them are read once, in order. Those that look half written **and** changed within the last two seconds follow at
    the end, read again in rounds until they keep still: a thousand notes that have been empty for days cost no waiting, and a
    thousand that are being saved cost no more than one, a second and a half. One that is gone meanwhile is left out.

    Args:
        root: The vault, as a real path.
        paths: Paths of the vault.
    """
    patience = Patience()
    while paths:
        torn = []
        for path, answer in _in_order(root, paths):
            looks_torn = isinstance(answer, FileState) and answer.looks_torn and _is_fresh(answer)
            if isinstance(answer, FileState) and looks_torn and patience.waits_for(path, answer):
                torn.append(path)
            elif answer is not None:
                yield path, answer
        paths = torn
        if torn:
            patience.pause()


def _in_order(root: str, paths: Sequence[str]) -> Iterator[Read]:
    """Read notes in order, and let the system fetch the next ones meanwhile.

    Threads would fetch as well, but where the notes are in memory anyway they cost several times the processor's time, for
    they wait for each other's turn.
    """
    for start in range(0, len(paths), AHEAD):
        # In order: where no more files may be open, those that were not are opened as the first ones are closed.
        waiting = deque((path, open_ahead(f"{root}/{path}")) for path in paths[start : start + AHEAD])
        try:
            while waiting:
                path, descriptor = waiting.popleft()
                yield path, _read_found(root, path, descriptor)
        finally:
            for _, descriptor in waiting:
                if descriptor is not None:
                    # Nothing was written to it, and whoever stopped reading has a fault of their own to tell.
                    with suppress(OSError):
                        os.close(descriptor)


def _read_found(root: str, path: str, descriptor: int | None) -> FileState | Problem | None:
    """Read a found note once; return None if it is gone."""
    real = f"{root}/{path}"
    try:
        try:
            return read_now(real, descriptor)
        except NotAFileError:
            # Few notes are links, so only they pay for being resolved.
            if not os.path.islink(real):
                raise
            return read_now(inside(root, path))
    except NotFoundError:
        return None
    except UnreadableError as error:
        return error.as_problem(path)


def _is_fresh(state: FileState) -> bool:
    """Return whether a file changed just now; one from the future, by another machine's clock, counts as fresh too."""
    return time.time_ns() - state.ctime_ns < FRESH * 1e9
