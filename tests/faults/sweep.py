"""The fault sweep: every writing command, with a fault at every call that it makes to the system.

    python -m tests.faults.sweep                          all commands, all calls, all faults
    python -m tests.faults.sweep --shape create --first   the first command of one shape
    python -m tests.faults.sweep --first --distinct       that of each, without the faults that another one stands for
    python -m tests.faults.sweep --rest --sample 40       forty chosen faults of each of the others
    python -m tests.faults.sweep --command ack --at 7     one call of one command

After each fault: every note is old or new; exit 0 means new, another code comes with a sentence; nothing lies about but temps.
Then the next commands go as they would have gone on a vault to which the command never came, or in which it ran to its end,
and no temp is left. What is not so is counted by its kind:

    torn    a note is neither old nor new, or something lies about
    lost    exit 0, and the new state is not there
    said    no sentence, two of them, a code that does not fit, a hang
    astray  the next commands do not end as they should
    left    they leave a temp behind
"""

from __future__ import annotations

import argparse
import errno
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tests.faults.choice import distinct_faults, every_fault
from tests.faults.faulty_os import KILLED, FaultyOs
from tests.faults.shapes import SHAPES
from tests.faults.stage import Stage, notes, prepare_process, prepared, quick_folder, temps

from okb_incident.cli.table import BY_NAME
from okb_incident.errors import ExitCode
from okb_incident.vault.disk.machine import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.faulty_os import Fault
    from tests.faults.shapes import Trial
    from tests.faults.stage import Run, Tree

LOCK_FILE = f"{FOLDER}/lock"
LOOK = ("list", "--all")
REFUSALS = {ExitCode.FAILURE, ExitCode.SETTINGS, ExitCode.INVALID, ExitCode.CONFLICT}
"""With which a command may answer a fault of the system; `NOT_FOUND` too, where a note is not this user's to read."""

NOT_WRITTEN = 125
"""With which `run` answers it, once its command has run."""


class Ending(NamedTuple):
    """Where the commands after a trial lead.

    Attributes:
        codes: Their exit codes.
        notes: What people have then.
    """

    codes: tuple[int, ...]
    notes: Tree


class Sweep:
    """One trial, its clean run, and what must come of every other."""

    def __init__(self, trial: Trial, folder: str) -> None:
        self.trial = trial
        self._folder = folder
        self._after = [LOOK, trial.words, LOOK, ("doctor", "--only", "journal")]
        self._followed: dict[frozenset[tuple[str, tuple[int, bytes | None]]], list[str]] = {}
        self.before = prepared(trial, f"{folder}/prepared")
        self.old = notes(self.before)
        system, clean = FaultyOs(), self.stage()
        (done,) = clean.play(trial.words, system=system)
        self.calls = system.calls
        self.new = notes(clean.people())
        assert done.code == 0, done
        assert self.new != self.old, f"{trial.words} changes nothing"
        self._from_new = self._sound(clean)
        self._from_old = self._sound(self.stage())

    def _sound(self, stage: Stage) -> Ending:
        """Run what comes next where nothing has failed."""
        ending, problems = self._go_on(stage)
        assert not problems, problems
        return ending

    def stage(self, tree: Tree | None = None) -> Stage:
        """Give a new stage with a vault on it, by default the one that was prepared."""
        stage = Stage(tempfile.mkdtemp(dir=self._folder))
        stage.set_up(self.before if tree is None else tree)
        return stage

    def _go_on(self, stage: Stage) -> tuple[Ending, list[str]]:
        """Run what comes next, and say what is wrong in it whatever came before."""
        runs = stage.play(*self._after)
        problems = [f"{problem} (afterwards)" for run in runs for problem in _said_badly(run)]
        tree = stage.people()
        problems += [f"left: {path} after the next commands" for path in temps(tree)]
        return Ending(tuple(run.code for run in runs), notes(tree)), problems

    def torn(self, there: Tree) -> Iterator[str]:
        """Name the notes that are neither old nor new."""
        for path in sorted(self.old.keys() | self.new.keys() | there.keys()):
            if there.get(path) not in (self.old.get(path), self.new.get(path)):
                yield f"torn: {path} is neither old nor new, {there.get(path)}"

    def broken(self, fault: Fault, at: int) -> list[str]:
        """Run the trial with a fault, and say what is wrong then."""
        stage = self.stage()
        (done,) = stage.play(self.trial.words, system=FaultyOs(fault, at))
        problems = self.wrong(stage, done, fault.number)
        shutil.rmtree(os.path.dirname(stage.vault))
        return problems

    def wrong(self, stage: Stage, done: Run, number: int = 0) -> list[str]:
        """Say what is wrong after the trial has ended, with an error of that number or without one."""
        there = notes(stage.people())
        problems = list(_said_badly(done))
        allowed: set[int] = set(REFUSALS)
        if number == errno.EACCES:
            allowed.add(ExitCode.NOT_FOUND)
        if self.trial.command == "run":
            allowed.add(NOT_WRITTEN)
        if done.code not in {0, KILLED, *allowed}:
            problems.append(f"said: exit {done.code}, {done.err}")
        if not (self.trial.gathers and done.code == 0 and done.err):
            problems += self.torn(there)
            if done.code == 0 and there != self.new:
                problems.append("lost: exit 0, but the new state is not there")
        return problems + self.astray(stage, there)

    def astray(self, stage: Stage, there: Tree) -> list[str]:
        """Run the next commands on what a fault has left, and say where they do not lead to where they should."""
        # Most faults leave what another has left already, to the byte, and then the same follows. No command decides by the
        # bytes of the lock file, which names the process.
        vault = stage.tree()
        if LOCK_FILE in vault:
            vault[LOCK_FILE] = (vault[LOCK_FILE][0], b"")
        left = frozenset((*vault.items(), *stage.tree("home").items()))
        if left not in self._followed:
            self._followed[left] = list(self._follow(stage, there))
        return self._followed[left]

    def _follow(self, stage: Stage, there: Tree) -> Iterator[str]:
        ending, problems = self._go_on(stage)
        yield from problems
        fitting = [
            expected
            for expected, start in ((self._from_old, self.old), (self._from_new, self.new))
            if there == start or there not in (self.old, self.new)
        ]
        if ending not in fitting:
            yield f"astray: the next commands end otherwise, {_differences(ending, fitting[0])}"


