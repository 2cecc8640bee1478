"""A change written into a note: the properties, what follows them, and the timeline."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from okb_incident.core.incident.change import Addition, Change, LogLine, Replacement
from okb_incident.core.settings.settings import Settings
from okb_incident.errors import InvalidNoteError
from okb_incident.vault.note.incident_note import apply_change
from okb_incident.vault.vault import Vault

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PATH = "incidents/2026/INC-20261123-01.md"
NOTE = """---
type: incident
id: INC-20261123-01
title: Checkout is slow
status: triage
severity: SEV2
category: system
declared: 2026-11-23T02:00:00
aliases:
  - Checkout is slow
  - the slow shop
tags:
  - incident
  - incident/system
  - sev/2
  - payday
updated: 2026-11-22
---
# Checkout is slow

## Timeline
- 2026-11-23T02:00:00 **note** @bob: first 502
"""


def changed(text=NOTE, now=NOW, lines=(), **properties):
    vault = Vault("/nowhere", Settings())
    incident, _ = vault.incident_of(vault.parse(PATH, text.encode()))
    assert incident is not None
    change = Change(properties=properties, lines=lines)
    return apply_change(text, incident, change, settings=vault.settings, actor="alice", now=now)


def difference(text, before=NOTE):
    old, new = before.splitlines(), text.splitlines()
    return [f"-{line}" for line in old if line not in new] + [f"+{line}" for line in new if line not in old]


@pytest.mark.parametrize(
    ("properties", "lines"),
    [
        ({"cause": "change"}, ["+cause: change"]),
        ({"users_affected": "~1200"}, ["+users_affected: ~1200"]),
        ({"commander": "<% x %>"}, ['+commander: "&lt;% x %>"']),
        ({"teams": ("ops", "<% x %>")}, ["+teams:", "+  - ops", '+  - "&lt;% x %>"']),
        ({"started": datetime(2026, 11, 23, 1, 50, tzinfo=UTC)}, ["+started: 2026-11-23T01:50:00"]),
        ({"services": ("checkout",)}, ["+services:", "+  - checkout"]),
        ({"severity": "SEV1"}, ["-severity: SEV2", "-  - sev/2", "+severity: SEV1", "+  - sev/1"]),
        (
            {"category": "Security"},
            ["-category: system", "-  - incident/system", "+category: Security", "+  - incident/security"],
        ),
        ({"category": None}, ["-category: system", "-  - incident/system"]),
        (
            {"title": "The shop is slow"},
            [
                *("-title: Checkout is slow", "-  - Checkout is slow", "-# Checkout is slow"),
                *("+title: The shop is slow", "+  - The shop is slow", "+# The shop is slow"),
            ],
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_property_is_set_with_what_follows_it_and_nothing_else(properties, lines):
    written = changed(NOTE.replace("updated: 2026-11-22\n", ""), **properties)
    assert difference(written.text, NOTE.replace("updated: 2026-11-22\n", "")) == lines
    assert written.notes == ()


def test_the_day_of_the_last_change_follows_where_the_note_has_one():
    assert difference(changed(cause="change").text) == [
        "-updated: 2026-11-22",
        "+cause: change",
        "+updated: 2026-11-23",
    ]
    assert "updated: 2026-11-22" in changed(lines=(LogLine("note", "seen", NOW),)).text


def test_a_line_goes_to_its_place_and_says_when_it_was_entered_late():
    early = LogLine("note", "pool exhausted", datetime(2026, 11, 23, 1, 55, tzinfo=UTC))
    written = changed(lines=(early, LogLine("decision", "roll back <% x %>", NOW, external=True)))
    assert written.text.split("## Timeline\n")[1].splitlines() == [
        "- 2026-11-23T01:55:00 **note** @alice: pool exhausted (recorded 2026-11-23T12:00:00)",
        "- 2026-11-23T02:00:00 **note** @bob: first 502",
        "- 2026-11-23T12:00:00 **decision** @alice: roll back &lt;% x %> #external",
    ]


def test_a_missing_timeline_is_put_in_and_said():
    written = changed(NOTE.split("## Timeline", maxsplit=1)[0], lines=(LogLine("note", "seen", NOW),))
    assert written.notes == ("a section Timeline was put into the note",)
    assert "## Timeline\n- 2026-11-23T12:00:00 **note** @alice: seen\n" in written.text


def test_in_a_half_typed_block_what_cannot_be_set_is_said_and_the_rest_is_done():
    half = NOTE.replace("category: system", "status: closed\nscope: [eu")
    written = changed(half, status="investigating", cause="change", lines=(LogLine("note", "seen", NOW),))
    assert [note.split(":")[0] for note in written.notes] == ["status could not be set"]
    assert "cause: change" in written.text
    assert "**note** @alice: seen" in written.text


def test_in_a_readable_block_what_cannot_be_set_alone_stops_the_change():
    with pytest.raises(InvalidNoteError, match="'cause' cannot be changed"):
        changed(NOTE.replace("category: system", "cause: &c change\nscope: *c"), cause="capacity")


def test_other_sections_get_their_lines_too():
    text = NOTE + "\n## Actions\n- [ ] one 🆔 a\n- [ ] two 🆔 b\n"
    change = Change(
        additions=(
            Addition("Actions", "- [ ] three"),
            Addition("Resolution", "Fix: taken back."),
            Addition("Resolution", "Workaround: none.", paragraph=True),
        ),
        replacements=(
            Replacement("Actions", 0, "- [ ] one 🆔 a", "- [x] one 🆔 a\n  struck"),
            Replacement("Actions", 1, "- [ ] two 🆔 b", "- [-] two 🆔 b"),
        ),
    )
    vault = Vault("/nowhere", Settings())
    incident, _ = vault.incident_of(vault.parse(PATH, text.encode()))
    assert incident is not None
    written = apply_change(text, incident, change, settings=vault.settings, actor="alice", now=NOW)
    assert written.notes == ()
    assert written.text == NOTE + (
        "\n## Actions\n- [x] one 🆔 a\n  struck\n- [-] two 🆔 b\n- [ ] three\n\n## Resolution\nFix: taken back.\n\nWorkaround: none.\n"
    )


def test_lines_below_a_line_stand_indented_and_somebody_else_may_have_done_it():
    lines = (
        LogLine("run", "`true` exit 0", NOW, below=("```text", "a", "", "```"), actor="bob"),
        LogLine("alert", "firing", NOW, actor=""),
    )
    assert changed(lines=lines).text.endswith(
        "- 2026-11-23T12:00:00 **run** @bob: `true` exit 0\n  ```text\n  a\n\n  ```\n"
        "- 2026-11-23T12:00:00 **alert**: firing\n"
    )
