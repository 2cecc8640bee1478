from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, NamedTuple

import pytest

from okb_incident.cli.main import run
from okb_incident.cli.table import usage_of
from okb_incident.vault.disk import exchange
from okb_incident.vault.journal.store import Journal
from okb_incident.workflow.call import Call
from okb_incident.workflow.request import Shared, Typed
from okb_incident.workflow.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from okb_incident.workflow.request import Person

NOW = "2026-11-23T12:00:00Z"
FIRST = "incidents/2026/INC-20261123-01.md"


class Answer(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


class Desk:
    """A vault with one incident, and commands on it in this process.

    Attributes:
        root: The vault.
        note: The incident's note.
    """

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.note = root / FIRST
        self._capsys = capsys

    def __call__(self, *words: str, who: str = "alice", code: int | None = 0) -> Answer:
        """Run a command, and hold it to an exit code."""
        self._capsys.readouterr()
        came = run(["--vault", str(self.root), "--as", who, *words])
        answer = Answer(came, *self._capsys.readouterr())
        assert code is None or answer.code == code, answer
        return answer

    @property
    def journal(self) -> Journal:
        return Journal.here(str(self.root))

    def session(self, who: str = "alice") -> Session:
        return Session.start(str(self.root), who)

    def call(
        self, verb: str, *words: str, who: str = "alice", ask: Person | None = None, dry_run: bool = False
    ) -> Call:
        """Return a call of a verb, as a command line makes it."""
        return Call(
            self.session(who),
            Typed(verb, words),
            usage=usage_of(verb),
            shared=Shared(dry_run=dry_run),
            writes=True,
            person=ask,
            question=ask,
        )

    def type(self, old: str, new: str) -> None:
        """Change the note as a writer does."""
        text = self.note.read_text()
        assert old in text
        self.note.write_text(text.replace(old, new, 1))

    def entries(self) -> list[str]:
        """Name what commands did, oldest first."""
        return [entry.command.removeprefix("incident ") for entry in self.journal.entries()]

    def all(self) -> dict[str, bytes]:
        """Give every file but the lock, which each command signs."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and path.name != "lock"
        }

    def die_after_swap(self, number: int, *words: str) -> None:
        """Run a command in a process that dies when it has swapped that many notes."""
        process = os.fork()
        if not process:
            ordinary, link, swaps = exchange.exchange, os.link, []

            def swap(temp: str, path: str) -> None:
                ordinary(temp, path)
                swaps.append(path)
                if len(swaps) == number:
                    os._exit(137)

            def give_name(temp: str, path: str, **options: bool) -> None:
                link(temp, path, **options)
                if path.endswith(".md"):
                    swaps.append(path)
                if len(swaps) == number:
                    os._exit(137)

            vars(exchange)["exchange"] = swap
            vars(os)["link"] = give_name
            run(["--vault", str(self.root), "--as", "alice", *words])
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 137
        assert len(self.journal.intents()) == 1

    def git(self, *words: str) -> None:
        names = ("-c", "user.name=Bob", "-c", "user.email=b@x")
        subprocess.run(["git", *names, *words], cwd=self.root, capture_output=True, check=True)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A vault with one open incident that nobody has acknowledged."""
    monkeypatch.setenv("INCIDENT_NOW", NOW)
    root = tmp_path / "kb"
    assert run(["init", str(root)]) == 0
    desk = Desk(root, capsys)
    desk("open", "Checkout is slow", "-s", "sev3")
    return desk


@pytest.fixture
def another_machine(desk: Desk) -> Callable[[], Journal]:
    """Let what was done so far have been done by another machine that shares the folder."""

    def move() -> Journal:
        other = Journal(str(desk.root), "another")
        os.rename(desk.journal.place(), other.place())
        return other

    return move
