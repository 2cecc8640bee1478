"""Proposal: the severity and the priority that the policy's tables make of what is known, with the reason.

Where two facts speak for two severities the worse one is proposed: unsure means the higher.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.settings.policy import IMPACTS
from okb_incident.core.values.scope import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.settings.policy import Expectation, Policy
    from okb_incident.core.values.severity import Severity, SeverityScale

    Begins = Callable[[Severity, Expectation], str]
    """Why a fact speaks for a severity of which the policy has this expectation; empty where it does not."""

AMOUNT = re.compile(r"(?P<number>\d[\d.,'_ ]*)(?P<k>[kK]?)")


class Proposal(NamedTuple):
    """What the policy's tables say.

    Attributes:
        severity: The severity; None where nothing speaks for one.
        reason: Why, as a clause.
        priority: The priority; None where urgency or business impact is not known.
    """

    severity: Severity | None
    reason: str
    priority: str | None


def share_of(users: str | None, total: int | None) -> float | None:
    """Return the share of users in percent that a text means; of a range its upper end, because unsure means the higher.

    Args:
        users: As typed: ``~1200``, ``5-10%``.
        total: How many users there are, where that is known.
    """
    amounts = [_number(found) for found in AMOUNT.finditer(users or "")]
    known = [each for each in amounts if each is not None]
    if not known:
        return None
    if "%" in (users or ""):
        return min(max(known), 100.0)
    return min(100 * max(known) / total, 100.0) if total else None


def _number(found: re.Match[str]) -> float | None:
    text = re.sub(r"[',_ ](?=\d{3}(?!\d))", "", found["number"]).rstrip(".,'_ ").replace(",", ".")
    try:
        return float(text) * (1000 if found["k"] else 1)
    except ValueError:
        return None


def propose(
    policy: Policy,
    scale: SeverityScale,
    *,
    share: float | None,
    urgency: str | None,
    business_impact: str | None,
    scope: str | None = None,
    scopes: Sequence[str] = (),
) -> Proposal:
    """Propose severity and priority from what is known, with the reason.

    Args:
        policy: What the vault expects.
        scale: Its severities.
        share: The share of users in percent.
        urgency: How urgent it is.
        business_impact: How bad it is for the business.
        scope: The level of the scope.
        scopes: All levels, the narrowest first.
    """
    found: list[tuple[Severity, str]] = []
    for begins in (_by_share(share), _by_scope(scope, scopes), _by_impact(business_impact)):
        reasons = ((level, begins(level, each)) for level, each in zip(scale.levels, policy.expectations, strict=False))
        found += [(level, reason) for level, reason in reasons if reason][:1]
    worst = min((level for level, _ in found), key=lambda level: level.rank, default=None)
    reason = "; ".join(reason for level, reason in found if level == worst)
    priority = policy.priorities.get((urgency, business_impact)) if urgency and business_impact else None
    return Proposal(
        worst, reason or "neither a share of users nor a level of scope nor a business impact is known", priority
    )


def _by_share(share: float | None) -> Begins:
    def begins(level: Severity, expected: Expectation) -> str:
        if share is None or expected.share is None or share < expected.share:
            return ""
        return f"{share:.3g} % of users, and {level} begins at {expected.share} %"

    return begins


def _by_scope(scope: str | None, scopes: Sequence[str]) -> Begins:
    reached = place_of(scope, scopes)

    def begins(level: Severity, expected: Expectation) -> str:
        first = place_of(expected.scope, scopes)
        if reached is None or first is None or reached < first:
            return ""
        return f"the scope is {scope}" + ("" if reached == first else f", and {level} begins at {expected.scope}")

    return begins


def _by_impact(impact: str | None) -> Begins:
    def begins(_: Severity, expected: Expectation) -> str:
        known = impact and expected.impact in IMPACTS
        return (
            f"the business impact is {impact}"
            if known and IMPACTS.index(impact) <= IMPACTS.index(expected.impact)
            else ""
        )

    return begins
