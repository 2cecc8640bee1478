"""Support tickets: the count, its history, and where the two differ."""

from __future__ import annotations

from datetime import UTC

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.core.timeline import tickets
from okb_incident.core.timeline.hand_edits import HandEdit

TIMELINE = """
- 2026-11-23T02:10:00 **note** @alice: tickets: 12
- 2026-11-23T02:15:00 **note** @bob: support has 40 tickets
- 02:22 tickets: 25 tickets, all cards
- 2026-11-23T02:30:00 **decision** @alice: tickets: 99
- 2026-11-23T02:40:00 **note** @alice: tickets: 25 → 40
- tickets: 77
"""
AT = minutes(50)


def of(count=None, timeline=TIMELINE):
    return record_of(incident_of("investigating", properties={} if count is None else {"tickets": count}), timeline)


def logged(typed, at=AT, record=None):
    return tickets.counted(record or of(40), typed, at, AT)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("tickets: 40", (40, "")),
        ("Tickets:  40", (40, "")),
        ("tickets:40", (40, "")),
        ("tickets: 0", (0, "")),
        ("tickets: 40 → 55, all cards", (55, "all cards")),
        ("tickets: – -> 55", (55, "")),
        ("tickets: viele → 55", (55, "")),
        ("tickets: 12 → 55 (seen 2026-11-23T02:10:00)", (55, "")),
        ("tickets: 40 tickets, each → 2 mails", (40, "each → 2 mails")),
        ("tickets: 9999999", (9999999, "")),
        ("tickets: 10000000", None),
        ("tickets: 1000000000000", None),
        ("tickets: -3", None),
        ("tickets: 1.5", None),
        ("tickets: 1,200", None),
        ("tickets: many", None),
        ("tickets: ٤٠", None),
        ("tickets:", None),
        ("tickets: 40 of them", None),
        ("tickets: 40, 20 → 40 in an hour", (40, "20 → 40 in an hour")),
        (f"tickets:{' ' * 200_000}x", None),
        (f"tickets: {'x ' * 100_000}", None),
        (f"tickets: 40{' ' * 200_000}x", None),
        ("ticket: 40", None),
    ],
)
def test_a_count_is_read_from_a_line(text, read):
    assert tickets.read_count(text) == read


def test_the_history_holds_each_count_with_its_moment_and_words():
    assert [each[:3] for each in tickets.history(of())] == [
        (minutes(10), 12, ""),
        (minutes(22), 25, "all cards"),
        (minutes(40), 40, ""),
    ]
    assert tickets.history(of(timeline="- 02:05 support is calm")) == ()


def test_the_history_begins_anew_where_the_count_was_taken_away():
    cleared = TIMELINE + "- 2026-11-23T02:41:00 **note** @alice: tickets: 40 → –\n- 02:45 tickets: 3"
    assert [each.number for each in tickets.history(of(timeline=cleared))] == [3]


def test_the_property_holds_now_and_a_count_typed_by_hand_stands_in_for_it():
    assert tickets.now_of(of(41)) == 41
    assert tickets.now_of(of()) == 40
    assert tickets.now_of(of("viele")) is None
    assert tickets.now_of(of(["a", "b"])) is None
    assert tickets.now_of(of(timeline="")) is None


def test_growth_leaves_out_the_count_that_holds_now():
    assert [each.number for each in tickets.earlier(of(40))] == [12, 25]
    assert [each.number for each in tickets.earlier(of(55))] == [12, 25, 40]
    assert tickets.earlier(of(55, "")) == ()
    twice = f"{TIMELINE}- 2026-11-23T02:40:00 **note** @alice: tickets: 40 → 38\n- 2026-11-23T02:45:00 **note**: tickets: 50"
    assert [each.number for each in tickets.earlier(of(50, twice))] == [12, 25, 38]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], "40"),
        ([(12, "02:10"), (25, "02:22")], "40 (12 at 02:10, 25 at 02:22)"),
        ([(each, f"t{each}") for each in range(4)], "40 (0 at t0, 1 at t1, 2 at t2, 3 at t3)"),
        ([(each, f"t{each}") for each in range(9)], "40 (0 at t0, …, 6 at t6, 7 at t7, 8 at t8)"),
    ],
)
def test_growth_is_shown_in_a_line(counts, shown):
    assert tickets.grown(counts, 40) == shown


def test_a_first_count_sets_the_property():
    change = logged("tickets: 12, cards", record=of(timeline=""))
    assert (change.properties, change.lines[0].text) == ({"tickets": 12}, "tickets: 12, cards")
    assert (change.said, change.moments, change.warnings) == ('logged "tickets: 12, cards"', {"logged": AT}, ())


