"""The merge of notes, against random edits of believable notes, against rubble, and against git."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from okb_incident.core.values.properties import DERIVED, LIST_KEYS, texts_of
from okb_incident.vault.merge.notes import merge
from okb_incident.vault.note.frontmatter import State, read
from okb_incident.vault.note.note import decode

if TYPE_CHECKING:
    from pathlib import Path

PROPERTIES = [
    "type: incident\n", "# a comment\ntitle: Checkout is slow\n", "status: triage\n", "status: 'resolved' # said bob\n", "severity: SEV2\n",
    "tags:\n  - incident\n  - sev/2\n", "tags:\n  - incident\n  - checkout\n", "tags: [a, b]\n", "teams: data\n", "services:\n- '[[a]]' # c\n",
    "updated: 2026-11-23\n", "updated: 2026-11-25\n", "time_to_resolve_minutes: 7\n", "time_to_resolve_minutes: 9\n", "mine:\n  a: 1\n",
    "\n", "# another\n", "text: |\n  one\n\n  two\n\n", "x: &a 1\n", "y: *a\n", "l: [[x]]\n",
]  # fmt: skip
ENTRIES = [
    "- 2026-11-23T02:00:00 **alert**: latency above 5 s\n", "- 2026-11-23T02:00:00 **alert**: latency above 9 s\n",
    "- 2026-11-23T02:05:00 **status** @alice: triage → investigating\n", "- 02:03 support has 40 tickets\n", "- who has the keys?\n",
    "- 2026-11-23T02:09:00 **run** @bob: uptime\n  ```text\n  up 3 days\n  ```\n", "\n", "### Detail\n", "a paragraph\n", "```\n",
    "- [ ] 02:07 a box\n",
]  # fmt: skip
TASKS = [
    "- [ ] Roll back #incident/action 🆔 X-a1 ➕ 2026-11-23\n", "- [x] Roll back #incident/action 🆔 X-a1 ➕ 2026-11-23 ✅ 2026-11-24\n",
    "- [ ] Roll it back [owner:: bob] #incident/action 🆔 X-a1 ➕ 2026-11-23\n", "- [ ] Tell the shops 🆔 X-a2 📅 2026-11-24\n",
    "- [ ] Tell the shops 🆔 X-a2 📅 2026-11-29 ^ab\n", "- [ ] without an id\n", "\n",
]  # fmt: skip
PROSE = [
    "# Title\n",
    "## Summary\n",
    "## Impact\n",
    "One sentence.\n",
    "Another.\n",
    "A third\n",
    "\n",
    "> a quote\n",
    "```\n",
    "---\n",
    "é \u2028\n",
]
RUBBLE = [
    *PROPERTIES,
    *ENTRIES,
    *TASKS,
    *PROSE,
    "---\n",
    "\r\n",
    "\ufeff",
    "\r",
    "a: 'x\n",
    "## Timeline\r\n",
    "<<<<<<< a\n",
    "{a: 1}\n",
]


@st.composite
def changed(draw, pieces: list[str], words: list[str]) -> list[str]:
    """The pieces after a few edits of somebody: some taken out, put in, or written anew."""
    pieces = list(pieces)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(pieces)))
        gone = draw(st.integers(0, 2))
        pieces[at : at + gone] = draw(
            st.lists(st.sampled_from(words) | st.text("abc", min_size=1).map("{}\n".format), max_size=2)
        )
    return pieces


PARTS = [PROPERTIES, PROSE, ENTRIES, TASKS]
NOTES = st.tuples(*(st.lists(st.sampled_from(words), max_size=5, unique=True) for words in PARTS))


def whole(note: list[list[str]], eol: str = "\n", end: str = "\n") -> bytes:
    block, prose, entries, tasks = ("".join(each) for each in note)
    text = f"---\n{block}---\n{prose}\n## Timeline\n{entries}\n## Actions\n{tasks}"
    return (text.removesuffix("\n") + end).replace("\n", eol).encode("utf-8", "surrogateescape")


@st.composite
def three_notes(draw) -> tuple[bytes, bytes, bytes]:
    base = draw(NOTES)
    notes = [base] + [[draw(changed(part, words)) for part, words in zip(base, PARTS, strict=True)] for _ in range(2)]
    marks = st.sampled_from(["\n"] * 6 + ["\r\n"]), st.sampled_from(["\n"] * 6 + [""])
    first, second, third = (whole(note, *map(draw, marks)) for note in notes)
    return first, second, third


@st.composite
def three_texts(draw, words: list[str]) -> tuple[bytes, bytes, bytes]:
    base = draw(st.lists(st.sampled_from(words), max_size=12))
    first, second, third = (
        "".join(each).encode("utf-8", "surrogateescape")
        for each in (base, draw(changed(base, words)), draw(changed(base, words)))
    )
    return first, second, third


# The everyday profile stays quick; the long one runs all the more.
FEWER = settings(max_examples=settings().max_examples // 2)
THREE = st.one_of(
    three_notes(),
    three_texts(RUBBLE),
    st.tuples(st.binary(max_size=20), st.binary(max_size=20), st.binary(max_size=20)),
)


def lines(data: bytes) -> list[str]:
    return [line.removesuffix("\r") for line in decode(data).removeprefix("\ufeff").split("\n")]


def named(conflicts: tuple[str, ...], side: str) -> set[int]:
    """The numbers of the lines that the conflicts name in a side."""
    found = re.findall(rf"lines? (\d+)(?:-(\d+))? in {side}", " ".join(conflicts))
    return {line for first, last in found for line in range(int(first), int(last or first) + 1)}


def by_rule(line: str) -> bool:
    """Whether a line may go without a word, because a rule merges what it says: sets, later dates, derived numbers, tasks."""
    key, _, _ = line.partition(":")
    return key in {"updated", *DERIVED, *LIST_KEYS} or line.startswith(("  - ", "- '[[")) or "🆔" in line


@FEWER
@given(THREE)
@example((b"a\n", b"b\n", b"c\n"))
def test_what_one_side_changed_is_taken_to_the_byte(three):
    base, ours, theirs = three
    for side in (ours, theirs):
        assert merge(base, side, base) == merge(base, base, side) == merge(base, side, side) == (side, ())


@FEWER
@given(THREE)
def test_nothing_typed_is_lost_in_silence(three):
    base, ours, theirs = three
    data, conflicts = merge(base, ours, theirs)
    known = {*lines(base), *lines(data)}
    if any("is empty" in conflict for conflict in conflicts):
        return
    for name, side in (("ours", ours), ("theirs", theirs)):
        told = named(conflicts, name)
        for number, line in enumerate(lines(side), 1):
            assert line in known or number in told or by_rule(line), (line, conflicts)


@FEWER
@given(THREE)
def test_a_clean_merge_is_the_same_from_both_sides(three):
    base, ours, theirs = three
    data, conflicts = merge(base, ours, theirs)
    other, other_conflicts = merge(base, theirs, ours)
    assert bool(conflicts) == bool(other_conflicts)
    if not conflicts:
        assert {*filter(None, lines(data))} ^ {*filter(None, lines(other))} <= {
            line for line in lines(data) + lines(other) if by_rule(line)
        }


def repeats(note: bytes) -> bool:
    """Whether a line with words stands twice: of equal lines nobody can tell which one was added or taken away."""
    words = [line for line in lines(note) if any(map(str.isalnum, line))]
    return len(words) > len({*words})


@FEWER
@given(THREE)
def test_what_was_merged_cleanly_is_merged_already(three):
    assume(not any(map(repeats, three)))
    base, _, theirs = three
    data, conflicts = merge(*three)
    assume(not conflicts and not repeats(data))
    assert merge(base, data, theirs) == (data, ())


@FEWER
@given(three_notes())
def test_merged_frontmatter_can_be_read_and_lists_are_sets(three):
    notes = [read(decode(each), "x") for each in three]
    assume(all(each.state is State.OK for each in notes))
    data, conflicts = merge(*three)
    assume(not conflicts)
    merged = read(decode(data), "x")
    assert merged.state is State.OK
    for key in LIST_KEYS:
        base, ours, theirs, both = ({*texts_of(each.values.get(key))} for each in (*notes, merged))
        assert both == (base & ours & theirs) | (ours - base) | (theirs - base)


@st.composite
def three_plain_texts(draw) -> tuple[bytes, bytes, bytes]:
    """Texts in which no line stands twice, so that there is one way to see what was changed."""
    count = draw(st.integers(0, 12))
    texts = ["".join(f"base {at}\n" for at in range(count))]
    for side in ("ours", "theirs"):
        edits = draw(
            st.lists(st.sampled_from(["keep"] * 5 + ["delete", "change", "insert"]), min_size=count, max_size=count)
        )
        kept = {"keep": "base {0}\n", "delete": "", "change": "{1} {0}\n", "insert": "base {0}\n{1} new {0}\n"}
        texts.append("".join(kept[edit].format(at, side) for at, edit in enumerate(edits)))
    first, second, third = (text.encode() for text in texts)
    return first, second, third


def git_merge(git: Path, folder: Path, *three: bytes) -> bytes | None:
    """What git makes of it, None where it finds a conflict."""
    base, ours, theirs = (folder / name for name in ("base", "ours", "theirs"))
    for path, data in zip((base, ours, theirs), three, strict=True):
        path.write_bytes(data)
    done = subprocess.run([git, "merge-file", "-p", ours, base, theirs], capture_output=True, check=False)
    return None if done.returncode else done.stdout


@FEWER
@given(three_plain_texts())
def test_where_git_merges_we_merge_the_same(tmp_path_factory, needs, three):
    expected = git_merge(needs("git"), tmp_path_factory.getbasetemp(), *three)
    assume(expected is not None)
    assert merge(*three) == (expected, ())


@FEWER
@given(three_texts(["one\n", "two\n", "three\n", "\n"]))
def test_where_git_merges_lines_that_repeat_we_lose_none(tmp_path_factory, needs, three):
    expected = git_merge(needs("git"), tmp_path_factory.getbasetemp(), *three)
    assume(expected is not None)
    assert expected is not None
    data, conflicts = merge(*three)
    assert conflicts or {*lines(expected)} <= {*lines(data), ""}
