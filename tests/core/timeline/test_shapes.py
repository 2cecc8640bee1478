"""Timelines as people write them: numbered, in a callout, as a table."""

from __future__ import annotations

from datetime import UTC

import pytest
from tests.records import T0, minutes

from okb_incident.core.timeline.shapes import as_list_line, frame, is_boxed, is_row
from okb_incident.core.timeline.timeline import place, read_timeline, unread_lines

CALLOUT = """\
> [!note] What we saw
> - 02:05 first
>   below it
> - 02:10 decision: roll back

- 02:20 after"""
TABLE = """\
| Time | Kind | Who | What |
|------|:----:|-----|------|
| 02:05 | | @bob | cache \\| queue restarted |
| 2026-11-23 02:10 | status | @alice | triage → investigating |
| 2026-11-23 | 02:15Z | dropped | for now |
- 02:20 after"""


def read(text):
    return read_timeline(text.splitlines(), UTC, T0)


@pytest.mark.parametrize("mark", ["1.", "2)", "-"])
def test_a_numbered_list_is_a_timeline(mark):
    (entry,) = read(f"{mark} 02:05 decision: roll back")
    assert (entry.kind, entry.text, entry.at) == ("decision", "roll back", minutes(5))


def test_a_list_in_a_callout_is_read_with_what_stands_below_its_lines():
    entries = read(CALLOUT)
    assert [(entry.at, entry.kind, entry.text) for entry in entries] == [
        (minutes(5), "note", "first"),
        (minutes(10), "decision", "roll back"),
        (minutes(20), "note", "after"),
    ]
    assert entries[0].raw == ("> - 02:05 first", ">   below it")
    assert [entry.is_boxed for entry in entries] == [True, True, False]


def test_a_row_with_a_time_is_an_entry_of_what_its_cells_say():
    entries = read(TABLE)
    assert [(entry.at, entry.kind, entry.actor, entry.text) for entry in entries] == [
        (minutes(5), "note", "bob", "cache | queue restarted"),
        (minutes(10), "status", "alice", "triage → investigating"),
        (minutes(15), "note", None, "dropped, for now"),
        (minutes(20), "note", None, "after"),
    ]
    assert entries[0].raw == ("| 02:05 | | @bob | cache \\| queue restarted |",)
    assert unread_lines(TABLE.splitlines(), entries) == []


@pytest.mark.parametrize(("text", "box"), [(CALLOUT, range(1, 5)), (TABLE, range(1, 6))], ids=["callout", "table"])
def test_no_line_is_put_between_those_of_a_callout_or_a_table(text, box):
    entries = read(text)
    places = {place(entries, minutes(minute)) for minute in range(30)}
    assert places.isdisjoint(box) or places & {*box} == {box[-1]}
    assert 0 in places
    assert len(text.splitlines()) in places
    # Another reading is the same one.
    assert place(read("- 02:01 plain\n" + CALLOUT), minutes(2)) == 1


UNREAD = """\
02:05 a paragraph
> 02:06 a quotation

| Time | What |
|---|---|
| later | nobody knows |
| 2026-11-23 | on that day |

- 02:10 an entry
02:11 what follows at once
  02:12 what is indented belongs to it
some words

```
02:13 output
| 02:14 | output |
```

2026-11-23 was a Monday
Words of the writer, at 02:15."""


def test_lines_that_seem_to_be_meant_as_entries_and_are_none_are_counted():
    lines = UNREAD.splitlines()
    found = [lines[at] for at in unread_lines([f"{line}\n" for line in lines], read(UNREAD))]
    assert found == [
        "02:05 a paragraph",
        "> 02:06 a quotation",
        "| later | nobody knows |",
        "| 2026-11-23 | on that day |",
        "02:11 what follows at once",
        "2026-11-23 was a Monday",
    ]


def test_the_shape_of_a_line():
    assert [frame(line) for line in ("> - a", "  > > - a", "- a")] == ["> ", "  > > ", ""]
    assert [is_row(line) for line in ("| a |", "> | a |", "> - a")] == [True, True, False]
    assert [is_boxed(line) for line in ("| a |", " > a", "- a")] == [True, True, False]
    assert as_list_line("- 02:05 a | b") == "- 02:05 a | b"
    assert as_list_line("  | 02:05 | a |") == "  - 02:05 a"
    assert as_list_line("| a | b |") == "| a | b |"
