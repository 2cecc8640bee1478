"""Time `incident` on vaults as multiples of what nothing can go below, after proving that its answers are right.

The yardsticks are the interpreter itself (`python -c pass`), one process that lists and stats every note, and the loop over
python-frontmatter that somebody would write instead. Each round runs every command once, one after the other, so that a busy
neighbour slows all alike. A ratio is the median over the rounds of CPU time by CPU time in the same round: that holds still on
a shared machine, where milliseconds do not.

The vaults are copied first and never written to. Beside each lies the truth that generate.py wrote. A command that fails, an
`open` that left no note, or a total that is not the true one makes the comparison invalid, and only that gives exit code 1.
"""

from __future__ import annotations

import argparse
import json
import random
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from bench import FLOOR, NAIVE, Bench, Run, middle
from truth import append, counted, hold_totals, upset

BARE, LISTED, LOOP = "bare Python", "list and stat every note", "python-frontmatter loop"
VERSION, HELP, MISTYPED = "incident --version", "incident templates --help", "incident open --severty"
OPEN_EMPTY, OPEN_HERE = "incident open, empty vault", "incident open, this vault"
ACK, LOG = "incident ack", "incident log"
LIST, REPORT = "incident list", "incident report"
LIST_EMPTY, REPORT_EMPTY = "incident list, empty vault", "incident report, empty vault"
ONE_EDIT, MANY_EDITS = "incident report, 1 edit", "incident report, 100 edits"
FIRST = "incident report, no index"
LARGE, LONG = "incident set, note of 10 MB", "incident log, 10,000 entries"

Runs = dict[str, list[Run]]


class Goal(NamedTuple):
    """What is measured and how much it may be.

    Attributes:
        what: In words.
        measured: How many times, or milliseconds.
        most: What it may be at most.
        unit: Of both.
    """

    what: str
    measured: float
    most: float
    unit: str = "×"

    def __str__(self) -> str:
        verdict = "reached" if self.measured <= self.most else "NOT reached"
        return f"{self.what:58}{self.measured:8.2f} {self.unit:2}, goal ≤ {self.most} {self.unit}: {verdict}"


def measure(bench: Bench, rounds: int) -> Runs:
    """Run every command once a round, after a round that only warms up."""
    runs: Runs = {}
    before = {vault: notes_in(vault) for vault in (bench.here, bench.empty)}
    for number in range(rounds + 1):
        # Something to take and to write to; a second `ack` would have nothing to do.
        fresh = json.loads(bench.ask("open", "Replica behind", "-s", "SEV3", "--json", vault=bench.here))["id"]
        of_start = {
            BARE: [bench.python, "-c", "pass"],
            VERSION: [*bench.incident, "--version"],
            HELP: [*bench.incident, "templates", "--help"],
            MISTYPED: bench.on(bench.here, "open", "--severty", "SEV3"),
            OPEN_EMPTY: bench.on(bench.empty, "open", "Latency on checkout", "-s", "SEV3"),
            OPEN_HERE: bench.on(bench.here, "open", "Latency on checkout", "-s", "SEV3"),
            ACK: bench.on(bench.here, "ack", fresh),
            LOG: bench.on(bench.here, "log", "-i", fresh, "pool exhausted after deploy"),
        }
        of_reading = {
            LISTED: [bench.python, "-c", FLOOR, str(bench.here)],
            LIST_EMPTY: bench.on(bench.empty, "list"),
            REPORT_EMPTY: bench.on(bench.empty, "report"),
            LIST: bench.on(bench.here, "list"),
            REPORT: bench.on(bench.here, "report"),
        }
        taken = {name: bench.time(command, 2 if name == MISTYPED else 0) for name, command in of_start.items()}
        bench.settle()
        taken |= {name: bench.time(command) for name, command in of_reading.items()}
        for name, count in ((ONE_EDIT, 1), (MANY_EDITS, 100)):
            edit(bench.here, count, number)
            taken[name] = bench.time(bench.on(bench.here, "report"))
            bench.settle()
        if number:
            for name, run in taken.items():
                runs.setdefault(name, []).append(run)
    opened = {bench.here: 2 * (rounds + 1), bench.empty: rounds + 1}
    for vault, found in before.items():
        bench.hold(f"notes after {opened[vault]} times open", notes_in(vault), found + opened[vault])
    return runs


