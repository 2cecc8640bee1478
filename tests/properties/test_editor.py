"""The editor of notes, against notes made of fragments that found every fault in earlier readers.

`HYPOTHESIS_PROFILE=fuzz` runs each property a thousand times as often.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from tests.limits import computing_at_most

from okb_incident.errors import InvalidNoteError, NotFoundError
from okb_incident.vault.note import sections
from okb_incident.vault.note.frontmatter import append_item, read, remove_item, set_property, write_block
from okb_incident.vault.note.note import Fences, decode, encode, join, split
from okb_incident.vault.yaml.scalar import whole

if TYPE_CHECKING:
    from collections.abc import Callable

FRAGMENTS = [
    "---\n", "---\r\n", "--- \n", "---", "----\n", "...\n", "\n", "\r\n", "\r", "\ufeff", "\t", "  ", " # c\n", "# c\n",
    "status: triage\n", "status: 'a' # c\n", 'status: "b"\n', "status:\n", "title: Outage: api\n", "owner: @alice\n",
    "tags: [a, 'b', \"c\"] # d\n", "tags:\n  - a\n  - b # c\n", "tags:\n- a\n# c\n- b\n", "tags: a\n", "tags: [\n a,\n]\n",
    "text: |\n  one\n\n  two\n\n", "text: >-\n  one\n   two\n", "text: |+\n  one\n\n\n", "long: a\n  b\n", 'q: "a\n  b"\n',
    "x: &a [1]\n", "y: *a\n", "<<: *a\n", "m: {a: 1}\n", "m:\n  k: v\n", "? k\n: v\n", "1: 2\n", "on: yes\n", "a: !t x\n",
    "d: {{date}}\n", "d: <% t %>\n", "l: [[x]]\n", 'l: "[[x]]"\n', "u: \u2028\n", "u: \x85\n", "u: \udcff\n", "u: \x00\n",
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
    try:
        with computing_at_most(20):
            return edit(text, *given, path="n.md")
    except InvalidNoteError as error:
        assert error.message.startswith("n.md")
        assume(False)
        raise


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
        for lines in (old, new):
            changed = [line for line in lines[head : len(lines) - tail] if line[:1] not in " \t\r-#]}"]
            assert all(line.startswith(key) for line in changed), changed


@given(st.binary(max_size=200) | texts.map(encode))
def test_p1_any_bytes_survive(data):
    text = decode(data)
    assert encode(text) == data
    assert join(split(text)) == text
    parts = split(text)
    assert text[parts.block_start :].startswith(parts.block + parts.closing)
    assert text[parts.body_start :] == parts.body
    assert not parts.body or parts.body_line == text.count("\n", 0, parts.body_start) + 1


@given(texts, keys, values)
@example("---\nstatus: triage\n---\n", "status", "y")
@example("---\nstatus: a\ntags: [#a\n---\n", "status", "b")
@example("---\nx: 1\n...\n---\n", "new", "b")
@example("---\n~\n---\n", "new", "b")
def test_p2_p3_p4_a_set_property_reads_back_and_nothing_else_changes(text, key, value):
    after = edited(set_property, text, key, value, ORDER)
    assert alike(read(after, "n.md").values[key], stored(value))
    only_changes(text, after, key)
    assert set_property(after, key, value, ORDER) == after


@given(texts, keys, values, values)
def test_p4_the_last_write_wins(text, key, first, last):
    both = edited(set_property, edited(set_property, text, key, first), key, last)
    assert alike(read(both, "n.md").values[key], stored(last))
    only_changes(text, both, key)


@given(texts, keys)
@example("---\ntext: |\n  a\nstatus:\n  - b\n  # c\n---\n", "status")
def test_p2_a_property_is_taken_out_with_its_lines_only(text, key):
    after = edited(set_property, text, key, None)
    assert key not in read(after, "n.md").values
    only_changes(text, after, key)
    assert edited(set_property, after, key, None) == after


@given(texts, keys, values)
def test_p4_a_new_property_taken_out_again_leaves_the_note_as_it_was(text, key, value):
    assume(split(text).fences is Fences.CLOSED and key not in read(text, "n.md").lines)
    after = edited(set_property, text, key, value, ORDER)
    assume(key not in text)
    assert set_property(after, key, None) == text


@given(texts, keys, scalars)
def test_p2_p4_an_item_is_added_once_and_removed_again(text, key, item):
    before = read(text, "n.md").values.get(key)
    after = edited(append_item, text, key, item)
    items = read(after, "n.md").values[key]
    items = items if isinstance(items, list) else [items]
    old = before if isinstance(before, list) else [] if before is None else [before]
    known = any(alike(each, stored(item)) for each in old)
    assert alike(items, old if known else [*old, stored(item)])
    only_changes(text, after, key)
    assert append_item(after, key, item) == after
    without = edited(remove_item, after, key, item)
    left = read(without, "n.md").values.get(key)
    left = left if isinstance(left, list) else [] if left is None else [left]
    assert not any(alike(each, stored(item)) for each in left)
    only_changes(after, without, key)


@given(texts, keys)
def test_p5_reading_never_raises_and_names_what_it_cannot_read(text, key):
    with computing_at_most(20):
        found = read(text, "n.md")
    assert (found.state in {"broken", "unterminated"}) <= bool(found.problems)
    lines = text.count("\n") + 1
    assert all(problem.line is not None and 1 <= problem.line <= lines for problem in found.problems)
    assert found.values.keys() == found.lines.keys()
    written = text.split("\n")
    for line in found.lines.values():
        assert 2 <= line <= lines
        assert written[line - 1].strip()
    assert sections.find(text, key) is None or sections.section_lines(text, key) is not None


@given(texts)
def test_p7_p10_an_unterminated_block_is_never_edited_as_one(text):
    if split(text).fences is not Fences.UNTERMINATED:
        return
    for edit in (set_property, append_item, remove_item):
        with pytest.raises(InvalidNoteError, match="n.md:1"):
            edit(text, "status", "closed", path="n.md")


canonical = st.dictionaries(
    keys, st.one_of(strings, st.integers(), st.lists(strings, min_size=1, max_size=3)), min_size=1
)


@given(canonical, st.sampled_from(["\n", "\r\n"]), st.text(alphabet="ab-#\n ", max_size=20), st.data())
def test_p10_a_torn_note_is_no_other_note(properties, eol, body, data):
    text = f"---\n{write_block(properties)}---\n{body}".replace("\n", eol)
    whole_note = read(text, "n.md")
    assert whole_note.state == "ok"
    torn = text[: data.draw(st.integers(0, len(text)))]
    found = read(torn, "n.md")
    if torn in {"", text}:
        return
    if found.state == "ok":
        assert alike(found.values, whole_note.values)
        assert split(torn).block == split(text).block
    else:
        assert found.state == "unterminated"
        assert found.values == {}
        with pytest.raises(InvalidNoteError):
            set_property(torn, "status", "closed")


@given(canonical)
def test_a_new_block_reads_back(properties):
    found = read(f"---\n{write_block(properties)}---\n", "n.md")
    assert found.problems == ()
    assert alike(found.values, {key: stored(value) for key, value in properties.items()})


@given(canonical, st.data())
def test_p9_blanks_comments_and_the_order_of_keys_change_no_value(properties, data):
    plain = read(f"---\n{write_block(properties)}---\n", "n.md").values
    written = [write_block({key: value}) for key, value in data.draw(st.permutations(list(properties.items())))]
    noise = st.sampled_from(["", "\n", "# c\n", "  \n", "  # c\n"])
    noisy = "".join(
        data.draw(noise) + lines.replace("\n", data.draw(st.sampled_from(["\n", " \n", " # c\n"])), 1)
        for lines in written
    )
    found = read(f"---\n{noisy}---\n", "n.md")
    assert found.problems == ()
    assert alike(dict(sorted(found.values.items())), dict(sorted(plain.items())))


LINES = [
    "## Timeline\n", "## 🔥 timeline ##\r\n", "## Actions\n", "## T", "# T\n", "### Timeline\n", "- a\n", "- b\r\n", "- c", "text\n",
    "  more\n", "\n", "\r\n", "```\n", "```text\n", "~~~\n", "    ```\n", "> q\n", "1. x\n", "---\n", "\u2028", "\r", "a: 1\n",
]  # fmt: skip
bodies = st.lists(st.sampled_from(LINES), max_size=10).map("".join)
timelines = st.builds("{}## Timeline{}{}".format, bodies, st.sampled_from(["\n", "\r\n", ""]), bodies)
sectioned = st.one_of(timelines, timelines.map("---\na: 1\n---\n".__add__), bodies, texts)
titles = st.sampled_from(["Timeline", "timeline", "Actions", "T"])


@given(sectioned, titles, st.integers(-1, 9), st.sampled_from(["- x", "- x\n  more"]))
def test_p8_a_line_goes_in_and_everything_else_stays_in_order(text, title, index, line):
    try:
        after = sections.insert_line(text, title, index, line)
    except NotFoundError:
        assert sections.find(text, title) is None
        return
    section = sections.find(text, title)
    assert section is not None
    eol = "\r\n" if text.split("\n", 1)[0].endswith("\r") and "\n" in text else "\n"
    written = line.replace("\n", eol) + eol
    at = next(
        at
        for at in range(section.content, section.end + 3)
        if after[:at].rstrip("\r\n") == text[:at].rstrip("\r\n") and after[at:].startswith(written)
    )
    assert after[:at] in {text[:at], text + eol}
    assert after[:at].endswith("\n")
    rest = after[at + len(written) :]
    assert text[min(at, len(text)) :] in {rest, rest.removeprefix(eol)}
    was, now = sections.section_lines(text, title), sections.section_lines(after, title)
    inserted = line.split("\n")
    place = next(
        place
        for place in range(len(now))
        if now[place : place + len(inserted)] == inserted and now[:place] == was[:place]
    )
    assert place <= max(0, min(index, len(was)))
    left = now[place + len(inserted) :]
    assert was[place:] in (left, left[1:])


@given(sectioned, titles)
def test_p8_a_section_goes_in_once_and_everything_else_stays(text, title):
    order = ("T", "Timeline", "Actions")
    try:
        after, inserted = sections.ensure(text, title, order)
    except InvalidNoteError as error:
        assert "fence" in error.message
        return
    assert inserted == (sections.find(text, title) is None)
    assert sections.find(after, title) is not None
    assert sections.ensure(after, title, order) == (after, False)
    if not inserted:
        assert after == text
        return
    place = after.index(f"## {title}")
    while True:
        head, tail = after[:place], after[place:].split("\n", 1)[1]
        if any(
            text == head.removesuffix(gap) + tail.removeprefix(below)
            for gap in ("", "\n", "\r\n", "\n\n", "\r\n\r\n")
            for below in ("", "\n", "\r\n")
        ):
            break
        place = after.index(f"## {title}", place + 1)
    assert split(after).block == split(text).block
