"""What an editor saved after a command had put another file in the note's place: who says so, and what becomes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

NAME = "incidents/2026/INC-20261123-01.md"
SAID = f"{NAME}: late-edit: an editor went on saving it after incident ack had put another file in its place"


@pytest.fixture
def late(desk):
    """A vault in which an editor went on saving the incident after it was acknowledged."""
    desk("ack")
    (file,) = Path(desk.journal.place("displaced")).iterdir()
    file.write_bytes(file.read_bytes().replace(b"## Summary\n", b"## Summary\nToo late.\n"))
    return desk


@pytest.mark.parametrize("words", [["show"], ["list"], ["timeline"], ["next"], ["log", "a", "--dry-run"]], ids=" ".join)
def test_who_only_looks_is_told_once_and_changes_nothing(late, words):
    before = late.all()
    answer = late(*words)
    assert answer.err.count("late-edit") == 1
    assert SAID in answer.err
    assert late.all() == before


def test_a_program_is_told_in_json(late):
    answer = late("show", "--json")
    (line,) = answer.err.splitlines()
    problem = json.loads(line)["problem"]
    assert (problem["path"], problem["code"], problem["argv"][-2:]) == (NAME, "late-edit", ["doctor", "--fix"])
    json.loads(answer.out)


def test_check_counts_it_however_long_ago_it_was(late):
    Path(late.journal.place("recent")).unlink()
    answer = late("check", code=5)
    assert (answer.out + answer.err).count("late-edit") == 1
    assert SAID in answer.out


def test_the_next_command_on_another_note_brings_it_in(late):
    answer = late("open", "Something else")
    assert (
        f"an editor went on saving {NAME} after incident ack had put another file in its place; the rest is merged"
        in answer.err
    )
    assert "## Summary\nToo late.\n" in late.note.read_text()
    assert "status: investigating" in late.note.read_text()
    assert late("list").err == ""
    assert late("check").out == "nothing is wrong\n"


def test_undo_takes_back_what_was_typed_and_not_what_was_brought_in(late):
    late("undo")
    assert "status: triage" in late.note.read_text()
    assert "Too late." in late.note.read_text()


def test_what_was_brought_in_can_be_taken_back_by_name(late):
    late("log", "a line")
    name = next(entry.id for entry in late.journal.entries() if entry.command == "late save")
    late("undo", name)
    assert "Too late." not in late.note.read_text()
    assert "a line" in late.note.read_text()


def test_prune_packs_nothing_that_is_in_no_note(late):
    Path(late.journal.place("recent")).unlink()
    assert len(json.loads(late("doctor", "--prune", "--json").out)["pruned"]["late"]) == 1
    assert "late-edit" in late("check", code=5).out


def test_a_series_of_commands_says_nothing(desk):
    for words in (
        ["ack"],
        ["log", "a"],
        ["severity", "sev1"],
        ["show"],
        ["mitigate", "rolled back"],
        ["resolve", "fixed"],
    ):
        assert "went on saving" not in desk(*words).err, words
