"""The editor of notes, against notes made of fragments that found every fault in earlier readers.

`HYPOTHESIS_PROFILE=long` runs each property a thousand times as often.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from okb_incident.errors import InvalidNoteError, NotFoundError
from okb_incident.vault import sections
from okb_incident.vault.frontmatter import append_item, read, remove_item, set_property, write_block
from okb_incident.vault.note import Fences, decode, encode, join, split
from okb_incident.vault.scalar import whole

if TYPE_CHECKING:
    from collections.abc import Callable

FRAGMENTS = [
    "---\n", "---\r\n", "--- \n", "---", "----\n", "...\n", "\n", "\r\n", "\r", "\ufeff", "\t", "  ", " # c\n", "# c\n",
    "status: triage\n", "status: 'a' # c\n", 'status: "b"\n', "status:\n", "title: Outage: api\n", "owner: @alice\n",
    "tags: [a, 'b', \"c\"] # d\n", "tags:\n  - a\n  - b # c\n", "tags:\n- a\n# c\n- b\n", "tags: a\n", "tags: [\n a,\n]\n",
    "text: |\n  one\n\n  two\n\n", "text: >-\n  one\n   two\n", "text: |+\n  one\n\n\n", "long: a\n  b\n", 'q: "a\n  b"\n',
    "x: &a [1]\n", "y: *a\n", "<<: *a\n", "m: {a: 1}\n", "m:\n  k: v\n", "? k\n: v\n", "1: 2\n", "on: yes\n", "a: !t x\n",
    "d: {{date}}\n", "d: <% t %>\n", "l: [[x]]\n", "l: \"[[x]]\"\n", "u: \u2028\n", "u: \x85\n", "u: \ud800\n", "u: \x00\n",
    "<<<<<<< HEAD\n", "=======\n", ">>>>>>> b\n", "{", "}\n", "[", "]\n", "'", '"', "- a\n", "a\n", ": ", "status", "tags",
    "- 02:22 note\n", "## Timeline\n", "## 🔥 timeline ##\r\n", "```\n", "~~~~ x\n", "# T\n", "text\n", "### sub\n", "  more\n",
]  # fmt: skip
HOSTILE = [
    "", " ", "a ", " a", "y", "No", "null", "~", "1", "1.10", "0x1F", "1e3", ".5", "12:30", "2026-01-05", "a: b", "a #b", "a:",
    "-", "- a", "? a", "@a", "`a`", "[[x]]", "[a", "{{d}}", "<% x %>", "#a", "&a", "*a", "!a", "%a", "|", ">", "'", '"', "it's",
    'say "no"', "\\", "C:\\new", "a\nb", "a\r\nb", "\t", "\x00", "\x1b[31m", "\x85", "\u2028", "\ufeff", "\ufffe", "\ud800",
    "\udc80", "\U0001f525", "é", "---", "---\n", "<<<<<<< HEAD", "a, b", "[]", "{}", "true", "=", "<<", "x" * 3000,
]  # fmt: skip

notes = st.lists(st.sampled_from(FRAGMENTS), max_size=16).map("".join)
blocks = st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join)
framed = st.builds(
    lambda eol, block, body: f"---{eol}{block}---{eol}{body}", st.sampled_from(["\n", "\r\n"]), blocks, notes
)
texts = st.one_of(notes, framed)
strings = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12))
scalars = st.one_of(strings, st.booleans(), st.integers(), st.floats())
values = st.one_of(scalars, st.lists(scalars, max_size=4))
keys = st.sampled_from(["status", "tags", "text", "title", "new", "x", "l", "m", "d"])
ORDER = ("title", "status", "new", "tags")


def stored(value: Any) -> Any:
    if isinstance(value, list):
        return [stored(item) for item in value]
    return whole(value) if isinstance(value, str) else value


def alike(one: Any, other: Any) -> bool:
    """Compare as YAML means it; written apart from the editor's own comparison."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    if isinstance(one, bool) != isinstance(other, bool) or isinstance(one, str) != isinstance(other, str):
        return False
    return bool(one == other)


def edited(edit: Callable[..., str], text: str, *given: Any) -> str:
    """Make an edit; whatever the note, it is made or refused, and soon."""
    start = time.monotonic()
    try:
        return edit(text, *given, path="n.md")
    except InvalidNoteError as error:
        assert error.message.startswith("n.md")
        assume(False)
        raise
    finally:
        assert time.monotonic() - start < 1


def only_changes(text: str, after: str, key: str) -> None:
    """Assert that two notes differ in the lines of one property, and mean the same but for it."""
    old, new = text.split("\n"), after.split("\n")
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    before, now = read(text, "n.md"), read(after, "n.md")
    others = {name: value for name, value in before.values.items() if name != key}
    kept = {name: value for name, value in now.values.items() if name != key}
    if before.state == "broken" and now.state == "ok":
        kept = {name: value for name, value in kept.items() if name in others}
    assert alike(kept, others)
    assert split(after).body == split(text).body
    assert split(after).bom == split(text).bom
    if split(text).fences is Fences.CLOSED:
        assert (split(after).opening, split(after).closing) == (split(text).opening, split(text).closing)
        # What changed lies at the property itself, in the old note and in the new one.
        for lines, found in ((old, before), (new, now)):
            changed = range(head + 1, len(lines) - tail + 1)
            assert not [name for name, line in found.lines.items() if line in changed and name != key]


@given(st.binary(max_size=200) | texts.map(encode))
def test_p1_any_bytes_survive(data):
    text = decode(data)
    assert encode(text) == data
    assert join(split(text)) == text
    parts = split(text)
    assert text[parts.block_start :].startswith(parts.block)
    assert text[parts.body_start :] == parts.body
    assert parts.body_line == text[: parts.body_start].count("\n") + 1 or "\n" not in parts.closing + "\n"[parts.body == "" :]
