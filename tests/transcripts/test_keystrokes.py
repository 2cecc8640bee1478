"""How much has to be typed at night."""

from __future__ import annotations

import re
import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.cli.screen import environment
from tests.cli.typing import CTRL_D, HANG, Typist
from tests.shell import call

if TYPE_CHECKING:
    from collections.abc import Iterator

NIGHT = Path(__file__).parent / "sev1-night.md"
MOST = 60

IN_CONSOLE, BY_COMMANDS = 900, 1_500
"""Keystrokes that a night may take, Enter included."""


class Step(NamedTuple):
    """What somebody does at night.

    Attributes:
        console: What is typed in the console, without the last Enter.
        shell: What is typed for it in a shell.
    """

    console: str
    shell: str


def same(words: str) -> Step:
    """Return a command that is typed after a slash in the console."""
    return Step(f"/{words}", f"incident {words}")


def entry(text: str) -> Step:
    """Return an entry of the timeline."""
    return Step(text, f"incident log {text}")


STEPS = (
    same("ack on it"),
    entry("support has 40 tickets since 15:30"),
    same("role tech bob"),
    same("role comms carol"),
    entry("impact: checkout down from 15:20"),
    # Enter takes the public headline that is offered.
    same('tell users "Card payments fail. Wallets work." --next 20m\r'),
    entry("hypothesis: pool exhausted after deploy 4f2a"),
    same("expect 40m"),
    Step("/team payments", "incident team activate payments"),
    Step("/action roll back 4f2a", "incident action add roll back 4f2a"),
    same("escalate --to gita the pool is hers"),
    Step("-5m bob found 20 of 20 connections in use", "incident log bob found 20 of 20 connections in use --at -5m"),
    Step("/h1 confirmed 20 of 20 in use", "incident log h1 confirmed 20 of 20 in use"),
    same("identify deploy 4f2a halved the pool"),
    entry("decision: roll back 4f2a"),
    Step("/a1 done rolled back", "incident action done a1 rolled back"),
    same("mitigate 4f2a rolled back"),
    same('tell users "Card payments work again. We watch it." --next 30m'),
    entry("errors are at 1 %"),
    same("undo --yes"),
    entry("errors are at 0.1 %"),
    same("handoff commander dan watch errors until 16:10"),
    same('verify recovery "errors below 0.1 % for 10 min" ok'),
    same("resolve\rCard payments failed for 43 minutes.\rchange\r4f2a rolled back"),
)
READY = "ready$ "
OPEN = "incident open Card payments fail -s1"


def test_no_command_of_a_sev1_night_is_long_but_for_its_free_text():
    typed = [
        line.removeprefix("$ ") for line in NIGHT.read_text("utf-8").splitlines() if line.startswith("$ incident ")
    ]
    assert len(typed) > 30
    longest = max(map(_without_free_text, typed), key=len)
    assert len(longest) < MOST, longest


def _without_free_text(line: str) -> str:
    """Leave out what stands in quotes, because it holds blanks, and the command that `run` is given."""
    ours = line.split(" | ", maxsplit=1)[0].split(" -- ", maxsplit=1)[0]
    return " ".join(word for word in shlex.split(ours) if " " not in word)


# -- a night of 25 steps -----------------------------------------------------------------------------------------------


class Night:
    """Somebody who works through a night at a shell; every key is counted."""

    def __init__(self, incident: Path, folder: Path) -> None:
        self.vault = folder / "kb"
        done = call("init", str(self.vault), env=environment(self.vault), cwd=folder)
        assert done.returncode == 0, done.stderr
        for name in ("alice", "bob", "carol", "dan", "gita"):
            (self.vault / "people" / f"{name}.md").write_text(f"---\ntype: person\nhandle: {name}\n---\n")
        words = ("--norc", "--noprofile", "--noediting", "-i")
        path = f"{incident.parent}:/usr/bin:/bin"
        self.typist = Typist(Path("/bin/bash"), self.vault, *words, PS1=READY, PATH=path)
        self.typist.until(READY)
        self.keys = 0

    def command(self, text: str) -> dict[str, str]:
        """Type a command, and answers to what it asks, and wait for the next prompt; return the notes, which it has changed."""
        before = self.notes()
        self.press(f"{text}\r")
        shown = self.typist.until(READY)
        now = self.notes()
        assert now != before, shown
        return now

    def line(self, text: str, expected: dict[str, str]) -> None:
        """Type a line in the console, and wait until the notes are as they are expected to be."""
        self.press(f"{text}\r")
        end = time.monotonic() + HANG
        while (now := self.notes()) != expected:
            assert time.monotonic() < end, (text, self.typist.shown(), *_different(now, expected))
            self.typist.look()

    def press(self, keys: str) -> None:
        """Press keys."""
        self.keys += len(keys)
        self.typist.type(keys)

    def notes(self) -> dict[str, str]:
        """Return all notes, without what is another one each time."""
        paths = (path for path in self.vault.rglob("*.md") if not path.relative_to(self.vault).parts[0].startswith("."))
        return {
            path.relative_to(self.vault).as_posix(): re.sub(r"\b[0-9A-HJKMNP-TV-Z]{26}\b", "ULID", text)
            for path in paths
            if (text := _text(path)) is not None
        }


def _text(path: Path) -> str | None:
    try:
        return path.read_text()
    except FileNotFoundError:
        return None


def _different(now: dict[str, str], expected: dict[str, str]) -> Iterator[str]:
    for path in sorted({*now, *expected}):
        if now.get(path) != expected.get(path):
            yield f"{path}:\n{now.get(path)}\n-- expected:\n{expected.get(path)}"


@pytest.fixture
def night(incident: Path, tmp_path: Path) -> Iterator[tuple[Night, Night]]:
    folders = [tmp_path / "shell", tmp_path / "console"]
    for folder in folders:
        folder.mkdir()
    made = [Night(incident, folder) for folder in folders]
    yield made[0], made[1]
    for each in made:
        each.typist.kill()


def test_a_sev1_night_of_25_steps_is_short_in_the_console_and_short_enough_by_commands(night):
    by_commands, in_console = night
    assert 1 + len(STEPS) == 25
    opened = by_commands.command(OPEN)
    after = [by_commands.command(step.shell) for step in STEPS]

    assert in_console.command(OPEN) == opened
    in_console.press("incident console\r")
    in_console.typist.until("lists the commands")
    for step, expected in zip(STEPS, after, strict=True):
        # Each step leaves the notes exactly as the single command does.
        in_console.line(step.console, expected)
    in_console.typist.until("SEV1 resolved")
    in_console.press(CTRL_D)
    in_console.typist.until(READY)

    print(f"\nkeystrokes: {in_console.keys} in the console, {by_commands.keys} by single commands")
    assert in_console.keys <= IN_CONSOLE
    assert by_commands.keys <= BY_COMMANDS
