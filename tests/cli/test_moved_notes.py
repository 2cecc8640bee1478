"""A note that a person moved or renamed is used where it lies, by every verb, and named by check; only check --fix --move moves it."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from pathlib import Path

import pytest

from okb_incident.vault.disk.cache import cache_folder
from okb_incident.vault.index import seek

OLD, ID = "INC-20261123-01", "INC-20261123-02"
HOME = f"incidents/2026/{ID}.md"


class Typing:
    """Typing commands in a vault."""

    def __init__(self, run, root):
        self.run = run
        self.root = root

    def __call__(self, *words, **env):
        return self.run(*words, vault=self.root, env=env)


@pytest.fixture
def kb(run, vault, monkeypatch, tmp_path):
    """A vault with an incident that is over and one that is open, and how to type a command in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    typed = Typing(run, vault)
    for words in (["resolve", "by itself"], ["open", "Sign-in codes", "-s", "sev2"]):
        assert typed(*words).returncode == 0
    return typed


def go(kb, to, path=HOME):
    """Move a note as a file manager does."""
    place = kb.root / to
    place.parent.mkdir(parents=True, exist_ok=True)
    os.rename(kb.root / path, place)
    return place


PLACES = [
    f"incidents/2026/now/{ID}.md",
    f"incidents/2026/{ID} Sign-in codes.md",
    f"archive/{ID}.md",
    f"archive/{ID} Sign-in codes.md",
    "archive/Sign-in codes.md",
    f"{ID}.md",
]


@pytest.mark.parametrize("to", PLACES)
@pytest.mark.parametrize(
    "reference", [(), ("-i", ID), ("-i", "02"), ("-i", "1123-02"), ("-i", "last"), ("-i", "codes")]
)
def test_it_is_written_where_it_lies(kb, to, reference):
    note, other = go(kb, to), (kb.root / f"incidents/2026/{OLD}.md").read_bytes()
    done = kb("log", *reference, "support has 40 tickets")
    assert f" · {ID} " in done.stdout, done.stderr
    assert "support has 40 tickets" in note.read_text()
    assert to in kb("show", *reference).stdout.splitlines()
    assert [each["path"] for each in json.loads(kb("list", "--json").stdout)] == [to]
    assert (kb.root / f"incidents/2026/{OLD}.md").read_bytes() == other
    assert not (kb.root / HOME).exists()


def test_a_second_move_is_followed_too(kb):
    for place, to in enumerate(PLACES):
        note = go(kb, to, PLACES[place - 1] if place else HOME)
        assert kb("log", f"at {to}").returncode == 0
        assert f"at {to}" in note.read_text()


def test_a_note_that_was_deleted_is_no_longer_looked_for(kb):
    (kb.root / HOME).unlink()
    assert f" · {OLD} " in kb("log", "gone").stdout
    assert kb("show", "-i", ID).returncode == 4
    assert kb("show", "last").stdout.startswith(OLD)


def test_no_verb_takes_one_that_is_over_while_another_is_open(kb):
    assert f" · {ID} " in kb("identify", "bad deploy").stdout
    before = (kb.root / f"incidents/2026/{OLD}.md").read_bytes()
    assert kb("identify", "bad deploy").stdout.startswith("already identified")
    assert (kb.root / f"incidents/2026/{OLD}.md").read_bytes() == before


@pytest.mark.parametrize("status", ["", "status: mitigat", "status: [triage"])
def test_nor_while_one_is_half_typed(kb, status):
    note = kb.root / HOME
    note.write_text(note.read_text().replace("status: triage", status))
    done = kb("log", "to whom?")
    assert (done.returncode, ID in done.stderr) == (4, True), done.stdout
    assert f" · {ID} " in kb("log", "-i", ID, "to it").stdout


def test_nor_while_one_that_was_renamed_is_being_saved(kb):
    note = go(kb, "archive/Sign-in codes.md")
    assert kb("log", "seen there").returncode == 0
    text = note.read_text()
    note.write_text("")
    done = kb("log", "to whom?")
    assert (done.returncode, "archive/Sign-in codes.md" in done.stderr) == (4, True)
    note.write_text(text)
    assert f" · {ID} " in kb("log", "to it").stdout


def test_it_is_searched_for_before_one_that_is_over_is_taken(kb):
    """Nothing on this machine has seen the note where it was: neither the index nor a command."""
    go(kb, "archive/Sign-in codes.md")
    shutil.rmtree(cache_folder())
    assert f" · {ID} " in kb("log", "found").stdout
    shutil.rmtree(cache_folder())
    assert f" · {ID} " in kb("ack", "02").stdout


