"""Power cuts without a plug: every folder that a crash could leave, by dropping what was not yet synced.

    python -m tests.faults.persistence                          all commands
    python -m tests.faults.persistence --shape create --first   the first command of one shape

The calls of a clean run are recorded. Then, for a cut after each of them, folders are built in which any of the writes not yet
followed by an fsync of their file, and any of the changes of names not yet followed by an fsync of their folder, did not
happen. That is more than a journalling file system would lose, and no more than POSIX allows. In each of them every note is
old or new, after the command's end new, and the next commands just work.
"""

from __future__ import annotations

import argparse
import os
import random
import stat
import sys
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.faults.faulty_os import FaultyOs
from tests.faults.stage import notes, prepare_process, quick_folder
from tests.faults.sweep import Sweep, Tally, trials

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.stage import Tree

MOST = 1024
"""Folders built for one command at most; then they are chosen by chance."""


class Names(NamedTuple):
    """Names come to stand for other files, all of them or none, as on every journalling file system."""

    now: dict[str, int | None]

    def __str__(self) -> str:
        return ", ".join(f"{path} → {'–' if file is None else file}" for path, file in self.now.items())

    @property
    def folders(self) -> set[str]:
        """The folders whose fsync makes it last."""
        return {os.path.dirname(path) for path in self.now}


class Content(NamedTuple):
    """A file gets other bytes at a place, or, without bytes, that length; or another mode."""

    file: int
    at: int = 0
    data: bytes | None = None
    mode: int | None = None

    def __str__(self) -> str:
        done = (
            f"mode {self.mode:o}"
            if self.mode is not None
            else f"{len(self.data)} bytes"
            if self.data is not None
            else "cut"
        )
        return f"{done} of {self.file} at {self.at}"


class Synced(NamedTuple):
    """What was done to a file, or to the names in a folder, lasts from here on."""

    what: int | str


Operation = Names | Content | Synced


class Recorder(FaultyOs):
    """The system as it is, with what was done to a folder kept in order.

    Attributes:
        operations: What was done.
        files: What was there at first, by number: mode and bytes, None for a folder. New files are empty.
    """

    def __init__(self, root: str, tree: Tree) -> None:
        super().__init__()
        self._root = root
        self.operations: list[Operation] = []
        self.files: dict[int, tuple[int, bytes | None]] = {}
        self.at_first: dict[str, int | None] = {}
        for path, each in tree.items():
            self.at_first[path] = len(self.files)
            self.files[len(self.files)] = each
        self._names = dict(self.at_first)
        self._open: dict[int, tuple[str, int, int]] = {}

    def made(self, name: str, arguments: tuple[Any, ...], result: Any) -> None:
        """Keep a call that changed, or secured, something in the folder."""
        if name == "open":
            self._opened(*arguments, result=result)
        elif name in {"write", "pwrite", "ftruncate", "fchmod", "fsync", "fdatasync", "close"}:
            if arguments[0] in self._open:
                self._done_to_open(name, *arguments, result=result)
        elif name in {"link", "unlink", "remove", "rename", "replace", "exchange", "mkdir", "rmdir"}:
            paths = [self._inside(path) for path in arguments[:2] if isinstance(path, str)]
            if paths[0] is not None:
                self._renamed(name, *(path or "" for path in paths))

    def _inside(self, path: str) -> str | None:
        """Give a path relative to the folder; None if it lies elsewhere."""
        relative = os.path.relpath(
            os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path)), self._root
        )
        return None if relative.startswith("..") else relative

    def _opened(self, path: str, flags: int, _mode: int = 0, *, result: int) -> None:
        relative = self._inside(path)
        if relative is None:
            return
        state = os.fstat(result)
        if stat.S_ISDIR(state.st_mode):
            self._open[result] = ("" if relative == "." else relative, -1, 0)
            return
        file = self._names.get(relative)
        if file is None:
            if not flags & os.O_CREAT:
                return
            file = self._new_file(stat.S_IMODE(state.st_mode), b"")
            self._keep_names({relative: file})
        if flags & os.O_TRUNC:
            self.operations.append(Content(file, 0))
        self._open[result] = (relative, file, 0)

    def _new_file(self, mode: int, data: bytes | None) -> int:
        self.files[len(self.files)] = (mode, data)
        return len(self.files) - 1

    def _keep_names(self, now: dict[str, int | None]) -> None:
        self._names.update(now)
        self.operations.append(Names(now))

    def _done_to_open(self, name: str, descriptor: int, *given: Any, result: Any) -> None:
        path, file, at = self._open[descriptor]
        if name == "close":
            del self._open[descriptor]
        elif name in {"fsync", "fdatasync"}:
            self.operations.append(Synced(path if file < 0 else file))
        elif os.path.basename(path) == "lock":
            pass  # what it says is a courtesy, and would only double the number of folders
        elif name == "ftruncate":
            self.operations.append(Content(file, given[0]))
        elif name == "fchmod":
            self.operations.append(Content(file, mode=given[0]))
        else:
            at = given[1] if name == "pwrite" else at
            self.operations.append(Content(file, at, bytes(given[0])[:result]))
            self._open[descriptor] = (path, file, at + result)

    def _renamed(self, name: str, first: str, second: str = "") -> None:
        ours = self._names.get(first)
        if name == "link":
            self._keep_names({second: ours})
        elif name == "exchange":
            self._keep_names({first: self._names.get(second), second: ours})
        elif name in {"rename", "replace"}:
            self._keep_names({first: None, second: ours})
        elif name == "mkdir":
            self._keep_names({first: self._new_file(0o755, None)})
        else:
            self._keep_names({first: None})


