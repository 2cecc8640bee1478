"""A remark stays a remark, whatever is below it, as CommonMark reads a note."""

from __future__ import annotations

from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from okb_incident.core.text.setext import keep_remarks


def headings(text: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse(text)
    return [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("%% One a line. %%\n-\n", "%% One a line. %%\n\n-\n"),
        ("%% One a line. %%\r\n-\r\n", "%% One a line. %%\r\n\r\n-\r\n"),
        ("%% One a line. %%  \n  ---  \nText", "%% One a line. %%  \n\n  ---  \nText"),
        ("%%\nOne a line.\n%%\n===", "%%\nOne a line.\n%%\n\n==="),
        ("> %% One a line. %%\n> -\n", "> %% One a line. %%\n>\n> -\n"),
        ("> > %% One %%\n> > -\n%% Two %%\n-", "> > %% One %%\n> >\n> > -\n%% Two %%\n\n-"),
    ],
)
def test_a_line_that_would_underline_a_remark_is_set_apart(text, kept):
    assert headings(text)
    assert keep_remarks(text) == kept
    assert headings(kept) == []
    assert keep_remarks(kept) == kept


@pytest.mark.parametrize(
    "text",
    [
        "%% One a line. %%\n- an item\n",
        "%% One a line. %%\n\n-\n",
        "%% One a line. %%\n- - -\n",
        "%% One a line. %%\n    ---\n",
        "A heading\n---\n",
        "Nothing",
    ],
)
def test_every_other_text_stays(text):
    assert keep_remarks(text) == text
