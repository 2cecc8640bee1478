"""The doctor: what went wrong between commands and editors is found, said, and made good where somebody agrees."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from okb_incident.cli.choice import Terminal
from okb_incident.vault.disk import lock
from okb_incident.vault.journal.verify import verify
from okb_incident.workflow.care.doctor import examine

NAME = "incidents/2026/INC-20261123-01.md"


@pytest.fixture
def lost(desk):
    """A vault in which an editor saved its buffer over an acknowledgement."""
    buffer = desk.note.read_bytes()
    desk("ack")
    desk.note.write_bytes(buffer)
    return desk


def codes(desk, *, fix=False):
    return [problem.code for problem in examine(desk.call("doctor"), fix=fix).problems]


def displaced(desk):
    """Give the file that the last command took from the note's name."""
    return max(Path(desk.journal.place("displaced")).iterdir())


# -- edits that are gone -------------------------------------------------------------------------------------------------


def test_all_is_well_where_nothing_is_wrong(desk):
    answer = desk("doctor")
    assert f"vault: {desk.root}, found by --vault\n" in answer.out
    assert "lock: free\n" in answer.out
    assert f"{desk.journal.machine}, last entry {next(desk.journal.backward()).id}\n" in answer.out
    assert answer.out.endswith("all is well\n")


def test_a_vault_in_which_nothing_was_done_is_well(desk):
    (desk.root / "empty").mkdir()
    (desk.root / "empty/incident.toml").write_text("")
    desk.root = desk.root / "empty"
    assert f"{desk.journal.machine}, empty\n" in desk("doctor").out


def test_a_lost_edit_is_found_and_left_until_somebody_agrees(lost):
    before = lost.all()
    answer = lost("doctor", code=5)
    assert "all is well" not in answer.out
    assert f"{NAME}: lost-edit: has nothing left of incident ack of 20" in answer.err
    assert "(status; commander; responders);" in answer.err
    assert "investigating" not in answer.err, "what is in no note any more is not shown"
    assert lost.all() == before


def test_a_lost_edit_is_done_again_beside_what_the_editor_saved(lost):
    lost.type("## Summary\n", "## Summary\n\nCards fail.\n")
    answer = lost("doctor", "--fix")
    assert "mended: incident ack of 20" in answer.out
    assert answer.out.endswith("all is well\n")
    text = lost.note.read_text()
    assert "status: investigating" in text
    assert "Cards fail." in text
    assert lost.entries() == ["open", "ack", "doctor"]
    assert codes(lost) == []


def test_what_the_doctor_did_is_taken_back_like_any_command(lost):
    before = lost.note.read_bytes()
    lost("doctor", "--fix")
    lost("undo")
    assert lost.note.read_bytes() == before


def test_what_a_later_command_took_out_or_an_undo_took_back_is_not_lost(desk):
    desk("ack")
    desk("undo")
    desk("set", "01", "cause=change")
    desk("set", "01", "cause=")
    assert codes(desk) == []


def test_an_edit_whose_place_was_changed_since_is_left_to_a_person(desk):
    buffer = desk.note.read_text()
    desk("set", "01", "cause=change")
    desk.note.write_text(buffer.replace("severity:", "cause: load\nseverity:", 1))
    before = desk.note.read_bytes()
    (problem,) = examine(desk.call("doctor"), fix=True).problems
    assert problem.code == "lost-edit"
    assert "was changed since in the same place (both sides changed property `cause`" in (problem.hint or "")
    assert desk.note.read_bytes() == before
    assert "repeat by hand what is missing" in desk("doctor", "--fix", "--json", code=5).err


def test_of_a_restricted_note_no_word_is_shown(desk):
    desk("restrict", "01")
    there = desk.root / "incidents/restricted/2026/INC-20261123-01.md"
    buffer = there.read_bytes()
    desk("log", "-i", "INC-20261123-01", "Zebrafish")
    there.write_bytes(buffer)
    answer = desk("doctor", code=5)
    assert "lost-edit" in answer.err
    assert "Zebrafish" not in answer.out + answer.err


# -- a person decides ----------------------------------------------------------------------------------------------------


def test_a_person_is_asked_about_each_and_what_they_refuse_is_left(lost):
    (lost.root / "people").mkdir(exist_ok=True)
    buffer = lost.note.read_bytes()
    lost("log", "-i", "01", "seen")
    lost.note.write_bytes(buffer)
    asked = []

    class Person(Terminal):
        def agree(self, question):
            asked.append(question)
            return "incident log" in question

    examined = examine(lost.call("doctor", ask=Person()), fix=False)
    assert [question.endswith("Apply it again?") for question in asked] == [True, True]
    assert [problem.code for problem in examined.problems] == ["lost-edit"]
    assert ["incident log" in each for each in examined.mended] == [True]
    assert "seen" in lost.note.read_text()
    assert "status: triage" in lost.note.read_text()


