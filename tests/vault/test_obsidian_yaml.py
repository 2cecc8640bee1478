"""Our reader and writer against the parser that Obsidian itself bundles: npm yaml 2.7.0."""

from __future__ import annotations

import json
import math
import random
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from okb_incident.vault.note.frontmatter import write_block
from okb_incident.vault.note.note import Fences, decode, split
from okb_incident.vault.yaml import yaml12
from okb_incident.vault.yaml.scalar import Plain, is_plain, whole
from okb_incident.vault.yaml.yaml_fault import YamlFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HERE = Path(__file__).parent / "obsidian"
DATA = Path(__file__).parents[1] / "data"

pytestmark = pytest.mark.real


class Answer(NamedTuple):
    """What Obsidian makes of a block: its value or its error, and the block as it would write it again."""

    value: Any
    error: str | None
    again: str


@pytest.fixture(scope="module")
def obsidian(needs: Callable[[str], Path]) -> Callable[[Iterable[str]], list[Answer]]:
    node = needs("node")
    needs("obsidian")

    def ask(blocks: Iterable[str]) -> list[Answer]:
        done = subprocess.run(
            [node, HERE / "read.mjs"],
            input="".join(json.dumps(block) + "\n" for block in blocks),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        # Not splitlines: an answer may hold U+2028 as it is.
        answers = [json.loads(line) for line in done.stdout.split("\n") if line]
        return [
            Answer(untagged(each.get("value", ["null"])), each.get("error"), each.get("again", "")) for each in answers
        ]

    return ask


def untagged(tagged: list[Any]) -> Any:
    kind, *rest = tagged
    match kind:
        case "null":
            return None
        case "list":
            return [untagged(item) for item in rest[0]]
        case "map":
            return {key: untagged(item) for key, item in rest[0]}
        case "boolean":
            return rest[0] == "true"
        case "number":
            return float(rest[0].replace("Infinity", "inf"))
        case _:
            return rest[0]


def alike(ours: Any, theirs: Any) -> bool:
    """Compare values; Obsidian has decimals only, and so the last digits of a very long number are ours alone."""
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, int | float):
        return isinstance(theirs, float) and (float(ours) == theirs or (math.isnan(ours) and math.isnan(theirs)))
    if isinstance(ours, list):
        return isinstance(theirs, list) and len(ours) == len(theirs) and all(map(alike, ours, theirs))
    if isinstance(ours, dict):
        return (
            isinstance(theirs, dict)
            and ours.keys() == theirs.keys()
            and all(alike(ours[key], theirs[key]) for key in ours)
        )
    return bool(ours == theirs)


def ours(block: str) -> Any:
    try:
        return yaml12.parse(block).values
    except YamlFault as fault:
        return fault


# Every row of the measured table.
SAME = [
    "a: yes\nb: no\nc: on\nd: off\ne: Yes\nf: NO\ng: y\n", "a: 12:30\nb: 1:20:30\nc: 09:15\n", "a: 010\nb: 0042\nc: 08\n",
    "a: 0o10\n", "a: 0x1F\n", "a: 0b11\nb: 1_000\n", "a: 1e3\n", "a: .5\nb: 1.\nc: +1\nd: .inf\ne: .nan\nf: -.inf\n", "a: 2026-01-05\n",
    "a: 2026-01-05T10:30:00\nb: 2026-01-05T10:30:00Z\nc: 2026-01-05T10:30:00+02:00\nd: 2026-01-05 10:30:00\n",
    "a: 2026-01-05 10:30\nb: 2026-01-05T10:30\nc: 2026-1-5\n", "a:\nb: ~\nc: null\nd: Null\ne: NULL\n", "a: True\nb: TRUE\nc: False\n",
    "a:\tx\n", "b: &b {x: 1}\nc:\n  <<: *b\n", "chan: #inc-1\n", "runbook: [[X]]\n", "a: 12345678901234567890\n", "ver: 1.10\n",
    "phone: +41791234567\n", "1: a\non: b\n2026-01-05: c\n", "# only a comment\n",
]  # fmt: skip
BOTH_REFUSE = [
    "a: 1\na: 2\n",
    "a:\n\tb: 1\n",
    "title: Outage: api\n",
    "owner: @alice\n",
    "a: `x`\n",
    'a: "x\nb: 1"\n',
    "a: *b\n",
]
# What Obsidian gives a value for and we do not: never another value.
ONLY_WE_REFUSE = ["a: !secret x\n", "a: !!str 1\n", "d: {{date}}\n", "a: [?x]\n", "a: &x\n", "a: x\x1by\n", "a: x\ry\n", "? [a]\n: b\n", "a: -\n", "a: 1\n\t\n"]  # fmt: skip


def test_the_lockfile_pins_that_version_and_names_no_registry():
    locked = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]["node_modules/yaml"]
    assert locked["version"] == "2.7.0"
    assert "resolved" not in locked


def test_every_row_of_the_table_has_obsidians_values(obsidian):
    for block, answer in zip(SAME, obsidian(SAME), strict=True):
        assert answer.error is None, block
        assert alike(ours(block), answer.value or {}), block


def test_what_obsidian_refuses_we_refuse(obsidian):
    for block, answer in zip(BOTH_REFUSE, obsidian(BOTH_REFUSE), strict=True):
        assert answer.error, block
        assert isinstance(ours(block), YamlFault), block


def test_what_only_we_refuse_is_a_short_list(obsidian):
    for block, answer in zip(ONLY_WE_REFUSE, obsidian(ONLY_WE_REFUSE), strict=True):
        assert answer.error is None, block
        assert isinstance(ours(block), YamlFault), block


