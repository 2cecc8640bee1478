"""Assessment: how bad it is, for whom, and what that asks for; each one is a snapshot, and the next says what has changed.

Severity and priority are proposed from the policy's tables. Where two facts speak for two severities the worse one is proposed:
unsure means the higher.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident import lifecycle
from okb_incident.core.incident.change import Addition, Change, LogLine, together
from okb_incident.core.response import actions, expectation
from okb_incident.core.response.teams import move_teams
from okb_incident.core.settings.policy import IMPACTS
from okb_incident.core.timeline.task import ACTION, next_name, write_task
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import link_target, text_of, texts_of
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from okb_incident.core.settings.policy import Policy
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.values.severity import Severity, SeverityScale

AMOUNT = re.compile(r"(?P<number>\d[\d.,'_ ]*)(?P<k>[kK]?)")

PROPERTIES = (
    "type",
    "incident",
    "assessed",
    "by",
    "severity",
    "scope",
    "users_affected",
    "services_affected",
    "priority",
    "urgency",
    "business_impact",
    "recovery_time",
    "resources",
    "immediate_actions",
    "team_activation",
    "communication",
    "escalation",
    "visibility",
    "aliases",
    "created",
)
"""The properties of an assessment's note, in their order."""

COMPARED = PROPERTIES[4:17]
"""Those by which two assessments differ."""

ANALYSES = ("service", "user", "business", "security")
"""What the four analyses look at."""


