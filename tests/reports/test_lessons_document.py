"""Lessons as Markdown: each section says what it counts, and nothing where there is nothing."""

from __future__ import annotations

from datetime import date

from tests.made import made

from okb_incident.core.metrics.documentation import Month
from okb_incident.core.review.learned import LearnedLesson
from okb_incident.core.review.lesson import LessonNote
from okb_incident.core.review.lessons import Completion, Lesson, Lessons
from okb_incident.core.values.period import month_number
from okb_incident.reports.lessons import as_markdown, as_object

JULY = month_number(date(2026, 7, 1))
NOTHING = Lessons((), (), (), (), {}, {}, (), (), 0, None, ())


def test_without_lessons_there_is_no_document() -> None:
    assert as_markdown(NOTHING) == ""


def test_a_lesson_links_each_incident_and_counts_those_that_say_the_same() -> None:
    lessons = (
        LearnedLesson("ask first", ("INC-20260706-02", "INC-20260706-01")),
        LearnedLesson("look", ("INC-20260706-03",)),
    )
    assert as_markdown(NOTHING._replace(lessons=lessons)) == (
        "## Lessons\n- ask first (2 times: [[INC-20260706-02]], [[INC-20260706-01]])\n- look ([[INC-20260706-03]])"
    )


def test_a_lesson_that_is_a_note_links_it_and_says_when_and_whether_anything_was_done() -> None:
    note = LessonNote("incidents/lessons/Lesson ask.md", "ask [us] first")
    twice = LearnedLesson("ask [us] first", ("INC-20260706-02", "INC-20260706-01"), note, "2026-07-08")
    never = LearnedLesson("look", (), LessonNote("n.md", "look"))
    done = LearnedLesson("look", ("INC-20260706-03",), LessonNote("n.md", "look"), is_acted_on=True)
    assert as_markdown(NOTHING._replace(lessons=(twice, never, done))).split("\n")[1:] == [
        "- [[Lesson ask|ask (us) first]] (2 times: [[INC-20260706-02]], [[INC-20260706-01]]; last on 2026-07-08; no follow-up is done)",
        "- [[n|look]] (in no incident yet; no follow-up is done)",
        "- [[n|look]] ([[INC-20260706-03]])",
    ]
    (found,) = as_object(NOTHING._replace(lessons=(twice,)))["lessons"]
    assert (found["note"], found["path"], found["last"]) == ("Lesson ask", note.path, "2026-07-08")


def test_what_went_badly_once_is_no_lesson_yet() -> None:
    badly = (Lesson("the alarm", ("INC-20260706-01", "INC-20260706-02")), Lesson("the phone", ("INC-20260706-01",)))
    assert as_markdown(NOTHING._replace(badly=badly)) == (
        "## Went badly, more than once\n- the alarm (2 times: [[INC-20260706-01]], [[INC-20260706-02]])"
    )


def test_people_tools_and_follow_ups() -> None:
    lessons = NOTHING._replace(
        training=(Lesson("roll back", ("INC-20260706-01 f1",)),),
        one_person={"technical_lead": "bob"},
        gaps=(Lesson("a board", ("INC-20260706-01 f2",)),),
        tools={"grafana": (2, 1)},
        completion=(Completion("tool", 3, 1, 1, 1),),
    )
    assert as_markdown(lessons).split("\n\n") == [
        "## Training needs\n- roll back ([[INC-20260706-01]] f1)\n- technical lead: only bob ever held it",
        "## Tools\n- a board ([[INC-20260706-01]] f2)\n- grafana: helped 2, hindered 1",
        "## Follow-ups\n| Kind | All | Done | Cancelled | Overdue |\n|---|---|---|---|---|\n| tool | 3 | 1 | 1 | 1 |",
    ]


def test_one_review_has_no_median_and_few_voices_no_mean() -> None:
    lessons = NOTHING._replace(quality=(Month(JULY, (1,)), Month(JULY + 1, (1, 4))), voices=1)
    assert as_markdown(lessons) == (
        "## Reviews\n- 2026-07: 1 review, 1 finding\n- 2026-08: 2 reviews, 2.5 findings in the median\n"
        "- feedback: 1 voice, too few for a mean"
    )
    assert "5 voices, mean 4.2 of 5" in as_markdown(lessons._replace(voices=5, mean_score=4.2))


def test_what_happened_a_year_ago_is_linked() -> None:
    incident = made(1, severity="SEV2")
    assert as_markdown(NOTHING._replace(year_ago=(incident,))) == (
        f"## A year ago today\n- [[{incident.id}]] SEV2 {incident.headline}"
    )


def test_a_program_gets_all_of_it_and_what_went_badly_once_too() -> None:
    lessons = Lessons(
        lessons=(LearnedLesson("ask first", ("INC-20260706-02", "INC-20260706-01")),),
        badly=(Lesson("the phone", ("INC-20260706-01",)),),
        training=(Lesson("roll back", ("INC-20260706-01 f1",)),),
        gaps=(),
        tools={"grafana": (2, 1)},
        one_person={"technical_lead": "bob"},
        completion=(Completion("tool", 3, 1, 1, 0),),
        quality=(Month(JULY, (2,)),),
        voices=1,
        mean_score=None,
        year_ago=(made(1),),
    )
    assert as_object(lessons) == {
        "lessons": [
            {
                "text": "ask first",
                "count": 2,
                "incidents": ["INC-20260706-02", "INC-20260706-01"],
                "note": None,
                "path": None,
                "last": None,
                "follow_up_done": False,
            }
        ],
        "went_badly": [{"text": "the phone", "count": 1, "incidents": ["INC-20260706-01"]}],
        "training": [{"text": "roll back", "count": 1, "incidents": ["INC-20260706-01 f1"]}],
        "tool_gaps": [],
        "tools": {"grafana": {"helped": 2, "hindered": 1}},
        "roles_of_one_person": {"technical_lead": "bob"},
        "follow_ups": [{"kind": "tool", "total": 3, "done": 1, "given_up": 1, "overdue": 0}],
        "reviews": [{"month": "2026-07", "count": 1, "findings_median": 2}],
        "feedback": {"voices": 1, "mean": None},
        "documentation": None,
        "a_year_ago": ["INC-20260706-01"],
    }


def test_an_incident_of_a_year_ago_that_nobody_assessed_has_a_dash() -> None:
    assert as_markdown(NOTHING._replace(year_ago=(made(1, severity=None),))).endswith(
        "- [[INC-20260706-01]] – Incident 1"
    )
