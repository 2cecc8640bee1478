"""What a template is told: all of it inside the house, outside only what is fit for everybody."""

from __future__ import annotations

from typing import Any

import pytest
from tests.records import ID, incident_of, minutes, record_of

from okb_incident.core.guidance import facts as core
from okb_incident.core.guidance import public_facts as public
from okb_incident.core.guidance.public_facts import Occasion
from okb_incident.core.guidance.template import NEW, PURPOSE, TEMPLATES, Purpose, purpose_of
from okb_incident.core.guidance.variables import OUTSIDE_NAMES, VARIABLES
from okb_incident.core.guidance.wording import STAGES

TIMELINE = """
- 2026-11-23T02:02:00 **status** @alice: triage → investigating
- 2026-11-23T02:03:00 **impact** @alice: checkout down, share 40%, users 900-1500 from 2026-11-23T01:47:00 to 2026-11-23T02:55:00
- 2026-11-23T02:05:00 **comms** @carol: users/service-notice → [[x]], next by 2026-11-23T02:40:00
- 2026-11-23T02:12:00 **hypothesis** @bob: h1 pool exhausted
- 2026-11-23T02:13:00 **hypothesis** @bob: h2 a full disk
- 2026-11-23T02:14:00 **hypothesis** @bob: h2 ruled out, 40 % are free
- 2026-11-23T02:15:00 **handoff** @alice: commander: @alice → @dan, sleep
- 2026-11-23T02:15:30 **role** @dan: scribe: – → @erin
- 2026-11-23T02:16:00 **severity** @alice: SEV2 → SEV1, every card payment fails #external
- 2026-11-23T02:17:00 **note** @bob: we take back the last change #external
- 2026-11-23T02:20:00 **resource** @alice: r1 requested: a DBA
- 2026-11-23T02:21:00 **resource** @gita: r1 granted: Ines comes
- 2026-11-23T02:22:00 **resource** @alice: r2 requested: a disk
- 2026-11-23T02:31:00 **decision** @alice: roll back 4f2a
- 2026-11-23T02:50:00 **change** @bob: rollback: deploy 4f2a
- 2026-11-23T03:40:00 **verify** @alice: v1 recovery fail: still 3 %
- 2026-11-23T03:50:00 **verify** @alice: v1 recovery pass: errors below 0.1 %, evidence 0.02 %
- 25:99 **note** @zoe: of no moment #external
"""
PROPERTIES = {
    "severity": "SEV1",
    "users_affected": 1200,
    "services": ["[[checkout]]"],
    "commander": "[[dan]]",
    "responders": ["bob", "[[erin]]"],
    "teams": ["payments"],
    "expected_recovery": "2026-11-23T03:00:00",
}
SECTIONS = {
    "Summary": "\nCards failed.\n\n",
    "Actions": f"- [ ] Call the bank [owner:: carol] 🆔 {ID}-a1\n- [/] Look 🆔 {ID}-a2\n- [x] Roll back 🆔 {ID}-a3\n- [-] Buy 🆔 {ID}-a4",
    "Follow_ups": f"- [ ] Alert [owner:: bob] [kind:: prevention] 🆔 {ID}-f1 📅 2026-12-08",
}
RECORD = record_of(
    incident_of("resolved", properties=PROPERTIES, started=-13, mitigated=55, resolved=100, services=("checkout",)),
    TIMELINE,
    **SECTIONS,
)
OCCASION = Occasion(minutes(120), "UTC", "Users 2", "Cards work.", 2, minutes(16), minutes(150), ("the web shop",))


def facts(record, occasion) -> dict[str, Any]:
    return dict(core.facts(record, occasion))


def public_facts(record, occasion) -> dict[str, Any]:
    return dict(public.public_facts(record, occasion))


def test_every_variable_has_a_value_and_every_value_a_variable():
    whole = facts(RECORD, OCCASION)
    assert set(whole) == {each.name for each in VARIABLES if not each.only}
    for variable in VARIABLES:
        values = whole.get(variable.name)
        if isinstance(values, list) and values and isinstance(values[0], dict):
            assert set(values[0]) == set(variable.keys), variable.name


def test_a_nearly_empty_incident_has_every_value_too():
    bare = record_of(incident_of("triage", "undetermined")._replace(status=None, severity=None, moments={}))
    found = facts(bare, Occasion(minutes(0), "UTC"))
    assert set(found) == set(facts(RECORD, OCCASION))
    assert {
        found[name] for name in ("stage", "began", "lasted", "next_update", "status_for", "severity_meaning", "since")
    } == {""}
    assert found["timeline"] == []


