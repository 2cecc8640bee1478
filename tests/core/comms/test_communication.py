"""Messages: their kinds, what of a note goes out, and what is not fit to."""

from __future__ import annotations

import pytest

from okb_incident.core.comms.communication import KINDS, PROPERTIES, USUAL, body_of, faults, kinds_of, message_of
from okb_incident.core.settings.policy import AUDIENCES


def test_each_audience_has_four_kinds_and_its_usual_ones_are_among_them():
    assert len(KINDS) == 16
    for audience in AUDIENCES:
        assert len(kinds_of(audience)) == 4
        assert set(USUAL[audience]) <= set(kinds_of(audience))
    assert KINDS[0].template == "team-status-update"
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
            ["'[[INC-20261123-01]]' means nothing outside the house", "'@bob' means nothing outside the house"],
        ),
        ("see [[INC-20261123-01]], ask @bob", "management", []),
        (
            "write to help@example.org about INC-20261123-01",
            "users",
            ["'INC-20261123-01' means nothing outside the house"],
        ),
    ],
)
def test_what_is_not_fit_to_be_sent(message, audience, wrong):
    assert faults(message, audience) == wrong
