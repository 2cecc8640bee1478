"""Scope: a level in any spelling, and text behind it."""

from __future__ import annotations

import pytest

from okb_incident.core.settings.settings import DEFAULT_SCOPES
from okb_incident.core.values.scope import Scope, meant_level, place_of, read_scope, write_scope


@pytest.mark.parametrize(
    ("text", "level", "rest", "written"),
    [
        ("region eu-west, web only", "region", "eu-west, web only", "region eu-west, web only"),
        ("REGION EU-West", "region", "EU-West", "region EU-West"),
        ("single user", "single-user", "", "single-user"),
        ("Single_User, in Bern", "single-user", "in Bern", "single-user, in Bern"),
        ("  global ", "global", "", "global"),
        ("team: payments", "team", "payments", "team: payments"),
        ("global (web)", "global", "(web)", "global (web)"),
        # Other words that begin like a level are text.
        ("teams of the north", None, "teams of the north", "teams of the north"),
        ("region-wide", None, "region-wide", "region-wide"),
        ("all of Europe", None, "all of Europe", "all of Europe"),
        ("", None, "", ""),
        ("🔥 everything", None, "🔥 everything", "🔥 everything"),
        ("[[region]] x", None, "[[region]] x", "[[region]] x"),
    ],
)
def test_a_scope_is_read_in_any_spelling_and_its_text_stays(text, level, rest, written):
    assert read_scope(text, DEFAULT_SCOPES) == Scope(level, rest)
    assert write_scope(text, DEFAULT_SCOPES) == written


def test_of_two_levels_that_fit_the_longer_counts():
    assert read_scope("country group North", ("country", "country group")).level == "country group"
    assert read_scope("Country North", ("country group", "country")).level == "country"


def test_a_level_has_its_place_and_text_has_none():
    assert [place_of(each, DEFAULT_SCOPES) for each in ("single-user", "global", None, "planet")] == [0, 3, None, None]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("regoin eu", "region"),
        ("golbal", "global"),
        ("singel-user", "single-user"),
        ("region eu", None),
        ("all of Europe", None),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_a_mistyped_level_is_found(text, meant):
    assert meant_level(text, DEFAULT_SCOPES) == meant
