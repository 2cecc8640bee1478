"""Taking back: what can be taken back is, what others did since stays, and what cannot be says why."""

from __future__ import annotations

import json
import os
import re
import time
from datetime import datetime, timedelta

import pytest

from okb_incident.errors import NotFoundError, TransitionError
from okb_incident.vault.journal.prune import prune
from okb_incident.workflow.care import named_entry
from okb_incident.workflow.care.undo import undo

SECOND = "incidents/2026/INC-20261123-02.md"


def last(desk):
    """Give the id of the last entry."""
    return next(desk.journal.backward()).id


def test_the_last_command_is_taken_back_to_the_byte(desk):
    before = desk.note.read_bytes()
    desk("ack")
    answer = desk("undo", "--yes")
    assert desk.note.read_bytes() == before
    assert answer.out.startswith("undid incident ack ")
    assert answer.out.splitlines()[0].endswith(" ago) · INC-20261123-01 Checkout is slow")
    assert answer.out.endswith(f"to redo it: incident --vault {desk.root} redo\n")


def test_a_dry_run_shows_and_writes_nothing(desk):
    desk("ack")
    before = desk.all()
    answer = desk("undo", "--yes", "--dry-run")
    assert "-status: investigating\n+status: triage\n" in answer.out
    assert desk.all() == before


def test_what_was_written_elsewhere_since_stays(desk):
    desk("ack")
    desk.type("## Summary\n", "## Summary\n\nCards fail.\n")
    desk("undo", "--yes")
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
    assert "-title: A typo" in desk("undo", "--yes", "--dry-run").out
    desk("undo", "--yes")
    assert not (desk.root / SECOND).exists()
    desk("open", "Search is down")
    path = desk.root / "incidents/2026/INC-20261123-03.md"
    path.write_text(path.read_text() + "- DNS\n")
    assert "+- DNS" in desk("undo", "--yes", code=6).err
    assert path.exists()


def test_a_new_note_that_was_deleted_by_hand_is_not_there_to_be_taken_back(desk):
    desk.note.unlink()
    assert "does not exist" in desk("undo", "--yes", code=4).err


def test_a_deletion_is_taken_back_unless_the_name_is_taken(desk):
    before = desk.note.read_bytes()
    desk("undo", "--yes")
    name = last(desk)
    desk.note.write_bytes(b"theirs\n")
    assert "exists already" in desk("undo", "--yes", name, code=6).err
    assert desk.note.read_bytes() == b"theirs\n"
    desk.note.unlink()
    assert "+title: Checkout is slow" in desk("undo", "--yes", name, "--dry-run").out
    desk("undo", "--yes", name)
    assert desk.note.read_bytes() == before


def test_an_undo_is_taken_back_by_name_and_only_once(desk):
    desk("ack")
    done, ack = desk.note.read_bytes(), last(desk)
    desk("undo", "--yes")
    name = last(desk)
    again = desk("undo", "--yes", ack, code=7)
    assert "incident ack of 20" in again.err
    assert f" redo {name[-8:]} does it again" in again.err
    desk("undo", "--yes", name[-8:].lower())
    assert desk.note.read_bytes() == done
    assert desk("undo", "--yes", name, code=7).err.count("was undone already") == 1
    desk("undo", "--yes")
    assert "status: triage" in desk.note.read_text(), "the command is in force again"


def test_one_undo_after_another_goes_back_further_until_nothing_is_left(desk):
    desk("ack")
    desk("severity", "01", "sev2")
    desk("undo", "--yes")
    desk("undo", "--yes")
    assert "status: triage" in desk.note.read_text()
    desk("undo", "--yes")
    assert "there is no command of yours to undo" in desk("undo", "--yes", code=4).err


def test_without_a_journal_nothing_is_made(tmp_path, desk):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/incident.toml").write_text("")
    desk.root = tmp_path / "empty"
    desk("undo", "--yes", code=4)
    assert list(desk.all()) == ["incident.toml"]


def test_a_command_of_somebody_else_is_taken_back_by_name_only(desk):
    desk("severity", "01", "sev2")
    desk("ack", who="bob")
    bobs = last(desk)
    desk("undo", "--yes")
    assert "commander: bob" in desk.note.read_text()
    assert "severity: SEV3" in desk.note.read_text(), "what was taken back is one's own"
    desk("undo", "--yes", bobs[-8:])
    assert "commander: bob" not in desk.note.read_text()


def test_it_is_said_whose_the_last_command_is(desk):
    desk("undo", "--yes")
    desk("ack", code=4)
    desk("open", "Search is down", "--ack", who="bob")
    bobs = last(desk)
    answer = desk("undo", "--yes", code=4)
    assert "no command in force is yours; the last one, incident open " in answer.err
    assert "is by @bob" in answer.err
    assert f" undo {bobs[-8:]} undoes that one" in answer.err
    desk("undo", "--yes", bobs)
    assert not (desk.root / SECOND).exists()


