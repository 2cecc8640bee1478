"""What is due of a review: nothing before an incident is over, then one step after the other."""

from __future__ import annotations

import json

import pytest


def steps(desk, which="01"):
    """Return the commands on the review that are due."""
    argvs = [each["argv"] or [] for each in json.loads(desk("next", which, "--json").out)]
    return [
        next(verb for verb in ("new", "submit", "approve", "close", "set", "edit") if verb in argv)
        for argv in argvs
        if "review" in argv
    ]


def test_a_review_is_due_step_by_step_once_the_incident_is_over(desk):
    desk("set", "01", "severity=sev1")
    assert steps(desk) == []
    desk("resolve", "01", "--summary", "It was slow.")
    assert steps(desk) == ["new"]
    desk("review", "new", "--owner", "bob")
    drafted = steps(desk)
    assert drafted
    assert "new" not in drafted
    for verb in ("submit", "approve"):
        desk("review", verb, "--force", "--reason", "agreed")
    assert "new" not in steps(desk)
    desk("reopen", "01", "it is back")
    assert steps(desk) == []


@pytest.mark.parametrize(("severity", "due"), [("sev1", True), ("sev4", False)])
def test_a_review_is_due_where_the_policy_asks_for_one(desk, severity, due):
    desk("set", "01", f"severity={severity}")
    desk("resolve", "01", "--summary", "It was slow.")
    assert bool(steps(desk)) is due