def measure_first_run(bench: Bench, rounds: int) -> Runs:
    """Time what reads every note: the loop, and a report without an index."""
    runs: Runs = {}
    for _ in range(rounds):
        runs.setdefault(LOOP, []).append(bench.time([bench.python, "-c", NAIVE, str(bench.here)]))
        bench.without_index()
        runs.setdefault(FIRST, []).append(bench.time(bench.on(bench.here, "report")))
    return runs


def measure_large(bench: Bench, rounds: int) -> Runs:
    """Time commands on a note of 10 MB and on one with 10,000 timeline entries."""
    large, long = (
        json.loads(bench.ask("open", title, "-s", "SEV3", "--json", vault=bench.empty)) for title in ("Large", "Long")
    )
    with (bench.empty / large["path"]).open("a", encoding="utf-8") as note:
        note.write("\n## Notes\n\n" + "A line of prose, as pasted from a log that is long.\n" * 200_000)
    with (bench.empty / long["path"]).open("a", encoding="utf-8") as note:
        for number in range(10_000):
            at = f"2026-01-01T{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}"
            note.write(f"- {at} **note** @bob: entry {number} of the night\n")
    runs: Runs = {}
    for number in range(rounds):
        words = {LARGE: ("set", large["id"], f"users_affected={number + 1}"), LONG: ("log", "-i", long["id"], "more")}
        for name, given in words.items():
            runs.setdefault(name, []).append(bench.time(bench.on(bench.empty, *given)))
    return runs


def edit(vault: Path, count: int, seed: int) -> None:
    """Add a line to notes, of which a fifth are incidents."""
    chance = random.Random(f"{count} {seed}")
    incidents = sorted((vault / "incidents").rglob("INC-*.md"))
    others = sorted(path for path in vault.rglob("*.md") if "incidents" not in path.parts)
    share = count // 5 if count > 1 else 1
    for path in (*chance.sample(incidents, share), *chance.sample(others, count - share)):
        append(path)


def notes_in(vault: Path) -> int:
    return sum(1 for _ in (vault / "incidents").rglob("INC-*.md"))


def years_of(vault: Path) -> tuple[str, str]:
    """Give a period that holds every incident and its end, from the names of the folders by year."""
    years = sorted(int(folder.name) for folder in (vault / "incidents").iterdir() if folder.name.isdigit())
    return f"{years[0]}-01-01", f"{years[-1] + 2}-01-01"


def ratio(runs: Runs, name: str, to: str) -> float:
    """Give how many times the CPU of one command another takes: the median of the rounds."""
    return middle([a.cpu / b.cpu for a, b in zip(runs[name], runs[to], strict=True)])


def above_start(runs: Runs, name: str, start: str) -> float:
    """Give what a command takes beyond its own start-up, by what listing takes beyond Python's."""
    rounds = zip(runs[name], runs[start], runs[LISTED], runs[BARE], strict=True)
    return middle([(run.cpu - own.cpu) / (floor.cpu - bare.cpu) for run, own, floor, bare in rounds])


def goals_of(runs: Runs, memory: dict[str, float]) -> list[Goal]:
    """Give the goals of one vault."""
    return [
        Goal("the version, against bare Python", ratio(runs, VERSION, BARE), 1.7),
        Goal("a command before it touches a vault, against bare Python", ratio(runs, HELP, BARE), 6.5),
        Goal("an error of usage, against bare Python", ratio(runs, MISTYPED, BARE), 6.5),
        Goal("a durable open, against bare Python", ratio(runs, OPEN_EMPTY, BARE), 8.0),
        Goal("an open in this vault, against an empty one", ratio(runs, OPEN_HERE, OPEN_EMPTY), 1.1),
        Goal("list, warm, above its start, against listing", above_start(runs, LIST, LIST_EMPTY), 2.0),
        Goal("report, warm, above its start, against listing", above_start(runs, REPORT, REPORT_EMPTY), 2.0),
        Goal("report after 1 edit, against no change", ratio(runs, ONE_EDIT, REPORT), 1.15),
        Goal("report after 100 edits, against no change", ratio(runs, MANY_EDITS, REPORT), 1.3),
        Goal("report without an index, against the loop", ratio(runs, FIRST, LOOP), 0.45),
        Goal("memory of report, warm, against listing", memory[REPORT] / memory[LISTED], 2.5),
        Goal("set on a note of 10 MB, by the clock", 1e3 * min(run.wall for run in runs[LARGE]), 500, "ms"),
        Goal("log on 10,000 timeline entries, by the clock", 1e3 * min(run.wall for run in runs[LONG]), 300, "ms"),
    ]


