"""What people see of all open incidents: the worst first, and who is on what."""

from __future__ import annotations

import json


def test_an_incident_without_a_severity_comes_before_the_worst_that_is_known(desk):
    desk("open", "Login is slow", "-s", "sev1")
    desk.type("severity: SEV3\n", "")
    order = [each["id"] for each in json.loads(desk("status", "--json").out)["open"]]
    assert order == ["INC-20261123-01", "INC-20261123-02"]


def test_who_is_on_what_leaves_out_what_is_over(desk):
    desk("ack")
    assert "alice" in desk("who").out
    desk("resolve", "--summary", "It was slow.")
    assert "alice" not in desk("who").out
