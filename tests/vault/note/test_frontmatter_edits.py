from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from okb_incident.errors import ExitCode, InvalidNoteError
from okb_incident.vault.note.frontmatter import append_item, read, remove_item, set_property
from okb_incident.vault.note.note import decode
from okb_incident.vault.yaml.scalar import Plain

DATA = Path(__file__).parents[2] / "data"
NOTES = sorted(DATA.rglob("*.md"))
ORDER = ("type", "id", "title", "status", "severity", "started", "resolved", "tags", "uid")

NOTE = """---
# made by hand
title: "Card payments fail" # no colon
status:   triage   # until someone looks
severity: 'SEV1'
summary: |  # for the board
  First line.

  status: not a key

tags: [incident, 'sev/1',  eu] # inline
services:
  - checkout   # the shop
  # not the old one
  - "[[payments-api]]"
empty:
started: 2026-11-23T01:47:00

# kept last
uid: 01M8326CX0M4W7Y2N8R5T6V9ZB
---
# Body
status: not a property
"""


def change(after: str, before: str = NOTE) -> list[str]:
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@pytest.mark.parametrize(
    ("key", "value", "lines"),
    [
        ("status", "closed", ["-status:   triage   # until someone looks", "+status:   closed   # until someone looks"]),
        ("title", 'Outage: "all"', ['-title: "Card payments fail" # no colon', '+title: "Outage: \\"all\\"" # no colon']),
        ("severity", "it's SEV2", ["-severity: 'SEV1'", "+severity: 'it''s SEV2'"]),
        ("severity", "a\tb", ["-severity: 'SEV1'", '+severity: "a\\tb"']),
        ("severity", 2, ["-severity: 'SEV1'", "+severity: 2"]),
        ("summary", "Short", ["-summary: |  # for the board", "-  First line.", "-", "-  status: not a key", "+summary: Short  # for the board"]),
        ("summary", ["a", "b"], ["-summary: |  # for the board", "-  First line.", "-", "-  status: not a key", "+summary:  # for the board", "+  - a", "+  - b"]),
        ("summary", None, ["-summary: |  # for the board", "-  First line.", "-", "-  status: not a key"]),
        ("tags", ["incident", "sev/2", "eu"], ["-tags: [incident, 'sev/1',  eu] # inline", "+tags: [incident, sev/2, eu] # inline"]),
        ("tags", "one", ["-tags: [incident, 'sev/1',  eu] # inline", "+tags: one # inline"]),
        ("tags", [], ["-tags: [incident, 'sev/1',  eu] # inline", "+tags: [] # inline"]),
        ("services", ["checkout", "wallet"], ['-  - "[[payments-api]]"', "+  - wallet"]),
        ("services", ["[[payments-api]]"], ["-  - checkout   # the shop"]),
        ("services", ["a", "checkout"], ["+  - a", '-  - "[[payments-api]]"']),
        ("services", ["a", "checkout", "b", "[[payments-api]]", "c"], ["+  - a", "+  - b", "+  - c"]),
        ("services", "none", ["-services:", "-  - checkout   # the shop", "-  # not the old one", '-  - "[[payments-api]]"', "+services: none"]),
        ("empty", True, ["-empty:", "+empty: true"]),
        ("empty", ["x"], ["+  - x"]),
        ("uid", None, ["-uid: 01M8326CX0M4W7Y2N8R5T6V9ZB"]),
        ("resolved", Plain("2026-11-23T03:40:30"), ["+resolved: 2026-11-23T03:40:30"]),
        ("type", "incident", ["+type: incident"]),
        ("new key: 1", "y", ['+"new key: 1": "y"']),
        ("absent", None, []),
    ],
)  # fmt: skip
def test_an_edit_changes_the_lines_of_its_property(key, value, lines):
    after = set_property(NOTE, key, value, ORDER, path="n.md")
    assert change(after) == lines
    assert read(after, "n.md").values.get(key) == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("status", "triage"),
        ("severity", "SEV1"),
        ("tags", ["incident", "sev/1", "eu"]),
        ("started", Plain("2026-11-23T01:47:00")),
    ],
)
def test_a_value_that_is_there_already_changes_nothing(key, value):
    assert set_property(NOTE, key, value) is NOTE


