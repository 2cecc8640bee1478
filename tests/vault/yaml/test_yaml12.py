from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
import yaml

from okb_incident.vault.yaml import yaml12
from okb_incident.vault.yaml.yaml_fault import YamlFault

if TYPE_CHECKING:
    from collections.abc import Iterator

# As measured with Obsidian's own parser; test_obsidian_yaml asks that parser again.
READINGS = [
    ("", {}),
    ("# only a comment\n", {}),
    ("~\n", {}),
    ("a: yes\nb: no\nc: on\nd: off\ne: Yes\nf: NO\ng: y\n", {"a": "yes", "b": "no", "c": "on", "d": "off", "e": "Yes", "f": "NO", "g": "y"}),
    ("a: 12:30\nb: 1:20:30\nc: 09:15\n", {"a": "12:30", "b": "1:20:30", "c": "09:15"}),
    ("a: 010\nb: 0042\nc: 08\nd: 0o10\ne: 0x1F\n", {"a": 10, "b": 42, "c": 8, "d": 8, "e": 31}),
    ("a: 0b11\nb: 1_000\nc: 1e3\n", {"a": "0b11", "b": "1_000", "c": 1000.0}),
    ("a: .5\nb: 1.\nc: +1\nd: 1.10\n", {"a": 0.5, "b": 1.0, "c": 1, "d": 1.1}),
    ("a: 2026-01-05\nb: 2026-01-05T10:30:00Z\nc: 2026-01-05 10:30:00\n", {"a": "2026-01-05", "b": "2026-01-05T10:30:00Z", "c": "2026-01-05 10:30:00"}),
    ("a:\nb: ~\nc: null\nd: NULL\n", dict.fromkeys("abcd")),
    ("a: True\nb: FALSE\n", {"a": True, "b": False}),
    ("b: &b {x: 1}\nc:\n  <<: *b\n  y: 2\n", {"b": {"x": 1}, "c": {"<<": {"x": 1}, "y": 2}}),
    ("<<: 1\n", {"<<": 1}),
    ("a: &x [1, 2]\nb: *x\n", {"a": [1, 2], "b": [1, 2]}),
    ("a: &x v\nb: *x\n*x : w\n", {"a": "v", "b": "v", "v": "w"}),
    ("chan: #inc-1\n", {"chan": None}),
    ("runbook: [[X]]\n", {"runbook": [["X"]]}),
    ("phone: +41791234567\n", {"phone": 41791234567}),
    ("1: a\non: b\n2026-01-05: c\ntrue: d\n~: e\n1.50: f\n.inf: g\n", {"1": "a", "on": "b", "2026-01-05": "c", "true": "d", "": "e", "1.5": "f", "Infinity": "g"}),
    ("created: <% tp.date.now() %>\n", {"created": "<% tp.date.now() %>"}),
    ("a: x\u2028y\nb: 'p\u2029q'\n", {"a": "x\u2028y", "b": "p\u2029q"}),
    ("a: x\ufeffy\ufffe\nb: 'p\uffff'\n", {"a": "x\ufeffy\ufffe", "b": "p\uffff"}),
    ("a: |\n  one\n   two\n\nb: >-\n  x\n  y\n", {"a": "one\n two\n", "b": "x y"}),
    ("a: 'it''s'\nb: \"\\u00e9\\x41\\/\"\n", {"a": "it's", "b": "éA/"}),
    ("a: x\r\nb:\r\n  - y\r\n", {"a": "x", "b": ["y"]}),
    ("  a: 1\n  b: 2\n", {"a": 1, "b": 2}),
    ('{"a": 1, "b": [true, null]}\n', {"a": 1, "b": [True, None]}),
    ("? a\n: b\n", {"a": "b"}),
    ("a: [why, {b: c}]\n", {"a": ["why", {"b": "c"}]}),
    ('a: "x\n  y"\n', {"a": "x y"}),
    ("a: 1\n...\n", {"a": 1}),
]  # fmt: skip


