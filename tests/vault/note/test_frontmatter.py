from __future__ import annotations

import pytest
from tests.limits import computing_at_most

from okb_incident.vault.note.frontmatter import read, write_block
from okb_incident.vault.yaml.salvage import MAX_CHUNKS
from okb_incident.vault.yaml.scalar import Plain

GOOD = "---\ntype: incident\n# a comment\ntags:\n  - incident\ntitle: Card payments fail\n---\nbody\n"


def codes(text: str) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.line) for problem in read(text, "n.md").problems]


def test_a_good_note_gives_values_lines_and_no_problem():
    found = read(GOOD, "n.md")
    assert found.state == "ok"
    assert found.problems == ()
    assert found.values == {"type": "incident", "tags": ["incident"], "title": "Card payments fail"}
    assert found.lines == {"type": 2, "tags": 4, "title": 6}


@pytest.mark.parametrize("text", ["", "body\n", "\n---\na: 1\n---\n", "a\n---\nb\n---\n"])
def test_a_note_without_frontmatter_is_no_fault(text):
    found = read(text, "n.md")
    assert (found.state, found.values, found.problems) == ("none", {}, ())


def test_an_empty_block_is_an_empty_mapping():
    assert read("---\n---\n", "n.md").state == "ok"
    assert read("---\n# c\n---\n", "n.md").values == {}


def test_an_unterminated_block_is_no_frontmatter_and_a_problem():
    found = read("---\nstatus: triage\n", "n.md")
    assert (found.state, found.values) == ("unterminated", {})
    assert str(found.problems[0]).startswith(
        "n.md:1: unterminated: the frontmatter is opened with --- and never closed"
    )


def test_a_byte_order_mark_is_read_over_and_reported():
    found = read("\ufeff" + GOOD, "n.md")
    assert (found.state, found.values["type"], found.lines["type"]) == ("ok", "incident", 2)
    assert [problem.code for problem in found.problems] == ["bom"]


def test_bytes_that_are_not_utf8_are_reported_and_cost_one_property():
    latin1 = "---\ntype: incident\ntitle: Z\udcfcrich\nstatus: triage\n---\nbody\n"
    found = read(latin1, "n.md")
    assert (found.state, found.values) == ("broken", {"type": "incident", "status": "triage"})
    assert codes(latin1) == [("encoding", 3)]
    in_body = read(GOOD + "Z\udcfcrich\n", "n.md")
    assert in_body.state == "ok"
    assert codes(GOOD + "Z\udcfcrich\n") == [("encoding", 9)]
    assert codes("\udcff\udcfe-\0-\0-\0") == [("encoding", 1)]


def test_a_half_typed_property_costs_itself_only():
    text = '---\ntype: incident\ntitle: Outage: api\nowner: @alice\ntags: [a\nstatus: triage\ncause: "fo\nservices:\n  - x\n  - y\n---\n'
    found = read(text, "n.md")
    assert found.values == {"type": "incident", "status": "triage", "services": ["x", "y"]}
    assert found.lines == {"type": 2, "status": 6, "services": 8}
    assert [(problem.code, problem.line) for problem in found.problems] == [("bad-yaml", 3)]
    assert '"Outage: api"' in (found.problems[0].hint or "")


@pytest.mark.parametrize(
    ("block", "values"),
    [
        ("a: 1\nb: @x\nc: |\n  status: closed\n  b: 2\nd: 'q' # c\n", {"a": 1, "c": "status: closed\nb: 2\n", "d": "q"}),
        ("b: @x\ntags:\n- a\n# c\n- b\nd: 2\n", {"tags": ["a", "b"], "d": 2}),
        ("b: @x\nlist: [\n a,\n b\n]\nd: 2\n", {"list": ["a", "b"], "d": 2}),
        ("b: @x\ndata: {\nstatus: closed,\nx: 1\n}\nd: 2\n", {"data": {"status": "closed", "x": 1}, "d": 2}),
        ("b: @x\ndata: [1]\nd: 2\n]\n", {"data": [1]}),
        ("b: @x\n'quoted key': 1\n\"other\": 2\n3: 4\n", {"quoted key": 1, "other": 2, "3": 4}),
        ('b: @x\n"half: 1\nc: 2\n', {"c": 2}),
        ('b: @x\n"a\\qb": 1\nc: 2\n', {"c": 2}),
        ("b: @x\nstray words\nc: 2\n- stray\n", {}),
        ("b: @x\n- stray\nc: 2\n", {"c": 2}),
        ("b: @x\n  indented: 1\nc: 2\n", {"c": 2}),
        ("b: @x\n? k\n: v\nc: *nowhere\nd: 1", {"d": 1}),
        ("  b: @x\nc: 2\n", {"c": 2}),
        ("\n  # c\nb: @x\nc: 2\n", {"c": 2}),
        ("{b: @x,\nc: 2}\n", {}),
        ("b: @x\nc: 2 # {\nd: 3\n}\n", {}),
        ("b: @x\nc: 1\r\nd: 2\r\n", {"c": 1, "d": 2}),
    ],
)  # fmt: skip
def test_a_broken_block_still_says_what_is_beyond_doubt(block, values):
    found = read(f"---\n{block}\n---\n", "n.md")
    assert found.state == "broken"
    assert found.values == values
    assert found.problems[0].code == "bad-yaml"