def test_a_later_count_says_what_it_was():
    change = tickets.counted(of(40), "tickets: 55", AT, AT, external=True)
    assert (change.properties, change.lines[0].text) == ({"tickets": 55}, "tickets: 40 → 55")
    assert change.lines[0].external
    assert logged("tickets: 55", record=of("viele")).lines[0].text == "tickets: 55"


def test_the_same_count_again_changes_nothing_unless_there_is_more_to_say():
    assert logged("tickets: 40").already
    assert logged("tickets: 40").done_at == minutes(40)
    assert logged("tickets: 40, still all cards").lines[0].text == "tickets: 40, still all cards"
    assert logged("tickets: 40, still all cards").properties == {}
    assert logged("tickets: 40, still all cards").warnings == ()


def test_a_count_at_the_moment_of_another_comes_after_it():
    assert logged("tickets: 40", minutes(40)).already
    assert logged("tickets: 41", minutes(40)).properties == {"tickets": 41}
    assert logged("tickets: 41", minutes(40)).warnings == ()


def test_a_count_that_only_the_property_or_only_the_timeline_has_is_logged():
    assert logged("tickets: 40", record=of(40, "")).lines[0].text == "tickets: 40"
    assert logged("tickets: 40", record=of(55)).properties == {"tickets": 40}
    assert logged("tickets: 40", record=of(55)).lines[0].text == "tickets: 55 → 40"
    assert logged("tickets: 40", record=of()).properties == {"tickets": 40}


def test_fewer_than_before_is_logged_with_a_warning():
    change = logged("tickets: 30")
    assert change.properties == {"tickets": 30}
    assert change.warnings == ("fewer than the 40 at 02:40; tickets counts all tickets so far",)


def test_a_count_of_the_past_leaves_the_property():
    change = logged("tickets: 20", minutes(15))
    assert (change.properties, change.lines[0].text) == ({}, "tickets: 12 → 20")
    assert change.warnings == ("tickets stays 40, which was counted later",)
    assert logged("tickets: 5", minutes(5)).lines[0].text == "tickets: 5"
    assert logged("tickets: 12", minutes(12)).already
    assert logged("tickets: 25", minutes(15)).warnings == ("tickets stays 40, which was counted later",)
    assert logged("tickets: 90", minutes(15)).warnings == (
        "more than the 25 at 02:22; tickets counts all tickets so far",
        "tickets stays 40, which was counted later",
    )


@pytest.mark.parametrize(
    ("place", "words", "properties"),
    [
        (0, "tickets: 13", {}),
        (-1, "tickets: 41", {"tickets": 41}),
        (-1, "tickets: 40, all cards", {}),
        (-1, "it was a slip", {"tickets": 25}),
    ],
)
def test_other_words_for_a_line_move_the_property_with_the_last_count(place, words, properties):
    record = of(40)
    entry = tickets.history(record)[place].entry
    assert tickets.amended(record, entry, words) == properties


def test_other_words_may_be_the_first_count_or_the_end_of_the_only_one():
    record = of(timeline="- 02:22 support has 40 tickets")
    assert tickets.amended(record, record.entries[0], "tickets: 40") == {"tickets": 40}
    single = of(40, "- 02:22 tickets: 40")
    assert tickets.amended(single, single.entries[0], "a slip") == {"tickets": None}
    unknown = of(timeline="- tickets: 40")
    assert tickets.amended(unknown, unknown.entries[0], "tickets: 41") == {}


def test_a_difference_between_property_and_history():
    assert tickets.difference(of(40)) is None
    assert tickets.difference(of(40, "")) is None
    assert tickets.difference(of("viele")) is None
    assert tickets.difference(of(55)) == HandEdit("tickets", "40", "55")
    assert tickets.difference(of()) == HandEdit("tickets", "40", "–")


def test_a_difference_is_recorded_or_settled_the_other_way():
    edit = HandEdit("tickets", "40", "55")
    line = tickets.seen(edit, AT, UTC)
    assert (line.kind, line.text, line.actor) == ("note", "tickets: 40 → 55 (seen 2026-11-23T02:50:00)", "")
    assert tickets.read_count(line.text) == (55, "")
    assert str(tickets.remedy(of(55), edit)) == (
        f"incident check -i {ID} --fix keeps 55; incident set -i {ID} tickets=40 takes 40"
    )
    assert str(tickets.remedy(of(), HandEdit("tickets", "40", "–"))) == f"incident set -i {ID} tickets=40"
