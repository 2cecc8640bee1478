"""The timeline, read as people type it and written in one form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from okb_incident.core.incident.incident import Pause
from okb_incident.core.timeline.entry import read_entry
from okb_incident.core.timeline.timeline import (
    RECORDED_AFTER,
    chronological,
    engaged,
    paged,
    pauses,
    place,
    read_timeline,
    recorded_if_late,
    write_entry,
)
from okb_incident.core.values.moment import read_moment, write_moment

if TYPE_CHECKING:
    from okb_incident.core.timeline.entry import TimelineEntry

BERLIN = ZoneInfo("Europe/Berlin")
DECLARED = datetime(2026, 11, 23, 2, 1, 40, tzinfo=UTC)

EXAMPLE = """\
- 2026-11-23T01:52:00 **note** @bob: first 502 in the log of edge-proxy (recorded 2026-11-23T02:11:20)
- 2026-11-23T01:58:12 **alert**: CheckoutErrorRate firing, 38 % of requests
- 2026-11-23T02:02:05 **status** @alice: triage → investigating
- 2026-11-23T02:08:00 **comms** @carol: users/service-notice → [[INC-20261123-01 update 1 users service-notice|users 1]], next by 2026-11-23T02:40:00
- 2026-11-23T02:12:00 **hypothesis** @bob: h1 connection pool exhausted after deploy 4f2a
- 2026-11-23T02:16:00 **severity** @alice: SEV2 → SEV1, every card payment fails #external
- 02:22 support has 40 tickets, all cards
- 02:31 decision: roll back 4f2a instead of raising the limit by hand
- 2026-11-23T02:38:00 **hypothesis** @bob: h1 confirmed, 20 of 20 connections in use
- 2026-11-23T02:55:00 **status** @bob: investigating → monitoring, 4f2a rolled back (recorded 2026-11-23T03:01:12)
- 2026-11-23T03:05:00 **handoff** @alice: commander: @alice → @dan, watch the error rate until 03:40
- 2026-11-23T03:40:10 **verify** @dan: v1 recovery pass: error rate below 0.1 % for 30 min, evidence 0.02 %
- 2026-11-23T03:40:30 **status** @dan: monitoring → resolved
"""  # fmt: skip


def utc(text: str) -> datetime:
    return read_moment(text, UTC).at


def read(text: str, zone: ZoneInfo | None = None, declared: datetime | None = DECLARED) -> tuple[TimelineEntry, ...]:
    return read_timeline(text.splitlines(keepends=True), zone or UTC, declared)


def one(line: str, zone: ZoneInfo | None = None, declared: datetime | None = DECLARED) -> TimelineEntry:
    (entry,) = read(line, zone, declared)
    return entry


def shown(entry: TimelineEntry) -> str:
    """The moment with a ~ where it is approximate, the kind, the actor, the text."""
    moment = write_moment(entry.at, UTC) if entry.at else "?"
    actor = f" @{entry.actor}" if entry.actor else ""
    return f"{'~' if entry.approximate else ''}{moment} {entry.kind}{actor}: {entry.text}"


def test_every_line_of_a_real_note_is_read() -> None:
    entries = read(EXAMPLE)
    assert [entry.fault for entry in entries] == [None] * 13
    assert [entry.line for entry in entries] == list(range(13))
    assert " ".join(entry.kind for entry in entries) == (
        "note alert status comms hypothesis severity note decision hypothesis status handoff verify status"
    )
    assert " ".join(entry.actor or "–" for entry in entries) == (
        "bob – alice carol bob alice – – bob bob alice dan dan"
    )
    assert " ".join(write_moment(entry.at, UTC)[11:] for entry in entries if entry.at) == (
        "01:52:00 01:58:12 02:02:05 02:08:00 02:12:00 02:16:00 02:22:00 02:31:00 02:38:00 02:55:00 03:05:00 03:40:10 "
        "03:40:30"
    )
    assert [entry.line for entry in entries if entry.approximate] == [6, 7]
    assert [entry.line for entry in entries if entry.external] == [5]
    assert [entry.recorded for entry in entries if entry.recorded] == [
        utc("2026-11-23T02:11:20"),
        utc("2026-11-23T03:01:12"),
    ]
    assert entries[3].fields == {
        "audience": "users",
        "kind": "service-notice",
        "note": "INC-20261123-01 update 1 users service-notice|users 1",
        "next": "2026-11-23T02:40:00",
    }
    assert entries[10].fields == {
        "role": "commander",
        "before": "alice",
        "after": "dan",
        "text": "watch the error rate until 03:40",
    }


def test_the_written_lines_of_a_real_note_write_to_themselves() -> None:
    for line, entry in zip(EXAMPLE.splitlines(), read(EXAMPLE), strict=True):
        if entry.approximate:
            continue
        assert entry.at
        assert line == write_entry(
            entry.kind,
            entry.text,
            at=entry.at,
            zone=UTC,
            actor=entry.actor,
            external=entry.external,
            recorded=entry.recorded,
        )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # as commands write it
        ("- 2026-11-23T02:22:00 **note** @bob: all calm", "2026-11-23T02:22:00 note @bob: all calm"),
        ("- 2026-11-23T02:22:00 **note**: all calm", "2026-11-23T02:22:00 note: all calm"),
        ("- 2026-11-23T02:22:00 **note**:", "2026-11-23T02:22:00 note: "),
        ("- 2026-11-23T02:22:00 **note** @bob: all calm   ", "2026-11-23T02:22:00 note @bob: all calm"),
        ("- 2026-11-23T02:22:00 **note** @göran: x", "2026-11-23T02:22:00 note @göran: x"),
        ("- 2026-11-23T02:22:00 **note** @a@b.ch: x: y", "2026-11-23T02:22:00 note @a@b.ch: x: y"),
        ("- 2026-11-23T02:22:00+02:00 **note** @bob: x", "2026-11-23T00:22:00 note @bob: x"),
        ("- 2026-11-23T02:22:00Z **note** @bob: x", "2026-11-23T02:22:00 note @bob: x"),
        ("- 1999-12-31T23:59:59 **note**: old", "1999-12-31T23:59:59 note: old"),
        # times as people type them
        ("- 02:22 support has 40 tickets", "~2026-11-23T02:22:00 note: support has 40 tickets"),
        ("- 2:22 support", "~2026-11-23T02:22:00 note: support"),
        ("- 02:22:33 support", "~2026-11-23T02:22:33 note: support"),
        ("- 02:22", "~2026-11-23T02:22:00 note: "),
        ("- 02:22 - support", "~2026-11-23T02:22:00 note: support"),
        ("- 02:22 – support", "~2026-11-23T02:22:00 note: support"),
        ("- 02:22 — support", "~2026-11-23T02:22:00 note: support"),
        ("- 02:22- support", "~2026-11-23T02:22:00 note: support"),
        ("- 02:22: support", "~2026-11-23T02:22:00 note: support"),
        ("- 02:22, support", "~2026-11-23T02:22:00 note: support"),
        ("- 02:22\u00a0support", "~2026-11-23T02:22:00 note: support"),
        ("- 02:22Z support", "~2026-11-23T02:22:00 note: support"),
        ("- 02:22 UTC: support", "~2026-11-23T02:22:00 note: support"),
        ("- 02:22 utc support", "~2026-11-23T02:22:00 note: support"),
        ("- ~02:22 support", "~2026-11-23T02:22:00 note: support"),
        ("- ~2026-11-23T02:22 support", "~2026-11-23T02:22:00 note: support"),
        ("- 2026-11-23 02:22 support", "2026-11-23T02:22:00 note: support"),
        ("- 2026-11-23 2:22:05 - support", "2026-11-23T02:22:05 note: support"),
        ("- 2026-11-23T02:22 UTC support", "2026-11-23T02:22:00 note: support"),
        ("- 2026-11-23 02:22 utc: support", "2026-11-23T02:22:00 note: support"),
        ("- 2026-11-23 02:22 +01:00 support", "2026-11-23T01:22:00 note: support"),
        ("- 2026-11-23T0222 support", "2026-11-23T02:22:00 note: support"),
        ("- 2026-11-23T02:22:05.750 support", "2026-11-23T02:22:05 note: support"),
        ("- 2026-11-23 1:22 2000 users gone", "2026-11-23T01:22:00 note: 2000 users gone"),
        # marks around the time
        ("- **02:22** support", "~2026-11-23T02:22:00 note: support"),
        ("- **02:22:** support", "~2026-11-23T02:22:00 note: support"),
        ("- **02:22** - support", "~2026-11-23T02:22:00 note: support"),
        ("- **02:22 UTC**: support", "~2026-11-23T02:22:00 note: support"),
        ("- **2026-11-23 02:22** support", "2026-11-23T02:22:00 note: support"),
        ("- __02:22__ support", "~2026-11-23T02:22:00 note: support"),
        ("- `02:22` support", "~2026-11-23T02:22:00 note: support"),
        ("- **02:22 support down**", "~2026-11-23T02:22:00 note: support down**"),
        # bullets and boxes
        ("* 02:22 support", "~2026-11-23T02:22:00 note: support"),
        ("+ 02:22 support", "~2026-11-23T02:22:00 note: support"),
        ("-\t02:22 support", "~2026-11-23T02:22:00 note: support"),
        ("  - 02:22 support", "~2026-11-23T02:22:00 note: support"),
        ("- [x] 02:31 rolled back", "~2026-11-23T02:31:00 note: rolled back"),
        ("- [ ] 02:31 rolled back", "~2026-11-23T02:31:00 note: rolled back"),
        ("* [x] 2026-11-23T02:31:00 **note** @bob: done", "2026-11-23T02:31:00 note @bob: done"),
        # kinds and actors
        ("- 02:31 decision: roll back", "~2026-11-23T02:31:00 decision: roll back"),
        ("- 02:31 Decision: roll back", "~2026-11-23T02:31:00 decision: roll back"),
        ("- 02:31 DECISION : roll back", "~2026-11-23T02:31:00 decision: roll back"),
        ("- 02:31 **decision:** roll back", "~2026-11-23T02:31:00 decision: roll back"),
        ("- 02:31 **Decision**: roll back", "~2026-11-23T02:31:00 decision: roll back"),
        ("- 02:31 decision @bob: roll back", "~2026-11-23T02:31:00 decision @bob: roll back"),
        ("- 02:31 @bob: roll back", "~2026-11-23T02:31:00 note @bob: roll back"),
        ("- 02:31 @bob roll back", "~2026-11-23T02:31:00 note: @bob roll back"),
        ("- 02:31 told @bob: roll back", "~2026-11-23T02:31:00 note: told @bob: roll back"),
        ("- 02:31 bob: roll back", "~2026-11-23T02:31:00 note: bob: roll back"),
        ("- 02:31 **Everything**: is down", "~2026-11-23T02:31:00 note: **Everything**: is down"),
        ("- 02:31 **decision** to roll back", "~2026-11-23T02:31:00 note: **decision** to roll back"),
        ("- 02:31 run:now", "~2026-11-23T02:31:00 note: run:now"),
        ("- 02:31 https://status.example: down", "~2026-11-23T02:31:00 note: https://status.example: down"),
        ("- 02:31 note: status: resolved", "~2026-11-23T02:31:00 note: status: resolved"),
        ("- 02:55 status: investigating -> monitoring", "~2026-11-23T02:55:00 status: investigating -> monitoring"),
        ("- 02:55 status @bob: Resolved", "~2026-11-23T02:55:00 status @bob: Resolved"),
        # words that only look like a zone or a range
        ("- 02:22 API down", "~2026-11-23T02:22:00 note: API down"),
        ("- 02:22 est. 40 tickets", "~2026-11-23T02:22:00 note: est. 40 tickets"),
        ("- 02:22 Checkout/Payments down", "~2026-11-23T02:22:00 note: Checkout/Payments down"),
        ("- 02:22 - 02:40 slow", "~2026-11-23T02:22:00 note: 02:40 slow"),
    ],
)  # fmt: skip
def test_a_line_is_read_as_people_type_it(line: str, expected: str) -> None:
    entry = one(line)
    assert shown(entry) == expected
    assert entry.fault is None
    assert entry.fields


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("- 02:22-02:40 slow", "is not guessed"),
        ("- 02:22–02:40 slow", "is not guessed"),
        ("- 02:22 -02:40 slow", "is not guessed"),
        ("- 02:22am slow", "is not guessed"),
        ("- 2:22 pm slow", "is not guessed"),
        ("- 2:22 P.M. slow", "is not guessed"),
        ("- **2:22** pm slow", "is not guessed"),
        ("- 02:22 CET slow", "is not guessed"),
        ("- 02:22 (PST) slow", "is not guessed"),
        ("- 02:22CET slow", "is not guessed"),
        ("- 02:22 UTC+1 slow", "is not guessed"),
        ("- 02:22 Europe/Berlin slow", "is not guessed"),
        ("- 02:22+01:00 slow", "is not guessed"),
        ("- 02:22 +0100 slow", "is not guessed"),
        ("- 2026-11-23 02:22 pm slow", "is not guessed"),
        ("- 2026-11-23T02:22 CET slow", "is not guessed"),
        ("- 25:10 slow", "'25:10' is a time of day that does not exist"),
        ("- 02:61:00 slow", "'02:61:00' is a time of day that does not exist"),
        ("- 2026-11-23T24:00:00 **note**: slow", "names a time of day that does not exist"),
        ("- 2026-02-30T02:22:00 **note**: slow", "names a day that does not exist"),
        ("- 2026-02-30 02:22 slow", "names a day that does not exist"),
        ("- 2026-11-23 slow", "names a day but no time of day"),
        ("- 2026-11-23", "names a day but no time of day"),
        ("- support has 40 tickets", "does not begin with a moment"),
        ("- decision: roll back", "does not begin with a moment"),
        ("- 12345678 requests failed", "does not begin with a moment"),
    ],
)
def test_a_moment_that_would_have_to_be_guessed_is_unknown(line: str, reason: str) -> None:
    entry = one(line)
    assert shown(entry) == f"? note: {line[2:]}"
    assert entry.fields is None
    assert entry.fault
    assert reason in entry.fault
    assert entry.fault.endswith("; the line counts as a note of unknown moment")


def test_a_bare_time_with_nothing_to_be_near_to_is_unknown() -> None:
    assert "nothing tells the day of '02:22'" in (one("- 02:22 slow", declared=None).fault or "")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- 02:31 action: roll back", "~2026-11-23T02:31:00 note: action: roll back"),
        ("- 2026-11-23T02:31:00 **impact** @bob: all of the EU", "2026-11-23T02:31:00 note @bob: impact: all of the EU"),
        ("- 2026-11-23T02:31:00 **status** @bob: gone", "2026-11-23T02:31:00 note @bob: status: gone"),
        ("- 2026-11-23T02:31:00 **actoin** @bob: a1 done", "2026-11-23T02:31:00 note @bob: actoin: a1 done"),
    ],
)  # fmt: skip
def test_a_line_that_does_not_fit_its_kind_counts_as_a_note_and_says_why(line: str, expected: str) -> None:
    entry = one(line)
    assert shown(entry) == expected
    assert entry.fields is None
    assert entry.fault
    assert entry.fault.endswith("; the line counts as a note")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x #external", ("x", True, None)),
        ("x (recorded 2026-11-23T03:00:00)", ("x", False, "2026-11-23T03:00:00")),
        ("x #external (recorded 2026-11-23 03:00)", ("x", True, "2026-11-23T03:00:00")),
        ("x (recorded 2026-11-23T03:00:00Z) #external", ("x", True, "2026-11-23T03:00:00")),
        ("#external", ("", True, None)),
        ("x #external and more", ("x #external and more", False, None)),
        ("x#external", ("x#external", False, None)),
        ("x #External", ("x #External", False, None)),
        ("x #external #external", ("x #external", True, None)),
        ("x \\#external", ("x #external", False, None)),
        ("x \\#external #external", ("x #external", True, None)),
        ("x \\\\#external", ("x \\#external", False, None)),
        ("x \\(recorded 2026-11-23T03:00:00)", ("x (recorded 2026-11-23T03:00:00)", False, None)),
        ("x (recorded yesterday)", ("x (recorded yesterday)", False, None)),
        ("x (recorded 03:00)", ("x (recorded 03:00)", False, None)),
        ("x (recorded 2026-11-23)", ("x (recorded 2026-11-23)", False, None)),
        ("x (recorded 2026-11-23T03:00:00) ^3f2a9c", ("x", False, "2026-11-23T03:00:00")),
        ("x #external ^3f2a9c", ("x", True, None)),
        ("x ^a #external", ("x ^a", True, None)),
        ("x (see below)", ("x (see below)", False, None)),
        ("x^2", ("x^2", False, None)),
    ],
)
@pytest.mark.parametrize("start", ["- 2026-11-23T02:22:00 **note** @bob: ", "- 02:22 @bob: "])
def test_trailers_count_once_each_at_the_end(start: str, text: str, expected: tuple[str, bool, str | None]) -> None:
    entry = one(start + text)
    recorded = write_moment(entry.recorded, UTC) if entry.recorded else None
    assert (entry.text, entry.external, recorded) == expected


def test_a_log_that_runs_over_midnight_goes_on_the_next_day() -> None:
    entries = read(
        """\
