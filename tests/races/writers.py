"""Many processes that write at once: nobody's incident and nobody's line is lost, no number is given twice.

    python -m tests.races.writers opens --processes 20 --times 50
    python -m tests.races.writers lines --processes 50 --times 20

Meanwhile somebody reads the notes again and again, and must never see half of one.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.races.crew import answers, incident, started, what_is_left

if TYPE_CHECKING:
    from tests.races.crew import Told


class Reader(threading.Thread):
    """Who reads all notes meanwhile.

    Attributes:
        notes: How many they read.
        torn: How many of those were not whole.
    """

    def __init__(self, vault: Path) -> None:
        super().__init__()
        self._vault = vault
        self._enough = threading.Event()
        self.notes = self.torn = 0

    def run(self) -> None:
        """Read until it is enough."""
        while not self._enough.is_set():
            for path in self._vault.glob("incidents/*/INC-*.md"):
                data = path.read_bytes()
                self.notes += 1
                self.torn += not (data.startswith(b"---\n") and data.count(b"\n---\n") == 1 and data.endswith(b"\n"))
                time.sleep(0.001)
            time.sleep(0.01)

    def stop(self) -> None:
        """Wait until they have stopped."""
        self._enough.set()
        self.join()


def raced(vault: Path, processes: int, times: int, *words: str) -> tuple[list[Told], Reader]:
    """Let workers race and somebody read, and give what the workers were told."""
    reader = Reader(vault)
    reader.start()
    workers = [started(vault, f"w{number:02}", times, *words) for number in range(processes)]
    told = [each for worker in workers for each in answers(worker)]
    reader.stop()
    return told, reader


def opens(vault: Path, processes: int, times: int) -> list[str]:
    """Race for numbers."""
    told, reader = raced(vault, processes, times, "open", "Trouble {name} {turn}", "--json")
    acknowledged = {json.loads(each.out)["id"]: json.loads(each.out)["title"] for each in told if each.code == 0}
    notes = {path.stem: path.read_text() for path in vault.glob("incidents/*/INC-*.md")}
    problems = faults(told, processes * times, reader, vault)
    problems += [f"gave up: {each.err}" for each in told if each.code == 6]
    problems += [f"{name} was acknowledged and is not there" for name in acknowledged.keys() - notes.keys()]
    problems += [f"{name} is there and was not acknowledged" for name in notes.keys() - acknowledged.keys()]
    problems += [
        f"{name} is not {title}"
        for name, title in acknowledged.items()
        if f"title: {title}\n" not in notes.get(name, "")
    ]
    entries = [path for path in vault.glob(".incident/*/journal/**/*") if path.is_file()]
    if entries and len(entries) < len(notes):
        problems.append(f"the journal has {len(entries)} entries of {len(notes)} opens")
    listed = json.loads(incident(vault, "list", "--all", "--json"))
    if len(listed) != processes * times:
        problems.append(f"{len(listed)} are listed")
    print(f"{len(acknowledged)} ids acknowledged, {len(notes)} notes; {summary(told, reader)}")
    return problems


def lines(vault: Path, processes: int, times: int) -> list[str]:
    """Race for one note."""
    incident(vault, "open", "Checkout is slow")
    told, reader = raced(vault, processes, times, "log", "-i", "INC-20261123-01", "line {name} {turn}.")
    (note,) = vault.glob("incidents/*/INC-*.md")
    there = Counter(line.rsplit(": ", 1)[-1] for line in note.read_text().splitlines() if ": line w" in line)
    acknowledged = {each.words[-1] for each in told if each.code == 0}
    problems = faults(told, processes * times, reader, vault)
    problems += [f"{line} was acknowledged and is not there" for line in acknowledged - there.keys()]
    problems += [f"{line} is there {count} times" for line, count in there.items() if count > 1]
    print(f"{len(acknowledged)} lines acknowledged, {len(there)} in the note; {summary(told, reader)}")
    return problems


def faults(told: list[Told], expected: int, reader: Reader, vault: Path) -> list[str]:
    """Say what is wrong whatever was raced for."""
    problems = [each.err for each in told if each.code not in {0, 6}]
    if (done := sum(each.code == 0 for each in told)) != expected:
        problems.append(f"{done} of {expected} were acknowledged")
    if reader.torn:
        problems.append(f"{reader.torn} notes were read half")
    return problems + [f"left behind: {path}" for path in what_is_left(vault)]


def summary(told: list[Told], reader: Reader) -> str:
    """Say how often and how long somebody waited, and what the reader saw."""
    took = sorted(each.seconds for each in told if each.code == 0)
    busy = sum(each.code == 6 for each in told)
    return (
        f"{busy} found the lock busy and repeated; median {statistics.median(took) * 1000:.0f} ms, "
        f"99 % within {took[len(took) * 99 // 100] * 1000:.0f} ms; {reader.torn} of {reader.notes} reads torn"
    )


def main() -> int:
    """Race, and say who lost what.

    Returns:
        1 if anything was lost.
    """
    parser = argparse.ArgumentParser(description="Many processes write into one vault at once.")
    parser.add_argument("race", choices=("opens", "lines"))
    parser.add_argument("--processes", type=int, default=20)
    parser.add_argument("--times", type=int, default=50)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        vault = Path(folder, "vault")
        incident(vault, "init", str(vault))
        problems = {"opens": opens, "lines": lines}[given.race](vault, given.processes, given.times)
    for problem in problems[:20]:
        print(f"  {problem.strip()}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
