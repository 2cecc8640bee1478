"""The doctor: what went wrong between commands and editors is found, said, and made good where somebody agrees."""

from __future__ import annotations

import errno
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


def save_late(desk, more):
    """Save into the file that the last command displaced, as an editor does that holds it open, and return it."""
    file = displaced(desk)
    file.write_bytes(file.read_bytes() + more)
    return file


# -- edits that are gone -------------------------------------------------------------------------------------------------


def test_all_is_well_where_nothing_is_wrong(desk):
    answer = desk("doctor")
    assert f"vault: {desk.root}, found by --vault\n" in answer.out
    assert "lock: free\n" in answer.out
    assert f"{desk.journal.machine}, last entry {next(desk.journal.backward()).id}\n" in answer.out
    assert answer.out.endswith("all is well\n")


def test_it_does_not_call_well_what_it_cannot_read(lost, monkeypatch):
    ordinary = os.open

    def refuse(path, *given, **options):
        if str(path) == str(lost.note):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return ordinary(path, *given, **options)

    monkeypatch.setattr(os, "open", refuse)
    for words in (("doctor",), ("doctor", "--fix")):
        answer = lost(*words, code=5)
        assert f"{NAME}: unreadable: cannot be read: Permission denied" in answer.err
        assert "all is well" not in answer.out
    monkeypatch.setattr(os, "open", ordinary)
    assert "repaired: incident ack" in lost("doctor", "--fix").out


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
    assert "repaired: incident ack of 20" in answer.out
    assert answer.out.endswith("all is well\n")
    text = lost.note.read_text()
    assert "status: investigating" in text
    assert "Cards fail." in text
    assert lost.entries() == ["open", "ack", "doctor"]
    assert codes(lost) == []


def test_what_the_doctor_did_is_taken_back_like_any_command(lost):
    before = lost.note.read_bytes()
    lost("doctor", "--fix")
    lost("undo", "--yes")
    assert lost.note.read_bytes() == before


def test_what_a_later_command_took_out_or_an_undo_took_back_is_not_lost(desk):
    desk("ack")
    desk("undo", "--yes")
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
    assert ["incident log" in each for each in (one.said for one in examined.repaired)] == [True]
    assert "seen" in lost.note.read_text()
    assert "status: triage" in lost.note.read_text()


# -- edits that came too late --------------------------------------------------------------------------------------------


def test_what_an_editor_saved_too_late_is_named_and_merged(desk):
    desk("ack")
    late = save_late(desk, b"too late\n")
    answer = desk("doctor", code=5)
    assert answer.err.count("late-edit") == 1
    assert f"{NAME}: late-edit: an editor went on saving it after incident ack had put another file" in answer.err
    # However long ago it was, and whatever is remembered of it.
    Path(desk.journal.place("recent")).unlink()
    assert "late-edit" in desk("doctor", code=5).err
    answer = desk("doctor", "--fix")
    assert f"repaired: an editor went on saving {NAME} after incident ack had" in answer.out
    assert "the rest is merged into it now" in answer.out
    assert desk.note.read_bytes().endswith(b"too late\n")
    assert "status: investigating" in desk.note.read_text()
    assert list(desk.root.rglob("* (conflicted copy *).md")) == []
    assert not late.exists()
    assert verify(desk.journal).problems == ()
    assert codes(desk) == []


def test_of_a_note_that_moved_it_goes_where_the_note_went_and_is_not_named(desk):
    desk("log", "moves soon")
    late = save_late(desk, b"too late\n")
    desk("restrict", "01", "--as", "alice")
    save_late(desk, b"later still\n")
    answer = desk("list")
    assert ".incident/" in answer.err
    assert "INC-20261123-01" not in answer.err.replace(late.name, "")
    answer = desk("doctor", "--fix")
    assert "a restricted note" in answer.out
    assert "INC-20261123-01" not in answer.out
    (note,) = desk.root.rglob("incidents/restricted/2026/INC-20261123-01.md")
    assert b"too late\n" in note.read_bytes()
    assert b"later still\n" in note.read_bytes()
    assert note.stat().st_mode & 0o777 == 0o600


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
    assert "repaired: incident restrict of 20" in answer.out
    assert "had been cut off half way, and is finished now" in answer.out
    assert desk.journal.intents() == []
    assert not desk.note.exists()
    assert codes(desk) == []


