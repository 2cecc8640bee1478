"""Two things under one short name: a finding, a refusal of every verb, and a number of its own for the later one."""

from __future__ import annotations

import json

import pytest

ID = "INC-20261123-01"
SECOND = f"- [ ] page the carrier #incident/action 🆔 {ID}-a1 ➕ 2026-11-23\n"


@pytest.fixture
def doubled(desk):
    """An incident with two of everything, as a merge of two clones leaves it."""
    desk("ack")
    for words in (
        ("action", "add", "call the bank"),
        ("follow-up", "add", "alert on the pool"),
        ("resource", "request", "a dba"),
        ("log", "hypothesis: cable"),
        ("mitigate", "rolled back"),
        ("verify", "recovery", "errors below 1 %", "ok"),
        ("tell", "users", "We work on it."),
        ("tell", "team", "hello"),
    ):
        desk(*words)
    folder = desk.note.parent
    (folder / f"{ID} update 2 team status-update.md").rename(folder / f"{ID} update 1 team status-update.md")
    text = desk.note.read_text().replace("update 2 team", "update 1 team")
    for name, what in (
        (f"🆔 {ID}-a1", SECOND),
        (f"🆔 {ID}-f1", f"- [ ] more tests #incident/follow-up 🆔 {ID}-f1 ➕ 2026-11-24\n"),
        ("r1 requested", "- 2026-11-23T12:00:00 **resource** @bob: r1 requested: a lawyer\n"),
        ("h1 cable", "- 2026-11-23T12:00:00 **hypothesis** @bob: h1 deploy\n"),
        ("[x] v1", "- [x] v1 recovery: latency (@bob 2026-11-23T12:00:00)\n"),
    ):
        line = next(line for line in text.splitlines(keepends=True) if name in line)
        text = text.replace(line, line + what)
    desk.note.write_text(text)
    return desk


def test_each_is_a_finding_with_its_lines(doubled):
    answer = doubled("check", code=5)
    found = [line for line in answer.out.splitlines() if "duplicate-name" in line]
    assert len(found) == 6
    text = doubled.note.read_text().splitlines()
    first = next(number for number, line in enumerate(text, 1) if f"{ID}-a1" in line)
    assert any(
        f".md:{first + 1}: duplicate-name: 2 actions are called a1, in lines {first}, {first + 1}" in line
        for line in found
    )
    assert all(line.endswith(f"[incident --vault {doubled.root} check -i {ID} --fix]") for line in found)
    assert json.loads(doubled("check", "--json", code=5).out)[0]["argv"][-4:] == ["check", "-i", ID, "--fix"]


@pytest.mark.parametrize(
    "words",
    [
        ("action", "start", "a1"),
        ("action", "done", "a1"),
        ("action", "cancel", "a1", "why"),
        ("follow-up", "done", "f1"),
        ("follow-up", "set", "f1", "--owner", "bob"),
        ("resource", "grant", "r1"),
        ("log", "h1 confirmed"),
        ("log", "action: a1 done"),
        ("verify", "v1", "again", "ok"),
        ("comms", "show", "u1"),
        ("comms", "amend", "u1", "No."),
    ],
    ids=" ".join,
)
def test_no_verb_guesses_which_is_meant(doubled, words):
    before = doubled.all()
    answer = doubled(*words, code=4)
    assert f"{ID} has 2 " in answer.err
    assert f"check -i {ID} --fix gives the later one a number of its own" in answer.err
    assert doubled.all() == before


def test_the_later_one_of_each_gets_a_number_of_its_own_with_a_line_for_each(doubled):
    old = doubled.note.read_text()
    answer = doubled("check", "--fix", "01")
    assert answer.out == "nothing is wrong\n"
    assert f"incident: {ID}: action a1 renumbered to a2, " in answer.err
    text = doubled.note.read_text()
    assert SECOND.replace("-a1 ", "-a2 ") in text
    for line in (
        "r2 requested: a lawyer",
        "h2 deploy",
        "v2 recovery: latency",
        f"{ID}-f2",
        "r1 requested: a dba",
        "h1 cable",
    ):
        assert text.count(line) == 1, line
    for noun in ("action a1", "follow-up f1", "request r1", "hypothesis h1", "check v1", "message u1"):
        assert text.count(f"**note** @alice: {noun} renumbered to {noun[-2]}2, another one has its number: ") == 1, noun
    # Both went out at the moment at which the clock of the tests stands.
    names = sorted(path.name for path in doubled.note.parent.glob("* update *"))
    assert names == [f"{ID} update 1 team status-update.md", f"{ID} update 2 users service-notice.md"]
    assert all(f"[[{name.removesuffix('.md')}|" in text for name in names)
    doubled("action", "done", "a2")
    doubled("undo", "--yes")
    doubled("undo", "--yes")
    assert doubled.note.read_text() == old
    assert len(list(doubled.note.parent.glob("* update 1 *"))) == 2


def test_without_two_of_one_name_nothing_is_written(desk):
    before = desk.note.read_bytes()
    answer = desk("check", "--fix", "01")
    assert (answer.out, answer.err) == ("nothing is wrong\n", "")
    assert desk.note.read_bytes() == before


def test_of_another_incident_nothing_is_shown_and_nothing_changed(doubled):
    doubled("open", "Another one")
    assert doubled("check", "INC-20261123-02").out == "nothing is wrong\n"
    before = doubled.note.read_bytes()
    doubled("check", "--fix", "INC-20261123-02")
    doubled("check", "--fix", code=5)
    assert doubled.note.read_bytes() == before
    assert doubled("check", ID, code=5).out.count("duplicate-name") == 6


def test_what_is_done_again_gets_a_number_of_its_own(desk):
    desk("action", "add", "call the bank")
    desk("undo", "--yes")
    undone = next(desk.journal.backward()).id
    desk("action", "add", "page the carrier")
    answer = desk("undo", "--yes", undone)
    assert "a1 became a2, because a1 is now another one" in answer.err
    text = desk.note.read_text()
    assert f"page the carrier #incident/action 🆔 {ID}-a1 " in text
    assert f"call the bank #incident/action 🆔 {ID}-a2 " in text
    assert desk("check").out == "nothing is wrong\n"


def test_a_line_that_gets_a_number_of_its_own_keeps_its_link_to_a_message_that_does(doubled):
    doubled.type("h1 deploy", f"h1 deploy, see [[{ID} update 1 users service-notice|u1]]")
    doubled("check", "--fix", "01")
    text = doubled.note.read_text()
    (line,) = (line for line in text.splitlines() if "h2 deploy" in line and "**hypothesis**" in line)
    assert f"[[{ID} update 2 users service-notice|u1]]" in line
