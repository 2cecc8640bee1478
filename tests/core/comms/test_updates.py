"""Who was told what, and who is owed the next word."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.core.comms.communication import next_number, note_name
from okb_incident.core.comms.updates import LastUpdate, kind_for, last_told, owed, send
from okb_incident.core.incident.change import Outgoing
from okb_incident.core.settings.policy import DEFAULT_POLICY
from okb_incident.errors import TransitionError

COMMS = """
- 2026-11-23T02:10:00 **comms** @carol: users/service-notice → [[x]], next by 2026-11-23T02:40:00
- 2026-11-23T02:38:00 **comms** @carol: Users/status-update → [[y]]
- 25:99 **comms** @carol: team/status-update → [[z]]
"""


def owed_for(status, severity="SEV1", timeline="", **facts):
    incident = incident_of(status, severity, **facts)
    return {
        each.audience: (each.by, each.what, str(each.command(ID)))
        for each in owed(record_of(incident, timeline), DEFAULT_POLICY.of(incident.severity))
    }


def test_the_last_word_counts_with_its_promise():
    told = last_told(record_of(incident_of("investigating"), COMMS))
    assert told == {"users": LastUpdate(minutes(38), None, 2)}
    assert last_told(record_of(incident_of("investigating"), COMMS.split("\n- 2026-11-23T02:38", maxsplit=1)[0])) == {
        "users": LastUpdate(minutes(10), minutes(40), 1)
    }


def test_a_promise_counts_before_the_cadence_and_the_declaration_before_the_first():
    first = COMMS.split("\n- 2026-11-23T02:38", maxsplit=1)[0]
    found = owed_for("investigating", timeline=first)
    assert found["users"][0] == minutes(40)
    assert found["team"] == (
        minutes(30),
        "tell the team for the first time",
        f"incident tell -i {ID} team --next 30m",
    )
    assert owed_for("investigating", timeline=COMMS)["users"][:2] == (minutes(58), "tell users the current state")


def test_a_promise_is_owed_where_the_policy_asks_for_nothing():
    first = COMMS.split("\n- 2026-11-23T02:38", maxsplit=1)[0]
    assert owed_for("investigating", "SEV4", first) == {
        "users": (minutes(40), "tell users the current state", f"incident tell -i {ID} users")
    }
    assert owed_for("investigating", "SEV4", COMMS) == {}


BACK = "\n- 2026-11-23T05:00:00 **reopen** @alice: was resolved 2026-11-23T02:50:00: it is back"


def test_a_promise_from_before_it_was_reopened_is_history_and_the_cadence_begins_anew():
    told = COMMS.split("\n- 2026-11-23T02:38", maxsplit=1)[0] + BACK
    assert last_told(record_of(incident_of("investigating"), told)) == {"users": LastUpdate(minutes(10), None, 1)}
    found = owed_for("investigating", timeline=told)
    assert found["users"][:2] == (minutes(180 + 20), "tell users the current state")
    assert found["team"][0] == minutes(180 + 30)
    again = told + "\n- 2026-11-23T05:10:00 **comms** @carol: users/status-update → [[z]], next by 2026-11-23T05:40:00"
    assert owed_for("investigating", timeline=again)["users"][0] == minutes(220)


def test_who_was_told_hears_that_it_is_over_and_nobody_else():
    found = owed_for("resolved", timeline=COMMS, resolved=100)
    assert found == {"users": (minutes(120), "tell users that it is over", f"incident tell -i {ID} users")}
    assert owed_for("resolved", "SEV4", COMMS, resolved=100)["users"][0] == minutes(100 + 1440)
    assert owed_for("resolved", timeline=COMMS, resolved=20) == {}
    assert owed_for("resolved", timeline=COMMS) == {}
    assert owed_for("closed", timeline=COMMS, resolved=100) == {}


def test_the_kind_follows_from_where_it_stands():
    told = LastUpdate(minutes(1), None, 1)
    assert kind_for(incident_of("triage"), "users", None) == "service-notice"
    assert kind_for(incident_of("monitoring"), "users", told) == "status-update"
    assert kind_for(incident_of("resolved"), "users", told) == "follow-up"
    assert kind_for(incident_of("closed"), "management", None) == "resolution-status"


def test_notes_of_messages_are_numbered_through():
    incident = incident_of("triage")
    assert note_name(incident, 3, "users", "follow-up") == f"{ID} update 3 users follow-up"
    names = [
        f"{ID} update 2 users x.md",
        f"{ID.lower()} update 11 team y.md",
        f"{ID}.md",
        "INC-20261123-02 update 40 users x.md",
    ]
    assert next_number(names, incident) == 12
    assert next_number([], incident) == 1


def test_a_message_goes_out_with_a_line_and_the_earliest_promise():
    outgoing = Outgoing("users", "status-update", "Wallets work.", f"{ID} update 2 users status-update")
    record = record_of(
        incident_of("investigating"), "- 2026-11-23T02:05:00 **comms** @c: team/x → [[x]], next by 2026-11-23T02:20:00"
    )
    change = send(record, outgoing, "users 1", minutes(10), minutes(30))
    assert change.lines[0].text == (
        f"users/status-update → [[{ID} update 2 users status-update|users 1]], next by 2026-11-23T02:30:00"
    )
    assert change.properties == {"next_update": minutes(20)}
    assert change.outgoing == outgoing
    assert change.said == "sent to users: u2 status update"


def test_after_the_end_no_promise_is_kept_and_of_what_was_set_aside_nobody_is_told():
    outgoing = Outgoing("team", "resolution-update", "Over.", "n")
    over = record_of(incident_of("resolved", properties={"next_update": "2026-11-23T02:20:00"}))
    assert send(over, outgoing, "team 1", minutes(10), None).properties == {"next_update": None}
    with pytest.raises(TransitionError, match="no more messages are sent about it") as caught:
        send(record_of(incident_of("merged")), outgoing, "team 1", minutes(10), None)
    assert str(caught.value.hint) == f"incident show -i {ID}"


def test_a_message_of_a_drill_is_recorded_as_one_and_said_to_be_undelivered():
    outgoing = Outgoing("users", "status-update", "Wallets work.", "n")
    change = send(record_of(incident_of("investigating", nature="drill")), outgoing, "users 1", minutes(10), None)
    assert change.lines[0].text == "users/status-update → [[n|DRILL users 1]]"
    assert change.said == "recorded for users, not delivered (drill): n status update"


@pytest.mark.parametrize("nature", ["maintenance", "announcement"])
def test_maintenance_and_announcements_owe_nobody_a_word(nature):
    assert owed_for("investigating", timeline=COMMS, nature=nature) == {}
    assert owed_for("resolved", timeline=COMMS, resolved=100, nature=nature) == {}
