"""The review of an incident: its states, and what a good one holds, as questions with an answer that can be looked up.

It looks for what made the incident possible, never for who is to blame. The questions follow what public guides ask of a review,
in our own words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.comms.communication import OUTSIDE
from okb_incident.core.comms.questions import open_questions
from okb_incident.core.comms.updates import last_told
from okb_incident.core.incident.change import Change, LogLine
from okb_incident.core.review import follow_ups
from okb_incident.core.text.quoting import without_remarks
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.values.properties import text_of
from okb_incident.core.values.status import Status
from okb_incident.errors import TransitionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from okb_incident.core.timeline.record import Record

DRAFT, IN_REVIEW, REVIEWED, CLOSED = "draft", "in-review", "reviewed", "closed"
STATES = (DRAFT, IN_REVIEW, REVIEWED, CLOSED)

PROPERTIES = (
    "type",
    "incident",
    "state",
    "author",
    "owner",
    "reviewer",
    "due",
    "completed",
    "visibility",
    "aliases",
    "created",
)
"""The properties of a review's note, in their order."""

OPTIONAL = ("feedback", "tools")
"""Sections that may stay empty."""

NEEDED = {
    "summary": ("in short", "overview", "what happened", "tl;dr"),
    "contributing factors": ("factors", "causes", "root causes"),
}
"""Sections that no review can do without, with what else they are called."""

BLAME = re.compile(
    r"\b(?:blam\w+|careless\w*|stupid\w*|incompetent\w*|negligen\w+|sloppy|lazy|idiot\w*|human error|operator error"
    r"|(?:is|was|were) (?:at fault|to blame|guilty)|fault of|should have known(?: better)?|screwed up|messed up)\b",
    re.IGNORECASE,
)
"""Words that look for somebody instead of something."""

FEWEST_WHYS = 3

NOT_FOR_REVIEW = re.compile(r"^!\[\[[^\]\n]*\]\][ \t]*$", re.MULTILINE)


class Question(NamedTuple):
    """What a review is held against.

    Attributes:
        name: A word for it.
        text: The question.
    """

    name: str
    text: str


QUESTIONS = (
    Question("data", "Is what happened known: every time, the trigger, the cause, and what shows it?"),
    Question("impact", "Is the impact known: who, how many, how long, and what it cost?"),
    Question("depth", "Does it go deep enough: from the trigger to what made it possible, and why that surprised us?"),
    Question("plan", "Will the follow-ups change something: each with a kind, an owner and a day?"),
    Question("words", "Is it finished, and does it speak of conditions rather than of culprits?"),
    Question("people", "Does it have an owner and another reader, and did everyone who got a message hear the end?"),
)

ABOUT = {
    "in short": "data",
    "the story as it looked from inside": "data",
    "impact and how we know": "impact",
    "how it was noticed and how it ended": "data",
    "what surprised us": "depth",
    "what helped, what hindered, where we were lucky": "depth",
    "what we learned": "plan",
    "what we change and what we decided not to": "plan",
    "summary": "data",
    "lead-up": "data",
    "detection": "data",
    "response": "data",
    "recovery": "data",
    "verification": "data",
    "trigger and cause": "data",
    "impact": "impact",
    "contributing factors": "depth",
    "five whys": "depth",
    "why were we surprised": "depth",
    "went well": "depth",
    "went badly": "depth",
    "got lucky": "depth",
    "follow-ups": "plan",
    "lessons": "plan",
}
"""Which question an empty section leaves open; titles of the older template after "summary" still count."""


class ReviewFinding(NamedTuple):
    """Something that a review lacks.

    Attributes:
        question: The name of the question that it leaves open.
        message: What it is, as a clause.
        line: The line of the review's note, where there is one.
        command: What repairs it, where a command does; it asks for what only a person can say.
    """

    question: str
    message: str
    line: int | None = None
    command: Command | None = None


class ReviewSection(NamedTuple):
    """A section of the review's note.

    Attributes:
        title: Its title.
        text: What is in it.
        line: Its line, counted from 1.
    """

    title: str
    text: str
    line: int


def findings(
    record: Record, sections: Sequence[ReviewSection], properties: Mapping[str, object]
) -> list[ReviewFinding]:
    """Check a review against the questions.

    Args:
        record: The incident.
        sections: The sections of the review's note.
        properties: Those of the review's note.
    """
    return [
        *_of_sections(sections),
        *_of_words(sections),
        *_of_record(record),
        *_of_plan(record),
        *_of_people(record, properties),
    ]


def _of_sections(sections: Sequence[ReviewSection]) -> Iterator[ReviewFinding]:
    for section in sections:
        name = section.title.strip(" ?:").lower()
        said = _said(section.text)
        if not said and name not in OPTIONAL and not NOT_FOR_REVIEW.search(section.text):
            yield ReviewFinding(ABOUT.get(name, "words"), f"{section.title} is empty", section.line)
        elif name == "five whys":
            whys = sum(
                bool(re.sub(r"^[\s>]*(?:[-*+]|\d+[.)])\s*(?:why\?*)?", "", line, flags=re.IGNORECASE).strip())
                for line in said.splitlines()
            )
            if whys < FEWEST_WHYS:
                yield ReviewFinding(
                    "depth",
                    f"{section.title} stops after {whys}; at least {FEWEST_WHYS} lead to something that can be changed",
                    section.line,
                )
    known = {section.title.strip(" ?:").lower() for section in sections}
    for needed, others in NEEDED.items():
        if known.isdisjoint({needed, *others}):
            yield ReviewFinding(ABOUT[needed], f"there is no section {needed.capitalize()}")


