"""Titles: one line, whatever was typed or kept by another tool."""

from __future__ import annotations

import pytest

from okb_incident.core.values.title import as_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("  Checkout\n is\tslow ", "Checkout is slow"),
        ("Checkout\x1b[31m\u202e is slow", "Checkout [31m is slow"),
        ("Outage 👩‍🚒 of ❤️", "Outage 👩‍🚒 of ❤️"),
        ("[[checkout]] fails", "[[checkout]] fails"),
        ("<% tp.system.prompt() %>", "&lt;% tp.system.prompt() %>"),
        ("\n\x00", ""),
    ],
)
def test_a_title_is_one_line_that_nothing_executes(text, title):
    assert as_title(text) == title
