"""Facts: what an incident's record says, as plain data for a template; `variables` has the names and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.guidance.variables import OUTSIDE_NAMES
from okb_incident.core.guidance.wording import (
    ENDED,
    STAGES,
    STARTED,
    STOPPED,
    Clock,
    all_plain,
    in_public_words,
    in_words,
    listed,
    public_headline,
    spelled_out,
)
from okb_incident.core.response.actions import actions
from okb_incident.core.response.expectation import outcome
from okb_incident.core.response.requests import requests
from okb_incident.core.response.restoration import intervals
from okb_incident.core.response.verification import every_check
from okb_incident.core.review.evaluation import evaluation
from okb_incident.core.settings.policy import ROLES
from okb_incident.core.text.quoting import without_remarks
from okb_incident.core.timeline.hypotheses import hypotheses
from okb_incident.core.timeline.payload import NOBODY
from okb_incident.core.timeline.status_durations import status_durations
from okb_incident.core.timeline.task import BEGUN, DONE, GIVEN_UP
from okb_incident.core.values.moment import read_moment, show_seconds, write_moment
from okb_incident.core.values.properties import MOMENTS, link_target, text_of, texts_of
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task import Task

Fact = str | int | bool | list[dict[str, str]] | list[str]

BOXES = {BEGUN: "begun", DONE: "done", GIVEN_UP: "given up"}
LINES = (
    "status",
    "severity",
    "category",
    "nature",
    "priority",
    "urgency",
    "business_impact",
    "scope",
    "users_affected",
)
MORE_LINES = ("cause", "trigger", "data_loss", "metric", "baseline", "worst", "unit", "slo")


class Occasion(NamedTuple):
    """For what the facts are asked.

    Attributes:
        now: The moment of the command.
        zone_name: The name of the vault's zone.
        heading: The heading of the note.
        message: What was typed for it.
        number: Which message to its audience it is.
        since: When the last message to its audience went out.
        promised: By when the next one comes.
        public_services: The services as everybody knows them.
    """

    now: datetime
    zone_name: str
    heading: str = ""
    message: str = ""
    number: int = 1
    since: datetime | None = None
    promised: datetime | None = None
    public_services: tuple[str, ...] = ()


def facts(record: Record, occasion: Occasion, *, in_message: bool = False) -> dict[str, Fact]:
    """Return a value for every variable; what is not known is an empty text or list.

    Args:
        record: The incident.
        occasion: For what the facts are asked.
        in_message: Write timeline entries in words and spell durations out, as a message needs it; else write both as notes do.
    """
    incident = record.incident
    told = _Told(record, occasion, in_message=in_message)
    status_for = status_durations(record)[-1].seconds(occasion.now) if incident.is_open else None
    properties = incident.properties
    return {
        **told.public(),
        "id": incident.id.text,
        "link": f"[[{incident.id}]]",
        "title": incident.headline,
        "status_for": "" if status_for is None else show_seconds(status_for),
        "severity_meaning": incident.severity.meaning if incident.severity else "",
        **{name: text_of(properties.get(name)) or "" for name in (*LINES, *MORE_LINES)},
        "services": list(incident.services),
        "expected_recovery": told.promise("expected_recovery"),
        "estimate": outcome(record) or "",
        **{role: ", ".join(map(link_target, texts_of(properties.get(role)))) for role in ROLES},
        "responders": [link_target(each) for each in texts_of(properties.get("responders"))],
        "teams": [link_target(each) for each in texts_of(properties.get("teams"))],
        **{name: told.clock(incident.at(name)) for name in MOMENTS},
        **{title.lower(): _prose(record, title) for title in ("Summary", "Impact", "Resolution")},
        "timeline": told.events(record.entries),
        "news": told.events(told.new(record.entries)),
        "since": told.clock(occasion.since),
        "suffering": told.suffering(),
        "hypotheses": [each._asdict() for each in hypotheses(record)],
        "decisions": told.texts(record.of_kind("decision")),
        "changes": told.texts(record.of_kind("change")),
        **_actions(record),
        "follow_ups": [{**_task(each), "kind": each.fields.get("kind", "")} for each in record.follow_ups],
        "requests": _requests(record, only_open=False),
        "needs": _requests(record, only_open=True),
        "checks": _checks(record),
        "facts": [{"name": name, "value": value} for name, value in evaluation(record, occasion.now)],
        "people": _people(record),
    }


def message_facts(record: Record, occasion: Occasion, *, outside: bool) -> dict[str, Fact]:
    """Return the facts for a message: in words that mean something outside of the vault; what was typed for it stays as it is."""
    found = public_facts(record, occasion) if outside else facts(record, occasion, in_message=True)
    plain = all_plain(found, Clock(record.zone, occasion.zone_name))
    assert isinstance(plain, dict), "it is what it was"
    return {**plain, "heading": occasion.heading, "message": occasion.message}


def public_facts(record: Record, occasion: Occasion) -> dict[str, Fact]:
    """Return only what people outside the organization may know: moments, a word for the stage, and lines marked as fit for them."""
    found = _Told(record, occasion, in_message=True).public()
    assert found.keys() == OUTSIDE_NAMES, "the table of variables says what gets out"
    return found


class _Told:
    """The record, as this occasion tells it."""

    def __init__(self, record: Record, occasion: Occasion, *, in_message: bool = False) -> None:
        self.record = record
        self.occasion = occasion
        self.in_message = in_message
        self.words = Clock(record.zone, occasion.zone_name)
        self.clock = self.words.show
        self.is_over = record.incident.status in {Status.RESOLVED, Status.CLOSED}

    def public(self) -> dict[str, Fact]:
        incident, occasion = self.record.incident, self.occasion
        today = write_moment(occasion.now, self.record.zone)
        began = incident.at("started") or incident.at("detected")
        ended = incident.at("resolved") if self.is_over else None
        stopped = incident.at("mitigated") or ended
        fit = [entry for entry in self.record.entries if entry.external and entry.at]
        return {
            "heading": occasion.heading,
            "headline": public_headline(
                incident.status, text_of(incident.properties.get("public_title")) or "", occasion.public_services
            ),
            "message": occasion.message,
            "now": self.clock(occasion.now),
            "date": today[:10],
            "time": today[11:16],
            "zone": occasion.zone_name,
            "next_update": self.clock(occasion.promised),
            "number": occasion.number,
            "stage": STAGES.get(incident.status, "") if incident.status else "",
            "is_over": self.is_over,
            "public_services": list(occasion.public_services),
            "affected": listed(occasion.public_services),
            "began": self.clock(began),
            "stopped": self.clock(stopped),
            "ended": self.clock(ended),
            "lasted": self.lasted(began, stopped),
            "no_data_lost": text_of(incident.properties.get("data_loss")) == "none",
            "public_events": self.public_events(fit),
            "public_news": self.public_events(self.new(fit)),
            "public_timeline": self.public_timeline(fit),
        }

    def lasted(self, began: datetime | None, ended: datetime | None) -> str:
        """Return how long something lasted, or has lasted; nothing where the record does not say."""
        end = ended or (None if self.is_over else self.occasion.now)
        if began is None or end is None or end < began:
            return ""
        seconds = (end - began).total_seconds()
        return spelled_out(seconds) if self.in_message else show_seconds(seconds)

    def public_events(self, fit: Iterable[TimelineEntry]) -> list[dict[str, str]]:
        return [{"at": self.clock(each.at), "text": in_public_words(each, self.words)} for each in fit]

    def public_timeline(self, fit: Iterable[TimelineEntry]) -> list[dict[str, str]]:
        """Return what everybody may know of what happened, its milestones among it, each once and in order of time."""
        incident = self.record.incident
        known: list[tuple[datetime | None, str]] = [(incident.at("started") or incident.at("detected"), STARTED)]
        known += ((each.at, in_public_words(each, self.words)) for each in fit)
        known.append((incident.at("mitigated"), STOPPED))
        if self.is_over:
            known.append((incident.at("resolved"), ENDED))
        ordered = sorted(((at, text) for at, text in known if at), key=lambda each: each[0])
        shown = dict.fromkeys((self.clock(at), text) for at, text in ordered)
        return [{"at": at, "text": text} for at, text in shown]

    def promise(self, key: str) -> str:
        """Return a promised moment; one that cannot be read stays as it was typed."""
        text = text_of(self.record.incident.properties.get(key)) or ""
        try:
            return self.clock(read_moment(text, self.record.zone).at) if text else ""
        except ValueError:
            return text

    def new(self, entries: Iterable[TimelineEntry]) -> list[TimelineEntry]:
        """Return what happened after the last message, or was written down after it."""
        since = self.occasion.since
        if since is None:
            return list(entries)
        return [each for each in entries if (at := each.recorded or each.at) and at > since]

    def text(self, entry: TimelineEntry) -> str:
        return in_words(entry, self.words) if self.in_message else entry.words

    def events(self, entries: Iterable[TimelineEntry]) -> list[dict[str, str]]:
        return [
            {
                "at": self.clock(each.at),
                "kind": each.kind,
                "who": each.actor or "",
                "text": self.text(each),
                "external": "yes" if each.external else "",
            }
            for each in entries
        ]

    def texts(self, entries: Iterable[TimelineEntry]) -> list[dict[str, str]]:
        return [{"at": self.clock(each.at), "text": self.text(each)} for each in entries]

    def suffering(self) -> list[dict[str, str]]:
        return [
            {
                "service": each.service,
                "level": each.level,
                "since": self.clock(each.start),
                "until": self.clock(each.end),
                "lasted": self.lasted(each.start, each.end),
                "share": each.fields.get("share", ""),
                "users": each.fields.get("users", ""),
            }
            for each in intervals(self.record)
        ]


def _prose(record: Record, title: str) -> str:
    return without_remarks("\n".join(record.section(title))).strip()


def _task(task: Task) -> dict[str, str]:
    return {
        "name": task.name or "",
        "text": task.text,
        "owner": task.owner or "",
        "state": BOXES.get(task.box, "open"),
        "due": task.due or "",
    }


def _actions(record: Record) -> Mapping[str, list[dict[str, str]]]:
    tasks = [each.task for each in actions(record)]
    return {
        "actions": [_task(each) for each in tasks],
        "open_actions": [_task(each) for each in tasks if each.is_open],
        "done_actions": [_task(each) for each in tasks if each.box == DONE],
    }


def _requests(record: Record, *, only_open: bool) -> list[dict[str, str]]:
    return [
        {"name": each.name, "text": each.text, "state": each.state, "answer": each.answer}
        for each in requests(record).values()
        if each.is_open or not only_open
    ]


def _checks(record: Record) -> list[dict[str, str]]:
    last = {each.name or f"{each.subject} {each.text}": each for each in every_check(record)}
    return [
        {
            "name": each.name or "",
            "subject": each.subject,
            "text": each.text,
            "result": "passed" if each.passed else "failed",
            "evidence": each.evidence or "",
            "by": each.by or "",
        }
        for each in last.values()
    ]


def _people(record: Record) -> list[dict[str, str]]:
    """Return who took part: the roles that they held at any time, and who wrote a line."""
    found: dict[str, list[str]] = {}
    for role in (*ROLES, "responders"):
        for each in texts_of(record.incident.properties.get(role)):
            found.setdefault(link_target(each).lower(), []).append(role.replace("_", " ").removesuffix("s"))
    for entry in record.of_kind("role", "handoff"):
        fields = entry.fields or {}
        for who in (fields["before"], fields["after"]):
            name = who.lstrip("@").lower()
            if name and who != NOBODY:
                found.setdefault(name, []).append(fields["role"].replace("_", " "))
    for entry in record.entries:
        if entry.actor:
            found.setdefault(entry.actor.lower(), [])
    return [{"who": who, "roles": ", ".join(dict.fromkeys(roles))} for who, roles in found.items()]
