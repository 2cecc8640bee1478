"""Moments in the wrong order."""

from __future__ import annotations

import pytest
from tests.made import made, when

from okb_incident.core.incident.order import disorders
from okb_incident.core.values.moment import Moment


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


def day(text: str) -> Moment:
    return Moment(when(text), day_only=True)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (Moment(when("07-06 09:00")), day("07-06 00:00"), []),
        (day("07-06 00:00"), Moment(when("07-06 09:00")), []),
        (Moment(when("07-07 00:02")), day("07-06 00:00"), ["resolved is 2m before started"]),
        (day("07-07 00:00"), Moment(when("07-06 23:00")), ["resolved is 1h00m before started"]),
    ],
)
def test_a_mere_day_is_out_of_order_only_as_a_whole(first, second, said):
    incident = made(1)._replace(moments={"started": first, "resolved": second})
    assert [str(fault) for fault in disorders(incident)] == said
