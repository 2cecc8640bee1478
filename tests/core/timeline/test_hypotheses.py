"""Hypotheses: what was suspected, what came of it, and what nobody has suspected."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, record_of

from okb_incident.command import Command
from okb_incident.core.timeline.hypotheses import Hypothesis, hypotheses, refuse_unknown
from okb_incident.errors import NotFoundError

TIMELINE = """
- 2026-11-23T02:12:00 **hypothesis** @bob: h1 pool exhausted
- 2026-11-23T02:13:00 **hypothesis** @bob: h2 a full disk
- 2026-11-23T02:14:00 **hypothesis** @bob: h1 ruled out, 40 % are free
- 2026-11-23T02:15:00 **hypothesis** @bob: h4 confirmed
"""
RECORD = record_of(incident_of("investigating"), TIMELINE)


def again(name):
    return Command("log", f"{name} confirmed", incident=ID)


def test_what_was_suspected_and_what_came_of_it():
    assert hypotheses(RECORD) == [
        Hypothesis("h1", "pool exhausted", "ruled out: 40 % are free"),
        Hypothesis("h2", "a full disk"),
        Hypothesis("h4", "", "confirmed"),
    ]


def test_what_nobody_has_suspected_cannot_be_confirmed():
    refuse_unknown(RECORD, "h1", again, "h1 confirmed")
    for name in ("h3", "h4"):
        with pytest.raises(NotFoundError, match=f"{ID} has no hypothesis {name}$") as caught:
            refuse_unknown(RECORD, name, again, f"{name} confirmed")
        assert caught.value.candidates == (
            (("log", "-i", ID, "h2 confirmed"), "h2 a full disk (open)"),
            (("log", "-i", ID, "h1 confirmed"), "h1 pool exhausted (ruled out: 40 % are free)"),
        )
        assert str(caught.value.hint) == f"incident log -i {ID} note: '{name} confirmed'   logs it as a note"
    with pytest.raises(NotFoundError, match="none was logged yet"):
        refuse_unknown(record_of(incident_of("triage")), "h3", again, "h3 confirmed")
