"""For programs: the description, the shapes of all answers, ids on stdin and hooks."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from tests.shell import call
from tests.verbs import TYPED
from typer.main import get_command

from okb_incident.cli.main import app
from okb_incident.cli.schemas import OTHERS, answers, of_aliases, schema
from okb_incident.cli.table import VERBS, is_group

NOW = "2026-11-23T02:00:00Z"
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
CSTATE = Path(__file__).parents[1] / "data" / "cstate-example"
ID = "INC-20261123-01"
OF_OLD = Path(__file__).parents[1] / "data" / "answers-of-2026-11.schema.json"
"""The schema as it was published in November 2026, before each command declared its own: no key of it may go or change."""

ANSWERS = answers()

SHAPES_THAT_CHANGED = {"team-list", "brief"}
"""Answers that had sentences for keys and values, or were an object where a list is meant; the changelog names them."""


def every_command():
    root = get_command(app)
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", {})
        yield from ((f"{name} {below}", each) for below, each in inner.items())
        if not inner or any(each.name == "as_json" for each in command.params):
            yield name, command


def test_groups_are_those_that_have_commands_of_their_own():
    root = get_command(app)
    assert {name for name, each in root.commands.items() if getattr(each, "commands", {})} == {  # type: ignore[attr-defined]
        verb.name for verb in VERBS if is_group(verb.name)
    }


def test_every_command_that_answers_a_program_has_a_shape():
    talking = {name for name, command in every_command() if any(each.name == "as_json" for each in command.params)}
    known = {*ANSWERS, *OTHERS}
    assert talking - known == set(), "declare the shape of these commands' answers with answers="
    assert known - talking == set()


def shapes(shape, at=()):
    """Return every type, enumeration, format and required key of a schema, each with its place."""
    if isinstance(shape, list):
        for place, each in enumerate(shape):
            yield from shapes(each, (*at, place))
    elif isinstance(shape, dict):
        for key, value in shape.items():
            if key == "required":
                yield from ((*at, key, each) for each in value)
            elif isinstance(value, (dict, list)):
                yield from shapes(value, (*at, key))
            elif key not in {"title", "description"}:
                yield (*at, key, value)


def test_keys_are_only_ever_added_to_the_answers():
    of_old = json.loads(OF_OLD.read_text("utf-8"))["$defs"]
    now = json.loads(json.dumps(schema()))["$defs"]
    kept = set(of_old) - SHAPES_THAT_CHANGED
    gone = {name: set(shapes(of_old[name])) - set(shapes(now.get(name, {}))) for name in kept}
    assert {name: lost for name, lost in gone.items() if lost} == {}


def test_the_published_schema_is_up_to_date():
    assert json.loads((SCHEMAS / "answers.schema.json").read_text("utf-8")) == json.loads(json.dumps(schema()))


def test_every_shape_is_well_formed():
    Draft202012Validator.check_schema(schema())


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Make a vault with two incidents, one of them at work in every way, once for all tests here."""
    folder = tmp_path_factory.mktemp("scripts") / "kb"
    env = {**os.environ, "INCIDENT_NOW": NOW, "INCIDENT_USER": "alice"}
    for words in (
        ("init", str(folder)),
        (
            "open",
            "Cards fail",
            "-s",
            "sev1",
            "--service",
            "checkout",
            "--category",
            "system",
            "--started",
            "-9m",
            "--ack",
        ),
        ("open", "Search slow", "-s", "sev3", "--source", "monitoring"),
        ("tell", ID, "users", "Cards fail.", "--next", "20m"),
        ("resource", "request", ID, "a specialist"),
        ("effort", ID, "45m"),
        ("cost", ID, "refunds", "12", "CHF"),
        ("log", "-i", ID, "seen from 203.0.113.7"),
    ):
        where = [] if words[0] == "init" else ["--vault", str(folder)]
        done = call(*where, *words, env=env)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def kb(built, tmp_path):
    """Give a copy of that vault, for one test."""
    return Path(shutil.copytree(built, tmp_path / "kb"))


