"""Money, as people type it and as the timeline tells it: ranges, sources, sums."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal

import pytest
from tests.records import incident_of, minutes, record_of

from okb_incident.core.response.cost import (
    Cost,
    costs,
    read_amount,
    read_cost,
    read_range,
    show_cost,
    totals,
    with_range,
    with_source,
)
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.errors import UsageError

TYPED = {"category": "refunds", "amount": "1200", "currency": "CHF"}


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("refunds 1200 CHF", TYPED),
        ("refunds 1'200 chf", TYPED),
        ("refunds 1’200CHF", TYPED),
        ("refunds 1,200 CHF", TYPED),
        ("refunds 1200 CHF from the bank", {**TYPED, "text": "from the bank"}),
        ("refunds 1200 CHF, from the bank", {**TYPED, "text": "from the bank"}),
        ("cloud bill 99.5 eur", {"category": "cloud bill", "amount": "99.5", "currency": "EUR"}),
        ("a coin 1 BTC", {"category": "a coin", "amount": "1", "currency": "BTC"}),
        ("all 999999999999 JPY", {"category": "all", "amount": "999999999999", "currency": "JPY"}),
    ],
)
def test_a_cost_is_typed_with_what_for_first(text, fields):
    assert read_cost(text) == fields


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1200 CHF", "CATEGORY AMOUNT CURRENCY"),
        ("", "CATEGORY AMOUNT CURRENCY"),
        ("refunds -5 CHF", "must not be negative"),
        ("refunds NaN CHF", "CATEGORY AMOUNT CURRENCY"),
        ("refunds 1e13 CHF", "CATEGORY AMOUNT CURRENCY"),
        ("refunds 1,2 CHF", "CATEGORY AMOUNT CURRENCY"),
        ("refunds 1.200,50 CHF", "CATEGORY AMOUNT CURRENCY"),
        ("batch 3 400 CHF", "CATEGORY AMOUNT CURRENCY"),
        ("refunds 10000000000000 CHF", "more than 999,999,999,999"),
        ("refunds 1200", "CATEGORY AMOUNT CURRENCY"),
        ("refunds 1200 francs", "not a currency of three letters such as CHF"),
        ("refunds 1200 €", "not a currency"),
        ("refunds 1200 😀", "not a currency"),
        # A word of the text is no currency.
        ("refunds 1200 for vouchers", "not a currency"),
    ],
)
def test_what_is_no_cost(text, said):
    with pytest.raises(UsageError, match=said):
        read_cost(text)


@pytest.mark.parametrize("text", ["-5", "−5", "- 5"])
def test_an_amount_is_not_negative(text):
    with pytest.raises(UsageError, match="must not be negative"):
        read_amount(text)


@pytest.mark.parametrize("text", ["nan", "inf", "", "1e3", "٣", "1,20", "1.2.3", "[[x]]"])
def test_what_is_no_amount(text):
    with pytest.raises(UsageError, match="is not an amount; write one such as 1200"):
        read_amount(text)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("900..1500", ("900", "1500")),
        ("900 .. 1'500", ("900", "1'500")),
        ("900-1500", ("900", "1500")),
        ("900 – 1500", ("900", "1500")),
        ("900 to 1500.50", ("900", "1500.50")),
    ],
)
def test_a_range_has_two_ends(text, ends):
    assert read_range(text) == ends


@pytest.mark.parametrize("text", ["900", "..", "900..", "-900..1500", "a..b", "900..1500 CHF", ""])
def test_what_is_no_range(text):
    with pytest.raises(UsageError, match=r"is not LOW\.\.HIGH such as 900\.\.1500"):
        read_range(text)


def test_a_range_holds_its_amount_and_an_end_that_is_not_typed_is_the_amount():
    assert with_range(TYPED, "900", "1'500", "--range") == {**TYPED, "low": "900", "high": "1500"}
    assert with_range(TYPED, "900", "", "--low") == {**TYPED, "low": "900", "high": "1200"}
    assert with_range(TYPED, "", "1500", "--high") == {**TYPED, "low": "1200", "high": "1500"}
    assert with_range(TYPED, "1200", "1200", "--range") == {**TYPED, "low": "1200", "high": "1200"}


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("1500", "900", r"1500\.\.900 is upside down; write 900\.\.1500"),
        ("1300", "1500", "1200 is not between 1300 and 1500"),
        ("900", "1000", "1200 is not between 900 and 1000"),
        ("1300", "", "1200 is not between 1300 and 1200"),
        ("", "900", "1200 is not between 1200 and 900"),
        ("many", "", "is not an amount"),
    ],
)
def test_a_range_that_cannot_be(low, high, said):
    with pytest.raises(UsageError, match=said):
        with_range(TYPED, low, high, "--range")


@pytest.mark.parametrize(
    ("text", "source", "line"),
    [
        (None, "the bank", "refunds 1200 CHF, source the bank"),
        ("cards only", "the bank, by mail", "refunds 1200 CHF, cards only, source the bank, by mail"),
        ("a, source b", "c", "refunds 1200 CHF, a; source b, source c"),
        (None, "a, Source b", "refunds 1200 CHF, source a; source b"),
        (None, "[[finance report]] #external", "refunds 1200 CHF, source [[finance report]] #external"),
    ],
)
def test_the_source_reads_back_as_it_was_written(text, source, line):
    fields = with_source({**TYPED, **({"text": text} if text else {})}, source)
    assert KINDS["cost"].write(fields, UTC) == line
    assert KINDS["cost"].read(line, UTC) == fields


def test_costs_keep_their_range_their_source_and_who_recorded_them():
    timeline = """
- 2026-11-23T03:00:00 **cost** @bob: refunds 1200.50 CHF (900..1500), from the provider
- 2026-11-23T03:00:00 **cost** @dan: vouchers 300 EUR, for the EU, source [[ledger]] %%hidden%%
- 2026-11-23T03:00:00 **cost**: by hand 50 EUR (90..10)
- 2026-11-23T03:00:00 **cost** @bob: absurd 9999999999999999 EUR
- 2026-11-23T03:00:00 **cost** @bob: a lot
"""
    at = minutes(60)
    assert costs(record_of(incident_of("resolved"), timeline)) == [
        Cost("refunds", Decimal("1200.50"), Decimal(900), Decimal(1500), "CHF", "from the provider", "", "bob", at),
        Cost("vouchers", Decimal(300), Decimal(300), Decimal(300), "EUR", "for the EU", "[[ledger]]", "dan", at),
        Cost("by hand", Decimal(50), Decimal(10), Decimal(90), "EUR", "", "", "", at),
    ]


def test_sums_are_of_low_ends_and_of_high_ends_and_of_one_currency_each():
    def cost(amount, low, high, currency):
        return Cost("x", Decimal(amount), Decimal(low), Decimal(high), currency)

    found = totals([cost("0.1", "0.1", "0.3", "CHF"), cost("5", "4", "9", "EUR"), cost("0.2", "0.1", "0.2", "CHF")])
    assert [(str(each.amount), str(each.low), str(each.high), each.currency) for each in found] == [
        ("0.3", "0.2", "0.5", "CHF"),
        ("5", "4", "9", "EUR"),
    ]
    assert [show_cost(each) for each in found] == ["0.30 CHF (0.20 to 0.50)", "5.00 EUR (4.00 to 9.00)"]
    assert show_cost(cost("1234.5", "1234.5", "1234.5", "CHF")) == "1,234.50 CHF"
    assert totals([]) == []