def test_one_that_had_done_all_is_entered(desk):
    desk.die_after_swap(1, "ack")
    answer = desk("doctor", "--fix")
    assert "repaired: what was cut off needed nothing more than to be entered, or forgotten\n" in answer.out
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
    assert told["setup"]["lock"] is None
    assert (told["repaired"], told["problems"]) == ([], 1)
    (answered,) = told["findings"]
    assert answered["code"] == "lost-edit"
    assert "lost-edit" in answer.err
    told = json.loads(lost("doctor", "--fix", "--json").out)
    assert (told["problems"], told["findings"]) == (0, [])
    (repair,) = told["repaired"]
    assert (repair["code"], repair["path"]) == ("lost-edit", answered["path"])
    assert "again" in repair["message"]


# -- other machines that share the folder --------------------------------------------------------------------------------


def cut_off(desk, machine):
    """Let another machine have died in the middle of a command, after the swap."""
    desk.die_after_swap(1, "ack")
    entry = desk.journal.unfinished()[0]
    other = machine()
    return other, f"incident ack of {entry.at}"


@pytest.mark.parametrize("words", [("list",), ("log", "quiet"), ("doctor", "--fix"), ("open", "Another one")])
def test_what_another_machine_left_unfinished_is_named_by_every_command_and_left_alone(desk, another_machine, words):
    other, what = cut_off(desk, another_machine)
    intents = other.intents()
    answer = desk(*words, code=None)
    assert f"incident: unfinished on machine another: {what}; the next command there finishes it" in answer.err
    assert f"incident --vault {desk.root} doctor --fix --machine another\n" in answer.err
    assert other.intents() == intents
    assert len(list(desk.note.parent.glob(".*.tmp-incident"))) == 1


def test_the_doctor_finishes_it_where_a_person_says_so(desk, another_machine):
    other, what = cut_off(desk, another_machine)
    found = desk("doctor", code=5)
    assert f".incident/another/intent: cut-off: holds what another machine left unfinished: {what}" in found.err
    asked = desk("doctor", "--machine", "another", code=5)
    assert "another/intent: cut-off: holds 1 command(s) that were cut off" in asked.err
    done = desk("doctor", "--fix", "--machine", "another")
    assert "repaired: what was cut off" in done.out
    assert other.intents() == []
    assert "investigating" in desk.note.read_text()
    assert list(desk.note.parent.glob(".*.tmp-incident")) == []
    assert verify(other).problems == ()
    assert desk("list").err == ""


def test_a_machine_is_named_by_its_host_where_only_one_has_that_name(desk, another_machine):
    other, _ = cut_off(desk, another_machine)
    os.rename(other.place(), desk.root / ".incident/web-12345678")
    (desk.root / ".incident/web-87654321").mkdir()
    refused = desk("doctor", "--fix", "--machine", "web", code=4)
    assert "2 machines are called 'web' in this vault" in refused.err
    assert "Choose from web-12345678, web-87654321." in refused.err
    (desk.root / ".incident/web-87654321").rmdir()
    assert "repaired: " in desk("doctor", "--fix", "--machine", "web").out
    assert "no machines are called 'db'" in desk("doctor", "--fix", "--machine", "db", code=4).err


def test_a_command_that_is_at_work_elsewhere_is_not_unfinished(desk, another_machine):
    cut_off(desk, another_machine)
    with lock.hold(str(desk.root), "incident ack"):
        assert desk("list").err == ""


@pytest.mark.parametrize("machine", ["0-first", "zz-last"])
def test_of_another_machine_only_what_it_left_unfinished_is_meant(desk, another_machine, machine):
    other, _ = cut_off(desk, another_machine)
    os.rename(other.place(), desk.root / ".incident" / machine)
    desk("restrict", "01")

    def problems(*words: str) -> int:
        return int(json.loads(desk("doctor", *words, "--json", code=5).out)["problems"])

    (note,) = desk.root.glob("incidents/restricted/*/*.md")
    note.chmod(0o600)
    here, there = problems(), problems("--machine", machine)
    note.chmod(0o644)
    assert (problems(), problems("--machine", machine)) == (here + 1, there)


def test_an_intent_that_cannot_be_read_here_is_counted(desk, another_machine):
    other, what = cut_off(desk, another_machine)
    Path(other.place("intent", "01M8326CX0M4W7Y2N8R5T6V9ZB")).write_bytes(b"half of it")
    assert f"{what}, 1 more; the next command there" in desk("list").err
    Path(other.place("intent", other.intents()[-1])).unlink()
    assert "unfinished on machine another: 1 that cannot be read here; " in desk("list").err


