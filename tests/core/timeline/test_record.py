"""The record: what the body of a note says beside its properties."""

from __future__ import annotations

from datetime import UTC, date

from okb_incident.core.incident.incident import Incident
from okb_incident.core.timeline.record import Record
from okb_incident.core.values.identity import IncidentId

SECTIONS = {
    "Timeline": [
        "- 2026-11-23T02:12:00 **hypothesis** @bob: h3 pool exhausted",
        "- 2026-11-23T02:05:00 **action** @bob: a7 done",
        "- 2026-11-23T02:06:00 **verify** @bob: nonsense",
    ],
    "Actions": ["- [ ] Roll back 🆔 INC-20261123-01-a1"],
    "Checklist": ["- [x] Say what fails 🆔 INC-20261123-01-a2"],
    "Follow-ups": ["- [ ] Alert on it 🆔 INC-20261123-01-f1"],
    "Summary": ["", "  "],
}


def record():
    incident = Incident(IncidentId(date(2026, 11, 23), 1, "INC-20261123-01"), "x.md", "Slow", None, None)
    return Record(incident, UTC, lambda title: SECTIONS.get(title, []))


def test_the_timeline_comes_in_both_orders():
    assert [entry.line for entry in record().written] == [0, 1, 2]
    assert [entry.kind for entry in record().entries] == ["action", "note", "hypothesis"]
    assert [entry.text for entry in record().of_kind("action", "hypothesis", "note", "verify")] == [
        "a7 done",
        "h3 pool exhausted",
    ]


def test_tasks_come_by_their_section():
    assert [task.text for task in (*record().actions, *record().checklist, *record().follow_ups)] == [
        "Roll back",
        "Say what fails",
        "Alert on it",
    ]


def test_names_are_those_that_are_used_anywhere():
    assert record().names("a") == {"a1", "a2", "a7"}
    assert record().names("h") == {"h3"}
    assert record().names("f") == {"f1"}


def test_a_section_of_blank_lines_says_nothing():
    assert not record().says("Summary")
    assert not record().says("Impact")
    assert record().says("Actions")
    assert record().section("Impact") == []
