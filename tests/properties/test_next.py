"""Random histories of incidents, and after each command: its ``next:`` line is the first of `next`, and what is due can be done.

Each command that `next` prints is run as the person it names. It exits with 0, or with 2 and names the word that is missing; then it is
run once more by somebody who answers each question. Either way its item is gone afterwards, or has another deadline.
"""

from __future__ import annotations

import json
import random
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from tests.shell import call

from okb_incident.cli.run import RunOptions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from subprocess import CompletedProcess

PEOPLE = ("alice", "bob", "carol", "dan")
SEVERITIES = ("sev1", "sev2", "sev3", "sev4", None)
CATEGORIES = (None, None, "system", "security", "performance", "service")
#: What somebody does who asks for no advice; `{n}` is a number that was not used before.
MOVES: tuple[tuple[str, ...], ...] = (
    ("ack",),
    ("severity", "sev1", "worse than it looked"),
    ("severity", "sev3", "few are hit"),
    ("role", "tech", "me"),
    ("role", "comms", "me"),
    ("role", "me"),
    ("role", "comms", "carol"),
    ("role", "commander", "dan", "watch the errors", "--handoff"),
    ("log", "seen {n} times"),
    ("log", "decision: roll back {n}"),
    ("log", "review: reviewed, in the meeting"),
    ("tell", "team", "We look at it."),
    ("tell", "users", "It is slow.", "--next", "30m"),
    ("tell", "stakeholders", "It is slow.", "--disclose"),
    ("comms", "withhold", "users", "the law says so"),
    ("action", "add", "roll back {n}", "--owner", "bob", "--due", "2d"),
    ("action", "add", "look at {n}", "--verify", "it is small"),
    ("action", "done", "a1"),
    ("resource", "request", "a specialist"),
    ("expect", "40m", "the index is being built"),
    ("set", "tlp=amber"),
    ("set", "visibility=restricted"),
    ("identify", "the pool is small"),
    ("mitigate", "rolled back"),
    ("verify", "recovery", "errors below 0.1 %", "ok"),
    ("verify", "recovery", "errors below 0.1 %", "fail"),
    ("resolve",),
    ("resolve", "--summary", "Cards failed.", "--cause", "change"),
    ("review", "new"),
    ("review", "new", "--reviewer", "dan", "--owner", "bob"),
    ("follow-up", "add", "an alarm {n}", "--kind", "tool"),
    ("reopen", "it is back"),
    ("set", "status=resolved", "--reason", "it was over"),
)
#: An editor whose user answers each question of a review, and ticks each box of an incident.
EDITOR = (
    "sed -i -E -e '/^%% computed %%$/! s/^%% .* %%$/It is known./' -e 's/^-[ ]*$/- a factor/' "
    "-e 's/^([0-9])\\. Why\\?$/\\1. Why? Because./' -e 's/^- \\[ \\] /- [x] /'"
)
#: What a person answers, by a part of the question; anything else is answered in words.
ANSWERS = {
    "--owner": "bob",
    "--reviewer": "dan",
    "--due": "7d",
    "--kind": "tool",
    "--at": "-1m",
    "when": "2h",
    "metric": "p95",
    "baseline": "250",
    "unit": "ms",
}
INCIDENTS_IN_A_VAULT = 20


