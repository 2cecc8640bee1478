"""Which incidents are kept from users and stakeholders, and what was decided about telling them."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.core.comms.disclosure import barrier, decisions, disclose, objection
from okb_incident.core.comms.updates import owed, send, withhold
from okb_incident.core.incident.change import Outgoing
from okb_incident.core.settings.policy import DEFAULT_POLICY

TOLD = "- 2026-11-23T02:10:00 **comms** @c: users/service-notice → [[x]], next by 2026-11-23T02:40:00\n"
TO_TELL = "- 2026-11-23T02:10:00 **decision** @a: users are told although it is TLP:RED, because they must act\n"
NOT_TO_TELL = "- 2026-11-23T02:20:00 **decision** @a: Users are not told, because the intruder would be warned\n"


def marked(tlp, **facts):
    return incident_of("investigating", properties={"tlp": tlp}, **facts)


@pytest.mark.parametrize(
    ("tlp", "why"),
    [
        ("TLP:RED", "TLP:RED"),
        ("amber", "TLP:AMBER"),
        ("TLP: Amber + Strict", "TLP:AMBER+STRICT"),
        ("tlp-red", "TLP:RED"),
        ("[[TLP:RED]]", "TLP:RED"),
        (["TLP:GREEN", "TLP:AMBER", "TLP:RED"], "TLP:RED"),
        (["TLP:ORANGE", "TLP:AMBER"], "TLP:AMBER"),
        ("ambre", "marked with an unknown tlp"),
        ("TLP:", "marked with an unknown tlp"),
        ("TLP:GREEN", None),
        ("clear", None),
        ("TLP:WHITE", None),
        ([], None),
        (None, None),
    ],
)
def test_amber_and_above_and_what_cannot_be_read_stays_inside(tlp, why):
    assert barrier(marked(tlp), "users") == why
    assert barrier(marked(tlp), "stakeholders") == why
    assert barrier(marked(tlp), "management") is None
    assert barrier(marked(tlp), "team") is None


def test_a_restricted_incident_stays_inside_and_nothing_of_a_drill_goes_out_anyway():
    assert barrier(marked(None, restricted=True), "users") == "restricted"
    assert barrier(marked("red", restricted=True), "users") == "restricted and TLP:RED"
    assert barrier(marked("red", restricted=True, nature="drill"), "users") is None


def test_the_last_decision_counts_and_a_message_ends_one_not_to_tell():
    def known(timeline):
        return decisions(record_of(marked("red"), timeline))

    later = TOLD.replace("02:10", "02:30")
    assert known(TOLD) == {}
    assert known(NOT_TO_TELL) == {"users": False}
    assert known(TO_TELL + NOT_TO_TELL) == {"users": False}
    assert known(NOT_TO_TELL + later) == {}
    assert known(NOT_TO_TELL + TO_TELL.replace("02:10", "02:30") + later) == {"users": True}
    assert known("- 2026-11-23T02:20:00 **decision** @a: users are told tomorrow") == {}
    assert known("- 2026-11-23T02:20:00 **decision** @a: tell users are not told") == {}


def test_a_decision_is_a_line_with_its_reason():
    record = record_of(marked("red"))
    assert disclose(record, "users", "it is TLP:RED", "", minutes(1)).text == "users are told although it is TLP:RED"
    line = disclose(record, "users", "it is restricted", "they must act", minutes(1))
    assert (line.kind, line.text) == ("decision", "users are told although it is restricted, because they must act")


def owed_of(incident, timeline=""):
    found = owed(record_of(incident, timeline), DEFAULT_POLICY.of(incident.severity))
    return {each.audience: each for each in found}


def test_of_a_confidential_incident_a_decision_is_due_first_and_then_none():
    users = owed_of(marked("red"))["users"]
    assert users.what == "decide whether to inform users: it is TLP:RED"
    assert str(users.command(ID)) == f"incident tell -i {ID} users --next 20m --disclose"
    assert str(users.instead(ID)) == f"incident comms withhold -i {ID} users"
    told = owed_of(marked("red"), TO_TELL + TOLD)["users"]
    assert (told.what, told.by, told.instead(ID)) == ("tell users the current state", minutes(40), None)
    assert "--disclose" in told.command(ID)
    assert "users" not in owed_of(marked("red"), NOT_TO_TELL)
    team = owed_of(marked("red"))["team"]
    assert (team.waits, team.instead(ID)) == (False, None)
    assert "--disclose" not in team.command(ID)


def test_who_was_told_before_it_became_confidential_is_told_again_only_by_decision():
    assert owed_of(marked("red"), TOLD)["users"].waits
    over = incident_of("resolved", properties={"tlp": "red"}, resolved=100)
    assert owed_of(over, TOLD)["users"].waits
    assert owed_of(over, TOLD + NOT_TO_TELL) == {}


def test_not_to_tell_needs_no_secret_and_withdraws_the_promise():
    incident = incident_of("investigating", properties={"next_update": "2026-11-23T02:40:00"})
    team = "- 2026-11-23T02:11:00 **comms** @c: team/x → [[x]], next by 2026-11-23T02:50:00\n"
    change = withhold(record_of(incident, TOLD + team), "users", "nobody is hit", minutes(15))
    assert [(line.kind, line.text) for line in change.lines] == [
        ("decision", "users are not told, because nobody is hit")
    ]
    assert change.properties == {"next_update": minutes(50)}
    assert change.said == 'withheld from users "nobody is hit"'
    assert withhold(record_of(incident, TOLD), "users", "x", minutes(15)).properties == {"next_update": None}
    assert withhold(record_of(incident, TOLD + NOT_TO_TELL), "users", "x", minutes(30)).already
    # What another audience is told does not bring the promise back.
    outgoing = Outgoing("team", "x", "We look.", "n")
    again = send(record_of(incident, TOLD + NOT_TO_TELL), outgoing, "team 1", minutes(30), None)
    assert again.properties == {"next_update": None}


def test_what_keeps_a_message_inside_is_the_incident_or_a_decision():
    def found(incident, timeline="", **more):
        return objection(record_of(incident, timeline), "users", **more)

    assert found(marked("red"), NOT_TO_TELL) == "it is TLP:RED"
    assert found(marked("green")) is None
    assert found(marked("green"), restricted=True) == "it is restricted"
    assert found(marked("green"), NOT_TO_TELL) == "it was decided not to tell them"
    assert found(marked("green"), NOT_TO_TELL + TOLD.replace("02:10", "02:30")) is None
    assert found(marked("red", nature="drill"), NOT_TO_TELL, restricted=True) is None
    told_again = TO_TELL.replace("it is TLP:RED", "it was decided not to tell them").replace("02:10", "02:30")
    assert decisions(record_of(marked("green"), NOT_TO_TELL + told_again)) == {"users": True}