- 2026-12-31T22:00:00 **note**: begins
- 23:58 still on it
- 00:03 happy new year
- 11:30 and on
- 23:15 and on
- 09:00 done
""",
    )
    assert [shown(entry)[:17] for entry in entries[1:]] == [
        "~2026-12-31T23:58",
        "~2027-01-01T00:03",
        "~2027-01-01T11:30",
        "~2027-01-01T23:15",
        "~2027-01-02T09:00",
    ]


def test_the_first_bare_time_is_near_to_the_declaration() -> None:
    assert [shown(entry)[:17] for entry in read("- 23:58 slow\n- 00:03 down\n- 11:00 calm\n")] == [
        "~2026-11-22T23:58",
        "~2026-11-23T00:03",
        "~2026-11-23T11:00",
    ]
    assert shown(one("- 14:01:40 twelve hours on"))[:17] == "~2026-11-23T14:01"
    assert shown(one("- 14:01:41 nearer to yesterday"))[:17] == "~2026-11-22T14:01"


def test_a_day_above_sets_the_day() -> None:
    entries = read("### 2026-11-25\n- 00:00 a\n- 11:59 b\n\n**2026-11-27**\n\n- 23:59 c\n- 2026-11-29 d\n- 23:59 e\n")
    assert [shown(entry)[:17] for entry in entries] == [
        "~2026-11-25T00:00",
        "~2026-11-25T11:59",
        "~2026-11-27T23:59",
        "? note: 2026-11-2",
        "~2026-11-29T23:59",
    ]


def test_moments_are_read_in_the_zone_of_the_vault() -> None:
    assert one("- 2026-11-23T02:22:00 **note**: x", BERLIN).at == utc("2026-11-23T01:22:00")
    assert one("- 03:22 x", BERLIN).at == utc("2026-11-23T02:22:00")
    assert one("- 02:22 UTC x", BERLIN).at == utc("2026-11-23T02:22:00")
    assert one("- 2026-11-23T02:22:00 **note**: x (recorded 2026-11-23T04:00:00)", BERLIN).recorded == utc(
        "2026-11-23T03:00:00"
    )


def test_the_hour_that_a_clock_change_repeats() -> None:
    entries = read(
        """\
