"""Rows for a spreadsheet: each cell where its column is, and none that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io

import pytest

from okb_incident.reports.as_csv import render


def cells(*values: object) -> list[str]:
    """Write one row and read it as a spreadsheet does."""
    columns = [f"c{number}" for number in range(len(values))]
    head, row = csv.reader(io.StringIO(render(columns, [dict(zip(columns, values, strict=True))])))
    assert head == columns
    return row


def test_each_kind_of_value_is_a_text_that_people_read() -> None:
    assert cells(None, True, False, 3, 0, "x", ["a", "b"], ("c",), []) == [
        "",
        "yes",
        "no",
        "3",
        "0",
        "x",
        "a; b",
        "c",
        "",
    ]


def test_columns_stand_in_their_order_and_a_row_without_a_value_has_an_empty_cell() -> None:
    text = render(("id", "title"), [{"title": 'a "b", c', "id": "INC-1", "more": 1}, {"id": "INC-2"}])
    assert text == 'id,title\nINC-1,"a ""b"", c"\nINC-2,'
    assert render(("id", "title"), []) == "id,title"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_nothing_that_a_note_says_is_computed(sign: str) -> None:
    assert cells(f"{sign}1+1", [f"{sign}a", "b"], f"1{sign}1") == [f"'{sign}1+1", f"'{sign}a; b", f"1{sign}1"]


def test_a_cell_is_one_line_without_anything_a_terminal_obeys() -> None:
    (cell,) = cells("two\nlines\x1b[31m")
    assert "\n" not in cell
    assert "\x1b" not in cell
