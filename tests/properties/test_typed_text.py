"""Typed text is kept to the letter, whatever it holds and whichever verb takes it: it reads back, and hides nothing in the note."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from tests.shell import call

if TYPE_CHECKING:
    from pathlib import Path

ID = "INC-20261123-01"
UNSEEN = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+"
PIECES = (
    *("%%", "%", "\\", "\\%", "%\\%", "<%", "%>", "&lt;%", "`= x`", "`", "= ", "$=", "```dataviewjs", "~~~"),
    *("#", "#external", "# Heading", "[[", "]]", "[[x|y]]", "![[", "::", "- ", "-", "--", "---", "- [ ] ", "^ab"),
    *(
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\t",
        "\x07",
        "\x1b[31m",
        "\u2028",
        "\u202e",
        "'",
        '"',
        "$(x)",
        "{{title}}",
        "{# x #}",
    ),
    *(
        "(recorded 2026-11-23T03:00:00)",
        "## Corrections",
        "~~x~~",
        "2026-11-23",
        "02:16 ",
        "status: resolved",
        "🆔",
        "é",
        "a",
        " ",
    ),
)
TEXTS = st.lists(
    st.sampled_from(PIECES) | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=3)
).map("".join)

#: What is typed before the text; each can be repeated, and then changes nothing but for the text.
VERBS = (
    ("log", "-i", ID, "--", "note:"),
    ("severity", "-i", ID, "--", "sev1"),
    ("ack", "-i", ID, "--"),
    ("identify", "-i", ID, "--"),
    ("contain", "-i", ID, "--"),
    ("mitigate", "-i", ID, "--"),
    ("resolve", "-i", ID, "--"),
    ("role", "-i", ID, "--handoff", "--", "dan"),
    ("action start", "-i", ID, "--", "a1"),
    ("action done", "-i", ID, "--", "a1"),
    ("resource grant", "-i", ID, "--", "r1"),
    ("expect", "-i", ID, "--", "2026-11-24T12:00:00"),
    ("set", "-i", ID, "cause=change", "--reason"),
    ("escalate", "-i", ID, "--to", "gita", "--reason"),
)


@pytest.fixture
def run(tmp_path: Path):
    """Run a command in a vault of its own; return what it printed."""
    env = {"HOME": str(tmp_path), "INCIDENT_USER": "alice", "INCIDENT_NOW": "2026-11-23T12:00:00Z", "TZ": "UTC"}

    def run_command(*words: str, stdin: str = "") -> str:
        done = call("--vault", str(tmp_path / "kb"), *words, env=env, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    call("init", str(tmp_path / "kb"), env=env)
    for words in (
        ("open", "Card payments fail", "-s", "sev2"),
        ("action", "add", "look at it"),
        ("resource", "request", "a specialist"),
        ("role", "commander", "bob"),
    ):
        run_command(*words)
    return run_command


def visible(text: str) -> str:
    """Return a text as a line of the timeline has it: what cannot be seen is a blank, and of blanks there is one."""
    return " ".join(re.sub(UNSEEN, " ", " ".join(text.split())).split())


def nothing_is_hidden(folder: Path) -> None:
    for note in folder.rglob("*.md"):
        assert "%%" not in note.read_text("utf-8", "surrogateescape").split("\n---\n", 1)[1], note


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
@given(TEXTS)
@example("CPU was at 100%% and 20%% of orders failed")
@example("an open %% comment")
@example("<% tp.x %> and `= dv.x` [[x]] #external (recorded 2026-11-23T03:00:00)")
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_line_of_the_timeline_says_what_was_typed(run, tmp_path, verb, text):
    assume(visible(text))
    first, *others = verb
    before = len(json.loads(run("timeline", "-i", ID, "--json")))
    run(*first.split(), *others, text)
    entries = json.loads(run("timeline", "-i", ID, "--json"))
    assert len(entries) > before
    assert any(visible(each["text"]).endswith(visible(text)) for each in entries), visible(text)
    nothing_is_hidden(tmp_path / "kb" / "incidents")


@given(TEXTS)
@example("CPU was at 100%% and 20%% of orders failed.")
@example("One\n## Corrections\nTwo")
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_audience_hears_what_was_typed(run, tmp_path, text):
    assume(visible(text))
    run("tell", "-i", ID, "--", "team", text)
    name = json.loads(run("comms", "list", "-i", ID, "--json"))[-1]["name"]
    heard = json.loads(run("comms", "show", "-i", ID, name, "--json"))["text"]
    lines, typed = ([visible(line) for line in each.split("\n") if visible(line)] for each in (heard, text))
    assert any(lines[place : place + len(typed)] == typed for place in range(len(lines))), lines
    nothing_is_hidden(tmp_path / "kb" / "incidents")


@given(st.lists(TEXTS.filter(visible), min_size=1, max_size=4))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_comes_through_a_pipe_is_logged_line_by_line(run, tmp_path, texts):
    lines = [f"note: {visible(text)}" for text in texts]
    run("log", "-i", ID, stdin="\n".join(lines))
    found = [each["text"] for each in json.loads(run("timeline", "-i", ID, "--json"))]
    for line in lines:
        assert line.removeprefix("note: ") in found
    nothing_is_hidden(tmp_path / "kb" / "incidents")
