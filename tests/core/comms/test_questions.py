"""Open questions: what a template asks, and what people leave where a word is missing."""

from __future__ import annotations

import pytest

from okb_incident.core.comms.questions import OpenQuestion, open_questions, remarks_amid_words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cards fail.", []),
        ("%% ANSWER: What does\nnot work? %%", [(1, "What does not work?", True)]),
        ("One\n%%ANSWER: Who? %% and %% ANSWER: When? %%", [(2, "Who?", True), (2, "When?", True)]),
        # One that never ends hides the rest from whoever reads it in Obsidian.
        ("One\n\n%% ANSWER: Who?\nTwo", [(3, "Who? Two", True)]),
        # Advice, and what stands in a remark, keep nothing from being sent.
        ("%% No names. TBD, {{x}} %%\nOne", []),
        ("%% ANSWER: What is TBD? %%", [(1, "What is TBD?", True)]),
        ("We answer: TBD", [(1, "TBD", False)]),
        ("a\nTODO b\n{{ when }} <% tp.x %> ???", [(2, "TODO", False), (3, "{{ when }}", False), (3, "<% tp.x %>", False), (3, "???", False)]),
        ("%% ANSWER: A? %%\nTBD\n%% ANSWER: B? %%", [(1, "A?", True), (2, "TBD", False), (3, "B?", True)]),
        ("METHOD and TODOS are words", []),
    ],
)  # fmt: skip
def test_what_somebody_still_has_to_write(text, found):
    assert open_questions(text) == [OpenQuestion(*each) for each in found]


@pytest.mark.parametrize(
    "text", ["…", "- …", "1. …", "> - …", "- Cause: …", "**Cause:** …", "| Cause | … |", "| … | x |"]
)
def test_a_lone_ellipsis_is_a_question(text):
    assert [each.text for each in open_questions(f"One\n{text}\nTwo")] == ["…"]


@pytest.mark.parametrize("text", ["Loading…", "We are working on it …", "… and more", "a … b", "...", "| a … | b |"])
def test_an_ellipsis_among_words_is_none(text):
    assert open_questions(text) == []


@pytest.mark.parametrize(
    ("text", "line", "shown"),
    [
        ("a\nCPU was at 100%% of orders %% failed.", 2, "%% of orders %%"),
        ("- %% of orders %% failed", 1, "%% of orders %%"),
        ("orders %% who\n knows %%", 1, "%% who knows %%"),
        ("%% who\n knows %% orders", 1, "%% who knows %%"),
        (f"x %%{'y' * 70}%%", 1, f"%%{'y' * 58}"),
    ],
)
def test_a_remark_amid_words_is_named(text, line, shown):
    assert remarks_amid_words(text, 7) == [f"line {line + 6}: {shown!r} is a comment and does not go out"]


@pytest.mark.parametrize(
    "text", ["none", "%% advice %%", "> - %% advice\nof two lines %%", "one %\\% two %\\% three", "x %% ANSWER: who? %%", "5 %% of it"]
)  # fmt: skip
def test_a_remark_of_its_own_or_a_question_is_not(text):
    assert remarks_amid_words(text) == []


def test_lines_count_from_where_the_text_begins():
    assert open_questions("One\nTBD", 7)[0].line == 8


def test_a_clause_says_what_is_missing():
    asked, left = open_questions("%% ANSWER: Who? %%\nTBD")
    assert asked.clause() == "unanswered: Who?"
    assert (left.clause(), left.clause("Summary")) == ("'TBD' is left in it", "'TBD' is left in Summary")
