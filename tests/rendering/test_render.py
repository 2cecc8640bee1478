"""A template and values become a note."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from okb_incident.errors import InvalidNoteError
from okb_incident.rendering.locate import Template, TemplateFolders, find
from okb_incident.rendering.render import render

if TYPE_CHECKING:
    from okb_incident.rendering.render import Rendered

AT = datetime(2026, 1, 5, 9, 7, 3, tzinfo=ZoneInfo("Europe/Zurich"))
PATH = "incidents/2026/INC-20260105-01.md"
HOSTILE = [
    "a: b # c \"d\" 'e' [f] {g}",
    "- x",
    "yes",
    "2026-11-23",
    "~",
    "#",
    "a\nseverity: SEV4\n---\n# b",
    "' + \"",
    "{{id}} %} #}",
    "\ue0000\ue001 \ue000",
    "\u2028\x85\x00",
]


def template(text: str) -> Template:
    return Template("incident", "templates/incident.md", "vault", text)


def rendered(text: str, **values: object) -> Rendered:
    return render(template(text), {"title": "Card payments fail", "id": "INC-20260105-01", **values}, at=AT, path=PATH)


def properties(made: Rendered) -> Any:
    """Parse and fill, as the workflow does."""
    return made.stand_ins.fill(yaml.safe_load(made.frontmatter))


def test_the_shipped_note_of_an_incident_begins_with_its_title_and_nothing_else() -> None:
    made = render(find("incident", TemplateFolders()), {"title": "Card payments fail"}, at=AT, path=PATH)
    assert made.frontmatter == ""
    assert made.body == "# Card payments fail\n\n## Summary\n\n## Timeline\n"


@pytest.mark.parametrize("name", ["incident", "service", "person"])
def test_a_shipped_template_says_in_its_first_lines_what_it_is_for(name: str) -> None:
    text = find(name, TemplateFolders()).text
    assert text.startswith(("%%\n", "---\n"))
    assert "This remark is left out of the note." in " ".join(text.split())
    made = rendered(text)
    assert made.body.startswith("# Card payments fail\n")
    assert "%%" not in made.body
    if made.frontmatter:
        assert yaml.safe_load(made.frontmatter)["type"] == name


@pytest.mark.parametrize(
    ("text", "frontmatter", "body"),
    [
        ("# {{title}}\n", "", "# Card payments fail\n"),
        ("---\nteam: shop\n---\n# {{title}}\n", "team: shop\n", "# Card payments fail\n"),
        ("---\r\nteam: shop\r\n---\r\n{{id}}\r\n", "team: shop\r\n", "INC-20260105-01\r\n"),
        ("--- \na: 1\n---", "a: 1\n", ""),
        ("---\n---\nx", "", "x"),
        ("---\n# a comment\na: |\n  ---\n---\nx", "# a comment\na: |\n  ---\n", "x"),
        ("x\n---\na: 1\n---\n", "", "x\n---\na: 1\n---\n"),
        ("%% left out {{title}} <% x %>\n---\n%%\n\n# A\n%% kept %%\n", "", "# A\n%% kept %%\n"),
        ("---\na: 1\n---\n\n%%\nleft out\n%%\nx", "a: 1\n", "x"),
        ("# A\n\n%% kept %%\n", "", "# A\n\n%% kept %%\n"),
        ("%%%% no remark\n", "", "%%%% no remark\n"),
        ("%% never closed\n", "", "%% never closed\n"),
        ("", "", ""),
    ],
)
def test_a_template_falls_into_properties_and_body(text: str, frontmatter: str, body: str) -> None:
    made = rendered(text)
    assert (made.frontmatter, made.body) == (frontmatter, body)


def test_a_frontmatter_that_never_ends_is_refused() -> None:
    with pytest.raises(InvalidNoteError, match=r"^templates/incident\.md:1: the frontmatter .* never ends"):
        rendered("---\na: 1\n# {{title}}\n")
    with pytest.raises(InvalidNoteError, match=r"^templates/incident\.md:2: the frontmatter .* never ends"):
        rendered("{# x #}\n---\na: 1\n")


PLACES = """\
plain: {{title}}
within: Incident {{id}}, {{title}} of {{date}}
quoted: "{{title}}"
single: '{{title}}!'
escaped: "\\"{{title}}\\""
list:
  - {{title}}
  - "[[{{id}}]]"
flow: [{{title}}, "{{id}}"]
block: |
  {{title}}
folded: >-
  about
  {{title}}