def _said(text: str) -> str:
    """Return what a person wrote: without remarks, and without list signs that nothing follows."""
    lines = without_remarks(text).splitlines()
    return "\n".join(
        line
        for line in lines
        if line.strip(" \t>|-*+:") and not re.fullmatch(r"[\s>]*\d+[.)]\s*(?:why\?*)?\s*", line, re.IGNORECASE)
    )


def _of_words(sections: Sequence[ReviewSection]) -> Iterator[ReviewFinding]:
    for section in sections:
        yield from _unanswered(section)
        for number, line in enumerate(section.text.splitlines(), section.line + 1):
            if line.lstrip().startswith("%%"):
                continue
            for found in BLAME.finditer(line):
                yield ReviewFinding(
                    "words", f"{found[0]!r} in {section.title} blames a person; write what made it possible", number
                )


def _unanswered(section: ReviewSection) -> Iterator[ReviewFinding]:
    for question in open_questions(section.text, section.line + 1):
        where = f" in {section.title}" if question.is_asked else ""
        yield ReviewFinding("words", f"{question.clause(section.title)}{where}", question.line)


def unanswered(sections: Sequence[ReviewSection]) -> list[str]:
    """Return what somebody still has to write in a review, each as a clause; nobody else is asked to read it before."""
    return [finding.message for section in sections for finding in _unanswered(section)]


def _of_record(record: Record) -> Iterator[ReviewFinding]:
    incident = record.incident
    for key in ("cause", "trigger"):
        if not text_of(incident.properties.get(key)):
            command = Command("set", key, incident=incident.id)
            yield ReviewFinding("data", f"the incident has no {key}", None, command)
    for name in ("started", "detected", "mitigated"):
        if incident.at(name) is None:
            command = Command("set", name, incident=incident.id)
            yield ReviewFinding("data", f"the incident does not say when it was {name}", None, command)
    if not text_of(incident.properties.get("users_affected")):
        command = Command("set", "users_affected", incident=incident.id)
        yield ReviewFinding("impact", "how many users it touched is not said", None, command)


def _of_plan(record: Record) -> Iterator[ReviewFinding]:
    tasks = record.follow_ups
    which = record.incident.id
    if not tasks:
        command = Command("follow-up add", incident=which)
        yield ReviewFinding("plan", "it has no follow-up; add one, or write why not in Lessons", None, command)
    for task in tasks:
        lacks = follow_ups.missing(task) if task.is_open else []
        if lacks:
            first = f"--{lacks[0].removesuffix(' day')}"
            named = (task.name,) if task.name else ()
            command = Command("follow-up set", *named, options=(first,), incident=which)
            yield ReviewFinding("plan", f"{task.name or task.text} has no {', no '.join(lacks)}", None, command)


def _of_people(record: Record, properties: Mapping[str, object]) -> Iterator[ReviewFinding]:
    incident = record.incident
    for key in ("owner", "reviewer", "due"):
        if not text_of(properties.get(key)):
            command = Command("review set", options=(f"--{key}",), incident=incident.id)
            yield ReviewFinding("people", f"the review has no {key}", None, command)
    resolved = incident.at("resolved")
    for audience, told in last_told(record).items():
        if resolved and told.at < resolved:
            where = "outside" if audience in OUTSIDE else "inside"
            command = Command("tell", audience, incident=incident.id)
            yield ReviewFinding(
                "people", f"{audience}, {where} the organization, got no message that it is over", None, command
            )


def needs_plan(record: Record) -> list[str]:
    """Return the follow-ups that lack what a finished review asks for, each with what it lacks."""
    return [
        f"{task.name or task.text}: no {', no '.join(lacks)}"
        for task in record.follow_ups
        if task.is_open and (lacks := follow_ups.missing(task))
    ]


def refuse_open(record: Record) -> None:
    """Refuse to review what is not over.

    Raises:
        TransitionError: It is open, or was set aside.
    """
    incident = record.incident
    if incident.status in {Status.RESOLVED, Status.CLOSED}:
        return
    aside = incident.status is not None and incident.status.is_aside
    raise TransitionError(
        f"{incident.id} is {incident.status or 'open'}; {'it left the process, and' if aside else 'it'} cannot be reviewed"
        f"{'' if aside else ' before it is over'}",
        field="status",
        value=str(incident.status),
        hint=Command("show" if aside else "resolve", incident=incident.id),
    )


def moved(record: Record, state: str, note: str, at: datetime, text: str = "") -> Change:
    """Record in the timeline how far the review is."""
    shown = f"[[{note}|review]]"
    payload = KINDS["review"].write({"state": state, "text": f"{shown}{', ' + text if text else ''}"}, record.zone)
    return Change(lines=(LogLine("review", payload, at),), said=f"review {state}")


def state_of(record: Record) -> str | None:
    """Return how far the review is, by the timeline, since the incident was reopened last; None before the first line."""
    state: str | None = None
    for entry in record.of_kind("review", "reopen"):
        state = None if entry.kind == "reopen" else (entry.fields or {}).get("state") or state
    return state
