"""Counts of support tickets: logged, amended, read from standard input, and what is refused or repaired."""

from __future__ import annotations

import json

import pytest

from okb_incident.workflow.timeline.log_entry import log_entry, log_lines

CHECK = "tickets-and-timeline-differ"


def count(desk):
    """Return the property of the incident as programs read it."""
    return json.loads(desk("show", "01", "--json").out)["tickets"]


def lines(desk):
    """Return the notes of the timeline that begin like a count."""
    told = json.loads(desk("timeline", "01", "--json").out)
    return [each["text"] for each in told if each["text"].startswith("tickets")]


def codes(desk):
    found = json.loads(desk("check", "--json", code=None).out or "[]")
    return [each["code"] for each in (found if isinstance(found, list) else found["problems"])]


@pytest.mark.parametrize(
    "words",
    ["many", "-3", "1.5", "1000000000000", "1,200", "", "😀", "[[x]]", "\x1b[31m40", "4" * 10_000, "40 of them"],
)
def test_what_is_no_count_is_refused_in_one_sentence_and_nothing_is_written(desk, words):
    before = desk.all()
    answer = json.loads(desk("log", "-i", "01", f"tickets: {words}", "--json", code=2).err)
    assert answer["error"]["message"].startswith("tickets must be a whole number from 0 to 9999999")
    assert len(answer["error"]["message"]) < 200
    assert desk.all() == before


def test_a_count_said_twice_is_written_once_and_with_words_again(desk):
    desk("log", "-i", "01", "tickets: 40")
    before = desk.all()
    assert "already 40 tickets, counted 12:00" in desk("log", "-i", "01", "tickets: 40").out
    assert desk.all() == before
    desk("log", "-i", "01", "tickets: 40, still all of them cards")
    assert lines(desk) == ["tickets: 40", "tickets: 40, still all of them cards"]


def test_a_count_of_the_past_leaves_the_property_and_one_on_a_closed_incident_sets_it(desk):
    desk("log", "-i", "01", "tickets: 40", "--at", "11:50")
    desk("log", "-i", "01", "tickets: 12", "--at", "11:40")
    assert count(desk) == 40
    desk("decline", "01", "noise")
    desk("log", "-i", "01", "tickets: 41")
    assert count(desk) == 41
    assert lines(desk) == ["tickets: 12", "tickets: 40", "tickets: 40 → 41"]


def test_the_last_count_of_standard_input_is_the_property_and_a_broken_one_a_note(desk):
    changed = log_lines(desk.call("log"), ["tickets: 12", "the pool is full", "tickets: many", "tickets: 44"])
    assert [str(each).partition(" (got")[0] for each in changed.change.warnings] == [
        "tickets must be a whole number from 0 to 9999999"
    ]
    assert count(desk) == 44
    assert lines(desk) == ["tickets: 12", "tickets: many", "tickets: 44"]
    log_lines(desk.call("log"), ["tickets: 50", "tickets: 44"])
    assert count(desk) == 44


def test_other_words_for_the_last_count_move_the_property(desk):
    desk("log", "-i", "01", "tickets: 12", "--at", "11:40")
    desk("log", "-i", "01", "tickets: 40", "--at", "11:50")
    desk("amend", "01", "11:40", "tickets: 13")
    assert count(desk) == 40
    desk("amend", "01", "11:50", "tickets: 45")
    assert count(desk) == 45
    desk("amend", "01", "11:50", "a slip")
    assert count(desk) == 13
    desk("undo")
    assert count(desk) == 45


def test_a_count_typed_by_hand_is_in_the_history_and_check_says_that_the_property_lacks_it(desk):
    desk.note.write_text(f"{desk.note.read_text().rstrip()}\n- 11:50 tickets: 40\n")
    shown = json.loads(desk("show", "01", "--json").out)
    assert [each["count"] for each in shown["ticket_counts"]] == [40]
    assert shown["tickets"] is None
    assert "tickets 40" in desk("show", "01").out
    found = desk("check", code=5).out
    assert "tickets-not-set" in found
    assert "set -i INC-20261123-01 tickets=40]" in found
    before = desk.note.read_text()
    assert "tickets-not-set" in desk("check", "--fix", code=5).out
    assert desk.note.read_text() == before
    desk("set", "-i", "01", "tickets=40")
    assert "nothing is wrong" in desk("check").out


def test_a_property_changed_by_hand_counts_and_a_repair_alone_records_it(desk):
    desk("log", "-i", "01", "tickets: 40")
    desk.type("tickets: 40\n", "tickets: 55\n")
    assert CHECK in desk("check", code=5).out
    desk("ack", "01")
    assert lines(desk) == ["tickets: 40"]
    desk("check", "--fix")
    assert lines(desk) == ["tickets: 40", "tickets: 40 → 55 (seen 2026-11-23T12:00:00)"]
    assert count(desk) == 55


@pytest.mark.parametrize("typed", ["viele", "-3", "[40, 50]", "{a: 1}", "1.5", "''"])
def test_a_property_typed_to_nonsense_stops_nothing(desk, typed):
    desk("log", "-i", "01", "tickets: 40")
    desk.type("tickets: 40\n", f"tickets: {typed}\n")
    assert count(desk) is None
    desk("ack", "01")
    desk("log", "-i", "01", "tickets: 41")
    assert count(desk) == 41
    assert "nothing is wrong" in desk("check").out


def test_a_slip_in_the_word_becomes_a_note_with_the_command_that_counts(desk):
    answer = desk("log", "-i", "01", "tikets: 40")
    assert "so it is a note; if tickets was meant: incident" in answer.err
    assert "amend -i INC-20261123-01 2026-11-23T12:00:00 'tickets: 40'" in answer.err
    assert count(desk) is None


def test_setting_the_property_by_a_word_is_refused_and_by_a_number_is_in_the_history(desk):
    before = desk.all()
    assert (
        "tickets must be a whole number from 0 to 9999999 (got 'many')" in desk("set", "01", "tickets=many", code=2).err
    )
    assert desk.all() == before
    desk("set", "01", "tickets=12")
    desk("log", "-i", "01", "tickets: 40")
    desk("set", "01", "tickets=")
    assert count(desk) is None
    assert "nothing is wrong" in desk("check").out


def test_a_text_below_a_count_is_kept(desk):
    for text in ("tickets: 40", "tickets: 40"):
        log_entry(desk.call("log", text), below="the list\nof them")
    assert desk.note.read_text().count("of them") == 2
    assert count(desk) == 40
