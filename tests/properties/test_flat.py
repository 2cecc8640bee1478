"""The quick reader of flat frontmatter against the YAML parser: what it reads at all, it reads alike."""

from __future__ import annotations

import math
from datetime import UTC
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from okb_incident.core.values.moment import read_moment
from okb_incident.vault.yaml import flat, flat_places, yaml12
from okb_incident.vault.yaml.locate import locate_by_parser
from okb_incident.vault.yaml.yaml_fault import YamlFault

LINES = [
    "type: incident", "title: Checkout is slow", 'title: "Outage: api"', "title: 'it''s'", "title: a: b", "title: a:",
    "title: a #b", "title: a#b", "id: INC-20260706-01", "started: 2026-07-06T10:00:00", "day: 2026-07-06", "n: 1200",
    "n: ~1200", "n: 0o17", "n: 0123", "n: 1e3", "n: 1-2", "n: 12.e-5", "n: 1.e-3", "n: .inf", "n: 12:30", "n: no", "n: Null",
    "n:", "n: ", "n:  x  ", "n:x", "services: [a, b c]", "services: []", "services: [ a ]", "services: [a, 1, true]",
    "services: [a,]", "services: [a: b]", "services: [[x]]", 'services: ["a"]', "services:", "  - checkout", "- checkout",
    '  - "[[x]]"', "    - y", "  - a: b", "  - ", "  -", "  more", "# c", "", " ", "true: 1", "null: 1", "é: 1", "a.b: 1",
    "a b: 1", "1: 2", "---", "...", "<<: x", "d: <% tp %>", "p: (x)", "p: /a", "p: $a", "p: _", "p: .", "p: +", "p: +1", "q: '",
    'q: "', 'q: ""', "q: 'a\"b'", 'q: "a\'b"', "q: a\tb", "q: a\\b", "q: a\u00a0b", "q: a\u2028b", "q: \ufeffa", "q: |", "q: > a",
    "q: *a", "q: &a b", "q: !a b", "q: @a", "q: %a", "q: ?a", "? a", "q: -", "q: - a", "q: a - b", "q: [a", "q: a]", "q: {a: b}",
    "q: 字", "q: ١", "q: ²", "m:", "  k: v", "x: 99999999999999999999999999",
]  # fmt: skip

blocks = st.tuples(
    st.lists(st.sampled_from(LINES), max_size=6), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["\n", "", "\r"])
).map(lambda drawn: drawn[1].join(drawn[0]) + drawn[2])
typos = st.tuples(
    blocks, st.integers(0, 200), st.sampled_from([*":#-?[]{}&*!|>'\"%@`, \n\t\r~0.eE<\\", ": ", " #", "- "])
)


def alike(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == other or (isinstance(one, float) and math.isnan(one) and math.isnan(other))


def read_alike(block: str) -> None:
    quick = flat.read(block)
    assert not flat.is_sound(block) or quick is not None, block
    if quick is None:
        return
    try:
        parsed = yaml12.build(block)
    except YamlFault as fault:
        raise AssertionError(f"{block!r} is no YAML: {fault}") from fault
    assert alike(quick[0], parsed.values), block
    assert quick[1] == parsed.lines
    if "\r" not in block:
        assert flat_places.locate(block) == locate_by_parser(block), block


@given(blocks)
@example("create|d: 1\ntype: note\n")
@example("a:\n  - x\n- y\n")
@example("a: 1\na: 2\n")
@example("a: [ b ,c,  d e ]\nl:\n    -  x\n    - 'y' \n")
def test_a_flat_block_reads_as_the_parser_reads_it(block):
    read_alike(block)


@given(typos)
def test_a_typo_is_read_as_the_parser_reads_it(drawn):
    block, place, typed = drawn
    read_alike(block[:place] + typed + block[place:])


SOUND = [
    "type: note",
    "title: Pool, of (db)",
    "n: 12",
    "day: 2026-07-06",
    "at: 2026-07-06T10:00:00",
    "tags: [a, b/c]",
    "tags: []",
    "l:",
    "  - x y",
    "- x",
    "m: ",
]


@given(st.lists(st.sampled_from(SOUND), max_size=6).map(lambda lines: "".join(f"{line}\n" for line in lines)))
@example("l: \n  - x\n  - y\nm:\n- z\n")
@example("a: 1\na: 2\n")
@example("true: 1\n")
def test_what_is_called_sound_can_be_read(block):
    read_alike(block)


def test_what_other_notes_usually_hold_is_called_sound():
    assert flat.is_sound(
        "title: Pool of db-1\ntags: [a, b/c]\nlinks:\n  - one\n  - two\ncreated: 2026-07-06\nn: 12\nempty:\n"
    )
    assert not flat.is_sound("title: a\ntitle: b\n")


def test_what_notes_usually_hold_needs_no_parser():
    block = (
        'type: incident\nid: INC-20260706-01\ntitle: "Checkout: slow"\nstatus: triage\nusers_affected: 1200\n'
        'services:\n  - "[[checkout]]"\ntags: [incident, sev/2]\nstarted:\ndeclared: 2026-07-06T10:00:00\n'
    )
    assert flat.read(block, first_line=2) == (
        {
            "type": "incident",
            "id": "INC-20260706-01",
            "title": "Checkout: slow",
            "status": "triage",
            "users_affected": 1200,
            "services": ["[[checkout]]"],
            "tags": ["incident", "sev/2"],
            "started": None,
            "declared": "2026-07-06T10:00:00",
        },
        {
            "type": 2,
            "id": 3,
            "title": 4,
            "status": 5,
            "users_affected": 6,
            "services": 7,
            "tags": 9,
            "started": 10,
            "declared": 11,
        },
    )


digits = st.text("0123456789", min_size=2, max_size=2)
stamps = st.builds(
    "{}{}-{}-{}{}{}:{}:{}{}".format,
    st.sampled_from(["20", "00", "99"]), digits, digits, digits, st.sampled_from("T t"), digits, digits, digits,
    st.sampled_from(["", "Z", "z", "+"]),
)  # fmt: skip


@given(stamps)
@example("2026-07-06T10:00:00")
@example("2026-07-06 24:00:00Z")
@example("0001-01-01T00:00:00")
def test_a_moment_reads_the_same_at_once_and_at_a_closer_look(text):
    assert outcome(text) == outcome(f" {text} ")


def outcome(text: str) -> object:
    try:
        return read_moment(text, UTC)
    except ValueError:
        return "no moment"
