"""Moments in the wrong order."""

from __future__ import annotations

import pytest
from tests.made import made

from okb_incident.command import Command
from okb_incident.core.incident.order import disorders, order_problems


@pytest.mark.parametrize(
    ("moments", "said"),
    [
        ({"started": "07-06 09:00", "resolved": "07-06 08:00"}, ["resolved is 1h00m before started"]),
        ({"declared": "07-06 09:30", "resolved": "07-06 09:00"}, ["resolved is 30m before declared"]),
        ({"started": "07-06 09:00", "resolved": "07-06 08:59"}, []),
        ({"started": "07-06 09:00", "detected": "07-06 09:05", "resolved": "07-06 10:00"}, []),
        ({"resolved": "07-06 09:00"}, []),
    ],
    ids=["an end before its start", "unusual", "two clocks", "in order", "one alone"],
)
def test_which_moments_are_in_the_wrong_order(moments, said):
    assert [str(fault) for fault in disorders(made(1, **moments))] == said


def test_an_impossible_order_says_that_nothing_is_counted_and_how_to_mend_it():
    incident = made(1, started="07-06 09:00", resolved="07-06 08:00")
    (problem,) = order_problems(incident)
    assert (problem.code, problem.line) == ("impossible-order", incident.lines["resolved"])
    assert "no duration between them is counted" in problem.message
    assert problem.hint == Command("set", "resolved", options=("--correct",), incident=incident.id)


def test_an_unusual_order_is_only_named():
    (problem,) = order_problems(made(1, declared="07-06 09:30", resolved="07-06 09:00"))
    assert (problem.code, problem.hint) == ("unusual-order", None)
