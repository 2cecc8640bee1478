"""Messages: their kinds, what of a note goes out, and what is not fit to."""

from __future__ import annotations

import pytest
from tests.limits import computing_at_most
from tests.records import incident_of, minutes

from okb_incident.core.comms.communication import (
    KINDS,
    PROPERTIES,
    USUAL,
    body_of,
    faults,
    inside_words,
    kinds_of,
    message_of,
    misfit,
    undated_times,
)
from okb_incident.core.comms.updates import LastUpdate, kind_for
from okb_incident.core.settings.policy import AUDIENCES
from okb_incident.core.values.status import ASIDE, PROCESS, Status


def test_each_audience_has_four_kinds_and_its_usual_ones_are_among_them_and_an_authority_its_notice():
    assert len(KINDS) == 17
    for audience in AUDIENCES:
        assert len([kind for kind in kinds_of(audience) if kind != "notice"]) == 4
        assert set(USUAL[audience]) <= set(kinds_of(audience))
    assert KINDS[0].template == "team-status-update"
    assert kinds_of("stakeholders")[-1] == "notice"
    assert len(set(PROPERTIES)) == len(PROPERTIES)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("# Users 1: Cards\n\nCards fail.\n", "Cards fail."),
        ("Cards fail.", "Cards fail."),
        ("# T\nOne\n\n%% ask the bank\nfirst %%\n\nTwo\n", "One\n\nTwo"),
        ("# T\r\nOne\r\nTwo\r\n", "One\nTwo"),
        ("# T\nOne\n\n## Corrections\n- it was two\n", "One"),
        ("# T\n## Conditions\n- slow\n", "## Conditions\n- slow"),
        ("# T\n%% nothing yet %%\n", ""),
        ("# T\n50 %% of it\n", "50 %% of it"),
    ],
)
def test_what_goes_out_is_what_stands_below_the_heading(body, message):
    assert message_of(body) == message


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("CPU was at 100%% and 20%% of orders failed.", None),
        ("an open %% comment\n\nand more", None),
        ("<% tp.x %> `= 1` &lt;% x", None),
        ("One\n## Corrections\nTwo\n\\## Corrections\n", "One\n## Corrections\nTwo\n\\## Corrections"),
        (" One\r\nTwo\x07\r ", "One\nTwo"),
        ("One\n\n\n\nTwo", "One\n\nTwo"),
        ("# no heading", None),
        ("---", None),
    ],
)
def test_what_was_typed_goes_out_to_the_letter(typed, sent):
    body = body_of(typed)
    assert message_of(f"# Users 1: Cards\n\n{body}\n\n## Corrections\n- it was two\n") == (sent or typed)
    assert "%%" not in body
    assert "<%" not in body


@pytest.mark.parametrize(
    ("message", "audience", "wrong"),
    [
        ("Cards fail. Wallets work.", "users", []),
        ("", "team", ["it says nothing yet"]),
        ("Cards TODO fail", "team", ["'TODO' is left in it"]),
        (
            "{{ when }} <% tp.x %> ???",
            "team",
            ["'{{ when }}' is left in it", "'<% tp.x %>' is left in it", "'???' is left in it"],
        ),
        (
            "see [[INC-20261123-01]], ask @bob",
            "users",
            ["'[[INC-20261123-01]]' means nothing to customers", "'@bob' means nothing to customers"],
        ),
        ("see [[INC-20261123-01]], ask @bob", "management", []),
        (
            "write to help@example.org about INC-20261123-01",
            "users",
            ["'INC-20261123-01' means nothing to customers"],
        ),
    ],
)
def test_what_is_not_fit_to_be_sent(message, audience, wrong):
    assert faults(message, audience) == wrong


def test_a_message_of_many_brackets_is_looked_through_in_one_go():
    with computing_at_most(5):
        assert inside_words("[" * 300_000, "users") == []
        assert inside_words("[" * 300_000 + "[[checkout]]", "users") == ["'[[checkout]]' means nothing to customers"]


@pytest.mark.parametrize("status", PROCESS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_kind_that_is_chosen_where_none_is_named_always_fits(audience, status):
    for last in (None, LastUpdate(minutes(0), None, 1)):
        assert misfit(audience, kind_for(incident_of(status), audience, last), status) is None


@pytest.mark.parametrize(
    ("kind", "status", "why"),
    [
        ("follow-up", Status.MONITORING, "follow-up is for an incident that is resolved or closed, and this one is monitoring"),
        ("service-notice", Status.RESOLVED, "service-notice is for an incident that is open, and this one is resolved"),
        ("status-update", Status.CLOSED, "status-update is for an incident that is open or resolved, and this one is closed"),
        ("follow-up", Status.RESOLVED, None),
        ("resolution-timeline", Status.TRIAGE, None),
        ("apology", Status.TRIAGE, None),
        ("follow-up", None, None),
    ],
)  # fmt: skip
def test_a_kind_that_cannot_be_true_of_the_status(kind, status, why):
    assert misfit("users", kind, status) == why


@pytest.mark.parametrize("status", sorted(ASIDE))
def test_of_what_was_set_aside_no_kind_is_said_to_be_wrong(status):
    assert misfit("users", "follow-up", status) is None


def test_each_kind_fits_some_status_and_says_which_in_words():
    assert {kind.when for kind in KINDS} == {"open", "open or resolved", "resolved or closed", "in any status"}


def test_times_without_a_date_are_those_of_the_day_of_the_message():
    text = "From 10:00 to 11:00 UTC on 22 November; by 12:30 UTC, by 12:30 UTC. At 2026-11-23T12:00 UTC, 13:00 CET."
    assert undated_times(text, "UTC") == ["12:30 UTC"]
