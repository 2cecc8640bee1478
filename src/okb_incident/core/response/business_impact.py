"""Business impact: the agreement and the money of an incident, as it was recorded, and what is proposed from its outages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.response.cost import costs, show_cost, totals
from okb_incident.core.response.service_terms import LOST_REVENUE, Agreement, agreement, losses
from okb_incident.core.values.properties import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from okb_incident.command import Text
    from okb_incident.core.response.cost import Cost
    from okb_incident.core.response.service_terms import Loss, ServiceTerms
    from okb_incident.core.timeline.record import Record

MOST_COSTS = 3
"""Costs on one screen, the last ones; `incident cost` lists all."""


class BusinessImpact(NamedTuple):
    """What an incident means for the business.

    Attributes:
        incident: Its id.
        sla: What was recorded of the agreement; None where nothing was.
        costs: What was recorded of money, in order.
        agreement: What its outages make of the promises of its services.
        losses: The revenue that they may have cost; nothing once lost revenue was recorded.
    """

    incident: str
    sla: str | None = None
    costs: tuple[Cost, ...] = ()
    agreement: Agreement = Agreement(None)
    losses: tuple[Loss, ...] = ()

    @property
    def totals(self) -> list[Cost]:
        """Return the sum of the costs in each currency."""
        return totals(list(self.costs))

    @property
    def proposed_sla(self) -> str | None:
        """Return the word that is proposed for the agreement; None where one was recorded."""
        return None if self.sla else self.agreement.word

    def agreed(self) -> Iterator[str]:
        """Return what is known of the agreement, a line each."""
        if self.sla:
            yield f"SLA {self.sla}"
        for reason in self.agreement.reasons:
            yield reason if self.sla else f"{reason} (proposed)"

    def money(self) -> Iterator[str]:
        """Return what is known of the money, a line each: sums, the last costs, proposed losses."""
        for each in self.totals:
            yield f"{show_cost(each)} in all"
        for cost in self.costs[-MOST_COSTS:]:
            yield said_of(cost)
        for loss in self.losses:
            yield f"{loss.reason} (proposed)"

    def proposals(self) -> Iterator[Text]:
        """Return what is proposed and not recorded, each with the arithmetic and the command that records it.

        A loss is proposed once its outage is over: a number that grows is out of date as soon as it is recorded.
        """
        if self.proposed_sla:
            command = Command("set", f"sla={self.proposed_sla}", incident=self.incident)
            yield Sentence(f"{'; '.join(self.agreement.reasons)}; ", command)
        elif not self.sla:
            yield from self.agreement.reasons
        for each in self.losses:
            if each.lasts:
                continue
            if not each.currency:
                yield each.reason
                continue
            words = (*LOST_REVENUE.split(), f"{each.amount:f}", each.currency)
            command = Command("cost", *words, options=("--source", each.source), incident=self.incident)
            yield Sentence(f"{each.reason}; ", command)


def said_of(cost: Cost) -> str:
    """Return a cost with its range, its source and who recorded it."""
    parts = (
        f"{cost.category} {show_cost(cost)}",
        cost.text,
        f"source: {cost.source}" if cost.source else "",
        f"@{cost.by}" if cost.by else "",
    )
    return ", ".join(part for part in parts if part)


def business_impact(record: Record, terms: Sequence[ServiceTerms], now: datetime) -> BusinessImpact:
    """Return the business impact of an incident.

    Args:
        record: The incident.
        terms: What its services promise and earn.
        now: The moment of the command, until which an outage lasts that has no end.
    """
    found = tuple(costs(record))
    recorded = any(each.category.casefold() == LOST_REVENUE for each in found)
    return BusinessImpact(
        record.incident.id.text,
        text_of(record.incident.properties.get("sla")),
        found,
        agreement(record, terms, now),
        () if recorded else tuple(losses(record, terms, now)),
    )
