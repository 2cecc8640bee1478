"""Hooks as settings, the events that a change is, and what a hook is told."""

from __future__ import annotations

import pytest
from tests.records import minutes

from okb_incident.core.comms.hook import Hook, events_of, read_hooks, told
from okb_incident.core.incident.change import Change, LogLine, Outgoing
from okb_incident.core.settings.setting import SettingError


def test_a_hook_says_when_and_what():
    hooks = read_hooks(
        [
            {"on": ["opened"], "run": ["/bin/page"]},
            {"on": ["closed", "comms"], "run": ["x", "-q"], "timeout": "1m", "restricted": True},
        ]
    )
    assert hooks == (
        Hook(frozenset({"opened"}), ("/bin/page",), 10.0, restricted=False),
        Hook(frozenset({"closed", "comms"}), ("x", "-q"), 60.0, restricted=True),
    )


@pytest.mark.parametrize(
    ("hooks", "key"),
    [
        ("x", "hooks"),
        ([1], "hooks"),
        ([{"on": ["opened"], "run": ["x"], "shell": True}], "hooks.shell"),
        ([{"on": ["opened"]}], "hooks.run"),
        ([{"on": ["opened"], "run": [""]}], "hooks.run"),
        ([{"run": ["x"]}], "hooks.on"),
        ([{"on": ["often"], "run": ["x"]}], "hooks.on"),
        ([{"on": ["opened"], "run": ["x"], "timeout": "3d"}], "hooks.timeout"),
        ([{"on": ["opened"], "run": ["x"], "timeout": 3}], "hooks.timeout"),
        ([{"on": ["opened"], "run": ["x"], "restricted": 1}], "hooks.restricted"),
    ],
)
def test_a_hook_that_cannot_be_used_names_its_key(hooks, key):
    with pytest.raises(SettingError) as caught:
        read_hooks(hooks)
    assert caught.value.key == key


def test_a_change_is_several_events():
    lines = (LogLine("status", "a → b", minutes(1)), LogLine("verify", "x", minutes(1)))
    assert events_of(Change(properties={"status": "closed"}, lines=lines)) == {"changed", "status", "verify", "closed"}
    assert events_of(Change(), opened=True) == {"opened", "changed"}


def test_a_hook_is_told_in_words_that_programs_read():
    change = Change(lines=(LogLine("note", "x", minutes(1), external=True),), said="note logged")
    incident = {"id": "INC-1", "title": "Cards fail", "nature": None}
    value = told({"note", "changed"}, incident, change, command="log", actor="alice", at=minutes(2))
    assert value == {
        "events": ["changed", "note"],
        "command": "log",
        "actor": "alice",
        "at": "2026-11-23T02:02:00Z",
        "drill": False,
        "incident": incident,
        "lines": [{"kind": "note", "text": "x", "at": "2026-11-23T02:01:00Z", "external": True}],
        "said": "note logged",
        "message": None,
    }


def test_a_correction_is_an_event_of_messages_though_its_line_is_a_note():
    change = Change(
        lines=(LogLine("note", "u1 corrected", minutes(1)),), outgoing=Outgoing("users", "correction", "x", "n")
    )
    assert events_of(change) == {"changed", "note", "comms"}


def test_what_people_read_of_a_drill_carries_the_word():
    incident = {"id": "INC-1", "title": "Cards fail", "nature": "drill"}
    value = told({"changed"}, incident, Change(said="severity SEV1"), command="severity", actor=None, at=minutes(2))
    assert value["drill"] is True
    assert value["incident"] == {"id": "INC-1", "title": "DRILL: Cards fail", "nature": "drill"}
    assert value["said"] == "DRILL: severity SEV1"
