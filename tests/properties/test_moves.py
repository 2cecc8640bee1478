"""Random moves, renames and retypings of notes, and a command after each: it writes into the incident that is meant, or nowhere.

One incident is open, one was resolved today, one is closed, one is restricted; every note is known by its uid, whatever its name. A
command that was seen to succeed may have changed the note that was meant and no other, and what a person only moved or renamed must not
keep a command from its work. A word that only the restricted incident holds turns up in no answer that did not ask for it.
"""

from __future__ import annotations

import os
import random
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.shell import call

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from subprocess import CompletedProcess

SECRET = "Zebrafish"
NOW = "2026-11-23T12:00:00Z"
OVER, OPEN, CLOSED, HIDDEN = (f"INC-20261123-0{number}" for number in (1, 2, 3, 4))

FOLDERS = (
    "incidents/2026",
    "incidents",
    "incidents/2026/now",
    "incidents/archive/old",
    "incidents/restricted/2026",
    "archive",
    "projects/a b/c",
    "",
)
NAMES = ("{id}", "{id} {title}", "{id}-old", "{title}", "Untitled {number}", "{id} 1", "Notes (no {number})")
#: Other ways to say the same.
RETYPED: tuple[tuple[str, str], ...] = (
    (r"^type: .*$", "type: incident"),
    (r"^type: .*$", 'type: "incident"'),
    (r"^type: .*$", "type: Incident"),
    (r"^id: (\w\S+)$", r"id: '\1'"),
    (r"^id: '(\S+)'$", r"id: \1"),
    (r"^status: (\w+)$", r'status: "\1"'),
    (r"^status: \"(\w+)\"$", r"status: \1"),
    (r"\Z", "\nA line of a writer.\n"),
)
#: What makes a note no incident, or not certainly one, until it is set right again.
SPOILT: tuple[tuple[str, str], ...] = (
    (r"^type: .*$", "type: meeting"),
    (r"^type: .*\n", ""),
    (r"^type: .*$", "type: [incident]"),
    (r"^id: .*\n", ""),
    (r"^id: .*$", "id: INC-2026"),
    (r"^status: .*$", "status: investigat"),
    (r"^status: .*\n", ""),
    (r"^---\n", "----\n"),
    (r"\A[\s\S]*\Z", ""),
)
READS = (
    "list --all",
    "status",
    "search fish",
    "show last",
    "check",
    "next",
    "report",
    "timeline",
    "list --json",
    "comms due",
    "status last",
)
#: A command, and which note it may change; nothing for the one that is open and has to be found without being named.
WRITES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("log", "seen {n}"), OPEN),
    (("log", "-i", OPEN, "seen {n}"), OPEN),
    (("log", "-i", "02", "seen {n}"), OPEN),
    (("log", "-i", "1123-02", "seen {n}"), OPEN),
    (("log", "-i", OVER, "seen {n}"), OVER),
    (("log", "-i", CLOSED, "seen {n}"), CLOSED),
    (("log", "-i", HIDDEN, "seen {n}"), HIDDEN),
    (("severity", "sev2", "again {n}"), OPEN),
    (("severity", "-i", "02", "sev{s}", "again {n}"), OPEN),
    (("set", "-i", OPEN, "trigger=word {n}"), OPEN),
    (("role", "scribe", "me"), OPEN),
    (("action", "add", "look at {n}"), OPEN),
    (("tell", "team", "we look {n}"), OPEN),
    (("effort", "5m"), OPEN),
    (("cost", "refunds", "12", "CHF"), OPEN),
    (("resource", "request", "a specialist {n}"), OPEN),
    (("escalate", "--to", "gita", "nobody answers {n}"), OPEN),
    (("comms", "draft", "team", "status-update"), OPEN),
    (("comms", "draft", "-i", "02", "users"), OPEN),
    (("set", "-i", OVER, "trigger=word {n}"), OVER),
    (("follow-up", "add", "-i", OVER, "mend {n}"), OVER),
)


class Held(NamedTuple):
    """A note as it is: where it lies, and its bytes."""

    path: str
    data: bytes