- 2026-10-25T02:50:00+02:00 **note**: before the change
- 02:10 nearer to the second
- 2026-10-25T02:30:00 **note**: the first, without an offset
- 2026-10-25T02:30:00+01:00 **note**: the second
""",
        BERLIN,
    )
    assert [entry.at for entry in entries] == [
        utc("2026-10-25T00:50:00"),
        utc("2026-10-25T01:10:00"),
        utc("2026-10-25T00:30:00"),
        utc("2026-10-25T01:30:00"),
    ]


def test_the_hour_that_a_clock_change_skips() -> None:
    entries = read(
        "- 2026-03-29T01:59:00 **note**: before\n- 02:30 never\n- 2026-03-29T02:30:00 **note**: never\n", BERLIN
    )
    assert [entry.at for entry in entries] == [utc("2026-03-29T00:59:00"), None, None]
    assert [("clocks skip that hour" in (entry.fault or "")) for entry in entries] == [False, True, True]


@pytest.mark.parametrize(
    ("line", "declared"),
    [("- 00:01 x", datetime.min.replace(tzinfo=UTC)), ("- 23:59 x", datetime.max.replace(tzinfo=UTC))],
)
def test_the_ends_of_the_calendar_are_a_fault(line: str, declared: datetime) -> None:
    assert "the end of the calendar" in (one(line, declared=declared).fault or "")


def test_what_is_indented_or_follows_at_once_belongs_to_the_line() -> None:
    text = """\