class Said(NamedTuple):
    """What somebody says of how bad it is; None and empty where they do not.

    Attributes:
        severity: How bad.
        scope: Whom it reaches.
        users: How many users, as typed: 1200, ~1200, 1000-1500, 5%, unknown.
        services: The services, as the incident names them.
        urgency: high, medium or low.
        business_impact: critical, high, medium or low.
        recovery: When it should be over.
        resources: What the response needs.
        actions: What is to be done at once.
        teams: The teams to call.
        communication: How people are told.
        escalation: Whom to call if it gets worse.
        analyses: What is to be said of service, user, business and security impact.
        reason: Why.
    """

    severity: Severity | None = None
    scope: str | None = None
    users: str | None = None
    services: tuple[str, ...] = ()
    urgency: str | None = None
    business_impact: str | None = None
    recovery: datetime | None = None
    resources: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    communication: str | None = None
    escalation: str | None = None
    analyses: Mapping[str, str] = {}
    reason: str = ""


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
    """Give the share of users in percent that a text means; of a range its upper end, because unsure means the higher.

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
) -> Proposal:
    """Propose severity and priority from what is known, with the reason."""
    found: list[tuple[Severity, str]] = []
    for level, expected in zip(scale.levels, policy.expectations, strict=False):
        if share is not None and expected.share is not None and share >= expected.share:
            found.append((level, f"{share:.3g} % of users, and {level} begins at {expected.share} %"))
            break
    for level, expected in zip(scale.levels, policy.expectations, strict=False):
        if (
            business_impact
            and expected.impact in IMPACTS
            and IMPACTS.index(business_impact) <= IMPACTS.index(expected.impact)
        ):
            found.append((level, f"the business impact is {business_impact}"))
            break
    severity, reason = min(
        found, key=lambda each: each[0].rank, default=(None, "neither a share of users nor a business impact is known")
    )
    priority = policy.priorities.get((urgency, business_impact)) if urgency and business_impact else None
    return Proposal(severity, reason, priority)


def assess(
    record: Record, said: Said, proposal: Proposal, at: datetime, *, note: str, number: int, changes: Sequence[str]
) -> Change:
    """Say what an assessment changes in the incident itself.

    Args:
        record: The incident.
        said: What was said.
        proposal: What the policy makes of it.
        at: When.
        note: The name of the assessment's note.
        number: Which assessment it is.
        changes: How it differs from the one before.
    """
    incident = record.incident
    differs = f": {'; '.join(changes)}" if changes else ""
    shown = LogLine("note", f"assessment {number} → [[{note}|assessment {number}]]{differs}", at)
    parts = [Change(lines=(shown,), said=f"assessment {number}{differs}")]
    if incident.status in {None, Status.TRIAGE}:
        parts.append(lifecycle.advance(incident, Status.INVESTIGATING, at, record.zone))
    if said.severity is not None:
        parts.append(
            lifecycle.change_severity(incident, said.severity, at, said.reason, external=False)._replace(said="")
        )
    parts.append(Change(properties=dict(_own(record, said, proposal))))
    if said.recovery is not None:
        parts.append(expectation.expect(record, said.recovery, at, "")._replace(said=""))
    parts += _work(record, said, at)
    return together(parts)


def _own(record: Record, said: Said, proposal: Proposal) -> list[tuple[str, str | tuple[str, ...]]]:
    properties = record.incident.properties
    given: list[tuple[str, str | tuple[str, ...] | None]] = [
        ("priority", proposal.priority),
        ("urgency", said.urgency),
        ("business_impact", said.business_impact),
        ("scope", said.scope),
        ("users_affected", said.users),
        ("services", said.services or None),
    ]
    return [
        (key, value)
        for key, value in given
        if value is not None
        and (texts_of(properties.get(key)) if key == "services" else text_of(properties.get(key))) != value
    ]


def _work(record: Record, said: Said, at: datetime) -> list[Change]:
    """Write down what is to be done, what is needed, and who is called."""
    found = []
    day = write_moment(at, record.zone)[:10]
    names = record.names("a")
    known = {each.task.text.lower() for each in actions.actions(record)}
    for text in said.actions:
        if text.lower() in known:
            continue
        name = next_name("a", names)
        names.add(name)
        line = write_task(text, tag=ACTION, task_id=f"{record.incident.id}-{name}", created=day)
        found.append(Change(additions=(Addition("Actions", line),)))
    names = record.names("r")
    for text in said.resources:
        name = next_name("r", names)
        names.add(name)
        found.append(Change(lines=(LogLine("resource", f"{name} requested: {text}", at),)))
    if said.teams:
        found.append(move_teams(record, said.teams, "notified", at))
    return found


def snapshot(record: Record, said: Said, proposal: Proposal) -> dict[str, str | tuple[str, ...]]:
    """Give what the assessment's note holds: what was said, and of the rest what the incident says."""
    properties = record.incident.properties

    def own(key: str) -> str:
        return text_of(properties.get(key)) or ""

    recovery = write_moment(said.recovery, record.zone) if said.recovery else own("expected_recovery")
    held: dict[str, str | tuple[str, ...]] = {
        "severity": str(said.severity) if said.severity else own("severity"),
        "scope": said.scope or own("scope"),
        "users_affected": said.users or own("users_affected"),
        "services_affected": said.services or tuple(texts_of(properties.get("services"))),
        "priority": proposal.priority or own("priority"),
        "urgency": said.urgency or own("urgency"),
        "business_impact": said.business_impact or own("business_impact"),
        "recovery_time": recovery,
        "resources": said.resources,
        "immediate_actions": said.actions
        or tuple(each.task.text for each in actions.actions(record) if each.task.is_open),
        "team_activation": said.teams or tuple(map(link_target, texts_of(properties.get("teams")))),
        "communication": said.communication or "",
        "escalation": said.escalation or "",
    }
    return {key: value for key, value in held.items() if value}


def differences(before: Mapping[str, object] | None, after: Mapping[str, str | tuple[str, ...]]) -> list[str]:
    """Say how an assessment differs from the one before, a clause for each property; nothing of the first."""
    if before is None:
        return []
    found = []
    for key in COMPARED:
        old, new = (_shown(each.get(key)) for each in (before, after))
        if old != new:
            found.append(f"{key.replace('_', ' ')} {old or '–'} → {new or '–'}")
    return found


def _shown(value: object) -> str:
    return ", ".join(map(link_target, texts_of(list(value) if isinstance(value, tuple) else value)))
