"""What an audience was told: each message is a note of its own, numbered for its audience."""

from __future__ import annotations

import pytest

ID = "INC-20261123-01"


def messages(desk):
    """Return the notes of the messages in their order, as properties and body."""
    found = sorted(desk.note.parent.glob(f"{ID} update *.md"), key=lambda path: int(path.name.split()[2]))
    return [path.read_text() for path in found]


def aliases(desk):
    return [text.partition("aliases:\n  - ")[2].splitlines()[0].strip('"').split(":")[0] for text in messages(desk)]


def test_messages_are_counted_for_each_audience(desk):
    for audience in ("team", "users", "team", "users", "team"):
        desk("tell", "01", audience, "We look into it.")
    assert aliases(desk) == ["Team 1", "Users 1", "Team 2", "Users 2", "Team 3"]


def test_a_promise_of_another_day_says_the_day(desk):
    desk("tell", "01", "team", "We look into it.", "--next", "40m")
    desk("tell", "01", "team", "We look into it.", "--next", "2026-11-24T09:00")
    first, second = messages(desk)
    assert "12:40 UTC" in first
    assert "2026-11-23 12:40" not in first
    assert "09:00 UTC on 24 November" in second


@pytest.mark.parametrize("words", [("--channel", "#ops"), ()])
def test_the_channel_is_kept_where_one_was_named(desk, words):
    desk("tell", "01", "team", "We look into it.", *words)
    assert ("\nchannel:" in messages(desk)[0]) is bool(words)


def test_a_message_of_a_restricted_incident_is_as_secret_as_that(desk):
    desk("restrict", "01")
    desk("tell", "-i", ID, "team", "We look into it.")
    (path,) = desk.root.glob("incidents/restricted/2026/*update 1*.md")
    assert "\nvisibility: restricted\n" in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