def test_redo_does_again_what_was_undone_last_and_then_what_was_undone_before(desk):
    desk("ack")
    acked = desk.note.read_bytes()
    desk("severity", "01", "sev2")
    rated = desk.note.read_bytes()
    for _ in range(2):
        desk("undo", "--yes")
    answer = desk("redo")
    assert answer.out.startswith("redid incident ack ")
    assert answer.out.endswith(f"to undo it: incident --vault {desk.root} undo\n")
    assert desk.note.read_bytes() == acked
    assert desk("redo").out.startswith("redid incident severity ")
    assert desk.note.read_bytes() == rated
    assert "there is no undo of yours to redo" in desk("redo", code=4).err
    # What was redone can be undone, and redone, once more.
    assert desk("undo", "--yes").out.startswith("undid incident severity ")
    assert desk("redo").out.startswith("redid incident severity ")
    assert desk.note.read_bytes() == rated


def test_redo_takes_an_undo_and_of_ones_own_where_none_is_named(desk):
    desk("ack")
    ack = last(desk)
    assert "is not an undo; only an undo can be redone" in desk("redo", ack, code=7).err
    desk("undo", "--yes", who="bob", code=4)
    desk("undo", "--yes", ack, who="bob")
    name = last(desk)
    assert "no undo of yours" in desk("redo", code=4).err
    assert "to redo ack by @bob (" in desk("redo", name, code=2).err
    assert desk("redo", name, "--yes").out.startswith("redid incident ack ")


