"""Time `incident` on a vault as multiples of what nothing can go below, after proving that its answers are right.

The yardsticks are the interpreter itself (`python -c pass`) and one process that lists and stats every note of the vault.
Each round runs every command once, one after the other, so that a busy neighbour slows all alike. A ratio is the median over
the rounds of CPU time by CPU time in the same round: that holds still on a shared machine, where milliseconds do not.

The vault is copied first and never written to. Beside it lies the truth that generate.py wrote. A command that fails, an
`open` that left no note, or a total that is not the true one makes the comparison invalid, and only that gives exit code 1.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FLOOR = """
import os, sys
def walk(folder):
    for entry in os.scandir(folder):
        if entry.name.startswith('.'): continue
        if entry.is_dir(follow_symlinks=False): walk(entry.path)
        elif entry.name.endswith('.md'): entry.stat(follow_symlinks=False)
walk(sys.argv[1])
"""
BARE, LISTED = "bare Python", "list and stat every note"
VERSION, HELP, MISTYPED = "incident --version", "incident templates --help", "incident open --severty"
OPEN_EMPTY, OPEN_HERE = "incident open, empty vault", "incident open, this vault"
ACK, LOG, LIST, REPORT = "incident ack", "incident log", "incident list", "incident report"

#: What is measured, against what, and how many times that it may cost.
GOALS = (
    ("the version", VERSION, BARE, 1.7),
    ("a command before it touches a vault", HELP, BARE, 6.5),
    ("an error of usage", MISTYPED, BARE, 6.5),
    ("a durable open", OPEN_EMPTY, BARE, 8.0),
    ("an open in this vault, against an empty one", OPEN_HERE, OPEN_EMPTY, 1.1),
)


@dataclass(frozen=True)
class Run:
    """What one process cost, its reaped children included."""

    cpu: float
    wall: float
    code: int


class Bench:
    """A copy of the vault, an empty vault beside it, and an environment of their own."""

    def __init__(self, vault: Path, incident: list[str], python: str, scratch: Path) -> None:
        self.incident = incident
        self.python = python
        self.here, self.empty = scratch / "here", scratch / "empty"
        self.faults: list[str] = []
        home = scratch / "home"
        home.mkdir()
        (home / ".gitconfig").write_text("[user]\n\tname = alice\n", encoding="utf-8")
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("INCIDENT_", "PYTHON", "XDG_"))
        }
        self.environment = {**kept, "HOME": str(home), "NO_COLOR": "1"}
        shutil.copytree(vault, self.here)
        self.ask("init", str(self.empty))
        self.ask("init", str(self.here))

    def on(self, vault: Path, *arguments: str) -> list[str]:
        return [*self.incident, "--vault", str(vault), *arguments]

    def ask(self, *arguments: str, vault: Path | None = None) -> str:
        """Run a command that is not timed and give what it prints."""
        command = self.on(vault, *arguments) if vault else [*self.incident, *arguments]
        done = subprocess.run(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"not a valid comparison: {shlex.join(command)} exits {done.returncode}:\n{done.stderr[-2000:]}")
        return done.stdout

    def time(self, command: list[str], code: int = 0) -> Run:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != code:
            self.faults.append(f"{shlex.join(command)} exits {process.returncode} instead of {code}")
        return Run(used.ru_utime + used.ru_stime, time.perf_counter() - start, process.returncode)

    def hold(self, what: str, answer: object, truth: object) -> None:
        if answer != truth:
            self.faults.append(f"{what}: {answer}, but the truth is {truth}")


def hold_totals(bench: Bench, truth: dict[str, Any], vault: Path) -> None:
    """Compare what list and report say of the whole vault with the truth about it."""
    listed = json.loads(bench.ask("list", "--all", "--json", vault=bench.here))
    counted = [incident for incident in listed if not incident.get("nature")]
    bench.hold("listed", len(listed), truth["incidents"] + truth.get("drills", 0))
    bench.hold("listed by severity", Counter(incident["severity"] for incident in counted), truth["by_severity"])
    bench.hold("listed by status", Counter(incident["status"] for incident in counted), truth["by_status"])

    first, end = truth.get("period") or years_of(vault)
    report = json.loads(bench.ask("report", "--from", first, "--to", end, "--json", vault=bench.here))
    bench.hold("reported", report["counts"]["total"], truth["incidents"])
    for key in ("by_severity", "by_status", "by_category"):
        bench.hold(f"reported {key}", report["counts"][key], truth[key])
    lasted = {metric["id"]: metric for metric in report["metrics"]}["ttr.started_resolved"]
    true = truth["started_resolved"]
    bench.hold("ttr.started_resolved, n", lasted["n"], true["n"])
    bench.hold("ttr.started_resolved, total", lasted["total"], true["sum_seconds"])
    bench.hold("ttr.started_resolved, longest", lasted["longest"], true["longest_seconds"])


def years_of(vault: Path) -> tuple[str, str]:
    """Give a period that holds every incident and its end, from the names of the folders by year."""
    years = sorted(int(folder.name) for folder in (vault / "incidents").iterdir() if folder.name.isdigit())
    return f"{years[0]}-01-01", f"{years[-1] + 2}-01-01"


def notes_in(vault: Path) -> int:
    return sum(1 for _ in (vault / "incidents").rglob("INC-*.md"))


def measure(bench: Bench, rounds: int) -> dict[str, list[Run]]:
    """Run every command once a round, after a round that only warms up."""
    runs: dict[str, list[Run]] = {}
    before = {vault: notes_in(vault) for vault in (bench.here, bench.empty)}
    for number in range(rounds + 1):
        # Something to take and to write to; a second `ack` would have nothing to do.
        fresh = json.loads(bench.ask("open", "Replica behind", "-s", "SEV3", "--json", vault=bench.here))["id"]
        cases = {
            BARE: [bench.python, "-c", "pass"],
            LISTED: [bench.python, "-c", FLOOR, str(bench.here)],
            VERSION: [*bench.incident, "--version"],
            HELP: [*bench.incident, "templates", "--help"],
            MISTYPED: bench.on(bench.here, "open", "--severty", "SEV3"),
            OPEN_EMPTY: bench.on(bench.empty, "open", "Latency on checkout", "-s", "SEV3"),
            OPEN_HERE: bench.on(bench.here, "open", "Latency on checkout", "-s", "SEV3"),
            ACK: bench.on(bench.here, "ack", fresh),
            LOG: bench.on(bench.here, "log", "-i", fresh, "pool exhausted after deploy"),
            LIST: bench.on(bench.here, "list"),
            REPORT: bench.on(bench.here, "report"),
        }
        for name, command in cases.items():
            run = bench.time(command, code=2 if name == MISTYPED else 0)
            if number:
                runs.setdefault(name, []).append(run)
    opened = {bench.here: 2 * (rounds + 1), bench.empty: rounds + 1}
    for vault, number in before.items():
        bench.hold(
            f"notes in the {vault.name} vault after {opened[vault]} times open", notes_in(vault), number + opened[vault]
        )
    return runs


def ratio(runs: dict[str, list[Run]], name: str, to: str) -> float:
    """Give how many times the CPU of one command another takes: the median of the rounds."""
    return statistics.median(a.cpu / b.cpu for a, b in zip(runs[name], runs[to], strict=True))


def summarise(runs: dict[str, list[Run]]) -> dict[str, Any]:
    """Give the figures of each command, and whether each goal is reached."""
    return {
        "cases": {
            name: {
                "x_bare": round(ratio(runs, name, BARE), 2),
                "x_floor": round(ratio(runs, name, LISTED), 2),
                "cpu_ms": round(statistics.median(run.cpu for run in taken) * 1e3, 1),
                "wall_ms": round(statistics.median(run.wall for run in taken) * 1e3, 1),
            }
            for name, taken in runs.items()
        },
        "goals": [
            {
                "what": what,
                "measured": round(ratio(runs, name, to), 2),
                "goal": most,
                "reached": ratio(runs, name, to) <= most,
            }
            for what, name, to, most in GOALS
        ],
    }


def show(summary: dict[str, Any]) -> None:
    print(f"{'':32}{'× bare':>8}{'× floor':>9}{'CPU ms':>9}{'wall ms':>9}")
    for name, case in summary["cases"].items():
        print(f"{name:32}{case['x_bare']:8.2f}{case['x_floor']:9.2f}", end="")
        print(f"{case['cpu_ms']:9.1f}{case['wall_ms']:9.1f}")
    print()
    for goal in summary["goals"]:
        verdict = "reached" if goal["reached"] else "not reached"
        print(f"{goal['what']:46}{goal['measured']:6.2f} ×, goal ≤ {goal['goal']} ×: {verdict}")


def main() -> None:
    """Hold the answers to the truth, then measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vault", type=Path, help="a vault made by generate.py, with its truth beside it")
    parser.add_argument("--incident", default="incident", metavar="COMMAND", help="the installed command")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that the command is installed in")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    given = parser.parse_args()
    vault = given.vault.resolve()
    truth = json.loads(vault.with_name(f"{vault.name}.truth.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="incident-bench-") as scratch:
        bench = Bench(vault, shlex.split(given.incident), given.python, Path(scratch))
        hold_totals(bench, truth, vault)
        summary: dict[str, Any] = {"notes": truth["notes"], "rounds": given.rounds}
        if not bench.faults:
            summary |= summarise(measure(bench, given.rounds))
            show(summary)
    if given.json:
        given.json.write_text(json.dumps({**summary, "faults": bench.faults}, indent=1) + "\n", encoding="utf-8")
    if bench.faults:
        sys.exit("not a valid comparison:\n" + "\n".join(f"  {fault}" for fault in dict.fromkeys(bench.faults)))


if __name__ == "__main__":
    main()
