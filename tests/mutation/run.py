"""Change the code in many small ways, and see whether a test notices: `python -m tests.mutation.run --help`.

Of each change the tests that went through its line are run, in a copy of the tree. What none of them notices has survived: a boundary
that nobody has fixed, or a change that means nothing, which belongs into `equivalents.txt` with its reason.
"""

from __future__ import annotations

import argparse
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from coverage import CoverageData
from tests.mutation.places import mutants, read_equivalents
from tests.mutation.selection import PACKAGE, read_coverage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.mutation.places import Mutant
    from tests.mutation.selection import Covered

ROOT = Path(__file__).parents[2]
EQUIVALENTS = Path(__file__).with_name("equivalents.txt")
ROOMS = ("core", "vault", "rendering", "reports", "integrations", "workflow", "cli")
COPIED = ("src", "tests", "templates", "example-vault", "docs", "pyproject.toml", "README.md", "LICENSE")

#: A change that makes a loop endless is noticed by this; few tests take a tenth of it.
SECONDS_PER_MUTANT = 120

#: No file of the tree is older than the Epoch's first days, so no compiled file of one mutant is taken for that of another.
STAMPS = count(1_000_000)

KILLED, SURVIVED, UNCOVERED, EQUIVALENT, UNTRIED = "killed", "survived", "not covered", "equivalent", "not tried"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mutant, and the test that noticed it."""

    mutant: Mutant
    state: str
    by: str = ""


class Tree:
    """A copy of the tree in which one file is changed at a time."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            if (root / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "node_modules", "procedure")
                shutil.copytree(root / name, folder / name, symlinks=True, ignore=ignored)
            elif (root / name).exists():
                shutil.copy2(root / name, folder / name)

    def failing(
        self, tests: Sequence[str], *, first: bool = True, seconds: float = SECONDS_PER_MUTANT
    ) -> list[str] | None:
        """Run tests and return those that fail; None where they could not be run."""
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "0",
            "-p",
            "no:cacheprovider",
            "--tb=no",
            "-rfE",
            "--color=no",
        ]
        path = os.pathsep.join([str(self.folder / "src"), str(self.folder)])
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST", "CI"))}
        try:
            done = subprocess.run(
                [*command, *(["-x"] if first else []), *tests],
                cwd=self.folder,
                env={**kept, "PYTHONPATH": path},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return ["(time was up)"]
        if done.returncode == 0:
            return []
        failed = [
            line.split(" ", 1)[1].split(" - ")[0]
            for line in done.stdout.splitlines()
            if line.startswith(("FAILED ", "ERROR "))
        ]
        if failed or done.returncode in {1, 2, 3}:
            return failed or [f"(pytest ended with {done.returncode})"]
        return failed or (["(the program does not start)"] if "ImportError" in done.stderr + done.stdout else None)

    def try_out(self, mutant: Mutant, tests: Sequence[str], seconds: float) -> Result:
        """Put a change in, run the tests, and take it out again."""
        path = self.folder / PACKAGE / mutant.path
        original = path.read_text("utf-8")
        try:
            self._write(path, mutant.text)
            failed = self.failing(tests, seconds=seconds)
        finally:
            self._write(path, original)
        if failed is None:
            return Result(mutant, UNTRIED)
        return Result(mutant, KILLED, failed[0]) if failed else Result(mutant, SURVIVED)

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text, "utf-8")
        stamp = next(STAMPS)
        os.utime(path, (stamp, stamp))


class Run:
    """A mutation run: the copies of the tree, who covers what, and the time that is left."""

    def __init__(self, root: Path, covered: Covered, *, tests: int, seconds: float) -> None:
        self._root, self._covered, self._tests, self._seconds = root, covered, tests, seconds
        self._until = time.monotonic() + seconds
        self._equivalents = read_equivalents(EQUIVALENTS.read_text("utf-8"))

    def results(self, chosen: Sequence[Mutant]) -> list[Result]:
        """Try out all mutants, on as many copies as there are cores."""
        workers = max(1, min(len(os.sched_getaffinity(0)), len(chosen)))
        trees: queue.SimpleQueue[Tree] = queue.SimpleQueue()
        with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
            for number in range(workers):
                trees.put(Tree(self._root, Path(folder) / f"{number}"))
            with ThreadPoolExecutor(workers) as pool:
                results = list(pool.map(lambda mutant: self._result(mutant, trees), chosen))
            return _without_false_kills(results, trees.get(), self._seconds / 3)

    def _result(self, mutant: Mutant, trees: queue.SimpleQueue[Tree]) -> Result:
        if mutant.key in self._equivalents:
            return Result(mutant, EQUIVALENT)
        tests = self._covered.tests_for(mutant.path, mutant.line, self._tests)
        if not tests:
            return Result(mutant, UNCOVERED)
        tree = trees.get()
        try:
            left = self._until - time.monotonic()
            result = tree.try_out(mutant, tests, min(left, SECONDS_PER_MUTANT)) if left > 0 else Result(mutant, UNTRIED)
            # Not ended by an endless loop, but by the end of the whole run.
            return Result(mutant, UNTRIED) if time.monotonic() > self._until else result
        finally:
            trees.put(tree)