class Answers:
    """A person who answers each question in the same way, and what was asked."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def agree(self, question):
        self.asked.append(question)
        return self.answer


@pytest.fixture
def asked(desk):
    """Undo as a person at a terminal does; return what they were asked."""

    def undone(name=None, *, answer=True, who="alice"):
        person = Answers(answer)
        undo(desk.call("undo", who=who, ask=person), name)
        return person.asked

    return undone


def test_what_was_done_just_now_by_oneself_is_undone_without_a_question(desk, asked):
    desk("ack")
    assert asked() == []
    assert "status: triage" in desk.note.read_text()


def test_an_open_is_undone_only_where_somebody_agrees(desk, asked):
    before = desk.all()
    with pytest.raises(TransitionError, match="nothing was changed"):
        asked(answer=False)
    assert desk.all() == before
    (question,) = asked()
    assert re.fullmatch(r"undo open \(\d+s ago\) · INC-20261123-01 Checkout is slow\?", question)
    assert not desk.note.exists()


def test_a_script_has_to_say_that_it_means_an_open(desk):
    before = desk.all()
    answer = desk("undo", code=2)
    assert "to undo open (" in answer.err
    assert " ago), add --yes · INC-20261123-01 Checkout is slow" in answer.err
    assert answer.err.endswith(f"undo {last(desk)[-8:]} --yes\n")
    assert desk.all() == before
    assert "-title: Checkout is slow" in desk("undo", "--dry-run").out


@pytest.mark.parametrize(("seconds", "questions"), [(60, 0), (61, 1)])
def test_what_is_older_than_a_minute_is_undone_only_where_somebody_agrees(desk, asked, monkeypatch, seconds, questions):
    desk("ack")
    done = datetime.fromisoformat(next(desk.journal.backward()).at)
    monkeypatch.setattr(named_entry, "real_now", lambda: done + timedelta(seconds=seconds))
    assert len(asked()) == questions


def test_another_persons_command_is_undone_only_where_somebody_agrees(desk, asked):
    desk("ack", who="bob")
    (question,) = asked(last(desk))
    assert question.startswith("undo ack by @bob (")


def test_the_title_of_a_restricted_incident_is_not_told_to_who_undoes_another_persons_command(desk, asked):
    desk("restrict", "01", who="bob")
    (question,) = asked(last(desk))
    assert question.endswith("INC-20261123-01?")


def test_a_part_that_several_ids_have_is_ambiguous_and_none_is_not_found(desk):
    desk("ack")
    answer = desk("undo", "--yes", last(desk)[:5], code=4)
    assert "2 entries have" in answer.err
    assert f" undo {last(desk)}\n" in answer.err
    for part in ("ZZZZZZZZ", last(desk)[:3], last(desk)[4:12]):
        assert "the journal of this machine has no entry" in desk("undo", "--yes", part, code=4).err


def test_a_command_of_another_machine_is_not_taken_back_here(desk, another_machine):
    desk("ack")
    name = last(desk)
    another_machine()
    assert "this machine" in desk("undo", "--yes", name, code=4).err


def test_what_was_pruned_cannot_be_taken_back_and_says_so(desk, monkeypatch):
    desk("ack")
    desk("severity", "01", "sev2")
    later = time.time() + 4000
    monkeypatch.setattr(time, "time", lambda: later)
    prune(desk.journal)
    assert "status: triage" not in desk.note.read_text()
    desk("undo", "--yes")
    prune(desk.journal, timedelta(seconds=1))
    answer = desk("undo", "--yes", code=1)
    assert "incident ack of 20" in answer.err
    assert f"what {desk.note.relative_to(desk.root)} held then was pruned" in answer.err
    assert "incident history" in answer.err


def test_a_new_note_changed_since_whose_bytes_are_pruned_is_refused_without_a_diff(desk, monkeypatch):
    desk.type("# ", "# Oh: ")
    later = time.time() + 4000
    monkeypatch.setattr(time, "time", lambda: later)
    prune(desk.journal, timedelta(seconds=1))
    assert "would lose that\nhint:" in desk("undo", "--yes", code=6).err


def test_an_undo_of_restrict_keeps_what_was_written_there(desk):
    desk("ack")
    desk("restrict", "01")
    there = desk.root / "incidents/restricted/2026/INC-20261123-01.md"
    there.write_text(there.read_text().replace("## Summary\n", "## Summary\n\nOnly we know.\n"))
    shown = desk("undo", "--yes", "--dry-run").out
    assert f"+++ b/{desk.note.relative_to(desk.root)}" in shown
    assert "-visibility: restricted" in shown
    desk("undo", "--yes")
    assert not there.exists()
    assert "Only we know." in desk.note.read_text()
    assert "visibility" not in desk.note.read_text()
    assert desk.note.stat().st_mode & 0o777 == 0o644


def test_an_undo_of_restrict_lets_git_know_of_no_other_restricted_incident(desk):
    desk("open", "A leak")
    desk("restrict", "01")
    first = last(desk)
    desk("restrict", "02")
    desk("undo", "--yes", first)
    assert (desk.root / "incidents/restricted/.gitignore").read_bytes() == b"*\n"
    desk("undo", "--yes", last(desk))
    assert not desk.note.exists(), "restricted again"


def test_an_undo_that_changes_nothing_says_so(desk):
    before = desk.note.read_bytes()
    desk("ack")
    desk.note.write_bytes(before)
    assert desk("undo", "--yes", "--dry-run").out == "nothing would change\n"
    answer = desk("undo", "--yes")
    assert "nothing to change: the notes already hold what they held before" in answer.out
    assert desk.entries() == ["open", "ack"]


@pytest.mark.parametrize("dry_run", [True, False])
def test_json(desk, dry_run):
    desk("ack")
    ack = next(desk.journal.backward())
    told = json.loads(desk("undo", "--yes", "--json", *(["--dry-run"] if dry_run else [])).out)
    assert told == {
        "undone": ack.id,
        "command": "incident ack",
        "at": ack.at,
        "by": "alice",
        "incident": "INC-20261123-01",
        "title": "Checkout is slow",
        "age": told["age"],
        "paths": ["incidents/2026/INC-20261123-01.md"],
        "entry": None if dry_run else last(desk),
        "diff": told["diff"] if dry_run else None,
        "changed": not dry_run,
        "made": [],
        "changes": told["changes"],
        "warnings": [],
    }
    assert ("status", "investigating", "triage") in {
        (each["property"], each["from"], each["to"]) for each in told["changes"] if each["property"] == "status"
    } or dry_run
    assert not dry_run or "+status: triage" in told["diff"]


def test_an_error_is_json_too(desk):
    assert json.loads(desk("undo", "--yes", "ZZZZ", "--json", code=4).err)["error"]["value"] == "ZZZZ"


def test_what_was_cut_off_is_finished_before_the_last_command_is_looked_for(desk):
    desk.die_after_swap(1, "ack")
    answer = desk("undo", "--yes")
    assert "undid incident ack" in answer.out
    assert "status: triage" in desk.note.read_text()


def test_what_was_cut_off_half_way_is_finished_and_said(desk):
    (desk.note.parent / "INC-20261123-01 review.md").write_text("---\ntype: incident-review\n---\n")
    desk.die_after_swap(1, "restrict", "01")
    answer = desk("undo", "--yes")
    assert "incident restrict of 20" in answer.err
    assert "had been cut off half way, and is finished now" in answer.err
    assert desk.note.exists()
    assert sorted(os.listdir(desk.note.parent)) == ["INC-20261123-01 review.md", "INC-20261123-01.md"]


def test_a_dry_run_finishes_nothing(desk):
    desk.die_after_swap(1, "ack")
    before = desk.all()
    with pytest.raises(NotFoundError):
        undo(desk.call("undo", who="bob", dry_run=True), "ZZZZ")
    desk("undo", "--yes", "--dry-run", code=6)
    assert desk.all() == before