def growth(small: Runs, large: Runs, times: float) -> list[Goal]:
    """Give how much longer the larger vault takes; ten times the notes may take twelve times."""
    return [
        Goal(f"{name}, {times:g} times the notes", cpu(large, name) / cpu(small, name), 1.2 * times)
        for name in (LIST, REPORT, FIRST)
    ]


def cpu(runs: Runs, name: str) -> float:
    return middle([run.cpu for run in runs[name]])


def measure_memory(bench: Bench) -> dict[str, float]:
    """Give the most memory that commands hold, in MiB, with the index up to date."""
    commands = {
        BARE: [bench.python, "-c", "pass"],
        LISTED: [bench.python, "-c", FLOOR, str(bench.here)],
        REPORT_EMPTY: bench.on(bench.empty, "report"),
        REPORT: bench.on(bench.here, "report"),
    }
    bench.settle()
    return {name: bench.memory(command) for name, command in commands.items()}


def show(notes: int, runs: Runs, memory: dict[str, float], goals: list[Goal]) -> None:
    print(f"{f'{notes} notes':32}{'× bare':>8}{'× floor':>9}{'CPU ms':>9}{'wall ms':>9}")
    for name, taken in runs.items():
        bare, floor = (cpu(runs, name) / cpu(runs, yardstick) for yardstick in (BARE, LISTED))
        wall = middle([run.wall for run in taken]) * 1e3
        print(f"{name:32}{bare:8.2f}{floor:9.2f}{cpu(runs, name) * 1e3:9.1f}{wall:9.1f}")
    print(*(f"{name:32}{held:8.1f} MiB" for name, held in memory.items()), "", sep="\n")
    print(*goals, "", sep="\n", flush=True)


def compare(vault: Path, given: argparse.Namespace) -> tuple[dict[str, Any], Runs]:
    """Hold the answers on one vault to the truth, then measure, upset the vault, and hold them again."""
    truth = json.loads(vault.with_name(f"{vault.name}.truth.json").read_text(encoding="utf-8"))
    summary: dict[str, Any] = {"notes": truth["notes"], "rounds": given.rounds}
    runs: Runs = {}
    with tempfile.TemporaryDirectory(prefix="incident-bench-") as scratch:
        bench = Bench(vault, shlex.split(given.incident), given.python, Path(scratch) / "bench")
        period = tuple(truth["period"]) if truth.get("period") else years_of(vault)
        hold_totals(bench, truth, period, "at first")
        own = counted(bench.here)
        for key in own:
            bench.hold(f"our own count of {key}", own[key], truth.get(key, own[key]))
        for seed in range(3):
            upset(bench.here, seed)
            hold_totals(bench, counted(bench.here), period, f"after upheaval {seed + 1}")
        if not bench.faults and given.rounds:
            runs = measure(bench, given.rounds) | measure_first_run(bench, given.first_runs)
            memory = measure_memory(bench)
            runs |= measure_large(bench, given.first_runs)
            goals = goals_of(runs, memory)
            show(truth["notes"], runs, memory, goals)
            summary["goals"] = [goal._asdict() for goal in goals]
    summary["faults"] = list(dict.fromkeys(bench.faults))
    return summary, runs


def main() -> None:
    """Compare on each vault, and the largest with the smallest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vaults", type=Path, nargs="+", help="made by generate.py, each with its truth beside it")
    parser.add_argument("--incident", default="incident", metavar="COMMAND", help="the installed command")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that the command is installed in")
    parser.add_argument("--rounds", type=int, default=11, help="none: only hold the totals")
    parser.add_argument("--first-runs", type=int, default=3, help="how often every note is read (default: 3)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    given = parser.parse_args()
    found = [compare(vault.resolve(), given) for vault in given.vaults]
    summaries = [summary for summary, _ in found]
    if len(found) > 1 and all(runs for _, runs in found):
        (first, small), (last, large) = found[0], found[-1]
        grown = growth(small, large, last["notes"] / first["notes"])
        print(*grown, sep="\n")
        summaries[-1]["growth"] = [goal._asdict() for goal in grown]
    if given.json:
        given.json.write_text(json.dumps(summaries, indent=1) + "\n", encoding="utf-8")
    if faults := [f"  {summary['notes']} notes: {fault}" for summary in summaries for fault in summary["faults"]]:
        sys.exit("not a valid comparison:\n" + "\n".join(faults))


if __name__ == "__main__":
    main()
