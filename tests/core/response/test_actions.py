"""Actions and the checklist: written down, begun, done, given up, and ticked by somebody in the note."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.command import Command
from okb_incident.core.incident.change import Change
from okb_incident.core.response import actions
from okb_incident.errors import NotFoundError, TransitionError

AT = minutes(30)
LINES = f"""- [ ] Roll back [owner:: bob] 🆔 {ID}-a1 ➕ 2026-11-23
- [/] Look 🆔 {ID}-a2
- [x] Count [verify:: all orders] 🆔 {ID}-a3
- [-] Call 🆔 {ID}-a4
- [ ] nameless"""
RECORD = record_of(incident_of("investigating"), Actions=LINES, Checklist=f"- [ ] Say what fails 🆔 {ID}-a9")


def of(record, name):
    return actions.named(record, name, lambda other: Command("action done", other, "all", incident=ID))


def test_all_are_listed_the_checklist_first():
    assert [(each.task.name, each.section, each.state) for each in actions.actions(RECORD)] == [
        ("a9", "Checklist", "open"),
        ("a1", "Actions", "open"),
        ("a2", "Actions", "begun"),
        ("a3", "Actions", "done, unverified"),
        ("a4", "Actions", "given up"),
        (None, "Actions", "open"),
    ]


def test_an_action_is_written_under_the_next_name():
    change = actions.add(RECORD, "Restart it", AT, owner="gita", due="2026-11-24", check="it answers")
    assert change.additions[0].text == (
        f"- [ ] Restart it [owner:: gita] [verify:: it answers] #incident/action 🆔 {ID}-a10 ➕ 2026-11-23 📅 2026-11-24"
    )
    assert change.said == 'added a10 "Restart it" for @gita'
    assert actions.add(RECORD, "x", AT).said == 'added a10 "x"'


def test_an_action_is_begun_done_and_given_up():
    begun = actions.start(RECORD, of(RECORD, "A1"), AT)
    assert begun.replacements[0].new == LINES.splitlines()[0].replace("[ ]", "[/]")
    assert begun.lines == ()
    assert actions.start(RECORD, of(RECORD, "a2"), AT).already
    done = actions.end(RECORD, of(RECORD, "a2"), AT, text="all regions")
    assert done.replacements[0].new == f"- [x] Look 🆔 {ID}-a2 ✅ 2026-11-23"
    assert done.lines[0].text == "a2 done, all regions"
    box = actions.end(RECORD, of(RECORD, "a9"), AT)
    assert box.replacements[0].section == "Checklist"
    gone = actions.end(RECORD, of(RECORD, "a1"), AT, text="elsewhere", given_up=True)
    assert gone.lines[0].text == "a1 cancelled, elsewhere"
    assert gone.replacements[0].new.endswith("❌ 2026-11-23")
    assert actions.end(RECORD, of(RECORD, "a3"), AT).already
    assert actions.end(RECORD, of(RECORD, "a4"), AT, given_up=True).already


def test_an_action_that_asks_for_a_check_says_so_when_it_is_done():
    record = record_of(incident_of("investigating"), Actions=f"- [ ] Count [verify:: all orders] 🆔 {ID}-a3")
    assert actions.end(record, of(record, "a3"), AT).warnings == ("a3 counts as done when this is checked: all orders",)
    assert actions.end(record, of(record, "a3"), AT, text="no", given_up=True).warnings == ()


def test_what_is_over_stays_over_and_a_wrong_name_shows_the_open_ones():
    for call in (
        lambda: actions.start(RECORD, of(RECORD, "a3"), AT),
        lambda: actions.end(RECORD, of(RECORD, "a4"), AT),
        lambda: actions.end(RECORD, of(RECORD, "a3"), AT, given_up=True),
    ):
        with pytest.raises(TransitionError, match="already"):
            call()
    with pytest.raises(NotFoundError, match="no action a7") as caught:
        of(RECORD, "a7")
    assert caught.value.candidates == (
        (("action", "done", "-i", ID, "a9", "all"), "a9 Say what fails"),
        (("action", "done", "-i", ID, "a1", "all"), "a1 Roll back"),
        (("action", "done", "-i", ID, "a2", "all"), "a2 Look"),
    )
    assert str(caught.value.hint) == f"incident action list -i {ID} shows all"


def test_a_checklist_is_put_in_once():
    assert actions.checklist(["One", "Two"], ID, "2026-11-23", ["a4"]) == [
        f"- [ ] One #incident/action 🆔 {ID}-a5 ➕ 2026-11-23",
        f"- [ ] Two #incident/action 🆔 {ID}-a6 ➕ 2026-11-23",
    ]
    bare = record_of(incident_of("investigating"), Actions=LINES)
    added = actions.with_checklist(Change(), bare, ["One"], AT)
    assert [(each.section, each.text) for each in added.additions] == [
        ("Checklist", f"- [ ] One #incident/action 🆔 {ID}-a5 ➕ 2026-11-23")
    ]
    assert actions.with_checklist(Change(), RECORD, ["One"], AT) == Change()
    assert actions.with_checklist(Change(), bare, [], AT) == Change()


def test_a_box_that_somebody_ticked_is_noticed_once():
    told = "- 2026-11-23T02:20:00 **action** @bob: a3 done"
    record = record_of(incident_of("investigating"), told, Actions=LINES)
    assert [line.text for line in actions.noticed(record, AT)] == ["a4 cancelled, ticked in the note"]
    ticked = record_of(incident_of("resolved"), Actions=LINES)
    assert [line.text for line in actions.noticed(ticked, AT)] == [
        "a3 done, ticked in the note",
        "a4 cancelled, ticked in the note",
    ]
    assert actions.noticed(record_of(incident_of("closed"), Actions=LINES), AT) == ()
    assert actions.noticed(record_of(incident_of("triage")), AT) == ()
    assert actions.noticed(record_of(incident_of("triage")._replace(status=None), Actions=LINES), AT) == ()
