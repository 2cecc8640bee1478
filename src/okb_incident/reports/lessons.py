"""Lessons as Markdown, which reads well on a terminal and in a note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okb_incident.core.review.lesson import link_to
from okb_incident.core.text.terminal_text import one_line
from okb_incident.reports.documentation_object import as_object as as_documentation
from okb_incident.reports.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.core.metrics.documentation import Documentation
    from okb_incident.core.review.learned import LearnedLesson
    from okb_incident.core.review.lessons import Lesson, Lessons


def as_markdown(lessons: Lessons) -> str:
    """Return lessons as sections; an empty one is left out."""
    parts = (
        ("Lessons", _learned(lessons.lessons)),
        ("Went badly, more than once", _lines([each for each in lessons.badly if len(each.incidents) > 1])),
        ("Training needs", [*_lines(lessons.training), *_roles(lessons)]),
        ("Tools", [*_lines(lessons.gaps), *_tools(lessons)]),
        ("Follow-ups", list(_completion(lessons))),
        ("Reviews", list(_quality(lessons))),
        ("Documentation", list(_documentation(lessons.documentation))),
        ("A year ago today", [f"- [[{each.id}]] {each.severity or '–'} {each.headline}" for each in lessons.year_ago]),
    )
    sections = [f"## {title}\n" + "\n".join(map(one_line, lines)) for title, lines in parts if lines]
    return "\n\n".join(sections)


def _learned(lessons: Sequence[LearnedLesson]) -> list[str]:
    return [
        f"- {_shown(each)} ({_times(each)}{_links(each) or 'in no incident yet'}{_since(each)})" for each in lessons
    ]


def _shown(each: LearnedLesson) -> str:
    return link_to(each.note.name, each.text) if each.note else each.text


def _since(each: LearnedLesson) -> str:
    """Return when a lesson that is a note was learned last, and whether anything was done about it."""
    if each.note is None:
        return ""
    last = f"; last on {each.last}" if each.last else ""
    return f"{last}{'' if each.is_acted_on else '; no follow-up is done'}"


def _lines(lessons: Sequence[Lesson]) -> list[str]:
    return [f"- {each.text} ({_times(each)}{_links(each)})" for each in lessons]


def _times(each: Lesson | LearnedLesson) -> str:
    return f"{len(each.incidents)} times: " if len(each.incidents) > 1 else ""


def _links(each: Lesson | LearnedLesson) -> str:
    return ", ".join(
        f"[[{name}]]" if " " not in name else f"[[{name.partition(' ')[0]}]] {name.partition(' ')[2]}"
        for name in each.incidents
    )


def _roles(lessons: Lessons) -> list[str]:
    return [f"- {role.replace('_', ' ')}: only {who} ever held it" for role, who in lessons.one_person.items()]


def _tools(lessons: Lessons) -> list[str]:
    return [f"- {name}: helped {helped}, hindered {hindered}" for name, (helped, hindered) in lessons.tools.items()]


def _completion(lessons: Lessons) -> Iterator[str]:
    if lessons.completion:
        yield "| Kind | All | Done | Cancelled | Overdue |"
        yield "|---|---|---|---|---|"
    for each in lessons.completion:
        yield f"| {each.kind} | {each.total} | {each.done} | {each.given_up} | {each.overdue} |"


def _quality(lessons: Lessons) -> Iterator[str]:
    for month in lessons.quality:
        count, lacks = month.incidents, month.median
        found = f"{lacks:g} finding{'' if lacks == 1 else 's'}"
        yield f"- {month.name}: {count} review{'s' if count > 1 else ''}, {found}{' in the median' if count > 1 else ''}"
    if lessons.voices:
        mean = "too few for a mean" if lessons.mean_score is None else f"mean {lessons.mean_score:.1f} of 5"
        yield f"- feedback: {lessons.voices} voice{'s' if lessons.voices > 1 else ''}, {mean}"


def _documentation(documentation: Documentation | None) -> Iterator[str]:
    """Return the months with findings in properties; `incident report` has them as a table."""
    if documentation is None or not documentation.whole.findings:
        return
    for month in documentation.months:
        if month.findings:
            listed = ", ".join(f"{code} {count}" for code, count in month.kinds.items())
            yield f"- {month.name}: {month.faulty} of {counted(month.incidents, 'incident')} with findings in properties: {listed}"
    for kind in documentation.growing:
        yield f"- {kind.code} grows"


def as_object(lessons: Lessons, vault: str | None = None) -> dict[str, Any]:
    """Return the same as plain data; its commands name the folder that was typed."""
    documentation = lessons.documentation
    return {
        "lessons": [_lesson_object(each) for each in lessons.lessons],
        "went_badly": _objects(lessons.badly),
        "training": _objects(lessons.training),
        "tool_gaps": _objects(lessons.gaps),
        "tools": {name: {"helped": helped, "hindered": hindered} for name, (helped, hindered) in lessons.tools.items()},
        "roles_of_one_person": dict(lessons.one_person),
        "follow_ups": [each._asdict() for each in lessons.completion],
        "reviews": [
            {"month": month.name, "count": month.incidents, "findings_median": month.median}
            for month in lessons.quality
        ],
        "feedback": {"voices": lessons.voices, "mean": lessons.mean_score},
        "documentation": as_documentation(documentation, vault, of="properties") if documentation else None,
        "a_year_ago": [each.id.text for each in lessons.year_ago],
    }


def _lesson_object(each: LearnedLesson) -> dict[str, Any]:
    return {
        "text": each.text,
        "count": len(each.incidents),
        "incidents": list(each.incidents),
        "note": each.note.name if each.note else None,
        "path": each.note.path if each.note else None,
        "last": each.last,
        "follow_up_done": each.is_acted_on,
    }


def _objects(lessons: Sequence[Lesson]) -> list[dict[str, Any]]:
    return [{"text": each.text, "count": len(each.incidents), "incidents": list(each.incidents)} for each in lessons]
