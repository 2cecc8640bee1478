"""Short names in a merge: two sides that gave one name to different things end with two names."""

from __future__ import annotations

import pytest

from okb_incident.vault.merge.notes import merge
from okb_incident.vault.merge.numbers import moved, new_names, renumbered

ID = "INC-20261123-01"
BASE = """---
type: incident
---
## Timeline
- 2026-11-23T02:00:00 **status** @a: triage → investigating

## Actions

## Verification

## Follow-ups
"""


def task(text, name, box=" "):
    return f"- [{box}] {text} #incident/action 🆔 {ID}-{name} ➕ 2026-11-23"


def with_task(text, name, section="Actions"):
    return BASE.replace(f"## {section}\n", f"## {section}\n{task(text, name)}\n")


def with_entry(line):
    return BASE.replace("investigating\n", f"investigating\n{line}\n")


def merged(ours, theirs, base=BASE):
    result = merge(base.encode(), ours.encode(), theirs.encode())
    assert result.conflicts == ()
    return result.data.decode(), new_names(base.encode(), ours.encode(), theirs.encode())


@pytest.mark.parametrize(("name", "new", "section"), [("a1", "a2", "Actions"), ("f1", "f2", "Follow-ups")])
def test_a_task_of_ours_gets_the_next_name(name, new, section):
    text, names = merged(with_task("one", name, section), with_task("two", name, section))
    assert names == {name: new}
    assert task("one", new) in text
    assert task("two", name) in text


def test_the_next_name_is_one_that_no_side_has():
    theirs = with_task("two", "a1").replace("## Verification", f"{task('three', 'a2')}\n\n## Verification")
    text, names = merged(with_task("one", "a1"), theirs)
    assert names == {"a1": "a3"}
    assert task("one", "a3") in text


def test_what_ours_says_of_it_in_the_timeline_follows():
    done = "- 2026-11-23T02:05:00 **action** @a: a1 done"
    ours = with_task("one", "a1").replace("investigating\n", f"investigating\n{done}\n")
    text, _ = merged(ours, with_task("two", "a1"))
    assert done.replace("a1 done", "a2 done") in text
    assert done not in text


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("**hypothesis** @a: h1 cable", "**hypothesis** @b: h1 deploy", "**hypothesis** @a: h2 cable"),
        (
            "**resource** @a: r1 requested: dba",
            "**resource**: r1 requested: lawyer",
            "**resource** @a: r2 requested: dba",
        ),
    ],
)
def test_a_line_of_the_timeline_of_ours_gets_the_next_name(one, two, expected):
    at = "- 2026-11-23T02:05:00 "
    text, _ = merged(with_entry(at + one), with_entry(at + two))
    assert at + expected in text
    assert at + two in text


def test_a_check_of_ours_gets_the_next_name_in_both_places():
    def checked(what):
        line = f"- [x] v1 recovery: {what} (@a 2026-11-23T02:05:00)"
        entry = f"- 2026-11-23T02:05:00 **verify** @a: v1 recovery pass: {what}"
        return with_entry(entry).replace("## Verification\n", f"## Verification\n{line}\n")

    text, names = merged(checked("fast"), checked("right"))
    assert names == {"v1": "v2"}
    assert "v2 recovery: fast" in text
    assert "v2 recovery pass: fast" in text
    assert "v1 recovery: right" in text


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (BASE, with_task("one", "a1"), with_task("one", "a1")),
        (with_task("one", "a1"), with_task("one", "a1").replace("[ ]", "[x]"), with_task("one, and two", "a1")),
        (BASE, with_task("one", "a1"), with_task("two", "f1", "Follow-ups")),
        (BASE, with_task("one", "x1"), with_task("two", "x1")),
        (
            with_entry("- 2026-11-23T02:01:00 **hypothesis** @a: h1 cable"),
            with_entry(
                "- 2026-11-23T02:01:00 **hypothesis** @a: h1 cable\n- 2026-11-23T02:02:00 **hypothesis**: h1 confirmed"
            ),
            with_entry(
                "- 2026-11-23T02:01:00 **hypothesis** @a: h1 cable\n- 2026-11-23T02:03:00 **hypothesis**: h1 ruled out"
            ),
        ),
        ("plain", "text", "only"),
    ],
    ids=["the same on both sides", "known before", "different names", "no name of ours", "results", "plain text"],
)
def test_nothing_else_is_renamed(base, ours, theirs):
    assert renumbered(base, ours, theirs) == (ours, {})


def test_a_command_can_tell_what_became_of_its_name():
    planned = with_task("one", "a1")
    found = with_task("two", "a1").replace("## Verification", f"{task('one', 'a2')}\n\n## Verification")
    assert moved(planned, found) == {"a1": "a2"}
    assert moved(planned, planned) == {}
    assert moved(planned, BASE) == {}
