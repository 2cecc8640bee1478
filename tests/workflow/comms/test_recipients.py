"""What goes to the people of the management teams, and what the support may say."""

from __future__ import annotations

import json

import pytest

TEAMS = """
[teams.front]
kind = "support"

[teams.board]
kind = "management"
members = ["gita", "erin"]
contact = "the board call"

[teams.owners]
kind = "management"
members = ["tom"]
"""


@pytest.fixture
def house(desk):
    """A vault whose settings know a support team and two management teams."""
    settings = desk.root / "incident.toml"
    settings.write_text(settings.read_text() + TEAMS)
    desk("ack", "01")
    desk("severity", "01", "sev1")
    return desk


def note_of(house, number):
    (path,) = house.root.glob(f"incidents/2026/* update {number} *.md")
    return path


def test_a_message_to_the_management_names_its_people_in_answer_note_and_json(house):
    answer = house("tell", "01", "management", "It is a deploy.")
    assert "sent 12:00 to management (gita, erin, tom): u1 briefing" in answer.out.replace(
        "2026-11-23 12:00:00", "12:00"
    )
    assert "To: gita, erin and tom." in note_of(house, 1).read_text()
    house("team", "activate", "01", "owners")
    assert "(tom): u2" in house("tell", "01", "management", "It is over soon.").out
    due = {each["item"]: each for each in json.loads(house("next", "01", "--json").out)}
    assert due["update management"]["to"] == ["tom"]
    assert due["update users"]["to"] == []
    assert {each["audience"]: each["to"] for each in json.loads(house("comms", "due", "--json").out)}["management"] == [
        "tom"
    ]


def test_users_never_read_who_the_people_or_how_many_the_tickets_are(house):
    house("log", "-i", "01", "tickets: 4711")
    house("role", "01", "support", "sybil")
    house("role", "01", "management", "mungo")
    house("resource", "request", "01", "a xylophone")
    for audience in ("users", "stakeholders"):
        house("tell", "01", audience, "Checkout is slow.")
    for number in (1, 2):
        text = note_of(house, number).read_text().partition("\n---\n")[2]
        assert not {word for word in ("4711", "sybil", "mungo", "gita", "xylophone") if word in text}


def test_a_briefing_begins_with_the_decisions_and_links_the_resource_request(house):
    house("resource", "request", "01", "two nodes", who="bob")
    house("resource", "request", "01", "a specialist")
    house("resource", "refuse", "01", "r2", "nobody is free", who="gita")
    house("comms", "draft", "01", "management", "resource-request", "We need more.")
    house("comms", "send", "01", "u1", "--as-is")
    house("tell", "01", "management", "It is a deploy.")
    note = note_of(house, 2).read_text()
    request = note_of(house, 1).name.removesuffix(".md")
    assert f'related:\n  - "[[{request}]]"\n' in note
    assert "- two nodes (r1), requested by bob at 12:00 UTC\n" in note
    assert "The details are in our resource request, u1 of 12:00 UTC." in note
    assert "- a specialist (r2): refused by gita at 12:00 UTC, nobody is free\n" in note
    assert note.index("Decisions we need from you") < note.index("It is a deploy.") < note.index("Requests answered")
    assert "nothing is wrong" in house("check").out


def test_what_support_may_say_follows_the_message_wherever_its_note_went(house):
    assert "may say" not in house("show", "01").out
    house("team", "activate", "01", "front")
    assert "support may say: nothing yet; no message was sent to users" in house("show", "01").out
    house("tell", "01", "users", "Checkout is slow.", "--next", "30m")
    shown = json.loads(house("show", "01", "--json").out)["support_may_say"]
    assert (shown["message"], shown["headline"], shown["next_by"]) == (
        "u1",
        "Investigating: Problem with our service",
        "2026-11-23T12:30:00Z",
    )
    path = note_of(house, 1)
    (house.root / "archive").mkdir()
    path.rename(house.root / "archive" / path.name)
    assert 'may say: "Investigating: Problem with our service" (u1, 12:00, next by 12:30)' in house("show", "01").out
    (house.root / "archive" / path.name).unlink()
    assert "may say: what the message says (u1, 12:00, next by 12:30)" in house("show", "01").out


def test_what_was_corrected_and_what_is_withheld_is_part_of_what_support_may_say(house):
    house("tell", "01", "users", "Checkout is slow.", "--next", "30m")
    house("comms", "amend", "01", "u1", "Search is slow as well.")
    assert 'corrected: "Search is slow as well."' in house("show", "01").out
    house("comms", "withhold", "01", "users", "legal reads it first")
    assert "(u1, 12:00); corrected" in house("show", "01").out
    assert "nothing more, messages to users are withheld" in house("show", "01").out
    shown = json.loads(house("show", "01", "--json").out)["support_may_say"]
    assert (shown["next_by"], shown["silence"]) == (None, "messages to users are withheld")


def test_of_a_restricted_incident_support_may_say_nothing(house):
    house("role", "01", "support", "bob")
    house("restrict", "01")
    assert "support may say: nothing; the incident is restricted" in house("show", "INC-20261123-01").out


def test_a_policy_may_ask_for_a_liaison_and_a_wrong_role_is_refused(house):
    settings = house.root / "incident.toml"
    written = settings.read_text()
    settings.write_text(f'{written}\n[policy.SEV1]\nroles = ["support_liaison"]\n')
    assert "name a support liaison" in house("next", "01").out
    house("role", "01", "support", "bob")
    assert "name a support liaison" not in house("next", "01").out
    settings.write_text(f'{written}\n[policy.SEV1]\nroles = ["liaison"]\n')
    assert "support_liaison, management_liaison" in house("next", "01", code=3).err