def test_a_new_property_stands_where_the_order_has_it():
    def below(key: str, text: str = NOTE) -> list[str]:
        lines = set_property(text, key, "x", ORDER).split("\n")
        at = lines.index(f"{key}: x")
        return [lines[at - 1], lines[at + 1]]

    assert below("id") == ["---", "# made by hand"]
    assert below("resolved") == ["started: 2026-11-23T01:47:00", ""]
    assert below("unknown") == ["uid: 01M8326CX0M4W7Y2N8R5T6V9ZB", "---"]
    assert below("id", "---\na: 1\n# about title\ntitle: x\n---\n") == ["a: 1", "# about title"]
    assert below("resolved", "---\nstarted: |\n  x\n\n\nb: 1\n---\n") == ["", "b: 1"]
    assert below("resolved", "---\nstarted:\n  - x\n  # y\nb: 1\n---\n") == ["  # y", "b: 1"]
    assert below("title", "---\n# only\n---\n") == ["# only", "---"]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", "---\nstatus: x\n---\n"),
        ("# Body\n", "---\nstatus: x\n---\n# Body\n"),
        ("a\r\nb", "---\r\nstatus: x\r\n---\r\na\r\nb"),
        ("\ufeffa", "\ufeff---\nstatus: x\n---\na"),
        ("---\n---\n", "---\nstatus: x\n---\n"),
        ("---\r\n---", "---\r\nstatus: x\r\n---"),
        ("  \n---\na: 1\n---\n", "---\nstatus: x\n---\n  \n---\na: 1\n---\n"),
        ("---\n  a: 1\n  b: 2\n---\n", "---\n  a: 1\n  b: 2\n  status: x\n---\n"),
        ("---\n? a\n: 1\n---\n", "---\n? a\n: 1\nstatus: x\n---\n"),
    ],
)
def test_a_first_property(text, after):
    assert set_property(text, "status", "x") == after


def test_an_empty_value_is_a_value():
    assert set_property("body", "a", "") == '---\na: ""\n---\nbody'
    assert set_property("body", "a", 0) == "---\na: 0\n---\nbody"
    assert set_property("body", "a", None) == "body"


def test_lines_end_as_those_of_the_note_and_others_keep_theirs():
    text = "---\r\na: 1\r\nb: x\nl:\r\n  - p\r\n---\r\nbody\n"
    assert set_property(text, "b", "z") == text.replace("b: x\n", "b: z\n")
    assert append_item(text, "l", "q") == text.replace("  - p\r\n", "  - p\r\n  - q\r\n")
    assert set_property(text, "c", ["z"], ("a", "c")) == text.replace("b: x", "c:\r\n  - z\r\nb: x")
    assert append_item(text, "b", "z") == text.replace("b: x\n", "b:\n  - x\r\n  - z\r\n")


