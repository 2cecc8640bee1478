"""The brief: an incident on one screen; every line repeats something that the note holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.response.requests import requests
from okb_incident.core.response.restoration import sufferings
from okb_incident.core.settings.policy import ROLES
from okb_incident.core.timeline.hypotheses import hypotheses
from okb_incident.core.timeline.payload import NOBODY
from okb_incident.core.timeline.status_durations import status_durations
from okb_incident.core.timeline.task import BEGUN
from okb_incident.core.values.moment import show_seconds
from okb_incident.core.values.properties import link_target, text_of, texts_of
from okb_incident.core.values.screen_time import show_deadline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from okb_incident.core.guidance.due import Due
    from okb_incident.core.response.restoration import Suffering
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


def brief(record: Record, due: list[Due], now: datetime, support: Sequence[str] = ()) -> Brief:
    """Summarize an incident in a few lines.

    Args:
        record: The incident.
        due: What is due, the most urgent first.
        now: The moment of the command.
        support: What support teams need to know, a line each.
    """
    incident = record.incident
    since = status_durations(record)[-1].seconds(now)
    head = f"{incident.id} {incident.severity or NOBODY} {incident.status or NOBODY}"
    if since is not None and incident.is_open:
        head += f" for {show_seconds(since)}"
    parts = (
        ("impact", _impact(record, now)),
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
    suffering = sufferings(record)
    for each in suffering.values():
        yield _suffering(each, now)
    users = text_of(incident.properties.get("users_affected"))
    others = [name for name in incident.services if name.lower() not in suffering]
    if others or users:
        named = ", ".join(others)
        yield "; ".join(part for part in (named, f"{users} users" if users else "") if part)
    start = incident.at("started") or incident.at("detected")
    end = incident.at("mitigated") or incident.at("resolved")
    if start:
        lasted = show_seconds(((end or now) - start).total_seconds())
        which = "began" if incident.at("started") else "was noticed"
        yield f"it {which} {lasted} {'before it was stopped' if end else 'ago'}"


def _suffering(each: Suffering, now: datetime) -> str:
    """Return how a service suffers, or did."""
    lasted = show_seconds(((each.end or now) - each.start).total_seconds())
    share = f", {each.fields['share']}" if "share" in each.fields else ""
    users = f", {each.fields['users']} users" if "users" in each.fields else ""
    return f"{each.service} {'was ' if each.end else ''}{each.level} for {lasted}{share}{users}"


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
