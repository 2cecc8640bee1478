"""Somebody who types one command again and again, in a process of their own that has everything imported already.

    python -m tests.races.worker VAULT NAME TIMES WORDS…

``{name}`` and ``{turn}`` stand in the words for who it is and how often they have typed. A command that finds the lock busy is
typed again, as its answer says. With 0 times they go on until their input ends. Each command is told as a line of JSON.

Without words they type what comes in, a list of words in JSON on each line.
"""

from __future__ import annotations

import functools
import io
import json
import select
import sys
import time
from contextlib import redirect_stderr, redirect_stdout

from okb_incident.cli import main
from okb_incident.errors import ExitCode
from okb_incident.vault.disk import stillness


def typed(words: list[str]) -> dict[str, object]:
    """Run a command in this process, and tell how it ended."""
    out, err = io.StringIO(), io.StringIO()
    start = time.monotonic()
    with redirect_stdout(out), redirect_stderr(err):
        code = main.run(words)
    return {
        "words": words,
        "code": int(code),
        "out": out.getvalue(),
        "err": err.getvalue(),
        "seconds": time.monotonic() - start,
    }


def obey(vault: str, name: str) -> None:
    """Type what comes in; who is hasty waits for no save at all, so that what is saved late is met more often than ever."""
    if name == "hasty":
        stillness.TOUCHED, stillness.STILL = float("-inf"), 0.0
    vars(main)["get_command"] = functools.cache(vars(main)["get_command"])
    for line in sys.stdin:
        print(json.dumps(typed(["--vault", vault, *json.loads(line)])), flush=True)


def work(vault: str, name: str, times: int, words: list[str]) -> None:
    """Type until it is enough, and believe every whole note at once: so most commands meet an editor in the middle of a save."""
    stillness.TOUCHED = float("-inf")
    vars(main)["get_command"] = functools.cache(vars(main)["get_command"])
    turn = 0
    while turn < times if times else not select.select([sys.stdin], [], [], 0)[0]:
        turn += 1
        command = ["--vault", vault, *(word.format(name=name, turn=f"{turn:04}") for word in words)]
        told = typed(command)
        while told["code"] == ExitCode.CONFLICT and "still was after" in str(told["err"]):
            print(json.dumps(told), flush=True)
            told = typed(command)
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    if sys.argv[4:]:
        work(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:])
    else:
        obey(sys.argv[1], sys.argv[2])