@pytest.mark.parametrize("reference", [(), ("-i", ID)])
def test_searching_ends_and_tells_what_was_left_out(kb, reference, monkeypatch):
    go(kb, "archive/Sign-in codes.md")
    before = {path: path.read_bytes() for path in kb.root.rglob("*.md")}
    monkeypatch.setattr(seek, "MOST_COMPUTING", 0)
    done = kb("log", *reference, "to whom?")
    assert done.returncode == 4
    assert "left out the folder incidents and what comes after it" in done.stderr
    assert before == {path: path.read_bytes() for path in kb.root.rglob("*.md")}
    assert kb("list").returncode == 0
    assert f" · {ID} " in kb("log", *reference, "to it").stdout


def test_two_notes_of_one_id_of_which_none_is_named_by_it(kb):
    note = go(kb, f"incidents/2026/{ID} one.md")
    shutil.copy(note, note.with_name(f"{ID} two.md"))
    for words in (["log", "x"], ["log", "-i", ID, "x"], ["ack", "02"], ["show", "last"]):
        done = kb(*words)
        assert done.returncode == 4, done.stdout
        assert f"incidents/2026/{ID} one.md and incidents/2026/{ID} two.md" in done.stderr
    done = kb("check", "--fix", "--move")
    assert "stays where it is" in done.stderr
    assert note.exists()
    for words in (["list"], ["status"], ["status", "--live"]):
        listed = [line for line in kb(*words).stdout.splitlines() if ID in line and "next:" not in line]
        assert len(listed) == 1, "copies are one incident"
    assert kb("next").stdout.count("acknowledge it") == 1
    os.rename(note, note.with_name(f"{ID}.md"))
    assert kb("log", "x").returncode == 0


def test_a_note_that_lies_under_the_name_of_another_is_not_written_for_it(kb):
    (kb.root / f"incidents/2026/{OLD}.md").unlink()
    note = go(kb, f"incidents/2026/{OLD}.md")
    assert kb("log", "-i", OLD, "x").returncode == 4
    assert f" · {ID} " in kb("log", "-i", ID, "to it").stdout
    assert "to it" in note.read_text()
    assert "id-and-name-differ" in kb("check").stdout


def test_two_notes_that_changed_their_names_are_told_apart(kb):
    other = go(kb, "aside.md", f"incidents/2026/{OLD}.md")
    note = go(kb, f"incidents/2026/{OLD}.md")
    os.rename(other, kb.root / HOME)
    for reference in ((), ("-i", ID), ("-i", "02")):
        assert f" · {ID} " in kb("log", *reference, "to the codes").stdout
    assert note.read_text().count("to the codes") == 3
    assert f" · {OLD} " in kb("log", "-i", OLD, "to the checkout").stdout
    assert "to the checkout" in (kb.root / HOME).read_text()


def test_companions_are_found_and_new_ones_are_made_beside_the_note(kb):
    assert kb("tell", "team", "we look").returncode == 0
    assert kb("assess", "--severity", "sev2").returncode == 0
    assert kb("comms", "draft", "users", "codes fail").returncode == 0
    go(kb, f"archive/{ID} Sign-in codes.md")
    assert kb("comms", "send", "u2", "--force").returncode == 0
    assert kb("tell", "team", "still looking").returncode == 0
    assert kb("assess", "--severity", "sev1").returncode == 0
    assert sorted(os.listdir(kb.root / "archive")) == [
        f"{ID} Sign-in codes.md",
        f"{ID} assessment 2.md",
        f"{ID} update 3 team status-update.md",
    ]
    shown = kb("show").stdout
    assert all(f"{ID} {each}" in shown for each in ("assessment 1", "assessment 2", "update 1", "update 2", "update 3"))
    go(kb, "elsewhere/a.md", f"archive/{ID} assessment 2.md")
    go(kb, f"elsewhere/{ID} update 3 team status-update.md", f"archive/{ID} update 3 team status-update.md")
    assert "u3" in kb("comms", "list").stdout
    assert kb("tell", "team", "again").returncode == 0
    assert (kb.root / f"archive/{ID} update 4 team status-update.md").exists()


def test_the_number_of_a_message_that_was_renamed_is_not_given_again(kb):
    assert kb("tell", "team", "we look").returncode == 0
    name = f"{ID} update 1 team status-update"
    go(kb, "incidents/2026/Told.md", f"incidents/2026/{name}.md")
    assert kb("tell", "team", "we still look").returncode == 0
    assert not (kb.root / f"incidents/2026/{name}.md").exists(), "the link to the first would lead to the second"
    assert f"[[{ID} update 2 team status-update|" in (kb.root / HOME).read_text()


