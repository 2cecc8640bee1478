"""A lesson that is a note: read whatever a person made of it, named, compared, linked."""

from __future__ import annotations

import pytest
from tests.records import ID, incident_of, record_of

from okb_incident.core.review.lesson import (
    LessonLink,
    LessonNote,
    close_to,
    fold,
    incidents_named,
    is_same,
    items_naming,
    learned_item,
    lessons_linked,
    link_in,
    link_to,
    linked,
    name_for,
    read_lesson,
    title_of,
)
from okb_incident.core.values.identity import IdPattern

IDS = IdPattern()
OTHER = "INC-20261202-01"
PATH = "incidents/lessons/Lesson Ask first.md"


@pytest.mark.parametrize(
    "typed",
    [
        [f"[[{ID}]]", f"[[{OTHER}|Login slow]]"],
        [f"[[incidents/2026/{ID}.md]]", OTHER.lower(), f"[[{ID}]]"],
        f"{ID}, {OTHER}",
        f"[[{ID}]] and [[{OTHER}#Timeline]]",
    ],
)
def test_incidents_are_read_as_a_list_as_links_and_as_one_text(typed):
    assert incidents_named({"incidents": typed}, IDS) == (ID, OTHER)


@pytest.mark.parametrize("typed", [None, "", {"a": 1}, ["foo", 7], "INC-20261340-01"])
def test_what_names_no_incident_is_none(typed):
    assert incidents_named({"incidents": typed}, IDS) == ()


def test_a_lesson_is_read_from_its_properties():
    values = {
        "title": "Ask  first",
        "incidents": [f"[[{ID}]]"],
        "learned": ["2026-11-24", "2026-12-02T08:00:00", "soon"],
    }
    found = read_lesson(values, PATH, IDS, heading="Other", restricted=True)
    assert found == LessonNote(PATH, "Ask first", (ID,), ("2026-11-24", "2026-12-02"), True)
    assert found.name == "Lesson Ask first"


@pytest.mark.parametrize(
    ("values", "heading", "title"),
    [
        ({"title": ["Ask", "Tell"]}, None, "Ask"),
        ({"title": None}, "From the heading", "From the heading"),
        ({}, None, "Ask first"),
    ],
)
def test_a_title_that_is_missing_is_the_heading_or_the_name(values, heading, title):
    found = read_lesson(values, PATH, IDS, heading=heading)
    assert (found.title, found.is_titled) == (title, bool(values.get("title")))


@pytest.mark.parametrize(
    "text", ["ask first", "Ask – FIRST!", "  ask   first.", "[[Lesson Ask first|Ask first]]", "“Ask, first”"]
)
def test_the_same_words_are_the_same_lesson(text):
    assert fold(text) == "ask first"
    assert is_same(LessonNote(PATH, "Ask first"), text)


def test_a_sign_alone_is_compared_as_it_is():
    assert fold(" ! ") == "!"
    assert fold("!") != fold("?")


def test_of_a_text_that_is_longer_than_a_title_nobody_says_that_it_is_the_same():
    text = "word " * 100
    title = title_of(text)
    assert (len(title), title[-1]) == (200, "…")
    assert not is_same(LessonNote(PATH, title), text)
    assert is_same(LessonNote(PATH, "w" * 200), "w" * 200)


def test_close_lessons_are_offered_the_most_alike_first():
    notes = [
        LessonNote("a.md", "Alert on pool saturation"),
        LessonNote("b.md", "Alert on the saturation of every connection pool"),
        LessonNote("c.md", "Rotate the keys"),
        LessonNote("d.md", "Alert on saturation of pools"),
    ]
    found = close_to("alert on saturation of the pools", notes)
    assert [each.path for each in found] == ["a.md", "d.md", "b.md"]
    assert "d.md" not in {each.path for each in close_to("Alert on saturation of pools!", notes)}, (
        "the same is not close"
    )
    assert (
        len(close_to("alert on saturation of the pools", [*notes, LessonNote("e.md", "Alert on pool saturations")]))
        == 3
    )


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Ask first.", "Lesson Ask first"),
        ("CON/../../etc: a|b #tag %% <% x %>", "Lesson CON .. .. etc a b tag x"),
        ("&lt;% x", "Lesson x"),
        ("🔥", "Lesson"),
        ("Über-Größe, (nicht) 'so'!", "Lesson Über-Größe, (nicht) 'so'"),
        (
            "one two three four five six seven eight nine ten eleven",
            "Lesson one two three four five six seven eight nine ten",
        ),
        ("x" * 80, f"Lesson {'x' * 50}"),
        ("a" * 50, f"Lesson {'a' * 50}"),
    ],
)
def test_a_name_is_read_in_a_link_and_means_nothing_to_a_file_system_or_a_plug_in(title, name):
    assert name_for(title, ()) == name


