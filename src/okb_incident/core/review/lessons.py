"""Lessons: what the reviews of many incidents say together, with the incidents that say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.metrics.documentation import Month
from okb_incident.core.review import follow_ups
from okb_incident.core.review.learned import learned
from okb_incident.core.review.lesson import fold
from okb_incident.core.settings.policy import ROLES
from okb_incident.core.timeline.task import DONE, GIVEN_UP, STATES
from okb_incident.core.values.properties import link_target, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.core.metrics.documentation import Documentation
    from okb_incident.core.review.learned import LearnedLesson
    from okb_incident.core.review.lesson import LessonNote
    from okb_incident.core.timeline.record import Record

ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(?P<text>\S.*)")
TOOL = re.compile(r"(?P<tool>[^:]*?\S)\s+(?P<how>helped|hindered)\b[:,]?\s*(?P<why>.*)", re.IGNORECASE)

WENT_BADLY = ("Went badly", "Went poorly", "Went wrong")
"""What people call the section."""
LEARNED = ("Lessons", "What we learned")
"""Titles of the section of lessons, the older one first."""
HELPED_OR_HINDERED = "What helped, what hindered, where we were lucky"
HINDERED = re.compile(r"hindered:\s*(?P<text>\S.*)", re.IGNORECASE)

FEWEST_VOICES = 5
"""Of fewer scores no mean is given: it would be somebody's."""
HELD_OFTEN = 2
"""Incidents in which a role was held, from which on it says something that only one person held it."""


class Lesson(NamedTuple):
    """Something that incidents teach, in the same words.

    Attributes:
        text: What.
        incidents: Which incidents, the newest first.
    """

    text: str
    incidents: tuple[str, ...]


class Completion(NamedTuple):
    """How far the follow-ups of one kind are.

    Attributes:
        kind: Which; ``none`` for those without one.
        total: How many there are.
        done: How many are done.
        given_up: How many nobody will do.
        overdue: How many are open after their day.
    """

    kind: str
    total: int
    done: int
    given_up: int
    overdue: int


class ReviewLessons(NamedTuple):
    """A review, as far as it has lessons.

    Attributes:
        incident: The id.
        section: Gives the lines of a section by title.
        scores: Those of its feedback.
        findings: How many things it lacks.
        month: The number of the month in which the incident was declared.
    """

    incident: str
    section: Callable[[str], Sequence[str]]
    scores: tuple[int, ...]
    findings: int
    month: int


class Lessons(NamedTuple):
    """What many incidents say together.

    Attributes:
        lessons: Lessons that are notes, those learned most often first, then what reviews have under What we learned.
        badly: What they have under Went badly.
        training: Follow-ups of the kind training.
        gaps: Follow-ups of the kind tool.
        tools: Which tools helped and hindered, by name: how often each.
        one_person: Roles that only one person has ever held, and who.
        completion: How far the follow-ups are, by kind.
        quality: By month of the incidents: their reviews, and what these lack.
        voices: How many scores the feedback has.
        mean_score: Their mean; None of fewer than five.
        year_ago: Incidents of this day a year ago.
        documentation: What the notes of incidents lack, by month of declaration, as a report shows it; None where only some incidents
            were asked for.
    """

    lessons: tuple[LearnedLesson, ...]
    badly: tuple[Lesson, ...]
    training: tuple[Lesson, ...]
    gaps: tuple[Lesson, ...]
    tools: Mapping[str, tuple[int, int]]
    one_person: Mapping[str, str]
    completion: tuple[Completion, ...]
    quality: tuple[Month, ...]
    voices: int
    mean_score: float | None
    year_ago: tuple[Incident, ...]
    documentation: Documentation | None = None


