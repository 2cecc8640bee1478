"""Obsidian's own placeholders, and ours."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okb_incident.errors import InvalidNoteError
from okb_incident.rendering.new_note import NewNote
from okb_incident.rendering.placeholders import render_placeholders

DATA = Path(__file__).parents[1] / "data"
NOTE = NewNote(
    "incidents/2026/INC-20260105-01.md", datetime(2026, 1, 5, 9, 7, 3, 45000, tzinfo=ZoneInfo("Europe/Zurich"))
)
VALUES = {"title": "Card payments fail", "id": "INC-20260105-01", "severity": "SEV1"}


def rendered(text: str, values: dict[str, object] | None = None, note: NewNote = NOTE) -> str:
    return render_placeholders(text, VALUES if values is None else values, note, insert=str, source="t.md")


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("# {{title}}", "# Card payments fail"),
        ("{{date}} {{time}}", "2026-01-05 09:07"),
        ("{{date:YYYY-MM-DD dddd}}|{{time:HH:mm:ss}}", "2026-01-05 Monday|09:07:03"),
        ("{{time:YYYY}} {{date:HH:mm}}", "2026 09:07"),
        ("{{date:[W]WW}} {{date: D.M. }}", "W02 5.1."),
        ("{{ title }}{{id}}", "Card payments failINC-20260105-01"),
        ("`{{title}}` \\{{title}}", "`Card payments fail` \\Card payments fail"),
        ("{{title}}\n<%- tp.file.title _%>\n\n{{severity}}", "Card payments failINC-20260105-01SEV1"),
    ],
)
def test_a_placeholder_is_replaced(template: str, written: str) -> None:
    assert rendered(template) == written


@pytest.mark.parametrize(
    "text",
    [
        "A{{hexagon}} --> B",
        "{{two words}} {{Title}} {{DATE:YYYY}} {{VALUE}} {{VDATE:due,YYYY}}",
        "{{title:x}} {{status}} {{date:}} {{date:{x}}} {{}} {{ {{ }}",
        "50{%} {#anchor} ${{ secrets.TOKEN }} %}",
        "\ufeffa\r\nb\rc\n\n",
        "",
    ],
)
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert rendered(text) == text


def test_a_value_is_data_and_nothing_in_it_is_rendered() -> None:
    values: dict[str, object] = {"title": "{{id}} {{date}} <% tp.date.now() %> <%- x -%>", "id": "{{title}}"}
    assert rendered("{{title}}\n{{id}}", values) == f"{values['title']}\n{values['id']}"


def test_a_value_that_is_no_text_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="'users' stands for list, not for text"):
        rendered("{{users}}", {"users": ["a"]})
    assert rendered("none of it", {"users": ["a"]}) == "none of it"


def test_a_part_of_a_template_is_rendered_alone_and_its_faults_are_placed_in_the_file() -> None:
    text = "---\na: {{id}}\n---\nb {{id}}\n<% tp.user.x() %>\n"
    part = {"insert": str, "source": "t.md"}
    assert render_placeholders(text, VALUES, NOTE, **part, start=4, stop=14) == "a: INC-20260105-01\n"  # type: ignore[arg-type]
    with pytest.raises(InvalidNoteError, match=r"^t\.md:5:1: "):
        render_placeholders(text, VALUES, NOTE, **part, start=17)  # type: ignore[arg-type]
    # A tag does not reach beyond its part.
    with pytest.raises(InvalidNoteError, match="never closed"):
        render_placeholders("<% tp.file.title %>", VALUES, NOTE, **part, stop=10)  # type: ignore[arg-type]


def test_the_procedure_keeps_every_byte_but_its_dates(procedure: Path) -> None:
    text = (procedure / "incident-response.md").read_bytes().decode()
    tag = '<% tp.date.now("YYYY-MM-DD") %>'
    assert text.count("<%") == text.count(tag) == 3
    assert rendered(text) == text.replace(tag, "2026-01-05")


@pytest.mark.parametrize("path", sorted((DATA / "kepano-templates").glob("*.md")), ids=lambda path: path.stem)
def test_a_vault_of_templates_renders_as_in_obsidian(path: Path) -> None:
    text = path.read_bytes().decode()
    assert rendered(text, {}) == text.replace("{{date}}", "2026-01-05")


@given(
    st.lists(
        st.sampled_from(["{{", "}}", "{", "}", "title", ":", "{{id}}", "{{title}}", "\n", "x", "%>"]), max_size=12
    ),
    st.text(max_size=20),
)
@settings(deadline=None)
def test_what_is_no_placeholder_is_never_touched(pieces: list[str], title: str) -> None:
    text, title = "".join(pieces), f"\ue000{title}\ue000"
    written = rendered(text, {"title": title, "id": "\ue001"})
    assert written.replace(title, "{{title}}").replace("\ue001", "{{id}}") == text