@pytest.fixture(params=["libyaml", "Python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Read with libyaml's parser, and with the one that stands in where PyYAML was built without it."""
    monkeypatch.setattr(yaml, "__with_libyaml__", request.param == "libyaml")
    yaml12._parser.cache_clear()
    yield request.param
    yaml12._parser.cache_clear()


@pytest.mark.parametrize(("text", "values"), READINGS)
def test_a_block_is_read_as_obsidian_reads_it(parser, text, values):
    found = yaml12.parse(text).values
    assert found == values
    assert json.dumps(found) == json.dumps(values)


@pytest.mark.parametrize(("text", "values"), [("a:\tx\n", {"a": "x"}), ("a: [why?, b]\n", {"a": ["why?", "b"]})])
def test_what_only_libyaml_can_read_is_otherwise_a_fault_and_no_other_value(parser, text, values):
    if parser == "libyaml":
        assert yaml12.parse(text).values == values
    else:
        with pytest.raises(YamlFault):
            yaml12.parse(text)


def test_each_key_has_its_line():
    assert yaml12.parse("# c\na: 1\n\nb:\n  c: 2\nd: 3\n").lines == {"a": 2, "b": 4, "d": 6}


FAULTS = [
    ("a: 1\nowner: @alice\n", "bad-yaml", 2, "cannot begin with @", '"@alice"'),
    ("a: `x`\n", "bad-yaml", 1, "backquote", "double quotes"),
    ("a: 1\ntitle: Outage: api\n", "bad-yaml", 2, "colon with a blank", '"Outage: api"'),
    ("a: 1\ntags: [#a, #b]\nb: 2\n", "bad-yaml", 2, "# begins a comment", '"#db"'),
    ("a: 1\n\tb: 2\n", "bad-yaml", 2, "tab", "blanks"),
    ("a: [[x]] and y\n", "bad-yaml", 1, "link", '"[[checkout]]"'),
    ("a: 1\nd: {{date}}\n", "bad-yaml", 2, "unfilled template", "double quotes"),
    ("a: 1\n  b: 2\n", "bad-yaml", 2, "indentation", "left margin"),
    ('title: "foo\nb: 1\n', "bad-yaml", 1, "not closed", "close it"),
    ('title: "foo\nb: 1"\n', "bad-yaml", 1, "not closed", "close it"),
    ("a: 1\ntags: [x\nb: 1\n", "bad-yaml", 2, "not closed", "close it"),
    ("a: 'x' y\n", "bad-yaml", 1, "after the closing quote", "double quotes"),
    ("a: 1\nfoo bar\nb: 2\n", "bad-yaml", 2, "not a property", "name: value"),
    ("a: *bold* text\n", "bad-yaml", 1, "cannot begin with one of", "double quotes"),
    ("a: *b\n", "bad-yaml", 1, "refers to nothing", "double quotes"),
    ("a: &x\n", "bad-yaml", 1, "names nothing", "double quotes"),
    ("a: !secret x\n", "bad-yaml", 1, "tag", "double quotes"),
    ("a: !!str 1\n", "bad-yaml", 1, "tag", "double quotes"),
    ('a: !!int ""\n', "bad-yaml", 1, "tag", "double quotes"),
    ("a: !!binary [1]\n", "bad-yaml", 1, "tag", "double quotes"),
    ('path: "C:\\new\\q"\n', "bad-yaml", 1, "backslash", "single quotes"),
    ("? [a]\n: b\n", "bad-yaml", 1, "list or mapping", ""),
    ("x: &a [1]\n? *a\n: b\n", "bad-yaml", 2, "", ""),
    ("a: [?x]\n", "bad-yaml", 1, "? begins a word", "double quotes"),
    ("v: &v x\na: [?*v ]\n", "bad-yaml", 2, "? begins a word", "double quotes"),
    ('a: "x\\\n\n  y"\n', "bad-yaml", 1, "blank line", "one line"),
    ("a: 1\n...\nb: 2\n", "bad-yaml", 3, "", ""),
    ("--- {a: 1}\n...\n--- {b: 1}\n", "bad-yaml", 3, "second", ""),
    ("%YAML 1.1\n--- {a: yes}\n", "bad-yaml", 1, "directive", ""),
    ("a: " + "9" * 301 + "\n", "bad-yaml", 1, "digits", "quotes"),
    ("b: 1\na: \x07\n", "bad-yaml", 2, "U+0007", "delete"),
    ("a: x\x85y\n", "bad-yaml", 1, "U+0085", "delete"),
    ("a: x\ry: z\n", "bad-yaml", 1, "U+000D", "delete"),
    ("\ufeffa: 1\n", "bad-yaml", 1, "U+FEFF", "delete"),
    ("# c\n\ufeffa: 1\n", "bad-yaml", 2, "U+FEFF", "delete"),
    ("a: [?: ]\n", "bad-yaml", 1, "? begins a word", "double quotes"),
    ("a: \U000f2028\u2028\n", "bad-yaml", 1, "private", "delete"),
    ("b: 1\ntitle: Z\udcfcrich\n", "encoding", 2, "UTF-8", "UTF-8"),
    ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, "'a' is there twice", "delete"),
    ("x: {a: 1, a: 2}\n", "duplicate-key", 1, "'a' is there twice", "delete"),
    ("1: a\n'1': b\n", "duplicate-key", 2, "'1' is there twice", "delete"),
    ("a: 1\nb: &a 1\nc: [" + "*a, " * 101 + "]\n", "bad-yaml", 3, "more than 100 aliases", "body"),
    ("a: 1\nb: [" + "x, " * 20_000 + "]\n", "bad-yaml", 2, "more than 20,000 values", "body"),
    ("a: &a [" + "x, " * 9_000 + "]\nb: *a\nc: *a\n", "bad-yaml", 3, "more than 20,000 values", "body"),
    ("a: " + "x" * 262_144, "bad-yaml", 1, "more than 262,144 characters", "body"),
    ("- a\n- b\n", "not-a-mapping", 1, "a list", "name: value"),
    ("hello\n", "not-a-mapping", 1, "a single value", "name: value"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line", "message", "hint"), FAULTS)
def test_a_fault_says_where_what_and_what_to_do(parser, text, code, line, message, hint):
    with pytest.raises(YamlFault) as raised:
        yaml12.parse(text)
    fault = raised.value
    assert (fault.code, fault.line) == (code, line)
    assert message in fault.message
    assert hint in (fault.hint or "")
    assert fault.column >= 1


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)
MERGES = "a0: &a0 {k0: v}\n" + "".join(f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
HOSTILE = {
    "billion laughs": LAUGHS,
    "merge bomb": MERGES,
    "deep flow": "a: " + "[" * 60_000,
    "deep flow closed": "a: " + "[" * 30_000 + "]" * 30_000,
    "deep mapping": "a: " + "{a: " * 30_000,
    "deep block": "a:\n" + "- " * 30_000,
    "deep keys": "? " * 30_000,
    "too large": "a: " + "[" * 1_000_000,
    "many values": "a: [" + "x, " * 30_000 + "]\n",
    "many aliases": "a: &a 1\nb: [" + "*a, " * 101 + "]\n",
    "many keys": "".join(f"k{n}: {n}\n" for n in range(9_000)),
    "many open quotes": 'a: "\n' * 40_000,
    "many brackets": "]\n[\n" * 60_000,
    "one long line": "a: " + ": '" * 80_000,
    "blanks": "a" + " " * 250_000 + "x\nb: @\n",
    "many anchors": "".join(f"k{n}: &a{n} [x]\n" for n in range(9_000)),
    "long word": "a: '" + "\\" * 250_000 + "'\nb: @\n",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_block_crashes_or_hangs_the_reader(name):
    script = (
        "import json, resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (20, 20))\n"  # however busy the machine
        "from okb_incident.vault.note.frontmatter import read, set_property\n"
        "from okb_incident.errors import InvalidNoteError\n"
        "text = sys.stdin.read()\n"
        "found = read(text, 'n.md')\n"
        "json.dumps(found.values), str(found.values)\n"
        "try:\n"
        "    set_property(text, 'status', 'closed')\n"
        "except InvalidNoteError:\n"
        "    pass\n"
        "print(found.state, *(problem.code for problem in found.problems))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=f"---\n{HOSTILE[name]}\n---\nbody\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] in {"ok", "broken"}
    assert (name == "many keys") == (done.stdout.split()[0] == "ok")


def test_the_guard_holds_in_a_thread_with_a_small_stack():
    faults: list[str] = []

    def read() -> None:
        for name, text in HOSTILE.items():
            if name.startswith("deep"):
                with pytest.raises(YamlFault) as raised:
                    yaml12.parse(text)
                faults.append(raised.value.message)

    size = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
    assert faults == [*["more than 50 levels of nesting"] * 4, "a list or mapping is where a key should be"]


@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_what_libyaml_itself_calls_too_deep_is_named_alike(opening):
    with pytest.raises(YamlFault) as raised:
        yaml12.parse("a: " + opening * 5_000)
    assert raised.value.message == "more than 50 levels of nesting"
    assert raised.value.line == 1