TRIED = {
    "open": ("open", "A third"),
    "confirm": ("confirm", "02"),
    "ack": ("ack", "02"),
    "severity": ("severity", ID, "sev2"),
    "identify": ("identify", ID),
    "mitigate": ("mitigate", ID),
    "contain": ("contain", ID),
    "restore": ("restore", ID),
    "expect": ("expect", ID, "40m"),
    "data-loss": ("data-loss", ID, "none"),
    "verify": ("verify", ID, "solution", "x", "ok"),
    "resolve": ("resolve", "02"),
    "close": ("close", "02", "--force", "--reason", "x"),
    "reopen": ("reopen", ID, "x"),
    "decline": ("decline", "02", "x"),
    "log": ("log", "-i", ID, "x"),
    "amend": ("amend", ID, "mine", "y"),
    "set": ("set", ID, "cause=change"),
    "take": ("take", ID, "scribe"),
    "handoff": ("handoff", ID, "commander", "dan", "x"),
    "role": ("role", ID, "comms", "carol"),
    "escalate": ("escalate", ID, "--to", "gita", "x"),
    "effort": ("effort", ID, "5m"),
    "cost": ("cost", ID, "x", "1", "CHF"),
    "tell": ("tell", ID, "team", "x"),
    "restrict": ("restrict", "INC-20261123-02"),
    "unrestrict": ("unrestrict", "INC-20261123-02"),
    "show": ("show", ID),
    "team activate": ("team", "activate", ID, "payments"),
    "team joined": ("team", "joined", ID, "payments"),
    "team left": ("team", "left", ID, "payments"),
    "resource request": ("resource", "request", ID, "x"),
    "resource grant": ("resource", "grant", ID, "r1"),
    "resource refuse": ("resource", "refuse", ID, "r1", "no"),
    "action add": ("action", "add", ID, "x"),
    "action start": ("action", "start", ID, "a1"),
    "action done": ("action", "done", ID, "a1"),
    "action cancel": ("action", "cancel", ID, "a1", "x"),
    "merge": ("merge", "02", "01"),
    "relate": ("relate", "02", "01"),
    "list": ("list",),
    "search": ("search", "cards"),
    "similar": ("similar", ID),
    "board": ("board",),
    "timeline": ("timeline", ID),
    "next": ("next", "--all"),
    "status": ("status",),
    "brief": ("brief", ID),
    "comms due": ("comms", "due"),
    "who": ("who",),
    "team list": ("team", "list"),
    "resource list": ("resource", "list", ID),
    "action list": ("action", "list"),
    "indicators": ("indicators", ID),
    "check": ("check",),
    "init": ("init",),
    "config show": ("config", "show"),
    "config check": ("config", "check"),
    "config set": ("config", "set", "policy.silent_after", "4h"),
    "describe": ("describe",),
    "hooks": ("hooks",),
    "assess": ("assess", ID, "-s1", "--users", "~1200", "--action", "roll back"),
    "comms draft": ("comms", "draft", ID, "users", "status-update"),
    "comms approve": ("comms", "approve", ID, "u2"),
    "comms send": ("comms", "send", ID, "u2"),
    "comms amend": ("comms", "amend", ID, "u1", "Wallets too."),
    "comms list": ("comms", "list", ID),
    "comms show": ("comms", "show", ID),
    "comms outbox": ("comms", "outbox"),
    "follow-up add": ("follow-up", "add", ID, "x"),
    "follow-up set": ("follow-up", "set", ID, "f1", "--owner", "bob"),
    "follow-up start": ("follow-up", "start", ID, "f1"),
    "follow-up done": ("follow-up", "done", ID, "f1"),
    "follow-up cancel": ("follow-up", "cancel", ID, "f1", "x"),
    "follow-up list": ("follow-up", "list"),
    "review new": ("review", "new", "02"),
    "review check": ("review", "check", "02"),
    "review public": ("review", "public", "02"),
    "review set": ("review", "set", "02", "--due", "7d"),
    "review submit": ("review", "submit", "02", "--force", "--reason", "x"),
    "review approve": ("review", "approve", "02", "--force", "--reason", "x"),
    "review close": ("review", "close", "02"),
    "review feedback": ("review", "feedback", "02", "4", "x"),
    "review lesson": ("review", "lesson", "02", "ask first"),
    "review list": ("review", "list", "--all"),
    "lessons": ("lessons",),
    "templates copy": ("templates", "copy", "review"),
    "templates check": ("templates", "check", "review"),
    "templates": ("templates",),
    "undo": ("undo", "--yes"),
    "redo": ("redo", "--yes"),
    "history": ("history", ID),
    "doctor": ("doctor",),
    "redact": ("redact", ID, "--text", "203.0.113.7"),
    "import cstate": ("import", "cstate", str(CSTATE)),
}
DRAFT = (("comms", "draft", ID, "users", "status-update", "Cards work again."),)
FOLLOW_UP = (("follow-up", "add", ID, "x", "--kind", "tool"),)
REVIEW = (("resolve", "02"), ("review", "new", "02"))
SUBMITTED = (*REVIEW, ("review", "submit", "02", "--force", "--reason", "x"))
BEFORE = {
    "unrestrict": (("restrict", "INC-20261123-02"),),
    "reopen": (("resolve", ID),),
    "close": (("resolve", "02"),),
    "redo": (("undo", "--yes"),),
    "comms approve": DRAFT,
    "comms send": DRAFT,
    **dict.fromkeys([f"follow-up {verb}" for verb in ("set", "start", "done", "cancel", "list")], FOLLOW_UP),
    "lessons": FOLLOW_UP,
    "review new": (("resolve", "02"),),
    **dict.fromkeys(
        [f"review {verb}" for verb in ("check", "set", "submit", "feedback", "lesson", "public", "list")], REVIEW
    ),
    "review approve": SUBMITTED,
    "review close": (*SUBMITTED, ("review", "approve", "02", "--force", "--reason", "x")),
}
FINDS = {"review check": 5, "review public": 5}
"""Commands that end with another code where they find something."""