Intro of the writer, with a list in it:

- 02:22 run: restarted
  ```text
  - 02:23 output

  - 02:24 output
  ```
  - 02:25 a thought below
- 02:30 pasted
```
- 02:31 output

- 02:32 output
```
and a word on it
1. numbered

- 02:40 loose

  second paragraph

A paragraph of the writer.
    - 02:41 code of the writer

~~~
- 02:42 in a fence
```
- 02:43 in a fence
~~~
- 02:50 after
# A heading
- 02:55 after
 - 02:56 one blank is no indent
- - -
-
"""
    entries = read(text)
    assert [(entry.line, entry.end, entry.text) for entry in entries] == [
        (2, 9, "restarted"),
        (9, 16, "pasted"),
        (16, 17, "numbered"),
        (18, 21, "loose"),
        (30, 31, "after"),
        (32, 33, "after"),
        (33, 36, "one blank is no indent"),
    ]
    lines = text.splitlines()
    assert all(entry.raw == tuple(lines[entry.line : entry.end]) for entry in entries)


def test_a_fence_that_nobody_closed_hides_what_follows_as_in_obsidian() -> None:
    assert [entry.text for entry in read("- 02:22 a\n\n```\n- 02:23 b\n")] == ["a"]
    entries = read("- 02:22 a\n  more\n```\n- 02:23 b\n")
    assert [(entry.text, entry.end) for entry in entries] == [("a", 2)]
    assert place(entries, utc("2026-11-23T02:30")) == 2, "a new line must not vanish in the fence"


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r"])
def test_line_ends_make_no_difference(end: str) -> None:
    lines = EXAMPLE.splitlines()
    assert read_timeline([line + end for line in lines], UTC, DECLARED) == read(EXAMPLE)


