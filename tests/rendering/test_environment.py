"""Templates of Jinja2: what they can say, and what they cannot do."""

from __future__ import annotations

from typing import Any

import pytest
from tests.limits import computing_at_most

from okb_incident.errors import ExitCode, InvalidNoteError
from okb_incident.rendering.environment import LARGEST_DOCUMENT, render_jinja


class Incident:
    """An object with a method that no template may reach."""

    deleted = False

    def delete(self) -> str:
        self.deleted = True
        return "deleted"


def rendered(text: str, values: dict[str, Any] | None = None) -> str:
    return render_jinja(text, values or {}, insert=str, source="review.md")


VALUES = {
    "title": "Card payments fail",
    "missing": None,
    "sure": True,
    "minutes": 47.5,
    "notes": [{"kind": "status", "text": "b"}, {"kind": "note", "text": "a"}, {"kind": "status", "text": "c"}],
    "incident": {"items": "three", "keys": 1, "status": "resolved", "deep": {"er": "x"}},
}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# {{ title }}\n\n", "# Card payments fail\n\n"),
        ("{{ title }}\r\n{% if sure %}\r\nyes\r\n{% endif %}\r\n", "Card payments fail\r\nyes\r\n"),
        ("\n\n{% set x = 1 %}\n  {% if x %}\na\n  {% endif %}\nb", "\n\na\nb"),
        ("{{ missing }}|{{ sure }}|{{ minutes }}|{{ missing or 'unknown' }}", "|true|47.5|unknown"),
        (
            "{{ incident.items }} {{ incident.keys }} {{ incident['status'] }} {{ incident.deep.er }}",
            "three 1 resolved x",
        ),
        ("{{ incident.nothing | default('–') }} {{ nothing is defined }}", "– false"),
        ("{% for n in notes %}{{ loop.index }}{{ n.text }}{{ ', ' if not loop.last }}{% endfor %}", "1b, 2a, 3c"),
        ("{{ notes | map(attribute='text') | sort | join(', ') }}", "a, b, c"),
        ("{{ notes | join('+', 'text') }} {{ [1, none, 'x'] | join }}", "b+a+c 1x"),
        ("{% for k, group in notes | groupby('kind') %}{{ k }}={{ group | length }} {% endfor %}", "note=1 status=2 "),
        ("{{ notes | selectattr('kind', 'equalto', 'status') | list | count }}", "2"),
        ("{% for k, v in incident.deep | items %}{{ k }}:{{ v }}{% endfor %}", "er:x"),
        ("{{ minutes | round }} {{ 1.256 | round(2) }} {{ 2 ** 10 }} {{ 7 % 4 }} {{ 3 * 4 + 1 }}", "48 1.26 1024 3 13"),
        ("{{ title | upper | replace('CARD', 'All') | truncate(9) }} {{ ' x ' | trim }}", "All... x"),
        (
            "{{ 'a\n\nb' | indent(2) }} {{ title[:4] ~ 1 ~ none ~ true }} {{ ([1] + [2]) | length }}",
            "a\n\n  b Card1true 2",
        ),
        ("{{ 'ab' * 2 }} {{ 2 * 'ab' }} {{ ([0] * 2) | length }} {{ 'a' * -1 }}", "abab abab 2 "),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(1) }}{% for i in range(3) %}{{ i }}{% endfor %}", "<1>012"),
        ("{{ 'x' in title }} {{ 1 if title is string else 2 }}", "false 1"),
    ],
)
def test_a_document_can_be_written(text: str, written: str) -> None:
    assert rendered(text, VALUES) == written


