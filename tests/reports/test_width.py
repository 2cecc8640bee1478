from __future__ import annotations

import pytest

from okb_incident.reports.width import cut, pad, width, wrap


@pytest.mark.parametrize(
    ("text", "cells"),
    [("abc", 3), ("支払い", 6), ("e\u0301", 1), ("→ –", 3), ("", 0), ("a\u200db", 2), ("Ａ", 2)],
)
def test_width_is_counted_in_cells(text: str, cells: int) -> None:
    assert width(text) == cells


def test_a_line_is_cut_by_cells_and_says_so() -> None:
    assert cut("支払いが失敗", 12) == "支払いが失敗"
    assert cut("支払いが失敗", 7) == "支払い…"
    assert cut("支払いが失敗", 6) == "支払…"
    assert cut("card payments", 6) == "card…"


def test_a_cell_is_filled_on_either_side() -> None:
    assert pad("支払", 6) == "支払  "
    assert pad("支払", 6, right=True) == "  支払"


def test_a_paragraph_is_broken_between_words_and_a_long_word_stays_whole() -> None:
    assert wrap("one two three", 7, "  ") == ["one two", "  three"]
    assert wrap("one two three four five six", 9, "  ") == ["one two", "  three", "  four", "  five", "  six"]
    assert wrap("a b c d e f", 4, " ") == ["a b", " c d", " e f"]
    assert wrap("incidents/2026/INC-1.md failed", 10, "  ") == ["incidents/2026/INC-1.md", "  failed"]
    assert wrap("", 10) == [""]
