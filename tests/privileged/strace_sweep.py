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
from tests.faults.sweep import Sweep, Tally, trials
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
    everything = Tally()
    for shape, trial in tried:
        tally = Tally()
        with traced.folder() as folder:
            sweep = Sweep(trial, folder)
            points = traced.calls(sweep.stage(), trial.words)
            for call in points:
                for fault, (how, number) in INJECTED.items():
                    stage = sweep.stage()
                    options = ("-e", f"trace={call.name}", "-e", f"inject={call.name}:{how}:when={call.number}")
                    problems = sweep.wrong(stage, traced.run(stage, trial.words, *options), number)
                    tally.count(f"{trial.command}: {fault} at {call}", problems)
                    shutil.rmtree(os.path.dirname(stage.vault))
        print(f"{shape}: {trial.command}: {len(points)} calls, faults {tally}", flush=True)
        everything.add(tally)
    print(f"faults injected by strace into {len(tried)} commands, {everything}")
    return 1 if everything.broken else 0


if __name__ == "__main__":
    sys.exit(main())