def test_what_is_known_inside():
    found = facts(RECORD, OCCASION)
    assert found["link"] == f"[[{ID}]]"
    assert found["users_affected"] == "1200"
    assert (found["commander"], found["responders"], found["teams"]) == ("dan", ["bob", "erin"], ["payments"])
    assert found["expected_recovery"] == "2026-11-23 03:00 UTC"
    assert found["summary"] == "Cards failed."
    assert found["status_for"] == ""
    assert [(each["name"], each["result"]) for each in found["hypotheses"]] == [
        ("h1", "open"),
        ("h2", "ruled out: 40 % are free"),
    ]
    assert found["suffering"] == [
        {
            "service": "checkout",
            "level": "down",
            "since": "2026-11-23 01:47 UTC",
            "until": "2026-11-23 02:55 UTC",
            "span": "from 2026-11-23 01:47 UTC to 2026-11-23 02:55 UTC",
            "lasted": "1h08m",
            "share": "40%",
            "users": "900-1500",
            "planned": "",
            "end": "recorded",
            "text": "down for 1h08m, from 2026-11-23 01:47 UTC to 2026-11-23 02:55 UTC, 40%, 900-1500 users",
            "total": "",
        }
    ]
    assert [each["name"] for each in found["open_actions"]] == ["a1", "a2"]
    assert [each["name"] for each in found["done_actions"]] == ["a3"]
    assert [each["state"] for each in found["actions"]] == ["open", "begun", "done", "given up"]
    assert found["follow_ups"][0]["kind"] == "prevention"
    assert [(each["name"], each["state"], each["answer"]) for each in found["requests"]] == [
        ("r1", "granted", "Ines comes"),
        ("r2", "requested", ""),
    ]
    assert [each["name"] for each in found["needs"]] == ["r2"]
    assert [(each["result"], each["evidence"]) for each in found["checks"]] == [("passed", "0.02 %")]
    assert {each["who"]: each["roles"] for each in found["people"]} == {
        "dan": "commander",
        "bob": "responder",
        "erin": "responder, scribe",
        "alice": "commander",
        "carol": "",
        "gita": "",
    }


def test_a_promise_that_cannot_be_read_stands_as_it_was_typed():
    odd = record_of(incident_of("investigating", properties={"expected_recovery": "soon"}))
    assert facts(odd, OCCASION)["expected_recovery"] == "soon"


def test_how_long_it_has_its_status():
    line = "- 2026-11-23T02:02:00 **status** @alice: triage → investigating"
    assert facts(record_of(incident_of("investigating"), line), OCCASION)["status_for"] == "1h58m"


def test_news_are_what_came_or_was_written_down_since_the_last_message():
    late = "- 2026-11-23T02:00:30 **note** @bob: seen late (recorded 2026-11-23T03:00:00)"
    record = record_of(incident_of("investigating"), f"{TIMELINE}\n{late}")
    texts = [each["text"] for each in facts(record, OCCASION)["news"]]
    assert texts[0] == "seen late"
    assert "h1 pool exhausted" not in texts
    assert "we take back the last change" in texts
    assert len(facts(record, OCCASION._replace(since=None))["news"]) == len(record.entries)


def test_outside_knows_only_what_is_fit_for_everybody():
    found = public_facts(RECORD, OCCASION)
    assert set(found) == OUTSIDE_NAMES
    assert found["public_events"] == [
        {"at": "02:16 UTC", "text": "Every card payment fails."},
        {"at": "02:17 UTC", "text": "We take back the last change."},
    ]
    assert [each["text"] for each in found["public_news"]] == ["We take back the last change."]
    assert (found["began"], found["stopped"], found["ended"]) == (
        "01:47 UTC",
        "02:55 UTC",
        "03:40 UTC",
    )
    assert (found["lasted"], found["stage"], found["is_over"]) == ("1 hour and 8 minutes", "over", True)
    assert (found["next_update"], found["public_services"]) == ("04:30 UTC", ["the web shop"])


