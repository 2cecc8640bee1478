"""Taking back: what can be taken back is, what others did since stays, and what cannot be says why."""

from __future__ import annotations

import json
import os
import time
from datetime import timedelta

import pytest

from okb_incident.errors import NotFoundError
from okb_incident.vault.journal.prune import prune
from okb_incident.workflow.care.undo import undo

SECOND = "incidents/2026/INC-20261123-02.md"


def last(desk):
    """Give the id of the last entry."""
    return next(desk.journal.backward()).id


def test_the_last_command_is_taken_back_to_the_byte(desk):
    before = desk.note.read_bytes()
    desk("ack")
    answer = desk("undo")
    assert desk.note.read_bytes() == before
    assert answer.out.startswith("taken back: incident ack of 20")
    assert answer.out.endswith(f"to do it again: incident --vault {desk.root} undo {last(desk)[-8:]}\n")


def test_a_dry_run_shows_and_writes_nothing(desk):
    desk("ack")
    before = desk.all()
    answer = desk("undo", "--dry-run")
    assert "-status: investigating\n+status: triage\n" in answer.out
    assert desk.all() == before


def test_what_was_written_elsewhere_since_stays(desk):
    desk("ack")
    desk.type("## Summary\n", "## Summary\n\nCards fail.\n")
    desk("undo")
    text = desk.note.read_text()
    assert "Cards fail." in text
    assert "status: triage" in text


def test_the_same_place_changed_since_refuses_with_what_was_done_and_changes_nothing(desk):
    desk("ack")
    desk.type("status: investigating", "status: identified")
    before = desk.all()
    for words in (["undo"], ["undo", "--dry-run"]):
        answer = desk(*words, code=6)
        assert "was changed since in the same place (both sides changed property `status`" in answer.err
        assert "-status: triage\n  +status: investigating\n" in answer.err
        assert "incident edit" in answer.err
    assert desk.all() == before


def test_a_new_note_goes_away_but_not_what_somebody_wrote_into_it(desk):
    desk("open", "A typo")
    assert "-title: A typo" in desk("undo", "--dry-run").out
    desk("undo")
    assert not (desk.root / SECOND).exists()
    desk("open", "Search is down")
    path = desk.root / "incidents/2026/INC-20261123-03.md"
    path.write_text(path.read_text() + "- DNS\n")
    assert "+- DNS" in desk("undo", code=6).err
    assert path.exists()


def test_a_new_note_that_was_deleted_by_hand_is_not_there_to_be_taken_back(desk):
    desk.note.unlink()
    assert "does not exist" in desk("undo", code=4).err


def test_a_deletion_is_taken_back_unless_the_name_is_taken(desk):
    before = desk.note.read_bytes()
    desk("undo")
    name = last(desk)
    desk.note.write_bytes(b"theirs\n")
    assert "exists already" in desk("undo", name, code=6).err
    assert desk.note.read_bytes() == b"theirs\n"
    desk.note.unlink()
    assert "+title: Checkout is slow" in desk("undo", name, "--dry-run").out
    desk("undo", name)
    assert desk.note.read_bytes() == before


def test_an_undo_is_taken_back_by_name_and_only_once(desk):
    desk("ack")
    done, ack = desk.note.read_bytes(), last(desk)
    desk("undo")
    name = last(desk)
    again = desk("undo", ack, code=7)
    assert "incident ack of 20" in again.err
    assert f" undo {name[-8:]} does it again" in again.err
    desk("undo", name[-8:].lower())
    assert desk.note.read_bytes() == done
    assert desk("undo", name, code=7).err.count("was taken back already") == 1
    desk("undo")
    assert "status: triage" in desk.note.read_text(), "the command is in force again"


def test_one_undo_after_another_goes_back_further_until_nothing_is_left(desk):
    desk("ack")
    desk("severity", "01", "sev2")
    desk("undo")
    desk("undo")
    assert "status: triage" in desk.note.read_text()
    desk("undo")
    assert "there is no command of yours to take back" in desk("undo", code=4).err


def test_without_a_journal_nothing_is_made(tmp_path, desk):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/incident.toml").write_text("")
    desk.root = tmp_path / "empty"
    desk("undo", code=4)
    assert list(desk.all()) == ["incident.toml"]


def test_a_command_of_somebody_else_is_taken_back_by_name_only(desk):
    desk("severity", "01", "sev2")
    desk("ack", who="bob")
    bobs = last(desk)
    desk("undo")
    assert "commander: bob" in desk.note.read_text()
    assert "severity: SEV3" in desk.note.read_text(), "what was taken back is one's own"
    desk("undo", bobs[-8:])
    assert "commander: bob" not in desk.note.read_text()


def test_it_is_said_whose_the_last_command_is(desk):
    desk("undo")
    desk("ack", code=4)
    desk("open", "Search is down", "--ack", who="bob")
    bobs = last(desk)
    answer = desk("undo", code=4)
    assert "no command in force is yours; the last one, incident open of 20" in answer.err
    assert "is by bob" in answer.err
    assert f" undo {bobs[-8:]} takes that one back" in answer.err
    desk("undo", bobs)
    assert not (desk.root / SECOND).exists()


