"""The brief: an incident on one screen; every line repeats something that the note holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.guidance.due import promised
from okb_incident.core.incident.describe import LOSSES
from okb_incident.core.response.business_impact import business_impact
from okb_incident.core.response.requests import requests
from okb_incident.core.response.service_impact import MERGED, RESOLVED, service_impacts
from okb_incident.core.settings.policy import ROLES
from okb_incident.core.timeline.hypotheses import hypotheses
from okb_incident.core.timeline.impact_lines import service_key
from okb_incident.core.timeline.payload import NOBODY
from okb_incident.core.timeline.status_durations import status_durations
from okb_incident.core.timeline.task import BEGUN
from okb_incident.core.values.moment import show_seconds
from okb_incident.core.values.properties import link_target, text_of, texts_of
from okb_incident.core.values.screen_time import show_deadline, show_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from okb_incident.core.guidance.due import Due
    from okb_incident.core.response.service_impact import ServiceImpact
    from okb_incident.core.response.service_terms import ServiceTerms
    from okb_incident.core.timeline.record import Record

MOST_LINES = 3
"""Lines of decisions and changes; the timeline has all of them."""


class Brief(NamedTuple):
    """An incident on one screen.

    Attributes:
        head: Id, severity, status and for how long.
        title: What is wrong.
        parts: What there is to say, by the question that it answers; a question without an answer is absent.
    """

    head: str
    title: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]


def brief(
    record: Record,
    due: list[Due],
    now: datetime,
    terms: Sequence[ServiceTerms] = (),
    support: Sequence[str] = (),
) -> Brief:
    """Summarize an incident in a few lines.

    Args:
        record: The incident.
        due: What is due, the most urgent first.
        now: The moment of the command.
        terms: What its services promise and earn.
        support: What support teams need to know, a line each.
    """
    incident = record.incident
    business = business_impact(record, terms, now)
    since = status_durations(record)[-1].seconds(now)
    head = f"{incident.id} {incident.severity or NOBODY} {incident.status or NOBODY}"
    if since is not None and incident.is_open:
        head += f" for {show_seconds(since)}"
    parts = (
        ("impact", (*_impact(record, now), *business.agreed())),
        ("cost", business.money()),
        ("data", _data(record, due, now)),
        ("known", _known(record)),
        ("done", _done(record)),
        ("doing", _doing(record)),
        ("needs", _needs(record)),
        ("support", support),
        ("people", _people(record)),
        ("next", _next(due, now)),
    )
    told = ((name, tuple(lines)) for name, lines in parts)
    return Brief(head, incident.headline, tuple((name, lines) for name, lines in told if lines))


def _impact(record: Record, now: datetime) -> Iterator[str]:
    incident = record.incident
    impacts = service_impacts(record)
    for each in impacts:
        yield _service(each, record, now)
    users, scope = (text_of(incident.properties.get(key)) for key in ("users_affected", "scope"))
    told = {service_key(each.service) for each in impacts}
    others = [name for name in incident.services if service_key(name) not in told]
    if others or users or scope:
        named = ", ".join(others)
        parts = (named, f"{users} users" if users else "", f"scope {scope}" if scope else "")
        yield "; ".join(part for part in parts if part)
    start = incident.at("started") or incident.at("detected")
    end = incident.at("mitigated") or incident.at("resolved")
    if start:
        lasted = show_seconds(((end or now) - start).total_seconds())
        which = "began" if incident.at("started") else "was noticed"
        yield f"it {which} {lasted} {'before it was stopped' if end else 'ago'}"


def _data(record: Record, due: list[Due], now: datetime) -> Iterator[str]:
    """Return what was lost of which data, and what has become of the duty to notify an authority."""
    properties = record.incident.properties
    lost = [f"{key} {text}" for key in LOSSES if (text := text_of(properties.get(key)))]
    classes = ", ".join(map(link_target, texts_of(properties.get("data_classes"))))
    told = "; ".join(part for part in (classes, ", ".join(lost)) if part)
    if told:
        yield told
    for each in due:
        if each.item == "notice":
            yield each.what if each.by is None else f"notify the authority, {show_deadline(each.by, now)}"
    if sent := promised(record.incident, "notified", record.zone):
        yield f"authority notified {show_time(sent, now, record.zone)}"


def _service(impact: ServiceImpact, record: Record, now: datetime) -> str:
    """Return the level of a service, since when, and for how long it was impaired in all."""
    current, since = impact.current(now), impact.since(now)
    if current and since:
        span = f"{current.level} for {show_seconds((now - since).total_seconds())}, since {show_time(since, now, record.zone)}"
        share = f", {current.fields['share']}" if "share" in current.fields else ""
        users = f", {current.fields['users']} users" if "users" in current.fields else ""
        return f"{impact.service} {span}{share}{users}{', planned' if current.planned else ''}{_total(impact, now)}"
    return f"{impact.service} {_over(impact, record, now)}{_total(impact, now, over=True)}"


def _over(impact: ServiceImpact, record: Record, now: datetime) -> str:
    """Return since when a service works again; of one whose end nobody recorded, what is known."""
    last = next((each for each in reversed(impact.periods) if each.start <= now), None)
    restored = impact.restored(now)
    if last is None and restored is None:
        ahead = impact.periods[:1]
        return f"{ahead[0].level} from {show_time(ahead[0].start, now, record.zone)}" if ahead else "works"
    if last and last.ended in {RESOLVED, MERGED}:
        return f"{last.level} until the incident was {last.ended}, end not recorded"
    if last and restored is None:
        return f"{last.level} from {show_time(last.start, now, record.zone)}, end not recorded"
    assert restored is not None, "every other service is impaired now"
    return f"restored {show_time(restored, now, record.zone)}"


def _total(impact: ServiceImpact, now: datetime, *, over: bool = False) -> str:
    """Return how long a service had each level so far, where that says more than its present level does."""
    spent = impact.seconds(now)
    levels = [f"{level} {show_seconds(seconds)}" for level, seconds in spent.items()]
    if not (over and spent) and len(impact.periods) < 2:
        levels = []
    whole = f"{show_seconds(sum(spent.values()))} in all: " if len(levels) > 1 else ""
    planned = sum(impact.seconds(now, planned=True).values())
    if planned:
        levels.append(f"planned {show_seconds(planned)}")
    return f"; {whole}{', '.join(levels)}" if levels else ""


def _known(record: Record) -> Iterator[str]:
    for each in hypotheses(record):
        yield f"{each.name} {each.text}".rstrip() + f" ({each.result})"
    facts = [f"{key} {text}" for key in ("cause", "trigger") if (text := text_of(record.incident.properties.get(key)))]
    if facts:
        yield ", ".join(facts)


def _done(record: Record) -> Iterator[str]:
    """Return the last decisions and changes."""
    for entry in record.of_kind("decision", "change")[-MOST_LINES:]:
        yield f"{entry.kind}: {entry.text}"


def _doing(record: Record) -> Iterator[str]:
    for task in (*record.actions, *record.checklist):
        if task.is_open:
            whose = f", {task.owner}" if task.owner else ""
            yield f"{task.name or NOBODY} {task.text}{whose}{', started' if task.box == BEGUN else ''}"


def _needs(record: Record) -> Iterator[str]:
    for each in requests(record).values():
        if each.is_open:
            yield f"{each.name} {each.text}"


def _people(record: Record) -> Iterator[str]:
    properties = record.incident.properties
    named = [
        f"{role.replace('_', ' ')} {', '.join(map(link_target, people))}"
        for role in (*ROLES, "responders", "teams")
        if (people := texts_of(properties.get(role)))
    ]
    if named:
        yield "; ".join(named)


def _next(due: list[Due], now: datetime) -> Iterator[str]:
    for each in due[:MOST_LINES]:
        yield each.what if each.by is None else f"{each.what}, {show_deadline(each.by, now)}"
