"""A few lines out of a long timeline are read as all of them would be."""

from __future__ import annotations

import random
from datetime import UTC

import pytest
from tests.records import incident_of, minutes, record_of

from okb_incident.core.timeline.excerpt import LONG, excerpt, latest, without_notes
from okb_incident.core.timeline.timeline import read_timeline

NOTE = "- 2026-11-23T02:10:00 **note** @bob: still looking"
COMMS = "- 2026-11-23T02:12:00 **comms** @carol: team/status-update → [[x]], next by 2026-11-23T02:40:00"
DECISION = "- 2026-11-23T02:11:00 **decision** @bob: roll back"
#: What stands between lines of commands, and makes no difference to them.
HARMLESS = (
    NOTE,
    COMMS,
    COMMS.replace("02:12", "01:58"),
    DECISION,
    "- 2026-11-23T02:13:00 **comms** @carol: this is no comms line",
    "- 2026-11-23T02:14:00 **note** @bob: they asked for comms",
    "- 02:31 support has 40 tickets",
    "  and they are angry",
    "",
    "### 2026-11-24",
    "A sentence of a writer.",
)


@pytest.mark.parametrize("seed", range(30))
def test_lines_of_a_kind_are_the_same_as_if_all_were_read(seed):
    chance = random.Random(seed)
    lines = [chance.choice(HARMLESS) for _ in range(LONG + 3)]
    found = excerpt(lines, UTC, minutes(0), ("comms", "decision"))
    assert found is not None
    everything = read_timeline(lines, UTC, minutes(0))
    assert found == [entry for entry in everything if entry.line in {each.line for each in found}]
    wanted = [entry for entry in everything if entry.kind in {"comms", "decision"} and entry.fields is not None]
    assert [entry for entry in found if entry.kind != "note" and entry.fields is not None] == wanted


@pytest.mark.parametrize(
    "line",
    [
        "- 02:31 comms: team/status-update → [[x]]",
        "- 2026-11-23 02:31 **Comms** @c: x",
        "```",
        "~~~text",
        "about comms",
    ],
)
def test_what_a_person_typed_or_fenced_needs_all_of_it(line):
    assert excerpt([NOTE] * LONG + [line], UTC, minutes(0), ("comms",)) is None


def test_a_short_timeline_is_read_and_a_note_needs_no_word():
    assert excerpt([COMMS] * (LONG - 1), UTC, minutes(0), ("comms",)) is None
    assert len(excerpt([COMMS] * LONG, UTC, minutes(0), ("comms",)) or ()) == LONG
    assert excerpt([COMMS] * LONG, UTC, minutes(0), ("note",)) is None


def test_a_record_returns_them_in_the_order_in_which_it_happened():
    later, sooner = COMMS, COMMS.replace("02:12", "02:01")
    record = record_of(incident_of("investigating"), "\n".join([NOTE] * LONG + [later, sooner]))
    assert [entry.at for entry in record.of_kind("comms")] == [minutes(1), minutes(12)]
    assert "entries" not in vars(record)
    assert record.of_kind("verify") == []


@pytest.mark.parametrize("seed", range(10))
def test_the_latest_line_is_the_one_that_reading_all_of_them_would_find(seed):
    chance = random.Random(seed)
    lines = [chance.choice((NOTE, COMMS, DECISION, "  and they are angry", "")) for _ in range(LONG + 3)]
    lines[seed * 7] = "- 2026-11-23T02:20:00 **note** @bob: later (recorded 2026-11-23T03:00:00)"
    assert latest(lines, UTC, minutes(0)) == minutes(20)
    everything = read_timeline(lines, UTC, minutes(0))
    assert max(entry.at for entry in everything if entry.at) == minutes(20)
    assert record_of(incident_of("investigating"), "\n".join(lines)).latest == minutes(20)


@pytest.mark.parametrize(
    "line",
    [
        "- 02:31 support has 40 tickets",
        "A sentence.",
        "  ```",
        "> - 02:31 x",
        "- 2026-11-23T02:31:00+01:00 **note**: x",
    ],
)
def test_what_a_person_typed_may_be_later_so_all_is_read(line):
    assert latest([NOTE] * LONG + [line], UTC, minutes(0)) is None
    assert latest([NOTE] * (LONG - 1), UTC, minutes(0)) is None
    assert record_of(incident_of("investigating"), "\n".join([NOTE] * LONG + [line])).latest is not None


def test_a_long_timeline_without_a_moment_has_no_latest_line():
    assert latest([""] * LONG, UTC, minutes(0)) is None
    assert record_of(incident_of("investigating"), "\n" * LONG).latest is None


@pytest.mark.parametrize("seed", range(30))
def test_without_notes_all_else_is_answered_as_by_the_whole_text(seed):
    chance = random.Random(seed)
    moments = [f"2026-11-23T{chance.randrange(24):02d}:{chance.randrange(60):02d}:00" for _ in range(20)]
    notes = [f"- {moment} **note** @bob: seen" for moment in moments]
    told = [
        COMMS,
        DECISION,
        *HARMLESS,
        "- 02:31 decision: roll back",
        "- [ ] a task",
        "```text",
        "```",
        "> - 03:10 decision: no",
    ]
    lines = [chance.choice(notes) if chance.random() < 0.8 else chance.choice(told) for _ in range(300)]
    text = "".join(f"{line}\n" for line in lines)
    short = without_notes(text)
    whole, rest = (read_timeline(each.splitlines(), UTC, minutes(0)) for each in (text, short))
    assert len(short) < 0.7 * len(text)
    assert [(each.kind, each.at, each.text) for each in rest if each.kind != "note"] == [
        (each.kind, each.at, each.text) for each in whole if each.kind != "note"
    ]
    assert max(each.at for each in rest if each.at) == max(each.at for each in whole if each.at)


def test_of_notes_in_a_row_the_latest_and_the_last_stay():
    notes = [NOTE.replace("02:10", clock) + "\n" for clock in ("02:10", "02:40", "02:20", "02:30")]
    assert without_notes("".join(notes)) == notes[1] + notes[3]
    assert without_notes(notes[0] + "- 02:31 x\n") == notes[0] + "- 02:31 x\n"
