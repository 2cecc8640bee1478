"""Roles: one holder at a time, and who held what from when to when."""

from __future__ import annotations

import pytest
from tests.records import incident_of, minutes, record_of

from okb_incident.core.response import roles
from okb_incident.core.response.roles import Person, RoleHolding
from okb_incident.errors import TransitionError, UsageError

AT = minutes(20)
DAN = Person("dan", "[[dan]]")


def lines(change):
    return [(line.kind, line.text) for line in change.lines]


def test_roles_are_known_by_what_people_call_them():
    assert [roles.read_role(word) for word in ("IC", "Technical Lead", "comms", "responders", "king")] == [
        "commander",
        "technical_lead",
        "communications_lead",
        "responder",
        None,
    ]


def test_a_role_goes_to_one_and_leaves_the_other():
    free = roles.give(incident_of("investigating"), "scribe", DAN, AT)
    assert free.properties == {"scribe": "[[dan]]"}
    assert lines(free) == [("role", "scribe: – → @dan")]
    assert free.warnings == ()
    taken = roles.give(incident_of("investigating", properties={"commander": "[[Ada Vogel]]"}), "commander", DAN, AT)
    assert lines(taken) == [("role", "commander: @Ada-Vogel → @dan")]
    assert taken.warnings == ("@Ada-Vogel no longer holds it; tell them",)
    assert taken.said == "@dan is now commander (was @Ada-Vogel)"
    assert roles.give(incident_of("investigating", properties={"commander": "Dan"}), "commander", DAN, AT).already


def test_two_that_a_writer_typed_become_one_but_are_not_handed_over():
    two = incident_of("investigating", properties={"commander": ["[[alice]]", "bob"]})
    made_one = roles.give(two, "commander", DAN, AT)
    assert made_one.properties == {"commander": "[[dan]]"}
    assert lines(made_one) == [("role", "commander: – → @dan")]
    assert made_one.said == "@dan is now commander (was @alice and @bob)"
    with pytest.raises(TransitionError, match="has 2 of the role commander, alice and bob") as caught:
        roles.give(two, "commander", DAN, AT, text="x", handing_over=True)
    assert "incident role -i INC-20261123-01 commander dan " in str(caught.value.hint)


def test_a_hand_over_says_what_the_next_one_must_know():
    held = incident_of("investigating", properties={"commander": "alice"})
    change = roles.give(held, "commander", DAN, AT, text="watch until 03:40", handing_over=True)
    assert lines(change) == [("handoff", "commander: @alice → @dan, watch until 03:40")]
    assert change.warnings == ()
    with pytest.raises(TransitionError, match="has no scribe"):
        roles.give(held, "scribe", DAN, AT, text="x", handing_over=True)


def test_responders_come_and_go():
    first = incident_of("investigating", properties={"responders": ["[[bob]]"]})
    joined = roles.give(first, "responder", DAN, AT)
    assert joined.properties == {"responders": ("[[bob]]", "[[dan]]")}
    assert roles.give(first, "responder", Person("Bob", "Bob"), AT).already
    gone = roles.lay_down(first, "responder", AT, "BOB")
    assert gone.properties == {"responders": None}
    assert lines(gone) == [("role", "responder: @BOB → –")]
    assert roles.lay_down(first, "responder", AT, "erin").already
    with pytest.raises(UsageError, match="which responder"):
        roles.lay_down(first, "responder", AT)


def test_a_role_is_laid_down_by_all_who_held_it():
    two = incident_of("investigating", properties={"scribe": ["alice", "bob"]})
    assert lines(roles.lay_down(two, "scribe", AT)) == [("role", "scribe: @alice → –"), ("role", "scribe: @bob → –")]
    assert roles.lay_down(incident_of("triage"), "scribe", AT).already


def test_a_hand_over_without_a_role_is_of_ones_own():
    incident = incident_of(
        "investigating", properties={"commander": "alice", "scribe": "[[erin]]", "technical_lead": "alice"}
    )
    assert roles.role_of(incident, "Erin") == "scribe"
    assert roles.role_of(incident, "alice") == "commander"
    assert roles.role_of(incident, "zoe") == "commander"


def test_who_held_what_from_when_to_when():
    timeline = """
- 2026-11-23T02:10:00 **role** @bob: technical lead: – → @bob
- 2026-11-23T02:20:00 **handoff** @alice: commander: @alice → @dan, x
- 2026-11-23T02:30:00 **role** @erin: scribe: – → @erin
- 2026-11-23T02:35:00 **role** @erin: king: – → @erin
- 2026-11-23T02:40:00 **role** @erin: scribe: @erin → –
- 2026-11-23T02:50:00 **role** @carol: communications lead: – → @carol
"""
    incident = incident_of(
        "investigating",
        properties={"commander": "[[dan]]", "technical_lead": ["bob", "gita"], "communications_lead": "zoe"},
        acknowledged=5,
    )
    assert roles.held(record_of(incident, timeline)) == [
        RoleHolding("commander", "alice", minutes(5), minutes(20)),
        RoleHolding("commander", "dan", minutes(20), None),
        RoleHolding("technical_lead", "bob", minutes(10), None),
        RoleHolding("technical_lead", "gita", None, None),
        RoleHolding("communications_lead", "zoe", None, None),
        RoleHolding("scribe", "erin", minutes(30), minutes(40)),
    ]
    untold = incident_of("investigating", properties={"commander": "alice"}, acknowledged=5)
    assert roles.held(record_of(untold)) == [RoleHolding("commander", "alice", minutes(5), None)]


def test_liaisons_are_roles_like_the_others():
    words = ("support", "Support liaison", "customer liaison", "management", "management-liaison", "internal liaison")
    assert [roles.read_role(word) for word in words] == ["support_liaison"] * 3 + ["management_liaison"] * 3
    change = roles.give(incident_of("investigating"), "support_liaison", DAN, AT)
    assert (change.properties, change.said) == ({"support_liaison": "[[dan]]"}, "@dan is now support liaison")
    assert lines(change) == [("role", "support liaison: – → @dan")]
    record = record_of(
        incident_of("investigating", properties={"support_liaison": "dan"}, acknowledged=5),
        "- 2026-11-23T02:20:00 **role** @alice: support liaison: – → @dan",
    )
    assert roles.held(record) == [RoleHolding("support_liaison", "dan", AT, None)]