def test_a_review_is_found_wherever_it_lies(kb):
    assert kb("review", "new", "-i", OLD).returncode == 0
    go(kb, f"reviews/{OLD} review.md", f"incidents/2026/{OLD} review.md")
    go(kb, f"archive/{OLD}.md", f"incidents/2026/{OLD}.md")
    assert kb("review", "set", "-i", OLD, "--owner", "bob").returncode == 0
    assert "owner: bob" in (kb.root / f"reviews/{OLD} review.md").read_text()
    assert not (kb.root / f"archive/{OLD} review.md").exists()


def test_what_a_command_did_is_taken_back_where_the_note_lies_now(kb):
    assert kb("tell", "team", "we look").returncode == 0
    note = go(kb, f"archive/{ID} codes.md")
    message = go(
        kb, f"archive/{ID} update 1 team status-update.md", f"incidents/2026/{ID} update 1 team status-update.md"
    )
    assert kb("undo", "--yes").returncode == 0
    assert ("we look" in note.read_text(), message.exists()) == (False, False)
    assert f" · {ID} " in kb("log", "as before").stdout


def test_what_was_written_under_another_name_is_in_its_history(kb):
    go(kb, "archive/Sign-in codes.md")
    assert kb("log", "under another name").returncode == 0
    assert kb("log", "-i", OLD, "of another").returncode == 0
    told = kb("history", "-i", ID).stdout
    assert "under another name" in told
    assert "incident open" in told
    assert "of another" not in told


def test_its_number_before_text_means_it_wherever_it_went(kb):
    """Nobody has seen where it went when the words are parted."""
    assert kb("open", "Payments fail", "-s", "sev3").returncode == 0
    before = (kb.root / "incidents/2026/INC-20261123-03.md").read_bytes()
    go(kb, "archive/Sign-in codes.md")
    assert f" · {ID} " in kb("decline", "02", "the probe was wrong").stdout
    assert (kb.root / "incidents/2026/INC-20261123-03.md").read_bytes() == before


def test_a_link_that_obsidian_rewrote_still_names_the_incident(kb):
    assert kb("tell", "team", "we look").returncode == 0
    message = kb.root / f"incidents/2026/{ID} update 1 team status-update.md"
    message.write_text(message.read_text().replace(f"[[{ID}]]", f"[[{ID} Sign-in codes]]"))
    other = kb.root / f"incidents/2026/{OLD}.md"
    other.write_text(other.read_text().replace("uid:", f'duplicate_of: "[[archive/{ID} Sign-in codes|x]]"\nuid:'))
    go(kb, f"archive/{ID} Sign-in codes.md")
    found = json.loads(kb("search", "--json", "we", "look").stdout)
    assert [each["id"] for each in found] == [ID]
    assert "dangling" not in kb("check").stdout


def test_check_names_it_as_a_hint_and_no_finding(kb):
    go(kb, "archive/Sign-in codes.md")
    done = kb("check")
    assert done.returncode == 0
    assert f"archive/Sign-in codes.md: moved: the note of {ID} was moved or renamed" in done.stdout
    assert "nothing is wrong, 1 hint" in done.stdout
    assert json.loads(kb("check", "--json").stdout)[0]["argv"][-3:] == ["check", "--fix", "--move"]
    before = (kb.root / "archive/Sign-in codes.md").read_bytes()
    assert kb("check", "--fix").returncode == 0
    assert (kb.root / "archive/Sign-in codes.md").read_bytes() == before
    assert kb("check", "--move").returncode == 2


def test_it_goes_home_with_its_companions_and_links_in_our_notes_follow(kb):
    assert kb("tell", "team", "we look").returncode == 0
    assert kb("set", "-i", OLD, f"related=[[{ID}]]").returncode == 0
    note = go(kb, "archive/Sign-in codes.md")
    go(kb, f"archive/{ID} update 1 team status-update.md", f"incidents/2026/{ID} update 1 team status-update.md")
    other = kb.root / f"incidents/2026/{OLD}.md"
    other.write_text(other.read_text().replace(f"[[{ID}]]", "[[Sign-in codes]]"))
    foreign = kb.root / "diary.md"
    foreign.write_text("monday\n[[Sign-in codes]] again\n")
    before = {path: path.read_bytes() for path in kb.root.rglob("*.md")}
    done = kb("check", "--fix", "--move")
    assert done.returncode == 0, done.stdout
    assert f"archive/Sign-in codes.md moved to {HOME}" in done.stderr
    assert "diary.md:2: a link leads to the old name" in done.stderr
    assert "rewritten" in done.stderr
    assert (kb.root / HOME).read_bytes() == before[note]
    assert list((kb.root / "archive").iterdir()) == []
    assert (kb.root / f"incidents/2026/{ID} update 1 team status-update.md").exists()
    assert f"[[{ID}]]" in other.read_text()
    assert "[[Sign-in codes]]" not in other.read_text()
    assert foreign.read_bytes() == before[foreign]
    assert kb("check").stdout.strip() == "nothing is wrong"
    assert f" · {ID} " in kb("log", "at home").stdout
    entry = kb("history", "-i", ID).stdout
    assert "incident check --fix --move" in entry