def test_a_name_that_is_taken_gets_a_number():
    assert name_for("Ask first", {"lesson ask first", "lesson ask first 2"}) == "Lesson Ask first 3"


def test_a_link_shows_the_title_and_breaks_nothing():
    assert link_to("n", "a [[b|c]] %% d", "Lesson: ") == r"[[n|Lesson: a ((b/c)) %\% d]]"


@pytest.mark.parametrize(
    ("line", "link"),
    [
        ("- [[Lesson a|A b]]", LessonLink("Lesson a", "A b")),
        ("* [[incidents/lessons/Lesson a.md]], and more\r", LessonLink("Lesson a", "Lesson a")),
        ("  - [[Lesson a#Why|A]]", LessonLink("Lesson a", "A")),
        ("- see [[Lesson a|A]]", None),
        ("[[Lesson a|A]]", None),
        ("- plain", None),
    ],
)
def test_an_item_that_begins_with_a_link(line, link):
    assert link_in(line) == link


def test_the_lessons_of_an_incident_are_the_links_that_say_so():
    lines = ["- [[runbook]]", "- [[Lesson a|Lesson: A]]", "- [[x|Lesson: ]]", "", "- [[y|Lesson]]"]
    assert lessons_linked(lines) == [LessonLink("Lesson a", "A"), LessonLink("x", "x")]


def test_where_it_was_learned():
    assert learned_item("2026-11-24", "bob", ID, "A [b]") == f"- 2026-11-24 @bob: [[{ID}|A (b)]]"
    assert learned_item("2026-11-24", "bob", ID, "A", "too").endswith("|A]], too")
    lines = [f"- 2026-11-24 @bob: [[{ID}|A]]", f"[[{ID}]]", f"* x [[{OTHER}]] and [[{ID}#T|T]]", "", f"- [[{OTHER}]]"]
    assert items_naming(lines, ID) == [0, 2]


def told(note, incidents, *, more=False, related=""):
    return linked(record_of(incident_of("resolved"), Related=related), note, incidents, more=more)


def test_a_new_lesson_is_linked_under_related():
    change = told(LessonNote(PATH, "Ask first"), (ID,))
    assert change.said == 'lesson recorded "Ask first"'
    assert [(each.section, each.text) for each in change.additions] == [
        ("Related", "- [[Lesson Ask first|Lesson: Ask first]]")
    ]


def test_a_lesson_learned_again_says_where():
    note = LessonNote(PATH, "Ask first", (OTHER,))
    assert told(note, (OTHER, ID)).said == f'learned again in 2 incidents: {OTHER} and {ID} "Ask first"'
    many = tuple(f"I{number}" for number in range(7))
    assert ": I0, I1, I2, I3, 2 more and I6 " in told(note, many).said
    assert ": I0, I1, I2, I3, I4 and I5 " in told(note, many[:6]).said


def test_a_lesson_that_is_linked_already_changes_nothing():
    note = LessonNote(PATH, "Ask first", (ID,))
    again = told(note, (ID,), related="- [[Old name|Lesson: ask first!]]")
    assert (again.is_empty, again.already, again.said) == (True, True, 'lesson already recorded "Ask first"')
    assert told(note, (ID,), more=True).said.endswith("; your words are added")
    by_hand = told(note._replace(incidents=()), (ID,), related="- [[Lesson Ask first|Lesson: x]]")
    assert (by_hand.is_empty, by_hand.already) == (True, False)
