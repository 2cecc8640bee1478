"""Taking a secret out: of the note, of what lies beside it, of all that is kept, on every machine that shares the folder."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import time
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from okb_incident.cli import kept_words
from okb_incident.cli.main import run
from okb_incident.vault.disk import writer
from okb_incident.vault.disk.writer import draft
from okb_incident.vault.index.store import Store
from okb_incident.vault.journal import privacy
from okb_incident.vault.journal.prune import prune
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.journal.verify import verify
from okb_incident.vault.note.frontmatter import read

SECRET = "hunter2-hunter2"


@pytest.fixture
def leaked(desk):
    """A note with a secret in it, and another entry after that."""
    desk("log", "-i", "01", f"logged in with {SECRET}")
    desk("ack")
    return desk


def holding(desk):
    """Name the files that hold the secret."""
    return [name for name, data in desk.all().items() if SECRET.encode() in data]


def test_it_is_taken_out_of_the_note_and_of_all_that_is_kept(leaked):
    answer = leaked("redact", "01", "--text", SECRET)
    assert holding(leaked) == []
    assert answer.out == ("removed from 1 note: incidents/2026/INC-20261123-01.md\ndeleted 2 copies in the journal\n")
    assert "**note** @alice: [redacted]" in leaked.note.read_text()
    assert verify(leaked.journal).problems == ()
    assert leaked.entries()[-1] == "redact"
    assert "taken out because of a secret" in leaked("undo", "--yes", code=1).err


def test_what_was_done_before_the_secret_can_still_be_taken_back(leaked):
    first = next(leaked.journal.entries()).id
    leaked("redact", "01", "--text", SECRET)
    assert "changed since incident open made it" in leaked("undo", "--yes", first, code=6).err


@pytest.mark.parametrize("to", ["incidents/2026/Sign-in.md", "archive/kept.md"])
def test_it_is_taken_out_of_a_note_that_somebody_renamed_or_moved(leaked, to):
    there = leaked.root / to
    there.parent.mkdir(exist_ok=True)
    leaked.note.rename(there)
    assert leaked("redact", "01", "--text", SECRET, "--dry-run").out.startswith(f"found in 1 note: {to}")
    assert leaked("redact", "01", "--text", SECRET).out.startswith(f"removed from 1 note: {to}\n")
    assert holding(leaked) == []


def test_it_is_taken_out_of_a_renamed_note_whose_id_is_a_list(leaked):
    leaked.type("id: INC-20261123-01", "id: [INC-20261123-01]")
    leaked.note.rename(leaked.note.with_name("Sign-in.md"))
    leaked("redact", "01", "--text", SECRET)
    assert holding(leaked) == []


def test_it_is_taken_out_of_a_copy_by_hand(leaked):
    (leaked.root / "my copy.md").write_bytes(leaked.note.read_bytes())
    leaked("redact", "01", "--text", SECRET)
    assert holding(leaked) == []


def test_a_dry_run_says_where_it_is_and_writes_nothing(leaked):
    before = leaked.all()
    answer = leaked("redact", "01", "--text", SECRET, "--dry-run")
    assert answer.out == "found in 1 note: incidents/2026/INC-20261123-01.md\n"
    assert leaked.all() == before
    assert leaked("redact", "01", "--text", "not there", "--dry-run").out == "found in 0 notes\n"


@pytest.mark.parametrize("text", ["abc", "", " ab \t "])
def test_what_is_too_short_to_be_a_secret_is_refused(leaked, text):
    before = leaked.all()
    assert "must have at least 4 characters" in leaked("redact", "01", "--text", text, code=2).err
    assert leaked.all() == before


def test_a_text_that_is_nowhere_is_not_found(leaked):
    answer = leaked("redact", "01", "--text", "not there", code=4)
    assert "in no note of INC-20261123-01 and in nothing that the journal keeps" in answer.err
    assert "not there" not in answer.err, "what may be a secret is not repeated"


def test_a_secret_that_only_the_journal_keeps_is_taken_out_of_it(leaked):
    leaked.type(f"logged in with {SECRET}", "logged in")
    answer = leaked("redact", "01", "--text", SECRET)
    assert "removed from 0 notes\n" in answer.out
    assert holding(leaked) == []


def test_companions_and_conflict_copies_are_the_incidents_own(leaked):
    names = [
        "INC-20261123-01 review.md",
        "INC-20261123-01 (conflicted copy 2026-11-23).md",
        "INC-20261123-01.sync-conflict-20261123-020100-ABCDEF.md",
        "INC-20261123-01.md.orig",
        "INC-20261123-01.md~",
    ]
    for name in names:
        leaked.note.with_name(name).write_text(f"it is {SECRET}\n")
    assert "removed from 6 notes" in leaked("redact", "01", "--text", SECRET).out
    assert holding(leaked) == []
    assert {leaked.note.with_name(name).read_text() for name in names} == {"it is REDACTED\n"}


def test_other_notes_are_named_and_left_alone(leaked):
    other = leaked.note.with_name("INC-20261123-010.md")
    other.write_text(SECRET)
    (leaked.root / "people").mkdir(exist_ok=True)
    (leaked.root / "people/bob.md").write_text(f"says {SECRET}")
    answer = leaked("redact", "01", "--text", SECRET)
    assert "other files contain it too: incidents/2026/INC-20261123-010.md, people/bob.md" in answer.err
    assert other.read_text() == SECRET
    assert (leaked.root / "people/bob.md").read_text() == f"says {SECRET}"


def test_packed_images_are_looked_into(leaked, monkeypatch):
    later = time.time() + 4000
    monkeypatch.setattr(time, "time", lambda: later)
    prune(leaked.journal)
    leaked("redact", "01", "--text", SECRET)
    for wanted in {change.after for entry in leaked.journal.entries() for change in entry.changes}:
        assert SECRET.encode() not in (leaked.journal.image(wanted) or b"")


def test_the_journals_of_other_machines_are_looked_into(leaked, another_machine):
    other = another_machine()
    leaked("redact", "01", "--text", SECRET)
    assert holding(leaked) == []
    assert verify(other).problems == ()


def test_the_index_of_the_vault_is_gone(leaked):
    leaked("search", "hunter2")
    index = Store(str(leaked.root))._path()
    assert index
    files = Path(index).parent.glob(f"{Path(index).name}*")
    assert any(b"hunter2" in path.read_bytes() for path in files)
    leaked("redact", "01", "--text", SECRET)
    assert not list(Path(index).parent.glob(f"{Path(index).name}*"))
    assert "INC-20261123-01" in leaked("search", "REDACTED").out


def test_a_history_in_git_is_said(leaked):
    assert "git has" not in leaked("redact", "01", "--text", SECRET, "--dry-run").err
    leaked.git("init", "-q")
    leaked.git("add", "-A")
    leaked.git("commit", "-qm", "Oops")
    assert "git has the note in its history" in leaked("redact", "01", "--text", SECRET).err


def test_json(leaked):
    told = json.loads(leaked("redact", "01", "--text", SECRET, "--json").out)
    assert told["notes"] == ["incidents/2026/INC-20261123-01.md"]
    assert len(told["images"]) == 2
    assert (told["elsewhere"], told["in_git"]) == ([], [])


def test_it_is_read_from_standard_input_without_its_line_end(leaked, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{SECRET}\r\n"))
    leaked("redact", "01")
    assert "**note** @alice: [redacted]\n" in leaked.note.read_text()


def test_a_restricted_note_stays_its_owners(leaked):
    leaked("restrict", "01")
    leaked("redact", "INC-20261123-01", "--text", SECRET)
    there = leaked.root / "incidents/restricted/2026/INC-20261123-01.md"
    assert there.stat().st_mode & 0o777 == 0o600
    assert holding(leaked) == []


def test_what_was_cut_off_is_finished_first_and_holds_no_secret(leaked):
    leaked.die_after_swap(1, "log", "-i", "01", f"again {SECRET}")
    leaked("redact", "01", "--text", SECRET)
    assert holding(leaked) == []
    assert leaked.journal.intents() == []
    assert leaked.note.read_text().count("**note** @alice: [redacted]") == 2


# -- in every form -----------------------------------------------------------------------------------------------------

HARD = 'pa"ss\\w0rd9 ü%'


def test_it_is_taken_out_in_the_forms_of_yaml_json_and_addresses(desk):
    desk("set", "01", f"trigger=used {HARD}")
    desk("action", "add", "-i", "01", f"rotate {HARD} now")
    with desk.note.open("a") as note:
        note.write(
            f"{json.dumps(HARD)}\n{json.dumps(HARD, ensure_ascii=False)}\nhttps://x/?p={quote(HARD)}&q={quote_plus(HARD)}\n"
        )
    desk("redact", "01", "--text", HARD)
    text = desk.note.read_text()
    assert "w0rd9" not in text
    assert 'trigger: "used REDACTED"\n' in text
    assert "- [ ] rotate REDACTED now #incident/action" in text
    assert text.endswith('"REDACTED"\n"REDACTED"\nhttps://x/?p=REDACTED&q=REDACTED\n')
    assert [name for name, data in desk.all().items() if b"w0rd9" in data] == []
    desk("check")


@pytest.mark.parametrize(
    ("written", "secret"),
    [
        (r'"used \x68unter\u0032-hunter2"', SECRET),
        ("'it''s hunter2'", "it's hunter2"),
        ('"used hun\\\n  ter2-hunter2"', SECRET),
        ("used hunter2\n  hunter2", "hunter2 hunter2"),
        ("12345678", "2345678"),
    ],
)
def test_it_is_taken_out_of_a_property_as_it_is_read(desk, written, secret):
    desk.type("severity:", f"trigger: {written}\nseverity:")
    assert "removed from 1 note" in desk("redact", "01", "--text", secret).out
    assert "REDACTED" in str(read(desk.note.read_text(), "").values["trigger"])
    assert desk("redact", "01", "--text", secret, code=4)


def test_a_secret_that_is_part_of_the_mark_is_refused(leaked):
    assert "a part of the mark" in leaked("redact", "01", "--text", "redacted", code=2).err


def test_of_an_entry_moment_kind_and_actor_stay(leaked):
    leaked("severity", "01", "sev1", f"they have {SECRET}")
    leaked("log", "-i", "01", f"hypothesis: {SECRET} is wrong", "--external", "--at", "-2h")
    before = [line for line in leaked.note.read_text().splitlines() if SECRET in line]
    leaked("redact", "01", "--text", SECRET)
    text = leaked.note.read_text()
    assert len(before) == 3
    for line in before:
        head = line[: line.index("@alice:") + len("@alice:")]
        assert f"{head} [redacted]" in text
    assert "#external" not in text
    assert "[redacted] (recorded 2026-11-23T12:00:00)" in text
    leaked("check")


def test_the_digest_of_a_message_that_held_it_goes_too(desk):
    desk("tell", "01", "team", f"Use {SECRET} for now.", code=None)
    desk("redact", "01", "--text", SECRET)
    (message,) = desk.note.parent.glob("* update 1 *.md")
    assert "digest: REDACTED\n" in message.read_text()
    desk("check")


# -- and for good ------------------------------------------------------------------------------------------------------


def bring_back(desk):
    """Let the doctor do all it can, and return the files that hold the secret then."""
    desk("doctor", "--fix", code=None)
    return holding(desk)


def test_no_hash_of_an_image_that_held_it_is_kept_as_a_stone(leaked):
    leaked("redact", "01", "--text", SECRET)
    assert not list(Path(leaked.journal.place("images")).glob("*.redacted"))


def test_the_doctor_brings_nothing_back_in_another_clone(leaked, tmp_path):
    clone = tmp_path / "clone"
    shutil.copytree(leaked.root, clone)
    leaked("redact", "01", "--text", SECRET)
    redacted = leaked.note.read_bytes()
    leaked.root, leaked.note = clone, clone / leaked.note.relative_to(leaked.root)
    leaked.note.write_bytes(redacted)
    answer = leaked("doctor", "--fix")
    assert answer.out.endswith("all is well\n")
    assert leaked.note.read_bytes() == redacted
    assert SECRET not in leaked("history", "01").out


def test_a_task_and_a_property_do_not_come_back_in_another_clone(desk, tmp_path):
    desk("action", "add", "-i", "01", f"rotate {SECRET} now")
    desk("set", "01", f"trigger={SECRET}")
    shutil.copytree(desk.root, tmp_path / "clone")
    desk("redact", "01", "--text", SECRET)
    redacted = desk.note.read_bytes()
    desk.root, desk.note = tmp_path / "clone", tmp_path / "clone" / desk.note.relative_to(desk.root)
    desk.note.write_bytes(redacted)
    desk("doctor", "--fix")
    assert desk.note.read_bytes() == redacted


def test_what_is_redone_in_another_clone_comes_without_it(leaked, tmp_path, monkeypatch):
    shutil.copytree(leaked.root, tmp_path / "clone")
    leaked("redact", "01", "--text", SECRET)
    redacted = leaked.note.read_bytes()
    leaked.root, leaked.note = tmp_path / "clone", tmp_path / "clone" / leaked.note.relative_to(leaked.root)
    monkeypatch.setenv("INCIDENT_NOW", "2026-11-23T12:04:00Z")
    leaked("log", "-i", "01", "pool is full")
    leaked.note.write_bytes(redacted)
    assert "incident log" in leaked("doctor", "--fix").out
    text = leaked.note.read_text()
    assert "pool is full" in text
    assert SECRET not in text


def test_a_late_save_is_brought_in_without_it(leaked):
    leaked("log", "-i", "01", "more")
    file = max(Path(leaked.journal.place("displaced")).iterdir())
    file.write_bytes(file.read_bytes() + b"typed by a person\n")
    leaked("redact", "01", "--text", SECRET)
    assert holding(leaked) == []
    assert b"typed by a person\n" in leaked.note.read_bytes()


def test_what_an_editor_saves_after_it_is_laid_out_without_it(leaked):
    before = leaked.note.read_bytes()
    leaked("redact", "01", "--text", SECRET)
    (file,) = [path for path in Path(leaked.journal.place("displaced")).iterdir() if not path.read_bytes()]
    file.write_bytes(before + b"typed by a person\n")
    leaked("doctor", "--fix", "--only", "edits")
    (copy,) = leaked.note.parent.glob("* (conflicted copy *).md")
    assert copy.read_bytes().endswith(b"typed by a person\n")
    assert SECRET.encode() not in copy.read_bytes()


def test_one_that_was_cut_off_is_finished_by_the_next_command(leaked):
    leaked.die_after_swap(1, "redact", "01", "--text", SECRET)
    assert SECRET not in leaked.note.read_text()
    assert holding(leaked), "what is kept holds it still"
    leaked("log", "-i", "01", "next")
    assert holding(leaked) == []
    assert bring_back(leaked) == []
    assert leaked.journal.intents() == []
    assert verify(leaked.journal).problems == ()


def test_one_that_was_cut_off_is_not_put_over_what_somebody_typed_since(leaked):
    leaked("action", "add", "-i", "01", f"rotate {SECRET} now")
    companion = leaked.note.with_name("INC-20261123-01 review.md")
    companion.write_text(f"it is {SECRET}\n")
    leaked.die_after_swap(1, "redact", "01", "--text", SECRET)
    (first,) = [path for path in (leaked.note, companion) if SECRET not in path.read_text()]
    (other,) = {leaked.note, companion} - {first}
    other.write_text(other.read_text() + "typed since\n")
    leaked("log", "-i", "01", "next")
    assert other.read_text().endswith("typed since\n")
    assert holding(leaked) == []
    assert not list(leaked.note.parent.glob("*conflicted*"))


def test_one_that_was_cut_off_before_anything_changed_says_so(leaked):
    pid = os.fork()
    if not pid:

        def die(temp, *given, **named):
            if ".draft." in temp:
                os._exit(137)
            draft(temp, *given, **named)

        vars(writer)["draft"] = die
        run(["--vault", str(leaked.root), "--as", "alice", "redact", "01", "--text", SECRET])
        os._exit(0)
    os.waitpid(pid, 0)
    assert "incident redact of 20" in (said := leaked("log", "-i", "01", "next").err)
    assert "was cut off before it changed anything; run it again" in said
    assert SECRET in leaked.note.read_text()
    leaked("redact", "01", "--text", SECRET)
    assert holding(leaked) == []


def test_where_only_the_journal_has_it_being_cut_off_brings_it_back_neither(leaked, monkeypatch):
    leaked.type(f"logged in with {SECRET}", "logged in")

    def refuse(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(privacy, "purge", refuse)
    said = leaked("redact", "01", "--text", SECRET, code=3).err
    assert "what is kept of them could not be thrown away yet: " in said
    monkeypatch.undo()
    monkeypatch.setenv("INCIDENT_NOW", "2026-11-23T12:00:00Z")
    assert bring_back(leaked) == []


def test_temps_that_nobody_needs_go_and_those_of_another_machine_are_named(leaked):
    orphan = leaked.note.with_name(f".{leaked.note.name}.01M8326CX0M4W7Y2N8R5T6V9ZB.0.tmp-incident")
    orphan.write_text(SECRET)
    other = Journal(str(leaked.root), "another")
    begun = other.begin("incident ack", "bob", [])
    theirs = leaked.note.with_name(f".{leaked.note.name}.{begun.id}.0.tmp-incident")
    theirs.write_text(SECRET)
    answer = leaked("redact", "01", "--text", SECRET)
    assert not orphan.exists()
    assert f"other files contain it too: incidents/2026/{theirs.name}" in answer.err


def test_words_that_were_kept_for_a_printed_command_go_too(leaked):
    kept_words.as_typed(f"two\nlines with {SECRET}")
    kept_words.as_typed("two\nother lines")
    leaked("redact", "01", "--text", SECRET)
    # The folder is the user's, so other tests may have kept words in it.
    left = [file.read_text() for file in Path(kept_words._folder()).iterdir()]
    assert "two\nother lines" in left
    assert not [words for words in left if SECRET in words]


def test_a_file_with_other_names_keeps_them(leaked, tmp_path):
    backup = tmp_path / "backup.md"
    os.link(leaked.note, backup)
    answer = leaked("redact", "01", "--text", SECRET)
    assert "only this one has the new text, the others keep the old" in answer.err
    assert SECRET in backup.read_text()
    assert holding(leaked) == []