@pytest.mark.parametrize(
    ("before", "item", "after"),
    [
        ("", "a", "k:\n  - a\n"),
        ("k:\n", "a", "k:\n  - a\n"),
        ("k: ~ # c\n", "a", "k: # c\n  - a\n"),
        ("k: []\n", "a", "k:\n  - a\n"),
        ("k: [ a , b ]\n", "c", "k: [ a , b, c ]\n"),
        ("k: [a,\n    b]\n", "c, d", 'k: [a,\n    b, "c, d"]\n'),
        ("k: [a, b,]\n", "c", "k: [a, b, c,]\n"),
        ("k:\n- a\n", "b", "k:\n- a\n- b\n"),
        ("k:\n    - a # x\n    # y\n", "[[b]]", 'k:\n    - a # x\n    - "[[b]]"\n    # y\n'),
        ("k: a\n", "b", "k:\n  - a\n  - b\n"),
        ("k: 'a'  # x\n", "b", "k:\n  - 'a'  # x\n  - b\n"),
        ("k: a, b\n", "c", "k:\n  - a, b\n  - c\n"),
        ("k: 2024\n", "c", "k:\n  - 2024\n  - c\n"),
        ("k: |\n  a\n  b\n", "c", 'k:\n  - "a\\nb\\n"\n  - c\n'),
        ("k:  # x\n  a\n  b\n", "c", "k:  # x\n  - a b\n  - c\n"),
        ("k: [[x]]\n", "c", "k: [[x], c]\n"),
        ("k:\n  - a: 1\n    b: 2\n", "c", "k:\n  - a: 1\n    b: 2\n  - c\n"),
        ("j: &j [a]\nk: *j\n", "c", "j: &j [a]\nk:\n  - a\n  - c\n"),
    ],
)
def test_an_item_joins_a_list_in_its_style(before, item, after):
    text = f"---\n{before}---\n"
    edited = append_item(text, "k", item, path="n.md")
    assert edited == f"---\n{after}---\n"
    assert append_item(edited, "k", item) == edited


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("k:\n  - a\n  - x # c\n  # d\n  - b\n", "k:\n  - a\n  # d\n  - b\n"),
        ("k:\n  - x\n  - a # c\n  - x\n  # d\n  - b\n  - x\n", "k:\n  - a # c\n  # d\n  - b\n"),
        ("k: [x, a,  b, x] # c\n", "k: [a,  b] # c\n"),
        ("k: [a, x]\n", "k: [a]\n"),
        ("k: [x]\nz: 1\n", "z: 1\n"),
        ("k: x\n", ""),
        ("k: y\n", "k: y\n"),
        ("k:\n", "k:\n"),
        ("k: [a, b]\n", "k: [a, b]\n"),
    ],
)
def test_an_item_leaves_a_list(before, after):
    assert remove_item(f"---\n{before}---\n", "k", "x") == f"---\n{after}---\n"


def test_true_is_not_one_and_text_is_no_number():
    assert append_item("---\nk: [1]\n---\n", "k", True) == "---\nk: [1, true]\n---\n"
    assert set_property("---\nk: 1\n---\n", "k", "1") == '---\nk: "1"\n---\n'
    assert set_property("---\nk: 1\n---\n", "k", 1.0) == "---\nk: 1\n---\n"
    assert set_property("---\nk: .nan\n---\n", "k", float("nan")) == "---\nk: .nan\n---\n"


BROKEN = '---\ntype: incident\ntitle: Outage: api\nstatus: triage # c\nstatus2: "x\ntags:\n  - a\nowner: @alice\nlong: "x\n  y\n---\nbody\n'


@pytest.mark.parametrize(
    ("key", "value", "lines"),
    [
        ("status", "closed", ["-status: triage # c", "+status: closed # c"]),
        ("title", "Outage: api", ["-title: Outage: api", '+title: "Outage: api"']),
        ("owner", "[[alice]]", ["-owner: @alice", '+owner: "[[alice]]"']),
        ("owner", None, ["-owner: @alice"]),
        ("owner", ["a"], ["-owner: @alice", "+owner:", "+  - a"]),
        ("tags", ["a", "b"], ["+  - b"]),
        ("severity", "SEV1", ["+severity: SEV1"]),
        ("absent", None, []),
    ],
)
def test_a_half_typed_property_does_not_stop_the_others(key, value, lines):
    after = set_property(BROKEN, key, value, ORDER)
    assert change(after, BROKEN) == lines
    assert read(after, "n.md").values.get(key) == value


def test_an_edit_can_mend_a_block():
    after = set_property("---\na: 1\nowner: @alice\n---\n", "owner", "alice")
    assert read(after, "n.md").state == "ok"


CONFLICT = "---\na: 1\n<<<<<<< HEAD\nstatus: x\nresolved: y\n=======\nstatus: z\n>>>>>>> b\nc: 2\n---\n"


def test_beside_a_merge_conflict_a_property_can_be_set():
    assert change(set_property(CONFLICT, "c", 3), CONFLICT) == ["-c: 2", "+c: 3"]
    assert change(set_property(CONFLICT, "new", 3, ("a", "new")), CONFLICT) == ["+new: 3"]


