"""The id that people say aloud, and the uid."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from okb_incident.core.values.identity import IdPattern, names_companion, ulid

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("INC-YYYYMMDD-NN", "INC-20261123-07"),
        ("OPS-NN-DDMMYYYY", "OPS-07-23112026"),
        ("YYYY-MM-DD-NN", "2026-11-23-07"),
    ],
)
def test_an_id_is_written_and_read_by_the_pattern_of_the_settings(pattern, written):
    ids = IdPattern(pattern)
    assert str(ids.write(DAY, 7)) == written
    assert ids.read(f" {written.lower()} ") == (DAY, 7, written)


def test_a_day_may_have_more_than_99_incidents():
    ids = IdPattern()
    assert ids.read("INC-20261123-100") == ids.write(DAY, 100)
    assert ids.write(DAY, 100) > ids.write(DAY, 99)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "INC-20261123",
        "INC-20261123-1",
        "INC-20261123-00",
        "INC-20261340-01",
        "INC-20261123-01 update 1",
        "INC-20261123-" + "9" * 5_000,
    ],
    ids=lambda text: text[:24],
)
def test_what_is_no_id(text):
    assert IdPattern().read(text) is None


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("INC-20261123-01", ""),
        ("inc-20261123-01 Sign-in codes", " Sign-in codes"),
        ("INC-20261123-01-old", "-old"),
        ("INC-20261123-01a", None),
        ("INC-20261340-01 x", None),
        ("Sign-in codes INC-20261123-01", None),
    ],
)
def test_a_name_that_begins_with_an_id(name, rest):
    ids = IdPattern()
    assert ids.lead(name) == (None if rest is None else (ids.write(DAY, 1), rest))


@pytest.mark.parametrize(
    ("rest", "is_one"),
    [
        (" assessment 1", True),
        (" update 12 users service-notice", True),
        (" review", True),
        ("", False),
        (" Sign-in codes", False),
        (" review of the night", False),
        (" update of the codes", False),
    ],
)
def test_the_names_of_the_notes_beside_an_incident(rest, is_one):
    assert names_companion(rest) == is_one


@pytest.mark.parametrize("pattern", ["INC-NN", "INC-YYYYMMDD-NN-NN", "INC YYYYMMDD NN", "a/YYYYMMDD-NN", ""])
def test_a_pattern_that_makes_no_ids(pattern):
    with pytest.raises(ValueError, match="such as INC-YYYYMMDD-NN"):
        IdPattern(pattern)


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_a_ulid_is_the_one_that_the_library_writes(milliseconds, chance):
    assert ulid(milliseconds, chance) == str(ULID(milliseconds.to_bytes(6, "big") + chance))


def test_a_ulid_follows_the_last_one_also_where_the_clock_was_set_back():
    last = ulid(1_000, b"\xff" * 10)
    assert ulid(999, bytes(10), after=last) == ulid(1_001, bytes(10)) > last
    assert ulid(2_000, bytes(10), after=last) == ulid(2_000, bytes(10))


def test_what_all_ids_of_a_day_begin_with():
    ids = IdPattern()
    assert ids.write(DAY, 7).text.startswith(ids.start_of(DAY))
    assert ids.start_of(DAY) == "INC-20261123-"