def test_a_key_that_stands_twice_has_no_value_and_is_named_with_both_lines():
    found = read("---\nstatus: triage\na: 1\nstatus: closed\na: 2\nb: 3\na: 4\n---\n", "n.md")
    assert found.values == {"b": 3}
    assert [(problem.line, problem.message) for problem in found.problems] == [
        (4, "'status' is there twice, first on line 2"),
        (5, "'a' is there twice, first on line 3"),
        (7, "'a' is there twice, first on line 3"),
    ]


def test_two_keys_inside_a_value_are_named_too():
    assert codes("---\nb: 1\na: {x: 1, x: 2}\n---\n") == [("duplicate-key", 3)]
    assert codes("---\na: @x\nb: 1\nb: 2\n---\n") == [("duplicate-key", 4), ("bad-yaml", 2)]


CONFLICT = """---
type: incident
<<<<<<< HEAD
status: resolved
resolved: 2026-11-23T03:40:30
=======
status: monitoring
>>>>>>> other
title: Card payments fail
---
body
"""


def test_neither_side_of_a_merge_conflict_is_believed():
    found = read(CONFLICT, "n.md")
    assert found.state == "broken"
    assert found.values == {"type": "incident", "title": "Card payments fail"}
    assert codes(CONFLICT) == [("merge-markers", 3)]


def test_a_conflict_above_the_frontmatter_hides_all_of_it():
    text = "<<<<<<< HEAD\n---\nstatus: a\n=======\n---\nstatus: b\n>>>>>>> x\n---\n"
    assert read(text, "n.md").state == "broken"
    assert read(text, "n.md").values == {}
    assert codes(text) == [("merge-markers", 1)]


def test_a_list_or_a_sentence_is_no_frontmatter():
    assert codes("---\n- a\n---\n") == [("not-a-mapping", 2)]
    assert codes("---\nhello\n---\n") == [("not-a-mapping", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "---\n" + "a: 1\n" * 3_000_000,
        "---\n" + "b: @x\n" + "".join(f"k{n}: 1\n" for n in range(MAX_CHUNKS + 1)) + "---\n",
        "---\n" + "b: @x\n" + "a: [\n]\n" * 30_000 + "---\n",
        "---\n" + "x" * 10_000_000,
    ],
    ids=["unterminated", "many broken", "many brackets", "one line"],
)
def test_a_hostile_note_is_given_up_soon(text):
    with computing_at_most(20):
        found = read(text, "n.md")
    assert found.values == {}


def test_a_new_block_has_the_form_that_obsidian_writes():
    block = write_block(
        {
            "type": "incident",
            "id": Plain("INC-20261123-01"),
            "title": "Outage: api",
            "severity": None,
            "users_affected": Plain("~1200"),
            "services": ["[[checkout]]", "payments"],
            "related": [],
            "time_to_resolve_minutes": 98.5,
            "declared": Plain("2026-11-23T02:01:40"),
            "odd: key": True,
        }
    )
    assert block == (
        "type: incident\n"
        "id: INC-20261123-01\n"
        'title: "Outage: api"\n'
        "users_affected: ~1200\n"
        "services:\n"
        '  - "[[checkout]]"\n'
        "  - payments\n"
        "related: []\n"
        "time_to_resolve_minutes: 98.5\n"
        "declared: 2026-11-23T02:01:40\n"
        '"odd: key": true\n'
    )