def gather(
    reviews: Sequence[ReviewLessons],
    records: Sequence[Record],
    incidents: Sequence[Incident],
    today: str,
    notes: Sequence[LessonNote] = (),
) -> Lessons:
    """Bring together what reviews and follow-ups say.

    Args:
        reviews: Those that there are, the newest first.
        records: The incidents with follow-ups.
        incidents: All incidents, for the roles and for a year ago.
        today: The day of the command.
        notes: The lessons that are notes, each with incidents that are among these.
    """
    scores = [score for each in reviews for score in each.scores]
    return Lessons(
        learned(
            notes,
            [(each.incident, text) for each in reviews for title in LEARNED for text in _items(each.section(title))],
            {each.id.text: each.id for each in incidents},
            {record.incident.id.text for record in records if any(task.box == DONE for task in record.follow_ups)},
        ),
        _together((each.incident, text) for each in reviews for text in _badly(each)),
        _of_kind(records, "training"),
        _of_kind(records, "tool"),
        _tools(reviews),
        _one_person(incidents),
        _completion(records, today),
        _quality(reviews),
        len(scores),
        sum(scores) / len(scores) if len(scores) >= FEWEST_VOICES else None,
        tuple(each for each in incidents if each.anchor and each.anchor.date().isoformat() == _year_before(today)),
    )


def _items(lines: Sequence[str]) -> list[str]:
    """Return the items of a list, without remarks and empty ones."""
    return [
        " ".join(found["text"].split())
        for line in lines
        if (found := ITEM.fullmatch(line.rstrip())) and "%%" not in line
    ]


def _badly(review: ReviewLessons) -> list[str]:
    """Return what went badly, by the headings of the older template and by those of today's."""
    older = [text for title in WENT_BADLY for text in _items(review.section(title))]
    items = _items(review.section(HELPED_OR_HINDERED))
    return [*older, *(found["text"] for text in items if (found := HINDERED.fullmatch(text)))]


def _together(texts: Iterable[tuple[str, str]]) -> tuple[Lesson, ...]:
    """Bring together what several say in the same words, whatever their case and punctuation."""
    found: dict[str, tuple[str, list[str]]] = {}
    for incident, text in texts:
        found.setdefault(fold(text), (text, []))[1].append(incident)
    every = [Lesson(text, tuple(dict.fromkeys(incidents))) for text, incidents in found.values()]
    return tuple(sorted(every, key=lambda each: -len(each.incidents)))


def _of_kind(records: Sequence[Record], kind: str) -> tuple[Lesson, ...]:
    return _together(
        (
            f"{record.incident.id} {task.name}" if task.name else record.incident.id.text,
            f"{task.text} ({STATES[task.box]})",
        )
        for record in records
        for task in record.follow_ups
        if task.fields.get("kind", "").lower() == kind
    )


def _tools(reviews: Sequence[ReviewLessons]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for each in reviews:
        for text in _items(each.section("Tools")):
            if match := TOOL.fullmatch(text):
                name = link_target(match["tool"].strip()).lower()
                helped, hindered = found.get(name, (0, 0))
                well = match["how"].lower() == "helped"
                found[name] = helped + well, hindered + (not well)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1][1], pair[0])))


def _one_person(incidents: Sequence[Incident]) -> dict[str, str]:
    """Find the roles that a single person has ever held: who else could, when it is needed?"""
    found = {}
    for role in ROLES:
        held = [link_target(who).lower() for each in incidents for who in texts_of(each.properties.get(role))]
        if len(held) >= HELD_OFTEN and len(set(held)) == 1:
            found[role] = f"{held[0]} ({len(held)} incidents)"
    return found


def _completion(records: Sequence[Record], today: str) -> tuple[Completion, ...]:
    counts: dict[str, list[int]] = {}
    for record in records:
        for task in record.follow_ups:
            kind = task.fields.get("kind", "").lower()
            row = counts.setdefault(kind if kind in follow_ups.KINDS else "none", [0, 0, 0, 0])
            late = task.is_open and task.due is not None and task.due < today
            for place, counted in enumerate((True, task.box == DONE, task.box == GIVEN_UP, late)):
                row[place] += counted
    return tuple(Completion(kind, *counts[kind]) for kind in (*follow_ups.KINDS, "none") if kind in counts)


def _quality(reviews: Sequence[ReviewLessons]) -> tuple[Month, ...]:
    months: dict[int, list[int]] = {}
    for each in reviews:
        months.setdefault(each.month, []).append(each.findings)
    return tuple(Month(number, tuple(sorted(found))) for number, found in sorted(months.items()))


def _year_before(day: str) -> str:
    """Return the same day a year before; of 29 February the 28th."""
    year, rest = int(day[:4]) - 1, day[4:]
    return f"{year:04d}{'-02-28' if rest == '-02-29' else rest}"
