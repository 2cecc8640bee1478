"""Public facts: what an incident's record says that customers and partners may know, as plain data for a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.guidance.phrases import (
    MAINTENANCE,
    NO_PROBLEM,
    apology,
    headline,
    listed,
    prevention,
    public_subject,
    sentence,
    spelled_out,
    state_of,
)
from okb_incident.core.guidance.variables import OUTSIDE_NAMES
from okb_incident.core.guidance.wording import ENDED, NO_NAMES, STAGES, STARTED, STOPPED, Clock, in_public_words
from okb_incident.core.response.service_impact import service_impacts
from okb_incident.core.timeline.impact_lines import service_key
from okb_incident.core.values.moment import read_moment, show_seconds, write_moment
from okb_incident.core.values.properties import text_of
from okb_incident.core.values.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from okb_incident.core.response.service_impact import ServiceImpact
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.record import Record

PUBLIC_LEVELS = {"down": "unavailable", "degraded": "degraded"}
"""What the levels of a service mean to everybody, the worst first; nobody notices a service that is only at risk."""

Fact = str | int | bool | list[dict[str, str]] | list[str]


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
        services: All services as colleagues know them: by what everybody calls them, else by their own names.
        names: The names of people by what they are called in small letters.
        public_names: What everybody calls a service, by its own name in small letters; a service without such a name is not told of.
        recipients: The handles of the people to whom it goes, where they are known.
        users_headline: The headline of the last message to users.
    """

    now: datetime
    zone_name: str
    heading: str = ""
    message: str = ""
    number: int = 1
    since: datetime | None = None
    promised: datetime | None = None
    public_services: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    names: Mapping[str, str] = NO_NAMES
    public_names: Mapping[str, str] = NO_NAMES
    recipients: tuple[str, ...] = ()
    users_headline: str = ""


def public_facts(record: Record, occasion: Occasion) -> dict[str, Fact]:
    """Return only what customers and partners may know: moments, the state, and what is marked as fit for them."""
    found = Told(record, occasion, in_message=True).public()
    assert found.keys() == OUTSIDE_NAMES, "the table of variables says what gets out"
    return found