@pytest.mark.parametrize("name", sorted({*ANSWERS, *of_aliases()}))
def test_each_answer_has_its_shape(run, kb, name, tmp_path):
    env = {"INCIDENT_NOW": NOW, "XDG_CONFIG_HOME": str(tmp_path / "none")}
    for before in BEFORE.get(name, ()):
        assert run(*before, vault=kb, env=env).returncode == 0
    words = TRIED.get(name) or (*name.split(), "-i", ID, *TYPED[name])
    words = (*words, str(kb)) if name == "init" else words
    kept = _contents(kb)
    done = run(*words, "--json", vault=None if name == "init" else kb, env=env)
    assert done.returncode == FINDS.get(name, 0), done.stderr
    values = _documents(done.stdout)
    assert values
    for value in values:
        _shape(name.replace(" ", "-")).validate(value)
    if entry := next((each["entry"] for each in values if isinstance(each, dict) and each.get("entry")), None):
        assert _contents(kb) != kept
        undone = run("undo", entry, "--yes", vault=kb, env=env)
        assert (undone.returncode, undone.stderr) == (0, "")
        assert _contents(kb) == kept
    else:
        assert _contents(kb) == kept or name in LEAVE_NO_ENTRY


WRITES = sorted(
    name
    for name, command in every_command()
    if name in ANSWERS and {"as_json", "dry_run"} <= {each.name for each in command.params} and name != "redact"
)


@pytest.mark.parametrize("name", WRITES)
def test_a_dry_run_answers_in_the_same_shape_and_writes_nothing(run, kb, name, tmp_path):
    env = {"INCIDENT_NOW": NOW, "XDG_CONFIG_HOME": str(tmp_path / "none")}
    for before in BEFORE.get(name, ()):
        assert run(*before, vault=kb, env=env).returncode == 0
    words = TRIED.get(name) or (*name.split(), "-i", ID, *TYPED[name])
    kept = _contents(kb)
    done = run(*words, "--json", "--dry-run", vault=kb, env=env)
    assert done.returncode == 0, done.stderr
    for value in _documents(done.stdout):
        _shape(name.replace(" ", "-")).validate(value)
        assert (value["changed"], value["made"], value["changes"], value["entry"]) == (False, [], [], None)
        assert value.get("diff") or name in {"comms draft", "import cstate"}
    assert _contents(kb) == kept


LEAVE_NO_ENTRY = {"redact"}
"""Commands that change a vault and are not undone."""


def _contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a vault, without its journal."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".incident" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.name != ".gitignore"}


def _shape(name: str) -> Draft202012Validator:
    """Return what holds a value against one shape; that all shapes are well formed has a test of its own, once."""
    shapes = schema()["$defs"]
    return Draft202012Validator({"$defs": shapes, **shapes[name]}, format_checker=FormatChecker())


def _documents(text: str) -> list[Any]:
    """Read one JSON value after the other."""
    decoder, at, found = json.JSONDecoder(), 0, []
    while at < len(text.rstrip()):
        value, at = decoder.raw_decode(text, at)
        found.append(value)
        at += len(text[at:]) - len(text[at:].lstrip())
    return found


