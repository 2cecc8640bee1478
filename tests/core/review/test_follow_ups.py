"""Follow-ups: written down, given an owner and a day, ended in one of two ways."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.command import Candidate, Command, Sentence
from okb_incident.core.review import follow_ups
from okb_incident.core.review.follow_ups import FollowUpDetails
from okb_incident.core.timeline.task import read_tasks
from okb_incident.errors import NotFoundError, TransitionError

AT = minutes(1440)
LINES = f"""- [ ] Alert on pool use [owner:: bob] [kind:: prevention] #incident/follow-up 🆔 {ID}-f1 ➕ 2026-11-23 📅 2026-12-08
- [/] Write it down #incident/follow-up 🆔 {ID}-f2
- [x] Practise [kind:: training] [owner:: alice] 🆔 {ID}-f3 ✅ 2026-11-30
- [-] Buy a tool 🆔 {ID}-f4"""
RECORD = record_of(incident_of("resolved"), Follow_ups=LINES)


def of(name):
    return follow_ups.named(RECORD, name, lambda other: Command("follow-up done", other, incident=ID))


def after(change):
    (replaced,) = change.replacements
    assert replaced.section == "Follow-ups"
    (task,) = read_tasks([replaced.new], ID)
    return task


def test_one_is_written_down_under_the_next_name_with_all_that_was_said():
    change = follow_ups.add(
        RECORD, "Raise the pool", AT, FollowUpDetails("system", owner="bob", due="2026-12-01", note="runbook")
    )
    (addition,) = change.additions
    (task,) = read_tasks([addition.text], ID)
    assert (task.name, task.text, task.due, task.created) == ("f5", "Raise the pool", "2026-12-01", "2026-11-24")
    assert task.fields == {"owner": "bob", "kind": "system", "note": "runbook"}
    assert "#incident/follow-up" in addition.text
    assert change.warnings == ()
    assert change.said == 'added f5 "Raise the pool" for @bob'


def test_what_a_review_asks_for_later_is_said_at_once():
    (hint,) = follow_ups.add(RECORD, "x", AT, FollowUpDetails("tool")).warnings
    command = Command("follow-up set", "f5", options=("--owner",), incident=ID)
    assert hint == Sentence("before the review is finished it needs: owner, due; ", command)
    (hint,) = follow_ups.add(RECORD, "x", AT).warnings
    assert "needs: kind, owner, due" in str(hint)


@pytest.mark.parametrize(
    ("place", "lacks"),
    [(0, []), (1, ["kind", "owner", "due day"]), (2, ["due day"])],
)
def test_what_one_lacks(place, lacks):
    assert follow_ups.missing(RECORD.follow_ups[place]) == lacks


def test_a_kind_of_somebodys_own_is_none():
    (task,) = read_tasks([f"- [ ] x [owner:: bob] [kind:: magic] 🆔 {ID}-f1 📅 2026-12-08"], ID)
    assert follow_ups.missing(task) == ["kind"]


def test_owner_kind_note_and_day_change_and_every_other_byte_stays():
    task = after(follow_ups.edit(of("F1"), FollowUpDetails(owner="carol", due="2026-12-20", note="runbook")))
    assert task.raw == (
        "- [ ] Alert on pool use [owner:: carol] [kind:: prevention] [note:: runbook] #incident/follow-up"
        f" 🆔 {ID}-f1 ➕ 2026-11-23 📅 2026-12-20"
    )
    new = after(follow_ups.edit(of("f2"), FollowUpDetails("documentation", due="2026-12-20")))
    assert new.raw == f"- [/] Write it down [kind:: documentation] #incident/follow-up 🆔 {ID}-f2 📅 2026-12-20"
    assert follow_ups.edit(of("f1"), FollowUpDetails(owner="bob", due="2026-12-08")).already


def test_one_is_begun_once():
    assert after(follow_ups.start(RECORD, of("f1"), AT)).box == "/"
    assert follow_ups.start(RECORD, of("f2"), AT).already
    with pytest.raises(TransitionError, match="f3 is already done") as caught:
        follow_ups.start(RECORD, of("f3"), AT)
    assert caught.value.hint == Command("follow-up add", "Practise", incident=ID)


def test_one_is_done_by_who_has_seen_it():
    change = follow_ups.end(RECORD, of("f1"), AT, verified_by="dan")
    task = after(change)
    assert (task.box, task.ended, task.fields["verified"]) == ("x", "2026-11-24", "dan")
    assert change.said == 'completed f1 "Alert on pool use", verified by @dan'
    assert follow_ups.end(RECORD, of("f3"), AT).said == "f3 already done"
    said = follow_ups.end(RECORD, of("f1"), AT, text="in 4f2a")
    assert [line.text for line in said.lines] == ["f1 done, in 4f2a"]
    # Who saw it may be said later.
    assert after(follow_ups.end(RECORD, of("f3"), AT, verified_by="dan")).fields["verified"] == "dan"


def test_one_is_given_up_with_why():
    task = after(follow_ups.end(RECORD, of("f2"), AT, given_up="not [worth] it :: now"))
    assert (task.box, task.ended) == ("-", "2026-11-24")
    assert task.fields["reason"] == "not [worth] it :: now"
    with pytest.raises(TransitionError, match="f4 is already cancelled"):
        follow_ups.end(RECORD, of("f4"), AT)


def test_one_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(NotFoundError, match="has no follow-up f9") as caught:
        of("f9")
    assert caught.value.candidates == (
        Candidate(Command("follow-up done", "f1", incident=ID), "f1 Alert on pool use"),
        Candidate(Command("follow-up done", "f2", incident=ID), "f2 Write it down"),
    )


def test_customers_may_know_of_one_that_is_marked_when_it_is_added_or_later():
    change = follow_ups.add(RECORD, "Raise the pool", AT, FollowUpDetails("system", "bob", "2026-12-01", external=True))
    (task,) = read_tasks([change.additions[0].text], ID)
    assert task.is_external
    assert task.text == "Raise the pool"
    assert "#incident/follow-up #external 🆔" in task.raw
    edited = follow_ups.edit(of("f1"), FollowUpDetails(owner="carol", external=True))
    assert after(edited).is_external
    assert (after(edited).text, after(edited).owner) == ("Alert on pool use", "carol")
    assert edited.said == 'set f1 "Alert on pool use", owner carol, external'
    marked = record_of(incident_of("resolved"), Follow_ups=after(edited).raw)
    assert follow_ups.edit(marked.follow_ups[0], FollowUpDetails(external=True)).already