def _without_false_kills(results: Sequence[Result], tree: Tree, seconds: float) -> list[Result]:
    """Take back what was noticed only by a test that fails in the copy of an unchanged tree as well."""
    by = sorted({result.by for result in results if "::" in result.by})
    failing = set(tree.failing(by, first=False, seconds=seconds) or ()) if by else set()
    return [Result(each.mutant, UNTRIED, each.by) if each.by in failing else each for each in results]


def share(results: Iterable[Result]) -> tuple[int, int]:
    """Return how many of how many mutants were noticed; what is equivalent or was not tried does not count."""
    states = Counter(result.state for result in results)
    return states[KILLED], states[KILLED] + states[SURVIVED] + states[UNCOVERED]


def report(results: Sequence[Result], floor: float) -> bool:
    """Print what came of it, by room, and return whether each room holds its floor."""
    held = True
    for room in sorted({result.mutant.room for result in results}):
        of_room = [result for result in results if result.mutant.room == room]
        killed, counted = share(of_room)
        left_out = Counter(result.state for result in of_room if result.state in {EQUIVALENT, UNTRIED})
        more = "".join(f", {number} {state}" for state, number in sorted(left_out.items()))
        percent = f"{100 * killed / counted:.0f} %" if counted else "–"
        below = counted and 100 * killed < floor * counted
        held = held and not below
        print(
            f"{room}: {killed} of {counted} noticed, {percent}{more}{f' — below the floor of {floor:g} %' if below else ''}"
        )
        for result in of_room:
            if result.state in {SURVIVED, UNCOVERED}:
                print(f"  {result.state} {PACKAGE}{result.mutant.path}:{result.mutant.line}")
                print(f"    - {result.mutant.old}\n    + {result.mutant.new}")
    return held


def changed_files(root: Path) -> list[str] | None:
    """Return the files of the package that differ from the commit before; None where no history tells."""
    command = ["git", "diff", "--name-only", "--diff-filter=d", "HEAD~1", "--", PACKAGE]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    return [path.removeprefix(PACKAGE) for path in done.stdout.splitlines() if path.endswith(".py")]


def files_of(root: Path, room: str) -> list[str]:
    """Return the files of a room, below the package."""
    package = root / PACKAGE
    return [str(path.relative_to(package)) for path in (package / room).rglob("*.py")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; 1 where a room is below its floor."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.run", description=__doc__)
    parser.add_argument("--rooms", nargs="*", default=ROOMS, help="the rooms; all")
    parser.add_argument("--changed", action="store_true", help="only files that differ from the commit before")
    parser.add_argument("--most", type=int, default=60, help="how many places, in each room or in all changed files")
    parser.add_argument("--tests", type=int, default=60, help="how many tests for each, the most particular first")
    parser.add_argument(
        "--minutes", type=float, default=600, help="after which it ends with what it has; a quarter is for a last look"
    )
    parser.add_argument("--floor", type=float, default=75, help="percent of the mutants that must be noticed")
    parser.add_argument("--seed", default="okb-incident", help="another one chooses other places")
    parser.add_argument("--coverage", default=".coverage", help="the data of a coverage run with --cov-context=test")
    parser.add_argument("--root", type=Path, default=ROOT, help="the tree")
    asked = parser.parse_args(arguments)
    package = asked.root / PACKAGE
    if asked.changed:
        files = changed_files(asked.root)
        if not files:
            why = "there is no commit before this one here" if files is None else "no file of the package changed"
            print(f"note: {why}; nothing is mutated")
            return 0
        chosen = mutants(package, files, asked.most, asked.seed)
    else:
        chosen = [
            each
            for room in asked.rooms
            for each in mutants(package, files_of(asked.root, room), asked.most, f"{asked.seed} {room}")
        ]
    data = CoverageData(asked.coverage)
    data.read()
    covered = read_coverage(data)
    if not covered.has_tests:
        print(
            f"{asked.coverage} names no tests; it has to come from a run with --cov --cov-context=test", file=sys.stderr
        )
        return 2
    run = Run(asked.root, covered, tests=asked.tests, seconds=45 * asked.minutes)
    results = run.results(chosen)
    print(f"{len(chosen)} mutants, seed {asked.seed!r}, at most {asked.tests} tests for each")
    return 0 if report(results, asked.floor) else 1


if __name__ == "__main__":
    sys.exit(main())