@pytest.mark.parametrize(
    "text",
    [
        # Out of the box.
        "{{ ''.__class__.__mro__ }}",
        "{{ title.__class__ }}",
        "{{ title|attr('__class__') }}",
        "{{ title['__class__'] }}",
        "{{ title.format(1) }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ incident.nothing.more }}",
        "{{ '{0.__class__}'.format(title) }}",
        "{{ ''|attr('format') }}",
        "{{ notes.append(1) }}",
        "{{ incident.update({}) }}",
        "{{ incident.items() }}",
        "{{ title.upper() }}",
        "{{ range.__globals__ }}",
        "{% for x in [1] %}{{ loop.__class__ }}{{ loop._iterable }}{% endfor %}",
        "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
        "{% macro m() %}{% endmacro %}{{ m.name }}",
        "{{ self.__init__ }}",
        "{{ cycler(1) }}",
        "{{ lipsum() }}",
        "{{ joiner() }}",
        "{{ namespace() }}",
        "{{ dict(a=1) }}",
        "{{ title|pprint }}",
        "{{ title|tojson }}",
        "{{ title|safe }}",
        "{{ title is callable }}",
        # Out of the folder.
        "{% include 'incident.md' %}",
        "{% include '/etc/passwd' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        # Out of memory, or of patience.
        "{{ 'a' * 10**9 }}",
        "{{ 10**9 * 'a' }}",
        "{{ [0] * 10**9 }}",
        "{{ (0,) * 10**9 }}",
        "{{ 9**(9**9) }}",
        "{{ 2**65536 * 2**65536 }}",
        "{{ 10.0**999 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 'a'.ljust(10**9) }}",
        "{{ 'a'|center(10**9) }}",
        "{{ 'a'|format(1) }}",
        "{{ '%s'|format('a') }}",
        "{{ [1]|batch(10**9, 0)|list }}",
        "{{ 'a'|wordwrap(1) }}",
        "{{ 'a'|replace('', 'b' * 65000) }}",
        "{{ range(1000)|join('b' * 65000) }}",
        "{% set x = ('a\n' * 30000)|indent(40) %}",
        "{{ range(10**9) }}",
        "{% for i in range(1001) %}{% endfor %}",
        "{{ 1.5|round(10**9) }}",
        "{% set a = 'a' * 60000 %}{% set a = a + a %}",
        "{% set a = 'a' * 60000 %}{% set a = a ~ a %}",
        "{% set a = [0] * 60000 %}{% set a = a + a %}",
        "{% set a = 'x' %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40,
        "{% macro m0() %}x{% endmacro %}"
        + "".join(f"{{% macro m{n + 1}() %}}{{{{ m{n}() }}}}{{{{ m{n}() }}}}{{% endmacro %}}" for n in range(40))
        + "{{ m40() }}",
        "{% set a = [0] %}" + "{% set a = [a, a] %}" * 60 + "{{ a }}",
        "{% set a = [0] %}" + "{% set a = [a, a] %}" * 60 + "{{ a|upper }}",
        "{% set a = [0] %}" + "{% set a = [a, a] %}" * 60 + "{{ a|join }}",
        "{% set a = [0] %}" + "{% set a = [a, a] %}" * 60 + "{{ a ~ 'x' }}",
        "{% for i in range(1000) %}{% for j in range(1000) %}xxxxxxxxxx{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{{ " + "-" * 5000 + "1 }}",
        "{% for i in [1] %}" * 25 + "{% endfor %}" * 25,
        "{% if 1 %}" * 150 + "{% endif %}" * 150,
        # Faults.
        "{{ nothing }}",
        "{{ incident.nothing }}",
        "{{ notes[9] }}",
        "{{ notes }}",
        "{{ incident }}",
        "{{ title + 1 }}",
        "{{ 1 / 0 }}",
        "{{ title | nothing }}",
        "{{ title is nothing }}",
        "{{ notes | join('', 'nothing') }}",
        "{% nothing %}",
        "{% for %}",
        "{{ title",
        "{{date:YYYY-MM-DD}}",
        "{{ range(title) }}",
    ],
    ids=lambda text: text[:40],
)
def test_anything_else_is_refused_in_time_with_a_sentence(text: str) -> None:
    with computing_at_most(20), pytest.raises(InvalidNoteError) as caught:
        rendered(text, VALUES)
    assert caught.value.exit_code == ExitCode.INVALID
    assert caught.value.message.startswith("review.md")
    assert "this template" in caught.value.message
    assert caught.value.message.endswith("; nothing was rendered")
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "a\n{{ nothing }}",
            "review.md:2: this template cannot be rendered: 'nothing' is undefined; nothing was rendered",
        ),
        ("{{ incident.x }}", "'dict object' has no attribute 'x'"),
        ("{{ title.upper() }}", "'upper' of a str cannot be used: values are plain data here"),
        ("{{ notes }}", "a list or mapping is not text; join the list, take the mapping by its keys"),
        ("{{ 'a' * 10**9 }}", "a value becomes larger than 65,536"),
        ("{{ range(2000) }}", "a range has at most 1000 numbers"),
        ("{{ '%d' % 1 }}", "'%' is for numbers here; write the text around {{ the value }}"),
        ("\n\n{% if %}", "review.md:3: "),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "it calls itself too often"),
        ("{% for i in [1] %}" * 25 + "{% endfor %}" * 25, "too many blocks or brackets within one another"),
    ],
)
def test_the_sentence_says_what_is_wrong_and_where(text: str, sentence: str) -> None:
    with pytest.raises(InvalidNoteError) as caught:
        rendered(text, VALUES)
    assert sentence in caught.value.message


def test_a_document_has_an_end() -> None:
    line = "x" * 1023 + "\n"
    text = "{% for i in range(1000) %}" + line + "{% endfor %}"
    assert len(rendered(text)) < LARGEST_DOCUMENT
    with pytest.raises(InvalidNoteError, match="becomes larger than 1,048,576 characters"):
        rendered(text + text)
    with pytest.raises(InvalidNoteError, match="becomes larger than 1,048,576 characters"):
        rendered("{% for i in range(20) %}{{ a }}{% endfor %}", {"a": "x" * 60_000})


def test_a_value_is_data_and_never_a_template() -> None:
    assert rendered("{{ title }}", {"title": "{{ 7 * 7 }}{% raw %}{# x #}"}) == "{{ 7 * 7 }}{% raw %}{# x #}"


def test_values_pass_the_gate_one_by_one() -> None:
    text = "[{{ a }}] {{ 'own' }} {{ a ~ b }}"
    assert render_jinja(text, {"a": "x", "b": 1}, insert=str.upper, source="t") == "[X] OWN X1"


@pytest.mark.parametrize(
    "values",
    [
        {"incident": Incident()},
        {"incident": {"a": [Incident()]}},
        {"a": (1, 2)},
        {"a": {1: 2}},
        {"a": {"b": b"bytes"}},
        {"a": ExitCode.OK},
        {"a": type("Text", (str,), {})("x")},
        {"a": [[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]},
    ],
    ids=["object", "object in a list", "tuple", "number as key", "bytes", "enum", "kind of text", "too deep"],
)
def test_only_plain_data_come_in(values: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="template"):
        rendered("{{ incident.delete() }}", values)