# -- ids on stdin --------------------------------------------------------------------------------------------------------


@pytest.fixture
def piped(run, kb):
    """Return a function that runs a command with a text on stdin."""
    return lambda words, text: run(*words, vault=kb, env={"INCIDENT_NOW": NOW, "HOME": str(kb)}, stdin=text)


def test_a_command_is_run_for_each_id_and_goes_on_after_a_failure(piped, run, kb):
    ids = run("list", "--ids", vault=kb, env={"INCIDENT_NOW": NOW}).stdout
    assert ids.split() == ["INC-20261123-02", ID]
    done = piped(["resolve", "-"], f"INC-20261123-09\n{ids}")
    assert done.returncode == 4
    assert done.stdout.count("→ resolved") == 2
    assert done.stderr.rstrip().endswith("1 of 3 failed")
    assert piped(["close", "-"], f"INC-20261123-09\n{ID}").returncode == 4
    assert piped(["close", "-"], f"{ID}\nINC-20261123-09").returncode == 7
    assert piped(["log", "-i", "-", "seen"], ids).returncode == 0
    assert len(_documents(piped(["show", "-", "--json"], ids).stdout)) == 2
    assert len(piped(["action", "list", "-"], ID).stdout.splitlines()) == 4


def test_no_ids_are_nothing_to_do_and_a_dash_among_words_is_a_word(piped, kb):
    done = piped(["ack", "-"], "")
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing was done" in done.stderr
    assert piped(["log", "-i", ID, "-", "x"], "never read").returncode == 0
    assert "- x" in (kb / f"incidents/2026/{ID}.md").read_text()
    assert piped(["run", "-i", ID, "--", "cat", "-"], "through").stdout == "through"


# -- hooks ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def hooked(run, kb, tmp_path):
    """Give a function that runs a command with hooks in the user's settings."""

    def call(settings: str, *words: str, **variables: str):
        folder = tmp_path / "config" / "okb-incident"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "settings.toml").write_text(settings)
        return run(
            *words, vault=kb, env={"INCIDENT_NOW": NOW, "XDG_CONFIG_HOME": str(tmp_path / "config"), **variables}
        )

    return call


def hook(tmp_path, code: str, on: str = '["changed"]', more: str = 'timeout = "2m"') -> str:
    script = tmp_path / "hook.py"
    script.write_text(code)
    return f'[[hooks]]\non = {on}\nrun = ["{sys.executable}", "{script}"]\n{more}\n'


def keeping(tmp_path) -> str:
    return f"import sys\nopen({str(tmp_path / 'told')!r}, 'a').write(sys.stdin.read() + '\\n')\nprint('paged')\n"


def told(tmp_path):
    return [json.loads(line) for line in (tmp_path / "told").read_text().splitlines()]


def test_a_hook_is_told_what_happened_once_it_is_written(hooked, tmp_path):
    done = hooked(hook(tmp_path, keeping(tmp_path), '["resolved", "opened"]'), "resolve", ID, "over")
    assert done.returncode == 0
    assert "incident: hook.py: paged" in done.stderr or "python" in done.stderr
    (value,) = told(tmp_path)
    assert value["events"] == ["changed", "resolved", "status"]
    assert value["incident"]["id"] == ID
    assert value["incident"]["status"] == "resolved"
    assert value["lines"][0]["text"].endswith("→ resolved, over")
    _shape("hook-input").validate(value)
    hooked(hook(tmp_path, keeping(tmp_path), '["resolved", "opened"]'), "log", "-i", ID, "x")
    hooked(hook(tmp_path, keeping(tmp_path), '["resolved", "opened"]'), "open", "Another")
    assert [each["command"] for each in told(tmp_path)] == ["resolve", "open"]


def test_a_dry_run_and_a_repetition_tell_nobody(hooked, tmp_path):
    settings = hook(tmp_path, keeping(tmp_path))
    hooked(settings, "mitigate", ID, "--dry-run")
    assert not (tmp_path / "told").exists()
    hooked(settings, "mitigate", ID)
    hooked(settings, "mitigate", ID)
    assert len(told(tmp_path)) == 1


