"""Assessment: how bad it is, for whom, and what that asks for; each one is a snapshot, and the next says what has changed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident import lifecycle
from okb_incident.core.incident.change import Addition, Change, LogLine, together
from okb_incident.core.response import actions, expectation
from okb_incident.core.response.assessment_fields import COMPARED, FIELDS
from okb_incident.core.response.teams import move_teams
from okb_incident.core.timeline.task import ACTION, next_name, write_task
from okb_incident.core.values.moment import write_moment
from okb_incident.core.values.properties import link_target, text_of, texts_of
from okb_incident.core.values.scope import read_scope
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from okb_incident.core.response.assessment_fields import AssessmentField
    from okb_incident.core.response.proposal import Proposal
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.values.severity import Severity

SET = frozenset(
    {
        *("scope", "users", "services", "urgency", "business_impact"),
        *("confidentiality", "integrity", "availability", "data_classes"),
    }
)
"""Fields that set a property of the incident as they are."""


class AssessmentDetails(NamedTuple):
    """The details of an assessment; None and empty where they are not given. The names are those of the fields.

    Attributes:
        severity: How bad.
        scope: Whom it reaches.
        users: How many users, as typed: 1200, ~1200, 1000-1500, 5%, unknown.
        services: The services, as the incident names them.
        urgency: high, medium or low.
        business_impact: critical, high, medium or low.
        recovery: When it should be over.
        resources: What the response needs.
        actions: What has to be done at once.
        teams: The teams to call.
        communication: How people are told.
        escalation: Whom to call if it gets worse.
        confidentiality: How much confidentiality was lost: none, partial, full or unknown.
        integrity: How much integrity.
        availability: How much availability.
        data_classes: The classes of data that are concerned.
        analyses: What was written about service, user, business and security impact.
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
    confidentiality: str | None = None
    integrity: str | None = None
    availability: str | None = None
    data_classes: tuple[str, ...] = ()
    analyses: Mapping[str, str] = {}
    reason: str = ""


def assess(
    record: Record,
    details: AssessmentDetails,
    proposal: Proposal,
    at: datetime,
    *,
    note: str,
    number: int,
    changes: Sequence[str],
) -> Change:
    """Return what an assessment changes in the incident itself.

    Args:
        record: The incident.
        details: What was said.
        proposal: What the policy makes of it.
        at: When.
        note: The name of the assessment's note.
        number: Which assessment it is.
        changes: How it differs from the one before.
    """
    incident = record.incident
    differs = f": {'; '.join(changes)}" if changes else ""
    shown = LogLine("note", f"assessment {number} → [[{note}|assessment {number}]]{differs}", at)
    parts = [Change(lines=(shown,), said=f"recorded assessment {number}{f' ({differs[2:]})' if differs else ''}")]
    if incident.status in {None, Status.TRIAGE}:
        parts.append(lifecycle.advance(incident, Status.INVESTIGATING, at, record.zone))
    if details.severity is not None:
        parts.append(
            lifecycle.change_severity(incident, details.severity, at, details.reason, external=False)._replace(said="")
        )
    parts.append(Change(properties=dict(_own(record, details, proposal))))
    if details.recovery is not None:
        parts.append(expectation.expect(record, details.recovery, at, "")._replace(said=""))
    parts += _work(record, details, at)
    return together(parts)


def _own(record: Record, details: AssessmentDetails, proposal: Proposal) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Return the properties of the incident that an assessment sets beside severity and expected recovery."""
    properties = record.incident.properties
    if proposal.priority and proposal.priority != text_of(properties.get("priority")):
        yield "priority", proposal.priority
    for field in FIELDS:
        value = getattr(details, field.name) if field.name in SET else None
        old = texts_of(properties.get(field.of_incident)) if field.parts else text_of(properties.get(field.of_incident))
        if value and value != old:
            yield field.of_incident, value


def _work(record: Record, details: AssessmentDetails, at: datetime) -> list[Change]:
    """Write down what has to be done, what is needed, and who is called."""
    found = []
    day = write_moment(at, record.zone)[:10]
    names = record.names("a")
    known = {each.task.text.lower() for each in actions.actions(record)}
    for text in details.actions:
        if text.lower() in known:
            continue
        name = next_name("a", names)
        names.add(name)
        line = write_task(text, tag=ACTION, task_id=f"{record.incident.id}-{name}", created=day)
        found.append(Change(additions=(Addition("Actions", line),)))
    names = record.names("r")
    for text in details.resources:
        name = next_name("r", names)
        names.add(name)
        found.append(Change(lines=(LogLine("resource", f"{name} requested: {text}", at),)))
    if details.teams:
        found.append(move_teams(record, details.teams, "notified", at))
    return found


def snapshot(record: Record, details: AssessmentDetails, proposal: Proposal) -> dict[str, str | tuple[str, ...]]:
    """Return what the assessment's note holds: what was said, and of the rest what the incident says."""
    held = {field.key: _held(record, details, field) for field in FIELDS if field.key}
    held["priority"] = proposal.priority or text_of(record.incident.properties.get("priority")) or ""
    return {key: held[key] for key in COMPARED if held[key]}


def _held(record: Record, details: AssessmentDetails, field: AssessmentField) -> str | tuple[str, ...]:
    """Return what a field holds; only links among the teams are written as plain names."""
    value = getattr(details, field.name)
    if value:
        return write_moment(value, record.zone) if isinstance(value, datetime) else value if field.parts else str(value)
    if field.name == "actions":
        return tuple(each.task.text for each in actions.actions(record) if each.task.is_open)
    known = record.incident.properties.get(field.of_incident)
    if not field.parts:
        return text_of(known) or ""
    return tuple(map(link_target, texts_of(known)) if field.name == "teams" else texts_of(known))


def differences(
    before: Mapping[str, object] | None, after: Mapping[str, str | tuple[str, ...]], scopes: Sequence[str] = ()
) -> list[str]:
    """Return how an assessment differs from the one before, a clause for each property; nothing of the first.

    Args:
        before: The properties of the one before.
        after: Those of this one.
        scopes: The levels of scope, which is compared by level and by text.
    """
    if before is None:
        return []
    found: list[str] = []
    for key in COMPARED:
        old, new = (_shown(each.get(key)) for each in (before, after))
        if key == "scope" and old and new:
            found += _other_scope(old, new, scopes)
        elif old != new:
            found.append(f"{key.replace('_', ' ')} {old or '–'} → {new or '–'}")
    return found


def _other_scope(before: str, after: str, scopes: Sequence[str]) -> Iterator[str]:
    """Return how two scopes differ: by level and by text where both begin with a level."""
    old, new = read_scope(before, scopes), read_scope(after, scopes)
    if old.level is None or new.level is None:
        if old != new:
            yield f"scope {before} → {after}"
        return
    if old.level != new.level:
        yield f"scope {old.level} → {new.level}"
    if old.text != new.text:
        yield f"scope text {old.text or '–'} → {new.text or '–'}"


def _shown(value: object) -> str:
    return ", ".join(map(link_target, texts_of(list(value) if isinstance(value, tuple) else value)))
