"""What a timeline of 100,000 lines costs the answers that go through all open incidents, as a multiple of bare Python.

    .venv/bin/python benchmarks/long_timeline.py [--rounds 20] [--lines 100000]

Two vaults hold one open incident each, and differ in its timeline alone. Each round runs, one after the other, `python -c pass` and
`status`, `next` and `who` in both vaults. The figure is the difference of the CPU times of the two by that of bare Python in the same
round, the median over the rounds. The first answer reads the whole timeline and is printed apart.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from live_look import RUN, cpu

ANSWERS = ("status", "next", "who")
#: Seconds after which the stamps of a note are believed.
SETTLED = 2.5


def main() -> None:
    """Measure, and print the medians."""
    parser = argparse.ArgumentParser(description="Measure what a long timeline costs.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--lines", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("INCIDENT_", "PYTHON", "XDG_"))
        }
        environment = {**kept, "HOME": folder, "INCIDENT_USER": "alice"}
        vaults = [f"{folder}/{name}" for name in ("long", "short")]
        for vault in vaults:
            for words in (("init", vault), ("--vault", vault, "open", "Card payments fail", "--ack")):
                subprocess.run([sys.executable, "-c", RUN, *words], env=environment, check=True, capture_output=True)
        (note,) = Path(vaults[0]).rglob("INC-*.md")
        flood = "".join(
            f"- 2026-11-29T02:{each // 60 % 60:02d}:{each % 60:02d} **note** @alice: line {each} of a flood\n"
            for each in range(given.lines)
        )
        text = note.read_text()
        before, heading, after = text.partition("## Timeline\n")
        assert heading, "a new note has a timeline"
        note.write_text(f"{before}{heading}\n{flood}{after.lstrip()}")
        time.sleep(SETTLED)
        bare = [sys.executable, "-c", "pass"]

        def took(vault: str, answer: str) -> float:
            return cpu([sys.executable, "-c", RUN, "--vault", vault, answer], environment)

        first = took(vaults[0], ANSWERS[0]) / cpu(bare, environment)
        costs: dict[str, list[float]] = {answer: [] for answer in ANSWERS}
        for turn in range(given.rounds):
            floor = cpu(bare, environment)
            for answer in ANSWERS:
                taken = {vault: took(vault, answer) for vault in (vaults if turn % 2 else vaults[::-1])}
                costs[answer].append((taken[vaults[0]] - taken[vaults[1]]) / floor)
        megabytes = note.stat().st_size / 1e6
    print(f"{given.rounds} rounds, a note of {megabytes:.1f} MB; the first answer takes {first:.1f} × bare Python")
    for answer, found in costs.items():
        low, middle, high = statistics.quantiles(found, n=4)
        print(f"{answer}: {middle:+.2f} × bare Python beyond a short timeline (quartiles {low:+.2f} and {high:+.2f})")


if __name__ == "__main__":
    main()
