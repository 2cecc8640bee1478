"""Text in a wrong coding: repaired where that is without a doubt, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okb_incident.core.text.mojibake import repair, repaired


def wrong(text: str) -> str:
    return text.encode().decode("mac_roman")


@pytest.mark.parametrize("text", ["📋 Overview", "Zürich", "→ –", "\tä", "„so“"])
def test_a_line_is_as_it_was(text):
    assert repaired(wrong(text)) == text


@pytest.mark.parametrize("line", ["plain", "Zürich stays", "50 % → 3 %", "été", "📋 is right", wrong("a\x07é")])
def test_what_could_be_right_stays(line):
    assert repaired(line) is None


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_what_is_repaired_turns_wrong_into_the_same_again(line):
    better = repaired(line)
    assert better is None or wrong(better) == line


def test_only_such_lines_change_and_line_ends_stay():
    text = f"# {wrong('📋')} A\r\nZürich\r\n{wrong('ä')}"
    assert repair(text) == ("# 📋 A\r\nZürich\r\nä", (1, 3))
    assert repair("plain") == ("plain", ())


def test_the_procedure_and_its_twin(procedure):
    good, bad = (
        (procedure / name).read_bytes().decode() for name in ("incident-response.md", "incident-response.mojibake.md")
    )
    mended, lines = repair(bad)
    assert mended.rstrip() == good.rstrip()
    assert lines == (10, 13, 46, 82, 110, 138, 166, 194, 222, 250, 256)
    assert repair(good) == (good, ())
