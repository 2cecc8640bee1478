"""How much each command computes on the hostile corpus: the goal is 2 s of processor time and no more than 256 MiB.

.venv/bin/python -m tests.hostile.measure [INCIDENT]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.hostile.corpus import OPEN, build
from tests.hostile.hold import environment
from tests.hostile.test_corpus import SCANS

GOAL = 2.0
OTHERS = [
    "check",
    "show last",
    f"show {OPEN}",
    f"timeline {OPEN}",
    "ack",
    "templates",
    "config show",
    f"log -i {OPEN} x",
    "open x",
]


def main() -> int:
    incident = sys.argv[1] if sys.argv[1:] else Path(sys.executable).with_name("incident")
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "kb"
        root.mkdir()
        corpus = build(root)
        print(f"{corpus.files} hostile notes and files\n\n{'command':<78}{'CPU s':>7}{'MiB':>6}{'exit':>6}")
        heavy = [f"{verb} {each.id}" for each in corpus.aimed for verb in ("show", "ack") if each.label in LARGE]
        for typed in (*SCANS, *OTHERS, *heavy):
            process = subprocess.Popen(
                [incident, *typed.split()],
                env=environment(root),
                cwd=root,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = used.ru_utime + used.ru_stime
            worst = max(worst, seconds)
            print(f"{typed:<78}{seconds:7.2f}{used.ru_maxrss // 1024:6}{process.returncode:6}")
    print(f"\nthe most is {worst:.2f} s of {GOAL:g}")
    return int(worst > GOAL)


LARGE = (
    "ten megabytes",
    "a million brackets",
    "properties, many",
    "values, many",
    "headings, many",
    "timeline, 5,000 lines",
)

if __name__ == "__main__":
    sys.exit(main())
