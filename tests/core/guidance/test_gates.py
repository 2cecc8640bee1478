"""What closing asks for."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, record_of

from okb_incident.core.guidance.gates import unmet
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
    assert gates(f"{PROVEN}\n{REVIEWED}", Summary="x") == {"confirmation": f"incident --as dan verify -i {ID} v1 ok"}
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


@pytest.mark.parametrize(
    ("state", "gate", "command"),
    [
        ("draft", "review draft", f"incident review submit -i {ID}"),
        ("in-review", "review in review", f"incident review approve -i {ID}"),
    ],
)
def test_a_review_is_brought_on_step_by_step(state, gate, command):
    found = gates(f"{CONFIRMED}\n{REVIEWED.replace('reviewed', state)}", Summary="x")
    assert found == {gate: command}
