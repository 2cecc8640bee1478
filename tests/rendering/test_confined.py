"""Templates of a vault: rendered in a process of its own, which no template can make anybody wait for or pay for."""

from __future__ import annotations

import json
import os
import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from okb_incident.errors import InvalidNoteError
from okb_incident.rendering import confined
from okb_incident.rendering.child import answer
from okb_incident.rendering.locate import LARGEST_TEMPLATE, Template
from okb_incident.rendering.render import render

if TYPE_CHECKING:
    from pathlib import Path

    from okb_incident.rendering.locate import Origin
    from okb_incident.rendering.render import Rendered

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
VALUES = {"id": "INC-20261123-01", "title": "Checkout <% tp.date.now() %> \ue000 {{ 7 * 7 }}"}


def rendered(text: str, origin: Origin = "vault") -> Rendered:
    return render(Template("incident", "/kb/incident.md", origin, text), VALUES, at=AT, path="incidents/2026/x.md")


def processes() -> set[str]:
    children = f"/proc/{os.getpid()}/task/{os.getpid()}/children"
    with open(children) as file:
        return set(file.read().split())


@pytest.mark.parametrize("title", ["plain", "<% tp.x %> `$= x`", "\ue000{{ x }}\ue001", "\udc80 é → 😀\x00"])
def test_the_process_gives_what_this_one_would(title: str) -> None:
    text = "{# review #}\n---\nfoo: '{{ title }}'\nday: {{ date }}\n---\n# {{ title }}\n{% if id %}at {{ time }}\n{% endif %}"
    found = []
    for origin in ("vault", "shipped"):
        template = Template("incident", "/kb/incident.md", origin, text)
        made = render(template, {**VALUES, "title": title}, at=AT, path="x.md")
        found.append((made.stand_ins.fill(made.frontmatter), made.body))
    assert found[0] == found[1]


def test_a_fault_names_the_line_of_the_file_as_it_does_here() -> None:
    text = "{# review #}\n---\nfoo: bar\n---\n\n{{ nothing }}\n"
    said = []
    for origin in ("vault", "shipped"):
        with pytest.raises(InvalidNoteError) as caught:
            rendered(text, origin)
        said.append((caught.value.message, caught.value.field, caught.value.hint))
    assert said[0] == said[1]
    assert "/kb/incident.md:6: this template cannot be rendered: 'nothing' is undefined" in said[0][0]


LOOPS = "".join(f"{{% for a{n} in range(999) %}}" for n in range(4)) + "{% endfor %}" * 4
LISTS = "{% set a = range(1000)|list %}{% set c = [a * 60] * 60000 %}{{ c|map('list')|list|length }}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LOOPS, "needs more than 5 s of computing"),
        (LISTS, "fills more than 512 MiB"),
        ("{{ 'a' * 10**9 }}", "a value becomes larger"),
        ("{{ 'a'.ljust(10**9) }}", "cannot be used"),
        ("{{ lipsum(n=100000) }}", "'lipsum' is undefined"),
        ("{{ ''.__class__.__mro__ }}", "cannot be used"),
        ("{% include '/etc/passwd' %}", "cannot be rendered"),
        ("{{ " + "(" * 20000 + "1" + ")" * 20000 + " }}", "calls itself too often"),
        ("{{ " + "-" * 60000 + "1 }}", "calls itself too often"),
        ("{{ x" + ".a" * 30000 + " }}", "calls itself too often"),
        ("{{ 1" + "|abs" * 16000 + " }}", "calls itself too often"),
        ("{% if 1 %}" * 3000 + "{% endif %}" * 3000, "calls itself too often"),
        ("{% for a in range(999) %}{% for b in range(999) %}{{ 'aaaa' }}{% endfor %}{% endfor %}", "document becomes"),
    ],
    ids=lambda text: text[:30],
)
def test_an_attack_ends_in_a_sentence_and_leaves_no_process(text: str, said: str, tmp_path: Path) -> None:
    before = processes()
    with pytest.raises(InvalidNoteError) as caught:
        rendered("{# #}" + text)
    assert re.search(said, caught.value.message)
    assert caught.value.message.startswith("/kb/incident.md")
    assert caught.value.message.endswith("; nothing was rendered")
    assert caught.value.hint or "undefined" in said or "cannot" in said or "becomes" in said
    assert processes() == before


