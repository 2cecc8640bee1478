"""Templater's tags against the answers of Templater's own engine (golden/make_templater.mjs asked it)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from okb_incident.errors import InvalidNoteError
from okb_incident.rendering.new_note import NewNote
from okb_incident.rendering.placeholders import render_placeholders

GOLDEN = json.loads((Path(__file__).parent / "golden" / "templater.json").read_text(encoding="utf-8"))


def rendered(text: str, note: NewNote) -> str:
    return render_placeholders(text, GOLDEN["frontmatter"], note, insert=str, source="t.md")


@pytest.mark.parametrize("number", range(len(GOLDEN["alike"])))
@pytest.mark.parametrize("answer", GOLDEN["answers"], ids=lambda answer: answer["zone"])
def test_a_tag_comes_out_as_in_obsidian(answer: dict[str, Any], number: int) -> None:
    at = datetime.fromisoformat(answer["instant"]).astimezone(ZoneInfo(answer["zone"]))
    template, written = GOLDEN["alike"][number], answer["written"][number]
    # Unlike Templater we read the placeholders of Obsidian in the same go; a year stands for itself here.
    written = written.replace("{{date:YYYY}}", f"{at.year}")
    assert rendered(template, NewNote(GOLDEN["path"], at)) == written


@pytest.mark.parametrize("template", GOLDEN["refused"])
def test_any_other_tag_is_refused_and_named(template: str) -> None:
    note = NewNote(GOLDEN["path"], datetime(2026, 1, 5, 9, tzinfo=UTC))
    with pytest.raises(InvalidNoteError) as caught:
        rendered(template, note)
    line = template.count("\n", 0, template.index("<%")) + 1
    column = template.index("<%") - template.rfind("\n", 0, template.index("<%"))
    assert caught.value.message.startswith(f"t.md:{line}:{column}: the Templater tag '<%")
    assert caught.value.message.endswith("; nothing was rendered")
    assert 'tp.date.now("YYYY-MM-DD")' in caught.value.allowed


@pytest.mark.parametrize(
    ("tag", "sentence"),
    [
        ("<% tp.system.prompt('x') %>", "asks a question; give it a default as its second argument"),
        ("<% tp.system.suggester(['a'], ['a']) %>", "is not supported here"),
        ("<% tp.frontmatter.nothing %>", "names the property 'nothing', which the note does not have when it is made"),
        ("<% 1 + 1 %>", "computes, which is not supported here; a plus sign joins texts"),
        ("<% moment('a', 'D', 1).format() %>", "has arguments that do not fit"),
        ("<% await tp.date.now %>", "needs parentheses: tp.date.now()"),
        ("<% tp.date.now %>", "needs parentheses: tp.date.now()"),
        ("<% tp.date.now(x) %>", "has an argument that is neither a text in quotes nor a whole number"),
        ("<% tp.date.now('D', '1 week') %>", "has the offset '1 week'"),
        ("<% tp.date.now('D', 0, 'x') %>", "counts from 'x', which is not a date of the form given"),
        ("<% tp.date.now('D', 0, '1 1', 'D D') %>", "names a part of the date twice in 'D D'"),
        ("<% tp.date.now(5) %>", "has arguments that do not fit"),
        ("<% tp.date.now('D', 999999, '9999-01-01') %>", "leads to a date beyond the year 9999"),
        ("<% tp.date.now('D', 'P-9999Y') %>", "or before the year 1"),
        ("<% tp.file.path() %>", "tp.file.path(true) gives the path in the vault"),
        ("<% never closed", "is opened here and never closed with %>"),
    ],
)
def test_the_sentence_says_what_is_wrong_with_it(tag: str, sentence: str) -> None:
    with pytest.raises(InvalidNoteError) as caught:
        rendered(tag, NewNote("a.md", datetime(2026, 1, 5, tzinfo=UTC)))
    assert sentence in caught.value.message


def test_the_name_of_the_note_may_be_the_day_to_count_from() -> None:
    note = NewNote("journal/2026-02-27.md", datetime(2026, 1, 5, tzinfo=UTC))
    assert rendered('<% tp.date.now("dddd", 1, tp.file.title, "YYYY-MM-DD") %>', note) == "Saturday"


def test_a_note_at_the_root_of_the_vault_has_a_folder_too() -> None:
    note = NewNote("Home.md", datetime(2026, 1, 5, tzinfo=UTC))
    assert rendered("<% tp.file.title %> <% tp.file.folder(true) %> <% tp.file.path(true) %>", note) == "Home / Home.md"


def test_a_long_tag_is_cut_in_the_sentence() -> None:
    with pytest.raises(InvalidNoteError) as caught:
        rendered("<%* " + "x" * 500 + " %>", NewNote("a.md", datetime(2026, 1, 5, tzinfo=UTC)))
    assert len(caught.value.message) < 200