@pytest.mark.parametrize(
    ("text", "key", "place", "reason"),
    [
        ("---\nstatus: a\n", "status", "n.md:1", "never closed"),
        ("--", "status", "n.md:1", "never closed"),
        (CONFLICT, "status", "n.md:3", "merge conflict"),
        (CONFLICT, "resolved", "n.md:3", "merge conflict"),
        ("<<<<<<< x\n---\na: 1\n---\n", "a", "n.md:1", "merge conflict"),
        ("---\na: 1\n<<<<<<< x\nb: 1\n---\n", "c", "n.md:3", "merge conflict"),
        ("---\nb: 1\nstatus: a\nstatus: b\n---\n", "status", "n.md:4", "is there twice"),
        ("---\na: 1\na: 2\nstatus: a\nstatus: b\n---\n", "status", "n.md:5", "is there twice"),
        ("---\nx: &n [a]\ny: *n\n---\n", "x", "n.md:2", "&n in it is used"),
        ("---\n{status: a}\n---\n", "status", "n.md:2", "braces"),
        ('---\n{"status": "a",\n---\n', "status", "n.md:3", "not a property"),
        ("---\n- a\n---\n", "status", "n.md:2", "a list"),
        ("---\nhello\n---\n", "status", "n.md:2", "a single value"),
        ("---\n? status\n: a\n---\n", "status", "n.md:2", "? key"),
        (BROKEN, "long", "n.md:9", "cannot be read"),
        ("---\na: 1\n...\n---\n", "status", "n.md", "more than this"),
        ("---\n  a: @x\n---\n", "status", "n.md:2", "begin with @"),
    ],
)  # fmt: skip
def test_what_cannot_be_proven_is_refused_with_its_place(text, key, place, reason):
    with pytest.raises(InvalidNoteError) as raised:
        set_property(text, key, "new", path="n.md")
    assert raised.value.message.startswith(f"{place}: {key!r} cannot be changed, because ")
    assert reason in raised.value.message
    assert raised.value.hint
    assert raised.value.exit_code is ExitCode.INVALID


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("k: [a, # c\n b]\n", "comments are inside its brackets"),
        ("k:\n  -\n    a\n", "the dash of an item"),
        ("k: {a: 1}\n", "not a readable list"),
        ("k: @x\n", "not a readable list"),
        ("j: &j [a, [b]]\nk: *j\n", "not a single value"),
    ],
)
def test_a_list_that_cannot_be_changed_safely_is_left_alone(block, reason):
    with pytest.raises(InvalidNoteError, match=reason):
        append_item(f"---\n{block}---\n", "k", "new")


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.relative_to(DATA).as_posix())
def test_in_real_notes_only_the_lines_of_the_property_change(note):
    text = decode(note.read_bytes())
    before = read(text, note.name)
    for key, value in [
        *[(key, "changed") for key, old in before.values.items() if isinstance(old, str | bool)][:1],
        ("okb_new", ["a", "[[b]]"]),
    ]:
        try:
            after = set_property(text, key, value, path=note.name)
        except InvalidNoteError:
            assert before.problems
            continue
        assert read(after, note.name).values[key] == value
        changed = change(after, text)
        if before.state == "none":
            assert after.endswith(text)
        elif key == "okb_new":
            eol = "\r" if "\r\n" in text else ""
            assert changed == [f"+{line}{eol}" for line in ("okb_new:", "  - a", '  - "[[b]]"')]
        else:
            assert all(line[1:].startswith((f"{key}:", " ")) for line in changed)
        if key not in before.values:
            assert set_property(after, key, None) == text or before.state == "none"


def test_the_real_notes_are_as_many_as_were_measured():
    states = [read(decode(note.read_bytes()), note.name).state.value for note in NOTES]
    # An sdist leaves these out.
    of_the_procedure = sum(note.parent.name == "procedure" for note in NOTES)
    assert {state: states.count(state) for state in set(states)} == {
        "ok": 177 + of_the_procedure,
        "broken": 28,
        "none": 34,
    }
