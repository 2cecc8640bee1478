"""Cost: what an incident cost, as a range with its source, as the timeline tells it; sums never mix currencies."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.terminal_text import shorten
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from okb_incident.core.timeline.record import Record

EXAMPLE = "incident cost refunds 1200 CHF --range 900..1500 --source 'the payment provider'"
NUMBER = r"\d{1,3}(?:['’_,]\d{3})+(?:\.\d{1,4})?(?!\d)|\d+(?:\.\d{1,4})?(?!\d)"
TYPED = re.compile(
    rf"(?P<category>[^\d,:→]+?) (?P<amount>[-−]?(?:{NUMBER})) ?(?P<currency>[^\s\d,.:'’_-]+)(?:[ ,]+(?P<text>.+))?",
    re.DOTALL,
)
RANGE = re.compile(rf"(?P<low>{NUMBER})\s*(?:\.\.+|…|-|–|—|to)\s*(?P<high>{NUMBER})")
MOST_DIGITS = 12
"""Digits of an amount before the point; more is a slip."""

CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)
SMALL_LETTERS = (
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW KZT MAD MXN MYR NGN NOK NZD PEN"
    " PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD VND ZAR"
)
KNOWN_CURRENCIES = frozenset(SMALL_LETTERS.split())
"""Currencies that may be typed in small letters; any other three letters could be a word of the text, and are typed in capitals."""

ANOTHER_SOURCE = re.compile(r"\s*,\s*source\s", re.IGNORECASE)


class Cost(NamedTuple):
    """What something cost.

    Attributes:
        category: What for.
        amount: In units of the currency.
        low: The least that it may be.
        high: The most that it may be.
        currency: Three letters.
        text: What was said about it.
        source: Where the number comes from.
        by: The handle of whoever recorded it.
        at: When it was recorded.
    """

    category: str
    amount: Decimal
    low: Decimal
    high: Decimal
    currency: str
    text: str = ""
    source: str = ""
    by: str = ""
    at: datetime | None = None


def read_cost(text: str) -> dict[str, str]:
    """Read what was typed: ``CATEGORY AMOUNT CURRENCY [TEXT]``.

    Returns:
        The fields of a line.

    Raises:
        UsageError: It is not an amount of money.
    """
    found = TYPED.fullmatch(text)
    if not found:
        raise UsageError(
            f"cost {shorten(text)!r} is not CATEGORY AMOUNT CURRENCY; such as: {EXAMPLE}", field="cost", value=text
        )
    fields = {
        "category": found["category"],
        "amount": read_amount(found["amount"]),
        "currency": read_currency(found["currency"]),
    }
    return {**fields, "text": found["text"]} if found["text"] else fields


def read_amount(text: str, field: str = "cost") -> str:
    """Read an amount of money; commas and apostrophes may group its digits by three.

    Raises:
        UsageError: It is none, or too large.
    """
    if re.fullmatch(NUMBER, text.strip(), re.ASCII) is None:
        said = "must not be negative" if re.match(r"\s*[-−]\s*\d", text) else "is not an amount"
        raise UsageError(f"{shorten(text)!r} {said}; write one such as 1200, 1'200 or 1200.50", field=field, value=text)
    plain = re.sub("['’_,]", "", text.strip())
    if len(plain.partition(".")[0]) > MOST_DIGITS:
        raise UsageError(f"{shorten(text)!r} is more than {10**MOST_DIGITS - 1:,}", field=field, value=text)
    return plain


def read_currency(text: str) -> str:
    """Read a currency: three letters.

    Raises:
        UsageError: It is none, or perhaps a word of the text.
    """
    if CURRENCY.fullmatch(text) and (text.isupper() or text.upper() in KNOWN_CURRENCIES):
        return text.upper()
    raise UsageError(
        f"{shorten(text)!r} is not a currency of three letters such as CHF, EUR or USD", field="currency", value=text
    )


def with_range(fields: dict[str, str], low: str, high: str, field: str) -> dict[str, str]:
    """Return the fields of a line with the range of its amount; an end that is empty is the amount.

    Raises:
        UsageError: An end is not an amount, or the range is upside down or does not hold the amount.
    """
    amount = fields["amount"]
    ends = {name: read_amount(end, field) if end else amount for name, end in (("low", low), ("high", high))}
    least, most = Decimal(ends["low"]), Decimal(ends["high"])
    if least > most and low and high:
        raise UsageError(
            f"{field}: {low}..{high} is upside down; write {high}..{low}", field=field, value=f"{low}..{high}"
        )
    if not least <= Decimal(amount) <= most:
        raise UsageError(f"{amount} is not between {ends['low']} and {ends['high']}", field=field, value=amount)
    return {**fields, **ends}


def read_range(text: str) -> tuple[str, str]:
    """Read a range: ``900..1500``.

    Raises:
        UsageError: It is none.
    """
    found = RANGE.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"--range: {shorten(text)!r} is not LOW..HIGH such as 900..1500", field="--range", value=text)
    return found["low"], found["high"]


def with_source(fields: dict[str, str], source: str) -> dict[str, str]:
    """Return the fields of a line with the source of its amount.

    A line has one ``, source``, so that it reads back as it was written; another one in the words becomes a semicolon.
    """
    text = ANOTHER_SOURCE.sub("; source ", fields["text"]) if "text" in fields else None
    return {**fields, **({"text": text} if text else {}), "source": ANOTHER_SOURCE.sub("; source ", source)}


def costs(record: Record) -> list[Cost]:
    """Return what it cost, in the order in which it was entered; a range that a person wrote upside down is turned round."""
    found = []
    for entry in record.of_kind("cost"):
        fields = entry.fields or {}
        amount = Decimal(fields["amount"])
        ends = (amount, *(Decimal(fields[name]) for name in ("low", "high") if name in fields))
        text, source = (entry.outgoing(fields.get(name, "")) for name in ("text", "source"))
        found.append(
            Cost(
                fields["category"],
                amount,
                min(ends),
                max(ends),
                fields["currency"],
                text,
                source,
                entry.actor or "",
                entry.at,
            )
        )
    return found


def totals(found: list[Cost]) -> list[Cost]:
    """Return what it cost in all, in each currency: the sum of the amounts, of the low ends and of the high ends."""
    sums: dict[str, Cost] = {}
    for each in found:
        known = sums.get(each.currency, Cost("total", Decimal(), Decimal(), Decimal(), each.currency))
        sums[each.currency] = known._replace(
            amount=known.amount + each.amount, low=known.low + each.low, high=known.high + each.high
        )
    return list(sums.values())


def show_money(amount: Decimal) -> str:
    """Return an amount for people: ``1,200.00``."""
    return f"{amount:,.2f}"


def show_cost(cost: Cost) -> str:
    """Return an amount with its currency, and with its range where it has one: ``1,200.00 CHF (900.00 to 1,500.00)``."""
    span = "" if cost.low == cost.high else f" ({show_money(cost.low)} to {show_money(cost.high)})"
    return f"{show_money(cost.amount)} {cost.currency}{span}"