class Told:
    """The record, as this occasion tells it."""

    def __init__(self, record: Record, occasion: Occasion, *, in_message: bool = False) -> None:
        self.record = record
        self.occasion = occasion
        self.in_message = in_message
        self.words = Clock(record.zone, occasion.zone_name, occasion.now if in_message else None)
        self.clock = self.words.show
        self.nature = record.incident.nature
        self.is_over = record.incident.status in {Status.RESOLVED, Status.CLOSED}

    def public(self) -> dict[str, Fact]:
        """Return the value of every name that templates for customers and partners know."""
        incident, occasion = self.record.incident, self.occasion
        today = write_moment(occasion.now, self.record.zone)
        began = incident.at("started") or incident.at("detected")
        ended = incident.at("resolved") if self.is_over else None
        stopped = incident.at("mitigated") or ended
        fit = [entry for entry in self.record.entries if entry.external and entry.at]
        return {
            "heading": occasion.heading,
            "headline": headline(self.state(), self.public_subject()),
            "message": occasion.message,
            "now": self.clock(occasion.now),
            "date": today[:10],
            "time": today[11:16],
            "zone": occasion.zone_name,
            "next_update": self.clock(occasion.promised),
            "number": occasion.number,
            "stage": STAGES.get(incident.status, "") if incident.status else "",
            "is_over": self.is_over,
            "is_problem": self.nature not in NO_PROBLEM,
            "is_maintenance": self.nature == MAINTENANCE,
            "planned": self.window(),
            "public_services": list(occasion.public_services),
            "affected": listed(occasion.public_services),
            "public_impact": self.public_impact(),
            "began": self.clock(began),
            "stopped": self.clock(stopped),
            "ended": self.clock(ended),
            "lasted": self.lasted(began, stopped),
            "span": self.words.span(began, stopped),
            "apology": apology(self.nature, service_impacts(self.record)),
            "prevention": self.prevention(),
            "no_data_lost": text_of(incident.properties.get("data_loss")) == "none",
            "public_events": self.public_events(fit),
            "public_news": self.public_events(self.new(fit)),
            "public_timeline": self.public_timeline(fit),
        }

    def public_impact(self) -> list[dict[str, str]]:
        """Return what everybody may know of each service: the worst level now, or since when it works again."""
        found: dict[str, list[ServiceImpact]] = {}
        for impact in service_impacts(self.record):
            name = self.occasion.public_names.get(service_key(impact.service))
            if name:
                found.setdefault(name, []).append(impact)
        told = ((name, self.public_level(impacts)) for name, impacts in found.items())
        return [{"service": name, "text": text} for name, text in told if text]

    def public_level(self, impacts: Sequence[ServiceImpact]) -> str:
        """Return the level of a service that customers know under one name; what is planned or at risk is not told."""
        now = self.occasion.now
        current = [(each, period) for each in impacts if (period := each.current(now)) and not period.planned]
        for level, words in PUBLIC_LEVELS.items():
            begun = [since for each, period in current if period.level == level and (since := each.since(now))]
            if begun:
                return f"{words} since {self.clock(min(begun))}"
        noticed = [each for each in impacts if any(level in each.seconds(now) for level in PUBLIC_LEVELS)]
        known = [end for each in noticed if (end := each.restored(now))]
        return f"working again since {self.clock(max(known))}" if known and len(known) == len(noticed) else ""

    def state(self) -> str:
        """Return the state with which a headline begins."""
        return state_of(self.record.incident, self.occasion.now, self.planned("planned_from"))

    def public_subject(self) -> str:
        """Return what the public headline is about."""
        title = text_of(self.record.incident.properties.get("public_title")) or ""
        return public_subject(self.nature, title, self.occasion.public_services)

    def planned(self, key: str) -> datetime | None:
        """Return a planned moment; None where it cannot be read."""
        text = text_of(self.record.incident.properties.get(key)) or ""
        try:
            return read_moment(text, self.record.zone).at if text else None
        except ValueError:
            return None

    def window(self) -> str:
        """Return the planned window of a maintenance."""
        start, end = self.planned("planned_from"), self.planned("planned_to")
        return f"from {self.clock(start)}" if start and end is None else self.words.span(start, end)

    def prevention(self) -> str:
        """Return what is agreed to change, of which customers may know, as a sentence."""
        if self.nature in NO_PROBLEM:
            return ""
        return prevention([each.text for each in self.record.follow_ups if each.is_open and each.is_external])

    def duration(self, seconds: float) -> str:
        """Return a duration, spelled out in a message."""
        return spelled_out(seconds) if self.in_message else show_seconds(seconds)

    def lasted(self, began: datetime | None, ended: datetime | None) -> str:
        """Return how long something lasted, or has lasted; nothing where the record does not say."""
        end = ended or (None if self.is_over else self.occasion.now)
        if began is None or end is None or end < began:
            return ""
        return self.duration((end - began).total_seconds())

    def public_events(self, fit: Iterable[TimelineEntry]) -> list[dict[str, str]]:
        """Return entries that are fit for everybody, each with its time."""
        return [{"at": self.clock(each.at), "text": self.public_text(each)} for each in fit]

    def public_text(self, entry: TimelineEntry) -> str:
        """Return an entry that is fit for everybody as a sentence."""
        return sentence(in_public_words(entry, self.words, self.occasion.public_names))

    def public_timeline(self, fit: Iterable[TimelineEntry]) -> list[dict[str, str]]:
        """Return what everybody may know of what happened, with the milestones, each once and in order of time."""
        incident = self.record.incident
        known: list[tuple[datetime | None, str]] = [(incident.at("started") or incident.at("detected"), STARTED)]
        known += ((each.at, self.public_text(each)) for each in fit)
        known.append((incident.at("mitigated"), STOPPED))
        if self.is_over:
            known.append((incident.at("resolved"), ENDED))
        ordered = sorted(((at, text) for at, text in known if at), key=lambda each: each[0])
        shown = dict.fromkeys((self.clock(at), text) for at, text in ordered)
        return [{"at": at, "text": text} for at, text in shown]

    def new(self, entries: Iterable[TimelineEntry]) -> list[TimelineEntry]:
        """Return what happened after the last message, or was written down after it."""
        since = self.occasion.since
        if since is None:
            return list(entries)
        return [each for each in entries if (at := each.recorded or each.at) and at > since]
