"""Where the first reading of a vault spends its time, stage by stage, and what reading its notes in other ways would take.

    python benchmarks/first_run.py VAULT [--rounds 4]

The stages are hundredths of what the loop over python-frontmatter takes in the same process. The ways of reading are seconds on the
clock and of the processor, with the notes in memory (warm) and thrown out of it (cold, by `posix_fadvise`; Linux only). Nothing is
written to the vault.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from sqlite3 import connect
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import frontmatter

from okb_incident.core.settings.settings import Settings
from okb_incident.vault.disk.files import FileState, read_now
from okb_incident.vault.index import rows
from okb_incident.vault.index.store import begin
from okb_incident.vault.read.contribution import contribution_of
from okb_incident.vault.read.many import read_many
from okb_incident.vault.read.scan import Search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

THREADS, SHARE = 8, 64


def cpu_of(work: Callable[[], Any]) -> tuple[Any, float]:
    """Do something; give what came of it, and the seconds of the processor."""
    start = time.process_time()
    return work(), time.process_time() - start


def loop(root: str, paths: Iterable[str]) -> None:
    """Read every note as somebody would who has no index."""
    for path in paths:
        with suppress(Exception):  # as in bench.py: whatever a broken note raises
            frontmatter.load(f"{root}/{path}").get("severity")


def stages(root: str, rounds: int) -> dict[str, float]:
    """Give the share of each stage in what the loop takes: the median of the rounds."""
    settings = Settings()
    taken: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        paths, scanning = cpu_of(lambda: [path for folder in Search(root).folders() for path in folder.paths()])
        _, whole = cpu_of(partial(loop, root, paths))
        states, reading = cpu_of(partial(read_all, root, paths))
        added: dict[bool, list[Any]] = {True: [], False: []}
        spent = {True: 0.0, False: 0.0}
        for path, state in states:
            is_one = Path(path).name.startswith("INC-")
            one, seconds = cpu_of(partial(contribution_of, path, state, settings))
            spent[is_one] += seconds
            added[is_one] += [one] if one else []
        with TemporaryDirectory() as folder, closing(connect(f"{folder}/index", isolation_level=None)) as db:
            begin(db, settings)
            _, writing = cpu_of(partial(write, db, [*added[True], *added[False]], settings))
        named = {
            "scan": scanning,
            "reading": reading,
            "incidents": spent[True],
            "ordinary notes": spent[False],
            "index": writing,
        }
        for name, seconds in named.items():
            taken[name].append(seconds / whole)
    return {name: median(shares) for name, shares in taken.items()}


def read_all(root: str, paths: Sequence[str]) -> list[Any]:
    return list(read_many(root, paths))


def write(db: Any, found: list[Any], settings: Any) -> None:
    """Write the index as its refreshing does."""
    rows.put(db, found, settings)
    db.execute("COMMIT")


def one_by_one(root: str, paths: Iterable[str]) -> int:
    return sum(len(read_now(f"{root}/{path}").data) for path in paths)


def by_threads(root: str, paths: Sequence[str]) -> int:
    shares = [paths[at : at + SHARE] for at in range(0, len(paths), SHARE)]
    with ThreadPoolExecutor(THREADS) as threads:
        return sum(threads.map(partial(one_by_one, root), shares))


def fetched_ahead(root: str, paths: Sequence[str]) -> int:
    return sum(len(state.data) for _, state in read_many(root, paths) if isinstance(state, FileState))


def throw_out(root: str, paths: Iterable[str]) -> None:
    """Throw notes out of the system's memory."""
    for path in paths:
        descriptor = os.open(f"{root}/{path}", os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vault", type=Path)
    parser.add_argument("--rounds", type=int, default=4)
    given = parser.parse_args()
    root = os.path.realpath(given.vault)
    for name, share in stages(root, given.rounds).items():
        print(f"{name:16}{100 * share:6.1f} hundredths of the loop")
    paths = [path for folder in Search(root).folders() for path in folder.paths()]
    os.sync()
    bytes_read = set()
    for way in (one_by_one, by_threads, fetched_ahead):
        for is_cold in (True, False):
            walls, cpus = [], []
            for _ in range(given.rounds):
                if is_cold:
                    throw_out(root, paths)
                start = time.perf_counter()
                total, seconds = cpu_of(partial(way, root, paths))
                walls.append(time.perf_counter() - start)
                cpus.append(seconds)
                bytes_read.add(total)
            print(f"{way.__name__:16}{'cold' if is_cold else 'warm':6}{median(walls):8.3f} s, CPU {median(cpus):.3f} s")
    if len(bytes_read) != 1:
        raise SystemExit(f"not a valid comparison: the ways have read {sorted(bytes_read)} bytes")


if __name__ == "__main__":
    main()
