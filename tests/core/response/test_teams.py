"""Teams that were called, came and left, and whom they called for further help."""

from __future__ import annotations

import pytest
from tests.records import incident_of, minutes, record_of

from okb_incident.core.response.teams import escalate, move_teams, recipients
from okb_incident.core.settings.policy import DEFAULT_POLICY, Team

AT = minutes(30)


def test_a_team_stands_among_the_teams_from_the_first_word_on():
    record = record_of(incident_of("investigating", properties={"teams": "[[platform]]"}))
    change = move_teams(record, ["payments", "Platform"], "notified", AT)
    assert change.properties == {"teams": ("[[platform]]", "payments")}
    assert [line.text for line in change.lines] == ["payments notified", "Platform notified"]
    assert move_teams(record, ["platform"], "left", AT).properties == {}


def test_a_team_that_joins_without_being_called_stands_among_them_and_one_that_leaves_does_not():
    record = record_of(incident_of("investigating"))
    assert move_teams(record, ["payments"], "joined", AT).properties == {"teams": ("payments",)}
    assert move_teams(record, ["payments"], "left", AT).properties == {}


def test_what_was_said_of_a_team_is_not_said_twice():
    record = record_of(incident_of("investigating"), "- 2026-11-23T02:10:00 **team** @bob: payments notified")
    assert move_teams(record, ["Payments"], "notified", AT).already
    assert not move_teams(record, ["payments"], "joined", AT).already


def test_escalations_are_counted():
    record = record_of(incident_of("investigating"), "- 2026-11-23T02:10:00 **escalation** @bob: nobody answers")
    change = escalate(record, "@gita", AT, reason="the owner's word", channel="phone")
    assert change.lines[0].text == "to @gita via phone, the owner's word"
    assert change.said == 'escalated to @gita via phone "the owner\'s word" (escalation 2)'
    assert escalate(record, "payments", AT, reason="").lines[0].text == "to payments"


BOARD = Team("management", ("gita", "erin"), "the board call")
OWNERS = Team("management", ("erin", "tom"))
LAW = Team("management", contact="the switchboard")


@pytest.mark.parametrize(
    ("called", "people", "ways"),
    [
        (
            [],
            ("gita", "erin", "tom"),
            ("gita, erin (reached by the board call)", "erin, tom", "law (reached by the switchboard)"),
        ),
        (["[[OWNERS]]", "support"], ("erin", "tom"), ("erin, tom",)),
        (
            ["support"],
            ("gita", "erin", "tom"),
            ("gita, erin (reached by the board call)", "erin, tom", "law (reached by the switchboard)"),
        ),
    ],
)
def test_a_briefing_goes_to_the_management_teams_that_were_called_else_to_all(called, people, ways):
    policy = DEFAULT_POLICY._replace(
        teams={"board": BOARD, "owners": OWNERS, "law": LAW, "support": Team("support", ("bob",))}
    )
    incident = incident_of("investigating", properties={"teams": called})
    assert recipients(incident, policy, "management") == (people, ways)
    assert recipients(incident, policy, "users") == ((), ())
    assert recipients(incident, DEFAULT_POLICY, "management") == ((), ())