def test_no_internal_word_is_among_what_outside_knows():
    """Every text of the incident is a canary, but for those that are marked; none of them may be there."""
    canary = "canary-in-the-mine"
    lines = "\n".join(
        f"- 2026-11-23T02:{minute:02d}:00 **{kind}** @{canary}: {text}"
        for minute, (kind, text) in enumerate(
            [
                ("note", canary),
                ("status", f"triage → investigating, {canary}"),
                ("hypothesis", f"h1 {canary}"),
                ("decision", canary),
                ("resource", f"r1 requested: {canary}"),
                ("run", f"`{canary}` exit 0 #externals"),
                ("note", f"{canary} #external but not at its end"),
                # Money goes nowhere, whatever mark a person puts on a line.
                ("cost", f"refunds 1200 EUR, {canary}, source {canary} #external"),
                ("cost", f"much, says {canary} #external"),
                ("note", "fit for all #external"),
            ]
        )
    )
    lines += f"\n- 02:40 Cost: refunds 5 CHF, {canary} #external"
    properties = dict.fromkeys(
        ("title", "commander", "scope", "cause", "trigger", "users_affected", "expected_recovery", "sla"), canary
    )
    incident = incident_of("monitoring", properties=properties, services=(canary,), started=-5)._replace(title=canary)
    sections = dict.fromkeys(("Summary", "Impact", "Resolution"), canary) | {"Actions": f"- [ ] {canary} 🆔 {ID}-a1"}
    found = public_facts(record_of(incident, lines, **sections), Occasion(minutes(60), "UTC", "Users 1", "typed"))
    assert canary not in repr(found)
    assert [each["text"] for each in found["public_events"]] == ["Fit for all."]


@pytest.mark.parametrize("status", STAGES)
def test_every_stage_has_a_word_for_everybody(status):
    assert public_facts(record_of(incident_of(status)), OCCASION)["stage"] == STAGES[status]


def test_the_table_of_templates_names_each_once():
    assert len(PURPOSE) == len(TEMPLATES) == 29
    assert {each.knows for each in TEMPLATES} == {"new", "facts", "outside", "report", "nothing"}
    assert "title" in NEW


def test_money_has_its_range_its_source_and_who_recorded_it_and_sums_by_currency():
    lines = """
- 2026-11-23T02:16:00 **cost** @bob: refunds 1200 CHF (900..1500), cards, source [[ledger]]
- 2026-11-23T02:17:00 **cost** @dan: vouchers 300 EUR
- 2026-11-23T02:18:00 **cost** @dan: overtime 99.5 CHF
"""
    record = record_of(incident_of("investigating", properties={"sla": "breached"}), lines)
    found = core.message_facts(record, OCCASION._replace(names={"bob": "Bob Tanner"}), outside=False)
    assert found["sla"] == "breached"
    assert found["costs"] == [
        {
            "what": "refunds",
            "amount": "1,200.00 CHF (900.00 to 1,500.00)",
            "text": "cards",
            "source": "ledger",
            "who": "Bob Tanner",
        },
        {"what": "vouchers", "amount": "300.00 EUR", "text": "", "source": "", "who": "dan"},
        {"what": "overtime", "amount": "99.50 CHF", "text": "", "source": "", "who": "dan"},
    ]
    assert found["cost_totals"] == ["1,299.50 CHF (999.50 to 1,599.50)", "300.00 EUR"]


def test_a_template_that_is_named_after_a_category_is_for_its_incidents():
    assert purpose_of("incident-vendor") == Purpose(
        "incident-vendor", "the note of an incident of the category vendor", "new"
    )
    assert purpose_of("incident-service") is PURPOSE["incident-service"]
    assert purpose_of("shift-report") is None


def test_in_a_message_no_value_has_links_or_moments_as_notes_hold_them_but_what_was_typed_stays():
    lines = "- 2026-11-23T02:16:00 **note** @bob: see [[checkout]] at 2026-11-23T02:10:00 #external"
    record = record_of(
        incident_of("investigating", properties={"trigger": "[[4f2a|the deploy]]"}), lines, Summary="[[a]]"
    )
    occasion = OCCASION._replace(message="[[b]] 2026-11-23T02:00:00", heading="Users 2: [[c]]")
    inside: dict[str, Any] = dict(core.message_facts(record, occasion, outside=False))
    assert set(inside) == set(facts(record, occasion))
    assert (inside["link"], inside["trigger"], inside["summary"]) == (ID, "the deploy", "a")
    assert (inside["message"], inside["heading"]) == (occasion.message, occasion.heading)
    assert inside["timeline"][0]["text"] == "see checkout at 02:10 UTC"
    outside: dict[str, Any] = dict(core.message_facts(record, occasion, outside=True))
    assert set(outside) == OUTSIDE_NAMES
    assert outside["public_events"][0]["text"] == "See checkout at 02:10 UTC."