def test_a_line_read_alone_needs_no_bullet() -> None:
    assert read_entry(0, ("02:22 support",), UTC, DECLARED).text == "support"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"actor": "Ada Vogel"}, "- 2026-11-23T02:22:00 **note** @Ada-Vogel: x"),
        ({"actor": "@bob"}, "- 2026-11-23T02:22:00 **note** @bob: x"),
        ({"actor": " "}, "- 2026-11-23T02:22:00 **note**: x"),
        ({"external": True}, "- 2026-11-23T02:22:00 **note**: x #external"),
        ({"recorded": datetime(2026, 11, 23, 3, tzinfo=UTC)}, "- 2026-11-23T02:22:00 **note**: x (recorded 2026-11-23T03:00:00)"),
        ({"text": "a\r\n- b\x00\u2028c\ud800"}, "- 2026-11-23T02:22:00 **note**: a - b c"),
        ({"text": " "}, "- 2026-11-23T02:22:00 **note**:"),
        ({"text": "a #external"}, "- 2026-11-23T02:22:00 **note**: a \\#external"),
        ({"text": "a ^x"}, "- 2026-11-23T02:22:00 **note**: a \\^x"),
        ({"text": "a (recorded 2026)", "external": True}, "- 2026-11-23T02:22:00 **note**: a \\(recorded 2026) #external"),
        ({"zone": BERLIN}, "- 2026-11-23T03:22:00 **note**: x"),
        ({"zone": BERLIN, "at": datetime(2026, 10, 25, 1, 30, tzinfo=UTC)}, "- 2026-10-25T02:30:00+01:00 **note**: x"),
        ({"kind": "Decision"}, "- 2026-11-23T02:22:00 **decision**: x"),
    ],
)  # fmt: skip
def test_a_line_is_written_in_canonical_form(arguments: dict[str, object], line: str) -> None:
    given = {
        "kind": "note",
        "text": "x",
        "at": datetime(2026, 11, 23, 2, 22, 0, 999, tzinfo=UTC),
        "zone": UTC,
    } | arguments
    assert write_entry(**given) == line  # type: ignore[arg-type]


