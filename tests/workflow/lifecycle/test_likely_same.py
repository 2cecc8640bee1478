"""Which of several that are alike are hinted at: open ones first, then the closest, then the newest."""

from __future__ import annotations

import re

import pytest


def hinted(answer):
    """Return the incidents that are hinted at, in their order, from what goes beside the answer."""
    new = max(re.findall(r"INC-20261123-\d\d", answer.out + answer.err))
    return list(dict.fromkeys(each[-2:] for each in re.findall(r"INC-20261123-\d\d", answer.err) if each != new))


@pytest.fixture(params=[False, True], ids=["without an index", "with an index"])
def alike(desk, request):
    """Four open incidents of one title; the desk has opened the first."""
    for _ in range(3):
        desk("open", "Checkout is slow")
    if request.param:
        desk("list")
    return desk


def test_the_two_newest_of_one_title_are_hinted_at(alike):
    assert hinted(alike("open", "Checkout is slow")) == ["04", "03"]


def test_what_is_over_comes_after_what_is_open(alike):
    for number in ("04", "03", "02"):
        alike("resolve", number, "over")
    alike("list")
    assert hinted(alike("open", "Checkout is slow"))[0] == "01"


def test_a_closer_title_comes_before_a_newer_one(alike):
    alike("open", "Checkout of the shop is slow today")
    alike("list")
    assert hinted(alike("open", "Checkout is slow")) == ["04", "03"]
