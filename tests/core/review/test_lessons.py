"""What many incidents teach together."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial

from tests.records import ID, incident_of, record_of

from okb_incident.core.review.learned import LearnedLesson
from okb_incident.core.review.lessons import Completion, Lesson, ReviewLessons, gather
from okb_incident.core.values.moment import Moment
from okb_incident.core.values.period import month_number

SECTIONS = {
    "Lessons": ["%% A line each %%", "- Pools need alerts.", "* Defaults are changes", "-", "words"],
    "Went poorly": ["1. the runbook was old"],
    "Tools": ["- [[Grafana]] helped: it was on the board", "- wiki hindered, it was old", "- nothing to say"],
}


def number(month):
    return month_number(date.fromisoformat(f"{month}-01"))


def written(which=ID, scores=(), findings=0, month="2026-11", **sections):
    return ReviewLessons(which, lambda title: {**SECTIONS, **sections}.get(title, []), scores, findings, number(month))


def test_what_several_say_in_the_same_words_counts_together():
    other = written("INC-20261001-01", Lessons=["- pools need alerts"], month="2026-10", findings=4)
    found = gather([written(), other], [], [], "2026-11-30")
    assert found.lessons == (
        LearnedLesson("Pools need alerts.", (ID, "INC-20261001-01")),
        LearnedLesson("Defaults are changes", (ID,)),
    )
    assert found.badly == (Lesson("the runbook was old", (ID, "INC-20261001-01")),)
    assert found.tools == {"wiki": (0, 2), "grafana": (2, 0)}
    assert [(each.name, each.counts) for each in found.quality] == [("2026-10", (4,)), ("2026-11", (0,))]


def test_of_fewer_than_five_voices_there_is_no_mean():
    assert gather([written(scores=(5, 1, 3, 4))], [], [], "2026-11-30").mean_score is None
    found = gather([written(scores=(5, 1, 3)), written(scores=(4, 4))], [], [], "2026-11-30")
    assert (found.voices, found.mean_score) == (5, 3.4)


def test_follow_ups_by_kind():
    tasks = f"""- [ ] Practise [kind:: Training] [owner:: bob] 🆔 {ID}-f1 📅 2026-11-29
- [x] A board [kind:: tool] 🆔 {ID}-f2
- [-] Buy [kind:: tool]
- [ ] x [kind:: magic] 📅 2027-01-01"""
    found = gather([], [record_of(incident_of("closed"), Follow_ups=tasks)], [], "2026-11-30")
    assert found.training == (Lesson("Practise (open)", (f"{ID} f1",)),)
    assert found.gaps == (Lesson("A board (done)", (f"{ID} f2",)), Lesson("Buy (given up)", (ID,)))
    assert found.completion == (
        Completion("training", 1, 0, 0, 1),
        Completion("tool", 2, 1, 1, 0),
        Completion("none", 1, 0, 0, 0),
    )


def test_a_role_that_only_one_person_has_ever_held():
    held = [incident_of("closed", properties={"commander": "[[alice]]", "scribe": who}) for who in ("erin", "dan")]
    once = incident_of("closed", properties={"technical_lead": "bob"})
    assert gather([], [], [*held, once], "2026-11-30").one_person == {"commander": "alice (2 incidents)"}


def test_a_year_ago_today_and_on_a_day_that_no_other_year_has():
    incident = incident_of("closed")
    assert gather([], [], [incident], "2027-11-23").year_ago == (incident,)
    assert gather([], [], [incident], "2027-11-24").year_ago == ()
    winter = incident._replace(moments={"declared": Moment(datetime(2027, 2, 28, 3, tzinfo=UTC))})
    assert gather([], [], [winter], "2028-02-29").year_ago == (winter,)


def test_reviews_of_the_older_and_of_the_newer_headings_are_counted_together():
    sections = {
        "INC-20261102-01": {
            "What we learned": ["- Alert on the pool."],
            "What helped, what hindered, where we were lucky": [
                "- Helped: the board",
                "- Hindered: nobody knew the host",
                "- Lucky: it was Sunday",
            ],
        },
        "INC-20261101-01": {"Lessons": ["- alert on the pool"], "Went badly": ["- nobody knew the host"]},
    }
    reviews = [
        ReviewLessons(which, partial(lambda held, title: held.get(title, []), held), (), 0, number("2026-11"))
        for which, held in sections.items()
    ]

    found = gather(reviews, [], [], "2026-11-30")

    assert [(each.text, each.incidents) for each in found.lessons] == [("Alert on the pool.", tuple(sections))]
    assert [(each.text, each.incidents) for each in found.badly] == [("nobody knew the host", tuple(sections))]