# -- edits that came too late --------------------------------------------------------------------------------------------


def test_what_an_editor_saved_too_late_is_laid_beside_the_note(desk):
    desk("ack")
    file = displaced(desk)
    file.write_bytes(file.read_bytes() + b"too late\n")
    assert "late-edit" in desk("doctor", code=5).err
    answer = desk("doctor", "--fix")
    (copy,) = desk.note.parent.glob("* (conflicted copy *).md")
    assert f"mended: what was saved too late is in {copy.relative_to(desk.root)}" in answer.out
    assert copy.read_bytes().endswith(b"too late\n")
    assert verify(desk.journal).problems == ()
    assert codes(desk) == []
    assert "status: investigating" in desk.note.read_text()


def test_of_a_note_that_moved_it_is_laid_where_the_note_went(desk):
    desk("restrict", "01")
    file = displaced(desk)
    file.write_bytes(file.read_bytes() + b"too late\n")
    desk("doctor", "--fix")
    (copy,) = desk.root.rglob("* (conflicted copy *).md")
    assert str(copy.relative_to(desk.root)).startswith("incidents/restricted/2026/")
    assert copy.stat().st_mode & 0o777 == 0o600


def test_without_its_entry_it_is_laid_where_a_person_sees_it(desk):
    desk("ack")
    file = displaced(desk)
    file.write_bytes(b"too late\n")
    (entry,) = Path(desk.journal.place("journal")).glob(f"*/{file.name[:26]}")
    entry.unlink()
    desk("doctor", "--fix")
    (copy,) = desk.root.glob(f"late edit {entry.name} (conflicted copy *).md")
    assert copy.read_bytes() == b"too late\n"


# -- commands that were cut off ------------------------------------------------------------------------------------------


def test_a_command_that_was_cut_off_is_found_and_finished(desk):
    desk.note.with_name("INC-20261123-01 review.md").write_text("x")
    desk.die_after_swap(1, "restrict", "01")
    assert "cut-off: holds 1 command(s) that were cut off" in desk("doctor", code=5).err
    assert len(desk.journal.intents()) == 1, "nobody had agreed"
    answer = desk("doctor", "--fix")
    assert "mended: incident restrict of 20" in answer.out
    assert "had been cut off half way, and is finished now" in answer.out
    assert desk.journal.intents() == []
    assert not desk.note.exists()
    assert codes(desk) == []


def test_one_that_had_done_all_is_entered(desk):
    desk.die_after_swap(1, "ack")
    answer = desk("doctor", "--fix")
    assert "mended: what was cut off needed nothing more than to be entered, or forgotten\n" in answer.out
    assert desk.entries() == ["open", "ack"]


def test_one_that_cannot_be_finished_yet_stays_a_problem(desk, tmp_path):
    desk.die_after_swap(1, "ack")
    folder, away = desk.note.parent, tmp_path / "away"
    folder.rename(away)
    folder.symlink_to(away)
    (problem,) = examine(desk.call("doctor"), fix=True).problems
    assert problem.code == "cut-off"
    assert "incident ack of 20" in (problem.hint or "")
    assert "cannot be finished yet" in (problem.hint or "")
    folder.unlink()
    away.rename(folder)
    desk("doctor", "--fix")
    assert desk.entries() == ["open", "ack"]


def test_a_command_at_work_is_not_cut_off_and_a_file_of_somebody_else_is_none(desk):
    Path(desk.journal.place("intent", ".DS_Store")).write_bytes(b"theirs")
    assert codes(desk) == []
    desk.die_after_swap(1, "ack")
    with lock.hold(str(desk.root), "incident ack"):
        answer = desk("doctor")
    assert f"lock: held by process {os.getpid()} (incident ack) since 20" in answer.out


def test_json(lost):
    answer = lost("doctor", "--json", code=5)
    told = json.loads(answer.out)
    assert told["facts"]["lock"] == "free"
    assert (told["mended"], told["problems"]) == ([], 1)
    assert "lost-edit" in answer.err
    told = json.loads(lost("doctor", "--fix", "--json").out)
    assert (len(told["mended"]), told["problems"]) == (1, 0)