def test_a_process_that_stands_still_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    before = processes()
    monkeypatch.setattr(confined, "WAITING", 0.1)
    monkeypatch.setattr(confined, "START", "import time; time.sleep(600)")
    with pytest.raises(InvalidNoteError, match=r"this template was not ready after 0\.1 s; nothing was rendered"):
        rendered("{# #}{{ title }}")
    assert processes() == before


PROBE = """
import json, os
from okb_incident.rendering import child
descriptors = sorted(os.listdir("/proc/self/fd"))
child.limit()
found = {"environment": sorted(set(os.environ) - {"LC_CTYPE"}), "descriptors": len(descriptors), "folder": os.getcwd()}
calls = {"read": lambda: open("/etc/hostname"), "write": lambda: open("/tmp/pwned", "w"), "pipe": os.pipe}
for name, call in calls.items():
    try:
        call()
        found[name] = "done"
    except OSError as error:
        found[name] = error.strerror
print(json.dumps(found))
"""


def test_the_process_knows_nothing_and_may_open_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "token")
    start = confined.START.replace("from okb_incident.rendering.child import main; main()", f"exec({PROBE!r})")
    monkeypatch.setattr(confined, "START", start)
    with open("/dev/null", "rb") as held:
        os.set_inheritable(held.fileno(), True)
        told, _ = confined._ask(b"")
    assert json.loads(told) == {
        "environment": [],
        # In, out, error, and the one that lists them.
        "descriptors": 4,
        "folder": "/",
        "read": "Too many open files",
        "write": "Too many open files",
        "pipe": "Too many open files",
    }


def test_the_answer_of_the_process_is_plain_data() -> None:
    request = {
        "frontmatter": ["a: {{ title }}", 1],
        "body": ["{{ title }}", 4],
        "values": {"title": "<% x %>"},
        "source": "t",
    }
    reply = answer(request)
    assert json.loads(json.dumps(reply)) == reply
    assert reply["body"] == "&lt;% x %>"
    assert reply["inserted"] == ["&lt;% x %>"]
    assert reply["frontmatter"].startswith(f"a: {reply['mark']}0")
    fault = answer({**request, "body": ["{{ nothing }}", 4]})["fault"]
    assert fault["message"].startswith("t:4: ")


# -- the small renderer needs no such process --------------------------------------------------------------------------------

MUCH = LARGEST_TEMPLATE - 40


@pytest.mark.parametrize(
    "text",
    [
        "{{title}}" * 7000,
        "<%" * 32000,
        "<% " * 20000,
        "{{" * 32000,
        "{{" + "a" * MUCH,
        "{{a:" * 16000,
        "{{" + " " * MUCH,
        "---" + " " * MUCH + "x",
        "---\n" + "--- x\n" * 10000,
        "<% tp.date.now(" + "1," * 32000 + "1) %>",
        "<% tp.date.now(" + ")" * 60000 + "x %>",
        "<% tp.date.now(" + ") " * 30000 + "x %>",
        "<% tp.date.now('YYYY', 'P" + "9" * 6000 + "D') %>",
        "<% tp.date.now('YYYY', 'P999999999Y') %>",
        "{{date:" + "LLLL" * 16000 + "}}",
        "{{date:" + "[a" * 16000 + "}}",
        "<% tp.date.now('Y', 1, '2026', '" + "x" * 60000 + "') %>",
        "<% tp.date.now('Y', 1, '" + "1" * 60000 + "', 'YYYY') %>",
        "<%tp.date.now()%>" * 3800,
        ("<%_ tp.file.title _%>" + " " * 20) * 1500,
        "<% tp.date.now('" + "\\\\" * 30000 + "') %>",
        "%%" * 32000,
        "%% " + "%" * 60000,
        "\n" * MUCH,
    ],
    ids=lambda text: text[:24],
)
def test_the_small_renderer_answers_at_once_whatever_the_template(text: str) -> None:
    """Its work grows with the template, which has at most 64 KiB; so the limit here is a hundred times what it needs."""
    began = time.process_time()
    try:
        made = rendered(text).body
    except InvalidNoteError as error:
        made = error.message
        assert len(made) < 500
    assert time.process_time() - began < 5
    assert len(made) < 32 * LARGEST_TEMPLATE
