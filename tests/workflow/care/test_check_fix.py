"""What `check --fix` makes good: of the incident that is named, or of all that may be seen."""

from __future__ import annotations

import pytest

FIRST, SECOND = "INC-20261123-01", "INC-20261123-02"


@pytest.fixture
def edited(desk):
    """Two incidents whose severity somebody changed in an editor; the second is restricted."""
    desk("open", "An intruder", "-s", "sev3")
    desk("restrict", "02")
    notes = [desk.note, desk.root / f"incidents/restricted/2026/{SECOND}.md"]
    for note in notes:
        note.write_text(note.read_text().replace("severity: SEV3\n", "severity: SEV1\n"))
    return desk, notes


def is_recorded(note):
    return "SEV3 → SEV1" in note.read_text()


@pytest.mark.parametrize(
    ("words", "recorded"),
    [
        ((), [True, False]),
        (("--restricted",), [True, True]),
        (("-i", FIRST), [True, False]),
        (("-i", SECOND), [False, True]),
    ],
)
def test_a_change_by_hand_is_recorded_in_what_is_named_or_may_be_seen(edited, words, recorded):
    desk, notes = edited
    desk("check", "--fix", *words, code=None)
    assert [is_recorded(note) for note in notes] == recorded
    again = desk.all()
    desk("check", "--fix", *words, code=None)
    assert desk.all() == again, "the second time nothing is left to do"