class World:
    """A vault and those who move its notes about."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.chance = random.Random(seed)
        self.number = 0
        self.uids: dict[str, str] = {}
        run(root.parent, "init", str(root))
        for title, then in (
            ("Checkout is slow", [("ack",), ("resolve", "by itself")]),
            ("Sign-in codes", []),
            (
                "Search is empty",
                [("resolve", "-i", CLOSED, "by itself"), ("close", "-i", CLOSED, "--force", "--reason", "old")],
            ),
            (f"{SECRET} is gone", [("restrict", HIDDEN)]),
        ):
            assert self.run("open", title, "-s", "sev3").returncode == 0
            for words in then:
                assert self.run(*words).returncode == 0, words
        assert self.run("ack", "-i", OPEN).returncode == 0
        for which, each in ((OVER, 1), (OPEN, 2), (CLOSED, 3), (HIDDEN, 4)):
            (path,) = root.rglob(f"{which}.md")
            found = re.search(r"^uid: (\S+)$", path.read_text(), re.MULTILINE)
            assert found, each
            self.uids[which] = found[1]
            path.write_text(path.read_text().replace("## Timeline", f"%% {found[1]} %%\n## Timeline", 1))

    def run(self, *words: str) -> CompletedProcess[str]:
        return run(self.root, *words)

    def notes(self) -> Mapping[str, Held]:
        """Return the notes of incidents by id: known by a remark in their text that no retyping takes away."""
        texts = {path: path.read_bytes() for path in self.root.rglob("*.md") if ".incident" not in path.parts}
        return {
            which: Held(str(path.relative_to(self.root)), data)
            for which, uid in self.uids.items()
            for path, data in texts.items()
            if f"%% {uid} %%".encode() in data
        }

    def companions(self) -> Mapping[str, bytes]:
        """Return every other note of the vault."""
        marks = [f"%% {uid} %%".encode() for uid in self.uids.values()]
        texts = {path: path.read_bytes() for path in self.root.rglob("*.md") if ".incident" not in path.parts}
        return {
            str(path.relative_to(self.root)): data
            for path, data in texts.items()
            if not any(mark in data for mark in marks)
        }

    def move(self, which: str) -> str:
        """Move or rename a note as a file manager does, and return what was done."""
        old = self.root / self.notes()[which].path
        title = SECRET if which == HIDDEN else f"about {which[-2:]}"
        self.number += 1
        name = self.chance.choice(NAMES).format(id=which, title=title, number=self.number)
        folders = [each for each in FOLDERS if "restricted" not in each or which == HIDDEN]
        new = self.root / self.chance.choice(folders) / f"{name}.md"
        new.parent.mkdir(parents=True, exist_ok=True)
        if not new.exists():
            os.rename(old, new)
        return f"{old.relative_to(self.root)} → {new.relative_to(self.root)}"

    def retype(self, which: str, ways: tuple[tuple[str, str], ...]) -> tuple[str, Held]:
        """Write a property of a note in another way, and return what was done, and the note as it was."""
        held = self.notes()[which]
        pattern, text = self.chance.choice(ways)
        place = self.root / held.path
        place.write_text(re.sub(pattern, text, held.data.decode(), count=1, flags=re.MULTILINE))
        return f"{held.path}: {pattern} → {text}", held

    def write(self, told: str, *, must: bool, spoilt: str | None = None, lies: str = "") -> None:
        """Run a command that writes; it may change what is meant and nothing else, and must where the note is sound.

        Args:
            told: What was done before.
            must: Whether every note is sound, so that the command has to succeed.
            spoilt: Whose note is not.
            lies: Where that note is.
        """
        self.number += 1
        words, meant = self.chance.choice(WRITES)
        words = tuple(word.format(n=self.number, s=2 + self.number % 2) for word in words)
        before, beside = self.notes(), self.companions()
        done = self.run(*words)
        after = self.notes()
        said = f"{told}\n{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        changed = {which for which in before if which != spoilt and before[which].data != after[which].data}
        assert changed <= {meant}, said
        assert all(before[which].path == after[which].path for which in before if which != spoilt), said
        made = {path for path, data in self.companions().items() if beside.get(path) != data and path != lies}
        assert all(os.path.basename(path).startswith(f"{meant} ") for path in made), said
        if must:
            assert done.returncode == 0, said
        if done.returncode:
            assert (changed, made) == (set(), set()), said
        if HIDDEN not in words:
            assert SECRET not in done.stdout + done.stderr, said

    def read(self, told: str) -> None:
        """Run a command that reads; it tells nothing of what is restricted, and changes nothing."""
        words = self.chance.choice(READS).split()
        before = self.notes()
        done = self.run(*words)
        assert SECRET not in done.stdout + done.stderr, (told, words, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, (told, words, done.stderr)
        assert self.notes() == before


def run(folder: Path, *words: str) -> CompletedProcess[str]:
    environment = {
        **os.environ,
        "INCIDENT_NOW": NOW,
        "INCIDENT_USER": "alice",
        "INCIDENT_VAULT": str(folder),
        "XDG_CACHE_HOME": str(folder.parent / "cache"),
    }
    return call(*words, env=environment, cwd=folder.parent)


@pytest.mark.parametrize("seed", range(4))
def test_a_command_writes_into_the_incident_that_is_meant_or_nowhere(tmp_path: Path, seed: int, long: bool) -> None:
    world = World(tmp_path / "kb", seed)
    for _ in range(250 if long else 20):
        which = world.chance.choice((OVER, OPEN, OPEN, OPEN, CLOSED, HIDDEN))
        kind = world.chance.random()
        if kind < 0.7:
            told = world.move(which)
            if world.chance.random() < 0.3:
                told += "; " + world.move(world.chance.choice((OVER, OPEN, CLOSED, HIDDEN)))
            world.write(told, must=True)
        elif kind < 0.85:
            told, _ = world.retype(which, RETYPED)
            world.write(told, must=True)
        else:
            told, held = world.retype(which, SPOILT)
            world.write(told, must=False, spoilt=which, lies=held.path)
            lies = world.root / held.path
            lies.write_bytes(held.data)
        world.read(told)
    assert world.run("check", "--restricted").returncode in {0, 5}
