"""The change log of a note: a row for each change of a property, where somebody has put a table for it."""

from __future__ import annotations

import pytest

from okb_incident.vault.note.change_log import record

TABLE = "| Date | Change | Author |\n|---|---|---|\n"
NOTE = f"# Slow\n\n## Change log\n\n{TABLE}| 2026-11-20 | Made | @carol |\n\nThe end.\n"


def row(text, before=None, after=None, actor="alice"):
    return record(text, before or {}, after or {"status": "resolved"}, day="2026-11-23", actor=actor)


def test_a_row_comes_below_the_last():
    new = "| 2026-11-23 | status: triage → resolved | @alice |\n"
    assert row(NOTE, {"status": "triage"}) == NOTE.replace("@carol |\n", f"@carol |\n{new}")


def test_a_table_without_rows_gets_its_first():
    text = f"## Change log\n{TABLE}"
    assert row(text) == f"{text}| 2026-11-23 | status: – → resolved | @alice |\n"


@pytest.mark.parametrize("text", ["# Slow\n", "## Change log\n\nTold in prose.\n", "## Change log\n| Date |\n"])
def test_a_note_without_such_a_table_stays_as_it_is(text):
    assert row(text) == text


def test_only_what_changed_by_itself_is_told():
    after = {"updated": "x", "tags": ["a"], "time_to_detect_minutes": 4, "scope": "one"}
    assert row(NOTE, {"scope": "one"}, after) == NOTE


def test_several_changes_stand_in_one_row_and_a_pipe_makes_no_cell():
    text = row(NOTE, {"services": ["a", "b"], "cause": "x"}, {"services": ["a|b"], "cause": None}, actor=None)
    assert "| 2026-11-23 | services: a, b → a\\|b; cause: x → – |  |\n" in text
