"""What a command records of changes by hand beside its own."""

from __future__ import annotations

from tests.records import incident_of, minutes, record_of

from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.response.by_hand import ChangesByHand, changed_by_hand
from okb_incident.core.values.severity import DEFAULT_SCALE

TIMELINE = "- 2026-11-23T02:05:00 **status** @alice: triage → investigating"
ACTIONS = (
    "- [x] restart it #incident/action 🆔 INC-20261123-01-a1\n- [x] tell them #incident/action 🆔 INC-20261123-01-a2"
)


def changed(change, **sections):
    record = record_of(incident_of("monitoring"), TIMELINE, **sections)
    return changed_by_hand(record, change, DEFAULT_SCALE, minutes(30))


def test_a_line_of_the_timeline_alone_records_no_status():
    assert changed(Change(lines=(LogLine("note", "x", minutes(30)),))) == ChangesByHand()


def test_a_step_of_the_life_cycle_records_it_before_its_own_line():
    step = Change(
        properties={"status": "resolved"},
        lines=(LogLine("status", "monitoring → resolved", minutes(20)), LogLine("note", "x", minutes(1))),
    )
    found = changed(step)
    assert [(line.text, line.at) for line in found.lines] == [
        ("investigating → monitoring (seen 2026-11-23T02:30:00)", minutes(20))
    ]
    assert found.notes == ("status was changed by hand: investigating → monitoring; recorded without a time",)
    assert [line.at for line in changed(Change(heals=True)).lines] == [minutes(30)]


def test_a_ticked_box_is_recorded_by_every_command_but_for_its_own():
    own = Change(lines=(LogLine("action", "a1 done", minutes(30)),))
    assert [line.text for line in changed(own, Actions=ACTIONS).lines] == ["a2 done, ticked in the note"]


def test_a_count_of_tickets_is_recorded_by_a_repair_alone():
    def recorded(change, count):
        incident = incident_of("investigating", properties={} if count is None else {"tickets": count})
        record = record_of(incident, f"{TIMELINE}\n- 2026-11-23T02:10:00 **note** @alice: tickets: 12")
        return changed_by_hand(record, change, DEFAULT_SCALE, minutes(30))

    found = recorded(Change(heals=True), 55)
    assert [line.text for line in found.lines] == ["tickets: 12 → 55 (seen 2026-11-23T02:30:00)"]
    assert found.notes == ("tickets was changed by hand: 12 → 55; recorded without a time",)
    assert recorded(Change(heals=True), 12) == ChangesByHand()
    assert recorded(Change(heals=True), None) == ChangesByHand()
    assert recorded(Change(properties={"status": "monitoring"}), 55) == ChangesByHand()
