"""What happened to an incident: by commands, between them, on several machines, and in git."""

from __future__ import annotations

import json
import os
import time
from datetime import timedelta

from okb_incident.vault.journal.prune import prune
from okb_incident.workflow.care.history import history

NAME = "incidents/2026/INC-20261123-01.md"


def told(desk, reference="01"):
    return history(desk.call("history", reference))[1]


def whats(desk, reference="01"):
    return [each.what.removeprefix("incident ") for each in told(desk, reference)]


EDITED = "edited by hand, or by another program"


def test_commands_are_told_with_who_and_what(desk):
    desk("ack", who="bob")
    opened, acked = told(desk)
    assert (opened.what, opened.changes, opened.source) == ("incident open", ("the note was made",), "journal")
    assert (acked.by, acked.path, acked.taken_back) == ("bob", NAME, False)
    assert acked.changes[:2] == ("status: triage → investigating", "commander: – → bob")
    out = desk("history", "01").out
    assert f"  @bob  incident ack  [{acked.name[-8:]}]\n    status: triage → investigating\n" in out


def test_what_was_edited_by_hand_stands_where_it_was_done(desk):
    desk.type("## Summary\n", "## Summary\n\nCards fail.\n")
    desk("ack")
    desk("log", "-i", "01", "seen")
    desk.type("Cards fail.", "Cards fail, wallets work.")
    assert whats(desk) == ["open", EDITED, "ack", "log", EDITED]
    assert told(desk)[1].changes == ("+ Cards fail.",)
    assert told(desk)[-1].changes == ("- Cards fail.", "+ Cards fail, wallets work.")
    assert "between  edited by hand, or by another program\n    + Cards fail.\n" in desk("history", "01").out


def test_what_was_taken_back_says_so_until_that_is_taken_back(desk):
    desk("ack")
    desk("undo", "--yes")
    assert [(each.what, each.taken_back) for each in told(desk)][1:] == [
        ("incident ack", True),
        ("incident undo", False),
    ]
    desk("undo", "--yes", next(desk.journal.backward()).id)
    assert [each.taken_back for each in told(desk)] == [False, False, True, False]
    assert "– undone\n" in desk("history", "01").out


def test_companions_are_named_and_other_incidents_left_out(desk):
    desk.note.with_name("INC-20261123-01 review.md").write_text("---\ntype: incident-review\n---\n")
    desk("open", "Another matter")
    desk("restrict", "01")
    what = told(desk, "INC-20261123-01")
    assert {each.path for each in what} == {
        NAME,
        "incidents/restricted/2026/INC-20261123-01.md",
        "incidents/2026/INC-20261123-01 review.md",
        "incidents/restricted/2026/INC-20261123-01 review.md",
    }
    assert "(INC-20261123-01 review.md)" in desk("history", "INC-20261123-01").out


def test_a_restricted_incident_is_told_of_only_by_its_whole_id(desk):
    desk("restrict", "01")
    desk("history", "01", code=4)
    desk("history", code=4)
    assert "visibility: – → restricted" in desk("history", "INC-20261123-01").out or whats(desk, "INC-20261123-01")


def test_commands_of_all_machines_stand_in_the_order_of_time(desk, another_machine):
    desk("ack")
    another_machine()
    desk("log", "-i", "01", "seen from here")
    assert whats(desk) == ["open", "ack", "log"]


def test_commits_of_git_stand_between(desk):
    desk.git("init", "-q")
    desk.git("add", "-A")
    desk.git("commit", "-qm", "Long ago", "--date", "2020-01-01T00:00:00Z")
    desk("ack")
    desk.git("commit", "-qam", "In days to come", "--date", "2090-01-01T00:00:00+02:00")
    first, *_, last = told(desk)
    assert (first.what, first.by, first.source, first.at) == ("Long ago", "Bob", "git", "2020-01-01T00:00:00Z")
    assert (last.what, last.at) == ("In days to come", "2089-12-31T22:00:00Z")
    assert len(last.name) == 12
    assert f"@Bob  In days to come  [{last.name}]\n" in desk("history", "01").out


def test_a_note_that_nobody_recorded_says_so(desk):
    path = desk.note.with_name("INC-20261123-07.md")
    path.write_text(desk.note.read_text().replace("INC-20261123-01", path.name[:-3]))
    answer = desk("history", "07")
    assert answer.out == ""
    assert "nothing is recorded of INC-20261123-07: neither journal nor git knows" in answer.err


def test_what_is_not_kept_any_more_is_not_guessed(desk, monkeypatch):
    desk("ack")
    later = time.time() + 4000
    monkeypatch.setattr(time, "time", lambda: later)
    prune(desk.journal)
    prune(desk.journal, timedelta(seconds=1))
    desk.type("## Summary\n", "## Summary\n\nCards fail.\n")
    assert [each.changes for each in told(desk)] == [(), (), ()]
    assert desk("history", "01").out.count("    (what it changed is not kept any more)\n") == 2


def test_a_note_that_is_gone_or_no_file_any_more_stops_nobody(desk):
    review = desk.note.with_name("INC-20261123-01 review.md")
    review.write_text("x")
    desk("restrict", "01")
    moved = desk.root / "incidents/restricted/2026/INC-20261123-01 review.md"
    moved.unlink()
    assert told(desk, "INC-20261123-01")[-1].source == "journal"
    os.mkdir(moved)
    assert told(desk, "INC-20261123-01")[-1].source == "journal"


def test_json(desk):
    desk("ack")
    desk.type("## Summary\n", "## Summary\n\nCards fail.\n")
    each = json.loads(desk("history", "01", "--json").out)
    assert [one["source"] for one in each] == ["journal", "journal", "edit"]
    assert each[1]["what"] == "incident ack"
    assert each[1]["taken_back"] is False
    assert (each[2]["at"], each[2]["by"], each[2]["name"]) == (None, None, None)
