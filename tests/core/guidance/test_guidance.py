"""What is due: a table of states, severities and elapsed time, and what the process then asks for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.command import Command
from okb_incident.core.guidance.due import Due, for_whom
from okb_incident.core.guidance.gates import is_reviewed
from okb_incident.core.guidance.guidance import due
from okb_incident.core.response.verification import has_recovered
from okb_incident.core.review.standing import standing
from okb_incident.core.settings.policy import DEFAULT_POLICY, Team

ROLES = {"commander": "alice", "technical_lead": "bob", "communications_lead": "carol"}
TOLD = "\n".join(
    f"- 2026-11-23T02:05:00 **comms** @carol: {audience}/briefing → [[x]], next by 2026-11-23T02:35:00"
    for audience in ("team", "management", "users", "stakeholders")
)
PROVEN = "- 2026-11-23T03:30:00 **verify** @dan: v1 recovery pass: errors below 0.1 %"
OPEN_FOR_LONG = 600


def items(record, now=OPEN_FOR_LONG):
    """Give what is due as item → (minutes after the declaration, overdue, command)."""
    return {
        each.item: (
            None if each.by is None else (each.by - minutes(0)) / timedelta(minutes=1),
            each.is_overdue(minutes(now)),
            str(each.command),
        )
        for each in due(record, DEFAULT_POLICY, minutes(now))
    }


@pytest.mark.parametrize(
    ("status", "severity", "item", "deadline", "command"),
    [
        ("triage", "SEV1", "acknowledge", 5, f"incident ack -i {ID}"),
        ("triage", "SEV2", "acknowledge", 15, f"incident ack -i {ID}"),
        ("triage", "SEV3", "acknowledge", 60, f"incident ack -i {ID}"),
        ("triage", "SEV4", "acknowledge", 1440, f"incident ack -i {ID}"),
        ("triage", "undetermined", "acknowledge", 5, f"incident ack -i {ID}"),
        ("triage", "undetermined", "severity", 5, f"incident severity -i {ID}"),
        ("investigating", "undetermined", "severity", 5, f"incident severity -i {ID}"),
        ("investigating", "SEV1", "mitigate", 60, f"incident mitigate -i {ID}"),
        ("identified", "SEV2", "mitigate", 240, f"incident mitigate -i {ID}"),
        ("investigating", "SEV4", "mitigate", None, f"incident mitigate -i {ID}"),
        ("investigating", "SEV1", "role commander", 10, f"incident role -i {ID} commander me"),
        ("investigating", "SEV1", "role technical_lead", 10, f"incident role -i {ID} tech me"),
        ("identified", "SEV1", "role communications_lead", 10, f"incident role -i {ID} comms me"),
        ("investigating", "SEV2", "role technical_lead", 30, f"incident role -i {ID} tech me"),
        ("investigating", "SEV1", "update users", 20, f"incident tell -i {ID} users --next 20m"),
        ("triage", "SEV1", "update users", 20, f"incident tell -i {ID} users --next 20m"),
        ("monitoring", "SEV2", "update management", 120, f"incident tell -i {ID} management --next 120m"),
        ("investigating", "SEV3", "update team", 480, f"incident tell -i {ID} team --next 480m"),
        ("monitoring", "SEV1", "verify", 240, f"incident verify -i {ID} recovery"),
        ("monitoring", "SEV1", "resolve", 240, f"incident resolve -i {ID}"),
        ("monitoring", "SEV4", "resolve", 14 * 1440, f"incident resolve -i {ID}"),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_each_state_and_severity_asks_for_its_own(status, severity, item, deadline, command, late):
    now = (deadline or 0) + (1 if late else -1)
    by, overdue, how = items(record_of(incident_of(status, severity)), now)[item]
    assert (by, how) == (deadline, command)
    assert overdue == (late and deadline is not None)


@pytest.mark.parametrize(
    ("status", "severity", "absent"),
    [
        ("triage", "SEV1", "resolve verify close"),
        ("triage", "SEV1", "role-commander"),
        ("investigating", "SEV1", "acknowledge severity verify resolve close review"),
        ("investigating", "SEV4", "update-users role-technical_lead"),
        ("monitoring", "SEV1", "mitigate acknowledge close"),
        ("monitoring", "SEV3", "verify"),
        ("resolved", "SEV4", "review acknowledge mitigate resolve"),
        ("closed", "SEV1", "review close resolve"),
        ("declined", "SEV1", "acknowledge close"),
        ("merged", "SEV1", "acknowledge close"),
    ],
)
def test_nothing_is_asked_for_that_does_not_belong_there(status, severity, absent):
    found = items(record_of(incident_of(status, severity, resolved=90)))
    assert not found.keys() & {each.replace("-", " ") for each in absent.split()}


def test_at_rest_nothing_is_due():
    for status in ("closed", "declined", "merged"):
        assert due(record_of(incident_of(status)), DEFAULT_POLICY, minutes(1)) == []
    assert due(record_of(incident_of("investigating", nature="announcement")), DEFAULT_POLICY, minutes(1)) == []
    assert due(record_of(incident_of("resolved", nature="maintenance", resolved=3)), DEFAULT_POLICY, minutes(1)) == []


def test_a_drill_is_guided_like_the_real_thing():
    assert "acknowledge" in items(record_of(incident_of("triage", nature="drill")))
    assert "review" in items(record_of(incident_of("resolved", nature="drill", resolved=9)))


def test_an_incident_that_is_well_looked_after_is_asked_for_little():
    record = record_of(incident_of("monitoring", properties=ROLES, mitigated=30), f"{TOLD}\n{PROVEN}")
    assert list(items(record, 10)) == [
        "update team",
        "update management",
        "update users",
        "update stakeholders",
        "resolve",
    ]


def test_the_most_urgent_comes_first_and_what_has_no_deadline_last():
    record = record_of(
        incident_of("investigating", "SEV2", category="service"),
        Checklist=f"- [x] Name the services 🆔 {ID}-a1\n- [ ] Open the runbook 🆔 {ID}-a2\n- [ ] SSO works? 🆔 {ID}-a3\n- [ ] mine",
    )
    found = due(record, DEFAULT_POLICY, minutes(20))
    assert [each.item for each in found] == [
        "role commander",
        "role technical_lead",
        "update team",
        "update users",
        "update management",
        "mitigate",
        "property services",
        "checklist a2",
    ]
    assert found[-1].what == "open the runbook (1 more on the checklist)"
    assert str(found[-1].command) == f"incident action done -i {ID} a2"


def test_a_category_asks_for_what_it_cannot_do_without():
    security = items(record_of(incident_of("investigating", category="security")))
    assert security["property tlp"][2] == f"incident set -i {ID} tlp"
    there = incident_of("investigating", category="security", properties={"tlp": "TLP:RED"})
    assert "property tlp" not in items(record_of(there))
    slow = items(record_of(incident_of("triage", category="performance", properties={"metric": "p95", "unit": "ms"})))
    assert [each for each in slow if each.startswith("property")] == ["property baseline"]


def test_an_expected_recovery_that_passed_is_to_be_kept_or_moved():
    waiting = incident_of("investigating", properties={"expected_recovery": "2026-11-23T03:00:00"})
    assert items(record_of(waiting))["expected recovery"] == (60, True, f"incident expect -i {ID}")
    stopped = incident_of("investigating", properties={"expected_recovery": "2026-11-23T03:00:00"}, mitigated=50)
    assert "expected recovery" not in items(record_of(stopped))
    a_day = incident_of("investigating", properties={"expected_recovery": "2026-11-23"})
    assert items(record_of(a_day), 30)["expected recovery"][0] == 24 * 60 - 2 * 60, "a day is over at its end"
    unreadable = incident_of("investigating", properties={"expected_recovery": "soon"})
    assert "expected recovery" not in items(record_of(unreadable))


def test_actions_with_a_day_of_their_own_are_due_at_its_end():
    record = record_of(
        incident_of("investigating", "SEV4"),
        Actions=(
            f"- [ ] Roll back [owner:: bob] 🆔 {ID}-a1 📅 2026-11-23\n- [x] Done 🆔 {ID}-a2 📅 2026-11-22\n"
            f"- [ ] No day 🆔 {ID}-a3\n- [ ] Odd day 🆔 {ID}-a4 📅 2026-02-30"
        ),
    )
    found = items(record)
    assert [each for each in found if each.startswith("action")] == ["action a1"]
    assert found["action a1"][0] == pytest.approx(22 * 60 - 1 / 60)


def test_a_request_waits_until_it_is_granted_or_refused():
    asked = "- 2026-11-23T02:10:00 **resource** @bob: r1 requested: a database specialist"
    record = record_of(incident_of("investigating"), asked)
    (found,) = [each for each in due(record, DEFAULT_POLICY, minutes(20)) if each.item == "request r1"]
    command = Command("resource grant", "r1", incident=ID)
    refuse = Command("resource refuse", "r1", incident=ID)
    assert found == Due("request r1", "grant or refuse r1: a database specialist", None, command, refuse)
    granted = f"{asked}\n- 2026-11-23T02:20:00 **resource** @dan: r1 granted: gita comes"
    assert "request r1" not in items(record_of(incident_of("investigating"), granted))


def test_silence_is_noticed_where_no_update_is_owed():
    record = record_of(incident_of("investigating", "SEV4"), "- 2026-11-23T02:30:00 **note** @bob: looking")
    assert "silence" not in items(record, 8 * 60)
    assert items(record, 9 * 60)["silence"] == (30 + 480, True, f"incident log -i {ID}")
    assert "silence" in items(record_of(incident_of("investigating", "SEV4")), 9 * 60)
    assert "silence" not in items(record_of(incident_of("investigating", "SEV1"), ""), 9 * 60)


def test_after_the_end_the_told_hear_of_it_and_closing_asks_for_what_is_missing():
    record = record_of(incident_of("resolved", resolved=90, properties=ROLES), TOLD)
    found = items(record, 90)
    assert list(found) == [
        "update team",
        "update management",
        "update users",
        "update stakeholders",
        "verification",
        "summary",
        "cause",
        "review",
    ]
    assert found["update users"] == (35, True, f"incident tell -i {ID} users")
    assert found["review"] == (90 + 3 * 1440, False, f"incident review new -i {ID}")
    over = TOLD + "\n" + TOLD.replace("02:05", "03:40").replace(", next by 2026-11-23T02:35:00", "")
    over += f"\n{PROVEN}\n- 2026-11-24T10:00:00 **review** @dan: reviewed, two follow-ups agreed"
    done = incident_of("resolved", resolved=90, properties={"cause": "change"})
    assert list(items(record_of(done, over, Summary="Cards failed."), 95)) == ["close"]
    assert list(items(record_of(incident_of("resolved", "SEV4", resolved=90)))) == ["close"]
    assert items(record_of(incident_of("resolved", "SEV4")))["end"][0] is None


def test_what_was_proven_before_it_was_reopened_counts_no_more():
    reopened = "- 2026-11-23T04:00:00 **reopen** @dan: was resolved 2026-11-23T03:40:00: it is back"
    solution = "- 2026-11-23T03:20:00 **verify** @dan: v1 solution pass: the pool is large again"
    failed = "- 2026-11-23T03:20:00 **verify** @dan: v1 recovery fail: still 3 %"
    review = "- 2026-11-23T03:50:00 **review** @dan: closed"
    draft = "- 2026-11-23T03:50:00 **review** @dan: draft"
    words = "- 2026-11-23T03:55:00 **review** @dan: meeting on Thursday"
    open_again = incident_of("monitoring")
    assert has_recovered(record_of(open_again, PROVEN))
    assert has_recovered(record_of(open_again, f"{PROVEN}\n{failed}"))
    for timeline in ("", solution, failed, f"{PROVEN}\n{reopened}"):
        assert not has_recovered(record_of(open_again, timeline))
    assert is_reviewed(record_of(open_again, f"{review}\n{words}"))
    for timeline in ("", draft, words, f"{review}\n{reopened}", f"{review}\n{reopened}\n{draft}"):
        assert not is_reviewed(record_of(open_again, timeline))


@pytest.mark.parametrize(
    ("status", "severity", "now", "first"),
    [
        ("triage", "SEV1", 1, "acknowledge"),
        ("triage", "undetermined", 1, "acknowledge"),
        ("investigating", "undetermined", 9, "severity"),
        ("investigating", "SEV1", 1, "role commander"),
        ("investigating", "SEV4", 1, "role commander"),
        ("monitoring", "SEV4", 1, "role commander"),
    ],
)
def test_what_is_required_comes_before_what_the_policy_wants_by_a_time(status, severity, now, first):
    assert next(iter(items(record_of(incident_of(status, severity)), now))) == first


def test_what_is_late_comes_before_what_is_required():
    told = TOLD.replace("02:35:00", "03:31:00")
    record = record_of(incident_of("resolved", resolved=90, properties=ROLES), told)
    assert next(iter(items(record, 90))) == "verification"
    assert next(iter(items(record, 92))) == "update team"
    undetermined = record_of(incident_of("investigating", "undetermined", properties=ROLES), told)
    assert next(iter(items(undetermined, 4))) == "severity"
    assert next(iter(items(undetermined, 92))) == "severity"


def test_closing_comes_after_the_word_that_it_is_over():
    told = "- 2026-11-23T02:05:00 **comms** @carol: team/briefing → [[x]]"
    record = record_of(incident_of("resolved", "SEV3", resolved=90), told)
    assert list(items(record, 91)) == ["update team", "close"]


@pytest.mark.parametrize(
    ("status", "properties", "item", "who"),
    [
        ("triage", ROLES, "acknowledge", None),
        ("investigating", {}, "mitigate", None),
        ("investigating", ROLES, "mitigate", "bob"),
        ("investigating", {"commander": "[[alice]]"}, "mitigate", "alice"),
        ("investigating", ROLES, "update users", "carol"),
        ("investigating", {"commander": "alice"}, "update users", "alice"),
        ("monitoring", ROLES, "verify", "alice"),
        ("monitoring", ROLES, "resolve", "alice"),
        ("investigating", {"technical_lead": "bob"}, "role commander", None),
        ("resolved", ROLES, "verification", "alice"),
    ],
)
def test_an_item_names_who_has_to_act(status, properties, item, who):
    record = record_of(incident_of(status, properties=properties, resolved=60))
    assert {each.item: each.who for each in due(record, DEFAULT_POLICY, minutes(70))}[item] == who


def test_an_action_is_its_owners():
    record = record_of(incident_of("investigating"), Actions=f"- [ ] Roll back [owner:: bob] 🆔 {ID}-a1 📅 2026-11-23")
    assert {each.item: each.who for each in due(record, DEFAULT_POLICY, minutes(1))}["action a1"] == "bob"


@pytest.mark.parametrize(
    ("who", "other_than", "shown"),
    [
        (None, None, ""),
        ("Alice", None, ""),
        ("bob", None, "bob"),
        (None, "alice", "anyone but alice"),
        (None, "bob", ""),
        ("bob", "alice", "bob"),
        ("alice", "bob", ""),
    ],
)
def test_who_has_to_act_is_named_where_it_is_somebody_else(who, other_than, shown):
    assert for_whom(who, other_than, "alice") == shown


def test_an_incident_without_a_review_is_to_be_closed_within_a_week():
    facts = "- 2026-11-23T03:30:00 **verify** @dan: v1 recovery pass: fine\n"
    found = items(record_of(incident_of("resolved", "SEV4", resolved=90), facts, Summary="It was slow."), 90)
    deadlines = {by for by, _, _ in found.values()}
    assert deadlines == {90 + 7 * 1440}


def test_silence_is_noticed_after_its_time_and_not_at_it():
    record = record_of(incident_of("investigating", "SEV4"), "- 2026-11-23T02:30:00 **note** @bob: looking")
    last = 30 + DEFAULT_POLICY.silent_after / timedelta(minutes=1)
    assert "silence" not in items(record, last)
    assert "silence" in items(record, last + 1 / 60)


def test_a_decision_that_is_due_names_both_ways():
    record = record_of(incident_of("investigating", properties={**ROLES, "tlp": "TLP:RED"}))
    users = next(each for each in due(record, DEFAULT_POLICY, minutes(1)) if each.item == "update users")
    assert users.what == "decide whether to inform users: it is TLP:RED"
    assert users.instead == Command("comms withhold", "users", incident=ID)
    team = next(each for each in due(record, DEFAULT_POLICY, minutes(1)) if each.item == "update team")
    assert team.instead is None


def test_the_review_is_asked_for_as_far_as_its_note_is():
    drafted = f"{PROVEN.replace('@dan', '@alice')}\n- 2026-11-24T10:00:00 **review** @dan: draft"
    incident = incident_of("resolved", resolved=90, properties={**ROLES, "cause": "change"})
    record = record_of(incident, drafted, Summary="Cards failed.")
    waiting = standing({"state": "in-review", "author": "alice", "reviewer": "gita"}, ())
    (found,) = due(record, DEFAULT_POLICY, minutes(95), waiting)
    assert (found.item, found.who, found.other_than, found.required) == ("review in review", "gita", "alice", True)
    assert found.what == "for closing: its review waits for its reviewer"
    assert [each.item for each in due(record, DEFAULT_POLICY, minutes(95))] == ["review"]
    (closing,) = due(record, DEFAULT_POLICY, minutes(95), waiting._replace(state="reviewed"))
    assert (closing.item, closing.who, closing.required) == ("close", "alice", False)


# -- security ---------------------------------------------------------------------------------------------------------

SECOPS = DEFAULT_POLICY._replace(
    teams={"secops": Team("security", contact="pager 7"), "soc": Team("security"), "payments": Team("technical")}
)


def asked(incident, timeline="", policy=SECOPS):
    """Give the items about security that are due, with what they ask for."""
    found = due(record_of(incident, timeline), policy, minutes(1))
    return {
        each.item: each for each in found if each.item == "restrict" or each.item.startswith(("team ", "property t"))
    }


@pytest.mark.parametrize("facts", [{"category": "security"}, {"detected_by": "security", "category": "service"}])
def test_the_security_teams_are_notified_and_the_traffic_light_is_set(facts):
    found = asked(incident_of("triage", "SEV2", restricted=True, **facts))
    assert list(found) == ["team secops", "team soc", "property tlp"]
    first = found["team secops"]
    assert first.what == "notify the security team secops (pager 7)"
    assert (first.by, str(first.command)) == (minutes(15), f"incident team activate -i {ID} secops")
    assert found["team soc"].what == "notify the security team soc"


def test_a_team_that_was_notified_or_called_is_not_asked_for_again():
    incident = incident_of("triage", category="security", restricted=True, properties={"teams": ["[[SecOps]]"]})
    called = "- 2026-11-23T02:05:00 **escalation** @alice: to soc via phone, an intruder"
    assert list(asked(incident, called)) == ["property tlp"]


def test_an_ordinary_incident_has_nothing_to_do_with_the_security_teams():
    assert asked(incident_of("triage", category="service", detected_by="monitoring")) == {}


def test_what_an_editor_made_one_of_security_is_restricted_first_unless_it_was_released():
    incident = incident_of("triage", category="security", properties={"tlp": "TLP:RED"})
    assert due(record_of(incident), DEFAULT_POLICY, minutes(1))[0].item == "restrict"
    item = asked(incident, policy=DEFAULT_POLICY)["restrict"]
    assert (str(item.command), item.required) == (f"incident restrict -i {ID}", True)
    released = "- 2026-11-23T02:05:00 **note** @alice: no longer restricted"
    assert asked(incident, released, DEFAULT_POLICY) == {}
    assert asked(incident._replace(restricted=True), policy=DEFAULT_POLICY) == {}


def test_a_briefing_names_its_people_and_is_the_liaisons():
    policy = DEFAULT_POLICY._replace(teams={"board": Team("management", ("gita", "erin"), "the board call")})
    liaison = {**ROLES, "management_liaison": "[[dan]]"}

    def briefing(properties, policy):
        found = due(record_of(incident_of("investigating", properties=properties)), policy, minutes(1))
        return next((each.what, each.who, each.to) for each in found if each.item == "update management")

    assert briefing(liaison, policy) == (
        "tell the management for the first time: gita, erin (reached by the board call)",
        "dan",
        ("gita", "erin"),
    )
    assert briefing(ROLES, policy)[1] == "carol"
    assert briefing({"management_liaison": "dan"}, DEFAULT_POLICY) == (
        "tell the management for the first time",
        "dan",
        (),
    )
    others = due(record_of(incident_of("investigating", properties=liaison)), policy, minutes(1))
    assert {each.item: (each.who, each.to) for each in others}["update users"] == ("carol", ())


def test_a_liaison_is_asked_for_only_where_the_policy_wants_one():
    expected = DEFAULT_POLICY.expectations[0]._replace(roles=("support_liaison",))
    policy = DEFAULT_POLICY._replace(expectations=(expected, *DEFAULT_POLICY.expectations[1:]))
    record = record_of(incident_of("investigating"))
    found = {each.item: each for each in due(record, policy, minutes(1))}
    assert str(found["role support_liaison"].command) == f"incident role -i {ID} support me"
    assert found["role support_liaison"].what == "name a support liaison"
    assert "role support_liaison" not in {each.item for each in due(record, DEFAULT_POLICY, minutes(1))}