def _said_badly(run: Run) -> Iterator[str]:
    """Say what is wrong in how a command ended and what it said."""
    if run.code < 0:
        yield f"said: ended by signal {-run.code}"
    if "Traceback" in run.err or "internal error" in run.err:
        yield f"said: no sentence of ours, {run.err}"
    findings = run.code == ExitCode.INVALID and run.err.startswith("incident: ")
    if run.code not in {0, KILLED} and not findings and run.err.count("incident: error: ") != 1:
        yield f"said: exit {run.code} without one sentence, {run.err!r}"


def _differences(ending: Ending, expected: Ending) -> str:
    """Say how an ending is another than the expected one."""
    said = [] if ending.codes == expected.codes else [f"exit codes {ending.codes}, not {expected.codes}"]
    said += [
        f"{path} is {ending.notes.get(path)}, not {expected.notes.get(path)}"
        for path in sorted(ending.notes.keys() | expected.notes.keys())
        if ending.notes.get(path) != expected.notes.get(path)
    ]
    return "; ".join(said)


def trials(parser: argparse.ArgumentParser) -> tuple[argparse.Namespace, list[tuple[str, Trial]]]:
    """Read the command line of a program that tries commands, and give the trials that it asks for, with their shapes."""
    parser.add_argument("--shape", choices=SHAPES)
    parser.add_argument("--command", choices=BY_NAME)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--first", action="store_true", help="the first command of each shape")
    which.add_argument("--rest", action="store_true", help="all but these")
    parser.add_argument("--seed", type=int, default=20261123)
    given = parser.parse_args()
    return given, [
        (shape, trial)
        for shape, listed in SHAPES.items()
        for place, trial in enumerate(listed)
        if given.shape in {None, shape}
        and given.command in {None, trial.command}
        and not (given.first and place > 0)
        and not (given.rest and place == 0)
    ]


class Tally:
    """How often something was tried, and what came of it that should not."""

    KINDS = ("torn", "lost", "said", "astray", "left")

    def __init__(self) -> None:
        self.tried = 0
        self.broken: Counter[str] = Counter()

    def count(self, what: str, problems: list[str]) -> None:
        """Count one, and show what is wrong with it, unless much has been shown already."""
        self.tried += 1
        self.broken.update({problem.partition(":")[0] for problem in problems})
        for problem in problems if self.broken.total() <= 20 else ():
            print(f"  {what}: {problem[:800]}", flush=True)

    def add(self, other: Tally) -> None:
        """Count what another has counted."""
        self.tried += other.tried
        self.broken += other.broken

    def __str__(self) -> str:
        return f"{self.tried} tried: " + ", ".join(f"{self.broken[kind]} {kind}" for kind in self.KINDS)


def main() -> int:
    """Sweep, and say what was found.

    Returns:
        1 if anything was broken.
    """
    parser = argparse.ArgumentParser(description="Put a fault at every call of every writing command.")
    parser.add_argument("--at", type=int, metavar="K", help="only the K-th call")
    parser.add_argument("--distinct", action="store_true", help="only faults that can end in different ways")
    parser.add_argument("--sample", type=int, metavar="N", help="only N faults of each command")
    arguments, tried = trials(parser)
    prepare_process()
    chance = random.Random(arguments.seed)
    everything = Tally()
    for shape, trial in tried:
        tally = Tally()
        with quick_folder() as folder:
            sweep = Sweep(trial, folder)
            pairs = (distinct_faults if arguments.distinct else every_fault)(sweep.calls)
            if arguments.at:
                pairs = [pair for pair in pairs if pair[0] == arguments.at]
            if arguments.sample:
                pairs = chance.sample(pairs, min(arguments.sample, len(pairs)))
            for at, fault in pairs:
                tally.count(f"{trial.command}: {fault} at call {at}, {sweep.calls[at - 1]}", sweep.broken(fault, at))
        print(f"{shape}: {trial.command}: {len(sweep.calls)} calls, faults {tally}", flush=True)
        everything.add(tally)
    print(f"faults of {len(tried)} commands, {everything}")
    return 1 if everything.broken else 0


if __name__ == "__main__":
    sys.exit(main())
