"""Keeping an incident from others: who may read its files, what git is told, and the way back."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from okb_incident.errors import VaultError
from okb_incident.vault.disk.digest import digest
from okb_incident.workflow.care import restrict as workflow

THERE = "incidents/restricted/2026/INC-20261123-01.md"
REVIEW = "INC-20261123-01 review.md"
IGNORE = "incidents/restricted/.gitignore"


def mode(path):
    return os.stat(path).st_mode & 0o777


@pytest.fixture
def review(desk):
    """A companion of the note, as a writer made it."""
    path = desk.note.with_name(REVIEW)
    path.write_text("---\ntype: incident-review\n---\n")
    path.chmod(0o644)
    return path


def test_note_companions_images_and_entry_are_for_the_owner_alone(desk, review):
    desk("ack")
    before = desk.note.read_bytes()
    desk("open", "Another matter")
    desk("restrict", "01")
    there = desk.root / THERE
    assert not desk.note.exists()
    assert not review.exists()
    assert "visibility: restricted" in there.read_text()
    assert {mode(there), mode(there.with_name(REVIEW))} == {0o600}
    (name, _) = list(desk.journal.files())[-1]
    (entry,) = Path(desk.journal.place("journal")).glob(f"*/{name}")
    assert mode(entry) == 0o600
    kept = [path for folder in ("images", "displaced") for path in Path(desk.journal.place(folder)).iterdir()]
    about = [path for path in kept if b"Checkout is slow" in path.read_bytes()]
    assert {digest(before)} <= {path.name.rpartition("-")[2] for path in about}
    assert {mode(path) for path in about} == {0o600}
    assert 0o644 in {mode(path) for path in kept}, "what is kept of others is as it was"


def test_what_is_kept_of_it_from_before_somebody_moved_it_is_closed_too(desk):
    desk("ack")
    (desk.root / "desk").mkdir()
    desk.note.rename(desk.root / "desk/kept.md")
    desk("log", "somewhere else")
    (desk.root / "desk/kept.md").rename(desk.root / "desk/again.md")
    desk("restrict", "01")
    kept = [path for folder in ("images", "displaced") for path in Path(desk.journal.place(folder)).iterdir()]
    assert len(kept) > 3
    assert {mode(path) for path in kept} == {0o600}


def test_what_another_machine_keeps_of_it_is_closed_too(desk, another_machine):
    desk("ack")
    other = another_machine()
    desk("restrict", "01")
    kept = [*Path(other.place("images")).iterdir(), *Path(other.place("displaced")).iterdir()]
    assert {mode(path) for path in kept} == {0o600}


def test_git_is_told_once_to_ignore_the_folder(desk):
    desk("open", "A leak")
    desk.git("init", "-q")
    desk("restrict", "01")
    ignore = desk.root / IGNORE
    assert ignore.read_bytes() == b"*\n"
    ignore.write_bytes(b"*.md\n")
    desk("restrict", "02")
    assert ignore.read_bytes() == b"*.md\n", "whoever has changed it meant it"
    desk.git("check-ignore", THERE)


def test_git_may_track_it_where_that_is_asked_for(desk):
    desk("restrict", "01", "--tracked")
    assert (desk.root / THERE).exists()
    assert not (desk.root / IGNORE).exists()


def test_what_git_has_already_is_said(desk):
    desk.git("init", "-q")
    assert "git has" not in desk("restrict", "01").err
    desk("undo", "--yes")
    desk.git("add", "-f", "incidents/2026")
    desk.git("commit", "-qm", "Oops")
    assert "git has incidents/2026/INC-20261123-01.md in its history already" in desk("restrict", "01").err


def test_a_dry_run_tells_moves_and_change_and_writes_nothing(desk, review):
    before = desk.all()
    answer = desk("restrict", "01", "--dry-run")
    assert f"incidents/2026/INC-20261123-01.md → {THERE}\n" in answer.out
    assert f"incidents/2026/{REVIEW} → incidents/restricted/2026/{REVIEW}\n" in answer.out
    assert "+visibility: restricted" in answer.out
    assert desk.all() == before


def test_what_is_restricted_already_stays_as_it_is(desk):
    desk("restrict", "01")
    before = desk.all()
    answer = desk("restrict", "INC-20261123-01")
    assert "already" in answer.out
    assert desk.all() == before


def test_a_note_that_somebody_moved_there_gets_what_it_lacks(desk):
    there = desk.root / THERE
    there.parent.mkdir(parents=True)
    desk.note.rename(there)
    there.with_name(REVIEW).write_text("x")
    desk("restrict", "INC-20261123-01")
    assert "visibility: restricted" in there.read_text()
    assert mode(there) == 0o600


def test_json_tells_where_it_is(desk):
    told = json.loads(desk("restrict", "01", "--json").out)
    assert THERE in json.dumps(told)


def test_the_way_back(desk, review):
    before = desk.note.read_text()
    desk("restrict", "01")
    desk("restrict", "--off", "INC-20261123-01", "--dry-run")
    assert (desk.root / THERE).exists()
    desk("restrict", "--off", "INC-20261123-01")
    assert {mode(desk.note), mode(review)} == {0o644}
    assert not (desk.root / THERE).exists()
    assert "visibility" not in desk.note.read_text()
    assert "restricted" in desk.note.read_text().removeprefix(before[:20]), "the timeline says that it was"
    assert "01" in desk("list").out


def test_a_restricted_incident_is_released_by_its_whole_id_only(desk):
    desk("restrict", "01")
    desk("restrict", "--off", "01", code=4)
    assert (desk.root / THERE).exists()


def test_a_copy_whose_name_is_taken_there_is_closed_where_it_is_and_named(desk, review):
    there = desk.root / THERE
    there.parent.mkdir(parents=True)
    there.with_name(REVIEW).write_bytes(b"theirs\n")
    answer = desk("restrict", "INC-20261123-01")
    assert (
        f"copies that stay outside the restricted folder, readable by their owner only: incidents/2026/{REVIEW}"
        in answer.err
    )
    assert mode(review) == mode(there.with_name(REVIEW)) == 0o600
    assert there.with_name(REVIEW).read_bytes() == b"theirs\n"


COPIES = [
    "incidents/2026/INC-20261123-01.sync-conflict-20261123-020100-ABCDEFG.md",
    "incidents/2026/INC-20261123-01 (conflicted copy 2026-11-23).md",
    "incidents/2026/INC-20261123-01.md.orig",
    "incidents/2026/INC-20261123-01.md~",
    "archive/INC-20261123-01 old.md",
    "archive/my copy.md",
    "Copy of INC-20261123-01.md",
]


def test_copies_go_along_whatever_made_them_and_come_back(desk):
    (desk.root / "archive").mkdir()
    for path in COPIES:
        (desk.root / path).write_bytes(desk.note.read_bytes())
    before = desk.all()
    answer = desk("restrict", "01")
    told = next(line for line in answer.err.splitlines() if "copies moved with it" in line)
    for path in COPIES:
        there = (desk.root / THERE).with_name(os.path.basename(path))
        assert not (desk.root / path).exists()
        assert mode(there) == 0o600
        assert path in told or os.path.basename(path).startswith("INC-20261123-01 (")
    desk("undo", "--yes")
    assert {
        path: data for path, data in desk.all().items() if not path.startswith((".incident", "incidents/restricted"))
    } == {path: data for path, data in before.items() if not path.startswith(".incident")}


def test_what_an_editor_or_a_waste_basket_hides_is_closed_and_named(desk):
    hidden = [desk.root / ".trash/INC-20261123-01.md", desk.note.with_name(".INC-20261123-01.md.swp")]
    for path in hidden:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(desk.note.read_bytes() + b"\0")
        path.chmod(0o644)
    answer = desk("restrict", "01")
    assert ".trash/INC-20261123-01.md, incidents/2026/.INC-20261123-01.md.swp" in answer.err
    assert {mode(path) for path in hidden} == {0o600}


def test_saved_reports_and_whatever_else_holds_its_title_are_named(desk):
    desk("report", "--save")
    (report,) = (desk.root / "incidents/reports").rglob("*.md")
    (desk.root / "export.json").write_text(json.dumps({"title": "Checkout is slow"}))
    (desk.root / "link.md").write_text("see [[INC-20261123-01]]")
    for _ in range(2):
        said = desk("restrict", "INC-20261123-01").err
        assert (
            f"other files that hold its title or id, still readable: export.json, {report.relative_to(desk.root)}"
            in said
        )
        assert "link.md" not in said


def test_another_incident_of_the_same_number_is_left_alone(desk):
    other = desk.root / "archive/INC-20261123-01.md"
    other.parent.mkdir()
    text = desk.note.read_text()
    uid = next(line for line in text.splitlines() if line.startswith("uid: "))
    other.write_text(text.replace(uid, "uid: 01M8326CX0M4W7Y2N8R5T6V9ZB").replace("Checkout is slow", "Another matter"))
    other.chmod(0o644)
    before = other.read_bytes()
    desk("restrict", "01")
    assert other.read_bytes() == before
    assert mode(other) == 0o644


def test_a_note_with_bytes_that_are_no_text_is_restricted_all_the_same(desk):
    desk.note.write_bytes(desk.note.read_bytes() + b"Caf\xe9\n")
    desk("restrict", "01")
    assert (desk.root / THERE).read_bytes().endswith(b"Caf\xe9\n")


def test_of_a_broken_block_no_property_is_guessed(desk):
    desk.type("severity: SEV3", "severity: [SEV3")
    before = desk.note.read_bytes()
    desk("restrict", "01")
    after = (desk.root / THERE).read_bytes()
    assert b"severity: [SEV3" in after
    assert b"visibility: restricted" in after
    assert mode(desk.root / THERE) == 0o600
    desk("undo", "--yes")
    assert desk.note.read_bytes() == before


def test_images_that_cannot_be_closed_are_said_with_what_to_do(desk, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(workflow, "make_private", refuse)
    with pytest.raises(
        VaultError, match="is restricted, but what the journal keeps of it could not be closed"
    ) as caught:
        workflow.restrict(desk.call("restrict", "01"), tracked=False)
    assert caught.value.hint
    assert (desk.root / THERE).exists()


def test_without_a_reference_the_one_open_incident_is_meant(desk):
    desk("restrict")
    assert (desk.root / THERE).exists()


def test_what_was_opened_to_others_since_is_closed_again(desk):
    desk.note.with_name(REVIEW).write_text("---\ntype: incident-review\n---\n")
    desk("restrict", "01")
    there = desk.root / THERE
    there.chmod(0o644)
    (there.parent / REVIEW).chmod(0o640)
    (desk.root / IGNORE).unlink()
    bytes_before = there.read_bytes()
    assert "already" not in desk("restrict", "INC-20261123-01").out
    assert {path.stat().st_mode & 0o777 for path in there.parent.glob("INC-20261123-01*")} == {0o600}
    assert (desk.root / IGNORE).read_text() == "*\n"
    assert there.read_bytes() == bytes_before
    assert "already" in desk("restrict", "INC-20261123-01").out


@pytest.mark.parametrize(
    "words", [("restrict", "01"), ("redact", "01", "--text", "the canary sings")], ids=lambda words: words[0]
)
def test_what_is_remembered_of_a_long_timeline_goes_at_once(desk, monkeypatch, words):
    cache = desk.root.parent / "remembered"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setattr("okb_incident.vault.read.abridged.TRUSTED_AFTER", -(10**12))
    line = "- 2026-11-23T02:10:00 **note** @bob: the canary sings\n"
    desk.note.write_text(desk.note.read_text().replace("## Timeline\n", f"## Timeline\n\n{line * 6000}", 1))
    desk("status")
    assert [path for path in cache.rglob("*.long.*") if "the canary sings" in path.read_text()]
    desk(*words)
    assert not list(cache.rglob("*.long.*"))


def test_a_note_that_a_writer_marked_as_restricted_is_for_its_owner_alone_once_it_is_written(desk):
    desk.type("status: ", "visibility: restricted\nstatus: ")
    desk.note.chmod(0o644)
    desk("log", "-i", "INC-20261123-01", "an intruder")
    assert mode(desk.note) == 0o600
    desk("log", "-i", "INC-20261123-01", "is gone")
    images = [path for path in Path(desk.journal.place("displaced")).iterdir() if b"an intruder" in path.read_bytes()]
    assert images
    assert {mode(path) for path in images} == {0o600}
