"""What the summary tells support teams."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.core.guidance.support import for_support
from okb_incident.core.settings.policy import DEFAULT_POLICY, Team

POLICY = DEFAULT_POLICY._replace(teams={"Frontline": Team("support"), "dba": Team("technical")})
SENT = f"- 2026-11-23T02:08:00 **comms** @carol: users/service-notice → [[{ID} update 1 users service-notice|users 1]]"
NOTHING = "may say: nothing yet; no message was sent to users"


def lines(status="investigating", timeline="", **properties):
    record = record_of(incident_of(status, properties=properties), timeline)
    return list(for_support(record, POLICY, "Cards fail", minutes(30)))


def test_tickets_with_their_growth():
    counted = "- 02:10 tickets: 12\n- 02:22 tickets: 25"
    assert lines(timeline=counted, tickets=40) == ["tickets 40 (12 at 02:10, 25 at 02:22)", NOTHING]
    assert lines(tickets=40) == ["tickets 40", NOTHING]


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        ({}, []),
        ({"teams": ["dba"]}, []),
        ({"teams": ["[[frontline]]"]}, [NOTHING]),
        ({"support_liaison": "bob"}, [NOTHING]),
        ({"tickets": 0}, ["tickets 0", NOTHING]),
    ],
)
def test_that_nothing_was_said_is_told_where_support_is_involved(properties, told):
    assert lines(**properties) == told


def test_what_went_out_is_told_always_and_that_nothing_did_only_while_it_is_open():
    assert lines(timeline=SENT) == ['may say: "Cards fail" (u1, 02:08)']
    assert lines("closed", SENT) == ['may say: "Cards fail" (u1, 02:08)']
    assert lines("closed", support_liaison="bob") == []
