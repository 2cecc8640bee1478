"""How often a lesson was learned: in notes and in lines of reviews together."""

from __future__ import annotations

from tests.records import ID

from okb_incident.core.review.learned import LearnedLesson, learned
from okb_incident.core.review.lesson import LessonNote
from okb_incident.core.values.identity import IdPattern

OTHER, THIRD = "INC-20261123-09", "INC-20261123-10"
IDS = {text: found for text in (ID, OTHER, THIRD) if (found := IdPattern().read(text))}
ASK = LessonNote("Lesson Ask first.md", "Ask first", (ID,), ("2026-11-24", "2026-12-02"))
TELL = LessonNote("Renamed.md", "Tell", (OTHER, ID))


def test_notes_come_first_and_those_learned_most_often_at_the_top():
    found = learned([ASK, TELL], [(OTHER, "rest"), (ID, "Rest!"), (THIRD, "rest.")], IDS, {OTHER})
    assert found == (
        LearnedLesson("Tell", (OTHER, ID), TELL, None, True),
        LearnedLesson("Ask first", (ID,), ASK, "2026-12-02", False),
        LearnedLesson("rest", (THIRD, OTHER, ID), is_acted_on=True),
    )


def test_of_notes_learned_as_often_the_latest_comes_first():
    later = ASK._replace(path="z.md", title="Later", learned=("2026-12-03",))
    assert [each.text for each in learned([ASK, later], [], IDS, ())] == ["Later", "Ask first"]


def test_a_line_in_the_same_words_or_with_a_link_counts_for_the_note():
    lines = [
        (THIRD, "[[renamed|said otherwise]]"),
        (THIRD, "ask first."),
        (OTHER, "[[gone|Ask first]]"),
        (ID, "[[x]] y"),
    ]
    found = {each.text: each.incidents for each in learned([ASK, TELL], lines, IDS, ())}
    assert found == {"Ask first": (THIRD, OTHER, ID), "Tell": (THIRD, OTHER, ID), "x y": (ID,)}


def test_two_notes_of_one_lesson_are_counted_as_one():
    twice = ASK._replace(path="b.md", title="ask first!", incidents=(OTHER,), learned=())
    assert learned([ASK, twice], [], IDS, ()) == (LearnedLesson("Ask first", (OTHER, ID), ASK, "2026-12-02"),)


def test_a_lesson_of_no_incident_is_listed_last_of_the_notes():
    none = LessonNote("n.md", "Nothing")
    assert learned([none, ASK], [], IDS, ()) == (
        LearnedLesson("Ask first", (ID,), ASK, "2026-12-02"),
        LearnedLesson("Nothing", (), none),
    )
