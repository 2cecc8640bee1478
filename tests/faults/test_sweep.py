"""Whatever fails, and wherever: notes are old or new, exit 0 means present, the next command just works."""

from __future__ import annotations

import pytest
from tests.faults.shapes import APART, READING, SHAPES

from okb_incident.cli.table import BY_NAME

# Only against waiting without end: how fast a loaded machine is says nothing. What computes without end, `stage` ends.
pytestmark = pytest.mark.timeout(3600)


def test_every_writing_command_is_listed_under_a_shape():
    writing = {trial.command for trials in SHAPES.values() for trial in trials}
    assert not writing & (READING | APART)
    assert writing | READING | APART == BY_NAME.keys()


@pytest.mark.parametrize("shape", SHAPES)
def test_a_fault_at_any_call_of_one_command_of_each_shape(shape, program, long):
    print(program("tests.faults.sweep", "--shape", shape, *([] if long else ["--first", "--distinct"])))


def test_chosen_faults_of_all_other_commands(program, long):
    if not long:  # then the whole sweep has met them already
        print(program("tests.faults.sweep", "--rest", "--sample", "4"))
