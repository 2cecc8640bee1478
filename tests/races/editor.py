"""The race with an editor that saves the same note: no line that a person saved is ever lost.

    python -m tests.races.editor                        three styles × three runs × 600 saves
    python -m tests.races.editor --saves 60 --runs 1    a small one

An editor saves a line of a person every few milliseconds, far harsher than Obsidian, from what it read a moment before; two
workers log lines into the same note meanwhile. Three styles of saving: a new file renamed over the note, the note truncated and
written again in place, and the same slowly, in four pieces. The workers believe every whole note at once, so that they meet most saves
in the middle. A line counts as lost if in the end, after one more command, it stands neither in the note nor in a conflict copy
beside it.

The editor can throw away a line of a command, by saving what it read before. No command can prevent that; it is counted.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.races.crew import answers, incident, started, what_is_left

if TYPE_CHECKING:
    from collections.abc import Callable

ID = "INC-20261123-01"


def by_rename(note: Path, data: bytes) -> None:
    """Save as vim and many others do."""
    temp = note.with_name(f"{note.name}~")
    temp.write_bytes(data)
    os.replace(temp, note)


def in_place(note: Path, data: bytes) -> None:
    """Save as Obsidian and most simple editors do."""
    note.write_bytes(data)


def slowly(note: Path, data: bytes) -> None:
    """Save in place on a slow disk: others see a part of the note for milliseconds."""
    quarter = len(data) // 4 + 1
    with open(note, "wb", buffering=0) as file:
        for start in range(0, len(data), quarter):
            file.write(data[start : start + quarter])
            time.sleep(0.001)


STYLES: dict[str, Callable[[Path, bytes], None]] = {"rename": by_rename, "in-place": in_place, "slow": slowly}


def with_line(data: bytes, number: int) -> bytes:
    """Write a line of a person into a note: prose below the summary, or a line at the end of the timeline."""
    if number % 2:
        return data.replace(b"## Summary\n", b"## Summary\n" + human(number), 1)
    return data + b"- " + human(number)


def human(number: int) -> bytes:
    """Give a line of a person."""
    return b"human line %05d.\n" % number


def raced(vault: Path, style: str, saves: int, chance: random.Random) -> list[str]:
    """Let the editor and two workers race for one note, and say what was lost."""
    incident(vault, "init", str(vault))
    incident(vault, "open", "Checkout is slow")
    (note,) = vault.glob("incidents/*/INC-*.md")
    workers = [started(vault, name, 0, "log", "-i", ID, "command {name} {turn}.") for name in ("w1", "w2")]
    before = note.stat().st_mtime_ns
    while note.stat().st_mtime_ns == before:
        time.sleep(0.01)  # until the first of them has begun
    for number in range(saves):
        data = with_line(note.read_bytes(), number)
        time.sleep(chance.uniform(0, 0.003))
        STYLES[style](note, data)
        time.sleep(chance.uniform(0, 0.005))
    told = [each for worker in workers for each in answers(worker)]
    last = note.read_bytes()
    incident(vault, "show", ID)
    incident(vault, "log", "-i", ID, "quiet again")
    kept = b"\n".join(path.read_bytes() for path in note.parent.glob("*.md"))
    lost = [number for number in range(saves) if human(number) not in kept]
    copies = len(list(note.parent.glob("*.md"))) - 1
    logged = [each.words[-1].encode() + b"\n" for each in told if each.code == 0]
    beside = sum(human(number) not in last for number in range(saves)) - len(lost)
    print(
        f"{style}: {saves} saves, {len(logged)} lines of commands: {len(lost)} human lines lost, {beside} kept beside the note, "
        f"{copies} conflict copies; {sum(line not in last for line in logged)} lines of commands overwritten by the editor, "
        f"{sum(each.code == 6 for each in told)} commands refused",
        flush=True,
    )
    problems = [f"{style}: lost {human(number).decode().strip()}" for number in lost]
    problems += [f"{style}: exit {each.code}: {each.err.strip()}" for each in told if each.code not in {0, 6}]
    return problems + [f"{style}: left behind: {path}" for path in what_is_left(vault)]


def main() -> int:
    """Race, and say what was lost.

    Returns:
        1 if a person's line was lost, or a command failed otherwise than by refusing.
    """
    parser = argparse.ArgumentParser(description="An editor and two workers write the same note.")
    parser.add_argument("--saves", type=int, default=600)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--style", choices=STYLES)
    given = parser.parse_args()
    problems = []
    for run in range(given.runs):
        for style in [given.style] if given.style else STYLES:
            with tempfile.TemporaryDirectory() as folder:
                problems += raced(Path(folder, "vault"), style, given.saves, random.Random(run))
    for problem in problems[:30]:
        print(f"  {problem}")
    saves = given.saves * given.runs * (1 if given.style else len(STYLES))
    print(f"{saves} saves, {sum(': lost ' in problem for problem in problems)} human lines lost")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
