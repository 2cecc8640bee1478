"""Filters and order of lists."""

from __future__ import annotations

from datetime import date

import pytest

from okb_incident.core.incident.query import cell, read_filter, select
from okb_incident.core.incident.schema import read_incident
from okb_incident.core.settings.settings import Settings
from okb_incident.core.values.identity import IncidentId
from okb_incident.errors import UsageError

SETTINGS = Settings()


def incident(number, **properties):
    values = {"type": "incident", "id": f"INC-20261123-{number:02d}", "title": f"Trouble {number}", **properties}
    found, _ = read_incident(values, {}, f"incidents/2026/INC-20261123-{number:02d}.md", SETTINGS)
    assert found is not None
    return found


ALL = [
    incident(
        1,
        scope="region EU-West, web only",
        status="closed",
        severity="SEV1",
        services=["[[checkout]]", "payments-api"],
        users_affected="~1200",
    ),
    incident(
        2,
        scope="Single User",
        status="triage",
        severity="sev-2",
        services="[[Search|search]]",
        started="2026-11-20T10:00:00",
    ),
    incident(
        3,
        scope="all shops",
        status="monitoring",
        severity="SEV3",
        ticket=42,
        started="2026-11-22T10:00:00",
        users_affected=90,
    ),
]


@pytest.mark.parametrize(
    ("condition", "numbers"),
    [
        ("status=open", [3, 2]),
        ("status!=open", [1]),
        ("severity=2", [2]),
        ("severity=critical", [1]),
        ("severity<SEV3", [2, 1]),
        ("severity>=SEV2", [3, 2]),
        ("service=search", [2]),
        ("services~pay", [1]),
        ("title~TROUBLE", [3, 2, 1]),
        ("ticket=42", [3]),
        ("ticket=", [2, 1]),
        ("users_affected>100", [1]),
        ("users_affected<=90", [3]),
        ("started=2026-11-20", [2]),
        ("started<2026-11-21", [2]),
        ("started>2026-11-21", [3]),
        ("path~INC-20261123-03", [3]),
        ("title>Trouble 2", [3]),
        ("severity=huge", []),
        ("scope=region", [1]),
        ("scope=REGION eu-west, web only", [1]),
        ("scope=region us-east", []),
        ("scope!=region", [3, 2]),
        ("scope~eu-west", [1]),
        ("scope=single-user", [2]),
        ("scope=all shops", [3]),
        ("scope=all", []),
        ("scope>=team", [1]),
        ("scope<region", [2]),
        ("scope>all", [3]),
    ],
)
def test_a_condition_finds_what_it_says(condition, numbers):
    assert [each.id.number for each in select(ALL, [read_filter(condition)], SETTINGS)] == numbers


@pytest.mark.parametrize("text", ["severity", "=SEV1", "", "  "])
def test_what_is_no_condition(text):
    with pytest.raises(UsageError, match="--where"):
        read_filter(text)


@pytest.mark.parametrize("text", ["severity<none", "started<soon"])
def test_what_cannot_be_compared(text):
    with pytest.raises(UsageError, match="cannot be compared"):
        select(ALL, [read_filter(text)], SETTINGS)


@pytest.mark.parametrize(
    ("sort", "numbers"),
    [
        (None, [3, 2, 1]),
        ("severity", [1, 2, 3]),
        ("-severity", [3, 2, 1]),
        ("-started", [3, 2, 1]),
        ("title", [1, 2, 3]),
        ("scope", [2, 1, 3]),
    ],
)
def test_the_order_asked_for_and_what_lacks_the_property_last(sort, numbers):
    assert [each.id.number for each in select(ALL, [], SETTINGS, sort)] == numbers


def test_a_severity_that_cannot_be_read_is_found_by_its_word_and_is_neither_better_nor_worse():
    odd = incident(4, status="triage", severity="huge")
    assert select([odd], [read_filter("severity=Huge")], SETTINGS) == [odd]
    assert select([odd], [read_filter("severity<SEV3")], SETTINGS) == []
    assert select([odd], [read_filter("severity>=SEV3")], SETTINGS) == []


def test_the_cells_of_a_table():
    shown = [cell(ALL[1], column, SETTINGS) for column in ("title", "severity", "services", "started", "commander")]
    assert shown == ["Trouble 2", "SEV2", "Search", "2026-11-20 10:00", "–"]


def test_ids_are_ordered_by_number():
    assert IncidentId(date(2026, 1, 1), 100, "x") > IncidentId(date(2026, 1, 1), 99, "y")


COUNTED = [incident(1, tickets=9), incident(2, tickets="40"), incident(3, tickets="many"), incident(4)]


@pytest.mark.parametrize(
    ("condition", "numbers"),
    [("tickets>8", [2, 1]), ("tickets>9", [2]), ("tickets<=40", [2, 1]), ("tickets=40", [2]), ("tickets=", [4])],
)
def test_counts_are_compared_as_numbers(condition, numbers):
    found = select(COUNTED, [read_filter(condition)], SETTINGS)
    assert [each.id.number for each in found] == numbers


def test_a_count_is_compared_with_a_number_only():
    for value in ("many", "inf", "1e3", "-1", ""):
        with pytest.raises(UsageError, match="cannot be compared with tickets"):
            select(COUNTED, [read_filter(f"tickets>{value}")], SETTINGS)


def test_counts_are_sorted_as_numbers_and_what_is_none_comes_last():
    assert [each.id.number for each in select(COUNTED, [], SETTINGS, "tickets")] == [1, 2, 3, 4]