@pytest.mark.parametrize(
    ("code", "more", "said"),
    [
        ("import sys; print('no'); sys.exit(3)", 'timeout = "2m"', "failed with 3; the note is written"),
        ("import time; time.sleep(600)", 'timeout = "1s"', "took longer than 1 s and was stopped"),
        ("import sys; print('\\x1b[31mred')", 'timeout = "2m"', "red"),
    ],
)
def test_a_hook_that_fails_or_hangs_never_fails_the_command(hooked, kb, tmp_path, code, more, said):
    done = hooked(hook(tmp_path, code, more=more), "log", "-i", ID, "seen")
    assert done.returncode == 0
    assert said in done.stderr
    assert "\x1b" not in done.stderr
    assert "seen\n" in (kb / f"incidents/2026/{ID}.md").read_text()


def test_a_hook_that_is_missing_is_a_warning(hooked):
    done = hooked('[[hooks]]\non = ["changed"]\nrun = ["/no/such/command"]\n', "log", "-i", ID, "seen")
    assert done.returncode == 0
    assert "cannot be run: No such file or directory" in done.stderr


def test_a_hook_hears_of_restricted_incidents_only_where_it_says_so(hooked, tmp_path):
    settings = hook(tmp_path, keeping(tmp_path))
    hooked(settings, "restrict", "INC-20261123-02")
    hooked(settings, "log", "-i", "INC-20261123-02", "an intruder")
    assert not (tmp_path / "told").exists()
    hooked(
        hook(tmp_path, keeping(tmp_path), more='timeout = "2m"\nrestricted = true'), "log", "-i", "INC-20261123-02", "x"
    )
    assert len(told(tmp_path)) == 1


def test_a_hook_that_calls_us_calls_no_hooks_again(hooked, incident, kb, tmp_path):
    code = keeping(tmp_path) + (
        "import subprocess\n"
        f"subprocess.run([{str(incident)!r}, '--vault', {str(kb)!r}, 'log', '-i', {ID!r}, 'by the hook'], check=True)\n"
    )
    done = hooked(hook(tmp_path, code), "log", "-i", ID, "seen")
    assert done.returncode == 0, done.stderr
    assert len(told(tmp_path)) == 1
    assert "by the hook" in (kb / f"incidents/2026/{ID}.md").read_text()


def test_no_vault_can_cause_a_hook(run, kb, tmp_path):
    with (kb / "incident.toml").open("a") as file:
        file.write(f'\n[[hooks]]\non = ["changed"]\nrun = ["touch", "{tmp_path / "owned"}"]\n')
    done = run("log", "-i", ID, "seen", vault=kb, env={"INCIDENT_NOW": NOW})
    assert done.returncode == 0
    assert "hooks is unknown to this version" in done.stderr
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("hooks = 1", "it must be written as [[hooks]]"),
        ('[[hooks]]\nrun = ["x"]', "it must be a list of opened"),
        ('[[hooks]]\non = ["sometimes"]\nrun = ["x"]', "'sometimes'"),
        ('[[hooks]]\non = ["opened"]', "it must be a command with its arguments"),
        ('[[hooks]]\non = ["opened"]\nrun = "x"', "it must be a command with its arguments"),
        ('[[hooks]]\non = ["opened"]\nrun = ["x"]\ntimeout = "1d"', 'between "1s" and "2m"'),
        ('[[hooks]]\non = ["opened"]\nrun = ["x"]\ntimeout = 5', 'between "1s" and "2m"'),
        ('[[hooks]]\non = ["opened"]\nrun = ["x"]\nrestricted = 1', "true or false"),
        ('[[hooks]]\non = ["opened"]\nrun = ["x"]\nshell = true', "a hook has on, run, timeout and restricted"),
    ],
)
def test_hooks_that_cannot_be_used_are_named(hooked, settings, said):
    done = hooked(settings, "hooks")
    assert done.returncode == 3
    assert said in done.stderr
    assert "settings.toml" in done.stderr


def test_hooks_are_listed(hooked, tmp_path):
    done = hooked(hook(tmp_path, "", '["opened"]', 'timeout = "3s"'), "hooks")
    assert "opened" in done.stdout
    assert "3 s" in done.stdout


def test_a_command_that_is_none_is_not_described(run):
    assert run("describe", "frobnicate", vault=None).returncode == 4
    assert "--owner WHO" in run("describe", "action", "add", vault=None).stdout
    assert json.loads(run("describe", "close", "--json", vault=None).stdout)["json"].endswith("#/$defs/close")