class Somebody:
    """A person at a terminal who answers every question."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def line(self, prompt: str, allowed: Sequence[str] = ()) -> str:
        if allowed:
            return "ok" if "ok" in allowed else self.chance.choice([each for each in allowed if each != "undetermined"])
        return next((answer for part, answer in ANSWERS.items() if part in prompt), "it is as it was before")

    def agree(self, _question: str) -> bool:
        return True


#: An answer that changed nothing has no such line.


class History:
    """An incident to which things happen, and the clock by which they do."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root, self.chance = root, chance
        self.now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
        self.told: list[str] = []
        self.number = 0
        severity, category = chance.choice(SEVERITIES), chance.choice(CATEGORIES)
        words = ["open", "Card payments fail", *(["-s", severity] if severity else [])]
        words += ["--category", category] if category else []
        words += ["--ack"] if chance.random() < 0.3 else []
        opened = self.run(*words, "--json")
        assert opened.returncode == 0, opened.stderr
        self.id = json.loads(opened.stdout)["id"]

    def run(self, *words: str, who: str = "alice", asks: bool = False) -> CompletedProcess[str]:
        """Run a command as somebody, who answers where it asks."""
        env = {
            "INCIDENT_VAULT": str(self.root),
            "INCIDENT_NOW": self.now.isoformat().replace("+00:00", "Z"),
            "INCIDENT_USER": who,
            "HOME": str(self.root),
            "XDG_CACHE_HOME": str(self.root.parent / "cache"),
            "XDG_CONFIG_HOME": str(self.root.parent / "config"),
            "PATH": "/usr/bin:/bin",
            "EDITOR": EDITOR,
            "NO_COLOR": "1",
        }
        self.told.append(f"{env['INCIDENT_NOW']} @{who}: {words}")
        person = Somebody(self.chance)
        with (
            patch.object(RunOptions, "may_ask", new=asks),
            patch("okb_incident.cli.verb.person", lambda: person),
            patch("okb_incident.cli.missing.person", lambda: person),
        ):
            return call(*words, env=env)

    def due(self, who: str = "alice") -> list[dict[str, Any]]:
        """Return what is due."""
        done = self.run("next", self.id, "--json", who=who)
        self.told.pop()
        assert done.returncode == 0, self.story(done)
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def pass_time(self) -> None:
        """Let anything from no time to a few days go by."""
        self.now += timedelta(minutes=self.chance.choice((0, 0, 1, 4, 9, 25, 61, 300, 2000)))

    def move(self) -> None:
        """Do something, and look at what its answer says is next."""
        self.number += 1
        verb, *rest = self.chance.choice(MOVES)
        group = [verb, rest.pop(0)] if verb in {"comms", "action", "resource", "review", "follow-up"} else [verb]
        who = self.chance.choice(PEOPLE)
        done = self.run(*group, "-i", self.id, *(each.format(n=self.number) for each in rest), who=who)
        assert done.returncode in {0, 2, 4, 7}, self.story(done)
        self.look(done, who)

    def look(self, done: CompletedProcess[str], who: str) -> None:
        """Hold the ``next:`` line of an answer against what is due."""
        hints = re.findall(r"^next(?:, for [^:]+)?: (incident [^,\n]*)", done.stdout, re.MULTILINE)
        if done.returncode:
            return
        due = self.due(who)
        wanted = [due[0]["command"]] if due else []
        assert hints == wanted, self.story(done)

    def work_off(self, item: dict[str, Any]) -> None:
        """Run the command of an item as the person it names, and see that the item is gone."""
        others = [each for each in PEOPLE if each != item["other_than"]]
        who = item["who"] or self.chance.choice(others)
        # An update that is given in the moment of the last one would promise the same.
        self.now += timedelta(seconds=1)
        words = item["argv"][1:]
        done = self.run("--no-input", *words, who=who)
        if done.returncode == 2:
            assert "is missing: " in done.stderr or "requires an argument" in done.stderr, self.story(done)
            done = self.run(*words, who=who, asks=True)
        assert done.returncode == 0, self.story(done)
        # What is owed again and again has another deadline then.
        left = [(each["item"], each["by"]) for each in self.due(who)]
        assert (item["item"], item["by"]) not in left, f"{item}\n{self.story(done)}"
        if "review" not in words:
            self.look(done, who)

    def story(self, done: CompletedProcess[str]) -> str:
        """Return what happened, for whoever has to find out why."""
        return "\n".join((*self.told, done.stdout, done.stderr, str(done.returncode)))


@pytest.mark.parametrize("part", range(4))
def test_what_is_next_can_be_done_and_is_done_then(tmp_path: Path, part: int, long: bool) -> None:
    live(tmp_path, seed=part, histories=2_500 if long else 3)


def live(folder: Path, *, seed: int, histories: int) -> None:
    """Let so many incidents live, a few in a vault."""
    for number in range(histories):
        root = folder / f"kb {number // INCIDENTS_IN_A_VAULT}"
        if number % INCIDENTS_IN_A_VAULT == 0:
            made = call("init", str(root), env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "INCIDENT_USER": "alice"})
            assert made.returncode == 0, made.stderr
        chance = random.Random(f"{seed}/{number}")
        history = History(root, chance)
        for _ in range(chance.randrange(2, 12)):
            history.pass_time()
            due = history.due()
            if due and chance.random() < 0.6:
                history.work_off(due[0] if chance.random() < 0.5 else chance.choice(due))
            else:
                history.move()
