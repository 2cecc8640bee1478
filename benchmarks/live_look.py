"""What it costs `open` to look at the heads of the newest open notes, as a multiple of bare Python.

    .venv/bin/python benchmarks/live_look.py [--rounds 40] [--open 25]

Each round runs, one after the other, `python -c pass`, an `open`, and an `open` that is told to look at no head; otherwise both do the
same. The vault holds open incidents whose titles share a word with the new one, so that every head is read as an incident. Each
`open` tells how much CPU time its search for likely incidents took, what it loads for that included: as a difference of two whole
commands it would drown in the noise of a machine that others use. The figure is the difference of the two by the time of bare
Python in the same round, the median over the rounds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

RUN = "from okb_incident.__main__ import main; main()"
TIMED = """
import sys, time
from okb_incident.workflow.lifecycle import likely_same
ordinary, report = likely_same.likely_same, sys.argv.pop(1)
def timed(*given):
    start = time.process_time()
    found = ordinary(*given)
    open(report, "w").write(str(time.process_time() - start))
    return found
likely_same.likely_same = timed
"""
SEEING = TIMED + RUN
BLIND = TIMED + "from okb_incident.vault.read import newest; newest.MOST_HEADS = 0\n" + RUN


def cpu(command: list[str], environment: dict[str, str]) -> float:
    """Run a command, which must succeed, and return the seconds of the processor that it took."""
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    child = os.posix_spawn(command[0], command, environment, file_actions=quiet)
    _, status, used = os.wait4(child, 0)
    if status:
        sys.exit(f"{command} exits {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure, and print the medians."""
    parser = argparse.ArgumentParser(description="Measure the live look of open.")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--open", type=int, default=25, help="open incidents in the vault")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        vault = f"{folder}/vault"
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("INCIDENT_", "PYTHON", "XDG_"))
        }
        environment = {**kept, "HOME": folder, "INCIDENT_USER": "alice"}

        def incident(*words: str) -> None:
            subprocess.run([sys.executable, "-c", RUN, *words], env=environment, check=True, capture_output=True)

        incident("init", vault)
        for number in range(given.open):
            incident("--vault", vault, "open", f"Payments of shop {number} are late")
        known = set(Path(vault).rglob("INC-*.md"))
        bare = [sys.executable, "-c", "pass"]
        report = Path(folder, "report")
        typed = [str(report), "--vault", vault, "open", "Payments by card fail"]
        opens = [[sys.executable, "-c", SEEING, *typed], [sys.executable, "-c", BLIND, *typed]]
        rounds = []
        for turn in range(given.rounds + 2):
            floor = cpu(bare, environment)
            took = {}
            for each in (0, 1) if turn % 2 else (1, 0):
                whole = cpu(opens[each], environment)
                took[each] = (float(report.read_text()) / floor, whole / floor)
                for path in set(Path(vault).rglob("INC-*.md")) - known:
                    path.unlink()
            rounds.append((took[0][0] - took[1][0], took[0][1]))
    # The first two only warm up.
    looks, wholes = zip(*rounds[2:], strict=True)
    low, middle, high = statistics.quantiles(looks, n=4)
    print(
        f"{given.rounds} rounds, {given.open} open incidents: open takes {statistics.median(wholes):.2f} × bare Python"
    )
    print(f"the look: {middle:+.2f} × bare Python (quartiles {low:+.2f} and {high:+.2f})")


if __name__ == "__main__":
    main()
