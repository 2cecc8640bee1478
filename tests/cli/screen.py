"""A terminal of a given size for commands in this process, and vaults with as many incidents as a night has."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import termios
import threading
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from tests.shell import call, call_into

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-11-28T15:39:00Z"
LATER = "2026-12-02T08:00:00Z"
"""When a follow-up is late."""
STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

TITLES = (
    "Card payments fail in the whole EU shop since the deploy of this afternoon",
    "Search is slow",
    "Disk of db-eu-1-replica-of-the-warehouse-with-a-long-name.internal.example.com is full",
    "支付失败 in Asia, and in 日本 too since the last change of the payment provider",
    "[bold]Login[/bold] loops for users with a second factor :smile: and [link=x]more[/link]",
    "Emails late",
    "Nightly export of the ledger is missing for the second day in a row",
)
STATES = ((), ("ack",), ("ack", "identify"), ("ack", "mitigate"), ("ack", "resolve"))


def environment(vault: Path, **more: str) -> dict[str, str]:
    """Return what a person has in the environment."""
    return {
        **{name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "NO_COLOR"}},
        "INCIDENT_NOW": NOW,
        "INCIDENT_USER": "alice",
        "INCIDENT_VAULT": str(vault),
        "TERM": "xterm",
        **more,
    }


def shown(vault: Path, width: int, *words: str, rows: int = 24, **more: str) -> str:
    """Return what a command shows on a terminal of a width, colours left out where NO_COLOR is not tested."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, width, 0, 0))
    found = bytearray()

    def read() -> None:
        try:
            while data := os.read(ours, 65536):
                found.extend(data)
        except OSError:
            pass  # on Linux, the end of a terminal that nobody holds open any more

    reader = threading.Thread(target=read)
    reader.start()
    with os.fdopen(theirs, "wb", buffering=0) as terminal, TemporaryFile() as commentary:
        environ = environment(vault, COLUMNS=str(width), LINES=str(rows), **more)
        code = call_into(terminal, commentary, *words, env=environ, cwd=vault)
        commentary.seek(0)
        said = commentary.read().decode()
    reader.join()
    os.close(ours)
    assert code == 0, said
    return found.decode().replace("\r\n", "\n")


def without_style(text: str) -> str:
    """Return what was shown without colours and weights."""
    return STYLE.sub("", text)


def vault_of(folder: Path, count: int) -> Path:
    """Make a vault with so many incidents, in every state, some of them with all that an incident may have."""
    vault = folder / "kb"

    def run(*words: str, at: str = NOW) -> None:
        done = call(*words, env=environment(vault, INCIDENT_NOW=at), cwd=folder if words[0] == "init" else vault)
        assert done.returncode == 0, (words, done.stderr)

    run("init", str(vault))
    for number in range(1, count + 1):
        at = f"2026-11-28T{5 + number % 9:02d}:{number:02d}:00Z"
        run("open", TITLES[(number - 1) % len(TITLES)], "-s", f"sev{1 + number % 4}", at=at)
        for verb in STATES[(number - 1) % len(STATES)] if number > 1 else ("ack",):
            words = ("the pool is full",) if verb != "ack" else ()
            run(verb, "-i", f"INC-20261128-{number:02d}", *words, at="2026-11-28T14:50:00Z")
    one = ("-i", "INC-20261128-01")
    long = "see [[INC-20261128-01 update 1|the first update]] at 2026-11-28T14:51:00 " + "and so on " * 12
    run("log", *one, long, at="2026-11-28T15:00:00Z")
    run("role", *one, "tech", "gita", at="2026-11-28T15:01:00Z")
    run("action", "add", *one, "roll back the deploy of this afternoon on every node of the cluster", "--owner", "bob")
    run(
        "follow-up",
        "add",
        *one,
        "alert on the length of the queue",
        "--owner",
        "bob",
        "--due",
        "2026-12-05",
        "--kind",
        "tool",
    )
    run("follow-up", "add", *one, "drill the roll-back", "--owner", "gita", "--due", "2026-11-29", "--kind", "training")
    run("tell", *one, "team", "We are on it.", "--next", "30m", at="2026-11-28T15:05:00Z")
    run("resource", "request", *one, "a database specialist for two hours")
    run("effort", *one, "45m")
    run("cost", *one, "refunds", "1200", "CHF", "from", "the", "payment", "provider")
    return vault
