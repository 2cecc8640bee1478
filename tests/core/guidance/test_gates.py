"""What closing asks for."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, record_of

from okb_incident.core.guidance.gates import unmet
from okb_incident.core.review.completeness import ReviewFinding
from okb_incident.core.review.standing import standing
from okb_incident.core.settings.policy import DEFAULT_POLICY

PROVEN = "- 2026-11-23T03:30:00 **verify** @bob: v1 recovery pass: it works"
CONFIRMED = PROVEN.replace("@bob", "@dan")
REVIEWED = "- 2026-11-24T10:00:00 **review** @dan: reviewed"
DONE = {"cause": "change", "commander": "dan"}


def gates(timeline="", severity="SEV1", *, properties=None, resolved=90, **more):
    facts = {"resolved": resolved} if resolved else {}
    sections = {name: more.pop(name) for name in list(more) if name[0].isupper()}
    incident = incident_of("resolved", severity, properties=properties or DONE, **facts, **more)
    return {gate.name: str(gate.command) for gate in unmet(record_of(incident, timeline, **sections), DEFAULT_POLICY)}


def test_all_is_there_and_nothing_is_asked():
    assert gates(f"{CONFIRMED}\n{REVIEWED}", Summary="Cards failed.") == {}
    assert gates(severity="SEV4", properties={"title": "x"}) == {}
    assert gates(nature="maintenance", resolved=None, properties={"title": "x"}) == {}


def test_the_worst_ask_for_everything_with_the_command_for_each():
    assert gates(properties={"title": "x"}, resolved=None) == {
        "end": f"incident resolve -i {ID} --at",
        "verification": f"incident verify -i {ID} recovery",
        "summary": f"incident resolve -i {ID} --summary",
        "cause": f"incident set -i {ID} cause",
        "review": f"incident review new -i {ID}",
    }


def test_the_commander_confirms_what_somebody_else_has_proven():
    assert gates(f"{PROVEN}\n{REVIEWED}", Summary="x") == {"confirmation": f"incident verify -i {ID} v1 ok"}
    nameless = PROVEN.replace("v1 ", "")
    assert gates(f"{nameless}\n{REVIEWED}", Summary="x")["confirmation"].endswith(f"verify -i {ID} recovery")


@pytest.mark.parametrize(
    ("sections", "wanted"),
    [
        (
            {"Actions": f"- [ ] Roll back 🆔 {ID}-a1\n- [/] Look 🆔 {ID}-a2"},
            {"action a1": f"incident action done -i {ID} a1", "action a2": f"incident action done -i {ID} a2"},
        ),
        ({"Checklist": "- [ ] Say what fails"}, {"action Say what fails": f"incident edit -i {ID}"}),
        (
            {"Actions": f"- [x] Roll back [verify:: x] 🆔 {ID}-a1"},
            {"check of a1": f"incident verify -i {ID} action a1"},
        ),
    ],
)
def test_nothing_is_left_to_do(sections, wanted):
    assert gates(severity="SEV4", **sections) == wanted


def test_a_category_cannot_do_without():
    found = gates(severity="SEV4", category="performance", properties={"metric": "p95", "unit": "ms"})
    assert found == {"baseline": f"incident set -i {ID} baseline"}


def test_a_review_before_it_was_reopened_is_none():
    reopened = "- 2026-11-24T12:00:00 **reopen** @dan: was resolved 2026-11-23T03:40:00: it is back"
    assert "review" in gates(f"{REVIEWED}\n{reopened}", Summary="x")


def review_gates(properties, findings=(), told="draft", **sections):
    """Return what the review still needs, by name: the command, who has to act, and who must not."""
    timeline = f"{CONFIRMED}\n{REVIEWED.replace('reviewed', told)}"
    record = record_of(incident_of("resolved", properties=DONE, resolved=90), timeline, Summary="x", **sections)
    found = unmet(record, DEFAULT_POLICY, None if properties is None else standing(properties, findings))
    return {gate.name: (str(gate.command).split(f" -i {ID}")[0], gate.who, gate.other_than) for gate in found}


WRITTEN = {"author": "alice", "owner": "[[bob]]"}


@pytest.mark.parametrize(
    ("properties", "told", "found"),
    [
        (None, "draft", {"review": ("incident review new", "dan", None)}),
        ({**WRITTEN, "state": "reviewed"}, "meeting on Monday", {"review": ("incident review new", "dan", None)}),
        (WRITTEN, "draft", {"review draft": ("incident review submit", "bob", None)}),
        ({**WRITTEN, "state": "Draft"}, "in-review", {"review draft": ("incident review submit", "bob", None)}),
        ({**WRITTEN, "state": "done?"}, "draft", {"review draft": ("incident review submit", "bob", None)}),
        ({"author": "alice"}, "draft", {"review owner": ("incident review set", None, None)}),
        ({**WRITTEN, "state": "in-review"}, "draft", {"review in review": ("incident review approve", None, "alice")}),
        (
            {**WRITTEN, "state": "in-review", "reviewer": "gita"},
            "in-review",
            {"review in review": ("incident review approve", "gita", "alice")},
        ),
        (
            {**WRITTEN, "state": "in-review", "reviewer": "Alice"},
            "in-review",
            {"review in review": ("incident review approve", None, "alice")},
        ),
        ({**WRITTEN, "state": "reviewed"}, "draft", {}),
        ({**WRITTEN, "state": "closed"}, "draft", {}),
        (WRITTEN, "closed", {}),
    ],
)
def test_a_review_is_brought_on_by_the_step_that_its_note_allows(properties, told, found):
    assert review_gates(properties, told=told) == found


def test_a_review_is_written_before_it_goes_on():
    open_ones = [
        ReviewFinding("depth", "Contributing factors is empty", 12),
        ReviewFinding("words", "Response asks: what helped?", 9),
    ]
    others = [ReviewFinding("data", "the incident has no trigger"), ReviewFinding("people", "the review has no due", 3)]
    assert review_gates(WRITTEN, open_ones) == {"review text": ("incident review edit", "bob", None)}
    assert review_gates({**WRITTEN, "state": "in-review"}, open_ones[:1]).keys() == {"review text"}
    assert review_gates(WRITTEN, others).keys() == {"review draft"}


def test_the_follow_ups_of_a_review_are_planned_before_it_goes_on():
    task = f"- [ ] Alert [kind:: tool] 🆔 {ID}-f1"
    assert review_gates(WRITTEN, Follow_ups=task) == {
        "follow-up f1 owner": ("incident follow-up set", None, None),
    }
    assert review_gates(WRITTEN, Follow_ups=f"{task}\n- [ ] Nameless").keys() == {
        "follow-up f1 owner",
        "follow-up Nameless kind",
    }
    planned = f"- [ ] Alert [owner:: bob] [kind:: tool] 🆔 {ID}-f1 📅 2026-12-08\n- [x] Done 🆔 {ID}-f2"
    assert review_gates(WRITTEN, Follow_ups=planned).keys() == {"review draft"}


def test_the_steps_of_a_checklist_are_settled_with_one_command():
    steps = f"- [ ] Look 🆔 {ID}-a1\n- [x] Decide 🆔 {ID}-a2\n- [ ] Tell 🆔 {ID}-a3"
    assert gates(severity="SEV4", Checklist=steps) == {"checklist": f"incident action done -i {ID} a1 a3"}
    one = f"- [ ] Look 🆔 {ID}-a1\n- [x] Decide 🆔 {ID}-a2"
    assert gates(severity="SEV4", Checklist=one) == {"action a1": f"incident action done -i {ID} a1"}
    twice = f"- [ ] Look 🆔 {ID}-a1\n- [ ] Tell 🆔 {ID}-a1"
    assert list(gates(severity="SEV4", Checklist=twice)) == ["action a1"]
    with_mine = f"{steps}\n- [ ] mine"
    assert list(gates(severity="SEV4", Checklist=with_mine)) == ["action a1", "action a3", "action mine"]
