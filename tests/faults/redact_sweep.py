"""The fault sweep of `redact`: a fault at every call, one next command, and then every byte of the vault is looked at.

    python -m tests.faults.redact_sweep             all calls, all faults
    python -m tests.faults.redact_sweep --changes   a kill after, and an error from there on at, each call that changes the disk

It is no shape of `sweep`, because a second run rightly says something else than the first. What is counted:

    held      exit 0, and a byte of the secret is left somewhere
    kept      the next command does not finish what was begun: the note is without the secret, something else is not
    revived   `doctor --fix` brings it back into a note that was without it
    left      a temp is left after the next command
    silent    nothing was done, and nobody said so
    again     a second `redact` does not do it
    failed    the next command fails
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import zlib
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.faults.choice import CHANGES_NOTHING, LASTING, every_fault
from tests.faults.faulty_os import KILLED, Fault, FaultyOs
from tests.faults.shapes import TAKEN, Trial
from tests.faults.stage import Stage, prepare_process, prepared, quick_folder

from okb_incident.vault.disk.writer import TEMP_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.faults.stage import Run, Tree

SECRET = 'hunt"er2\\x'
FORMS = tuple(form.encode() for form in (SECRET, 'hunt\\"er2\\\\x', 'hunt\\\\\\"er2\\\\\\\\x', "hunt%22er2%5Cx"))
TRIAL = Trial(
    "redact",
    ("redact", "INC-20261123-01", "--text", SECRET),
    (
        *TAKEN,
        ("log", "-i", "last", f"logged in with {SECRET}"),
        ("set", "last", f"trigger={SECRET}"),
        ("tell", "last", "team", f"Use {SECRET} for now."),
        ("severity", "last", "sev1", "every card payment fails"),
    ),
)
NEXT = ("log", "-i", "INC-20261123-01", "the next command")
KINDS = ("held", "kept", "revived", "left", "silent", "again", "failed")


def holding(tree: Tree) -> list[str]:
    """Return the files that hold the secret in some form, packed ones too."""
    found = []
    for path, (_, data) in tree.items():
        plain = data or b""
        if path.endswith(".z"):
            with suppress(zlib.error):
                plain = zlib.decompress(plain)
        if any(form in plain for form in FORMS):
            found.append(path)
    return found


def temps(tree: Tree) -> list[str]:
    """Return every temp, of notes and of the journal."""
    return [path for path in tree if TEMP_SUFFIX in path]


def notes(paths: list[str]) -> list[str]:
    """Return those of the paths that are notes."""
    return [path for path in paths if path.startswith("incidents/") and TEMP_SUFFIX not in path]


class RedactSweep:
    """The clean run, and every other."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._before = prepared(TRIAL, f"{folder}/prepared")
        assert notes(holding(self._before)), "the secret is in a note"
        system, clean = FaultyOs(), self._stage()
        (done,) = clean.play(TRIAL.words, system=system)
        assert done.code == 0, done
        assert holding(clean.tree()) == temps(clean.tree()) == [], "a run without faults leaves nothing"
        self.calls = system.calls

    def _stage(self) -> Stage:
        stage = Stage(tempfile.mkdtemp(dir=self._folder))
        stage.set_up(self._before)
        return stage

    def broken(self, fault: Fault, at: int) -> list[str]:
        """Run it with a fault, and return the kinds of what is wrong then."""
        stage = self._stage()
        (done,) = stage.play(TRIAL.words, system=FaultyOs(fault, at))
        wrong = ["held"] if done.code == 0 and holding(stage.tree()) else []
        begun = not notes(holding(stage.tree()))
        (followed,) = stage.play(NEXT)
        wrong += ["failed"] if followed.code else []
        after = stage.tree()
        wrong += ["left"] * bool(temps(after))
        if notes(holding(after)):
            wrong += ["revived"] * begun + self._not_done(stage, done)
        else:
            wrong += ["kept"] * bool(holding(after))
            stage.play(("doctor", "--fix"))
            wrong += ["revived"] * bool(notes(holding(stage.tree())))
        shutil.rmtree(os.path.dirname(stage.vault))
        return wrong

    def _not_done(self, stage: Stage, done: Run) -> list[str]:
        """Return what is wrong where the secret is still there: somebody must say so, and a second run must do it."""
        wrong = ["silent"] * (done.code != KILLED and not done.err)
        (again,) = stage.play(TRIAL.words)
        return wrong + ["again"] * bool(again.code or holding(stage.tree()))


def faults_of_changes(calls: Sequence[str]) -> list[tuple[int, Fault]]:
    """Return a kill and an error for each call after which the disk is another one; the errors take turns."""
    places = [at for at, call in enumerate(calls, 1) if call not in {*CHANGES_NOTHING, "open"}]
    kills = [(at, Fault("kill after")) for at in places]
    return kills + [(at, LASTING[turn % len(LASTING)]) for turn, at in enumerate(places)]


def main() -> int:
    """Sweep, and say what was found.

    Returns:
        1 if anything was broken.
    """
    parser = argparse.ArgumentParser(description="Put a fault at every call of redact.")
    parser.add_argument("--changes", action="store_true", help="only at calls that change the disk")
    arguments = parser.parse_args()
    prepare_process()
    counts: Counter[str] = Counter()
    with quick_folder() as folder:
        sweep = RedactSweep(folder)
        pairs = (faults_of_changes if arguments.changes else every_fault)(sweep.calls)
        for at, fault in pairs:
            wrong = sweep.broken(fault, at)
            counts.update(wrong)
            if wrong and counts.total() <= 20:
                print(f"  {fault} at call {at}, {sweep.calls[at - 1]}: {', '.join(wrong)}", flush=True)
    said = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)
    print(f"redact: {len(sweep.calls)} calls, faults {len(pairs)} tried: {said}")
    return 1 if counts else 0


if __name__ == "__main__":
    sys.exit(main())
