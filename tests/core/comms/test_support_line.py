"""What the support may say: the last message to users, and when nothing, or nothing more, may be said."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.core.comms.support_line import SentMessage, headline_of, last_of_kind, last_to_users, may_say, silence

FIRST = f"""
- 2026-11-23T02:05:00 **comms** @carol: team/status-update → [[{ID} update 1 team status-update|team 1]]
- 2026-11-23T02:08:00 **comms** @carol: users/service-notice → [[{ID} update 2 users service-notice|users 1]], next by 2026-11-23T02:40:00
"""
CORRECTED = f"{FIRST}- 2026-11-23T02:12:00 **note** @carol: u2 corrected, [[{ID} update 2 users service-notice|users u2]]: Wallets fail too.\n"
WITHHELD = f"{FIRST}- 2026-11-23T02:20:00 **decision** @carol: users are not told, legal reads it first\n"
REOPENED = f"{FIRST}- 2026-11-23T03:00:00 **reopen** @bob: was resolved 2026-11-23T02:50:00: it is back\n"
NOW = minutes(30)


def of(timeline="", **facts):
    return record_of(incident_of("investigating", **facts), timeline)


def last(timeline):
    found = last_to_users(of(timeline))
    assert found is not None
    return found


def said(timeline, **facts):
    return may_say(of(timeline, **facts), "Investigating: Card payments", NOW)


def test_the_last_message_with_its_time_and_the_next_one():
    assert said(FIRST) == '"Investigating: Card payments" (u2, 02:08, next by 02:40)'
    later = f"{FIRST}- 2026-11-23T02:25:00 **comms** @carol: Users/status-update → [[{ID} update 3 users status-update|users 2]]"
    assert said(later) == '"Investigating: Card payments" (u3, 02:25)'


def test_a_message_whose_note_cannot_be_read_is_named():
    assert may_say(of(FIRST), "", NOW) == "what the message says (u2, 02:08, next by 02:40)"


def test_a_correction_is_part_of_what_may_be_said():
    assert (
        said(CORRECTED) == '"Investigating: Card payments" (u2, 02:08, next by 02:40); corrected: "Wallets fail too."'
    )
    other = f"{FIRST}- 2026-11-23T02:12:00 **note** @carol: u1 corrected, [[x|team u1]]: Later.\n- 02:13 u2 is fine"
    assert last(other).correction == ""
    assert last("- 2026-11-23T02:01:00 **note**: u2 corrected, [[x|y]]: early\n" + FIRST).correction == ""


def test_nothing_went_out_yet():
    assert said("") == "nothing yet; no message was sent to users"
    assert last_to_users(of("- 2026-11-23T02:01:00 **note**: calm")) is None
    assert last_to_users(of(FIRST.strip().splitlines()[0])) is None


def test_what_was_promised_before_a_reopening_is_no_promise_any_more():
    assert last(REOPENED).promised is None
    assert last(FIRST).promised == minutes(40)
    assert last_to_users(of("- 2026-11-23T01:00:00 **reopen** @bob: was resolved 2026-11-23T00:50:00: back\n" + FIRST))


def test_messages_that_are_withheld_end_what_may_be_said():
    assert said(WITHHELD) == '"Investigating: Card payments" (u2, 02:08); nothing more, messages to users are withheld'
    only = WITHHELD.strip().splitlines()[-1]
    assert said(only) == "nothing; messages to users are withheld"
    assert silence(of(only, nature="drill")) == ""


def test_of_a_confidential_incident_nothing_is_said_before_somebody_decided():
    assert said("", restricted=True) == "nothing; the incident is restricted"
    assert said(FIRST, restricted=True) == '"Investigating: Card payments" (u2, 02:08, next by 02:40)'


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("**Investigating: Card payments**\n\nThey fail.", "Investigating: Card payments"),
        ("\n# Card [[x|payments]]\ntext", "Card payments"),
        ("> DRILL: this is an exercise, not a real incident.\n\nCards fail.", "Cards fail."),
        ("**\nCards fail.", "Cards fail."),
        ("", ""),
    ],
)
def test_the_headline_of_a_message_is_its_first_line(text, headline):
    assert headline_of(text) == headline


def test_a_long_headline_is_cut():
    assert len(may_say(of(FIRST), "x" * 10_000, NOW)) < 200


def test_the_last_message_of_a_kind():
    asked = f"{FIRST}- 2026-11-23T02:25:00 **comms** @carol: management/resource-request → [[a/{ID} update 3 management resource-request|management 1]]"
    found = last_of_kind(of(asked), "management", "resource-request")
    assert found == SentMessage(f"{ID} update 3 management resource-request", minutes(25))
    assert last_of_kind(of(FIRST), "management", "resource-request") is None
