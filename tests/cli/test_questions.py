"""Questions at a real terminal: how each is left, and that leaving one changes nothing."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
from typing import NamedTuple

import pytest
from tests.cli.conftest import NOW
from tests.cli.typing import take_terminal, wait_until_it_waits
from tests.shell import call

PATIENCE = 120
"""Seconds after which a command is taken to hang."""
ENTER, CTRL_C, CTRL_D = "\r", "\x03", "\x04"


class Question(NamedTuple):
    """A question, and the command that puts it.

    Attributes:
        words: The command.
        asked: What the question says.
        skips: What it says of Enter.
        code: The exit code where it is skipped.
    """

    words: tuple[str, ...]
    asked: str
    skips: str = "(Enter to skip)"
    code: int = 2


SAFE = "[y/N]"
QUESTIONS = {
    "resolve": Question(("resolve", "-i", "01"), "What happened, in a sentence or two?", code=0),
    "resolve cause": Question(("resolve", "-i", "01", "--summary", "It was slow."), "What was the cause?", code=0),
    "resolve fix": Question(
        ("resolve", "-i", "01", "--summary", "It was slow.", "--cause", "change"), "What fixed it?", code=0
    ),
    "which incident": Question(("ack",), "Which one?", code=4),
    "number or text": Question(("log", "01", "pods restarted"), "Which one?", code=4),
    "mistyped kind": Question(("log", "-i", "01", "decison: roll back"), "log it as decision?", code=0),
    "audience": Question(("tell", "-i", "01", "Cards fail."), "Who gets the update?"),
    "severity": Question(("severity", "-i", "01"), "Which severity?"),
    "role": Question(("role", "-i", "01"), "Which role"),
    "reason": Question(("decline", "-i", "01"), "Why?"),
    "option": Question(("mitigate", "-i", "01", "--at"), "--at: When it happened"),
    "title": Question(("open",), "What has happened?"),
    "value": Question(("set", "-i", "01", "cause"), "Cause?"),
    "traffic light": Question(("open", "Break-in", "--category", "security"), "Who may know of the incident", code=0),
    "traffic light of a source": Question(
        ("open", "Break-in", "--source", "security"), "Who may know of the incident", code=0
    ),
    "traffic light of a change": Question(
        ("set", "-i", "01", "detected_by=security"), "Who may know of the incident", code=0
    ),
    "services": Question(("open", "Cards fail", "--category", "service"), "Which services are affected?", code=0),
    "assessment": Question(("assess", "-i", "01"), "does it reach?", code=0),
    "undo": Question(("undo",), "undo open", SAFE, 7),
    "requirement": Question(("close", "-i", "03"), "What was checked?", code=7),
    "data": Question(("data-loss", "-i", "01"), "?"),
    "check": Question(("verify", "-i", "01"), "?"),
    "name": Question(("action", "done", "-i", "01"), "Which action?"),
    "follow-up": Question(("follow-up", "set", "-i", "01"), "Which follow-up?"),
    "team": Question(("team", "activate", "-i", "01"), "?"),
    "resource": Question(("resource", "request", "-i", "01"), "?"),
    "merge": Question(("merge",), "?"),
    "expectation": Question(("expect", "-i", "01"), "?"),
}


class Person:
    """Somebody at a terminal of their own, at which a command runs."""

    def __init__(self, incident, vault, words, more=None):
        self._terminal, theirs = pty.openpty()
        self.shown = ""
        self._process = subprocess.Popen(
            [str(incident), "--vault", str(vault), *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={
                **os.environ,
                "INCIDENT_NOW": NOW,
                "INCIDENT_USER": "alice",
                "TERM": "xterm",
                "COLUMNS": "200",
                **(more or {}),
            },
            start_new_session=True,
            preexec_fn=take_terminal,  # noqa: PLW1509 - nothing of Python runs after it but the command
        )
        os.close(theirs)

    def sees(self, text):
        """Read until the command shows a text."""
        while text not in self.shown:
            assert self._more(), f"{text!r} is not shown: {self.shown}"

    def types(self, keys):
        if keys == CTRL_C:
            wait_until_it_waits(self._process.pid)
        os.write(self._terminal, keys.encode())

    def leaves(self):
        """Return the exit code, once all that is shown has been read."""
        while self._more():
            pass
        os.close(self._terminal)
        return self._process.wait(PATIENCE)

    def _more(self):
        ready, _, _ = select.select([self._terminal], [], [], PATIENCE)
        assert ready, f"it hangs: {self.shown}"
        try:
            more = os.read(self._terminal, 4096)
        except OSError:
            return False  # on Linux, the end of a terminal that nobody holds open any more
        self.shown += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", more.decode(errors="replace")).replace("\r\n", "\n")
        return bool(more)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A vault with three incidents: two that nobody has acknowledged, and one that is resolved."""
    folder = tmp_path_factory.mktemp("made") / "kb"
    env = {**os.environ, "INCIDENT_NOW": NOW, "INCIDENT_USER": "alice", "INCIDENT_VAULT": str(folder)}
    for words in (
        ("init", str(folder)),
        ("open", "Checkout is slow", "-s", "sev2"),
        ("action", "add", "-i", "01", "look at the pool"),
        ("follow-up", "add", "-i", "01", "an alarm"),
        ("open", "Mail is slow", "-s", "sev4"),
        ("open", "Search is down", "-s", "sev2", "--ack"),
        ("resolve", "-i", "03"),
        ("open", "Wrong", "-s", "sev4"),
    ):
        assert call(*words, env=env).returncode == 0, words
    return folder


@pytest.fixture
def asked(made, incident, tmp_path):
    """Run the command of a question in a copy of that vault until it asks; with what tells whether the notes have changed."""
    vault = shutil.copytree(made, tmp_path / "kb", symlinks=True)

    def notes():
        return {path: path.read_bytes() for path in sorted((vault / "incidents").rglob("*.md"))}

    def ask(name):
        question = QUESTIONS[name]
        before = notes()
        person = Person(incident, vault, question.words)
        person.sees(question.asked)
        return person, lambda: notes() == before

    return ask


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_says_what_enter_does(asked, name):
    person, _ = asked(name)
    person.sees(QUESTIONS[name].skips)
    person.types(CTRL_C)
    person.leaves()


@pytest.mark.parametrize("keys", [CTRL_C, CTRL_D], ids=["Ctrl-C", "Ctrl-D"])
@pytest.mark.parametrize("name", QUESTIONS)
def test_whoever_leaves_a_question_leaves_the_command_and_nothing_is_changed(asked, name, keys):
    person, unchanged = asked(name)
    person.sees(QUESTIONS[name].skips)
    person.types(keys)
    if (name, keys) == ("mistyped kind", CTRL_D):
        # The words are typed already, and are not lost.
        assert person.leaves() == 0
        return
    assert person.leaves() == 130
    assert unchanged()
    assert person.shown.rstrip().endswith("incident: interrupted")


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_next_command_is_not_taken_for_an_answer(asked, name):
    person, _ = asked(name)
    person.types(f"incident ack 02{ENTER}")
    code = person.leaves()
    assert "not taken as an answer and not run, run it next: incident ack 02" in person.shown
    assert code == QUESTIONS[name].code
