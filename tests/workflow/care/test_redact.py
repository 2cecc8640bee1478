"""Taking a secret out: of the note, of what lies beside it, of all that is kept, on every machine that shares the folder."""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path

import pytest

from okb_incident.vault.index.store import Store
from okb_incident.vault.journal.prune import prune
from okb_incident.vault.journal.verify import verify

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
    assert answer.out == (
        "taken out of 1 note(s): incidents/2026/INC-20261123-01.md\n2 image(s) that held it were thrown away\n"
    )
    assert "logged in with REDACTED" in leaked.note.read_text()
    assert verify(leaked.journal).problems == ()
    assert leaked.entries()[-1] == "redact"
    assert "taken out because of a secret" in leaked("undo", code=1).err


def test_what_was_done_before_the_secret_can_still_be_taken_back(leaked):
    first = next(leaked.journal.entries()).id
    leaked("redact", "01", "--text", SECRET)
    assert "changed since incident open made it" in leaked("undo", first, code=6).err


def test_a_dry_run_says_where_it_is_and_writes_nothing(leaked):
    before = leaked.all()
    answer = leaked("redact", "01", "--text", SECRET, "--dry-run")
    assert answer.out == "it is in 1 note(s): incidents/2026/INC-20261123-01.md\n"
    assert leaked.all() == before
    assert leaked("redact", "01", "--text", "not there", "--dry-run").out == "it is in 0 note(s)\n"


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
    assert "taken out of 0 note(s)\n" in answer.out
    assert holding(leaked) == []


def test_companions_and_conflict_copies_are_the_incidents_own(leaked):
    names = [
        "INC-20261123-01 review.md",
        "INC-20261123-01 (conflicted copy 2026-11-23).md",
        "INC-20261123-01.sync-conflict-20261123-020100-ABCDEF.md",
    ]
    for name in names:
        leaked.note.with_name(name).write_text(f"it is {SECRET}\n")
    assert "taken out of 4 note(s)" in leaked("redact", "01", "--text", SECRET).out
    assert holding(leaked) == []
    assert {leaked.note.with_name(name).read_text() for name in names} == {"it is REDACTED\n"}


def test_other_notes_are_named_and_left_alone(leaked):
    other = leaked.note.with_name("INC-20261123-010.md")
    other.write_text(SECRET)
    (leaked.root / "people").mkdir(exist_ok=True)
    (leaked.root / "people/bob.md").write_text(f"says {SECRET}")
    answer = leaked("redact", "01", "--text", SECRET)
    assert "it stands in other notes too: incidents/2026/INC-20261123-010.md, people/bob.md" in answer.err
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
    assert "logged in with REDACTED\n" in leaked.note.read_text()


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
    assert "again REDACTED" in leaked.note.read_text()
