"""The public report: what customers may know, from marked lines and the record, and what is missing of it."""

from __future__ import annotations

import pytest
from tests.records import incident_of, record_of

from okb_incident.core.guidance.public_report import WHERE, marked, public_report, sentence
from okb_incident.core.review.completeness import ReviewSection

SECTIONS = {
    "In short": "The pool was full.\n\nNobody could pay\nby card. #external",
    "Impact and how we know": "| a | b #external |\n",
    "Contributing factors": "- Trigger: deploy 4f2a\n- a limit changed with a release #external\n### Five whys\n1. Why?\n",
    "What we learned": "- internal\n",
    "What we change and what we decided not to": "1. We now alert on it! #external\n2) No more. %% not yet %% #external",
    "Feedback": "- 4 @alice: rough #external",
}


def report(sections=SECTIONS, services=("card payments", "the shop"), properties=None, **moments):
    record = record_of(incident_of("resolved", properties=properties or {}, **moments))
    found = [ReviewSection(title, text, 1) for title, text in sections.items()]
    return public_report(record, found, services, "UTC")


def test_it_tells_when_what_customers_saw_the_cause_and_what_changes():
    found = report(properties={"data_loss": "none"}, started=-13, mitigated=55, resolved=60)
    assert found.text == (
        "There was a problem with card payments and the shop. It lasted 1 hour and 8 minutes, from 01:47 to 02:55 UTC on "
        "23 November 2026. Nobody could pay by card. No data was lost. A limit changed with a release. "
        "We now alert on it! No more. We are sorry for the disruption."
    )
    assert found.missing == ()


def test_the_public_title_is_its_headline_and_the_internal_one_never_gets_out():
    found = report(properties={"public_title": "Card payments fail", "title": "Pool of db7"}, started=-13, resolved=60)
    assert found.text.startswith(
        "Card payments fail: the problem lasted 1 hour and 13 minutes, from 01:47 to 03:00 UTC"
    )
    assert "db7" not in found.text
    assert report(properties={"public_title": "card payments fail"}).text == (
        "Card payments fail. Nobody could pay by card. A limit changed with a release. We now alert on it! No more. "
        "We are sorry for the disruption."
    )


def test_what_is_missing_is_named_with_its_place():
    found = report({"In short": "The pool was full."}, services=())
    assert found.text == "There was a problem with our service. We are sorry for the disruption."
    assert found.missing == ("when: the times at which the problem started and stopped", *WHERE.values())


@pytest.mark.parametrize(
    ("moments", "lasted"),
    [
        ({"detected": -2, "mitigated": 55, "resolved": 60}, "57 minutes, from 01:58 to 02:55 UTC on 23 November 2026"),
        (
            {"started": -150, "resolved": 60},
            "3 hours and 30 minutes, from 23:30 UTC on 22 November 2026 to 03:00 UTC on 23 November 2026",
        ),
        ({"started": 70, "resolved": 60}, ""),
        ({"started": -10}, ""),
    ],
)
def test_when_is_what_customers_could_notice(moments, lasted):
    found = report(**moments)
    assert (f"It lasted {lasted}." in found.text) if lasted else ("lasted" not in found.text)
    assert bool(lasted) != any("when:" in each for each in found.missing)


def test_links_are_left_as_their_words():
    text = "- the limit of [[checkout|our checkout]] changed #external"
    found = report({"Root causes": text}, services=())
    assert "The limit of our checkout changed." in found.text
    assert WHERE["cause"] not in found.missing
    assert "[[" not in found.text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("One. #external\nTwo.", []),
        ("One.\nTwo. #external", ["One. Two."]),
        ("- One\n  goes on #external\n- Two", ["One goes on"]),
        ("> - One #external", ["One"]),
        ("%% One #external %%", []),
        ("#external", []),
        ("One#external", []),
        ("## One #external", []),
        ("12. One   #external  ", ["One"]),
    ],
)
def test_a_line_is_marked_by_its_end(text, lines):
    assert marked(text) == lines


def test_a_sentence_begins_with_a_capital_and_ends_with_a_stop():
    assert [sentence(each) for each in ("one", "One?", "", "a.b")] == ["One.", "One?", "", "A.b."]
