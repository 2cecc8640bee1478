"""The truth about a made vault, counted apart from the product, and an upheaval of it that a right answer must follow.

The notes of generate.py are written in a few known forms, so a dozen lines of regular expressions can count them. They are
held to what the generator itself wrote down before they are believed.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from bench import Bench

PROPERTY = re.compile(r"^(type|id|nature|status|severity|category|started|resolved): *(.*?)\r?$", re.MULTILINE)


def counted(vault: Path) -> dict[str, Any]:
    """Count what generate.py counts."""
    incidents = drills = 0
    tallies: dict[str, Counter[str]] = {key: Counter() for key in ("severity", "status", "category")}
    lasted = []
    for path in sorted((vault / "incidents").rglob("*.md")):
        head = path.read_text(encoding="utf-8").split("\n---\n", 1)[0]
        found = dict(PROPERTY.findall(head))
        if found.get("type") != "incident":
            continue
        if found.get("nature"):
            drills += 1
            continue
        incidents += 1
        for key, tally in tallies.items():
            tally[found[key]] += 1
        if found.get("started") and found.get("resolved"):
            lasted.append(int((moment(found["resolved"]) - moment(found["started"])).total_seconds()))
    return {
        "incidents": incidents,
        "drills": drills,
        **{f"by_{key}": dict(sorted(tally.items())) for key, tally in tallies.items()},
        "started_resolved": {
            "n": len(lasted),
            "sum_seconds": sum(lasted),
            "longest_seconds": max(lasted, default=None),
        },
    }


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text.strip("\"'"))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def hold_totals(bench: Bench, truth: dict[str, Any], period: tuple[str, str], when: str) -> None:
    """Compare what list and report say of the whole vault with the truth about it."""
    listed = json.loads(bench.ask("list", "--all", "--json", vault=bench.here))
    of_count = [incident for incident in listed if not incident.get("nature")]
    bench.hold(f"{when}: listed", len(listed), truth["incidents"] + truth.get("drills", 0))
    bench.hold(f"{when}: severities listed", Counter(each["severity"] for each in of_count), truth["by_severity"])
    bench.hold(f"{when}: statuses listed", Counter(each["status"] for each in of_count), truth["by_status"])
    first, end = period
    report = json.loads(bench.ask("report", "--from", first, "--to", end, "--json", vault=bench.here))
    bench.hold(f"{when}: reported", report["counts"]["total"], truth["incidents"])
    for key in ("by_severity", "by_status", "by_category"):
        bench.hold(f"{when}: reported {key}", report["counts"][key], truth[key])
    lasted = {metric["id"]: metric for metric in report["metrics"]}["ttr.started_resolved"]
    true = truth["started_resolved"]
    for key, name in (("n", "n"), ("total", "sum_seconds"), ("longest", "longest_seconds")):
        bench.hold(f"{when}: ttr.started_resolved, {key}", lasted[key], true[name])


def upset(vault: Path, seed: int, share: float = 0.01) -> None:
    """Edit, rename, move and delete notes at random, and rewrite some in place with as many bytes and the same mtime."""
    chance = random.Random(seed)
    incidents = sorted((vault / "incidents").rglob("INC-*.md"))
    others = sorted(path for path in vault.rglob("*.md") if "incidents" not in path.parts)
    for path in chance.sample(incidents, max(5, int(len(incidents) * share))):
        chance.choice((rewrite, save, append, rename, delete))(path)
    for path in chance.sample(others, max(5, int(len(others) * share))):
        chance.choice((append, rename, delete))(path)


def save(path: Path) -> None:
    """Change two properties, and put the new file in the place of the old one."""
    text = re.sub(r"(?m)^severity: .*$", "severity: SEV2", path.read_text(encoding="utf-8"))
    temp = path.with_name("save.tmp")
    temp.write_text(re.sub(r"(?m)^resolved: .*$", "resolved:", text), encoding="utf-8")
    temp.replace(path)


def append(path: Path) -> None:
    with path.open("a", encoding="utf-8") as note:
        note.write("\none more line\n")


def rename(path: Path) -> None:
    path.rename(path.with_name(f"moved {path.name}"))


def delete(path: Path) -> None:
    path.unlink()


def rewrite(path: Path) -> None:
    """Change a note in place by one digit, and set its mtime back, as a save in the same tick of a coarse clock would."""
    before = path.stat()
    text = path.read_text(encoding="utf-8")
    swapped = re.sub(r"(?m)^(severity: SEV)(\d)", lambda found: found[1] + "2341"[int(found[2]) - 1], text, count=1)
    path.write_text(swapped, encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