def test_real_notes_are_read_as_obsidian_reads_them(obsidian):
    paths = sorted(DATA.rglob("*.md"))
    # An sdist leaves these out.
    of_the_procedure = sum(path.parent.name == "procedure" for path in paths)
    notes = [split(decode(path.read_bytes())) for path in paths]
    blocks = [parts.block for parts in notes if parts.fences is Fences.CLOSED]
    assert len(blocks) == 205 + of_the_procedure
    read_by_both = unfilled = 0
    for block, answer in zip(blocks, obsidian(blocks), strict=True):
        found = ours(block)
        if isinstance(found, YamlFault):
            # Templates that were not filled in: Obsidian reads {{date}} as a mapping inside a mapping.
            assert "{{" in block.split("\n")[found.line - 1]
            unfilled += 1
        else:
            assert alike(found, answer.value)
            read_by_both += 1
    assert (read_by_both, unfilled) == (177 + of_the_procedure, 28)


SIGNS = "“”„’«»→✅⚠️🔥👩🏽\u200d💻"
ALPHABET = "abcXYZ 0159_.,;()'!?%&=+-/@~$^*<>|\"[]{}–—…→€:#\\\n\téß日🔥\x00\x1b\x7f\x85\xa0\u2028\ufeff\ufffe\udcff`"
# Obsidian escapes C0 and leaves DEL and C1 as they are, which we then refuse by name.
CONTROLS = re.compile("[\x7f-\x9f]")
HARD = [
    "", " ", "a ", " a", "y", "No", "off", "null", "~", "1", "1.10", "0x1F", "0o7", "1e3", ".5", "+1", "1_000", "0b11", "12:30", ".inf",
    "2026-01-05", "a: b", "a #b", "a:", "-", "- a", "? a", "@a", "`a`", "[[x]]", "[a", "{{d}}", "<% x %>", "#a", "&a", "*a", "!a", "|",
    ">", "'", '"', "it's", 'say "no"', "\\", "C:\\new", "a\nb", "a\r\nb", "---", "...", "<<", "=", "true", "a, b", "[]", "{}",
]  # fmt: skip


def test_every_text_we_write_is_read_back_by_both(obsidian):
    draw = random.Random(20261123)
    texts = HARD + ["".join(draw.choices(ALPHABET, k=draw.randint(1, 14))) for _ in range(1500)]
    blocks = [write_block({"k": text, "l": [text, "x"]}) for text in texts]
    for text, block, answer in zip(texts, blocks, obsidian(blocks), strict=True):
        meant = {"k": whole(text), "l": [whole(text), "x"]}
        assert ours(block) == meant, block
        assert answer.value == meant, block
        if not CONTROLS.search(whole(text)):
            # Obsidian writes it in its own way at the next click, and it is still the same text to us.
            assert ours(answer.again) == meant, answer.again


STARTS = [
    "5",
    "5x",
    "500 ",
    "404s ",
    "1e",
    "0x",
    "0b",
    "0o",
    "1:",
    "10:3",
    "2026-11-",
    "2026-11-23 ",
    "1_",
    "1.",
    "½",
    "٣",
    "(",
    *SIGNS,
]
REST = [
    "",
    "x",
    "0",
    "5",
    ":30",
    "e3",
    "_0",
    " Z",
    "T10:30:00",
    " 21:59:43 Z",
    " -5",
    "xx on checkout",
    " dead",
    " “Pay” dead",
    " 🔥",
    "#",
    "%",
]


def test_what_begins_with_a_digit_or_a_sign_is_plain_only_where_all_parsers_read_the_text(obsidian):
    texts = [start + middle + rest for start in STARTS for middle in REST[:6] for rest in REST]
    blocks = [write_block({"k": text, "l": [text]}) for text in texts]
    plain = [text for text in texts if is_plain(text)]
    assert len(plain) > 1000
    for text, block, answer in zip(texts, blocks, obsidian(blocks), strict=True):
        meant = {"k": text, "l": [text]}
        assert ours(block) == answer.value == meant, block
        assert yaml.load(block, yaml.SafeLoader) == meant, block
        assert yaml.load(block, getattr(yaml, "CSafeLoader", yaml.SafeLoader)) == meant, block
        if is_plain(text):
            assert answer.again == block


def test_a_new_note_is_what_obsidian_would_write_itself(obsidian):
    draw = random.Random(20261123)
    alphabet = [char for char in ALPHABET + SIGNS if is_plain(f"a{char}a")]
    texts = ["".join(draw.choices(alphabet, k=draw.randint(1, 30))) for _ in range(3000)]
    texts = [text for text in texts if is_plain(text)]
    assert len(texts) > 500
    links = [f"[[{text}]]" for text in ("checkout", "INC-20261123-01|the first", "payments api")]
    moments = [Plain("2026-11-23T01:47:00"), Plain("~1200"), Plain("5%"), Plain("01M8326CX0M4W7Y2N8R5T6V9ZB")]
    values: list[str | float] = [
        *texts,
        *links,
        *moments,
        "",
        "null",
        "1.10",
        "Outage: api",
        "a #b",
        True,
        0,
        98,
        -3,
        0.02,
        12.5,
    ]
    blocks = []
    while values:
        some, values = values[:12], values[12:]
        named = {f"key {number}": value for number, value in enumerate(some[5:])}
        blocks.append(write_block({"type": "incident", "title": some[0], "tags": some[1:5], "related": [], **named}))
    for block, answer in zip(blocks, obsidian(blocks), strict=True):
        assert answer.again == block
