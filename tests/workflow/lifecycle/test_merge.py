"""Merging into what is merged itself: the end of the chain is meant, and a note that was edited by hand ends no command."""

from __future__ import annotations

import json

import pytest

FIRST, SECOND, THIRD, FOURTH = (f"INC-20261123-0{number}" for number in (1, 2, 3, 4))


@pytest.fixture
def four(desk):
    """Four incidents that have nothing in common."""
    for title in ("Search hangs", "Mail waits", "Export fails"):
        desk("open", title)
    return desk


def into(desk, which):
    value = json.loads(desk("show", which, "--json").out)
    return value["status"], value["duplicate_of"]


def edit(desk, which, **values):
    """Set properties as somebody does in an editor."""
    path = desk.note.with_name(f"{which}.md")
    lines = path.read_text().split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("status:"))
    lines[at : at + 1] = [f"{key}: {value}" for key, value in values.items()]
    path.write_text("\n".join(lines))


def test_what_is_merged_into_a_duplicate_goes_to_the_end_of_the_chain(four):
    four("merge", SECOND, FIRST)
    four("merge", FIRST, THIRD)
    four("merge", FOURTH, SECOND)
    assert into(four, FOURTH) == ("merged", THIRD)


def test_a_ring_that_somebody_made_is_refused_and_nothing_is_written(four):
    edit(four, FIRST, status="merged", duplicate_of=f'"[[{SECOND}]]"')
    edit(four, SECOND, status="merged", duplicate_of=f'"[[{FIRST}]]"')
    before = four.all()
    four("merge", FOURTH, FIRST, code=7)
    assert four.all() == before


def test_what_is_merged_into_nothing_is_refused_and_what_is_not_merged_any_more_is_meant_itself(four):
    edit(four, FIRST, status="merged")
    four("merge", FOURTH, FIRST, code=7)
    assert into(four, FOURTH) == ("triage", None)
    edit(four, FIRST, status="investigating", duplicate_of=f'"[[{THIRD}]]"')
    four("merge", FOURTH, FIRST)
    assert into(four, FOURTH) == ("merged", FIRST)