def test_an_unknown_kind_is_not_written() -> None:
    with pytest.raises(ValueError, match="kind of timeline entry 'thought'"):
        write_entry("thought", "x", at=DECLARED, zone=UTC)


PLACES = """\
- no moment yet
- 2026-11-23T02:00:00 **note**: a
  more of a
- no moment
- 2026-11-23T03:00:00 **note**: b

A paragraph.

- 2026-11-23T02:30:00 **note**: c, out of order

- 2026-11-23T04:00:00 **note**: d
"""


@pytest.mark.parametrize(
    ("moment", "index"),
    [("01:00", 0), ("02:00", 4), ("02:29", 4), ("02:30", 9), ("03:00", 9), ("03:59", 9), ("04:00", 11), ("05:00", 11)],
)
def test_a_new_line_goes_to_its_chronological_place(moment: str, index: int) -> None:
    assert place(read(PLACES), utc(f"2026-11-23T{moment}")) == index


def test_the_first_line_of_all_goes_to_the_top() -> None:
    assert place((), DECLARED) == 0
    assert place(read("\n- 2026-11-23T03:00:00 **note**: b\n"), DECLARED) == 1


def test_a_view_sorts_and_keeps_what_belongs_together() -> None:
    assert [entry.line for entry in chronological(read(PLACES))] == [0, 1, 3, 8, 4, 10]


