"""Checks: written down with what shows them, made again, and confirmed by who leads."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.core.response.verification import every_check, has_recovered, is_confirmed, unverified_actions, verify
from okb_incident.errors import NotFoundError, TransitionError, UsageError

AT = minutes(90)
LEAD = {"commander": "[[dan]]"}
CHECKED = """
- 2026-11-23T03:20:00 **verify** @bob: v1 recovery fail: errors below 0.1 %, evidence 3 %
- 2026-11-23T03:25:00 **verify** @bob: v1 recovery pass: errors below 0.1 %
- 2026-11-23T03:26:00 **verify** @bob: solution pass: the pool is large again
"""
LISTED = "- [ ] v1 recovery: errors below 0.1 %, evidence 3 % (@bob 2026-11-23T03:20:00)"


def watched(timeline="", **sections):
    return record_of(incident_of("monitoring", properties=LEAD), timeline, **sections)


def test_a_check_is_a_line_and_an_item_and_the_first_of_recovery_a_moment():
    change = verify(watched(), "Recovery", "errors <% x %>", AT, passed=True, by="dan", evidence="0.02 %")
    assert change.lines[0].text == "v1 recovery pass: errors <% x %>, evidence 0.02 %"
    assert change.additions[0].text == (
        "- [x] v1 recovery: errors &lt;% x %>, evidence 0.02 % (@dan 2026-11-23T03:30:00)"
    )
    assert change.properties == {"verified": AT}
    assert change.warnings == ()
    assert "passed" in change.said


def test_a_check_that_fails_stays_open():
    change = verify(watched(), "solution", "the pool is large", AT, passed=False, by="bob")
    assert change.additions[0].text.startswith("- [ ] v1 solution:")
    assert change.properties == {}
    assert "FAILED" in change.said


def test_a_check_is_made_again_under_its_name_and_its_line_follows():
    record = watched(CHECKED, Verification=f"- [x] v7 recovery: y\n{LISTED}\n- v1 in prose")
    change = verify(record, "v1", "", AT, passed=True, by="dan")
    assert change.lines[0].text == "v1 recovery pass: errors below 0.1 %"
    assert change.additions == ()
    (again,) = change.replacements
    assert (again.place, again.old) == (1, LISTED)
    assert again.new == "- [x] v1 recovery: errors below 0.1 % (@dan 2026-11-23T03:30:00)"
    gone = verify(watched(CHECKED), "v1", "errors below 0.2 %", AT, passed=True, by="dan")
    assert gone.replacements == ()
    assert "below 0.2 %" in gone.additions[0].text


def test_somebody_else_is_told_who_confirms():
    change = verify(watched(), "recovery", "it works", AT, passed=True, by="bob")
    (hint,) = change.warnings
    assert str(hint) == f"the commander, dan, has to confirm it: incident verify -i {ID} v1 ok"
    nobody = record_of(incident_of("monitoring"))
    assert verify(nobody, "recovery", "it works", AT, passed=True, by="bob").warnings == ()


@pytest.mark.parametrize(
    ("subject", "text", "error", "said"),
    [
        ("recovery", "", UsageError, "what was checked"),
        ("v9", "", NotFoundError, "no check v9; it has v1"),
        ("action", "a9 rolled back", NotFoundError, "no action a9"),
    ],
)
def test_what_cannot_be_checked(subject, text, error, said):
    with pytest.raises(error, match=said):
        verify(watched(CHECKED), subject, text, AT, passed=True, by="bob")


def test_a_check_without_words_or_of_no_name_is_refused():
    with pytest.raises(UsageError, match="what was checked"):
        verify(watched(), "recovery", " ", AT, passed=True, by="bob")
    with pytest.raises(NotFoundError, match="has no check v1$"):
        verify(watched(), "v1", "", AT, passed=True, by="bob")


def test_nothing_has_recovered_before_the_impact_stopped():
    with pytest.raises(TransitionError, match="from monitoring on"):
        verify(record_of(incident_of("identified")), "recovery", "x", AT, passed=True, by="bob")
    assert verify(record_of(incident_of("identified")), "solution", "x", AT, passed=True, by="bob").lines


def test_recovery_is_proven_by_anybody_and_confirmed_by_the_commander():
    assert has_recovered(watched(CHECKED))
    assert not is_confirmed(watched(CHECKED))
    assert is_confirmed(watched(CHECKED.replace("@bob", "@Dan")))
    assert is_confirmed(record_of(incident_of("monitoring"), CHECKED))
    reopened = f"{CHECKED}- 2026-11-23T04:00:00 **reopen** @dan: was resolved 2026-11-23T03:40:00: it is back"
    assert every_check(watched(reopened)) == []
    assert not has_recovered(watched(reopened))
    assert [each.name for each in every_check(watched(CHECKED))] == ["v1", "v1", None]


def test_actions_that_ask_to_be_verified_wait_for_it():
    actions = f"- [x] Roll back [verify:: old build runs] 🆔 {ID}-a1\n- [x] Plain 🆔 {ID}-a2\n- [ ] Open [verify:: x] 🆔 {ID}-a3"
    assert unverified_actions(watched(Actions=actions)) == {"a1"}
    proven = "- 2026-11-23T03:20:00 **verify** @bob: v1 action pass: a1: the old build runs"
    assert unverified_actions(watched(proven, Actions=actions)) == set()
    change = verify(watched(Actions=actions), "action", "a1 the old build runs", AT, passed=True, by="bob")
    assert change.lines[0].text == "v1 action pass: a1 the old build runs"
