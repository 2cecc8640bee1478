"""Service terms: what the note of a service promises and earns, and what an outage makes of that; proposed, never set.

An outage is the time for which the impact lines of an incident have a service as down. Planned impact does not count. The month of a
promise has 30 days, and other incidents of these days are not counted.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.response.cost import read_amount, read_currency, show_money
from okb_incident.core.response.service_impact import service_impacts
from okb_incident.core.values.moment import show_exact_seconds
from okb_incident.core.values.properties import text_of
from okb_incident.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from okb_incident.core.response.service_impact import ImpactPeriod
    from okb_incident.core.timeline.record import Record

DAYS = 30
"""Days of the month for which a promise of availability is counted."""

SLO = re.compile(r"(?P<number>\d{1,3}(?:[.,]\d{1,6})?) ?%?", re.ASCII)
MONEY = re.compile(r"(?:(?P<before>[A-Za-z]{3}) ?)?~?(?P<amount>[\d.,'’_]+)(?: ?(?P<behind>[A-Za-z]{3}))?", re.ASCII)
LOST_REVENUE = "lost revenue"
"""What a proposed cost is for."""


class ServiceTerms(NamedTuple):
    """What the note of a service promises and earns.

    Attributes:
        service: Its name.
        slo: The share of the time for which it works, in percent; None where the note promises none.
        revenue: What it earns in an hour; None where the note does not say.
        currency: The currency of that; empty where the note names none.
    """

    service: str
    slo: Decimal | None = None
    revenue: Decimal | None = None
    currency: str = ""

    @property
    def allowed_seconds(self) -> float:
        """Return for how long it may be down in a month."""
        return float((100 - (self.slo or Decimal(100))) * DAYS * 86400 / 100)


class Outage(NamedTuple):
    """For how long a service was down.

    Attributes:
        service: Its name.
        seconds: In all; what overlaps counts once.
        lost_seconds: The same by the share that was hit, where a line has one.
        lasts: It is down still.
        degraded: It was degraded for some time, too.
    """

    service: str
    seconds: float = 0
    lost_seconds: Decimal = Decimal()
    lasts: bool = False
    degraded: bool = False


class Agreement(NamedTuple):
    """Whether what the services of an incident promise was kept.

    Attributes:
        word: breached, met or unknown; None while that is open, and where nothing is promised.
        reasons: The arithmetic of each service, as a clause.
    """

    word: str | None
    reasons: tuple[str, ...] = ()


class Loss(NamedTuple):
    """The revenue that an outage may have cost.

    Attributes:
        service: Which service was down.
        amount: In units of the currency.
        currency: Empty where the note of the service names none.
        reason: The arithmetic, as a clause.
        source: What the number is made of, for a cost that is recorded.
        lasts: The service is down still, so the amount grows.
    """

    service: str
    amount: Decimal
    currency: str
    reason: str
    source: str
    lasts: bool = False


def read_terms(service: str, values: Mapping[str, object]) -> ServiceTerms:
    """Read what the properties of a service's note promise and earn; what cannot be read is not there."""
    revenue, currency = _revenue(text_of(values.get("revenue_per_hour")) or "")
    return ServiceTerms(service, _slo(text_of(values.get("slo")) or ""), revenue, currency)


def _slo(text: str) -> Decimal | None:
    """Read an availability: ``99.9``, ``99.9 %``, ``0.999``; None for anything else."""
    found = SLO.fullmatch(text.strip())
    if found is None:
        return None
    number = Decimal(found["number"].replace(",", "."))
    percent = number * 100 if 0 < number < 1 and "%" not in text else number
    return percent.normalize() if 0 < percent <= 100 else None


def _revenue(text: str) -> tuple[Decimal | None, str]:
    """Read an amount of money with or without its currency."""
    found = MONEY.fullmatch(text.strip())
    try:
        amount = Decimal(read_amount(found["amount"])) if found else None
        word = (found and (found["behind"] or found["before"])) or ""
        return (amount or None), read_currency(word) if word else ""
    except UsageError:
        return None, ""


def outages(record: Record, now: datetime) -> list[Outage]:
    """Return for how long each service that suffered was down, in the order in which they first suffered."""
    return [
        _outage(impact.service, spans, now)
        for impact in service_impacts(record)
        if (spans := [each for each in impact.periods if not each.planned])
    ]


def _outage(service: str, spans: Sequence[ImpactPeriod], now: datetime) -> Outage:
    whole = Outage(service, degraded=any(each.level == "degraded" for each in spans))
    for each in spans:
        if each.level != "down":
            continue
        seconds = each.seconds(now) or 0
        share = Decimal(each.fields["share"].rstrip("%")) / 100 if "share" in each.fields else Decimal(1)
        whole = whole._replace(
            seconds=whole.seconds + seconds,
            lost_seconds=whole.lost_seconds + Decimal(seconds) * min(share, Decimal(1)),
            lasts=whole.lasts or not each.ended,
        )
    return whole


def agreement(record: Record, terms: Iterable[ServiceTerms], now: datetime) -> Agreement:
    """Return whether what the services promise was kept, with the arithmetic: worse words count before better ones."""
    by_name = {each.service.lower(): each for each in terms}
    words, reasons = [], []
    for outage in outages(record, now):
        known = by_name.get(outage.service.lower())
        if known is None or known.slo is None or not (outage.seconds or outage.degraded):
            continue
        word, reason = _judged(known, outage)
        words.append(word)
        reasons.append(reason)
    worst = next((word for word in ("breached", None, "unknown", "met") if word in words), None)
    return Agreement(worst, tuple(reasons))


def _judged(terms: ServiceTerms, outage: Outage) -> tuple[str | None, str]:
    """Return the word for one service, None while it is open, and the arithmetic."""
    promise = f"its SLO {terms.slo:f} %"
    if not outage.seconds:
        return "unknown", f"{outage.service} was degraded and never down, so {promise} needs a measurement: unknown"
    allowed = terms.allowed_seconds
    was = "has been" if outage.lasts else "was"
    sum_ = f"{outage.service} {was} down for {show_exact_seconds(outage.seconds)}, {promise} allows {show_exact_seconds(allowed)} in {DAYS} days"
    if outage.seconds > allowed:
        return "breached", f"{sum_}: breached"
    return (None, f"{sum_}: not breached yet") if outage.lasts else ("met", f"{sum_}: met")


def losses(record: Record, terms: Iterable[ServiceTerms], now: datetime) -> list[Loss]:
    """Return the revenue that each outage may have cost: hours down times what the service earns in one."""
    by_name = {each.service.lower(): each for each in terms}
    found = []
    for outage in outages(record, now):
        known = by_name.get(outage.service.lower())
        if known is None or known.revenue is None or not outage.lost_seconds:
            continue
        amount = (outage.lost_seconds * known.revenue / 3600).quantize(Decimal("0.01"))
        rate = f"{show_money(known.revenue)}{f' {known.currency}' if known.currency else ''} an hour"
        part = (outage.lost_seconds * 100 / Decimal(outage.seconds)).quantize(Decimal(1))
        share = "" if part == 100 else f", {part} % of it"
        down = f"down for {show_exact_seconds(outage.seconds)}{share}"
        said = f"{show_money(amount)}{f' {known.currency}' if known.currency else ''}"
        was = "has been" if outage.lasts else "was"
        found.append(
            Loss(
                outage.service,
                amount,
                known.currency,
                f"{outage.service} {was} {down} at {rate}: {said} of revenue{' so far' if outage.lasts else ''}"
                + ("" if known.currency else "; its note names no currency"),
                f"{outage.service} {down} at {rate}",
                outage.lasts,
            )
        )
    return found
