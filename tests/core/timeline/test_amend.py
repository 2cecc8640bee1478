"""Amending a line: the new words in its place, the old ones struck below."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.command import Command
from okb_incident.core.timeline.amend import amend, find_entry
from okb_incident.errors import AmbiguousReferenceError, NotFoundError, UsageError

TIMELINE = """- 2026-11-23T02:05:00 **status** @alice: triage → investigating, taken
- 02:16 support has 40 tickets
- 2026-11-23T02:16:30 **note** @bob: first 502 #external (recorded 2026-11-23T02:30:00)
- 2026-11-23T02:40:00 **hypothesis** @bob: h1 the pool
- at noon something odd
"""
RECORD = record_of(incident_of("investigating"), TIMELINE)
NOW = minutes(60)


def again(name):
    return Command("amend", name, "what it says now", incident=ID)


def amended(name, text, record=RECORD):
    change = amend(record, find_entry(record, name, "bob", again), text, NOW, "alice")
    (replacement,) = change.replacements
    assert replacement.old == TIMELINE.splitlines()[replacement.place]
    return replacement.new.split("\n")


def test_a_line_is_found_by_number_time_moment_and_as_ones_own_last():
    assert find_entry(RECORD, "e4", "x", again).text == "h1 the pool"
    assert find_entry(RECORD, "2:40", "x", again).text == "h1 the pool"
    assert find_entry(RECORD, "2026-11-23 02:16:30", "x", again).text == "first 502"
    assert find_entry(RECORD, "mine", "Alice", again).kind == "status"
    for name in ("e0", "e9", "03:33", "mine", "soon"):
        with pytest.raises(NotFoundError, match="has no line"):
            find_entry(RECORD, name, "zoe", again)
    with pytest.raises(AmbiguousReferenceError, match="2 lines happened at 02:16") as caught:
        find_entry(RECORD, "02:16", "x", again)
    assert caught.value.candidates[0] == (("amend", "-i", ID, "e2", "what it says now"), "note: support has 40 tickets")


def test_only_the_words_change_and_the_old_ones_are_struck():
    assert amended("e2", "support has <% 41 %> tickets") == [
        "- 02:16 support has &lt;% 41 %> tickets",
        "  ~~support has 40 tickets~~ (amended @alice 2026-11-23T03:00:00)",
    ]
    assert amended("e3", "first 503")[0] == (
        "- 2026-11-23T02:16:30 **note** @bob: first 503 #external (recorded 2026-11-23T02:30:00)"
    )
    assert amended("e1", "triage → investigating, by mistake")[0].endswith("triage → investigating, by mistake")


def test_words_that_would_read_as_something_else_are_written_so_that_they_do_not():
    line = amended("e2", "it says #external")[0]
    assert line == "- 2026-11-23T02:16:00 **note**: it says \\#external"


def test_a_line_whose_words_were_escaped_is_written_anew():
    escaped = record_of(incident_of("investigating"), "- 2026-11-23T02:16:00 **note** @bob: it says \\#external\n")
    change = amend(escaped, find_entry(escaped, "e1", "", again), "it said so", NOW, "alice")
    assert change.replacements[0].new.split("\n")[0] == "- 2026-11-23T02:16:00 **note** @bob: it said so"


def test_the_same_words_change_nothing():
    assert amend(RECORD, find_entry(RECORD, "e4", "", again), "h1  the pool", NOW, "alice").already


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("e1", "triage → monitoring, x", "only its reason can be amended"),
        ("e4", "the pool", "is not a valid hypothesis"),
        ("e5", "it says #external", "nothing tells when"),
    ],
)
def test_what_cannot_be_amended(name, text, said):
    with pytest.raises(UsageError, match=said):
        amended(name, text)


def test_a_line_of_unknown_moment_can_be_amended_all_the_same():
    assert amended("e5", "at noon something else")[0] == "- at noon something else"
    change = amend(RECORD, find_entry(RECORD, "e5", "", again), "later", NOW, "alice")
    assert change.said == 'amended an entry without a time "later"'


def test_a_note_becomes_a_line_of_the_kind_that_was_meant():
    slip = record_of(incident_of("investigating"), "- 2026-11-23T02:16:00 **note** @bob: decison: roll back\n")
    entry = find_entry(slip, "e1", "", again)
    change = amend(slip, entry, "roll back", NOW, "alice", kind="decision")
    assert change.replacements[0].new.split("\n") == [
        "- 2026-11-23T02:16:00 **decision** @bob: roll back",
        "  ~~decison: roll back~~ (amended @alice 2026-11-23T03:00:00)",
    ]
    assert not amend(slip, entry, entry.text, NOW, "alice", kind="evidence").already


def test_per_cent_signs_begin_no_comment_in_either_line():
    line = "- 2026-11-23T02:16:00 **note** @bob: at 100%\\% of it"
    record = record_of(incident_of("investigating"), line)
    new = amend(record, find_entry(record, "e1", "", again), "at 20%% of it", NOW, "alice").replacements[0].new
    assert new.split("\n") == [
        "- 2026-11-23T02:16:00 **note** @bob: at 20%\\% of it",
        "  ~~at 100%\\% of it~~ (amended @alice 2026-11-23T03:00:00)",
    ]


def test_a_line_of_a_callout_stays_in_it_and_a_row_of_a_table_is_for_the_writer():
    text = "> - 02:05 first\n> - 02:10 `code` second\n\n| 02:15 | third |\n"
    record = record_of(incident_of("investigating"), text)
    (first,) = amend(record, record.written[0], "other", NOW, "alice").replacements
    assert first.new.split("\n") == ["> - 02:05 other", ">   ~~first~~ (amended @alice 2026-11-23T03:00:00)"]
    (second,) = amend(record, record.written[1], "other", NOW, "alice", kind="decision").replacements
    assert second.new.split("\n")[0] == "> - 2026-11-23T02:10:00 **decision**: other"
    with pytest.raises(UsageError, match="row of a table"):
        amend(record, record.written[2], "other", NOW, "alice")
