"""The fault sweep on the installed command and the real kernel.

    python -m tests.privileged.strace_sweep --first       the first command of each shape

Before every call with which a command writes, strace ends the process, or gives an error instead of the call. What must be true
afterwards is what `tests.faults.sweep` says. Needs strace, and the right to trace one's own processes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys

from tests.faults.stage import prepare_process
from tests.faults.sweep import Sweep, trials
from tests.privileged import traced

INJECTED = {"SIGKILL": ("signal=SIGKILL", 0), "ENOSPC": ("error=ENOSPC", 28), "EIO": ("error=EIO", 5)}


def main() -> int:
    """Sweep, and say what was found.

    Returns:
        1 if anything was broken.
    """
    _, tried = trials(
        argparse.ArgumentParser(description="End the installed command, or fail it, at every call that writes.")
    )
    traced.need("strace")
    prepare_process()
    injected = broken = 0
    for shape, trial in tried:
        with traced.folder() as folder:
            sweep = Sweep(trial, folder)
            points = traced.calls(sweep.stage(), trial.words)
            bad = 0
            for call in points:
                for fault, (how, number) in INJECTED.items():
                    stage = sweep.stage()
                    options = ("-e", f"trace={call.name}", "-e", f"inject={call.name}:{how}:when={call.number}")
                    problems = sweep.wrong(stage, traced.run(stage, trial.words, *options), number)
                    bad += bool(problems)
                    for problem in problems if bad <= 10 else ():
                        print(f"  {trial.command}: {fault} at {call}: {problem[:600]}", flush=True)
                    shutil.rmtree(os.path.dirname(stage.vault))
        count = len(points) * len(INJECTED)
        print(f"{shape}: {trial.command}: {len(points)} calls, {count} faults, {bad} broken", flush=True)
        injected, broken = injected + count, broken + bad
    print(f"{injected} faults injected by strace, {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