def test_many_machines_are_counted(desk, another_machine):
    other, _ = cut_off(desk, another_machine)
    for number in range(4):
        folder = desk.root / f".incident/more{number}/intent"
        folder.mkdir(parents=True)
        (folder / other.intents()[0]).write_bytes(Path(other.place("intent", other.intents()[0])).read_bytes())
    lines = desk("list").err.splitlines()
    assert len(lines) == 4
    assert lines[-1] == "incident: 2 more machines left commands unfinished"


# -- a host that was renamed, and folders of older versions --------------------------------------------------------------


def host(monkeypatch, name):
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("Linux", name, "6", "1", "x86_64")))


def test_a_renamed_host_goes_on_with_its_own_journal(desk, monkeypatch):
    desk("ack")
    old = desk.journal
    host(monkeypatch, "renamed")
    assert desk.journal.machine == old.machine
    assert "incident ack" in desk("history").out
    assert os.path.isdir(old.place()), "who only reads renames nothing"
    desk("undo", "--yes")
    assert desk.journal.machine.startswith("renamed-")
    assert not os.path.exists(old.place())
    assert [each.partition(" ")[0] for each in desk.entries()] == ["open", "ack", "undo"]
    assert "status: triage" in desk.note.read_text()


def test_what_a_host_left_unfinished_it_finishes_under_its_new_name(desk, monkeypatch):
    desk.die_after_swap(1, "ack")
    host(monkeypatch, "renamed")
    desk("log", "on we go")
    assert desk.journal.intents() == []
    assert desk.entries() == ["open", "ack", "log"]


def test_the_journal_of_an_older_version_goes_on(desk):
    desk("ack")
    old = desk.journal.place()
    bare = desk.root / ".incident" / os.uname().nodename
    os.rename(old, bare)
    (bare / "machine").unlink()
    assert "incident ack" in desk("history").out
    desk("undo", "--yes")
    assert not bare.exists()
    assert desk.journal.place() == old
    assert desk.entries() == ["open", "ack", "undo"]
    assert Path(old, "machine").read_text() == f"inode {os.stat(old).st_ino}\n"


# -- what others may read ------------------------------------------------------------------------------------------------


def bits(desk, *paths):
    return [oct((desk.root / path).stat().st_mode & 0o777) for path in paths]


def test_what_is_open_to_others_is_named_and_closed(desk):
    desk("restrict", "INC-20261123-01")
    note = "incidents/restricted/2026/INC-20261123-01.md"
    places = (".incident", "incidents/restricted", "incidents/restricted/2026", note)
    closed = oct(desk.root.stat().st_mode & 0o770)
    assert bits(desk, *places) == [closed, closed, closed, "0o600"]
    for place in places:
        (desk.root / place).chmod(0o755)
    answer = desk("doctor", code=5)
    assert ".incident: open-to-others: can be read by others" in answer.err
    assert "incidents/restricted: open-to-others: others can read the folder, or something in it\n" in answer.err
    assert "INC-" not in answer.err.replace(str(desk.root), "")
    desk("doctor", "--fix")
    assert bits(desk, *places) == [closed, closed, closed, "0o600"]


def test_the_next_command_that_writes_closes_the_folders_and_its_note(desk):
    desk("restrict", "INC-20261123-01")
    note = "incidents/restricted/2026/INC-20261123-01.md"
    for place in (".incident", "incidents/restricted", note):
        (desk.root / place).chmod(0o755)
    desk("log", "-i", "INC-20261123-01", "quiet")
    closed = oct(desk.root.stat().st_mode & 0o770)
    assert bits(desk, ".incident", "incidents/restricted", note) == [closed, closed, "0o600"]


# -- names that were given away meanwhile --------------------------------------------------------------------------------


def test_an_action_that_is_brought_back_gets_a_name_of_its_own(desk):
    buffer = desk.note.read_bytes()
    desk("action", "add", "call the bank")
    desk.note.write_bytes(buffer)
    desk("action", "add", "page the carrier")
    answer = desk("doctor", "--fix")
    assert "again; a1 became a2, because a1 is now another one\n" in answer.out
    text = desk.note.read_text()
    assert "call the bank #incident/action 🆔 INC-20261123-01-a2 " in text
    assert "page the carrier #incident/action 🆔 INC-20261123-01-a1 " in text
