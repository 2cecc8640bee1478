"""Facts: what an incident's record says, as plain data for a template; `variables` has the names and what they mean."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from okb_incident.core.comms.communication import message_name
from okb_incident.core.comms.support_line import last_of_kind, last_to_users, may_say
from okb_incident.core.guidance.phrases import DATA, headline, listed
from okb_incident.core.guidance.public_facts import Told, public_facts
from okb_incident.core.guidance.wording import Clock, all_plain, in_words, name_of
from okb_incident.core.response.actions import actions
from okb_incident.core.response.cost import costs, show_cost, totals
from okb_incident.core.response.expectation import outcome
from okb_incident.core.response.requests import requests
from okb_incident.core.response.service_impact import MERGED, RESOLVED, UNKNOWN, service_impacts
from okb_incident.core.response.verification import every_check
from okb_incident.core.review.evaluation import evaluation
from okb_incident.core.settings.policy import ROLES
from okb_incident.core.text.quoting import without_remarks
from okb_incident.core.timeline.hypotheses import hypotheses
from okb_incident.core.timeline.payload import NOBODY
from okb_incident.core.timeline.status_durations import status_durations
from okb_incident.core.timeline.task import BEGUN, DONE, GIVEN_UP
from okb_incident.core.timeline.tickets import earlier, grown, now_of
from okb_incident.core.values.moment import read_moment
from okb_incident.core.values.properties import MOMENTS, link_target, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from okb_incident.core.guidance.public_facts import Fact, Occasion
    from okb_incident.core.response.service_impact import ImpactPeriod
    from okb_incident.core.timeline.entry import TimelineEntry
    from okb_incident.core.timeline.record import Record
    from okb_incident.core.timeline.task import Task

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
ELSEWHERE = frozenset({"comms", "impact", "hypothesis", "action", "resource", "effort", "cost"})
"""The kinds of timeline entries that a status update tells in lists of their own, or not at all."""
ENDS = {RESOLVED: "end of the incident", MERGED: "merged"}
"""What is said of a period that nobody ended: which moment counts as its end."""
MORE_LINES = ("cause", "trigger", "data_loss", "metric", "baseline", "worst", "unit", "slo", "sla")


def facts(record: Record, occasion: Occasion, *, in_message: bool = False) -> dict[str, Fact]:
    """Return a value for every variable; what is not known is an empty text or list.

    Args:
        record: The incident.
        occasion: For what the facts are asked.
        in_message: Write timeline entries in words and spell durations out, as a message needs it; else write both as notes do.
    """
    incident = record.incident
    told = _ToldInside(record, occasion, in_message=in_message)
    status_for = status_durations(record)[-1].seconds(occasion.now) if incident.is_open else None
    properties = incident.properties
    return {
        **told.public(),
        "id": incident.id.text,
        "link": f"[[{incident.id}]]",
        "title": incident.headline,
        "internal_headline": told.internal_headline(),
        "status_for": "" if status_for is None else told.duration(status_for),
        "severity_meaning": incident.severity.meaning if incident.severity else "",
        **{name: text_of(properties.get(name)) or "" for name in (*LINES, *MORE_LINES)},
        "services": list(incident.services),
        "service_list": listed(occasion.services or incident.services),
        "data_sentence": DATA.get(text_of(properties.get("data_loss")) or "", ""),
        "expected_recovery": told.promise("expected_recovery"),
        "estimate": outcome(record) or "",
        **{role: told.people(role) for role in ROLES},
        "responders": [told.name(each) for each in texts_of(properties.get("responders"))],
        "teams": [link_target(each) for each in texts_of(properties.get("teams"))],
        **{name: told.clock(incident.at(name)) for name in MOMENTS},
        **{title.lower(): _prose(record, title) for title in ("Summary", "Impact", "Resolution")},
        "timeline": told.events(record.entries),
        "news": told.events(told.new(record.entries)),
        "highlights": told.events(filter(_is_highlight, told.new(record.entries))),
        "since": told.clock(occasion.since),
        "suffering": told.suffering(),
        "costs": told.costs(),
        "cost_totals": [show_cost(each) for each in totals(costs(record))],
        "hypotheses": [each._asdict() for each in hypotheses(record)],
        "decisions": told.texts(record.of_kind("decision")),
        "changes": told.texts(record.of_kind("change")),
        **told.actions(),
        "follow_ups": [{**told.task(each), "kind": each.fields.get("kind", "")} for each in record.follow_ups],
        "tickets": told.tickets(),
        "support_may_say": told.support_may_say(),
        "recipients": listed([told.name(each) for each in occasion.recipients]),
        "requests": told.requests(only_open=False),
        "needs": told.requests(only_open=True),
        "resource_request": told.resource_request(),
        "checks": [{**each, "by": told.name(each["by"])} for each in _checks(record)],
        "facts": [{"name": name, "value": value} for name, value in evaluation(record, occasion.now)],
        "people": _people(record),
    }


def message_facts(record: Record, occasion: Occasion, *, outside: bool) -> dict[str, Fact]:
    """Return the facts for a message: in words that mean something outside of the vault; what was typed for it stays as it is."""
    found = public_facts(record, occasion) if outside else facts(record, occasion, in_message=True)
    plain = all_plain(found, Clock(record.zone, occasion.zone_name, occasion.now), occasion.names)
    assert isinstance(plain, dict), "it is what it was"
    return {**plain, "heading": occasion.heading, "message": occasion.message}


class _ToldInside(Told):
    """The record, as this occasion tells it to colleagues."""

    def internal_headline(self) -> str:
        """Return the headline for colleagues: the state, the title, and the severity if it is set."""
        incident = self.record.incident
        severity = incident.severity.label if incident.severity and incident.severity.rank else ""
        return headline(self.state(), f"{incident.title}{f' ({severity})' if severity else ''}")

    def name(self, person: str) -> str:
        return name_of(link_target(person), self.occasion.names)

    def people(self, role: str) -> str:
        found = [self.name(each) for each in texts_of(self.record.incident.properties.get(role))]
        return listed(found) if self.in_message else ", ".join(found)

    def task(self, task: Task) -> dict[str, str]:
        return {
            "name": task.name or "",
            "text": task.text,
            "owner": self.name(task.owner or ""),
            "state": BOXES.get(task.box, "open"),
            "due": self.due(task.due or ""),
        }

    def due(self, day: str) -> str:
        """Return a day by which something is done; one that does not exist stays as it was typed."""
        try:
            return (self.words.day(date.fromisoformat(day)) or "today") if day else ""
        except ValueError:
            return day

    def actions(self) -> Mapping[str, list[dict[str, str]]]:
        tasks = [each.task for each in actions(self.record)]
        return {
            "actions": [self.task(each) for each in tasks],
            "open_actions": [self.task(each) for each in tasks if each.is_open],
            "done_actions": [self.task(each) for each in tasks if each.box == DONE],
        }

    def promise(self, key: str) -> str:
        """Return a promised moment; one that cannot be read stays as it was typed."""
        text = text_of(self.record.incident.properties.get(key)) or ""
        try:
            return self.clock(read_moment(text, self.record.zone).at) if text else ""
        except ValueError:
            return text

    def text(self, entry: TimelineEntry) -> str:
        return in_words(entry, self.words, self.occasion.names) if self.in_message else entry.words

    def events(self, entries: Iterable[TimelineEntry]) -> list[dict[str, str]]:
        return [
            {
                "at": self.clock(each.at),
                "kind": each.kind,
                "who": self.name(each.actor or ""),
                "text": self.text(each),
                "external": "yes" if each.external else "",
            }
            for each in entries
        ]

    def texts(self, entries: Iterable[TimelineEntry]) -> list[dict[str, str]]:
        return [{"at": self.clock(each.at), "text": self.text(each)} for each in entries]

    def tickets(self) -> str:
        """Return how many support tickets there are, and how the count grew; empty where nobody counted."""
        now = now_of(self.record)
        counts = [(each.number, self.clock(each.at)) for each in earlier(self.record)]
        return "" if now is None else grown(counts, now)

    def support_may_say(self) -> str:
        """Return what went out to users last, or that nothing did; empty where nothing did and no support team is at work."""
        last = last_to_users(self.record)
        if last is None:
            at_work = self.tickets() or self.people("support_liaison")
            return may_say(self.record, "", self.occasion.now) if at_work else ""
        said = self.occasion.users_headline or last.name
        promised = f", next update by {self.clock(last.promised)}" if last.promised else ""
        corrected = f"; corrected: {last.correction}" if last.correction else ""
        return f"{said} ({last.name}, sent at {self.clock(last.at)}{promised}){corrected}"

    def requests(self, *, only_open: bool) -> list[dict[str, str]]:
        return [
            {
                "name": each.name,
                "text": each.text,
                "state": each.state,
                "answer": each.answer,
                "asked": self.clock(each.asked),
                "asked_by": self.name(each.asked_by or ""),
                "answered": self.clock(each.answered),
                "answered_by": self.name(each.answered_by or ""),
            }
            for each in requests(self.record).values()
            if each.is_open or not only_open
        ]

    def resource_request(self) -> str:
        """Return the last message that asked the management for something, by its name and time; empty where none did."""
        last = last_of_kind(self.record, "management", "resource-request")
        return f"{message_name(last.note)} of {self.clock(last.at)}" if last else ""

    def suffering(self) -> list[dict[str, str]]:
        """Return each period of each service, and with its last one how long the service was impaired in all."""
        found = []
        for impact in service_impacts(self.record):
            for each in impact.periods:
                told = self.period(each)
                last = each is impact.periods[-1] and len(impact.periods) > 1
                total = sum(impact.seconds(self.occasion.now).values()) if last else 0
                found.append({"service": impact.service, **told, "total": self.duration(total) if total else ""})
        return found

    def period(self, period: ImpactPeriod) -> dict[str, str]:
        """Return one period of a service, and the words for it."""
        seconds = period.seconds(self.occasion.now)
        share, users = period.fields.get("share", ""), period.fields.get("users", "")
        level, span = period.level.replace("-", " "), self.span(period)
        lasted = self.duration(seconds) if seconds else ""
        planned = "planned" if period.planned else ""
        words = (
            f"{level} for {lasted}, {span}" if lasted else f"{level} {span}",
            share,
            users and f"{users} users",
            planned,
        )
        return {
            "level": period.level,
            "since": self.clock(period.start),
            "until": self.clock(period.end),
            "span": span,
            "lasted": lasted,
            "share": share,
            "users": users,
            "planned": planned,
            "end": ENDS.get(period.ended, period.ended),
            "text": ", ".join(filter(None, words)),
        }

    def span(self, period: ImpactPeriod) -> str:
        """Return when a period was; one whose end nobody recorded says which moment was taken for it."""
        if period.ended == UNKNOWN:
            return f"from {self.clock(period.start)} on"
        span = self.words.span(period.start, period.end)
        return f"{span} ({ENDS[period.ended]})" if period.ended in ENDS else span

    def costs(self) -> list[dict[str, str]]:
        return [
            {
                "what": each.category,
                "amount": show_cost(each),
                "text": each.text,
                "source": each.source,
                "who": self.name(each.by),
            }
            for each in costs(self.record)
        ]


def _is_highlight(entry: TimelineEntry) -> bool:
    """Return whether an entry tells something that neither the headline nor a list of its own does."""
    if entry.kind == "status":
        return "reason" in (entry.fields or {"reason": ""})
    return entry.kind not in ELSEWHERE


def _prose(record: Record, title: str) -> str:
    return without_remarks("\n".join(record.section(title))).strip()


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
