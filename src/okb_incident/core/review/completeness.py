"""What a good review holds, as questions with an answer that can be looked up, and what a review lacks of it.

A review looks for what made the incident possible, never for who is to blame. The questions follow what public guides ask of a
review, in our own words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command
from okb_incident.core.comms.questions import open_questions
from okb_incident.core.comms.updates import last_told
from okb_incident.core.review import follow_ups
from okb_incident.core.review.computed import without_computed
from okb_incident.core.review.headings import ABOUT, NEEDED, OPTIONAL, SUMMARY, is_called, plain_title
from okb_incident.core.text.quoting import without_remarks
from okb_incident.core.values.properties import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from okb_incident.core.timeline.record import Record

BLAME = re.compile(
    r"\b(?:blam\w+|careless\w*|stupid\w*|incompetent\w*|negligen\w+|sloppy|lazy|idiot\w*|human error|operator error"
    r"|(?:is|was|were) (?:at fault|to blame|guilty)|fault of|should have known(?: better)?|screwed up|messed up)\b",
    re.IGNORECASE,
)
"""Words that blame a person."""

FEWEST_WHYS = 3

EMBED = re.compile(r"^!\[\[[^\]\n]*\]\][ \t]*\n?", re.MULTILINE)
SUBHEADING = re.compile(r"^#{3,6}[ \t]+(?P<title>[^\n]*?)[ \t#]*$", re.MULTILINE)
UNSAID = re.compile(r"[\s>]*(?:\d+[.)]\s*(?:why\?*)?|[-*+]\s+[\w ]+:)\s*", re.IGNORECASE)
"""An item that is only a number or a label, as the template has it."""
WHY = re.compile(r"^[\s>]*(?:[-*+]|\d+[.)])\s*(?:why\?*)?", re.IGNORECASE)


class Question(NamedTuple):
    """A question that a review is checked against.

    Attributes:
        name: Its name, in one word.
        text: The question.
    """

    name: str
    text: str


QUESTIONS = (
    Question("data", "Is what happened known: every time, the trigger, the cause and the evidence?"),
    Question("impact", "Is the impact known: who, how many, how long, and at what cost?"),
    Question(
        "depth", "Does it go from the trigger to the conditions that made it possible, and to why they were a surprise?"
    ),
    Question("plan", "Does each follow-up have a kind, an owner and a due date?"),
    Question("words", "Is it complete, and does it name conditions instead of blaming people?"),
    Question(
        "people", "Does it have an owner and a reviewer, and was every audience informed that the incident is over?"
    ),
)


class ReviewFinding(NamedTuple):
    """Something that a review lacks.

    Attributes:
        question: The name of the question that it leaves open.
        message: What is missing, as a clause.
        line: The line of the review's note, where there is one.
        command: The command that adds it, where one does; it asks for what only a person knows.
    """

    question: str
    message: str
    line: int | None = None
    command: Command | None = None


class ReviewSection(NamedTuple):
    """A section of the review's note.

    Attributes:
        title: Its title.
        text: The text below its heading.
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
        name = plain_title(section.title)
        if name not in OPTIONAL and (lack := _lack(section.text)):
            yield ReviewFinding(ABOUT.get(name, "words"), f"{section.title} is {lack}", section.line)
        else:
            yield from _of_whys(section)
    for first, *others in NEEDED:
        if not any(is_called(section.title, (first, *others)) for section in sections):
            yield ReviewFinding(ABOUT[plain_title(first)], f"there is no section {first}")


def _lack(text: str) -> str:
    """Return what a section lacks as the end of "it is …"; what is embedded or computed is enough where nothing is asked."""
    rest, is_computed = without_computed(text)
    own = EMBED.sub("", rest)
    is_shown = is_computed or own != rest
    is_asked = without_remarks(rest) != rest
    if _said(own) or (is_shown and not is_asked):
        return ""
    return "not answered" if is_shown else "empty"


def _of_whys(section: ReviewSection) -> Iterator[ReviewFinding]:
    """Hold a chain of whys, in its own section or below a heading in another, against how far it goes."""
    first, *others = re.split(SUBHEADING, section.text)
    for title, text in ((section.title, first), *zip(others[::2], others[1::2], strict=True)):
        if plain_title(title) != "five whys":
            continue
        whys = sum(bool(WHY.sub("", line).strip()) for line in _said(text).splitlines())
        if whys < FEWEST_WHYS:
            yield ReviewFinding(
                "depth",
                f"{title} stops after {whys}; at least {FEWEST_WHYS} lead to something that can be changed",
                section.line,
            )


def _said(text: str) -> str:
    """Return what a person wrote: without remarks and headings, and without list signs and labels that nothing follows."""
    lines = SUBHEADING.sub("", without_remarks(text)).splitlines()
    return "\n".join(line for line in lines if line.strip(" \t>|-*+:") and not UNSAID.fullmatch(line))


def _of_words(sections: Sequence[ReviewSection]) -> Iterator[ReviewFinding]:
    for section in sections:
        yield from _unanswered(section)
        for number, line in enumerate(section.text.splitlines(), section.line + 1):
            if line.lstrip().startswith("%%"):
                continue
            for found in BLAME.finditer(line):
                yield ReviewFinding(
                    "words", f"{found[0]!r} in {section.title} blames a person; name what made it possible", number
                )


def _unanswered(section: ReviewSection) -> Iterator[ReviewFinding]:
    for question in open_questions(section.text, section.line + 1):
        where = f" in {section.title}" if question.is_asked else ""
        yield ReviewFinding("words", f"{question.clause(section.title)}{where}", question.line)


def without_summary(sections: Sequence[ReviewSection]) -> list[str]:
    """Return that the summary of a review is empty, as a clause; nothing where it has one, or has no such section."""
    return [f"{each.title} is empty" for each in sections if is_called(each.title, SUMMARY) and _lack(each.text)]


def unanswered(sections: Sequence[ReviewSection]) -> list[str]:
    """Return what the writers of a review have not answered yet, each as a clause; it is not submitted before."""
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
            yield ReviewFinding("data", f"the incident has no time for {name}", None, command)
    if not text_of(incident.properties.get("users_affected")):
        command = Command("set", "users_affected", incident=incident.id)
        yield ReviewFinding("impact", "the number of affected users is not recorded", None, command)


def _of_plan(record: Record) -> Iterator[ReviewFinding]:
    tasks = record.follow_ups
    which = record.incident.id
    if not tasks:
        command = Command("follow-up add", incident=which)
        yield ReviewFinding(
            "plan", "there are no follow-ups; add one, or explain in the review why none is needed", None, command
        )
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
            command = Command("tell", audience, incident=incident.id)
            yield ReviewFinding("people", f"{audience} were not informed that the incident is over", None, command)


def needs_plan(record: Record) -> list[str]:
    """Return the follow-ups that lack what a finished review asks for, each with what it lacks."""
    return [
        f"{task.name or task.text}: no {', no '.join(lacks)}"
        for task in record.follow_ups
        if task.is_open and (lacks := follow_ups.missing(task))
    ]