def test_what_everybody_may_know_stands_in_order_of_time_and_once():
    lines = """
- 2026-11-23T02:57:00 **note** @bob: cards work again #external
- 2026-11-23T02:16:00 **note** @bob: we take back the last change #external
- 2026-11-23T03:40:00 **status** @bob: monitoring → resolved #external
- 2026-11-23T03:41:00 **note** @bob: of the house
"""
    record = record_of(incident_of("resolved", detected=-2, mitigated=55, resolved=100), lines)
    assert public_facts(record, OCCASION)["public_timeline"] == [
        {"at": "01:58 UTC", "text": "The problem started."},
        {"at": "02:16 UTC", "text": "We take back the last change."},
        {"at": "02:55 UTC", "text": "The disruption ended."},
        {"at": "02:57 UTC", "text": "Cards work again."},
        {"at": "03:40 UTC", "text": "The problem is resolved."},
    ]
    bare = record_of(incident_of("closed")._replace(moments={}))
    assert public_facts(bare, OCCASION)["public_timeline"] == []


@pytest.mark.parametrize(
    ("status", "moments", "lasted", "stopped", "ended"),
    [
        ("investigating", {"started": -13}, "2 hours and 13 minutes", "", ""),
        # When it is over, now is not the end of what nobody wrote down.
        ("resolved", {"started": -13}, "", "", ""),
        (
            "resolved",
            {"started": -13, "resolved": 100},
            "1 hour and 53 minutes",
            "03:40 UTC",
            "03:40 UTC",
        ),
        # A moment that does not hold any more ends nothing.
        ("investigating", {"started": -13, "resolved": 100}, "2 hours and 13 minutes", "", ""),
        ("monitoring", {"started": 60, "mitigated": 30}, "", "02:30 UTC", ""),
        ("closed", {"resolved": 100}, "", "03:40 UTC", "03:40 UTC"),
    ],
)
def test_how_long_it_lasted_is_said_only_where_the_record_tells(status, moments, lasted, stopped, ended):
    found = public_facts(record_of(incident_of(status, **moments)), OCCASION)
    assert (found["lasted"], found["stopped"], found["ended"]) == (lasted, stopped, ended)


def test_a_service_that_suffers_when_all_is_over_has_no_length():
    line = "- 2026-11-23T02:03:00 **impact** @alice: checkout down from 2026-11-23T01:47:00"
    assert facts(record_of(incident_of("resolved"), line), OCCASION)["suffering"][0]["lasted"] == ""
    assert facts(record_of(incident_of("monitoring"), line), OCCASION)["suffering"][0]["lasted"] == "2h13m"


def test_the_services_stand_as_a_list_in_a_sentence():
    occasion = OCCASION._replace(public_services=("the web shop", "card payments"))
    assert public_facts(RECORD, occasion)["affected"] == "the web shop and card payments"


def test_a_message_to_colleagues_has_their_names_days_and_a_headline():
    follow_ups = f"- [ ] Alert [owner:: BOB] 🆔 {ID}-f1 📅 2026-12-08\n- [ ] Look 🆔 {ID}-f2 📅 2026-11-23\n- [ ] Try 🆔 {ID}-f3 📅 2026-13-40"
    record = record_of(
        incident_of("investigating", properties={**PROPERTIES, "data_loss": "some"}, services=("checkout", "wallet")),
        TIMELINE,
        Follow_ups=follow_ups,
    )
    occasion = OCCASION._replace(names={"bob": "Bob Moser", "dan": "Dan Kim"}, services=("the shop", "wallet"))
    found: dict[str, Any] = dict(core.message_facts(record, occasion, outside=False))
    assert found["internal_headline"] == f"Investigating: {record.incident.title} (SEV1)"
    assert (found["commander"], found["responders"]) == ("Dan Kim", ["Bob Moser", "erin"])
    assert (found["service_list"], found["data_sentence"]) == ("the shop and wallet", "Some data was lost.")
    assert [(each["owner"], each["due"]) for each in found["follow_ups"]] == [
        ("Bob Moser", "8 December"),
        ("", "today"),
        ("", "2026-13-40"),
    ]
    assert {each["who"] for each in found["timeline"]} >= {"Bob Moser", "alice"}
    assert [each["text"] for each in found["highlights"]][:2] == [
        "we take back the last change",
        "Decision: roll back 4f2a",
    ]
    assert found["suffering"][0]["span"] == "from 01:47 to 02:55 UTC"
    unknown = record_of(incident_of("triage", "undetermined"))
    assert facts(unknown, OCCASION)["internal_headline"] == f"Investigating: {unknown.incident.title}"


