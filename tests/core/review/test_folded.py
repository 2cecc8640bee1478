"""The record of a review is folded away in a callout; its parts are read and added to without touching the rest."""

from __future__ import annotations

import pytest

from okb_incident.core.review.folded import part_lines, record_parts, with_line, without_record

NOTE = """## What we change
Nothing.

> [!info]- Record
> ### People
> - alice: commander
>
> %% computed 0123456789ab %%
>
> ### Tools
> - grafana helped: the pool
>
> ### Feedback
> %% A rating and a sentence. %%

After it.
"""


def test_its_parts_are_what_is_below_their_headings():
    parts = record_parts(NOTE.splitlines())
    assert [(each.title, each.heading) for each in parts] == [("People", 4), ("Tools", 9), ("Feedback", 12)]
    assert parts[0].lines == ("- alice: commander", "", "%% computed 0123456789ab %%", "")
    assert parts[2].lines == ("%% A rating and a sentence. %%",)


def test_a_part_is_found_by_its_title():
    assert part_lines(NOTE, "tools") == ("- grafana helped: the pool", "")
    assert part_lines(NOTE.replace("\n", "\r\n"), "Tools") == ("- grafana helped: the pool", "")
    assert part_lines(NOTE, "Facts") is None
    assert part_lines("Nothing", "Tools") is None


@pytest.mark.parametrize(
    "first", ["> [!info]- Record", ">[!note]+ record", "> [!abstract]  RECORD ", "  > [!my-own] Record"]
)
def test_how_the_callout_looks_is_for_its_writers(first):
    assert part_lines(NOTE.replace("> [!info]- Record", first), "Tools")


@pytest.mark.parametrize("first", ["> Record", "> [!info] The record of May", "> > [!info]- Record", "[!info]- Record"])
def test_another_quotation_is_text(first):
    text = NOTE.replace("> [!info]- Record", first)
    assert record_parts(text.splitlines()) == []
    assert without_record(text.splitlines()) == text.splitlines()


def test_without_it_every_other_line_keeps_its_number():
    lines = without_record(NOTE.splitlines())
    assert lines == ["## What we change", "Nothing.", "", *[""] * 11, "", "After it."]


def test_a_record_without_headings_has_no_parts():
    assert record_parts(["> [!info]- Record", "> Nothing yet."]) == []
    assert record_parts(["> [!info]- Record"]) == []


def test_a_line_comes_below_the_last_of_its_part():
    assert with_line(NOTE, "Tools", "- wiki hindered") == NOTE.replace(
        "> - grafana helped: the pool\n", "> - grafana helped: the pool\n> - wiki hindered\n"
    )
    assert with_line(NOTE, "feedback", "- 4 @alice") == NOTE.replace("sentence. %%\n", "sentence. %%\n> - 4 @alice\n")
    empty = NOTE.replace("> %% A rating and a sentence. %%\n", "")
    assert with_line(empty, "Feedback", "- 4 @alice") == empty.replace("Feedback\n", "Feedback\n> - 4 @alice\n")


def test_a_part_that_is_missing_is_put_at_the_end():
    assert with_line(NOTE, "Facts", "- none") == NOTE.replace(
        "sentence. %%\n", "sentence. %%\n>\n> ### Facts\n> - none\n"
    )


def test_line_ends_are_those_of_the_note_and_the_last_line_may_have_none():
    windows = NOTE.replace("\n", "\r\n")
    assert with_line(windows, "Facts", "- none") == (with_line(NOTE, "Facts", "- none") or "").replace("\n", "\r\n")
    cut = "> [!info]- Record\n> ### Feedback"
    assert with_line(cut, "Feedback", "- 4 @alice") == f"{cut}\n> - 4 @alice"


def test_a_note_without_a_record_gets_none():
    assert with_line("## Feedback\n", "Feedback", "- 4 @alice") is None