def test_a_part_that_several_ids_have_is_ambiguous_and_none_is_not_found(desk):
    desk("ack")
    answer = desk("undo", last(desk)[:5], code=4)
    assert "2 entries have" in answer.err
    assert f" undo {last(desk)}\n" in answer.err
    for part in ("ZZZZZZZZ", last(desk)[:3], last(desk)[4:12]):
        assert "the journal of this machine has no entry" in desk("undo", part, code=4).err


def test_a_command_of_another_machine_is_not_taken_back_here(desk, another_machine):
    desk("ack")
    name = last(desk)
    another_machine()
    assert "this machine" in desk("undo", name, code=4).err


def test_what_was_pruned_cannot_be_taken_back_and_says_so(desk, monkeypatch):
    desk("ack")
    desk("severity", "01", "sev2")
    later = time.time() + 4000
    monkeypatch.setattr(time, "time", lambda: later)
    prune(desk.journal)
    assert "status: triage" not in desk.note.read_text()
    desk("undo")
    prune(desk.journal, timedelta(seconds=1))
    answer = desk("undo", code=1)
    assert "incident ack of 20" in answer.err
    assert f"what {desk.note.relative_to(desk.root)} held then was pruned" in answer.err
    assert "incident history" in answer.err


def test_a_new_note_changed_since_whose_bytes_are_pruned_is_refused_without_a_diff(desk, monkeypatch):
    desk.type("# ", "# Oh: ")
    later = time.time() + 4000
    monkeypatch.setattr(time, "time", lambda: later)
    prune(desk.journal, timedelta(seconds=1))
    assert "would lose that\nhint:" in desk("undo", code=6).err


def test_an_undo_of_restrict_keeps_what_was_written_there(desk):
    desk("ack")
    desk("restrict", "01")
    there = desk.root / "incidents/restricted/2026/INC-20261123-01.md"
    there.write_text(there.read_text().replace("## Summary\n", "## Summary\n\nOnly we know.\n"))
    shown = desk("undo", "--dry-run").out
    assert f"+++ b/{desk.note.relative_to(desk.root)}" in shown
    assert "-visibility: restricted" in shown
    desk("undo")
    assert not there.exists()
    assert "Only we know." in desk.note.read_text()
    assert "visibility" not in desk.note.read_text()
    assert desk.note.stat().st_mode & 0o777 == 0o644


def test_an_undo_of_restrict_lets_git_know_of_no_other_restricted_incident(desk):
    desk("open", "A leak")
    desk("restrict", "01")
    first = last(desk)
    desk("restrict", "02")
    desk("undo", first)
    assert (desk.root / "incidents/restricted/.gitignore").read_bytes() == b"*\n"
    desk("undo", last(desk))
    assert not desk.note.exists(), "restricted again"


def test_an_undo_that_changes_nothing_says_so(desk):
    before = desk.note.read_bytes()
    desk("ack")
    desk.note.write_bytes(before)
    assert desk("undo", "--dry-run").out == "nothing would change\n"
    answer = desk("undo")
    assert "nothing was left of it: the note holds what it held before" in answer.out
    assert desk.entries() == ["open", "ack"]


@pytest.mark.parametrize("dry_run", [True, False])
def test_json(desk, dry_run):
    desk("ack")
    ack = next(desk.journal.backward())
    told = json.loads(desk("undo", "--json", *(["--dry-run"] if dry_run else [])).out)
    assert told == {
        "undone": ack.id,
        "command": "incident ack",
        "at": ack.at,
        "by": "alice",
        "paths": ["incidents/2026/INC-20261123-01.md"],
        "entry": None if dry_run else last(desk),
        "diff": told["diff"] if dry_run else None,
    }
    assert not dry_run or "+status: triage" in told["diff"]


def test_an_error_is_json_too(desk):
    assert json.loads(desk("undo", "ZZZZ", "--json", code=4).err)["error"]["value"] == "ZZZZ"


def test_what_was_cut_off_is_finished_before_the_last_command_is_looked_for(desk):
    desk.die_after_swap(1, "ack")
    answer = desk("undo")
    assert "taken back: incident ack" in answer.out
    assert "status: triage" in desk.note.read_text()


def test_what_was_cut_off_half_way_is_finished_and_said(desk):
    (desk.note.parent / "INC-20261123-01 review.md").write_text("---\ntype: incident-review\n---\n")
    desk.die_after_swap(1, "restrict", "01")
    answer = desk("undo")
    assert "incident restrict of 20" in answer.err
    assert "had been cut off half way, and is finished now" in answer.err
    assert desk.note.exists()
    assert sorted(os.listdir(desk.note.parent)) == ["INC-20261123-01 review.md", "INC-20261123-01.md"]


def test_a_dry_run_finishes_nothing(desk):
    desk.die_after_swap(1, "ack")
    before = desk.all()
    with pytest.raises(NotFoundError):
        undo(desk.call("undo", who="bob", dry_run=True), "ZZZZ")
    desk("undo", "--dry-run", code=6)
    assert desk.all() == before