made: <% tp.date.now("YYYY-MM-DD") %>
{{id}}: 1 # {{title}}
own: shop
"""


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_stays_one_value_wherever_it_stands_in_the_properties(title: str) -> None:
    made = rendered(f"---\n{PLACES}---\n# {{{{title}}}}\n", title=title)
    assert properties(made) == {
        "plain": title,
        "within": f"Incident INC-20260105-01, {title} of 2026-01-05",
        "quoted": title,
        "single": f"{title}!",
        "escaped": f'"{title}"',
        "list": [title, "[[INC-20260105-01]]"],
        "flow": [title, "INC-20260105-01"],
        "block": f"{title}\n",
        "folded": f"about {title}",
        "made": "2026-01-05",
        "INC-20260105-01": 1,
        "own": "shop",
    }
    assert made.body == f"# {title}\n"


@given(title=st.text(max_size=40).filter(lambda text: "<%" not in text and "`" not in text and "=" not in text))
@settings(deadline=None)
def test_any_title_stays_one_value(title: str) -> None:
    made = rendered(f"---\n{PLACES}---\n", title=title)
    assert list(properties(made).values())[:4] == [
        title,
        f"Incident INC-20260105-01, {title} of 2026-01-05",
        title,
        f"{title}!",
    ]


@pytest.mark.parametrize("sort", ["{{title}}", "{# Jinja #}\n{{ title }}"])
@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("<% tp.system.prompt() %>", "&lt;% tp.system.prompt() %>"),
        ("<%* x %> {{date}} {% x %}", "&lt;%* x %> {{date}} {% x %}"),
        ("`$= dv.current()`", "&#96;$= dv.current()`"),
        ("[[checkout]] #sev1 a::b %%x%%", r"[[checkout]] #sev1 a::b %\%x%\%"),
    ],
)
def test_what_a_plug_in_would_execute_is_broken_and_the_rest_left(sort: str, title: str, written: str) -> None:
    assert rendered(sort, title=title).body == written


@pytest.mark.parametrize("jinja", [False, True], ids=["placeholders", "Jinja"])
def test_no_tag_arises_where_two_texts_meet(jinja: bool) -> None:
    comment = "{# x #}" if jinja else ""
    made = rendered(
        f'{comment}---\na: "<{{{{title}}}}"\n---\n<{{{{title}}}}{{{{other}}}}%', title="% x <", other="% y <"
    )
    assert made.body == "&lt;% x &lt;% y &lt;%"
    assert properties(made) == {"a": "&lt;% x <"}


def test_a_tag_in_a_value_is_broken_in_the_properties_too() -> None:
    assert properties(rendered("---\na: {{title}}\n---\n", title="<% x %>")) == {"a": "&lt;% x %>"}


def test_a_template_of_jinja_has_conditions_properties_and_a_remark() -> None:
    text = (
        "{# The update for users. #}\n---\nincident: '[[{{ id }}]]'\nsubject: {{ title }}\n"
        "{% if users %}\nusers: {{ users }}\n{% endif %}\n---\n%% remark {{ nothing }} %%\n"
        "# {{ title }}\n{% for item in services %}\n- {{ item }}\n{% endfor %}\n{{ date }} {{ time }}\n"
    )
    made = rendered(text, title="a: b", services=["x", "y"], users=None)
    assert properties(made) == {"incident": "[[INC-20260105-01]]", "subject": "a: b"}
    assert made.body == "# a: b\n- x\n- y\n2026-01-05 09:07\n"
    assert properties(rendered(text, users=1200, services=[])) == {
        "incident": "[[INC-20260105-01]]",
        "subject": "Card payments fail",
        "users": "1200",
    }


def test_what_jinja_captures_and_prints_again_is_filled_too() -> None:
    text = (
        "{# x #}---\n{% macro link(name) %}[[{{ name }}]]{% endmacro %}{% set all %}{{ link(id) }}, {{ title }}{% endset %}"
        "a: '{{ all }}'\n---\n"
    )
    assert properties(rendered(text, title="it's: b")) == {"a": "[[INC-20260105-01]], it's: b"}


def test_a_fault_of_jinja_has_the_line_of_the_file() -> None:
    for text, line in (
        ("{# x #}\n---\na: {{ nothing }}\n---\n", 3),
        ("{# x\n #}\n\n---\na: 1\n---\n%% y\n%%\n\nx\n{{ nothing }}", 11),
        ("{# x #}\n\n{% if %}", 3),
        ("{# x #}{{ nothing }}", 1),
    ):
        with pytest.raises(InvalidNoteError, match=rf"^templates/incident\.md:{line}: "):
            rendered(text)
    with pytest.raises(InvalidNoteError, match=r"^templates/incident\.md:1: .*[Cc]omment"):
        rendered("{# never closed")


def test_data_that_are_no_text_are_left_by_filling() -> None:
    stand_ins = rendered("---\na: {{title}}\n---\n").stand_ins
    day = datetime(2026, 1, 5, tzinfo=AT.tzinfo)
    assert stand_ins.fill({"a": [1, 1.5, True, None, day], "b": {"c": "d"}}) == {
        "a": [1, 1.5, True, None, day],
        "b": {"c": "d"},
    }


def test_the_small_renderer_loads_neither_jinja_nor_pathlib() -> None:
    program = (
        "import sys\n"
        "from datetime import datetime, timezone\n"
        "from okb_incident.rendering.locate import TemplateFolders, find\n"
        "from okb_incident.rendering.render import render\n"
        "at = datetime(2026, 1, 5, tzinfo=timezone.utc)\n"
        "print(render(find('incident', TemplateFolders()), {'title': 'T'}, at=at, path='a.md').body.split()[1])\n"
        "print(sorted({'jinja2', 'markupsafe', 'pathlib', 'yaml', 'importlib.resources', 'typer'} & set(sys.modules)))\n"
    )
    source = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", f"import sys; sys.path.insert(0, {str(source)!r})\n{program}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "T\n[]\n", done.stderr


# -- what a terminal would obey ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", ["", "{# Jinja2 #}\n"], ids=["small", "Jinja2"])
def test_no_control_character_of_a_template_reaches_the_note(head: str) -> None:
    text = 'note: "a\\e[31mb\\0"\nraw: c\x1b[1md\n---\n# {{title}}\n\x1b[2Jred \x07bell \u202eleft \rright\n'
    made = rendered(f"{head}---\n{text}")
    assert properties(made) == {"note": "ab", "raw": "cd"}
    assert made.body == "# Card payments fail\nred bell left right\n"


def test_nor_does_one_that_an_expression_makes() -> None:
    made = rendered('{# Jinja2 #}\n---\nnote: {{ "\\x1b[31mx" }}\n---\n{{ "\\x07" ~ "a" }}{{ "\\x1b" }}{{ "[31m" }}b\n')
    assert properties(made) == {"note": "x"}
    assert made.body == "a[31mb\n"
