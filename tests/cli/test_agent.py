"""A program that knows nothing but what `incident describe --json` prints runs a night, from the alarm to the review, and undoes.

It knows the names of the verbs that it wants, and the facts of its night. Which words and options a verb takes, which of them are needed,
which words are allowed and what the answer looks like it reads in the description; ids, names of items and entries of the journal it
takes from the answers before.
"""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = "2026-11-23T02:{:02}:00Z"


class Refusal(Exception):  # noqa: N818 - what a command printed, as the description says it looks
    """A command failed; holds the object that it printed."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.error = error


class Agent:
    """A program that runs `incident` by its description."""

    def __init__(self, incident: Path, folder: Path) -> None:
        self.program = str(incident)
        self.folder = folder
        self.minute = 0
        self.description = json.loads(self._run("describe", "--json").stdout)

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        self.minute += 1
        env = {name: value for name, value in os.environ.items() if not name.startswith("INCIDENT_")}
        return subprocess.run(
            [self.program, *words],
            cwd=self.folder,
            env=env | {"INCIDENT_NOW": START.format(self.minute), "INCIDENT_USER": "alice"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def command(self, name: str) -> dict[str, Any]:
        """Find a command by the words of its name."""
        found: dict[str, Any] = self.description
        for word in name.split():
            found = next(each for each in found["commands"] if each["name"] == word)
        return found

    def option(self, name: str, *, metavar: str | None = None, says: str = "", flag: bool = False) -> dict[str, Any]:
        """Find the option of a command by what it holds and what its help says."""
        return next(
            each
            for each in self.command(name)["options"]
            if each["flag"] == flag and (metavar is None or each["metavar"] == metavar) and says in each["help"].lower()
        )

    def do(self, name: str, words: dict[str, str], *options: str, incident: str | None = None) -> Any:
        """Run a command and return its answer, held to the schema that the description gives for it.

        Args:
            name: The command.
            words: The value of each positional that is given; one that is required and has a closed set takes its first word.
            options: The options, as they were found.
            incident: The id of the incident.
        """
        command = self.command(name)
        line = [*name.split(), self.option(name, flag=True, says="json")["names"][0]]
        if incident is not None:
            line += [self.option(name, metavar="REF", says="incident")["names"][0], incident]
        done = self._run(*line, *options, *self._words(command, words))
        if done.returncode:
            error = json.loads(done.stderr)
            self.hold("okb.error/1", error)
            raise Refusal(error["error"])
        answer = json.loads(done.stdout)
        self.hold(command["answer"], answer)
        return answer

    def follow(self, argv: list[str], text: str) -> Any:
        """Run a command that an answer offered, with the text that only its reader knows; return its answer."""
        name = argv[1]
        done = self._run(*argv[1:], text, self.option(name, flag=True, says="json")["names"][0])
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        self.hold(self.command(name)["answer"], answer)
        return answer

    @staticmethod
    def _words(command: dict[str, Any], words: dict[str, str]) -> Iterator[str]:
        unknown = set(words) - {each["name"] for each in command["positionals"]}
        assert not unknown, f"{command['name']} takes no {unknown}"
        for each in command["positionals"]:
            value = words.get(each["name"])
            if value is None and each["required"]:
                assert each["allowed"], f"{command['name']} needs {each['name']}"
                value = each["allowed"][0]
            if value is not None:
                yield value

    def hold(self, reference: str, value: Any) -> None:
        """Hold a value to a schema among those of the description."""
        documents = {each["$id"]: each for each in self.description["schemas"]}
        bundle = {"$ref": reference, "$defs": documents}
        Draft202012Validator(bundle, format_checker=FormatChecker()).validate(value)

    def closed(self, name: str) -> Iterator[str]:
        """Return every option of a command that takes a word of a closed set, with the first such word."""
        for each in self.command(name)["options"]:
            if each["allowed"]:
                yield from (each["names"][0], each["allowed"][0])


def made(answer: dict[str, Any], kind: str) -> str:
    """Return the name of the one thing of a kind that a command made."""
    (name,) = (each["name"] for each in answer["made"] if each["kind"] == kind)
    return str(name)


def moved(answer: dict[str, Any], name: str) -> tuple[Any, Any]:
    """Return the value of a property before and after a command."""
    (change,) = (each for each in answer["changes"] if each["property"] == name)
    return change["from"], change["to"]


@pytest.fixture
def agent(incident: Path, tmp_path: Path) -> Agent:
    folder = tmp_path / "kb"
    folder.mkdir()
    found = Agent(incident, folder)
    answer = found.do("init", {})
    assert answer["vault"] == str(folder)
    return found


def test_a_night_by_its_description(agent: Agent) -> None:
    # The alarm.
    worst = agent.description["notes"]["severities"][0]["name"]
    opened = agent.do("open", {"TITLE": "Card payments fail"}, *_severity(agent, "open", worst))
    which = made(opened, "incident")
    assert (opened["id"], opened["severity"], opened["warnings"]) == (which, "SEV1", [])
    assert agent.do("list", {})[0]["path"] == opened["made"][0]["path"]
    acknowledged = agent.do("ack", {}, incident=which)
    assert moved(acknowledged, "status") == ("triage", "investigating")
    assert moved(acknowledged, "acknowledged") == (None, acknowledged["acknowledged"])

    # A suspicion, and what came of it; the form of the line is among the examples of its kind.
    kinds = next(each["allowed"] for each in agent.command("log")["positionals"] if each["name"] == "KIND:")
    suspicion = agent.do(
        "log", {"KIND:": kinds[kinds.index("hypothesis:")], "WORDS": "the pool is too small"}, incident=which
    )
    name = made(suspicion, "hypothesis")
    agent.do("log", {"WORDS": f"{name} confirmed, 20 connections"}, incident=which)

    # Work, people and needs, each named by the answer before.
    action = made(agent.do("action add", {"TEXT": "roll back 4f2a"}, incident=which), "action")
    agent.do("action done", {"NAME": action}, incident=which)
    request = made(agent.do("resource request", {"TEXT": "a database specialist"}, incident=which), "request")
    agent.do("resource grant", {"NAME": request}, incident=which)
    handed = agent.do("role", {"ROLE": "commander", "WHO": "dan", "TEXT": "watch the error rate"}, incident=which)
    assert moved(handed, "commander") == ("alice", "dan")
    assert handed["made"] == []

    # Every audience hears of it.
    audiences = next(each["allowed"] for each in agent.command("tell")["positionals"] if each["name"] == "AUDIENCE")
    messages = {
        audience: made(
            agent.do("tell", {"AUDIENCE": audience, "TEXT": "Card payments fail."}, incident=which), "message"
        )
        for audience in audiences
    }
    assert list(messages.values()) == ["u1", "u2", "u3", "u4"]
    assert agent.do("comms show", {"uN": messages["users"]}, incident=which)["audience"] == "users"
    agent.do("comms amend", {"uN": messages["users"], "TEXT": "Wallets fail as well."}, incident=which)

    # It ends: what is due says how, as argument vectors.
    agent.do("mitigate", {"WORDS": "rolled back"}, incident=which)
    check = agent.do("verify", {"KIND": "recovery", "WHAT": "errors below 0.1 %"}, incident=which)
    assert made(check, "check") == "v1"
    resolved = agent.do("resolve", {"WORDS": "rolled back 4f2a"}, *agent.closed("resolve"), incident=which)
    assert moved(resolved, "status") == ("monitoring", "resolved")
    assert moved(resolved, "cause")[1] in next(
        each["allowed"] for each in agent.description["notes"]["properties"] if each["name"] == "cause"
    )
    due = [each["argv"] for each in agent.do("next", {}, incident=which)]
    assert {argv[1] for argv in due} >= {"tell", "review"}
    last_words = [agent.follow(argv, "It works again.") for argv in due if argv[1] == "tell"]
    assert [made(each, "message") for each in last_words] == ["u5", "u6", "u7", "u8"][: len(last_words)]

    # The review, and what follows from it.
    owner = (agent.option("follow-up add", metavar="WHO", says="owner")["names"][0], "bob")
    day = (agent.option("follow-up add", metavar="DAY")["names"][0], "2026-12-08")
    added = agent.do(
        "follow-up add", {"TEXT": "alert on the pool"}, *agent.closed("follow-up add"), *owner, *day, incident=which
    )
    follow_up = made(added, "follow-up")
    agent.do("follow-up start", {"NAME": follow_up}, incident=which)
    review = agent.do("review new", {}, incident=which)
    assert (made(review, "review"), review["made"][0]["path"]) == ("review", agent.do("review list", {})[0]["path"])
    with pytest.raises(Refusal) as refused:
        agent.do("review submit", {}, incident=which)
    meanings = {each["code"]: each["meaning"] for each in agent.description["exit_codes"]}
    assert "does not allow" in meanings[refused.value.error["exit"]]
    over = [
        agent.option("review submit", flag=True, says="override")["names"][0],
        *(agent.option("review submit", says="reason")["names"][0], "the night was short"),
    ]
    submitted = agent.do("review submit", {}, *over, incident=which)
    assert moved(submitted, "state") == ("draft", "in-review")
    someone = agent.option("review approve", metavar="WHO", says="act as")["names"][0]
    agent.do("review approve", {}, *over, someone, "carol", incident=which)

    # Undone, the latest first, each by the entry that its own answer named.
    confirmed = agent.option("undo", flag=True, says="confirmation")["names"][0]
    again = agent.do("follow-up cancel", {"NAME": follow_up, "TEXT": "tracked elsewhere"}, incident=which)
    taken_back = agent.do("undo", {"ENTRY": again["entry"]}, confirmed)
    assert (taken_back["undone"], taken_back["incident"]) == (again["entry"], which)
    assert [(each["name"], each["state"]) for each in agent.do("follow-up list", {}, incident=which)] == [
        (follow_up, "begun")
    ]
    redone = agent.do("redo", {"ENTRY": taken_back["entry"]}, confirmed)
    assert redone["undone"] == again["entry"]
    agent.do("undo", {"ENTRY": handed["entry"]}, confirmed)
    shown = agent.do("show", {}, incident=which)
    assert shown["commander"] == "alice"
    assert [each["name"] for each in shown["hypotheses"]] == [name]
    assert shown["people"]["commander"] == ["alice"]


def _severity(agent: Agent, name: str, wanted: str) -> tuple[str, str]:
    """Find the option of a command that takes a severity by the words that it takes."""
    found = next(each for each in agent.command(name)["options"] if wanted in (each["allowed"] or ()))
    return found["names"][0], wanted


def test_what_is_not_allowed_is_refused_with_what_is(agent: Agent) -> None:
    which = made(agent.do("open", {"TITLE": "Search is slow"}), "incident")
    (allowed,) = (each["allowed"] for each in agent.command("severity")["positionals"] if each["name"] == "SEVERITY")
    with pytest.raises(Refusal) as refused:
        agent.do("severity", {"SEVERITY": "dreadful"}, incident=which)
    assert refused.value.error["allowed"] == allowed
    raised = agent.do("severity", {"SEVERITY": refused.value.error["allowed"][0]}, incident=which)
    assert moved(raised, "severity")[1] == allowed[0]
    agent.do("undo", {}, agent.option("undo", flag=True, says="confirmation")["names"][0])
    assert agent.do("show", {}, incident=which)["severity"] == "undetermined"
