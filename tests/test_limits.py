"""The limit that tests of effort rely on does end what would not end."""

from __future__ import annotations

import re

import pytest
from tests.limits import computing_at_most


def test_what_computes_for_ever_is_ended():
    with pytest.raises(AssertionError, match="still computes after"), computing_at_most(0.2):
        re.fullmatch("(a+)+b", "a" * 60)


def test_what_ends_in_time_is_left_alone():
    with computing_at_most(5):
        assert re.fullmatch("a+", "a" * 60)