def test_late_is_more_than_five_minutes() -> None:
    assert recorded_if_late(DECLARED, DECLARED + RECORDED_AFTER) is None
    late = DECLARED + RECORDED_AFTER + timedelta(seconds=1)
    assert recorded_if_late(DECLARED, late) == late
    assert recorded_if_late(DECLARED + timedelta(hours=1), DECLARED) is None


@pytest.mark.parametrize(
    ("lines", "first"),
    [
        ("", None),
        ("- 02:02 team: payments joined", None),
        ("- 02:09 escalation: to @frank\n- 02:05 team: payments notified", "02:05"),
        ("- 02:03 escalation: nobody answers", "02:03"),
        ("- escalation: when was that", None),
    ],
)
def test_paged_is_the_first_call_for_help(lines: str, first: str | None) -> None:
    assert paged(read(lines)) == (utc(f"2026-11-23T{first}") if first else None)


@pytest.mark.parametrize(
    ("lines", "first"),
    [
        ("- 02:02 status: triage → investigating\n- 02:03 team: payments notified", None),
        ("- 02:02 role: commander: – → @alice", "02:02"),
        ("- 02:02 role: commander: @alice → –\n- 02:04 handoff: scribe: @alice → @bob", "02:04"),
        ("- 02:05 team: payments joined", "02:05"),
        ("- 02:06 action: a1 done\n- 02:03 action: roll back", "02:06"),
    ],
)
def test_engaged_is_the_first_work_that_is_not_the_acknowledgement(lines: str, first: str | None) -> None:
    assert engaged(read(lines)) == (utc(f"2026-11-23T{first}") if first else None)


@pytest.mark.parametrize(
    "text",
    ["at 100%% and 20%% of it", "open %% comment", "<% tp.x %>", "= 5", "`= x`", r"%\%", "ends 100%% #external"],
)
def test_typed_text_reads_back_to_the_letter_and_begins_no_comment(text):
    line = write_entry("note", text, at=DECLARED, zone=UTC, actor="bob")
    assert one(line).text == text
    assert "%%" not in line
    assert "<%" not in line


def test_a_remark_of_a_writer_does_not_leave_the_note():
    typed = one("- 02:22 40 tickets %% ask Bob %% so far #external")
    assert (typed.text, typed.words) == ("40 tickets %% ask Bob %% so far", "40 tickets so far")
    command = one(write_entry("note", "at 100%% and 20%% of it", at=DECLARED, zone=UTC))
    assert command.words == "at 100%% and 20%% of it"


def test_pauses_are_told_by_the_lines_of_reopenings_in_order_of_time() -> None:
    lines = """
- 2026-11-24T09:00:00 **reopen** @alice: was resolved 2026-11-24T08:00:00, mitigated 2026-11-24T07:00:00: once more
- 2026-11-23T05:00:00 **reopen** @alice: was resolved 2026-11-23T02:30:00: it is back
- 2026-11-23T06:00:00 **reopen** @alice: it is back, and nothing tells when it was over
- 25:99 **reopen** @alice: was resolved 2026-11-23T02:30:00: at no hour
"""
    assert pauses(read(lines), UTC) == (
        Pause(utc("2026-11-23T02:30"), utc("2026-11-23T05:00")),
        Pause(utc("2026-11-24T08:00"), utc("2026-11-24T09:00")),
    )
