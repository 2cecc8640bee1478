"""Words that only a person can say: no printed command stands in for them, a terminal is asked for them, a script is told which."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from unittest.mock import patch

import pytest
from tests.verbs import TYPED

import okb_incident
from okb_incident.cli.run import RunOptions
from okb_incident.cli.table import BY_NAME
from okb_incident.command import Command

#: A word in capitals, or one that leaves something out, stands for what a person has to put there.
PLACEHOLDER = re.compile(r"(?<![\w:-])(?!EU\b|CHF\b)[A-Z][A-Z_]+(?![\w:-])|^[TN]$|…|KEY=|=VALUE")
#: A command of ours inside a sentence.
IN_WORDS = re.compile(rf"\bincident ((?:--\w\S* )*(?:{'|'.join(BY_NAME)})\b[^;,.)\n]*)")

LACKING = {
    "open": ((), "TITLE", ["Search is down"]),
    "severity": ((), "SEVERITY", ["sev1"]),
    "log": ((), "WORDS", ["pool exhausted"]),
    "amend": ((), "ENTRY", ["e2", "seen twice"]),
    "set": ((), "KEY=VALUE", ["trigger=deploy 4f2a"]),
    "set cause": (("cause",), "the value of cause", ["change"]),
    "set started": (("started", "--correct"), "the value of started", ["11:40"]),
    "expect": ((), "T", ["40m"]),
    "role --handoff": (("--handoff",), "WHO", ["dan", "watch the errors"]),
    "role carol": (("carol",), "ROLE", ["comms"]),
    "tell Cards fail.": (("Cards fail.",), "AUDIENCE", ["users"]),
    "role": ((), "ROLE", ["comms", "carol"]),
    "decline": ((), "REASON", ["the probe was wrong"]),
    "verify": ((), "KIND", ["solution", "it holds", "ok"]),
    "verify solution ok": (("solution", "ok"), "WHAT", ["it holds"]),
    "verify solution it holds": (("solution", "it holds"), "ok|fail", ["ok"]),
    "data-loss": ((), "none|some|unknown", ["none"]),
    "tell": ((), "AUDIENCE", ["team", "It is slow."]),
    "tell team": (("team",), "TEXT", ["- it begins like an option"]),
    "comms draft": ((), "AUDIENCE", ["team"]),
    "comms amend": ((), "uN", ["u1", "Wallets fail too."]),
    "team activate": ((), "TEAM", ["database"]),
    "escalate": ((), "--to", ["gita", "nobody answers"]),
    "action add": ((), "TEXT", ["roll back"]),
    "action done": ((), "NAME", ["a1"]),
    "action cancel": (("a1",), "TEXT", ["the cause is elsewhere"]),
    "resource request": ((), "TEXT", ["a specialist"]),
    "follow-up add": ((), "TEXT", ["an alarm"]),
    "follow-up set": ((), "NAME", ["f1", "bob"]),
    "merge": ((), "FROM", ["01", "02"]),
    "relate": (("01",), "REF", ["02"]),
    "run": ((), "CMD", ["true"]),
    "search": ((), "a search term", ["slow"]),
}


class Answers:
    """A person who gives these answers, in this order; of the questions that are put, they keep the words."""

    def __init__(self, answers):
        self.left = list(answers)
        self.asked = []

    def line(self, prompt, _allowed=()):
        self.asked.append(prompt)
        return self.left.pop(0) if self.left else None

    def choose(self, _lines):
        return 0


@pytest.fixture
def at_terminal(run):
    """Run a command as at a terminal, with these answers."""

    def run_there(*words, vault, answers, env=None):
        person = Answers(answers)
        with (
            patch.object(RunOptions, "may_ask", new=True),
            patch("okb_incident.cli.verb.person", lambda: person),
            patch("okb_incident.cli.missing.person", lambda: person),
        ):
            return run(*words, vault=vault, env=env), person

    return run_there


@pytest.fixture
def furnished(run, vault):
    """The vault, with one of each thing that has a name."""
    for words in (
        ("open", "Search is down", "-s", "sev3"),
        ("ack", "01", "--at", "-2m"),
        ("log", "-i", "01", "seen"),
        ("action", "add", "-i", "01", "look at the pool"),
        ("follow-up", "add", "-i", "01", "an alarm", "--kind", "tool"),
        ("tell", "01", "users", "It is slow."),
    ):
        assert run(*words, vault=vault).returncode == 0
    return vault


def command_of(name):
    """Return the words of a verb of the table above, with its incident where it takes one."""
    verb = name if name in TYPED else name.split(" ")[0] if name.split(" ")[0] in {*TYPED, "open"} else name
    words, *_ = LACKING[name]
    takes_one = verb in TYPED
    return [*verb.split(), *(["-i", "INC-20261123-01"] if takes_one else []), *words]


@pytest.mark.parametrize("name", LACKING)
def test_a_script_is_told_which_word_is_missing(run, furnished, name):
    done = run(*command_of(name), vault=furnished)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith(f"incident: error: {LACKING[name][1]}")
    assert " is missing: " in done.stderr


@pytest.mark.parametrize("name", LACKING)
def test_a_person_is_asked_for_it(at_terminal, furnished, name):
    _, _, answers = LACKING[name]
    done, person = at_terminal(*command_of(name), vault=furnished, answers=answers)
    assert done.returncode == 0, done.stderr
    assert len(person.asked) >= len(answers)
    assert not person.left


@pytest.mark.parametrize("name", LACKING)
def test_who_answers_nothing_is_told_as_a_script_is(run, at_terminal, furnished, name):
    done, person = at_terminal(*command_of(name), vault=furnished, answers=[])
    assert (done.returncode, len(person.asked)) == (2, 1)
    assert done.stderr == run(*command_of(name), vault=furnished).stderr


@pytest.mark.parametrize(
    ("words", "answers", "came"),
    [
        (("resolve", "01", "--summary"), ["It was slow.", "change", "rolled back"], "It was slow."),
        (("close", "01", "--force", "--reason"), ["a test"], "a test"),
        (("close", "01", "--force"), ["a test"], "a test"),
        (("mitigate", "01", "--at"), ["11:59"], "mitigated: 2026-11-23T11:59:00"),
        (("follow-up", "set", "-i", "01", "f1", "--owner"), ["bob"], "[owner:: bob]"),
    ],
)
def test_the_value_of_the_last_option_is_asked_for(at_terminal, furnished, run, words, answers, came):
    if words[0] == "close":
        run("resolve", "01", vault=furnished)
    done, person = at_terminal(*words, vault=furnished, answers=answers)
    assert done.returncode == 0, done.stderr
    assert came in (furnished / "incidents/2026/INC-20261123-01.md").read_text()
    assert not person.left
    done = run(*words, vault=furnished)
    assert (done.returncode, words[-1].lstrip("-") in done.stderr) in {(2, True), (0, False)} or words[-1] == "--force"


def test_programs_dry_runs_and_who_wants_no_questions_are_not_asked(at_terminal, vault):
    for more in (["--json"], ["--dry-run"]):
        done, person = at_terminal("severity", *more, vault=vault, answers=["sev1"])
        assert (done.returncode, person.asked) == (2, [])
        done, person = at_terminal("ack", *more, "--at", vault=vault, answers=["11:58"])
        assert (done.returncode, person.asked) == (2, [])


# -- no printed command holds a placeholder ----------------------------------------------------------------------------


@pytest.fixture
def printed():
    """All commands that were made while the test ran, whoever printed them."""
    made = []
    new = Command.__new__

    def remembered(cls, *words, **options):
        command = new(cls, *words, **options)
        made.append(command)
        return command

    with patch.object(Command, "__new__", remembered):
        yield made


def faults(commands):
    return [each for each in commands for word in each if PLACEHOLDER.search(word)]


def test_every_verb_its_answers_and_its_refusals(run, furnished, printed):
    for name, words in TYPED.items():
        typed = [word for word in words if word != "-10m"]
        for reference in ((), ("-i", "INC-20261123-01"), ("-i", "INC-20261101-01")):
            ahead = [*name.split(), *reference]
            for each in (ahead, [*ahead, *typed]):
                done = run(*each, vault=furnished, env={"INCIDENT_USER": "bob"})
                assert not faulty_lines(done.stderr), each
    assert len({each[0] for each in printed}) > 10
    assert faults(printed) == []


def test_what_is_due_in_each_state(run, vault, printed):
    run("open", "Keys leak", "-s", "sev1", "--category", "security", vault=vault)
    run("open", "Pages are slow", "--category", "performance", vault=vault)
    for step in ("ack", "mitigate", "resolve"):
        for which in ("INC-20261123-01", "INC-20261123-02", "INC-20261123-03"):
            done = run("next", "-i", which, "--json", vault=vault, env={"INCIDENT_NOW": "2026-11-23T19:00:00Z"})
            assert not [word for each in json.loads(done.stdout) for word in each["argv"] if PLACEHOLDER.search(word)]
            run(step, "-i", which, vault=vault)
            run("close", "-i", which, vault=vault)
            run("review", "check", "-i", which, vault=vault)
    for words in (("report",), ("check",), ("list",), ("comms", "due", "--all"), ("doctor",), ("status",)):
        run(*words, vault=vault)
    assert len(printed) > 50
    assert faults(printed) == []


def faulty_lines(text):
    return [found[0] for found in IN_WORDS.finditer(text) if PLACEHOLDER.search(found[1])]


SOURCE = Path(okb_incident.__file__).parent


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_command_is_written_with_a_placeholder(path):
    tree = ast.parse(path.read_text())
    about = {id(docstring) for each in ast.walk(tree) if (docstring := _docstring(each))}
    for each in ast.walk(tree):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "Command":
            words = [
                part.value for part in ast.walk(each) if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
            assert not [word for word in words if PLACEHOLDER.search(word)], ast.unparse(each)
            # An option among the words would be taken for one of them.
            given = [part.value for part in each.args if isinstance(part, ast.Constant)]
            assert not [word for word in given if str(word).startswith("-")], ast.unparse(each)
        elif isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in about:
            assert "\n" in each.value or not faulty_lines(each.value), each.value


def _docstring(each):
    if isinstance(each, (ast.Module, ast.ClassDef, ast.FunctionDef)) and isinstance(each.body[0], ast.Expr):
        return each.body[0].value
    return None
