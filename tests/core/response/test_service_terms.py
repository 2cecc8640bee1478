"""Service terms: what an outage makes of an SLO and of the revenue of an hour."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.records import incident_of, minutes, record_of

from okb_incident.core.response.service_terms import (
    Agreement,
    Outage,
    ServiceTerms,
    agreement,
    losses,
    outages,
    read_terms,
)

NOW = minutes(120)
CHECKOUT = ServiceTerms("checkout", Decimal("99.9"), Decimal(2400), "EUR")


def suffered(*lines, status="investigating", **moments):
    text = "\n".join(f"- 2026-11-23T02:00:00 **impact** @bob: {each}" for each in lines)
    return record_of(incident_of(status, **moments), text)


def span(start, end=None):
    return f"from 2026-11-23T{start}:00" + (f" to 2026-11-23T{end}:00" if end else "")


@pytest.mark.parametrize(
    ("slo", "found"),
    [
        (99.9, "99.9"),
        ("99.95%", "99.95"),
        ("99,9 %", "99.9"),
        ("0.999", "99.9"),
        (100, "100"),
        ("0.5%", "0.5"),
        ("p99 below 500 ms", None),
        ("0", None),
        ("101", None),
        ("-1", None),
        ("nan", None),
        (["a", "b"], None),
        (None, None),
        ("9" * 5000, None),
    ],
)
def test_an_availability_is_read_in_any_usual_form(slo, found):
    terms = read_terms("checkout", {"slo": slo})
    assert terms.slo == (Decimal(found) if found else None)


@pytest.mark.parametrize(
    ("revenue", "found"),
    [
        (2400, (Decimal(2400), "")),
        ("2400 EUR", (Decimal(2400), "EUR")),
        ("chf 2'400.50", (Decimal("2400.50"), "CHF")),
        ("~2400 EUR", (Decimal(2400), "EUR")),
        ("2400 per hour", (None, "")),
        ("2400 xyz", (None, "")),
        ("1.2.3 EUR", (None, "")),
        ("0", (None, "")),
        ("10000000000000", (None, "")),
        ("", (None, "")),
    ],
)
def test_the_revenue_of_an_hour_may_name_its_currency(revenue, found):
    terms = read_terms("checkout", {"revenue_per_hour": revenue})
    assert (terms.revenue, terms.currency) == found


@pytest.mark.parametrize(
    ("slo", "seconds"), [("99.9", 2592), ("99.95", 1296), ("99", 25920), ("100", 0), ("99.99", 259.2)]
)
def test_an_availability_allows_some_time_in_30_days(slo, seconds):
    assert ServiceTerms("checkout", Decimal(slo)).allowed_seconds == seconds


def test_overlapping_and_separate_spans_of_one_service_add_up_once():
    record = suffered(
        f"checkout down {span('02:00', '02:30')}",
        f"Checkout down {span('02:20', '02:40')}",
        f"checkout down {span('02:25', '02:35')}",
        f"checkout down, share 50% {span('03:00', '03:10')}",
        f"checkout degraded {span('03:10', '03:20')}",
        f"search down {span('02:00', '02:10')}, planned",
        f"auth at-risk {span('02:00')}",
    )
    assert outages(record, NOW) == [
        Outage("checkout", 50 * 60, Decimal(45 * 60), degraded=True),
        Outage("auth"),
    ]


def test_a_service_without_an_end_is_down_until_the_incident_is_resolved_or_until_now():
    line = f"checkout down {span('02:00')}"
    assert outages(suffered(line), NOW) == [Outage("checkout", 7200, Decimal(7200), lasts=True)]
    resolved = suffered(line, status="resolved", resolved=40)
    assert outages(resolved, NOW) == [Outage("checkout", 2400, Decimal(2400))]
    # It lasts while the incident is open, even if another impact has stopped.
    again = suffered(f"checkout down {span('03:30')}", status="monitoring", mitigated=30)
    assert outages(again, NOW) == [Outage("checkout", 1800, Decimal(1800), lasts=True)]
    ahead = suffered(f"checkout down {span('05:00')}")
    assert outages(ahead, NOW) == [Outage("checkout", 0, Decimal(0), lasts=True)]


@pytest.mark.parametrize(
    ("lines", "word", "reason"),
    [
        (
            [f"checkout down {span('02:00', '02:57')}"],
            "breached",
            "checkout was down for 57m, its SLO 99.9 % allows 43m12s in 30 days: breached",
        ),
        (
            [f"checkout down {span('02:00', '02:43')}"],
            "met",
            "checkout was down for 43m, its SLO 99.9 % allows 43m12s in 30 days: met",
        ),
        (
            [f"checkout down {span('03:50')}"],
            None,
            "checkout has been down for 10m, its SLO 99.9 % allows 43m12s in 30 days: not breached yet",
        ),
        (
            [f"checkout down {span('03:00')}"],
            "breached",
            "checkout has been down for 1h00m, its SLO 99.9 % allows 43m12s in 30 days: breached",
        ),
        (
            [f"checkout degraded {span('02:00', '03:00')}"],
            "unknown",
            "checkout was degraded and never down, so its SLO 99.9 % needs a measurement: unknown",
        ),
    ],
)
def test_the_arithmetic_of_an_agreement(lines, word, reason):
    assert agreement(suffered(*lines), [CHECKOUT], NOW) == Agreement(word, (reason,))


def test_a_budget_that_is_used_up_to_the_second_is_kept():
    exact = "checkout down from 2026-11-23T02:00:00 to 2026-11-23T02:43:12"
    over = "checkout down from 2026-11-23T02:00:00 to 2026-11-23T02:43:13"
    assert agreement(suffered(exact), [CHECKOUT], NOW).word == "met"
    assert agreement(suffered(over), [CHECKOUT], NOW).word == "breached"


def test_of_several_services_the_worse_word_counts():
    down, short = f"checkout down {span('02:00', '02:57')}", f"search down {span('02:00', '02:10')}"
    lasting, hurt = f"search down {span('03:50')}", f"auth degraded {span('02:00', '02:10')}"
    terms = [CHECKOUT, ServiceTerms("Search", Decimal(99)), ServiceTerms("auth", Decimal(99))]
    assert agreement(suffered(short, down), terms, NOW).word == "breached"
    assert agreement(suffered(lasting, hurt), terms, NOW).word is None
    assert agreement(suffered(short, hurt), terms, NOW).word == "unknown"
    assert agreement(suffered(short), terms, NOW).word == "met"


@pytest.mark.parametrize(
    ("lines", "terms"),
    [
        ([], [CHECKOUT]),
        ([f"checkout down {span('02:00', '02:57')}"], []),
        ([f"checkout down {span('02:00', '02:57')}"], [ServiceTerms("checkout")]),
        ([f"checkout at-risk {span('02:00', '02:57')}"], [CHECKOUT]),
        ([f"checkout down {span('02:00', '02:57')}, planned"], [CHECKOUT]),
    ],
)
def test_where_nothing_is_promised_or_nothing_was_down_nothing_is_proposed(lines, terms):
    record = suffered(*lines)
    assert agreement(record, terms, NOW) == Agreement(None)
    assert losses(record, [each._replace(revenue=None) for each in terms], NOW) == []


def test_the_loss_is_hours_times_revenue():
    (found,) = losses(suffered(f"checkout down {span('02:00', '02:57')}"), [CHECKOUT], NOW)
    assert (found.service, found.amount, found.currency) == ("checkout", Decimal("2280.00"), "EUR")
    assert found.reason == "checkout was down for 57m at 2,400.00 EUR an hour: 2,280.00 EUR of revenue"
    assert found.source == "checkout down for 57m at 2,400.00 EUR an hour"


def test_the_loss_counts_a_share_and_says_where_the_currency_is_missing():
    terms = CHECKOUT._replace(currency="")
    (found,) = losses(suffered(f"checkout down, share 40% {span('03:00')}"), [terms], NOW)
    assert found.amount == Decimal("960.00")
    assert found.reason == (
        "checkout has been down for 1h00m, 40 % of it at 2,400.00 an hour: 960.00 of revenue so far;"
        " its note names no currency"
    )
    assert found.lasts


def test_a_service_that_was_only_degraded_loses_no_revenue_that_can_be_counted():
    assert losses(suffered(f"checkout degraded, share 40% {span('02:00', '03:00')}"), [CHECKOUT], NOW) == []