def test_a_status_is_a_highlight_only_with_a_reason():
    lines = """
- 2026-11-23T02:20:00 **status** @bob: triage → investigating
- 2026-11-23T02:21:00 **status** @bob: investigating → identified, the pool
- 2026-11-23T02:22:00 **status** @bob: who knows
- 2026-11-23T02:23:00 **comms** @bob: users/service-notice → [[x]]
"""
    found = facts(record_of(incident_of("identified"), lines), OCCASION)["highlights"]
    assert [each["text"].rpartition(" ")[2] for each in found] == ["pool", "knows"]


@pytest.mark.parametrize(
    ("status", "span"), [("resolved", "from 2026-11-23 01:47 UTC on"), ("monitoring", "since 2026-11-23 01:47 UTC")]
)
def test_a_service_does_not_suffer_on_after_the_incident(status, span):
    line = "- 2026-11-23T02:03:00 **impact** @alice: checkout down from 2026-11-23T01:47:00"
    assert facts(record_of(incident_of(status), line), OCCASION)["suffering"][0]["span"] == span


@pytest.mark.parametrize(
    ("planned", "window", "state"),
    [
        ({"planned_from": "2026-11-23T22:00:00", "planned_to": "2026-11-23T23:00:00"}, "from 22:00 to 23:00 UTC", "Scheduled maintenance"),
        ({"planned_from": "2026-11-23T22:00:00"}, "from 22:00 UTC", "Scheduled maintenance"),
        ({"planned_from": "2026-11-23T01:00:00"}, "from 01:00 UTC", "Maintenance in progress"),
        ({"planned_from": "tonight"}, "", "Maintenance"),
        ({}, "", "Maintenance"),
    ],
)  # fmt: skip
def test_the_window_of_a_maintenance(planned, window, state):
    follow_up = f"- [ ] Alert #incident/follow-up #external 🆔 {ID}-f1"
    incident = incident_of("triage", properties=planned)._replace(nature="maintenance")
    found = public_facts(record_of(incident, Follow_ups=follow_up), OCCASION)
    assert (found["planned"], found["headline"]) == (window, f"{state}: The web shop")
    assert (found["is_problem"], found["is_maintenance"], found["apology"], found["prevention"]) == (
        False,
        True,
        "",
        "",
    )


def test_customers_may_know_of_open_follow_ups_marked_for_them():
    follow_ups = (
        f"- [ ] Alert #incident/follow-up #external 🆔 {ID}-f1\n- [x] Look #external 🆔 {ID}-f2\n- [ ] Hide 🆔 {ID}-f3"
    )
    found = public_facts(record_of(incident_of("resolved", started=-13, resolved=30), Follow_ups=follow_ups), OCCASION)
    assert found["prevention"] == "To prevent this from happening again, we will alert."
    assert (found["span"], found["apology"]) == ("from 01:47 to 02:30 UTC", "We are sorry for the disruption.")


OURS = Occasion(
    minutes(60),
    "UTC",
    public_names={"api": "Card payments", "db": "Card payments", "shop": "The shop"},
    public_services=("The shop",),
)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            ("02:00 impact: api down", "02:20 impact: API degraded, 40%"),
            [("Card payments", "degraded since 02:20 UTC")],
        ),
        (("02:00 impact: api degraded", "02:10 impact: db down"), [("Card payments", "unavailable since 02:10 UTC")]),
        (
            ("02:00 impact: api down", "02:10 impact: api restored"),
            [("Card payments", "working again since 02:10 UTC")],
        ),
        (("02:00 impact: queue down", "02:10 impact: shop at risk"), []),
        (("02:00 impact: shop down, planned",), []),
        (("02:00 impact: shop down from 03:30 to 03:40",), []),
    ],
)
def test_customers_read_the_levels_of_what_they_know(lines, told):
    record = record_of(incident_of("monitoring"), "\n".join(f"- {line}" for line in lines))
    found = public_facts(record, OURS)["public_impact"]
    in_message: dict[str, Any] = dict(core.message_facts(record, OURS, outside=True))
    assert [each["service"] for each in found] == [each["service"] for each in in_message["public_impact"]]
    assert [(each["service"], each["text"]) for each in in_message["public_impact"]] == told