class Cut(NamedTuple):
    """A folder that a power cut could leave.

    Attributes:
        after: After how many operations.
        dropped: Which of those were lost.
        tree: What is there then.
    """

    after: int
    dropped: tuple[int, ...]
    tree: Tree


def cuts(seen: Recorder, chance: random.Random, most: int = MOST) -> Iterator[Cut]:
    """Build the folders, each once, at most so many; of all that could be lost at a moment at least each alone and all of it."""
    told = set()
    points = [(after, _unsynced(seen.operations[:after])) for after in range(len(seen.operations) + 1)]
    share = most if sum(2 ** len(open_) for _, open_ in points) <= most else most // len(points)
    for after, open_ in points:
        choices = (
            [lost for size in range(len(open_) + 1) for lost in combinations(open_, size)] if len(open_) < 12 else [()]
        )
        if len(choices) > share:
            kept = [lost for lost in choices if len(lost) in {0, 1, len(open_)}]
            choices = kept + chance.sample(choices, max(0, share - len(kept)))
        for dropped in choices:
            tree = _built(seen, after, dropped)
            key = (after == len(seen.operations), frozenset(tree.items()))
            if key not in told:
                told.add(key)
                yield Cut(after, dropped, tree)


def _unsynced(operations: list[Operation]) -> list[int]:
    """Give the places of the operations that a cut could still undo."""
    secured: set[int | str] = set()
    found = []
    for place in range(len(operations) - 1, -1, -1):
        each = operations[place]
        if isinstance(each, Synced):
            secured.add(each.what)
        elif not ({each.file} if isinstance(each, Content) else each.folders) <= secured:
            found.append(place)
    return found[::-1]


def _built(seen: Recorder, after: int, dropped: tuple[int, ...]) -> Tree:
    """Give what is there if operations were lost; what lies in a folder that is not there is not there either."""
    names, files = dict(seen.at_first), dict(seen.files)
    for place, each in enumerate(seen.operations[:after]):
        if place in dropped or isinstance(each, Synced):
            continue
        if isinstance(each, Names):
            names.update(each.now)
            continue
        mode, data = files[each.file]
        assert data is not None, "a folder has no bytes"
        if each.mode is not None:
            files[each.file] = (each.mode, data)
        elif each.data is None:
            files[each.file] = (mode, data[: each.at].ljust(each.at, b"\0"))
        else:
            end = each.at + len(each.data)
            files[each.file] = (mode, data[: each.at].ljust(each.at, b"\0") + each.data + data[end:])
    there: Tree = {}
    for path in sorted(path for path, file in names.items() if file is not None):
        file = names[path]
        above = os.path.dirname(path)
        if file is not None and (not above or above in there):
            there[path] = files[file]
    return there


def main() -> int:
    """Cut, and say what was found.

    Returns:
        1 if a note was torn, an acknowledged change lost, or the next command stopped.
    """
    _, tried = trials(argparse.ArgumentParser(description="Cut the power at every moment of every writing command."))
    prepare_process()
    everything = Tally()
    for shape, trial in tried:
        tally = Tally()
        with quick_folder() as folder:
            sweep = Sweep(trial, folder)
            stage = sweep.stage()
            vault = os.path.basename(stage.vault)
            tree = {f"{vault}/{path}": each for path, each in sweep.before.items()}
            if sweep.before:
                tree = {vault: (0o755, None), **tree}
            seen = Recorder(os.path.dirname(stage.vault), tree)
            (done,) = stage.play(trial.words, system=seen)
            assert done.code == 0, done
            for cut in cuts(seen, random.Random(20261123)):
                left = {path.removeprefix(f"{vault}/"): each for path, each in cut.tree.items() if path != vault}
                lost = "; ".join(str(seen.operations[place]) for place in cut.dropped) or "nothing"
                problems = judged(sweep, left, ended=cut.after == len(seen.operations))
                tally.count(f"{trial.command}: cut after {cut.after}, lost {lost}", problems)
        print(f"{shape}: {trial.command}: {len(seen.operations)} operations, folders {tally}", flush=True)
        everything.add(tally)
    print(f"folders after a power cut in {len(tried)} commands, {everything}")
    return 1 if everything.broken else 0


def judged(sweep: Sweep, left: Tree, *, ended: bool) -> list[str]:
    """Say what is wrong with a folder after a power cut, and with what the next commands make of it."""
    there = notes(left)
    problems = list(sweep.torn(there))
    # A person's own settings are outside of the folder whose calls are recorded.
    if ended and there != {path: each for path, each in sweep.new.items() if not path.startswith("~/")}:
        problems.append("lost: the command had ended, but the new state is not there")
    return problems + sweep.astray(sweep.stage(left), there)


if __name__ == "__main__":
    sys.exit(main())
