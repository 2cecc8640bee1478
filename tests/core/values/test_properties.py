"""Properties as writers type them, and the tags that follow them."""

from __future__ import annotations

import pytest

from okb_incident.core.values.properties import as_link, count_of, follow_tags, link_target, text_of, texts_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  x ", "x"),
        (" ", None),
        (None, None),
        (True, "true"),
        (False, "false"),
        (1200, "1200"),
        ([], None),
        ({}, None),
        (["x"], "x"),
        ([7], "7"),
        ([None], None),
        ([["x"]], "[[x]]"),
        (["x", "y"], None),
        ([{}], None),
    ],
)
def test_a_property_as_text(value, text):
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("checkout", ("checkout",)),
        (["checkout", "", None, 7], ("checkout", "7")),
        # a link after the colon, and one as an item: YAML reads brackets without quotes as lists
        ([["checkout"]], ("[[checkout]]",)),
        ([[["checkout"]], "search"], ("[[checkout]]", "search")),
        ([["checkout", "search"], [[1]]], ()),
        (None, ()),
    ],
)
def test_a_property_as_a_list_sees_through_links_without_quotes(value, texts):
    assert texts_of(value) == texts


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("[[checkout]]", "checkout"),
        ("[[services/checkout|Checkout]]", "checkout"),
        ("[[checkout.md#Runbook]]", "checkout"),
        (as_link("checkout"), "checkout"),
        ("checkout", "checkout"),
    ],
)
def test_the_note_that_a_link_names(text, target):
    assert link_target(text) == target


def test_a_tag_follows_its_property_and_the_writers_tags_stay():
    tags = ("incident", "SEV/3", "payday", "sev/4")
    assert follow_tags(tags, {"sev/": "sev/1"}) == ("incident", "sev/1", "payday")
    assert follow_tags(tags, {"sev/": None}) == ("incident", "payday")
    assert follow_tags(tags, {"incident/": "incident/security"}) == (*tags, "incident/security")
    assert follow_tags(
        ("incident/system", "incident/postmortem"),
        {"incident/": "incident/security"},
        {"incident/": {"incident/system"}},
    ) == ("incident/security", "incident/postmortem")


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (0, 0),
        (40, 40),
        (" 40 ", 40),
        ([40], 40),
        ("0040", 40),
        (9_999_999, 9_999_999),
        (10_000_000, None),
        (-3, None),
        (1.5, None),
        (True, None),
        ("forty", None),
        ("²", None),
        ("٤٠", None),
        ([1, 2], None),
        (None, None),
    ],
)
def test_a_property_as_a_count(value, count):
    assert count_of(value) == count