def test_of_a_merged_incident_customers_are_not_told_that_it_works_again():
    lines = "- 02:00 impact: shop down\n- 02:10 **merge** @a: into [[INC-20261123-02]]"
    assert public_facts(record_of(incident_of("merged"), lines), OURS)["public_impact"] == []


def test_an_external_line_names_a_service_as_customers_do():
    lines = (
        "- 02:00 **impact** @a: api-gateway-7 down from 2026-11-23T02:00:00 #external\n"
        "- 02:10 **impact** @a: [[shop]] restored #external\n- 02:20 **impact** @a: shop restored at 02:15 #external"
    )
    found = public_facts(record_of(incident_of("monitoring"), lines), OURS)["public_events"]
    assert [each["text"] for each in found] == [
        "Our service down from 02:00 UTC.",
        "The shop works again.",
        "The shop works again since 02:15 UTC.",
    ]


def test_the_last_period_of_a_service_has_its_total():
    lines = "- 02:00 impact: a down\n- 02:10 impact: a degraded\n- 02:30 impact: b down from 02:30 to 02:35"
    found: dict[str, Any] = dict(
        core.message_facts(record_of(incident_of("resolved", resolved=40), lines), OURS, outside=False)
    )
    assert [(each["service"], each["text"], each["end"], each["total"]) for each in found["suffering"]] == [
        ("a", "down for 10 minutes, from 02:00 to 02:10 UTC", "recorded", ""),
        (
            "a",
            "degraded for 30 minutes, from 02:10 to 02:40 UTC (end of the incident)",
            "end of the incident",
            "40 minutes",
        ),
        ("b", "down for 5 minutes, from 02:30 to 02:35 UTC", "recorded", ""),
    ]


ASKED = f"""
- 2026-11-23T02:04:00 **comms** @carol: users/service-notice → [[{ID} update 1 users service-notice|users 1]], next by 2026-11-23T02:40:00
- 02:10 tickets: 12
- 02:22 tickets: 25
- 2026-11-23T02:24:00 **resource** @bob: r1 requested: a specialist
- 2026-11-23T02:25:00 **comms** @carol: management/resource-request → [[{ID} update 2 management resource-request|management 1]]
- 2026-11-23T02:26:00 **resource** @gita: r1 granted: Ines comes
"""


def test_what_support_and_the_management_need_to_know():
    record = record_of(incident_of("investigating", properties={"tickets": 40}), ASKED)
    occasion = Occasion(
        minutes(30), "UTC", recipients=("gita", "erin"), users_headline="Cards fail", names={"gita": "Gita Rao"}
    )
    found = dict(core.message_facts(record, occasion, outside=False))
    assert found["tickets"] == "40 (12 at 02:10 UTC, 25 at 02:22 UTC)"
    assert found["support_may_say"] == "Cards fail (u1, sent at 02:04 UTC, next update by 02:40 UTC)"
    assert found["recipients"] == "Gita Rao and erin"
    assert found["resource_request"] == "u2 of 02:25 UTC"
    assert found["requests"] == [
        {
            "name": "r1",
            "text": "a specialist",
            "state": "granted",
            "answer": "Ines comes",
            "asked": "02:24 UTC",
            "asked_by": "bob",
            "answered": "02:26 UTC",
            "answered_by": "Gita Rao",
        }
    ]
    public_ones = dict(core.message_facts(record, occasion, outside=True))
    assert not {"tickets", "support_may_say", "recipients", "requests", "resource_request"} & set(public_ones)


CORRECTED = (
    f"- 2026-11-23T02:05:00 **note** @carol: u1 corrected, [[{ID} update 1 users service-notice|u1]]: Wallets too."
)


@pytest.mark.parametrize(
    ("properties", "timeline", "said"),
    [
        ({}, "", ""),
        ({"support_liaison": "bob"}, "", "nothing yet; no message was sent to users"),
        ({}, "- 02:10 tickets: 12", "nothing yet; no message was sent to users"),
        (
            {},
            f"{ASKED.strip().splitlines()[0].partition(', next')[0]}\n{CORRECTED}",
            "u1 (u1, sent at 2026-11-23 02:04 UTC); corrected: Wallets too.",
        ),
    ],
)
def test_what_support_may_say_without_a_headline(properties, timeline, said):
    record = record_of(incident_of("investigating", properties=properties), timeline)
    assert facts(record, Occasion(minutes(30), "UTC"))["support_may_say"] == said
