"""Reading many notes: those that a scan has found."""

from __future__ import annotations

import os
import time
from itertools import chain
from typing import TYPE_CHECKING

from okb_incident.errors import NotFoundError
from okb_incident.vault.files import FileState, NotAFileError, UnreadableError, inside, pauses, read_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okb_incident.core.problem import Problem

    Read = tuple[str, FileState | Problem | None]

FRESH = 2.0
"""Seconds since its last change within which a scan takes a half-written look for a save in progress."""

THREADS = 8
MANY = 512
"""Notes. So many are read by several threads, which on a disk that has to be asked is five times as fast, and else no slower."""


def read_many(root: str, paths: Sequence[str]) -> Iterator[tuple[str, FileState | Problem]]:
    """Read the notes that a scan has found.

    All of them are read once, in order. Those that look half written **and** changed within the last two seconds follow at
    the end, read again in rounds that take `PATIENCE` seconds together: a thousand notes that have been empty for days
    cost no waiting, and a thousand that are being saved cost half a second. One that is gone meanwhile is left out.

    Args:
        root: The vault, as a real path.
        paths: Paths of the vault.
    """
    waiting = pauses()
    pause: float | None = 0.0
    while paths:
        torn = []
        for path, answer in _at_once(root, paths) if len(paths) >= MANY else _one_by_one(root, paths):
            if isinstance(answer, FileState) and pause is not None and _is_fresh(answer) and answer.looks_torn:
                torn.append(path)
            elif answer is not None:
                yield path, answer
        paths = torn
        if torn and (pause := next(waiting, None)):
            time.sleep(pause)


def _one_by_one(root: str, paths: Iterable[str]) -> Iterator[Read]:
    return ((path, _read_found(root, path)) for path in paths)


def _at_once(root: str, paths: Sequence[str]) -> Iterator[Read]:
    """Read by threads, a few hundred notes ahead of whoever takes them, in order all the same."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - few commands read so many

    share = MANY // THREADS
    with ThreadPoolExecutor(THREADS) as threads:
        for start in range(0, len(paths), MANY):
            shares = [paths[at : at + share] for at in range(start, min(start + MANY, len(paths)), share)]
            yield from chain.from_iterable(threads.map(lambda some: list(_one_by_one(root, some)), shares))


def _read_found(root: str, path: str) -> FileState | Problem | None:
    """Read a found note once; give None if it is gone."""
    real = f"{root}/{path}"
    try:
        try:
            return read_now(real)
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
    """Say whether a file changed just now; one from the future, by another machine's clock, counts as fresh too."""
    return time.time_ns() - state.ctime_ns < FRESH * 1e9
