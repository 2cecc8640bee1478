"""A timeline entry without its payload: moment, kind, actor and the second clock stay."""

from __future__ import annotations

from datetime import UTC

import pytest

from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.timeline.redaction import payload_start, without_payload
from okb_incident.core.timeline.timeline import read_timeline


@pytest.mark.parametrize(
    ("line", "without"),
    [
        ("- 2026-11-23T01:52:00 **note** @bob: first 502", "- 2026-11-23T01:52:00 **note** @bob: [redacted]"),
        (
            "- 2026-11-23T01:52:00 **note** @bob: first #external (recorded 2026-11-23T02:11:20)",
            "- 2026-11-23T01:52:00 **note** @bob: [redacted] (recorded 2026-11-23T02:11:20)",
        ),
        ("- 2026-11-23T01:52:00 **alert**: disk full", "- 2026-11-23T01:52:00 **alert**: [redacted]"),
        ("- 02:22 support has 40 tickets", "- 02:22 [redacted]"),
        ("  - 02:31 decision: roll back", "  - 02:31 decision: [redacted]"),
        ("- [x] 02:31: rolled back: 4f2a", "- [x] 02:31: [redacted]"),
        ("- 02:31 **decision:** roll back", "- 02:31 **decision:** [redacted]"),
        ("- 02:31 key: hunter2", "- 02:31 [redacted]"),
    ],
)
def test_head_and_second_clock_stay(line, without):
    assert without_payload(line) == without
    assert line[: payload_start(line)].rstrip() == without.partition(" [redacted]")[0]


@pytest.mark.parametrize("line", ["a paragraph", "- no moment", "", "> - 02:22 in a quotation"])
def test_what_has_no_moment_is_no_entry(line):
    assert payload_start(line) is None


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_of_any_kind_is_at_fault_in_nothing(kind):
    (entry,) = read_timeline([f"- 2026-11-23T01:52:00 **{kind}** @bob: [redacted]"], UTC, None)
    assert entry.fault is None
    assert entry.fields is not None
    assert entry.text.endswith("[redacted]")
    assert entry.actor == "bob"
