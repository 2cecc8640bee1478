"""Text on its way to a terminal."""

from __future__ import annotations

import json

import pytest

from okb_incident.core.text.terminal_text import is_shown_as_it_is, line_part, one_line, safe_json, safe_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zahlungen fallen aus: 支付", "Zahlungen fallen aus: 支付"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("safe\u202egnp.exe", "safe<U+202E>gnp.exe"),
        ("a byte that was no UTF-8: \udcff", "a byte that was no UTF-8: \\xff"),
        ("half a pair: \ud800", "half a pair: <U+D800>"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_instead(text, shown):
    assert safe_text(text) == shown


def test_a_line_stays_one():
    assert one_line("  a\n\tb\x1b  c ") == "a b\\x1b c"


def test_json_is_printable_ascii_and_says_the_same():
    value = {"title": "支付 \x1b[31m \x7f \u202e"}
    written = safe_json(value)
    assert written.isascii()
    assert written.isprintable()
    assert json.loads(written) == value


def test_a_terminal_shows_a_word_as_it_is_unless_it_obeys_or_completes_something_in_it():
    assert all(map(is_shown_as_it_is, ("", "a b", "it's", "naïve 🔥", "\u00a0", "\u2028"[:0])))
    assert not any(map(is_shown_as_it_is, ("a\nb", "a\tb", "\x1b[31m", "\u202e", "\x07", "\udc80")))


def test_a_part_of_a_line_keeps_the_blanks_that_part_it_from_the_next():
    assert [line_part(text) for text in ("a  b", ", or\n", "\t x", "", " ")] == ["a b", ", or ", " x", "", " "]