def test_the_way_home_is_taken_back(kb):
    note = go(kb, "archive/Sign-in codes.md")
    other = kb.root / f"incidents/2026/{OLD}.md"
    other.write_text(other.read_text() + "\n[[Sign-in codes]]\n")
    before = {path: path.read_bytes() for path in kb.root.rglob("*.md")}
    assert kb("check", "--fix", "--move").returncode == 0
    assert not note.exists()
    assert kb("undo", "--yes").returncode == 0
    assert {path: path.read_bytes() for path in kb.root.rglob("*.md")} == before
    assert kb("check", "--fix", "--move").returncode == 0
    assert kb("log", "written at home").returncode == 0
    entry = re.findall(r"--move.*\[(\w+)\]", kb("history", "-i", ID).stdout)[-1]
    assert kb("undo", "--yes", entry).returncode == 0
    assert "written at home" in note.read_text()
    assert not (kb.root / HOME).exists()


def test_what_lies_at_home_already_is_not_overwritten(kb):
    note = go(kb, f"archive/{ID}.md")
    (kb.root / HOME).write_text("a writer's own\n")
    done = kb("check", "--fix", "--move")
    assert f"archive/{ID}.md stays where it is: {HOME} is there already" in done.stderr
    assert note.exists()
    assert (kb.root / HOME).read_text() == "a writer's own\n"


def test_a_restricted_one_goes_home_only_where_asked_for_and_unseen_by_others(kb):
    note = kb.root / HOME
    note.write_text(note.read_text().replace("uid:", "visibility: restricted\nuid:"))
    note = go(kb, "archive/Sign-in codes.md")
    assert "archive" not in kb("check").stdout
    assert "archive" not in kb("check", "--fix", "--move").stderr
    assert note.exists()
    (hint,) = [
        each["argv"] for each in json.loads(kb("check", "--restricted", "--json").stdout) if each["code"] == "moved"
    ]
    assert kb(*hint[hint.index("check") :]).returncode == 0
    home = kb.root / f"incidents/restricted/2026/{ID}.md"
    assert stat.S_IMODE(home.stat().st_mode) == 0o600
    assert (kb.root / "incidents/restricted/.gitignore").exists()
    assert f" · {ID} " in kb("log", "-i", ID, "at home").stdout


def test_it_is_as_restricted_as_it_is_where_it_lies(kb):
    assert kb("restrict", ID).returncode == 0
    note = go(kb, f"archive/{ID}.md", f"incidents/restricted/2026/{ID}.md")
    assert ID not in kb("list", "--all").stdout
    assert f" · {OLD} " in kb("log", "x").stdout
    assert kb("tell", "-i", ID, "team", "we look").returncode == 0
    message = Path(kb.root, f"archive/{ID} update 1 team status-update.md")
    assert stat.S_IMODE(message.stat().st_mode) == 0o600
    note.write_text(note.read_text().replace("visibility: restricted\n", ""))
    assert ID in kb("list").stdout
    go(kb, f"incidents/restricted/{ID} codes.md", f"archive/{ID}.md")
    assert ID not in kb("list").stdout
    assert f" · {OLD} " in kb("log", "x").stdout


@pytest.mark.parametrize("name", ["Codes.md", f"{ID}-old.md"])
def test_what_was_moved_and_is_no_incident_by_its_type_keeps_a_verb_from_another(kb, name):
    note = go(kb, f"archive/{name}")
    note.write_text(note.read_text().replace("type: incident", "type: meeting"))
    for _ in range(2):
        done = kb("log", "to whom?")
        assert (done.returncode, f"archive/{name}, the note of {ID}, cannot be read" in done.stderr) == (4, True)
    assert kb("list").returncode == 0
    assert f" · {OLD} " in kb("log", "it is no incident any more").stdout
