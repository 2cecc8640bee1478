"""What `describe --json` says of words and options is what the commands take."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator
from tests.cli.test_scripts import ID, NOW, TRIED, built, kb  # noqa: F401 - fixtures
from tests.verbs import TYPED
from typer.main import get_command

from okb_incident.cli.describe import program
from okb_incident.cli.main import app
from okb_incident.cli.vocabulary import SOURCES

ENV = {"INCIDENT_NOW": NOW, "INCIDENT_USER": "alice"}


def commands():
    """Return every command of the description by its full name."""
    for each in program()["commands"]:
        yield each["name"], each
        yield from ((f"{each['name']} {below['name']}", below) for below in each["commands"])


def closed_options():
    for name, command in commands():
        for option in command["options"]:
            if option["allowed"]:
                yield pytest.param(
                    name, max(option["names"], key=len), option["allowed"], id=f"{name} {option['names'][0]}"
                )


def words_of(name: str) -> list[str]:
    """Return what is typed to try a command."""
    words = list(TYPED.get(name, ()))
    words = [*name.split(), "-i", ID, *words] if name in TYPED else list(TRIED.get(name, name.split()))
    cut = words.index("--") if "--" in words else len(words)
    return words[:cut] if name != "run" else words


@pytest.mark.parametrize(("name", "option", "allowed"), list(closed_options()))
def test_an_option_refuses_every_other_word(run, kb, name, option, allowed):  # noqa: F811 - a fixture
    words = words_of(name)
    at = words.index("--") if "--" in words else len(words)
    # `run` prints what its command prints, and --json is a format of the report.
    as_json = [] if name in {"run", "report"} else ["--json"]
    done = run(*words[:at], option, "frobnicate", *as_json, *words[at:], vault=kb, env=ENV)
    assert done.returncode == 2, done.stderr
    if as_json:
        assert json.loads(done.stderr)["error"]["allowed"] == allowed
    else:
        assert ", ".join(allowed) in done.stderr


POSITIONALS = {
    "severity": ("SEVERITY", ["severity", "-i", ID, "frobnicate"]),
    "tell": ("AUDIENCE", ["tell", "-i", ID, "frobnicate", "a text of some words"]),
    "comms draft": ("AUDIENCE", ["comms", "draft", "-i", ID, "frobnicate"]),
    "comms withhold": ("AUDIENCE", ["comms", "withhold", "-i", ID, "frobnicate", "x"]),
    "role": ("ROLE", ["role", "-i", ID, "frobnicate", "carol"]),
    "review feedback": ("SCORE", ["review", "feedback", "-i", ID, "7"]),
    "verify": ("KIND", ["verify", "-i", ID, "frobnicate", "x", "ok"]),
    "data-loss": ("none|some|unknown", ["data-loss", "-i", ID, "frobnicate"]),
    "completion": ("SHELL", ["completion", "frobnicate"]),
}


@pytest.mark.parametrize("name", POSITIONALS)
def test_a_positional_refuses_every_other_word(run, kb, name):  # noqa: F811 - a fixture
    part, words = POSITIONALS[name]
    known = dict(commands())[name]
    (allowed,) = (each["allowed"] for each in known["positionals"] if each["name"] == part)
    as_json = ["--json"] if any("--json" in each["names"] for each in known["options"]) else []
    done = run(*words, *as_json, vault=kb, env=ENV)
    assert done.returncode == 2, done.stderr
    if as_json:
        assert json.loads(done.stderr)["error"]["allowed"] == allowed
    else:
        assert ", ".join(allowed) in done.stderr


def test_every_source_is_used():
    """A command or an option that was renamed would take its words with it unseen."""
    known = dict(commands())
    named = {
        f"{name} {part}"
        for name, each in known.items()
        for part in (*(n for o in each["options"] for n in o["names"]), *(p["name"] for p in each["positionals"]))
    }
    unused = [key for key in SOURCES if not any(each == key or each.endswith(f" {key}") for each in named)]
    assert unused == []


LISTED = re.compile(r": (?:[a-z][\w-]*, )*[a-z][\w-]* or [a-z][\w-]*[.;]?$")
"""Help that ends in a list of words."""


def test_whatever_lists_its_words_in_its_help_has_them_in_the_description():
    lacking = [
        f"{name} {option['names'][0]}"
        for name, command in commands()
        for option in command["options"]
        if LISTED.search(option["help"] or "") and not (option["allowed"] or option["flag"])
    ]
    assert lacking == []


def test_properties_say_what_they_hold(run, kb):  # noqa: F811 - a fixture
    for known in program(str(kb))["notes"]["properties"]:
        if known["allowed"] and known["name"] not in {"status", "severity", "nature", "visibility"}:
            done = run("set", "-i", ID, f"{known['name']}=frobnicate", "--json", vault=kb, env=ENV)
            assert (done.returncode, json.loads(done.stderr)["error"]["allowed"]) == (2, known["allowed"]), known


def test_the_words_are_those_of_the_vault(run, kb):  # noqa: F811 - a fixture
    with (kb / "incident.toml").open("a") as file:
        file.write('\n[vocabulary]\ncause = ["weather", "squirrel"]\n')
    told = json.loads(run("describe", "resolve", "--json", vault=kb).stdout)
    assert [each["allowed"] for each in told["options"] if "--cause" in each["names"]] == [["weather", "squirrel"]]
    away = json.loads(
        run("describe", "resolve", "--json", vault=None, env={"HOME": str(kb.parent), "INCIDENT_VAULT": ""}).stdout
    )
    assert "change" in next(each["allowed"] for each in away["options"] if "--cause" in each["names"])
    assert run("describe", "--json", vault=kb / "incidents").returncode == 3


def test_a_usage_is_read_into_its_words():
    known = dict(commands())
    shown = {name: [(p["name"], p["required"], p["repeated"]) for p in known[name]["positionals"]] for name in known}
    assert shown["log"] == [("REF", False, False), ("KIND:", False, False), ("WORDS", True, True)]
    assert shown["relate"] == [("REF", True, False), ("REF", True, False)]
    assert shown["merge"] == [("FROM", True, True), ("INTO", False, False)]
    assert shown["run"] == [("REF", False, False), ("--", True, False), ("CMD", True, True)]
    assert shown["cost"][1:] == [
        ("WHAT", False, False),
        ("AMOUNT", False, False),
        ("CURRENCY", False, False),
        ("TEXT", False, True),
    ]
    assert shown["similar"] == [("REF | TITLE", False, True)]
    assert shown["templates copy"] == [("NAME", True, False)]
    assert shown["undo"] == [("ENTRY", False, False)]
    assert [each["allowed"] for each in known["effort"]["positionals"]][2:] == [
        ["as"],
        ["commander", "tech", "comms", "scribe", "support", "management", "responder"],
    ]


def test_every_option_and_positional_is_described():
    root = get_command(app)
    for name, told in commands():
        command = root
        for word in name.split():
            command = command.commands[word]  # type: ignore[attr-defined]
        options = {o for each in command.params if each.param_type_name == "option" for o in each.opts} - {
            "--help",
            "-h",
        }
        assert options == {o for each in told["options"] for o in each["names"]}
        takes_words = any(each.param_type_name == "argument" for each in command.params)
        assert takes_words == bool(told["positionals"])


def test_one_command_carries_the_schemas_that_it_needs(run):
    told = json.loads(run("describe", "log", "--json", vault=None).stdout)
    documents = {each["$id"]: each for each in told["schemas"]}
    assert set(documents) == {"okb.answers/1", "okb.error/1"}
    assert set(documents["okb.answers/1"]["$defs"]) == {"log", "incident", "entry", "due", "made", "change"}
    for each in told["schemas"]:
        Draft202012Validator.check_schema(each)
    report = json.loads(run("describe", "report", "--json", vault=None).stdout)
    assert {each["$id"] for each in report["schemas"]} == {"okb.report/1", "okb.error/1"}
