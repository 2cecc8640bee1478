"""Pruning: images are packed after an hour, and thrown away after the time that somebody chooses; entries stay for good."""

from __future__ import annotations

import os
import time
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import read_now
from okb_incident.vault.disk.writer import create
from okb_incident.vault.journal.late import late_save

if TYPE_CHECKING:
    from datetime import timedelta

    from okb_incident.vault.disk.files import FileState
    from okb_incident.vault.journal.store import Journal

RESTS_AFTER = 3600.0
"""Seconds after which no editor holds a displaced file open any more that it is still going to write to."""


class PruneResult(NamedTuple):
    """What pruning did.

    Attributes:
        packed: How many files were packed.
        dropped: How many images were thrown away.
        freed: How many bytes there are fewer.
        late: Displaced files that somebody had written to after the command; they were left as they are.
    """

    packed: int
    dropped: int
    freed: int
    late: tuple[str, ...]


def prune(journal: Journal, keep: timedelta | None = None) -> PruneResult:
    """Pack what has rested for an hour; the caller holds the vault's lock.

    Args:
        journal: Whose images.
        keep: Throw away the images of older commands, which cannot be undone any more.

    Raises:
        OSError: The system refuses.
        VaultError: An image cannot be written.
    """
    now = time.time()
    packed = dropped = freed = 0
    late = []
    for each in journal.displaced():
        if each.is_late and late_save(journal, each):
            late.append(each.path.removeprefix(journal.root + "/"))
        elif now - each.state.ctime_ns / 1e9 >= RESTS_AFTER:
            freed += _pack(journal, each.path, each.state)
            packed += 1
    for name in journal.images():
        path = journal.place("images", name)
        if "." not in name and now - os.stat(path).st_ctime >= RESTS_AFTER:
            freed += _pack(journal, path, read_now(path))
            packed += 1
    if keep is not None:
        for path in _too_old(journal, now - keep.total_seconds()):
            freed += os.stat(path).st_size
            os.unlink(path)
            dropped += 1
    return PruneResult(packed, dropped, freed, tuple(late))


def _pack(journal: Journal, path: str, state: FileState) -> int:
    """Pack a file under the hash of its bytes, and give how many bytes there are fewer."""
    import zlib  # noqa: PLC0415

    target = journal.place("images", f"{digest(state.data)}.z")
    size = 0
    if not os.path.lexists(target):
        pack = zlib.compress(state.data)
        create(target, pack, mode=state.mode)
        size = len(pack)
    os.unlink(path)
    return state.size - size


def _too_old(journal: Journal, before: float) -> list[str]:
    """Name the packed images that only entries older than a moment speak of."""
    old: set[str] = set()
    needed: set[str] = set()
    for entry in journal.entries():
        at = datetime.fromisoformat(entry.at).timestamp()
        hashes = {each for change in entry.changes for each in (change.before, change.after, change.held) if each}
        (old if at < before else needed).update(hashes)
    paths = [journal.place("images", f"{each}.z") for each in sorted(old - needed)]
    return [path for path in paths if os.path.lexists(path)]
