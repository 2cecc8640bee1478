"""A review is held against questions: what is empty, what is left over, which word blames."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, record_of

from okb_incident.command import Command
from okb_incident.core.review.completeness import (
    QUESTIONS,
    ReviewSection,
    findings,
    needs_plan,
    unanswered,
    without_summary,
)
from okb_incident.core.review.computed import seal
from okb_incident.core.review.headings import ABOUT, HEADINGS, plain_title

WHYS = "1. Why? The pool was small.\n2. Why? A default.\n3. Why? Not tested."
GOOD = {
    "Summary": "Cards failed for 73 minutes.",
    "Detection": "By an alarm.",
    "Contributing factors": "- a default that changed",
    "Five whys": WHYS,
    "Timeline": f"![[{ID}#Timeline]]",
    "Tools": "%% none %%",
    "Feedback": "",
}
PEOPLE = {"owner": "[[alice]]", "reviewer": "dan", "due": "2026-11-26"}
KNOWN = {"cause": "change", "trigger": "deploy 4f2a", "users_affected": "~1200"}
PLAN = f"- [ ] Alert [owner:: bob] [kind:: prevention] 🆔 {ID}-f1 📅 2026-12-08\n- [x] Done 🆔 {ID}-f2"


def record(timeline="", *, plan=PLAN, properties=None, **facts):
    moments = {"started": -13, "detected": -2, "mitigated": 55, "resolved": 60, **facts}
    incident = incident_of("resolved", properties=KNOWN if properties is None else properties, **moments)
    return record_of(incident, timeline, Follow_ups=plan)


def found(sections, properties=PEOPLE, of=None):
    return {(each.question, each.message) for each in held(sections, properties, of)}


def held(sections, properties=PEOPLE, of=None):
    placed = [ReviewSection(title, text, 10 * place) for place, (title, text) in enumerate(sections.items(), 1)]
    return findings(of or record(), placed, properties)


def commands(properties=PEOPLE, of=None):
    """Give the command that mends each finding, by what it says."""
    return {each.message: each.command for each in held(GOOD, properties, of)}


def test_a_good_one_lacks_nothing():
    assert found(GOOD) == set()
    assert len({each.name for each in QUESTIONS}) == 6


@pytest.mark.parametrize(
    ("sections", "lacks"),
    [
        ({"Detection": "%% How was it noticed? %%"}, ("data", "Detection is empty")),
        ({"Contributing factors": "-\n- \n"}, ("depth", "Contributing factors is empty")),
        ({"Why were we surprised?": ""}, ("depth", "Why were we surprised? is empty")),
        ({"A section of ours": "1. \n"}, ("words", "A section of ours is empty")),
        ({"Five whys": "1. Why?\n2. Why?\n"}, ("depth", "Five whys is empty")),
        (
            {"Five whys": "1. Why? So.\n2. Why?"},
            ("depth", "Five whys stops after 1; at least 3 lead to something that can be changed"),
        ),
        ({"Summary": "Cards TBD"}, ("words", "'TBD' is left in Summary")),
        ({"Summary": "Cards failed.\n- Users: …"}, ("words", "'…' is left in Summary")),
        ({"Summary": "Cards failed.\n%% ANSWER: Why? %%"}, ("words", "unanswered: Why? in Summary")),
        (
            {"Detection": "It was human error."},
            ("words", "'human error' in Detection blames a person; name what made it possible"),
        ),
        (
            {"Detection": "Bob should have known"},
            ("words", "'should have known' in Detection blames a person; name what made it possible"),
        ),
    ],
)
def test_what_one_lacks(sections, lacks):
    assert found({**GOOD, **sections}) == {lacks}


def test_words_in_a_remark_are_not_the_writers():
    assert found({**GOOD, "Detection": "By an alarm.\n%% TODO: no blame %%"}) == set()


def test_a_finding_names_its_line():
    (finding,) = findings(
        record(), [ReviewSection(t, x, 7) for t, x in {**GOOD, "Summary": "One.\nTwo TODO"}.items()], PEOPLE
    )
    assert finding.line == 9


def test_what_nobody_has_written_yet_is_named_before_somebody_else_reads_it():
    sections = [ReviewSection("Summary", "TBD", 3), ReviewSection("Detection", "By an alarm. It was human error.", 5)]
    assert unanswered(sections) == ["'TBD' is left in Summary"]
    assert unanswered(sections[1:]) == []


def test_a_section_that_was_thrown_away_is_missed():
    kept = {title: text for title, text in GOOD.items() if title not in {"Summary", "Contributing factors"}}
    assert found(kept) == {
        ("data", "there is no section In short"),
        ("depth", "there is no section Contributing factors"),
    }


def test_the_record_and_the_plan_are_looked_at_too():
    poor = record(plan="", properties={}, mitigated=1)
    assert found(GOOD, {}, of=poor) == {
        ("data", "the incident has no cause"),
        ("data", "the incident has no trigger"),
        ("impact", "the number of affected users is not recorded"),
        ("plan", "there are no follow-ups; add one, or explain in the review why none is needed"),
        ("people", "the review has no owner"),
        ("people", "the review has no reviewer"),
        ("people", "the review has no due"),
    }
    bare = record_of(
        incident_of("resolved", properties=KNOWN, resolved=60), Follow_ups=f"- [ ] Alert 🆔 {ID}-f1\n- [ ] nameless"
    )
    assert {message for _, message in found(GOOD, of=bare)} == {
        "the incident has no time for started",
        "the incident has no time for detected",
        "the incident has no time for mitigated",
        "f1 has no kind, no owner, no due day",
        "nameless has no kind, no owner, no due day",
    }
    assert needs_plan(bare) == ["f1: no kind, no owner, no due day", "nameless: no kind, no owner, no due day"]


def test_a_finding_of_the_record_the_plan_or_the_people_has_the_command_that_mends_it():
    bare = record_of(incident_of("resolved", resolved=60), Follow_ups=f"- [ ] Alert 🆔 {ID}-f1\n- [ ] nameless")
    found = commands({}, bare)
    assert found["the incident has no cause"] == Command("set", "cause", incident=ID)
    assert found["the incident has no time for started"] == Command("set", "started", incident=ID)
    assert found["the number of affected users is not recorded"] == Command("set", "users_affected", incident=ID)
    first = Command("follow-up set", "f1", options=("--kind",), incident=ID)
    assert found["f1 has no kind, no owner, no due day"] == first
    without_name = Command("follow-up set", options=("--kind",), incident=ID)
    assert found["nameless has no kind, no owner, no due day"] == without_name
    assert found["the review has no due"] == Command("review set", options=("--due",), incident=ID)
    (nothing,) = commands(of=record(plan="")).values()
    assert nothing == Command("follow-up add", incident=ID)
    told = "- 2026-11-23T02:05:00 **comms** @carol: users/service-notice → [[x]]"
    assert list(commands(of=record(told)).values()) == [Command("tell", "users", incident=ID)]
    assert {each.command for each in held({**GOOD, "Summary": ""})} == {None}


def test_who_was_told_of_it_has_to_hear_the_end():
    before = "- 2026-11-23T02:05:00 **comms** @carol: users/service-notice → [[x]]"
    assert found(GOOD, of=record(before)) == {("people", "users were not informed that the incident is over")}
    after = before.replace("02:05", "03:05").replace("users", "team")
    assert found(GOOD, of=record(after)) == set()
    inside = before.replace("users", "team")
    assert found(GOOD, of=record(inside)) == {("people", "team were not informed that the incident is over")}


def test_a_section_may_be_called_otherwise():
    other = {
        "Overview": "x",
        "Root causes": "x",
        **{title: text for title, text in GOOD.items() if title not in {"Summary", "Contributing factors"}},
    }
    assert found(other) == set()


def computed(below=""):
    text = seal("## Contributing factors\n- Trigger: deploy\n\n%% computed %%\n" + below)
    return text.partition("\n")[2]


def lacking(text, title="Contributing factors"):
    return {message for _, message in found({**GOOD, title: text})}


@pytest.mark.parametrize(
    ("text", "lack"),
    [
        (computed(), ""),
        (computed("\n%% How did it come to be? %%\n"), "not answered"),
        (computed("\n- a default that changed\n"), ""),
        (computed("\n%% How did it come to be? %%\n- a default\n"), ""),
        (computed("\n%% How? %%\n").replace("deploy", "deploy 4f2a"), ""),
        (f"![[{ID}#Timeline]]\n", ""),
        (f"%% Tell it. %%\n\n![[{ID}#Timeline]]\n", "not answered"),
        (f"We saw nothing.\n![[{ID}#Timeline]]\n", ""),
        ("%% As many as you need. %%\n\n- Helped:\n- Hindered: \n- Lucky:\n", "empty"),
        ("- Helped:\n- Hindered: the runbook\n", ""),
        ("### Five whys\n", "empty"),
        ("%% One lesson an item. %%\n\n-\n", "empty"),
    ],
)
def test_what_is_shown_is_enough_only_where_nothing_is_asked(text, lack):
    assert lacking(text) == ({f"Contributing factors is {lack}"} if lack else set())


STOPS = "Five whys stops after {}; at least 3 lead to something that can be changed"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (f"- a default\n\n### Five whys\n{WHYS}\n", set()),
        ("- a default\n\n### Five whys\n1. Why? So.\n2. Why?\n", {STOPS.format(1)}),
        (
            "- a default\n\n### Five Whys: ##\n1. Why?\n\n### More\n1. a\n2. b\n3. c\n",
            {STOPS.format(0).replace("whys", "Whys:")},
        ),
        ("- a default\n\n### Three whys\n1. Why?\n", set()),
    ],
)
def test_five_whys_may_be_below_a_heading_of_another_section(text, messages):
    assert lacking(text) == messages


def test_a_review_without_a_summary_is_not_submitted():
    sections = [ReviewSection("In short", "%% Three sentences. %%", 3), ReviewSection("Overview", "", 6)]
    assert without_summary(sections) == ["In short is empty", "Overview is empty"]
    assert without_summary([ReviewSection("In short", "It failed.", 3), ReviewSection("Facts", "", 6)]) == []


def test_each_heading_of_today_answers_a_question():
    assert {ABOUT[plain_title(each)] for each in HEADINGS} == {"data", "impact", "depth", "plan"}
    assert len(HEADINGS) == 9


def test_sections_of_a_review_that_tells_a_story_belong_to_the_same_questions():
    sections = [
        ReviewSection("In short", "It failed.", 1),
        ReviewSection("What surprised us", "", 3),
        ReviewSection("What we learned", "-", 5),
        ReviewSection("Contributing factors", "- a full pool", 7),
    ]
    assert {(each.question, each.message) for each in findings(record(), sections, {}) if each.line} == {
        ("depth", "What surprised us is empty"),
        ("plan", "What we learned is empty"),
    }
    assert not any("there is no section" in each.message for each in findings(record(), sections, {}))
